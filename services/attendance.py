"""Who comes to a meeting: signing in from a phone, by the chair, by a personal invitation code; leaving and coming back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import col, func, select

from models.audit import Event
from models.meeting import Attendance, Invitation, Meeting, MeetingParty
from models.people import Person
from models.vocabulary import MeetingState
from services import attempts, audit, clock, once
from services.actors import Actor, visitor
from services.db import EVERYWHERE, reading
from services.errors import Conflict, Invalid, NotAllowed, WrongStage
from services.messages import ERASED, erased
from services.permission import require
from services.rules import codes
from services.rules.access import NOT_INVITED
from services.rules.board import DOORS_OPEN, OVER
from services.work import Work, do

DOOR = "invitation"
UNKNOWN = "No meeting belongs to this code. Compare it with the paper, or ask the committee for another."
CODE_LASTS = timedelta(days=2)
"""How long after the beginning of a meeting its personal codes and tickets still open its page."""


def attend(work: Work, *, meeting_id: str) -> Attendance:
    """Sign in oneself. Twice is the same as once; who left comes back to the same seat."""
    meeting = work.fetch(Meeting, meeting_id, lock=True)
    require(work, "meeting.attend", meeting)
    return _seat(work, meeting, str(work.actor.person_id), by=None)


def attend_for(work: Work, *, meeting_id: str, person_id: str) -> Attendance:
    """Sign in somebody who is there without a phone."""
    meeting = work.fetch(Meeting, meeting_id, lock=True)
    require(work, "meeting.attend_for", meeting)
    return _seat(work, meeting, work.fetch(Person, person_id).id, by=work.actor.person_id)


def leave(work: Work, *, meeting_id: str, person_id: str | None = None) -> Attendance:
    """Leave early; with `person_id` the chair notes that somebody left. Twice is the same as once. Raises Conflict for who had no seat."""
    meeting = work.fetch(Meeting, meeting_id, lock=True)
    require(work, "meeting.attend_for" if person_id else "meeting.attend", meeting)
    who = person_id or work.actor.person_id
    seat = work.db.exec(select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.person_id == who)).first()
    if seat is None:
        raise Conflict("This seat is empty already.")
    if seat.left_at is not None:
        return seat
    if meeting.state in OVER:
        raise WrongStage("This meeting is over.")
    seat.left_at = work.moment
    work.record("meeting.attend", meeting, seat=seat.seat, there=False)
    work.touch(f"meeting:{meeting.id}")
    return seat


def _seat(work: Work, meeting: Meeting, person_id: str, by: str | None) -> Attendance:
    if meeting.state is MeetingState.CANCELLED:
        raise WrongStage("This meeting has been called off.")
    if meeting.state is MeetingState.CLOSED:
        raise WrongStage("This meeting is over.")
    if erased(work, person_id):
        raise Conflict(ERASED)
    if work.moment < meeting.starts_at - DOORS_OPEN:
        raise WrongStage("Signing in starts three hours before the meeting.")
    invited = work.db.exec(
        select(Invitation).where(
            Invitation.meeting_id == meeting.id, Invitation.person_id == person_id, col(Invitation.withdrawn_at).is_(None)
        )
    ).first()
    if invited is None:
        if person_id == meeting.chair_id:
            raise Conflict("You chair this meeting; the chair needs no seat.")
        raise NotAllowed("This person is not on the list yet. Invite them for a party first." if by else NOT_INVITED)
    seat = work.db.exec(select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.person_id == person_id)).first()
    if seat is not None and seat.left_at is None:
        return seat
    if seat is None:
        last = work.db.exec(select(func.max(Attendance.seat)).where(Attendance.meeting_id == meeting.id)).one()
        seat = Attendance(
            id=work.new_id(),
            community_id=work.community_id,
            meeting_id=meeting.id,
            party_id=invited.party_id,
            person_id=person_id,
            seat=(last or 0) + 1,
            at=work.moment,
            by_id=by,
        )
        work.add(seat)
    else:
        seat.left_at, seat.party_id = None, invited.party_id
    work.record("meeting.attend" if by is None else "meeting.attend_for", meeting, seat=seat.seat, there=True)
    work.touch(f"meeting:{meeting.id}")
    return seat


# ---- personal codes on printed invitations


@dataclass(frozen=True)
class PersonalCode:
    """What a printed invitation carries; the code is shown this once."""

    name: str
    label: str
    code: str


def invitation_codes(
    work: Work, *, meeting_id: str, person_id: str | None = None, missing: bool = False, form: str = ""
) -> list[PersonalCode]:  # fmt: skip
    """A fresh code for everybody who is invited and has not signed in; older ones of theirs end. In the order of the parties.

    `person_id`: for this one alone, whose sheet was lost; `missing`: only for those who have none yet, so that no sheet that was
    handed out ends. The same form sent again makes none. Raises Conflict.
    """
    meeting = work.fetch(Meeting, meeting_id, lock=True)
    require(work, "meeting.invite", meeting)
    if meeting.state in OVER:
        raise WrongStage("This meeting is over.")
    sheets = once.name(work, form)
    if earlier := _made(work, meeting, sheets):
        raise once.printed(work, earlier)
    there = select(Attendance.person_id).where(Attendance.meeting_id == meeting.id, col(Attendance.left_at).is_(None))
    invited = (
        select(Invitation, Person, MeetingParty)
        .join(Person, col(Person.id) == Invitation.person_id)
        .join(MeetingParty, col(MeetingParty.id) == Invitation.party_id)
        .where(Invitation.meeting_id == meeting.id, col(Invitation.withdrawn_at).is_(None), col(Invitation.person_id).not_in(there))
        .where(col(Person.erased_at).is_(None))
        .order_by(col(MeetingParty.position), col(Person.name), col(Person.id))
    )
    if person_id is not None:
        invited = invited.where(Invitation.person_id == person_id)
    if missing:
        invited = invited.where(col(Invitation.code_sha256).is_(None))
    made = []
    for invitation, person, party in work.db.exec(invited).all():
        code = codes.make(codes.ONE_TIME, secrets.token_bytes(codes.ONE_TIME.bytes))
        invitation.code_sha256, invitation.exchanged_at = _mark(code), None
        invitation.ticket_sha256, invitation.form_token = None, ""
        made.append(PersonalCode(person.name, party.label, codes.grouped(code)))
    if not made:
        raise Conflict("Nobody needs a code: whom it would be for has signed in, has one already or is not invited.")
    work.record("meeting.invite", meeting, codes=len(made), form=sheets)
    return made


def _made(work: Work, meeting: Meeting, sheets: str) -> datetime | None:
    """When the codes of this form were made, which the log knows: an invitation keeps its newest code alone."""
    acts = select(Event).where(Event.subject == f"meeting:{meeting.id}", Event.action == "meeting.invite")
    return next((act.at for act in work.db.exec(acts).all() if audit.facts_of(act).get("form") == sheets), None)


@dataclass(frozen=True)
class Ticket:
    """What a code was exchanged for: the cookie's secret, and the meeting it is for."""

    secret: str
    meeting_code: str


def exchange(work: Work, *, code: str) -> Ticket:
    """Turn a personal code into a ticket for one browser. It works once."""
    mark = _mark(codes.normal(code))
    invitation = work.db.exec(select(Invitation).where(Invitation.code_sha256 == mark).with_for_update()).first()
    if invitation is None or invitation.withdrawn_at is not None:
        raise Invalid(UNKNOWN, field="code")
    meeting = work.fetch(Meeting, invitation.meeting_id)
    require(work, "meeting.exchange_code", meeting)
    if work.moment > meeting.starts_at + CODE_LASTS or meeting.state is MeetingState.CANCELLED:
        raise WrongStage("This meeting is over.")
    if invitation.exchanged_at is not None:
        raise Conflict("This code is used. Ask the committee for another.", field="code")
    secret = secrets.token_hex(32)
    invitation.exchanged_at, invitation.ticket_sha256 = work.moment, _mark(secret)
    invitation.form_token = secrets.token_hex(32)
    work.record("meeting.exchange_code", meeting)
    return Ticket(secret, meeting.code)


def enter(code: str, browser: str, asks: str) -> Ticket:
    """The way in by personal code, for the door. Unknown codes are counted by `asks` (an address) and slow down guessing. Raises Refusal.

    A code that is somebody's, but used or too late, is no guess: a whole room may share one address.

    The community is found by the code, so this looks across communities.
    """
    with attempts.counted(DOOR, asks):
        with reading(EVERYWHERE) as db:
            found = db.exec(select(Invitation.community_id).where(Invitation.code_sha256 == _mark(codes.normal(code)))).first()
        if found is None:
            codes.read(code, codes.ONE_TIME)
            raise Invalid(UNKNOWN, field="code")
    return do(visitor(found, browser), exchange, code=code)


def fits(secret: str, code: str) -> str | None:
    """The meeting's short code if this ticket was given for this personal code: the same sheet scanned again on the same phone."""
    with reading(EVERYWHERE) as db:
        row = db.exec(select(Invitation).where(Invitation.code_sha256 == _mark(codes.normal(code)))).first()
        if row is None or row.withdrawn_at is not None or row.ticket_sha256 != _mark(secret):
            return None
        return db.get_one(Meeting, row.meeting_id).code


def guest(secret: str | None, meeting_id: str) -> Actor | None:
    """The invited person behind a ticket for this meeting, without any role: enough to sit at that one table. None for any other."""
    if not secret or len(secret) > 200:
        return None
    with reading(EVERYWHERE) as db:
        found = db.exec(
            select(Invitation, Person, Meeting)
            .join(Person, col(Person.id) == Invitation.person_id)
            .join(Meeting, col(Meeting.id) == Invitation.meeting_id)
            .where(Invitation.ticket_sha256 == _mark(secret), Meeting.id == meeting_id, col(Invitation.withdrawn_at).is_(None))
        ).first()
        if found is None:
            return None
        invitation, person, meeting = found
        if person.erased_at is not None or clock.now() > meeting.starts_at + CODE_LASTS or meeting.state is MeetingState.CANCELLED:
            return None
        return Actor(person.community_id, person.id, person.name, form_token=invitation.form_token)


def _mark(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
