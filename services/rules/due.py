"""Deadlines and lateness: when something is due, how late it is and in which colour; the limits are data, the time is given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.vocabulary import Lateness
from services.errors import Invalid

_TERM = re.compile(r"\s*(\d{1,4})\s*(h|d)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """How long somebody has: hours run from the moment on; days end at 24:00 of the last one, the first day not counted."""

    hours: int = 0
    days: int = 0

    def __str__(self) -> str:
        return f"{self.days} d" if self.days else f"{self.hours} h"

    def last_day(self, first: date) -> date:
        """The day at whose end a term in days is over, when it began on `first`."""
        return first + timedelta(days=self.days)

    def due(self, start: datetime, end_of_last_day: datetime | None = None) -> datetime:
        """The moment at which the term is over. A term in days needs 24:00 of `last_day` in the community's zone, as a moment."""
        if not self.days:
            return start + timedelta(hours=self.hours)
        if end_of_last_day is None:
            raise ValueError("a term in days needs the end of its last day")
        return end_of_last_day


def term(text: str) -> Term:
    """A term from "24 h" or "7 d" (1 to 9999). Raises Invalid."""
    parts = _TERM.fullmatch(text)
    if parts is None or int(parts[1]) < 1:
        raise Invalid("A term is written like “24 h” or “7 d”.", field="term")
    return Term(hours=int(parts[1])) if parts[2] == "h" else Term(days=int(parts[1]))


@dataclass(frozen=True, slots=True)
class Limits:
    """From how late on each colour holds; never falling."""

    blue: timedelta = timedelta(0)
    yellow: timedelta = timedelta(hours=1)
    red: timedelta = timedelta(hours=6)

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.blue <= self.yellow <= self.red:
            raise ValueError("limits must not fall from blue to yellow to red")


IN_HOURS = Limits()
"""Ours: for answers that are due within hours."""
IN_DAYS = Limits(timedelta(0), timedelta(days=2), timedelta(days=7))
"""Ours: for work that is due on a day."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What a clock shows: how much is left (below zero: how late), and the colour."""

    left: timedelta
    level: Lateness

    @property
    def late(self) -> bool:
        return self.level is not Lateness.NONE


def clock(due: datetime, now: datetime, limits: Limits = IN_HOURS) -> Clock:
    """The clock at `now` of something due at `due`, both aware. From the very moment it is due it counts as late."""
    return Clock(due - now, lateness(due, now, limits))


def days_early(at: datetime, ends_at: datetime, zone: str) -> int | None:
    """Whole days of the calendar in `zone` between the day of `at` and the last day of a term that is over at `ends_at`.

    0 is the last day itself, before its end; None where the term was over.
    """
    if at >= ends_at:
        return None
    last = (ends_at - timedelta.resolution).astimezone(ZoneInfo(zone)).date()
    return (last - at.astimezone(ZoneInfo(zone)).date()).days


def lateness(due: datetime, now: datetime, limits: Limits = IN_HOURS) -> Lateness:
    """The colour at `now`: none before the deadline (and before `limits.blue`), then blue, yellow, red."""
    behind = now - due
    if behind < timedelta(0) or behind < limits.blue:
        return Lateness.NONE
    return Lateness.BLUE if behind < limits.yellow else Lateness.YELLOW if behind < limits.red else Lateness.RED
