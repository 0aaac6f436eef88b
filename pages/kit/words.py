"""The reader's language and size of type, and words and figures written in it: in a Streamlit page from its cookies,
in a plain page or a file as `speaking` says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from models.vocabulary import Party
from services import clock, i18n, installation
from services.i18n import N_ as N_

LANG_COOKIE, SIZE_COOKIE = "yiqi-lang", "yiqi-size"
ROOT_PX = {1: 18, 2: 22, 3: 26}


class Other(NamedTuple):
    """The way to the other language: its tag, its sign, the word of its link, and the name that is read aloud and holds that word."""

    tag: str
    sign: str
    word: str
    name: str


OTHER = {"zh-CN": Other("en", "EN", "EN", "EN, English"), "en": Other("zh-CN", "中文", "中文", "中文")}


_said: ContextVar[tuple[str, int] | None] = ContextVar("language and size", default=None)


@contextmanager
def speaking(language: str, type_size: int = 1) -> Iterator[None]:
    """Inside this block the reader's language and size are these: plain pages, prints, mail, tests."""
    token = _said.set((language, type_size))
    try:
        yield
    finally:
        _said.reset(token)


def lang() -> str:
    """ "zh-CN" or "en": the cookie's, else the browser's, else Chinese. Fragments see it too."""
    if said := _said.get():
        return said[0]
    if get_script_run_ctx(suppress_warning=True) is None:
        return i18n.LANGS[0]
    return i18n.pick(st.context.cookies.get(LANG_COOKIE), st.context.locale)


def size() -> int:
    """1, 2 or 3: type of 18, 22 or 26 px."""
    if said := _said.get():
        return said[1]
    if get_script_run_ctx(suppress_warning=True) is None:
        return 1
    return pick_size(st.context.cookies.get(SIZE_COOKIE))


def pick_size(cookie: str | None) -> int:
    """The size a cookie names, 1 where it names none."""
    return int(cookie) if cookie in ("1", "2", "3") else 1


def t(message: str, /, *, context: str = "", **values: object) -> str:
    """The message in the reader's language."""
    return i18n.text(lang(), message, context=context, **values)


def tn(one: str, many: str, n: int, /, *, context: str = "", **values: object) -> str:
    """A counted message in the reader's language; `{n}` is the number."""
    return i18n.text_n(lang(), one, many, n, context=context, **values)


def word(member: Enum) -> str:
    """The word for an enum member."""
    return i18n.word(lang(), member)


def opening(sentence: str) -> str:
    """A sentence that begins with a word of ours: in English with a capital."""
    return sentence[:1].upper() + sentence[1:]


def day(value: date, *, year: bool | None = None, weekday: bool = False) -> str:
    return i18n.day(lang(), value, year=year, weekday=weekday)


def day_of(value: datetime, zone: str) -> str:
    """The day of a moment on the wall of `zone`: in UTC it would be the day before until eight in the morning in Shanghai."""
    return day(clock.day_of(value, zone))


def moment(value: datetime, zone: str, *, year: bool | None = None, seconds: bool = False) -> str:
    return i18n.moment(lang(), value, zone, year=year, seconds=seconds)


def near(value: datetime, zone: str) -> str:
    return i18n.near(lang(), value, zone)


def deadline(value: datetime, zone: str) -> str:
    """A moment as a deadline: midnight is 24:00 of the day that ends."""
    last = clock.day_of(value - timedelta(seconds=1), zone)
    return t("{day}, 24:00", day=day(last)) if clock.day_of(value, zone) != last else near(value, zone)


def hour(value: datetime, zone: str, *, seconds: bool = False) -> str:
    return i18n.hour(lang(), value, zone, seconds=seconds)


def zone_name(zone: str) -> str:
    return i18n.zone_name(lang(), zone)


def items(n: int) -> str:
    """The unit of a figure that counts concerns or proposals."""
    return tn("item", "items", n)


def label_name(label: str) -> str:
    """What somebody called a party, but a word of our own list in the reader's language."""
    return i18n.party_label(lang(), label)


def party_name(party: Party, label: str) -> str:
    """How a party is called at a table: as somebody typed it, but the list's own word in the reader's language."""
    return label_name(label) if label else word(party)


def demo_mark() -> str:
    """What every page and print of a demo says, "" elsewhere."""
    return t("Demo: the people and matters are made up.") if installation.is_demo() else ""


def span(left: timedelta) -> str:
    return i18n.span(lang(), left)


def duration(value: timedelta) -> str:
    return i18n.duration(lang(), value)


def money(fen: int) -> str:
    return i18n.money(lang(), fen)


def spent_words(spent: int | None, planned: int) -> str:
    """What finished works cost beside what was planned, in fen; `spent` None where nobody has said."""
    if spent is None:
        return t("What was spent was not reported; {planned} were planned.", planned=money(planned))
    if spent > planned:
        return t("{spent} spent, {over} more than planned.", spent=money(spent), over=money(spent - planned))
    return t("{spent} spent, {left} left over.", spent=money(spent), left=money(planned - spent))


def area(square_metres: Decimal) -> str:
    return i18n.area(lang(), square_metres)


def number(value: int | Decimal | Fraction, digits: int | None = None) -> str:
    return i18n.number(lang(), value, digits)


def share(value: Fraction, digits: int = 1) -> str:
    return i18n.share(lang(), value, digits)


def listed(items: Iterable[str]) -> str:
    return i18n.listed(lang(), items)


def joined(*facts: str) -> str:
    """Facts one after the other, as the language parts them; empty ones are left out."""
    given = [each for each in facts if each]
    said = given[0] if given else ""
    for each in given[1:]:
        said = t("{one}, {two}", one=said, two=each)
    return said
