"""The one clock: everything that needs the time asks here, so that a replay can set it and a demo can move it forward."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_set: ContextVar[datetime | None] = ContextVar("moment", default=None)
_ahead: Callable[[], timedelta] = timedelta


def now() -> datetime:
    """This moment, aware, in UTC: the one set by `at`, else the machine's plus what the demo was moved ahead."""
    fixed = _set.get()
    return fixed if fixed is not None else datetime.now(UTC) + _ahead()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside this block it is `moment` (aware), in this thread or task only."""
    token = _set.set(utc(moment))
    try:
        yield
    finally:
        _set.reset(token)


def follow(ahead: Callable[[], timedelta]) -> None:
    """Ask `ahead` how far a demo clock has been moved forward; never a negative span."""
    global _ahead
    _ahead = ahead


def utc(moment: datetime) -> datetime:
    """The same moment in UTC; a naive one is a bug and raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(UTC)


def day_of(moment: datetime, zone: str) -> date:
    """The date of `moment` on the wall of a community in `zone` (an IANA name)."""
    return moment.astimezone(ZoneInfo(zone)).date()


def today(zone: str) -> date:
    """The date on the wall of a community in `zone`, now."""
    return day_of(now(), zone)


def end_after(moment: datetime, days: int, zone: str) -> datetime:
    """24:00 of the day `days` after the one of `moment`: the day of publication itself is not counted."""
    return end_of(day_of(moment, zone) + timedelta(days=days), zone)


def end_of(day: date, zone: str) -> datetime:
    """24:00 of `day` in `zone`, in UTC: the moment at which a day's deadline has passed."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
