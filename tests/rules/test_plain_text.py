"""What people typed: lines kept, nothing that hides or turns, and doing it twice changes nothing."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from services.rules.plain_text import one_line, plain_text


@given(st.text(max_size=200))
def test_twice_is_once_and_nothing_hidden_is_left(typed: str) -> None:
    once = plain_text(typed)
    assert plain_text(once) == once
    assert not [each for each in once if unicodedata.category(each) in ("Cc", "Cs", "Co") and each != "\n"]
    assert not set(once) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\ufeff\u2028\u2029")
    assert "\n" not in one_line(typed)


def test_examples() -> None:
    assert plain_text("  甲\r\n乙\r\n\r\n\r\n\r\n丙\t丁  ") == "甲\n乙\n\n丙 丁"
    assert plain_text("李\u202e四\u200b师傅\x00\x1b[31m") == "李四师傅[31m"
    assert plain_text("ä" + "\u0301" * 50) == "ä" + "\u0301" * 3
    assert one_line("一\n二\u3000 三") == "一 二 三"
