"""The upkeep that runs for a matter, and what this reader can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from models.project import Upkeep
from services import clock, permission
from services.actors import Actor
from services.db import reading
from services.reads.house import doorplate
from services.reads.remembered import remembered


@dataclass(frozen=True)
class Running:
    """One upkeep: who does what, when next; `late` in days, 0 while there is time; what this reader may do."""

    id: str
    label: str
    deed: str
    every_days: int
    next_on: date
    late: int
    may_note: bool
    may_end: bool


@remembered
def running(actor: Actor, proposal_id: str) -> tuple[Running, ...]:
    """The upkeeps of a matter that have not ended, the next due first."""
    with reading(actor.community_id) as db:
        rows = db.exec(
            select(Upkeep).where(Upkeep.proposal_id == proposal_id, col(Upkeep.ended_at).is_(None)).order_by(col(Upkeep.next_on), Upkeep.id)
        ).all()
        if not rows:
            return ()
        today = clock.today(doorplate(db, actor.community_id).zone)
        return tuple(
            Running(
                row.id,
                row.label,
                row.deed,
                row.every_days,
                row.next_on,
                max(0, (today - row.next_on).days),
                permission.why_not(db, actor, "upkeep.kept", row) is None,
                permission.why_not(db, actor, "upkeep.end", row) is None,
            )
            for row in rows
        )
