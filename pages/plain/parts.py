"""Pieces of plain pages: notes, rows, steps, badges, the receipt. Lighter than the Streamlit ones, the same words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from markupsafe import Markup, escape
from starlette.responses import Response

from models.vocabulary import Lateness
from pages.kit.html import m, user_text
from pages.kit.marks import Tone, address, lateness_of, qr
from pages.kit.tables import Receipt, grouped
from pages.kit.words import lang, moment, number, span, t
from services import addresses
from services.clock import now
from services.exchange import docx_paper
from services.reads.checkpoints import Shown

LIGHT = 15_000
"""The most bytes a plain page weighs, whatever others wrote (a promise to old phones and slow lines).

What a form gives back of its own writer's words comes on top: they came from that very phone. Papers to print (minutes, notices,
results, letters, slips) are whole: they are as long as what they record."""
SHEET = 6_500
"""Bytes of one sheet of a long list: what is left of LIGHT beside the frame of a page, with room for one more piece."""
IN_SHORT = 160
"""Signs of a long text where only its beginning is shown."""
SENTENCE = re.compile(r"[^。！？；.!?;\n]{0,199}[。！？；.!?;\n]{1,20}|.{1,199}\s|.{1,200}", re.DOTALL)
Piece = TypeVar("Piece")


def note(title: str | Markup, said: str | Markup = "", tone: Tone = Tone.PLAIN) -> Markup:
    """A remark that must be seen."""
    return m(
        '<div class="nt {tone}"{role}><span><b>{title}</b>{said}</span></div>',
        tone=tone.value,
        role=Markup(' role="alert"') if tone is Tone.RED else "",
        title=title,
        said=m("<span>{said}</span>", said=said) if said else "",
    )


def out_of_reach() -> Markup:
    """On the screen before paper with addresses is printed: that phones cannot open them, and what to set. Never on the paper."""
    if addresses.reached():
        return Markup("")
    why = t("{address} is this computer alone. Whoever looks after this server sets YIQI_PUBLIC_URL to the address that phones can open, "
            "starts it anew, and then you print.", address=addresses.home())  # fmt: skip
    return m('<div class="no">{said}</div>', said=note(t("Phones cannot open the address on this paper."), why, Tone.RED))


def docx(name: str, paper: docx_paper.Paper) -> Response:
    """A text document to take away, `name` without its ending."""
    headers = {"content-disposition": f'attachment; filename="{name}.docx"', "cache-control": "no-store"}
    return Response(docx_paper.document(paper, lang()), media_type=docx_paper.MEDIA_TYPE, headers=headers)


def as_of(mark: Shown | None, zone: str) -> tuple[str, ...]:
    """When it was printed, and the digits with which anybody can check the log."""
    said = t("As of {when}.", when=moment(now(), zone, year=True))
    if mark is None:
        return (said,)
    digits = t("Log: {size} acts, check digits {digits}, key {key}.", size=number(mark.size), digits=mark.digits, key=mark.fingerprint)
    return said, digits


def as_files(path: str) -> Markup:
    """The ways to take a print view away: `path` is its address, `path`.docx the same as a text document."""
    return m(
        '<p class="s dl"><br><a href="{path}.docx">{docx}</a> <a href="{path}?as=pdf">{pdf}</a></p>',
        path=path, docx=t("Save as DOCX"), pdf=t("Save as PDF"),
    )  # fmt: skip


def say(said: str | Markup, small: bool = False) -> Markup:
    """A paragraph."""
    return m('<p class="{css}">{said}</p>', css="s" if small else "q", said=said)


def heading(said: str | Markup) -> Markup:
    return m("<h2>{said}</h2>", said=said)


def card(*parts: Markup) -> Markup:
    return m('<div class="cd">{parts}</div>', parts=Markup("").join(parts))


def badge(said: str, tone: Tone = Tone.PLAIN) -> Markup:
    sign = {Tone.OK: "✓ ", Tone.NO: "✕ ", Tone.RED: "▲ ", Tone.YELLOW: "▲ ", Tone.BLUE: "▲ "}.get(tone, "")
    css = "r" if tone in (Tone.YELLOW, Tone.BLUE) else tone.value
    return m('<span class="bd {css}"><span aria-hidden="true">{sign}</span>{said}</span>', css=css, sign=sign, said=said)


def clock(left: timedelta) -> Markup:
    """Time left or late, in words."""
    return badge(span(left), Tone.WAIT if lateness_of(left) is Lateness.NONE else Tone.RED)


def steps(at: int, total: int, title: str, said: str = "") -> Markup:
    """What this is about, where we are in it, one dash a step."""
    strokes = Markup("").join(
        m('<i class="{css}"></i>', css="d" if place < at else "h" if place == at else "") for place in range(1, total + 1)
    )
    return m(
        '<div class="bt s"><span>{title}</span><span>{said}</span></div><div class="da" aria-hidden="true">{strokes}</div>',
        title=title,
        said=said or t("Step {at} of {total}", at=at, total=total),
        strokes=strokes,
    )


def rows(pairs: Sequence[tuple[str, str | Markup]]) -> Markup:
    """Names and values: dates and what happens then."""
    return m(
        '<div class="rw">{rows}</div>',
        rows=Markup("").join(m("<div><b>{name}</b><span>{value}</span></div>", name=name, value=value) for name, value in pairs),
    )


def links(targets: Sequence[tuple[str, str | Markup, str | Markup, Markup]]) -> Markup:
    """Rows that are links: (address, title, one line about it, badge)."""
    return m(
        '<div class="rw">{rows}</div>',
        rows=Markup("").join(
            m(
                '<a href="{to}"><span><b>{title}</b><span class="s">{about}</span></span>{badge}</a>',
                to=address(to),
                title=title,
                about=about,
                badge=badge,
            )
            for to, title, about, badge in targets
        ),
    )


def receipt(given: Receipt) -> Markup:
    """✓ and what was received, the number in groups with its QR, what it proves, the next dates; bring it with `heading=""`."""
    return m(
        '<div class="rt"><i{off} aria-hidden="true"></i><div><h1>{title}</h1><p class="s n">{at}</p></div></div>'
        '<div class="cd"><div class="rn"><div><span class="s">{label}</span><b class="n">{number}</b></div>{code}</div>'
        '<p class="s">{proves}</p></div>{after}',
        off=Markup(" class=off") if given.off else "",
        title=given.title,
        at=given.at,
        label=given.label or t("Receipt number"),
        number=grouped(given.number),
        code=qr(given.check_at, t("Scan to check this receipt")),
        proves=given.proves,
        after=heading(t("What happens next")) + rows(given.next_dates) if given.next_dates else "",
    )


# ---- what is too long for one light page


def light(whole: Markup) -> bool:
    return len(whole.encode()) < LIGHT


def sheets(pieces: Sequence[Piece], weight: Callable[[Piece], int]) -> list[list[Piece]]:
    """The pieces in their order, on as many sheets as it takes; `weight`: bytes of a piece. No sheet is empty."""
    made: list[list[Piece]] = []
    full = SHEET
    for piece in pieces:
        if not made or full + weight(piece) > SHEET:
            made.append([])
            full = 0
        made[-1].append(piece)
        full += weight(piece)
    return made


def in_short(typed: str, brief: bool, most: int = IN_SHORT) -> str:
    """What somebody wrote; `brief`: its beginning, where it is longer than `most` signs."""
    return typed[:most].rstrip() + "…" if brief and len(typed) > most else typed


def cut(typed: str) -> list[str]:
    """What somebody wrote in parts that fit on a sheet, cut after a sentence where there is one: joined they are the text."""
    made: list[str] = []
    room = 0
    for sentence in SENTENCE.findall(typed):
        weight = len(escape(sentence).encode())
        if not made or weight > room:
            made.append("")
            room = SHEET - 200
        made[-1] += sentence
        room -= weight
    return made


def in_full(told: Sequence[tuple[str, str]], path: str, sheet: str) -> Markup:
    """Texts of people under their headings, all of them, on as many light sheets as it takes; `path`: the address without `sheet`."""
    pieces = [(title, piece) for title, typed in told for piece in cut(typed)]
    made = sheets(pieces, lambda piece: len(escape(piece[1]).encode()) + 150)
    at = sheet_at(sheet, len(made))
    shown, under = Markup(""), ""
    for title, piece in made[at - 1] if made else ():
        shown += (heading(title) if title != under else "") + card(m("<p>{text}</p>", text=user_text(piece)))
        under = title
    return shown + turn(path, at, len(made))


def sheet_at(asked: str, of: int) -> int:
    """Which sheet an address asks for, from 1: the nearest there is."""
    return min(max(int(asked), 1), max(of, 1)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def links_on_sheets(targets: Sequence[tuple[str, str, str, Markup]], path: str, sheet: str) -> Markup:
    """`links` however many they are; `path`: the address of the page without `sheet`."""
    made = sheets(targets, lambda row: len("".join(row).encode()) + 80)
    at = sheet_at(sheet, len(made))
    return links(made[at - 1]) + turn(path, at, len(made))


def turn(path: str, at: int, of: int) -> Markup:
    """On to the next sheet and back, "" for a single one; `path`: the address without this part of its query."""
    if of < 2:
        return Markup("")
    to = path + ("&" if "?" in path else "?") + "sheet="
    ways = [(at - 1, t("The sheet before"))] if at > 1 else []
    ways += [(at + 1, t("The next sheet"))] if at < of else []
    rows = Markup("").join(m('<a class="go sec" href="{to}{n}">{word}</a>', to=to, n=n, word=word) for n, word in ways)
    return m("<br>{said}{rows}", said=say(t("Sheet {at} of {of}", at=at, of=of), small=True), rows=rows)
