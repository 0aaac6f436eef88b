"""When a meeting or a vote was called off and by whom: its row says that it was, the log says when."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from models.audit import Event
from models.meeting import Meeting
from models.poll import Poll

ACTS = {"meeting": "meeting.cancel", "poll": "poll.cancel"}


def called_off(db: Session, row: Meeting | Poll) -> tuple[datetime, str] | None:
    """The moment and who did it, by id; None where the log does not have it."""
    kind = "meeting" if isinstance(row, Meeting) else "poll"
    found = select(Event.at, Event.actor).where(Event.subject == f"{kind}:{row.id}", Event.action == ACTS[kind])
    return db.exec(found.order_by(col(Event.seq).desc())).first()
