"""Periods: every day lies in exactly one quarter and one year, and keys lead back to their days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.rules.periods import bounds, keys, within


def test_bounds() -> None:
    assert bounds("2026") == (date(2026, 1, 1), date(2026, 12, 31))
    assert bounds("2026-q1") == (date(2026, 1, 1), date(2026, 3, 31))
    assert bounds("2024-q4") == (date(2024, 10, 1), date(2024, 12, 31))
    for wrong in ("", "2026-q5", "0000", "9999", "26", "x", "2026-q", "２０２６"):
        assert bounds(wrong) is None


def test_keys() -> None:
    assert keys(date(2025, 11, 3), date(2026, 5, 1)) == ["2026", "2026-q2", "2026-q1", "2025", "2025-q4"]
    assert len([each for each in keys(date(2000, 1, 1), date(2026, 5, 1)) if "q" in each]) == 12


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_a_day_lies_in_one_quarter(day: date) -> None:
    mine = [f"{day.year}-q{n}" for n in range(1, 5) if within(day, f"{day.year}-q{n}")]
    assert len(mine) == 1 and within(day, str(day.year)) and within(day, "")
    span = bounds(mine[0])
    assert span is not None and timedelta(days=89) <= span[1] - span[0] <= timedelta(days=91)
