"""A vote on the wall: what came in while it runs, and the result against what it needed."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, sqrt

from markupsafe import Markup

from models.vocabulary import VotesBy
from pages.kit.html import m, user_line
from pages.kit.marks import MOST_CELLS, dotted, per_cent
from pages.kit.results import Threshold, telling_share, threshold_words
from pages.kit.room_words import after_words, measure_words, outcome_words, reason_words, received_words, voice_words, votes_words
from pages.kit.wall_parts import clock, title, wide
from pages.kit.words import lang, near, number, t
from services.reads.board import Board, Vote
from services.reads.revealed import Bar, Result


def voting(view: Board, now: datetime) -> Markup:
    """A vote while it runs: the question, how many have voted, the time left."""
    vote = view.vote
    if vote is None:
        return m(
            '<div class="mid"><div class="t">{title}</div><p class="q">{said}</p></div>',
            title=user_line(view.item_title),
            said=t("This vote was called off. The meeting goes on."),
        )
    return m(
        '<div class="vt"><div class="a"><div><div class="e">{now}</div>{question}</div>'
        '<div class="r {under}"><span class="big got num">{got}</span><span class="q of">{of}</span></div><p>{hidden}</p></div>'
        '<div class="b"><b class="left">{left}</b>{cells}</div></div>',
        now=dotted(t("Voting now"), voice_words(vote.votes_by)),
        question=title(vote.question, 9.2),
        under="" if _beside(number(vote.received), received_words(vote)) else "st",
        got=number(vote.received),
        of=received_words(vote),
        hidden=t("Nobody sees the result before the reveal."),
        left=_left(vote, now, view.zone),
        cells=_cells(vote.received, vote.voters, votes_words(vote)),
    )


def _beside(got: str, of: str) -> bool:
    """Whether the figure and what it is of stand beside one another (English on two lines), in hundredths of the height; else one under the
    other, smaller."""
    return wide(got) * 32 + 3 + wide(of) * (10 if lang() == "zh-CN" else 4.4) <= 89


def _left(vote: Vote, now: datetime, zone: str) -> Markup:
    if vote.closes_at is None or vote.closes_at <= now or vote.state.value != "open":
        return m("{text}", text=t("Voting has ended"))
    if vote.closes_at - now > timedelta(hours=12):
        return m("{text}", text=t("until {when}", when=near(vote.closes_at, zone)))
    template = t("{clock} left", clock="|")
    before, _, after = template.partition("|")
    return m("{before}{clock}{after}", before=before, clock=clock(vote.closes_at, now), after=after)


def _cells(done: int, total: int, said: str) -> Markup:
    if total > MOST_CELLS:
        return m(
            '<div class="cb0" role="img" aria-label="{said}"><i style="width:{width}%"></i></div>', said=said, width=per_cent(done, total)
        )
    columns = max(5, ceil(sqrt(66 * total / 58)))
    inside = Markup("<i></i>") * min(done, total) + Markup('<i class="e"></i>') * max(0, total - done)
    return m(
        '<div class="cells" style="grid-template-columns:repeat({n},1fr)" role="img" aria-label="{said}">{inside}</div>',
        n=columns,
        said=said,
        inside=inside,
    )


def panel(result: Result) -> Markup:
    """The outcome in one word, as large as it goes, and what follows."""
    said = outcome_words(result)
    longest = max(map(wide, said.split())) if " " in said else wide(said)
    size = min(26.0 if lang() == "zh-CN" else 11.6, 54 / max(longest, 1)) if wide(said) <= 10 else max(6.5, min(10.0, 150 / wide(said)))
    lead = m("<em>{text}</em>", text=t("Chosen")) if result.said.outcome == "elected" and result.chosen else Markup("")
    return m(
        '<div class="out {css}">{lead}<b lang="{lang}" style="font-size:calc({size}*var(--u))">{said}</b><span>{after}</span></div>',
        css="" if result.said.adopted else "no",
        lead=lead,
        size=f"{size:.1f}",
        lang=lang(),
        said=said,
        after=after_words(result),
    )


def revealed(result: Result) -> Markup:
    """The figures behind an outcome, held against what they had to reach."""
    choice = any(bar.label for bar in result.bars)
    shares = {(bar.share, bar.at_least) for bar in result.bars if bar.share is not None}
    common = Threshold(*next(iter(shares))) if len(shares) == 1 else None
    rows = Markup("").join(_bar(bar, result.votes_by, choice=choice, words=common is None) for bar in result.bars[:5])
    foot, left = Markup(""), m('<em>{said}</em>', said=t("Abstain: {n}", n=number(result.abstained))) if result.abstained else Markup("")
    if common is not None:
        at = per_cent(common.share.numerator, common.share.denominator)
        foot = m(
            '<div class="th">{left}<span class="{edge}" style="left:{at}%">{text}</span></div>',
            left=left,
            edge="end" if common.share > Fraction(4, 5) else "",
            at=at,
            text=threshold_words(common),
        )
    elif left:
        foot = m('<div class="th">{left}</div>', left=left)
    close, full = _fit(result, bool(foot))
    return m(
        '<div class="rsl" style="--k:{scale}"><div class="q tt">{title}</div><div class="bars n{n}">{rows}{foot}</div>'
        '<p class="why">{why}</p></div>',
        scale=f"{full:.2f}",
        title=user_line(result.question),
        n=max(3, len(result.bars[:5])) if close else len(result.bars),
        rows=rows,
        foot=foot,
        why=reason_words(result),
    )


def _fit(result: Result, foot: bool) -> tuple[bool, float]:
    """Whether the bars stand close, and how much smaller than usual all is drawn, so that the whole sentence stands above the foot.

    Heights are in hundredths of the wall's; the part beside the outcome is 81 of them high and 100 wide. Lines are reckoned a little
    longer than they are; in English they are Streamlit's own letters on every machine.
    """
    bars, chinese = result.bars[:5], lang() == "zh-CN"
    sentence, thin, bold = (6.0, 1.04, 1.04) if chinese else (5.6, 0.9, 0.98)

    def height(close: bool, full: float) -> float:
        def lines(text: str, size: float, loose: float, width: float) -> int:
            return ceil(wide(text) * size * loose * full / width)

        figure, under, gap = (6.4, 4.5, 2.4) if close else (8.6, 7.8, 4.0)
        labels = [8.1 * min(3, lines(f"{bar.label} {bar.figure} / {bar.base}", 6, thin, 72)) if bar.label else 8.1 for bar in bars]
        heading = 8.4 * min(2, lines(result.question, 6.4, thin, 96))
        below = lines(reason_words(result), sentence, bold, 98) * sentence * 1.36
        return (heading + sum(max(figure, label) + under + gap for label in labels) + (8.0 if foot else 0.0) + below + 4.2) * full

    ways = [(close, 1 - step / 25) for step in range(14) for close in (len(bars) > 2, True)]
    return next((way for way in ways if height(*way) <= 81), (True, 0.44))


def _bar(bar: Bar, by: VotesBy, *, choice: bool, words: bool) -> Markup:
    need = Threshold(bar.share, bar.at_least) if bar.share is not None else None
    value = Fraction(bar.figure) / Fraction(bar.base) if bar.base else Fraction(0)
    percent = telling_share(value, need)
    label = user_line(bar.label) if choice else m("{text}", text=measure_words(bar.measure, by))
    unit = " m²" if bar.measure == "area" else ""
    tick = m('<u style="left:{at}%"></u>', at=per_cent(need.share.numerator, need.share.denominator)) if need else Markup("")
    return m(
        '<div class="br {css}"><div class="l"><span>{label} <span class="q num">{figure} / {base}{unit}</span>{need}</span>'
        '<b class="num">{whole}<small>%</small></b></div><div class="tr"><i class="{fill}" style="width:{width}%"></i>{tick}</div></div>',
        css="ch" if choice else "",
        label=label,
        figure=_figure(bar.figure),
        base=_figure(bar.base),
        unit=unit,
        need=m(' <span class="q">{text}</span>', text=threshold_words(need)) if need and words else "",
        whole=percent.removesuffix("%").strip(),
        fill="" if bar.good else "ot" if choice else "no",
        width=per_cent(value.numerator, value.denominator),
        tick=tick,
    )


def _figure(value: Decimal) -> str:
    return number(int(value)) if value == value.to_integral_value() else number(value)
