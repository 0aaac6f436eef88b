"""Meetings as pages show them: the list, one meeting with everything on its table, its guests for those who arrange it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, or_, select

from models.community import Community
from models.meeting import AgendaItem, Attendance, Invitation, Meeting, MeetingParty
from models.people import Person
from models.poll import Poll
from models.proposal import Proposal
from models.vocabulary import AgendaKind, MeetingState, PollState, Role
from services import clock, permission
from services.actors import Actor
from services.db import reading
from services.errors import NotFound, Refusal
from services.noted import own_words
from services.reads import searching
from services.reads.board import Board, board, head
from services.reads.meeting_ground import may_convene
from services.reads.poll_ground import why_none
from services.reads.remembered import remembered
from services.reads.revealed import Result, result
from services.reads.seats import chairs_text, invitation_of, may_chair, minutes_of, missed, sitting, was_chair
from services.reads.table import Matter, matters
from services.reads.who import Names
from services.rules import board as rules
from services.rules.board import OVER
from services.rules.sentences import Sentence

DOORS = (
    "meeting.invite", "meeting.change", "meeting.cancel", "meeting.hand_over", "meeting.steer", "meeting.attend", "meeting.attend_for",
    "meeting.commitment", "meeting.minutes", "meeting.confirm_minutes",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A meeting on the list."""

    id: str
    code: str
    title: str
    place: str
    starts_at: datetime
    state: MeetingState
    missed: bool
    matters: tuple[str, ...]
    came: int
    invited: bool
    decided: int


@dataclass(frozen=True)
class Listed:
    """A page of meetings: how many fit, how many are ahead (`held` of them being held now, the next at `next_at`), who may call one."""

    rows: tuple[Row, ...]
    total: int
    ahead: int
    held: int
    past: int
    zone: str
    may_convene: Refusal | None
    next_at: datetime | None


@dataclass(frozen=True)
class Guest:
    """Somebody on the list of a meeting; shown to those who arrange it only. `coded`: an invitation with a code was made for them."""

    person_id: str
    name: str
    label: str
    seat: int | None
    there: bool
    by_phone: bool
    coded: bool


@dataclass(frozen=True)
class AgendaRow:
    """One item, its vote and how that came out; without one, why none can be prepared."""

    id: str
    kind: AgendaKind
    title: str
    minutes: int
    proposal_id: str | None
    poll_id: str | None
    poll_number: str
    poll_state: PollState | None
    result: Result | None
    why_none: Sentence | None


@dataclass(frozen=True)
class Page:
    """One meeting. `doors`: for each act the refusal, or None; `guests` is None for whom names are not shown.

    `chairless`: whoever was named chair holds the chair's role no longer. `own_words`: of the minutes what the chair wrote beside what
    was noted.
    """

    board: Board
    invitation: str
    chair: str
    chair_id: str
    chairless: bool
    language: str
    agenda: tuple[AgendaRow, ...]
    matters: tuple[Matter, ...]
    doors: dict[str, Refusal | None]
    guests: tuple[Guest, ...] | None
    invited: bool
    seat: int | None
    party: str
    minutes: str
    own_words: str
    minutes_at: datetime | None
    confirmed_at: datetime | None


def listed(actor: Actor, *, past: bool = False, search: str = "", page: int = 1, size: int = 12) -> Listed:
    """A page of meetings: those ahead with the nearest first, or those that are over, or were never opened, with the newest first."""
    with reading(actor.community_id) as db:
        over = col(Meeting.state).in_(OVER) | missed()
        wanted = select(Meeting).where(over if past else ~over)
        for part in searching.words(search):
            about = (
                select(AgendaItem.meeting_id)
                .join(Proposal, col(Proposal.id) == AgendaItem.proposal_id)
                .where(searching.says(part, Proposal.title, Proposal.number))
            )
            here = searching.says(part, Meeting.title, Meeting.place)
            wanted = wanted.where(or_(here, col(Meeting.code) == part.upper(), col(Meeting.id).in_(about)))
        order = col(Meeting.starts_at).desc() if past else col(Meeting.starts_at)
        total = db.exec(select(func.count()).select_from(wanted.subquery())).one()
        rows = db.exec(wanted.order_by(order, Meeting.id).offset((page - 1) * size).limit(size)).all()
        ahead = db.exec(select(func.count()).select_from(Meeting).where(~over)).one()
        closed = db.exec(select(func.count()).select_from(Meeting).where(Meeting.state == MeetingState.CLOSED)).one()
        soon = db.exec(select(func.min(Meeting.starts_at)).where(Meeting.state == MeetingState.CONVENED, ~missed())).one()
        held = db.exec(select(func.count()).select_from(Meeting).where(Meeting.state == MeetingState.HELD)).one()
        community = db.get(Community, actor.community_id) if actor.community_id else None
        return Listed(
            tuple(_row(db, row, actor) for row in rows),
            total,
            ahead,
            held,
            closed,
            community.time_zone if community else "Asia/Shanghai",
            may_convene(db, actor),
            soon,
        )


def _row(db: Session, row: Meeting, actor: Actor) -> Row:
    matters = db.exec(
        select(Proposal.title)
        .join(AgendaItem, col(AgendaItem.proposal_id) == Proposal.id)
        .where(AgendaItem.meeting_id == row.id)
        .distinct()
        .order_by(Proposal.title)
    ).all()
    came = db.exec(select(func.count()).select_from(Attendance).where(Attendance.meeting_id == row.id)).one()
    mine = actor.person_id is not None and invitation_of(db, row.id, actor.person_id) is not None
    decided = db.exec(
        select(func.count())
        .select_from(AgendaItem)
        .join(Poll, col(Poll.id) == AgendaItem.poll_id)
        .where(AgendaItem.meeting_id == row.id, Poll.state == PollState.REVEALED)
    ).one()
    mine = mine or row.chair_id == actor.person_id
    gone = rules.missed(row.state, row.starts_at, clock.now())
    return Row(row.id, row.code, row.title, row.place, row.starts_at, row.state, gone, tuple(matters), came, mine, decided)


@remembered
def page(actor: Actor, meeting_id: str) -> Page:
    """One meeting as this reader may see it. Raises NotFound for an absent or foreign one."""
    with reading(actor.community_id) as db:
        meeting = db.get(Meeting, meeting_id) if meeting_id else None
        if meeting is None or meeting.community_id != actor.community_id:
            raise NotFound()
        community = db.get_one(Community, meeting.community_id)
        doors = {each: permission.why_not(db, actor, each, meeting) for each in DOORS}
        written = minutes_of(db, meeting.id)
        text = chairs_text(db, meeting, written, actor)
        mine = invitation_of(db, meeting.id, actor.person_id) if actor.person_id else None
        seat = sitting(db, meeting.id, actor.person_id) if actor.person_id else None
        return Page(
            board=board(db, meeting, head(db, meeting.id)),
            invitation=meeting.invitation,
            chair=_chair(db, actor, meeting),
            chair_id=meeting.chair_id,
            chairless=not may_chair(db, meeting.chair_id),
            language=community.language,
            agenda=tuple(_agenda(db, meeting.id, community)),
            matters=tuple(matters(db, meeting, actor)),
            doors=doors,
            guests=tuple(_guests(db, meeting.id)) if doors["meeting.invite"] is None else None,
            invited=mine is not None,
            seat=seat.seat if seat else None,
            party=db.get_one(MeetingParty, mine.party_id).label if mine else "",
            minutes=text,
            own_words=own_words(db, meeting, written, text),
            minutes_at=written.written_at if written else None,
            confirmed_at=written.confirmed_at if written else None,
        )


def steers(actor: Actor, meeting_id: str) -> bool:
    """Whether this reader chairs this meeting now: what the chair's tablet asks each second."""
    with reading(actor.community_id) as db:
        meeting = db.get(Meeting, meeting_id)
        return meeting is not None and permission.why_not(db, actor, "meeting.steer", meeting) is None


def chaired(actor: Actor, meeting_id: str) -> bool:
    """Whether this reader was named chair of this meeting once, or is."""
    with reading(actor.community_id) as db:
        return was_chair(db, meeting_id, actor.person_id)


def _chair(db: Session, actor: Actor, meeting: Meeting) -> str:
    """The chair's name as this reader may know it."""
    who = Names(db, actor, [meeting.chair_id]).who(meeting.chair_id, meeting.convened_at, Role.CHAIR)
    return who.name if who else ""


def _agenda(db: Session, meeting_id: str, community: Community) -> list[AgendaRow]:
    rows = db.exec(select(AgendaItem).where(AgendaItem.meeting_id == meeting_id).order_by(col(AgendaItem.position))).all()
    made = []
    for row in rows:
        poll = db.get(Poll, row.poll_id) if row.poll_id else None
        made.append(
            AgendaRow(
                row.id,
                row.kind,
                row.title,
                row.minutes,
                row.proposal_id,
                row.poll_id,
                poll.number if poll else "",
                poll.state if poll else None,
                result(db, poll, community) if poll else None,
                why_none(db, row),
            )
        )
    return made


def _guests(db: Session, meeting_id: str) -> list[Guest]:
    rows = db.exec(
        select(Invitation, Person, MeetingParty)
        .join(Person, col(Person.id) == Invitation.person_id)
        .join(MeetingParty, col(MeetingParty.id) == Invitation.party_id)
        .where(Invitation.meeting_id == meeting_id, col(Invitation.withdrawn_at).is_(None))
        .order_by(col(MeetingParty.position), col(Person.name), col(Person.id))
    ).all()
    seats = {each.person_id: each for each in db.exec(select(Attendance).where(Attendance.meeting_id == meeting_id)).all()}
    return [
        Guest(
            person.id,
            person.name,
            party.label,
            seats[person.id].seat if person.id in seats else None,
            person.id in seats and seats[person.id].left_at is None,
            person.id in seats and seats[person.id].by_id is None,
            invitation.code_sha256 is not None,
        )
        for invitation, person, party in rows
    ]
