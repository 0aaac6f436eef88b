"""The smallest pieces: icon, badge, clock, party chip, seats, cells, QR code, links."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

import segno
from markupsafe import Markup

from models.vocabulary import Lateness, Party
from pages.kit.html import m
from pages.kit.words import lang, span, t, tn, word
from services.reads.days import DayClock

ICONS = ("check", "cross", "clock", "alert", "go", "talk", "table", "path", "pin", "cam", "mic", "home", "doc", "me", "info")
MOST_CELLS = 60


class Tone(StrEnum):
    """How a badge or a note looks: shape and colour; the word is given beside."""

    PLAIN = ""
    OK = "ok"
    NO = "no"
    WAIT = "wait"
    BLUE = "b"
    YELLOW = "y"
    RED = "r"


_ICON_OF = {Tone.OK: "check", Tone.NO: "cross", Tone.WAIT: "clock", Tone.BLUE: "alert", Tone.YELLOW: "alert", Tone.RED: "alert"}
_CHIP = {
    Party.RESIDENTS: (1, "居"),
    Party.OWNERS_COMMITTEE: (2, "业"),
    Party.COMMUNITY: (3, "社"),
    Party.BUILDER: (4, "工"),
    Party.EXPERTS: (5, "专"),
    Party.PROPERTY_COMPANY: (6, "物"),
    Party.POLICE: (3, "警"),
    Party.MERCHANTS: (2, "商"),
}
_LATE = {Lateness.BLUE: Tone.BLUE, Lateness.YELLOW: Tone.YELLOW, Lateness.RED: Tone.RED}


def icon(name: str) -> Markup:
    """One of the line icons; always beside a word, so it is hidden from screen readers."""
    if name not in ICONS:
        raise ValueError(f"no icon {name}")
    return m('<i class="ic" style="--m:var(--{name})" aria-hidden="true"></i>', name=name)


def dot() -> Markup:
    """The drawn separator between two facts on a line."""
    return Markup('<i class="sep" aria-hidden="true"></i>')


def dotted(*parts: str | Markup) -> Markup:
    """Facts on one line, a drawn dot between them; empty ones are left out."""
    said = [m("<span>{part}</span>", part=part) for part in parts if part]
    # The dot stays with the word before it: no line begins with one.
    return Markup(" ").join([m('<span class="dp">{part}{dot}</span>', part=part, dot=dot()) for part in said[:-1]] + said[-1:])


def badge(said: str, tone: Tone = Tone.PLAIN) -> Markup:
    """Shape, word, colour."""
    shape = icon(_ICON_OF[tone]) if tone in _ICON_OF else Markup("")
    return m('<span class="bd {tone}">{shape}{said}</span>', tone=tone.value, shape=shape, said=said)


def lateness_of(left: timedelta, steps: tuple[timedelta, timedelta] = (timedelta(hours=1), timedelta(hours=6))) -> Lateness:
    """None while time is left; late: blue, from the first step on yellow, from the second on red."""
    late = -left
    if late <= timedelta(0):
        return Lateness.NONE
    return Lateness.BLUE if late < steps[0] else Lateness.YELLOW if late < steps[1] else Lateness.RED


def clock(left: timedelta, lateness: Lateness | None = None) -> Markup:
    """ "还剩 9 小时" in outline, "超时 20 分" in blue, yellow, red with a triangle; `lateness` where a rule has said it."""
    return badge(span(left), _LATE.get(lateness if lateness is not None else lateness_of(left), Tone.WAIT))


def late_words(days: int) -> str:
    """How late something is that was due on a day and is not done."""
    return tn("{n} day late", "{n} days late", days)


def day_clock(given: DayClock) -> Markup:
    """`clock` for what is due on a day: late in whole days, in the colour of its lateness."""
    return late(given.days, given.level) if given.days else clock(given.left, given.level)


def late(days: int, level: Lateness) -> Markup:
    """The badge of what is `days` late and not done."""
    return badge(late_words(days), _LATE.get(level, Tone.BLUE))


def party_letter(party: Party) -> str:
    """What stands in a party's disc: one character, in English one letter."""
    return _CHIP[party][1] if lang() == "zh-CN" else word(party)[:1].upper()


def party_class(party: Party) -> str:
    return f"p{_CHIP[party][0]}"


def party_chip(party: Party, name: str | Markup = "") -> Markup:
    """A disc with one character, and the name beside it (`name`, else the party's word)."""
    return m(
        '<span class="pt {colour}"><i aria-hidden="true">{letter}</i><span>{name}</span></span>',
        colour=party_class(party),
        letter=party_letter(party),
        name=name or word(party),
    )


def seats(have: int, total: int, party: Party | None = None) -> Markup:
    """One dot a seat, filled or hollow; more than 60 become a bar."""
    said = t("{have} of {total} seats taken", have=have, total=total)
    colour = party_class(party) if party else ""
    if max(have, total) > MOST_CELLS:
        return bar(have, total, said, colour)
    dots = Markup("<i></i>") * have + Markup('<i class="e"></i>') * max(0, total - have)
    return m('<span class="se {colour}" role="img" aria-label="{said}">{dots}</span>', colour=colour, said=said, dots=dots)


def cells(done: int, total: int, said: str = "", columns: int = 14) -> Markup:
    """One cell a household, filled in reading order (never by house number); more than 60 become a bar."""
    said = said or t("{done} of {total}", done=done, total=total)
    if total > MOST_CELLS:
        return bar(done, total, said)
    filled = Markup("<i></i>") * min(done, total) + Markup('<i class="e"></i>') * max(0, total - done)
    return m('<span class="mcells" style="--n:{n}" role="img" aria-label="{said}">{cells}</span>', n=columns, said=said, cells=filled)


def bar(part: int, whole: int, said: str, colour: str = "") -> Markup:
    """A plain progress bar; `said` is read instead of it."""
    return m(
        '<span class="pb {colour}" role="img" aria-label="{said}"><i style="width:{width}%"></i></span>',
        colour=colour,
        said=said,
        width=per_cent(part, whole),
    )


def per_cent(part: int, whole: int) -> str:
    """A width for CSS, cut to 0–100; drawn only, nothing is decided by it."""
    if whole <= 0:
        return "0"
    return f"{min(10000, max(0, part * 10000 // whole)) / 100:g}"


@lru_cache(maxsize=256)
def _qr_uri(data: str, border: int, dark: str) -> str:
    return segno.make(data, error="m", micro=False).svg_data_uri(scale=4, border=border, dark=dark, light="#fff", omitsize=True)


def qr(data: str, alt: str = "", border: int = 2, dark: str = "#15211D") -> Markup:
    """A QR code as an image, dark on light in every mode; `alt` says what scanning it does."""
    return m('<img class="qr" alt="{alt}" src="{uri}">', alt=alt or t("QR code: {text}", text=data), uri=_qr_uri(data, border, dark))


def address(target: str) -> str:
    """`target` if it is one of our own addresses or plain http(s); anything else is a bug and raises ValueError."""
    ours = target.startswith(("/", "?", "#")) and not target.startswith(("//", "/\\"))
    if not ours and not target.startswith(("https://", "http://")):
        raise ValueError("not an address that a page may link to")
    return target


def link(said: str | Markup, target: str, css: str = "") -> Markup:
    """A link that opens in the same tab."""
    return m('<a class="{css}" href="{to}" target="_self">{said}</a>', css=css, to=address(target), said=said)
