"""How late something is that is due on a day: the one answer for every page, list and card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from models.vocabulary import Lateness
from services import clock
from services.rules import due


@dataclass(frozen=True)
class DayClock:
    """What is open and due on a day: time `left` to its 24:00, whole days behind it (0: not late), and the colour of that."""

    left: timedelta
    days: int
    level: Lateness


def day_clock(planned: date, zone: str) -> DayClock:
    """The clock of something that is not done yet."""
    return DayClock(clock.end_of(planned, zone) - clock.now(), days_late(planned, None, clock.today(zone)), level(planned, zone))


def days_late(planned: date, done: date | None, today: date) -> int:
    """Days after the planned one (below zero: before it); an open one counts from today and is never early."""
    return (done - planned).days if done else max(0, (today - planned).days)


def level(planned: date, zone: str) -> Lateness:
    """The colour of something open that is due at 24:00 of a day."""
    return due.lateness(clock.end_of(planned, zone), clock.now(), due.IN_DAYS)
