"""How a vote, a quorum and a fund stand: bars with their threshold in words, the seal of the outcome, seats by party, money."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from markupsafe import Markup

from models.vocabulary import Party
from pages.kit.html import m
from pages.kit.marks import bar, party_chip, per_cent, seats
from pages.kit.words import joined, lang, listed, number, share, t
from services.i18n import ratio, rounded, yuan


@dataclass(frozen=True)
class Threshold:
    """A share that is needed: `at_least` reaches it (≥), else it must be passed (>)."""

    share: Fraction
    at_least: bool

    def met(self, value: Fraction) -> bool:
        return value >= self.share if self.at_least else value > self.share


def threshold_words(need: Threshold) -> str:
    """ "至少四分之三" for ≥, "过半" or "超过三分之二" for >: the words follow the rule."""
    if not need.at_least and need.share == Fraction(1, 2):
        return t("more than half")
    name = ratio(need.share)
    said = t(name) if name else share(need.share)
    return t("at least {share}", share=said) if need.at_least else t("more than {share}", share=said)


def telling_share(value: Fraction, need: Threshold | None) -> str:
    """The share with as many digits as it takes not to look like the threshold it misses or just passes."""
    digits = 1
    if need is not None and value != need.share:
        while digits < 6 and rounded(value * 100, digits) == rounded(need.share * 100, digits):
            digits += 1
    return share(value, digits)


@dataclass(frozen=True)
class ResultBar:
    """One condition: what is counted, how much of which base, and the share it needs."""

    label: str
    part: Fraction | Decimal | int
    base: Fraction | Decimal | int
    unit: str = ""
    need: Threshold | None = None

    @property
    def share(self) -> Fraction:
        return Fraction(self.part) / Fraction(self.base) if self.base else Fraction(0)


def result_bar(row: ResultBar) -> Markup:
    """Label, figure and base, per cent; the bar with the threshold across it; pine when met, hatched slate when missed."""
    met = row.need is None or row.need.met(row.share)
    words = threshold_words(row.need) if row.need else ""
    percent = telling_share(row.share, row.need)
    counted = f"{number(row.part)} / {number(row.base)}{' ' + row.unit if row.unit else ''}"
    said = joined(f"{row.label} {counted}", percent)
    if row.need:
        said = t(
            "{figures}; needed: {threshold}; {verdict}", figures=said, threshold=words, verdict=t("reached") if met else t("not reached")
        )
    tick = Markup("")
    if row.need:
        edge = "e" if row.need.share > Fraction(7, 8) else "s" if row.need.share < Fraction(1, 8) else ""
        tick = m(
            '<u class="{edge}" style="left:{at}%;--at:{at}" data-t="{words}"></u>',
            edge=edge,
            at=per_cent(row.need.share.numerator, row.need.share.denominator),
            words=words,
        )
    return m(
        '<div class="rr1{bare}"><div class="l"><span>{label} <span class="q num">{counted}</span></span><b class="num">{percent}</b></div>'
        '<div class="tr" role="img" aria-label="{said}"><i class="{css}" style="width:{width}%"></i>{tick}</div></div>',
        bare="" if row.need else " bare",
        label=row.label,
        counted=counted,
        percent=percent,
        said=said,
        css="" if met else "no",
        width=per_cent(row.share.numerator, row.share.denominator),
        tick=tick,
    )


def result_bars(rows: Sequence[ResultBar], sentence: str = "") -> Markup:
    """Several conditions and the one sentence that says why."""
    return m(
        '<div class="rb">{rows}{why}</div>',
        rows=Markup("").join(map(result_bar, rows)),
        why=m("<p><b>{text}</b></p>", text=sentence) if sentence else "",
    )


@dataclass(frozen=True)
class Choice:
    """One answer and its count; `chosen` for the one that was adopted."""

    label: str
    count: int
    chosen: bool = False


def choice_bars(rows: Sequence[Choice], base: int, unit: str | Callable[[int], str], need: Threshold | None = None) -> Markup:
    """A row an answer, all drawn alike, one threshold through them; the adopted one in pine and bold once it is decided.

    `unit`: what is counted, or what it is called for a number of it.
    """
    words = threshold_words(need) if need else ""
    tick = m('<u style="left:{at}%"></u>', at=per_cent(need.share.numerator, need.share.denominator)) if need else Markup("")
    lines = Markup("").join(
        m(
            '<li class="{css}"><span>{label}</span><span class="tr" role="img" aria-label="{percent}"><i style="width:{width}%">'
            "</i>{tick}</span>"
            '<span class="num"><b>{count}</b> {unit} <small>{percent}</small></span></li>',
            css="on" if row.chosen else "",
            label=row.label,
            percent=telling_share(Fraction(row.count, base), need) if base else "",
            width=per_cent(row.count, base),
            tick=tick,
            count=number(row.count),
            unit=unit if isinstance(unit, str) else unit(row.count),
        )
        for row in rows
    )
    foot = (
        m(
            '<li class="ft"><span></span><span class="at"><small style="left:{at}%">{words}</small></span><span></span></li>',
            at=per_cent(need.share.numerator, need.share.denominator),
            words=words,
        )
        if need
        else ""
    )
    return m('<ul class="cb">{lines}{foot}</ul>', lines=lines, foot=foot)


def seal(said: str, adopted: bool) -> Markup:
    """The outcome as a seal, dashed when not adopted; four Chinese characters or fewer stand in two columns."""
    tall = lang() == "zh-CN" and len(said) == 2
    inside = Markup("<br>").join(said) if tall else said
    return m('<span class="seal {css}">{inside}</span>', css="" if adopted else "no", inside=inside)


def outcome(said: str, adopted: bool, title: str = "", note: str = "") -> Markup:
    """Seal, what it was about, from when it holds."""
    return m(
        '<div class="oc">{seal}<span><b class="h2">{title}</b><span class="meta">{note}</span></span></div>',
        seal=seal(said, adopted),
        title=title,
        note=note,
    )


@dataclass(frozen=True)
class QuorumRow:
    """Seats of one party: who is there, how many are needed, how many were invited."""

    party: Party
    have: int
    need: int
    invited: int = 0
    name: str = ""


def quorum(rows: Sequence[QuorumRow], sentence: str = "") -> Markup:
    """A row a party: chip, seats filled and hollow, have / need; one sentence says who is missing."""
    lines = Markup("").join(
        m(
            '<li class="{css}">{chip}{seats}<span class="num" aria-label="{said}">{have} / {need}</span></li>',
            css="miss" if row.have < row.need else "",
            chip=party_chip(row.party, row.name),
            seats=seats(row.have, max(row.have, row.need, row.invited), row.party),
            said=t("{have} there, {need} needed", have=row.have, need=row.need),
            have=row.have,
            need=row.need,
        )
        for row in rows
    )
    return m(
        '<div class="quw"><ul class="qu">{lines}</ul></div>{sentence}',
        lines=lines,
        sentence=m("<p><b>{text}</b></p>", text=sentence) if sentence else "",
    )


@dataclass(frozen=True)
class FundPart:
    """Money from one source, in fen; `pattern` is one of pledged (solid), matched (diagonal), community (dotted)."""

    label: str
    fen: int
    pattern: str = "pledged"


_PATTERN = {"pledged": "h-solid", "matched": "h-diag", "community": "h-dot"}


def fund_bar(parts: Sequence[FundPart], goal: int, spent: int | None = None, table: bool = True, gap_label: str = "") -> Markup:
    """Sources against a goal in fen (never negative), what is missing sunken, what is spent a thin ink bar below; a table to the cent.

    `gap_label`: what is up to the goal, where it is not missing.
    """
    whole = max(goal, sum(part.fen for part in parts), spent or 0, 1)
    gap = max(0, goal - sum(part.fen for part in parts))
    filled = Markup("").join(
        m('<i class="{css}" style="width:{width}%"></i>', css=_PATTERN[part.pattern], width=per_cent(part.fen, whole))
        for part in parts
        if part.fen
    )
    base = goal or whole  # shares are said of the goal: what is beyond it is more than all of it
    said = listed([f"{part.label} {share(Fraction(part.fen, base))}" for part in parts])
    rows = [(part.label, part.fen, _PATTERN[part.pattern]) for part in parts]
    if gap:
        rows.append((gap_label or t("Still missing"), gap, "h-gap"))
    if spent is not None:
        rows.append((t("Spent"), spent, "h-ink"))
    money = (
        Markup("").join(
            m(
                '<tr><th scope="row"><i class="swt {css}" aria-hidden="true"></i>{label} <span class="q">{percent}</span></th>'
                '<td class="n">{fen}</td></tr>',
                css=css,
                label=label,
                percent=share(Fraction(fen, base)),
                fen=yuan(lang(), fen),
            )
            for label, fen, css in rows
        )
        if table
        else ""
    )
    return m(
        '<div class="fu"><div class="fb" role="img" aria-label="{said}">{filled}<i class="h-gap" style="flex:1"></i>'
        "</div>{spent}{table}</div>",
        said=said,
        filled=filled,
        spent=bar(spent, whole, t("Spent {share}", share=share(Fraction(spent, base))), "ink") if spent is not None else "",
        table=m(
            '<table class="tb"><caption class="sr">{caption}</caption><tbody>{rows}</tbody></table>',
            caption=t("Amounts in yuan"),
            rows=money,
        )
        if table
        else m(
            '<div class="fs">{keys}</div>',
            keys=Markup("").join(
                m(
                    '<span><i class="{css}" aria-hidden="true"></i>{label} <b class="num">{percent}</b></span>',
                    css=css,
                    label=label,
                    percent=share(Fraction(fen, base)),
                )
                for label, fen, css in rows
            ),
        ),
    )
