"""Amounts of money as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import Invalid
from services.rules.amounts import fen_of, typed_of


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("", None), ("  ", None), ("0", 0), ("1860", 186_000), ("1,860.50", 186_050), ("１８６０ 元", 186_000), ("¥ 1860.5", 186_050),
        ("2.5万", 2_500_000), ("2.5 万元", 2_500_000), ("1 0000", 1_000_000), ("CNY 12", 1_200), ("100000000", 10_000_000_000),
    ],
)  # fmt: skip
def test_what_is_meant(typed: str, fen: int | None) -> None:
    assert fen_of(typed) == fen


@pytest.mark.parametrize("typed", ["很多", "-1", "1.005", "1e9", "0x10", "1..2", "100000000.01", "2.0000005万", "12,34元吧", "٣", "1" * 70, "NaN"])
def test_what_is_no_amount(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        fen_of(typed, "cost_fen")
    assert refused.value.field == "cost_fen"


@given(st.integers(0, 10_000_000_000))
def test_there_and_back(fen: int) -> None:
    assert fen_of(typed_of(fen)) == fen
