"""A concern as its sender follows it: by the receipt without a login, by its page for author and desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from models.community import Community, Estate
from models.concern import Concern, ConcernHolding, ConcernSupport
from models.file import StoredFile
from models.people import Person
from models.proposal import Proposal
from models.vocabulary import Category, ConcernStage
from services import permission
from services.actors import Actor
from services.db import EVERYWHERE, reading
from services.errors import NotFound, Refusal
from services.reads.stored_files import Shown, shown
from services.rules import codes

DOORS = ("concern.answer", "concern.pass_on", "concern.close", "concern.forget", "concern.support")


@dataclass(frozen=True)
class Held:
    """Who held it, "" for the desk as a whole; from when, until when (None: still)."""

    name: str
    since: datetime
    until: datetime | None
    note: str


@dataclass(frozen=True)
class Seen:
    """One concern. `phone` and the name of a visitor are for the desk alone; `holder` is "" where nobody has taken it yet."""

    id: str
    number: str
    receipt: str
    text: str
    place: str
    estate: str
    category: Category
    stage: ConcernStage
    filed_at: datetime
    due_at: datetime
    answered_at: datetime | None
    answer: str
    zone: str
    office_phone: str
    author: str
    phone: str
    by_visitor: bool
    mine: bool
    desk: bool
    holder: str
    holder_id: str | None
    answered_by: str
    held: tuple[Held, ...]
    supporters: int
    files: tuple[Shown, ...]
    proposal_id: str
    proposal_number: str
    doors: dict[str, Refusal | None]


def by_receipt(actor: Actor, typed: str) -> Seen:
    """For whoever holds the receipt: state and answer, without names. Raises NotFound."""
    receipt = codes.normal(typed)
    if not codes.fits(receipt, codes.ONE_TIME):
        raise NotFound()
    with reading(EVERYWHERE) as db:
        row = db.exec(select(Concern).where(Concern.receipt == receipt)).first()
        if row is None:
            raise NotFound()
        return _seen(db, actor, row, named=False)


def is_filed(actor: Actor, receipt: str) -> bool:
    """Whether a concern of this community has this receipt."""
    with reading(actor.community_id) as db:
        return db.exec(select(Concern.id).where(Concern.receipt == receipt)).first() is not None


def page(actor: Actor, concern_id: str | None) -> Seen:
    """For its author and the desk. Raises NotFound."""
    with reading(actor.community_id) as db:
        row = db.get(Concern, concern_id) if concern_id else None
        if row is None or actor.person_id is None:
            raise NotFound()
        if row.author_id != actor.person_id and permission.why_not(db, actor, "concern.see_inbox"):
            raise NotFound()
        return _seen(db, actor, row, named=True)


def _seen(db: Session, actor: Actor, row: Concern, *, named: bool) -> Seen:
    community = db.get_one(Community, row.community_id)
    estate = db.get(Estate, row.estate_id) if row.estate_id else None
    desk = named and permission.why_not(db, actor, "concern.see_inbox") is None
    mine = actor.person_id is not None and row.author_id == actor.person_id
    holdings = db.exec(select(ConcernHolding).where(ConcernHolding.concern_id == row.id).order_by(col(ConcernHolding.since))).all()
    people = {row.holder_id, row.answered_by, row.author_id, *(each.holder_id for each in holdings)} - {None}
    names = dict(db.exec(select(Person.id, Person.name).where(col(Person.id).in_(people))).all()) if named else {}
    author = db.get(Person, row.author_id) if row.author_id else None
    photos = select(StoredFile).where(StoredFile.about == f"concern:{row.id}", col(StoredFile.removed_at).is_(None))
    own_files = [
        each
        for each in db.exec(photos.order_by(col(StoredFile.at))).all()
        if desk or mine or (each.visitor and each.visitor == actor.owner)
    ]
    came = db.exec(select(Proposal.id, Proposal.number).where(Proposal.concern_id == row.id).order_by(col(Proposal.filed_at))).first()
    return Seen(
        id=row.id, number=row.number, receipt=row.receipt if mine or not named else "", text=row.text, place=row.place,
        estate=estate.name if estate else "", category=row.category, stage=row.stage, filed_at=row.filed_at, due_at=row.due_at,
        answered_at=row.answered_at, answer=row.answer, zone=community.time_zone, office_phone=community.office_phone,
        author=(names.get(row.author_id or "", "") or row.visitor_name) if desk else "",
        phone=(row.visitor_phone or (author.phone if author else "")) if desk else "",
        by_visitor=row.author_id is None, mine=mine, desk=desk, holder=names.get(row.holder_id or "", ""), holder_id=row.holder_id,
        answered_by=names.get(row.answered_by or "", ""),
        held=_held(row, holdings, names), supporters=supporters(db, row.id),
        files=shown(own_files), proposal_id=came[0] if came else "", proposal_number=came[1] if came else "",
        doors={action: permission.why_not(db, actor, action, row) for action in DOORS},
    )  # fmt: skip


def _held(row: Concern, holdings: Sequence[ConcernHolding], names: dict[str, str]) -> tuple[Held, ...]:
    """Holdings of no length, which a passing on that was taken back leaves, are left out."""
    kept = [each for each in holdings if each.until is None or each.until > each.since]
    return tuple(Held(names.get(each.holder_id or "", ""), each.since, each.until, each.note) for each in kept)


def supporters(db: Session, concern_id: str) -> int:
    """How many others said "me too"."""
    return db.exec(select(func.count()).select_from(ConcernSupport).where(ConcernSupport.concern_id == concern_id)).one()
