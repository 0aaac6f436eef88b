"""Pieces that say something in rows: page head, stats, reasons, notes, table, facts, empty state, receipt, who held it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from markupsafe import Markup

from pages.kit.html import m, phrased
from pages.kit.marks import Tone, address, dotted, icon, link, per_cent, qr
from pages.kit.words import duration, t


def head(title: str | Markup, *above: str | Markup, sub: str | Markup = "") -> Markup:
    """The top of a page: facts on one small line, the finding, one sentence."""
    return m(
        '<header class="hd">{above}<h1 class="h1">{title}</h1>{sub}</header>',
        above=m('<p class="eye">{parts}</p>', parts=dotted(*above)) if above else "",
        title=phrased(title),
        sub=m('<p class="sub">{sub}</p>', sub=sub) if sub else "",
    )


def heading(title: str | Markup, aside: str | Markup = "") -> Markup:
    """The heading of a card, with a small remark at the right."""
    return m('<div class="h2r"><h2 class="h2">{title}</h2><span class="meta">{aside}</span></div>', title=title, aside=aside)


@dataclass(frozen=True)
class Stat:
    """One figure: what it counts, its value as written, its unit, what it means; `href` opens the rows behind it."""

    label: str
    value: str
    unit: str = ""
    note: str | Markup = ""
    late: bool = False
    href: str = ""


def stats(row: Sequence[Stat]) -> Markup:
    """Two to six figures side by side; below each other in a narrow column."""
    tiles = Markup("").join(
        m(
            '<{tag}{to}><span class="k">{label}</span><span class="v num{late}">{value}{unit}</span>{note}</{tag}>',
            tag=Markup("a" if each.href else "div"),
            to=m(' href="{href}" target="_self"', href=address(each.href)) if each.href else "",
            label=each.label,
            late=" r" if each.late else "",
            value=each.value,
            unit=m("<small>{unit}</small>", unit=each.unit) if each.unit else "",
            note=m('<span class="n">{note}</span>', note=each.note) if each.note else "",
        )
        for each in row
    )
    return m('<div class="sgw"><div class="sg">{tiles}</div></div>', tiles=tiles)


class Met(StrEnum):
    """Whether a condition is met, missing, or only a matter of time."""

    YES = "y"
    NO = "x"
    WAIT = "w"


_MARK = {Met.YES: "check", Met.NO: "cross", Met.WAIT: "clock"}


@dataclass(frozen=True)
class Reason:
    """One condition with its figure ("附议 7 户，要满 10 户")."""

    met: Met
    said: str | Markup
    name: str | None = None
    """What the sign is called where it is read aloud, None for the word of its state, "" where the words beside it say all."""


def reasons(rows: Sequence[Reason], wide: bool = False) -> Markup:
    """Why, or why not yet: ✓ met, ✕ missing, clock waiting; `wide` sets them side by side."""
    names = {Met.YES: t("met"), Met.NO: t("missing"), Met.WAIT: t("waiting")}
    lines = Markup("").join(
        m(
            '<li><span class="{css}">{icon}{name}</span><span>{said}</span></li>',
            css=row.met.value,
            icon=icon(_MARK[row.met]),
            name=m('<span class="sr">{name}</span>', name=name) if (name := names[row.met] if row.name is None else row.name) else "",
            said=row.said,
        )
        for row in rows
    )
    return m('<ul class="rs{wide}">{lines}</ul>', wide=" wide" if wide else "", lines=lines)


def note(title: str | Markup, said: str | Markup = "", tone: Tone = Tone.PLAIN) -> Markup:
    """A remark that must be seen: an error keeps what was typed and says so."""
    shapes = {Tone.OK: "check", Tone.PLAIN: "info", Tone.WAIT: "clock", Tone.NO: "cross"}
    return m(
        '<div class="note {tone}"{role}>{icon}<b>{title}</b>{said}</div>',
        tone=tone.value or "p",
        role=Markup(' role="alert"') if tone is Tone.RED else "",
        icon=icon(shapes.get(tone, "alert")),
        title=title,
        said=m("<span>{said}</span>", said=said) if said else "",
    )


def field_error(said: str) -> Markup:
    """The sentence under a field: what is wrong with it and what to do."""
    return m('<span class="fe" role="alert">{icon}<span>{said}</span></span>', icon=icon("alert"), said=said)


def line_broken(said: str, since: str) -> Markup:
    """The red band over a live screen whose line is broken."""
    return m('<div class="brk" role="alert"><span>{said}</span><span class="num">{since}</span></div>', said=said, since=since)


def empty(title: str, said: str = "", level: int = 0) -> Markup:
    """Nothing here yet: the mark, one sentence; the caller puts one button with the next act below. `level`: of the heading it is."""
    return m(
        '<div class="em"><i class="ic mk" style="--m:var(--table)" aria-hidden="true"></i><b class="h2"{heading}>{title}</b>{said}</div>',
        title=title,
        heading=m(' role="heading" aria-level="{level}"', level=level) if level else "",
        said=m("<span>{said}</span>", said=said) if said else "",
    )


@dataclass(frozen=True)
class Column:
    """A column of a table; figures stand at the right."""

    title: str
    figures: bool = False


MANY = 5
"""With so many columns a row is a small list on a phone: each value beside the name of its column."""


def table(
    caption: str, columns: Sequence[Column], rows: Sequence[Sequence[str | Markup]], shown: bool = False, foot: Sequence[str | Markup] = ()
) -> Markup:
    """An HTML table with scopes, for print and as the twin of a chart; `caption` is read, and seen when `shown`."""
    heads = Markup("").join(
        m('<th scope="col" class="{css}">{title}</th>', css="n" if each.figures else "", title=each.title) for each in columns
    )

    many = len(columns) >= MANY

    def line(cells: Sequence[str | Markup]) -> Markup:
        made = Markup("")
        for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
            tag = Markup('th scope="row"') if place == 0 else Markup("td")
            made += m(
                '<{tag} class="{css}"{head}>{cell}</{end}>',
                tag=tag,
                head=m(' data-h="{title}"', title=column.title) if many else "",
                css="n" if column.figures else "",
                cell=cell,
                end=Markup("th" if place == 0 else "td"),
            )
        return m("<tr>{made}</tr>", made=made)

    return m(
        '<div class="tbw" tabindex="0" role="region" aria-label="{caption}"><table class="tb{many}">'
        '<caption class="{seen}">{caption}</caption>'
        "<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>{foot}</table></div>",
        caption=caption,
        many=" many" if many else "",
        seen="" if shown else "sr",
        heads=heads,
        rows=Markup("").join(map(line, rows)),
        foot=m("<tfoot>{row}</tfoot>", row=line(foot)) if foot else "",
    )


def facts(rows: Sequence[tuple[str, str | Markup]]) -> Markup:
    """Names and values, one pair a line."""
    return m(
        '<dl class="fx">{rows}</dl>',
        rows=Markup("").join(m("<div><dt>{name}</dt><dd>{value}</dd></div>", name=name, value=value) for name, value in rows),
    )


@dataclass(frozen=True)
class ListRow:
    """A row that is a link: title, facts below it, at the right a badge and who has it."""

    href: str
    title: str | Markup
    about: Sequence[str | Markup] = ()
    badge: Markup = Markup("")
    who: str = ""


def list_row(row: ListRow) -> Markup:
    """A row of an inbox: everything in it is the link."""
    return m(
        '<a class="ir" href="{href}" target="_self"><span><b>{title}</b><span class="meta">{about}</span></span>'
        '<span class="rr">{badge}<span class="meta">{who}</span></span></a>',
        href=address(row.href),
        title=row.title,
        about=dotted(*row.about),
        badge=row.badge,
        who=row.who,
    )


def link_list(rows: Sequence[ListRow]) -> Markup:
    """Rows with hairlines between them."""
    return m('<ul class="ll">{rows}</ul>', rows=Markup("").join(m("<li>{row}</li>", row=list_row(row)) for row in rows))


def held(rows: Sequence[tuple[str, timedelta]]) -> Markup:
    """Who had it, and for how long, as bars to one scale."""
    longest = max((int(span.total_seconds()) for _, span in rows), default=0)
    return m(
        '<ul class="hold">{rows}</ul>',
        rows=Markup("").join(
            m(
                '<li><span>{who}</span><i style="width:{width}%" aria-hidden="true"></i><b class="num">{span}</b></li>',
                who=who,
                width=per_cent(int(span.total_seconds()), longest),
                span=duration(span),
            )
            for who, span in rows
        ),
    )


@dataclass(frozen=True)
class Receipt:
    """What is kept after an act: its number, where to check it, what it proves, what happens next and by when; `off`: it holds no more."""

    title: str
    at: str
    number: str
    check_at: str
    proves: str
    next_dates: Sequence[tuple[str, str]] = ()
    label: str = ""
    off: bool = False


def grouped(number: str) -> Markup:
    """A number in groups of four, a group a line; "C-2026-0012" breaks before its last part."""
    kind, _, last = number.rpartition("-")
    if kind.count("-") == 1:
        return m("{kind}<br>{last}", kind=kind, last=last)
    plain = number.replace(" ", "").replace("-", "")
    return Markup("<br>").join(m("{part}", part=plain[start : start + 4]) for start in range(0, len(plain), 4))


def receipt(given: Receipt) -> Markup:
    """✓, the number in groups, its QR on white, what it proves, the next dates."""
    return m(
        '<div class="rc"><div class="rct"><span class="ok">{tick}</span><span><b class="h1">{title}</b>'
        '<span class="meta num">{at}</span></span></div>'
        '<div class="cd"><div class="rcn"><span><span class="meta">{label}</span><b class="num">{number}</b></span>{code}</div>'
        '<p class="q">{proves}</p></div>{after}</div>',
        tick=icon("alert" if given.off else "check"),
        title=given.title,
        at=given.at,
        label=given.label or t("Receipt number"),
        number=grouped(given.number),
        code=qr(given.check_at, t("Scan to check this receipt")),
        proves=given.proves,
        after=m('<h2 class="h2">{next}</h2>{rows}', next=t("What happens next"), rows=facts(list(given.next_dates)))
        if given.next_dates
        else "",
    )


def exports(links: Sequence[tuple[str, str]]) -> Markup:
    """Files of what is shown: (word, address) pairs."""
    return m('<p class="ex">{links}</p>', links=dotted(*(link(said, target) for said, target in links)))
