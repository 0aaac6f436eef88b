"""Deadlines and lateness at their very boundaries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from models.vocabulary import Lateness
from services import clock as wall
from services.errors import Invalid
from services.rules import due

START = datetime(2026, 3, 2, 2, 55, tzinfo=UTC)


def test_hours_run_from_the_moment() -> None:
    assert due.term("24 h").due(START) == START + timedelta(hours=24)
    assert str(due.term(" 24h ")) == "24 h"


def test_days_end_at_midnight_of_the_last_day_in_the_zone() -> None:
    """A notice of 7 days shown on 2 March runs through 9 March: 24:00 in Shanghai is 16:00 UTC."""
    seven = due.term("7 d")
    last = seven.last_day(date(2026, 3, 2))
    assert last == date(2026, 3, 9)
    assert seven.due(START, wall.end_of(last, "Asia/Shanghai")) == datetime(2026, 3, 9, 16, tzinfo=UTC)
    with pytest.raises(ValueError, match="end of its last day"):
        seven.due(START)


@pytest.mark.parametrize("text", ["", "24", "h", "0 h", "-1 h", "1.5 h", "24 hours", "99999 d", "２４ h"])
def test_a_term_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="A term is written like"):
        due.term(text)


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("behind", "level"),
    [
        (-SECOND, Lateness.NONE),
        (timedelta(0), Lateness.BLUE),
        (timedelta(hours=1) - SECOND, Lateness.BLUE),
        (timedelta(hours=1), Lateness.YELLOW),
        (timedelta(hours=6) - SECOND, Lateness.YELLOW),
        (timedelta(hours=6), Lateness.RED),
        (timedelta(days=400), Lateness.RED),
    ],
)
def test_colours_change_at_their_limits(behind: timedelta, level: Lateness) -> None:
    shown = due.clock(START, START + behind)
    assert (shown.level, shown.left, shown.late) == (level, -behind, level is not Lateness.NONE)


def test_limits_are_data_and_never_fall() -> None:
    grace = due.Limits(timedelta(hours=2), timedelta(hours=2), timedelta(days=1))
    assert due.lateness(START, START + timedelta(hours=1), grace) is Lateness.NONE
    assert due.lateness(START, START + timedelta(hours=2), grace) is Lateness.YELLOW
    with pytest.raises(ValueError, match="must not fall"):
        due.Limits(timedelta(hours=2), timedelta(hours=1))
