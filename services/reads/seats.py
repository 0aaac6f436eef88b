"""Who is at a table: the seats of each party, for the quorum, the wall and the minutes; and the minutes themselves."""

from __future__ import annotations

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from models.account import Message
from models.meeting import Attendance, Invitation, Meeting, MeetingParty, Minutes
from models.people import RoleHeld
from models.vocabulary import MeetingState, Role
from services import clock
from services.actors import Actor
from services.i18n import N_
from services.rules.board import LATE, Seats

CHAIRS = N_("You chair the meeting “{title}” on {day}.")
CHAIRS_NO_MORE = N_("You no longer chair the meeting “{title}” on {day}. Somebody else does.")
"""What a chair is told; whoever was told one of them was named chair once."""


def missed() -> ColumnElement[bool]:
    """The rule `board.missed` for a query: its time is over, and nobody opened it."""
    return (col(Meeting.state) == MeetingState.CONVENED) & (col(Meeting.starts_at) <= clock.now() - LATE)


def quorum(db: Session, meeting_id: str) -> list[Seats]:
    """The seats of each party in the order of the invitation: there now, needed, invited, and how many came at all."""
    parties = db.exec(select(MeetingParty).where(MeetingParty.meeting_id == meeting_id).order_by(col(MeetingParty.position))).all()
    came = db.exec(select(Attendance.party_id, Attendance.left_at).where(Attendance.meeting_id == meeting_id)).all()
    invited = db.exec(
        select(Invitation.party_id).where(Invitation.meeting_id == meeting_id, col(Invitation.withdrawn_at).is_(None))
    ).all()
    return [
        Seats(
            row.party,
            row.label,
            have=sum(1 for party, left in came if party == row.id and left is None),
            need=row.need,
            invited=sum(1 for party in invited if party == row.id),
            came=sum(1 for party, _ in came if party == row.id),
        )
        for row in parties
    ]


def invitation_of(db: Session, meeting_id: str, person_id: str) -> Invitation | None:
    """The invitation of a person that still holds."""
    live = (Invitation.meeting_id == meeting_id, Invitation.person_id == person_id, col(Invitation.withdrawn_at).is_(None))
    return db.exec(select(Invitation).where(*live)).first()


def sitting(db: Session, meeting_id: str, person_id: str) -> Attendance | None:
    """The seat of a person who is there now."""
    there = (Attendance.meeting_id == meeting_id, Attendance.person_id == person_id, col(Attendance.left_at).is_(None))
    return db.exec(select(Attendance).where(*there)).first()


def chairs_text(db: Session, meeting: Meeting, written: Minutes | None, *readers: Actor) -> str:
    """The chair's words, or "": before they are confirmed they are for those only who may write them or were invited."""
    if written is None or written.confirmed_at is not None:
        return written.text if written else ""
    invited = select(Invitation.person_id).where(Invitation.meeting_id == meeting.id, col(Invitation.withdrawn_at).is_(None))
    people = {meeting.chair_id, *db.exec(invited).all()}
    home = [each for each in readers if each.community_id == meeting.community_id]
    return written.text if any(each.system or each.person_id in people or each.holds(Role.COMMITTEE) for each in home) else ""


def may_chair(db: Session, person_id: str) -> bool:
    """Whether this person holds the chair's role now."""
    held = select(RoleHeld.id).where(RoleHeld.person_id == person_id, RoleHeld.role == Role.CHAIR, col(RoleHeld.until).is_(None))
    return db.exec(held).first() is not None


def was_chair(db: Session, meeting_id: str, person_id: str | None) -> bool:
    """Whether this person was told once that they chair this meeting, or that they no longer do."""
    told = select(Message.id).where(Message.person_id == person_id, Message.about == f"meeting:{meeting_id}")
    return person_id is not None and db.exec(told.where(col(Message.message).in_((CHAIRS, CHAIRS_NO_MORE)))).first() is not None


def minutes_of(db: Session, meeting_id: str) -> Minutes | None:
    """The minutes of a meeting, None before it is closed."""
    return db.exec(select(Minutes).where(Minutes.meeting_id == meeting_id)).first()
