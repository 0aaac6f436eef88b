"""The demo's clock: moved forward by hand, never back, so that a notice of seven days can be walked in one sitting."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from models.account import Login
from services import installation, permission
from services.checks import Checks
from services.db import EVERYWHERE
from services.errors import Invalid, NotAllowed
from services.work import Work

MOST_HOURS = 24 * 366
LATEST = 10 * 366 * 24 * 3600
"""Seconds; ten years are enough for anybody's trial."""


def advance(work: Work, hours: int = 0, *, days: int | None = None) -> timedelta:
    """Move the clock forward by whole hours, or by whole `days`, 1 to a year at once; returns how far it is ahead now. The logins of all
    communities go along.

    The ticker then does what has come due. Raises NotAllowed outside a demo.
    """
    permission.require(work, "clock.advance")
    row = installation.row(work.db, lock=True)
    if not row.demo:
        raise NotAllowed("The clock moves in a demo only.")
    check, asked = Checks(), "hours" if days is None else "days"
    hours = check.whole("hours", hours, 1, MOST_HOURS) if days is None else check.whole("days", days, 1, MOST_HOURS // 24) * 24
    check.done()
    if row.ahead_seconds + hours * 3600 > LATEST:
        raise Invalid("The clock is ten years ahead already. Make a new demo.", field=asked)
    row.ahead_seconds += hours * 3600
    for login in _logins(work):
        login.seen_at += timedelta(hours=hours)
        login.ends_at += timedelta(hours=hours)
    work.db.flush()
    work.record("clock.advance", None, hours=hours)
    work.touch("clock")
    return timedelta(seconds=row.ahead_seconds)


def _logins(work: Work) -> list[Login]:
    """Those that have not ended, of every community: the demo has one clock, and who only moved it has not been away."""
    here = work.db.info["community"]
    work.db.info["community"] = EVERYWHERE
    try:
        return list(work.db.exec(select(Login).where(col(Login.ended_at).is_(None))).all())
    finally:
        work.db.info["community"] = here
