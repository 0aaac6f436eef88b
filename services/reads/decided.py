"""What was decided on a matter: its last revealed vote, and what won."""

from __future__ import annotations

from sqlmodel import Session, col, select

from models.poll import Poll
from models.vocabulary import PollState
from services.reads.outcomes import answers


def last_poll(db: Session, proposal_id: str) -> Poll | None:
    """The last vote on a matter that was revealed."""
    found = select(Poll).where(Poll.proposal_id == proposal_id, Poll.state == PollState.REVEALED)
    return db.exec(found.order_by(col(Poll.revealed_at).desc(), Poll.id)).first()


def decided(db: Session, poll: Poll) -> str:
    """The title of what won; "" for a yes/no vote or where nothing won."""
    won = (poll.outcome or {}).get("winners") or []
    return next((each.title for each in answers(db, poll) if [each.code] == won and each.title), "")
