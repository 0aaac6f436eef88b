"""Votes that are over and wait for their reveal, and who may show the result."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.meeting import Meeting
from models.people import Person, RoleHeld
from models.poll import Poll
from models.vocabulary import MeetingState, PollState, Role
from services import actors, permission
from services.rules import access
from services.rules.board import LATE


def waiting(at: datetime) -> SelectOfScalar[Poll]:
    """The votes that are over at this moment and not shown yet, the first that closed on top.

    A vote of a meeting that is being held does not wait: its chair shows the result at the table.
    """
    over = (col(Poll.state) == PollState.CLOSED) | ((col(Poll.state) == PollState.OPEN) & (col(Poll.closes_at) <= at))
    free = col(Poll.meeting_id).is_(None) | col(Poll.meeting_id).not_in(_held(at))
    return select(Poll).where(over, free).order_by(col(Poll.closes_at), Poll.id)


def at_a_table(db: Session, poll: Poll, at: datetime) -> bool:
    """Whether its meeting is being held at this moment."""
    return poll.meeting_id is not None and db.exec(_held(at).where(Meeting.id == poll.meeting_id)).first() is not None


def _held(at: datetime) -> SelectOfScalar[str]:
    """Meetings that go on; one that nobody has moved on for long was only left open."""
    return select(Meeting.id).where(Meeting.state == MeetingState.HELD, col(Meeting.position_since) > at - LATE)


def who_may(db: Session, poll: Poll) -> list[str]:
    """Everybody who may show its result, by the table of permissions."""
    named = [role for role in Role if role.value in access.TABLE["poll.reveal"].who]
    held = select(RoleHeld.person_id).where(col(RoleHeld.role).in_(named), col(RoleHeld.until).is_(None))
    people = db.exec(select(Person).where(col(Person.id).in_(held)).order_by(Person.id)).all()
    return [each.id for each in people if permission.why_not(db, actors.of_person(db, each), "poll.reveal", poll) is None]


def asked(db: Session, poll: Poll) -> list[str]:
    """Whom its reveal falls to: the chair of its meeting, else everybody who may."""
    may = who_may(db, poll)
    meeting = db.get(Meeting, poll.meeting_id) if poll.meeting_id else None
    return [meeting.chair_id] if meeting is not None and meeting.chair_id in may else may
