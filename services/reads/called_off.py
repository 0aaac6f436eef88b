"""What was called off or moved: when and by whom (the row says that it was, the log says when), and the votes of a meeting that were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.audit import Event
from models.meeting import Meeting
from models.poll import Poll
from models.vocabulary import PollState
from services.audit import facts_of
from services.reads import counts

ACTS = {"meeting": "meeting.cancel", "poll": "poll.cancel"}


def called_off(db: Session, row: Meeting | Poll) -> tuple[datetime, str] | None:
    """The moment and who did it, by id; None where the log does not have it."""
    kind = "meeting" if isinstance(row, Meeting) else "poll"
    found = select(Event.at, Event.actor).where(Event.subject == f"{kind}:{row.id}", Event.action == ACTS[kind])
    return db.exec(found.order_by(col(Event.seq).desc())).first()


@dataclass(frozen=True)
class Planned:
    """What was planned otherwise when a meeting was called: another time (`at`, None for the same), another place meanwhile."""

    at: datetime | None
    elsewhere: bool


def moved_from(db: Session, meeting: Meeting) -> Planned | None:
    """How a meeting was planned before it was moved; None where it never was. The log keeps the time before a change, and no texts."""
    found = select(Event).where(Event.subject == f"meeting:{meeting.id}", Event.action == "meeting.change").order_by(col(Event.seq))
    changes = [facts_of(each) for each in db.exec(found).all()]
    first = next((datetime.fromisoformat(str(each["was_at"])) for each in changes if each.get("was_at")), meeting.starts_at)
    elsewhere = any(bool(each.get("elsewhere")) for each in changes)
    at = first if first != meeting.starts_at else None
    return Planned(at, elsewhere) if at or elsewhere else None


@dataclass(frozen=True)
class Lost:
    """A vote that was open and was called off: `received` ballots were in and are not counted."""

    number: str
    question: str
    reason: str
    received: int


def votes_lost(db: Session, meeting_id: str, proposal_id: str | None, until: datetime | None = None) -> tuple[Lost, ...]:
    """The votes on a matter in a meeting that were called off while they were open, in their order: an item lets go of such a vote.

    `until`: when the meeting closed; a vote that was opened later was none of its own.
    """
    lost = select(Poll).where(
        Poll.meeting_id == meeting_id, Poll.proposal_id == proposal_id, Poll.state == PollState.CANCELLED, col(Poll.opened_at).is_not(None)
    )
    if until is not None:
        lost = lost.where(col(Poll.opened_at) <= until)
    found = db.exec(lost.order_by(col(Poll.prepared_at), Poll.id)).all() if proposal_id else ()
    return tuple(Lost(each.number, each.question, each.cancelled_reason, counts.received(db, each).n) for each in found)
