"""Parts that the scenes of a wall are made of: the big line, a party's disc with its name, the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from markupsafe import Markup

from models.vocabulary import Party
from pages.kit.html import m, phrased, user_line
from pages.kit.marks import party_class, party_letter
from pages.kit.words import lang, party_name
from services.rules import board as rules


def wide(text: str) -> float:
    """How wide a line of text is, in ems: Chinese signs one, others about a half."""
    return sum(1.0 if ord(sign) > 0x2E80 else 0.54 for sign in text)


def title(text: str, line: float) -> Markup:
    """The big line of a screen, in one of four sizes; `line`: how many ems of the largest stand in one line."""
    size = wide(text) / line
    return m(
        '<div class="t {css}">{text}</div>',
        css="" if size <= 2 else "l1" if size <= 3.2 else "l2" if size <= 5 else "l3",
        text=phrased(user_line(text)),
    )


def chip(party: Party, label: str) -> Markup:
    """A party's disc with the name it has in this meeting; the letter is the name's own first one where the party shares its letter."""
    letter = label[:1] if lang() == "zh-CN" and label and party is Party.EXPERTS else party_letter(party)
    return m(
        '<span class="pt {css}"><i aria-hidden="true">{letter}</i><span>{name}</span></span>',
        css=party_class(party),
        letter=letter,
        name=user_line(party_name(party, label)),
    )


def clock(ends: datetime | None, now: datetime, paused: datetime | None = None, over: str = "") -> Markup:
    """ "1:24", counted down by the browser; it stands still while paused."""
    left = rules.time_left(ends, now, paused)
    if ends is None or left is None:
        return Markup("")
    if paused is not None:
        return m('<span class="num">{text}</span>', text=counted(left))
    ms = int(ends.timestamp() * 1000)
    return m(
        '<span class="num" data-ends="{ms}" data-over="{over}">{text}</span>',
        ms=ms,
        over=over,
        text=counted(left) if left or not over else over,
    )


def counted(left: timedelta) -> str:
    """ "1:24", "1:02:05"."""
    seconds = ceil(left.total_seconds())
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
