"""Words and figures: catalogs agree, every enum has words, spans and money are exact, the language is chosen as asked."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import models.vocabulary as vocabulary
from services import clock, i18n
from services.i18n import LANGS

ENUMS = [
    kind
    for kind in vars(vocabulary).values()
    if isinstance(kind, type) and issubclass(kind, Enum) and kind.__module__ == vocabulary.__name__
]
NBSP = "\u00a0"


def placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("lang", LANGS)
def test_no_two_files_disagree(lang: str) -> None:
    assert i18n.clashes(lang) == []


@pytest.mark.parametrize("lang", LANGS)
def test_placeholders_are_those_of_the_id(lang: str) -> None:
    wrong = [
        (message, form)
        for (_, message), forms in i18n.catalog(lang).items()
        for form in forms
        if placeholders(form) - {"n"} != placeholders(message) - {"n"}
    ]
    assert wrong == []


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: kind.__name__)
def test_every_enum_member_has_a_chinese_word(kind: type[Enum]) -> None:
    missing = [member.value for member in kind if (kind.__name__, str(member.value).replace("_", " ")) not in i18n.catalog("zh-CN")]
    assert missing == []


def test_two_files_that_disagree_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "zh_CN"
    folder.mkdir()
    for name, said in (("a", "甲"), ("b", "乙")):
        (folder / f"{name}.po").write_text(
            f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "x"\nmsgstr "{said}"\n', encoding="utf-8"
        )
    assert i18n.clashes("zh-CN", tmp_path) == ["'x': a.po and b.po"]
    assert i18n.catalog("zh-CN", tmp_path)[("", "x")] == ("甲",)


def test_a_missing_message_is_its_id() -> None:
    assert i18n.text("zh-CN", "No such sentence, {n} times.", n=3) == "No such sentence, 3 times."
    assert i18n.text_n("zh-CN", "{n} nosuch", "{n} nosuches", 1) == "1 nosuch"


def test_counted_messages() -> None:
    assert [i18n.text_n("en", "{n} day", "{n} days", n) for n in (0, 1, 2, 1200)] == ["0 days", "1 day", "2 days", "1,200 days"]
    assert i18n.text_n("zh-CN", "{n} day", "{n} days", 1) == "1 天"


@pytest.mark.parametrize(
    ("left", "chinese", "english"),
    [
        (timedelta(hours=9, minutes=3), "还剩 9 小时", "9 hours left"),
        (timedelta(minutes=100), "还剩 1 小时 40 分", "1 hour 40 min left"),
        (timedelta(days=4, hours=23), "还剩 4 天", "4 days left"),
        (timedelta(seconds=30), "还剩不到 1 分", "less than 1 min left"),
        (-timedelta(minutes=20), "超时 20 分", "20 min late"),
        (-timedelta(hours=7, minutes=59), "超时 7 小时", "7 hours late"),
        (-timedelta(days=9), "超时 9 天", "9 days late"),
    ],
)
def test_clocks_say_the_time_first(left: timedelta, chinese: str, english: str) -> None:
    assert (i18n.span("zh-CN", left), i18n.span("en", left)) == (chinese, english)


def test_days_and_moments() -> None:
    when = datetime(2026, 3, 2, 2, 55, tzinfo=UTC)
    with clock.at(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        assert i18n.day("zh-CN", date(2026, 3, 2)) == "3 月 2 日"
        assert i18n.day("en", date(2026, 3, 2), weekday=True) == "Monday, 2 March"
        assert i18n.day("zh-CN", date(2025, 3, 2)) == "2025 年 3 月 2 日"
        assert i18n.moment("zh-CN", when, "Asia/Shanghai") == "3 月 2 日 10:55"
        assert i18n.moment("en", when, "UTC", year=True, seconds=True) == "2 March 2026, 02:55:00"
        assert i18n.near("zh-CN", when, "Asia/Shanghai") == "今天 10:55"
        assert i18n.near("en", when - timedelta(days=1), "Asia/Shanghai") == "yesterday 10:55"
    assert i18n.stamp(when, "Asia/Shanghai") == "2026-03-02 10:55"
    with pytest.raises(ValueError):
        i18n.moment("en", datetime(2026, 3, 2), "UTC")
    with pytest.raises(TypeError, match="zone"):
        i18n.day("en", when)


@given(st.integers(-(10**15), 10**15))
def test_money_is_exact(fen: int) -> None:
    for lang in LANGS:
        shown = i18n.money(lang, fen)
        assert int(re.sub(r"[^0-9-]", "", shown)) == fen
    assert i18n.money("zh-CN", 17842000) == "178,420.00 元"
    assert i18n.money("en", -5) == "CNY -0.05"


@given(st.fractions(0, 1), st.integers(0, 6))
def test_shares_round_exactly(value: Fraction, digits: int) -> None:
    shown = Fraction(i18n.share("en", value, digits).rstrip("%"))
    assert abs(shown - value * 100) <= Fraction(1, 2 * 10**digits)


def test_figures() -> None:
    assert i18n.area("zh-CN", Decimal("3128.64")) == "3,128.64 m²"
    assert i18n.number("en", Decimal("1.50")) == "1.50"
    assert i18n.listed("zh-CN", ["甲", "乙", "丙"]) == "甲、乙和丙"


@pytest.mark.parametrize(
    ("cookie", "accept", "lang"),
    [
        ("en", "zh-CN", "en"),
        (None, "zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        (None, "en-GB,en;q=0.9,zh;q=0.5", "en"),
        (None, "fr,en;q=0.3", "en"),
        (None, "fr-FR", "zh-CN"),
        (None, None, "zh-CN"),
        ("xx", "", "zh-CN"),
        ("../../etc", "\x00;q=9", "zh-CN"),
    ],
)
def test_the_language_of_a_reader(cookie: str | None, accept: str | None, lang: str) -> None:
    assert i18n.pick(cookie, accept) == lang
