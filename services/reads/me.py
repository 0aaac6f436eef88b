"""One's own page: what waits for one, one's matters, homes, notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from models.account import Account, Message
from models.community import Community, Estate, Unit
from models.concern import Concern
from models.people import Body, Person, Residence, RoleHeld
from models.proposal import Proposal, ProposalSupport
from models.vocabulary import ConcernStage, Role, Stage, Tie
from services import permission
from services.actors import Actor
from services.db import reading
from services.errors import NotAllowed
from services.reads.timed_out import timed_out
from services.reads.waiting import Judged, Todo, judged, waiting
from services.rules.roll import number_label

NOTES = 10


@dataclass(frozen=True)
class Matter:
    """A proposal or concern of the reader's; `supported` ones are somebody else's; `over`: see `timed_out`."""

    id: str
    number: str
    title: str
    stage: Stage
    since: datetime
    supported: bool = False
    over: bool = False


@dataclass(frozen=True)
class Said:
    """A concern of the reader's and what became of it."""

    id: str
    number: str
    text: str
    stage: ConcernStage
    due_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class OwnHome:
    """A home, how one belongs to it, and whether that is confirmed."""

    estate: str
    building: str
    number: str
    tie: Tie
    confirmed_at: datetime | None
    claimed_at: datetime


@dataclass(frozen=True)
class Note:
    """A line to the reader: message id and values, for `services.messages.shown`."""

    id: str
    message: str
    values: dict[str, str]
    address: str
    at: datetime
    new: bool


@dataclass(frozen=True)
class Me:
    """The whole page."""

    name: str
    phone: str
    zone: str
    waiting: tuple[Todo, ...]
    judged: tuple[Judged, ...]
    to_confirm: int
    matters: tuple[Matter, ...]
    concerns: tuple[Said, ...]
    homes: tuple[OwnHome, ...]
    roles: tuple[tuple[Role, str], ...]
    notes: tuple[Note, ...]
    notes_total: int
    notes_new: int


def me(actor: Actor, notes_page: int = 1) -> Me:
    """Everything for the reader's own page. Raises NotAllowed for a visitor."""
    if actor.person_id is None:
        raise NotAllowed("Please sign in first.")
    with reading(actor.community_id) as db:
        person = db.get_one(Person, actor.person_id)
        account = db.exec(select(Account.phone).where(Account.person_id == person.id)).first()
        mine = (col(Message.person_id) == person.id,)
        total = db.exec(select(func.count()).select_from(Message).where(*mine)).one()
        fresh = db.exec(select(func.count()).select_from(Message).where(*mine, col(Message.read_at).is_(None))).one()
        zone = db.get_one(Community, person.community_id).time_zone
        return Me(
            name=person.name,
            phone=account or person.phone,
            zone=zone,
            waiting=waiting(db, actor, zone),
            judged=judged(db, actor),
            to_confirm=_to_confirm(db, actor),
            matters=tuple(_matters(db, person.id)),
            concerns=tuple(_concerns(db, person.id)),
            homes=tuple(_homes(db, person.id)),
            roles=tuple(_roles(db, person.id)),
            notes=tuple(_notes(db, person.id, notes_page)),
            notes_total=total,
            notes_new=fresh,
        )


def _to_confirm(db: Session, actor: Actor) -> int:
    if permission.why_not(db, actor, "person.confirm"):
        return 0
    waiting = select(func.count()).select_from(Residence).where(col(Residence.confirmed_at).is_(None), col(Residence.ended_at).is_(None))
    return db.exec(waiting).one()


def _matters(db: Session, person_id: str) -> list[Matter]:
    own = db.exec(select(Proposal).where(Proposal.author_id == person_id)).all()
    supported = db.exec(
        select(Proposal)
        .join(ProposalSupport, col(ProposalSupport.proposal_id) == Proposal.id)
        .where(ProposalSupport.person_id == person_id, col(ProposalSupport.withdrawn_at).is_(None), Proposal.author_id != person_id)
    ).all()
    over = timed_out(db, [*own, *supported])
    rows = [Matter(p.id, p.number, p.title, p.stage, p.stage_since, over=p.id in over) for p in own]
    rows += [Matter(p.id, p.number, p.title, p.stage, p.stage_since, supported=True, over=p.id in over) for p in supported]
    return sorted(rows, key=lambda row: row.since, reverse=True)


def _concerns(db: Session, person_id: str) -> list[Said]:
    rows = db.exec(select(Concern).where(Concern.author_id == person_id).order_by(col(Concern.filed_at).desc())).all()
    return [Said(c.id, c.number, c.text, c.stage, c.due_at, c.answered_at) for c in rows]


def _homes(db: Session, person_id: str) -> list[OwnHome]:
    rows = db.exec(
        select(Residence, Unit, Estate)
        .join(Unit, col(Unit.id) == Residence.unit_id)
        .join(Estate, col(Estate.id) == Unit.estate_id)
        .where(Residence.person_id == person_id, col(Residence.ended_at).is_(None))
        .order_by(Estate.name, Unit.building, Unit.number)
    ).all()
    return [
        OwnHome(estate.name, unit.building, number_label(unit.stairwell, unit.number), own.tie, own.confirmed_at, own.claimed_at)
        for own, unit, estate in rows
    ]


def _roles(db: Session, person_id: str) -> list[tuple[Role, str]]:
    held = db.exec(
        select(RoleHeld.role, Body.name)
        .outerjoin(Body, col(Body.id) == RoleHeld.body_id)
        .where(RoleHeld.person_id == person_id, col(RoleHeld.until).is_(None))
        .order_by(col(RoleHeld.since))
    ).all()
    return [(Role(role), body or "") for role, body in held]


def _notes(db: Session, person_id: str, page: int) -> list[Note]:
    rows = db.exec(
        select(Message)
        .where(Message.person_id == person_id)
        .order_by(col(Message.at).desc(), col(Message.id))
        .offset((max(page, 1) - 1) * NOTES)
        .limit(NOTES)
    ).all()
    return [Note(row.id, row.message, row.values_, row.address, row.at, row.read_at is None) for row in rows]
