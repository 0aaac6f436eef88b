"""Meetings as pages show them: the list, one meeting with everything on its table, the people for those who arrange it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, or_, select

from models.community import Community
from models.meeting import AgendaItem, Attendance, Invitation, Meeting, MeetingParty
from models.people import Person, RoleHeld
from models.poll import Poll
from models.proposal import Proposal, ProposalDraft
from models.vocabulary import AgendaKind, MeetingState, PollState, Role, Stage
from services import clock, permission
from services.actors import Actor
from services.db import reading
from services.errors import NotAllowed, NotFound, Refusal, WrongStage
from services.reads.board import Board, Found, board, head
from services.reads.revealed import Result, result
from services.reads.seats import chairs_text, minutes_of
from services.reads.table import Way, ways
from services.reads.who import Names
from services.rules import access
from services.rules.board import DOORS_OPEN

DOORS = (
    "meeting.invite", "meeting.change", "meeting.cancel", "meeting.steer", "meeting.attend", "meeting.attend_for",
    "meeting.commitment", "meeting.minutes", "meeting.confirm_minutes",
)  # fmt: skip
OVER = (MeetingState.CLOSED, MeetingState.CANCELLED)


@dataclass(frozen=True)
class Row:
    """A meeting on the list."""

    id: str
    code: str
    title: str
    place: str
    starts_at: datetime
    state: MeetingState
    matters: tuple[str, ...]
    came: int
    invited: bool
    decided: int


@dataclass(frozen=True)
class Listed:
    """A page of meetings: how many fit, how many are ahead, whether the reader may call one."""

    rows: tuple[Row, ...]
    total: int
    ahead: int
    past: int
    zone: str
    may_convene: Refusal | None
    next_at: datetime | None


@dataclass(frozen=True)
class Guest:
    """Somebody on the list of a meeting; shown to those who arrange it only."""

    person_id: str
    name: str
    label: str
    seat: int | None
    there: bool
    by_phone: bool


@dataclass(frozen=True)
class AgendaRow:
    """One item, its vote and how that came out."""

    id: str
    kind: AgendaKind
    title: str
    minutes: int
    proposal_id: str | None
    poll_id: str | None
    poll_number: str
    poll_state: PollState | None
    result: Result | None


@dataclass(frozen=True)
class Matter:
    """A proposal on the table with its options."""

    id: str
    number: str
    title: str
    stage: Stage
    round: int
    ways: tuple[Way, ...]
    may_add: Refusal | None


@dataclass(frozen=True)
class Page:
    """One meeting. `doors`: for each act the refusal, or None; `guests` is None for whom names are not shown."""

    board: Board
    invitation: str
    chair: str
    chair_id: str
    language: str
    agenda: tuple[AgendaRow, ...]
    matters: tuple[Matter, ...]
    doors: dict[str, Refusal | None]
    guests: tuple[Guest, ...] | None
    invited: bool
    seat: int | None
    party: str
    minutes: str
    minutes_at: datetime | None
    confirmed_at: datetime | None


def listed(actor: Actor, *, past: bool = False, search: str = "", page: int = 1, size: int = 12) -> Listed:
    """A page of meetings: those ahead with the nearest first, or those that are over with the newest first."""
    with reading(actor.community_id) as db:
        over = col(Meeting.state).in_(OVER)
        wanted = select(Meeting).where(over if past else ~over)
        if needle := search.strip():
            about = (
                select(AgendaItem.meeting_id)
                .join(Proposal, col(Proposal.id) == AgendaItem.proposal_id)
                .where(or_(*(col(each).contains(needle, autoescape=True) for each in (Proposal.title, Proposal.number))))
            )
            wanted = wanted.where(
                or_(
                    col(Meeting.title).contains(needle, autoescape=True),
                    col(Meeting.place).contains(needle, autoescape=True),
                    col(Meeting.code) == needle.upper(),
                    col(Meeting.id).in_(about),
                )
            )
        order = col(Meeting.starts_at).desc() if past else col(Meeting.starts_at)
        total = db.exec(select(func.count()).select_from(wanted.subquery())).one()
        rows = db.exec(wanted.order_by(order, Meeting.id).offset((page - 1) * size).limit(size)).all()
        counts = {each: db.exec(select(func.count()).select_from(Meeting).where(over if each else ~over)).one() for each in (True, False)}
        soon = db.exec(select(func.min(Meeting.starts_at)).where(~over)).one()
        community = db.get(Community, actor.community_id) if actor.community_id else None
        return Listed(
            tuple(_row(db, row, actor) for row in rows),
            total,
            counts[False],
            counts[True],
            community.time_zone if community else "Asia/Shanghai",
            _may_convene(db, actor),
            soon,
        )


def _may_convene(db: Session, actor: Actor) -> Refusal | None:
    """Whether this actor may call meetings at all; the stage of a proposal is looked at when one is chosen."""
    refusal = permission.why_not(db, actor, "meeting.convene")
    return None if isinstance(refusal, WrongStage) else refusal


def _row(db: Session, row: Meeting, actor: Actor) -> Row:
    matters = db.exec(
        select(Proposal.title)
        .join(AgendaItem, col(AgendaItem.proposal_id) == Proposal.id)
        .where(AgendaItem.meeting_id == row.id)
        .distinct()
        .order_by(Proposal.title)
    ).all()
    came = db.exec(select(func.count()).select_from(Attendance).where(Attendance.meeting_id == row.id)).one()
    mine = actor.person_id is not None and _invited(db, row.id, actor.person_id) is not None
    decided = db.exec(
        select(func.count())
        .select_from(AgendaItem)
        .join(Poll, col(Poll.id) == AgendaItem.poll_id)
        .where(AgendaItem.meeting_id == row.id, Poll.state == PollState.REVEALED)
    ).one()
    mine = mine or row.chair_id == actor.person_id
    return Row(row.id, row.code, row.title, row.place, row.starts_at, row.state, tuple(matters), came, mine, decided)


def _invited(db: Session, meeting_id: str, person_id: str) -> Invitation | None:
    live = (Invitation.meeting_id == meeting_id, Invitation.person_id == person_id, col(Invitation.withdrawn_at).is_(None))
    return db.exec(select(Invitation).where(*live)).first()


def page(actor: Actor, meeting_id: str) -> Page:
    """One meeting as this reader may see it. Raises NotFound for an absent or foreign one."""
    with reading(actor.community_id) as db:
        meeting = db.get(Meeting, meeting_id) if meeting_id else None
        if meeting is None or meeting.community_id != actor.community_id:
            raise NotFound()
        community = db.get_one(Community, meeting.community_id)
        doors = {each: permission.why_not(db, actor, each, meeting) for each in DOORS}
        written = minutes_of(db, meeting.id)
        mine = _invited(db, meeting.id, actor.person_id) if actor.person_id else None
        seat = (
            db.exec(
                select(Attendance).where(
                    Attendance.meeting_id == meeting.id, Attendance.person_id == actor.person_id, col(Attendance.left_at).is_(None)
                )
            ).first()
            if actor.person_id
            else None
        )
        return Page(
            board=board(db, meeting, head(db, meeting.id)),
            invitation=meeting.invitation,
            chair=_chair(db, actor, meeting),
            chair_id=meeting.chair_id,
            language=community.language,
            agenda=tuple(_agenda(db, meeting.id, community)),
            matters=tuple(_matters(db, meeting, actor)),
            doors=doors,
            guests=tuple(_guests(db, meeting.id)) if doors["meeting.invite"] is None else None,
            invited=mine is not None,
            seat=seat.seat if seat else None,
            party=db.get_one(MeetingParty, mine.party_id).label if mine else "",
            minutes=chairs_text(db, meeting, written, actor),
            minutes_at=written.written_at if written else None,
            confirmed_at=written.confirmed_at if written else None,
        )


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
            )
        )
    return made


def _matters(db: Session, meeting: Meeting, actor: Actor) -> list[Matter]:
    """The proposals of the agenda, in its order. `may_add`: whether the reader may put options and reasons on the table now."""
    ids = list(
        dict.fromkeys(
            each
            for each in db.exec(
                select(AgendaItem.proposal_id).where(AgendaItem.meeting_id == meeting.id).order_by(col(AgendaItem.position))
            ).all()
            if each
        )
    )
    made = []
    standing = permission.standing(db, actor, meeting)
    for each in ids:
        row = db.get_one(Proposal, each)
        refusal = access.why_not("meeting.option", standing, row.stage)
        if refusal is None and meeting.state in OVER:
            refusal = WrongStage("This meeting is over.")
        made.append(Matter(row.id, row.number, row.title, row.stage, row.round, ways(db, row.id), refusal))
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
        )
        for _, person, party in rows
    ]


# ---- one phone


@dataclass(frozen=True)
class Seat:
    """How somebody stands to a meeting: on its list for `party`, at seat number `seat`; why not sign in, why not speak."""

    invited: bool
    seat: int | None
    party: str
    chairs: bool
    attend: Refusal | None
    argue: Refusal | None
    on_roll: bool


def seat(actor: Actor, found: Found) -> Seat:
    """How this person stands to the meeting; somebody of another community is a guest who may look on."""
    if actor.community_id != found.community_id or actor.person_id is None:
        refusal = NotAllowed(access.NOT_INVITED)
        return Seat(False, None, "", False, refusal, refusal, False)
    with reading(found.community_id) as db:
        meeting = db.get_one(Meeting, found.meeting_id)
        mine = _invited(db, meeting.id, actor.person_id)
        there = db.exec(
            select(Attendance).where(
                Attendance.meeting_id == meeting.id, Attendance.person_id == actor.person_id, col(Attendance.left_at).is_(None)
            )
        ).first()
        attend = permission.why_not(db, actor, "meeting.attend", meeting)
        if attend is None and mine is None:
            attend = NotAllowed(access.NOT_INVITED)
        if attend is None and clock.now() < meeting.starts_at - DOORS_OPEN:
            attend = WrongStage("Signing in starts three hours before the meeting.")
        if meeting.state in OVER:
            attend = WrongStage("This meeting is over.")
        matters = _matters(db, meeting, actor)
        speaks = any(each.may_add is None and each.ways for each in matters)
        argue = None if speaks else NotAllowed(access.ONLY_ATTENDING)
        running = db.exec(
            select(Poll)
            .join(AgendaItem, col(AgendaItem.poll_id) == Poll.id)
            .where(AgendaItem.meeting_id == meeting.id, Poll.state == PollState.OPEN)
        ).first()
        votes = running is not None and access.ON_ROLL in permission.standing(db, actor, running)
        party = db.get_one(MeetingParty, mine.party_id).label if mine else ""
        return Seat(mine is not None, there.seat if there else None, party, meeting.chair_id == actor.person_id, attend, argue, votes)


def open_ways(actor: Actor, found: Found) -> list[tuple[str, str, str]]:
    """Options to which this person may add a reason now: (id, matter, title)."""
    with reading(found.community_id) as db:
        rows = _matters(db, db.get_one(Meeting, found.meeting_id), actor)
        return [(way.id, row.title, way.title) for row in rows if row.may_add is None for way in row.ways]


# ---- what the forms offer


@dataclass(frozen=True)
class Choices:
    """What can be chosen when a meeting is called: proposals that may be talked about, people who hold the chair's role."""

    proposals: tuple[tuple[str, str, str], ...]
    chairs: tuple[tuple[str, str], ...]
    zone: str
    now: datetime
    refusal: Refusal | None
    draft: dict[str, Any]


def choices(actor: Actor, kind: str = "meeting") -> Choices:
    """Proposals (id, number, title) accepted or on the table, the longest waiting first; chairs (id, name); the draft of `kind`."""
    with reading(actor.community_id) as db:
        rows = db.exec(
            select(Proposal)
            .where(col(Proposal.stage).in_((Stage.ACCEPTED, Stage.DELIBERATING)))
            .order_by(col(Proposal.stage), col(Proposal.stage_since), col(Proposal.id))
        ).all()
        held = (
            select(Person)
            .join(RoleHeld, col(RoleHeld.person_id) == Person.id)
            .where(RoleHeld.role == Role.CHAIR, col(RoleHeld.until).is_(None), col(Person.erased_at).is_(None))
            .distinct()
            .order_by(Person.name, Person.id)
        )
        community = db.get(Community, actor.community_id) if actor.community_id else None
        mine = select(ProposalDraft).where(ProposalDraft.owner == actor.owner, ProposalDraft.kind == kind)
        draft = db.exec(mine).first() if actor.owner else None
        return Choices(
            tuple((row.id, row.number, row.title) for row in rows),
            tuple((row.id, row.name) for row in db.exec(held).all()),
            community.time_zone if community else "Asia/Shanghai",
            clock.now(),
            _may_convene(db, actor),
            dict(draft.content) if draft else {},
        )


def people(actor: Actor, meeting_id: str, search: str, most: int = 30) -> list[tuple[str, str]]:
    """Adults whose name contains `search` and who are not on the list yet: (id, name with the last four figures of the phone)."""
    needle = search.strip()
    if not needle:
        return []
    with reading(actor.community_id) as db:
        meeting = db.get(Meeting, meeting_id)
        if meeting is None:
            raise NotFound()
        if refusal := permission.why_not(db, actor, "meeting.invite", meeting):
            raise refusal
        listed_already = select(Invitation.person_id).where(Invitation.meeting_id == meeting_id, col(Invitation.withdrawn_at).is_(None))
        rows = db.exec(
            select(Person)
            .where(
                col(Person.name).contains(needle, autoescape=True),
                col(Person.adult).is_(True),
                col(Person.erased_at).is_(None),
                col(Person.id).not_in(listed_already),
            )
            .order_by(Person.name, Person.id)
            .limit(most)
        ).all()
        return [(row.id, f"{row.name} …{row.phone[-4:]}" if row.phone else row.name) for row in rows]
