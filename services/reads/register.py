"""The register as the desk sees it: people found and paged, one person, who waits to be confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, or_, select

from models.account import Account, Letter
from models.community import Community, Estate, Grid, Unit
from models.people import Body, Organisation, Person, Residence, RoleHeld
from models.vocabulary import LetterKind, Role, Tie
from services import clock, permission
from services.actors import Actor
from services.db import reading
from services.errors import NotFound, Refusal
from services.reads import register_ground, searching
from services.rules.roll import number_label, unit_label

SIZE = 20


@dataclass(frozen=True)
class Ground:
    """What every part of the page needs: why it cannot be changed, the names to choose from, how many there are."""

    zone: str
    why_not_change: Refusal | None
    why_not_confirm: Refusal | None
    why_not_issue: Refusal | None
    estates: tuple[tuple[str, str], ...]
    grids: tuple[tuple[str, str, str], ...]  # id, name, estate id
    organisations: tuple[tuple[str, str], ...]
    people: int
    units: int
    claims: int
    seconds: int


def ground(actor: Actor) -> Ground:
    """Raises NotAllowed for whoever may not see the register."""
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "register.see"):
            raise refusal
        return Ground(
            zone=db.get_one(Community, actor.community_id).time_zone,
            why_not_change=permission.why_not(db, actor, "register.change"),
            why_not_confirm=permission.why_not(db, actor, "person.confirm"),
            why_not_issue=permission.why_not(db, actor, "letter.issue"),
            estates=tuple((row.id, row.name) for row in db.exec(select(Estate).order_by(Estate.name)).all()),
            grids=tuple((row.id, row.name, row.estate_id) for row in db.exec(select(Grid).order_by(Grid.name)).all()),
            organisations=tuple((row.id, row.name) for row in db.exec(select(Organisation).order_by(Organisation.name)).all()),
            people=_count(db, select(func.count()).select_from(Person).where(col(Person.erased_at).is_(None))),
            units=_count(db, select(func.count()).select_from(Unit)),
            claims=_count(db, _open_claims(select(func.count()).select_from(Residence))),
            seconds=len(_seconds(db, actor)),
        )


def _count(db: Session, wanted: object) -> int:
    return int(db.exec(wanted).one())  # type: ignore[call-overload]


def _open_claims(wanted: object):  # type: ignore[no-untyped-def]
    return wanted.where(col(Residence.confirmed_at).is_(None), col(Residence.ended_at).is_(None))  # type: ignore[attr-defined]


# ---- people


@dataclass(frozen=True)
class PersonRow:
    """A person on the list."""

    id: str
    name: str
    phone: str
    homes: tuple[str, ...]
    roles: tuple[Role, ...]
    organisation: str
    has_account: bool
    adult: bool
    confirmed: bool


@dataclass(frozen=True)
class People:
    """One page of people, and how many fit."""

    rows: tuple[PersonRow, ...]
    total: int


def same_phone(actor: Actor, person_id: str) -> tuple[str, ...]:
    """Who else has the phone number of this person: a family, or somebody entered twice."""
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "register.see"):
            raise refusal
        person = db.get(Person, person_id)
        if person is None or not person.phone:
            return ()
        others = select(Person.name).where(Person.phone == person.phone, Person.id != person_id, col(Person.erased_at).is_(None))
        return tuple(db.exec(others.order_by(Person.name)).all())


def people(actor: Actor, *, search: str = "", only: str = "", page: int = 1, size: int = SIZE) -> People:
    """Found by name, phone or home; `only`: "account", "no_account", "role" or everybody."""
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "register.see"):
            raise refusal
        wanted = _found(select(Person), search, only)
        total = _count(db, _found(select(func.count()).select_from(Person), search, only))
        rows = db.exec(wanted.order_by(Person.name, Person.id).offset((max(page, 1) - 1) * size).limit(size)).all()
        return People(tuple(_person_rows(db, rows)), total)


def _found(wanted, search: str, only: str):  # type: ignore[no-untyped-def]
    wanted = wanted.where(col(Person.erased_at).is_(None))
    accounts = select(Account.person_id)
    held = select(RoleHeld.person_id).where(col(RoleHeld.until).is_(None))
    if only == "account":
        wanted = wanted.where(col(Person.id).in_(accounts))
    elif only == "no_account":
        wanted = wanted.where(col(Person.id).not_in(accounts))
    elif only == "role":
        wanted = wanted.where(col(Person.id).in_(held))
    for part in searching.words(search):
        lives = (
            select(Residence.person_id)
            .join(Unit, col(Unit.id) == Residence.unit_id)
            .where(or_(Unit.number == part, *register_ground.written(part)), col(Residence.ended_at).is_(None))
        )
        wanted = wanted.where(or_(searching.says(part, Person.name, Person.phone), col(Person.id).in_(lives)))
    return wanted


def _person_rows(db: Session, rows: Iterable[Person]) -> list[PersonRow]:
    listed = list(rows)
    ids = [row.id for row in listed]
    homes: dict[str, list[tuple[str, bool]]] = {}
    estates = {row.id: row.name for row in db.exec(select(Estate)).all()}
    lives = (
        select(Residence, Unit)
        .join(Unit, col(Unit.id) == Residence.unit_id)
        .where(col(Residence.person_id).in_(ids), col(Residence.ended_at).is_(None))
        .order_by(Unit.building, Unit.number)
    )
    for residence, unit in db.exec(lives).all():
        where = unit_label(unit.building, unit.stairwell, unit.number)
        where = f"{estates[unit.estate_id]} {where}" if len(estates) > 1 else where  # the same numbers stand in each of them
        homes.setdefault(residence.person_id, []).append((where, residence.confirmed_at is not None))
    roles: dict[str, list[Role]] = {}
    for held in db.exec(select(RoleHeld).where(col(RoleHeld.person_id).in_(ids), col(RoleHeld.until).is_(None))).all():
        roles.setdefault(held.person_id, []).append(held.role)
    accounts = set(db.exec(select(Account.person_id).where(col(Account.person_id).in_(ids))).all())
    names = {row.id: row.name for row in db.exec(select(Organisation)).all()}
    return [
        PersonRow(
            row.id,
            row.name,
            row.phone,
            tuple(home for home, _ in homes.get(row.id, [])),
            tuple(roles.get(row.id, [])),
            names.get(row.organisation_id or "", ""),
            row.id in accounts,
            row.adult,
            any(confirmed for _, confirmed in homes.get(row.id, [])),
        )
        for row in listed
    ]


@dataclass(frozen=True)
class Belongs:
    """That a person belongs to a home."""

    id: str
    unit_id: str
    estate: str
    building: str
    number: str
    tie: Tie
    confirmed_at: datetime | None


@dataclass(frozen=True)
class PersonPage:
    """One person with everything the form needs."""

    row: PersonRow
    organisation_id: str | None
    homes: tuple[Belongs, ...]
    held: tuple[tuple[str, Role, str], ...]  # id, role, body
    why_not_letter: Refusal | None


def person(actor: Actor, person_id: str) -> PersonPage:
    """Raises NotFound, NotAllowed."""
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "register.see"):
            raise refusal
        found = db.get(Person, person_id)
        if found is None or found.erased_at is not None:
            raise NotFound()
        lives = (
            select(Residence, Unit, Estate)
            .join(Unit, col(Unit.id) == Residence.unit_id)
            .join(Estate, col(Estate.id) == Unit.estate_id)
            .where(Residence.person_id == person_id, col(Residence.ended_at).is_(None))
        )
        homes = [
            Belongs(r.id, u.id, e.name, u.building, u.number, r.tie, r.confirmed_at)
            for r, u, e in db.exec(lives.order_by(Estate.name)).all()
        ]
        held = db.exec(
            select(RoleHeld, Body.name)
            .outerjoin(Body, col(Body.id) == RoleHeld.body_id)
            .where(RoleHeld.person_id == person_id, col(RoleHeld.until).is_(None))
            .order_by(col(RoleHeld.since), RoleHeld.id)
        ).all()
        return PersonPage(
            next(iter(_person_rows(db, [found]))),
            found.organisation_id,
            tuple(homes),
            tuple((row.id, row.role, body or "") for row, body in held),
            permission.why_not(db, actor, "letter.renew", found),
        )


# ---- who waits


@dataclass(frozen=True)
class Claim:
    """Somebody says that they live in a home; `others` belong to it already."""

    id: str
    person_id: str
    name: str
    phone: str
    estate: str
    building: str
    number: str
    tie: Tie
    claimed_at: datetime
    others: tuple[str, ...]
    own: bool


@dataclass(frozen=True)
class Second:
    """A letter for somebody with a role that waits for a second person."""

    id: str
    name: str
    issued_by: str
    issued_at: datetime
    why_not: bool


def claims(actor: Actor) -> tuple[tuple[Claim, ...], tuple[Second, ...]]:
    """Claims to confirm, the oldest first, and letters that wait for a second person."""
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "register.see"):
            raise refusal
        wanted = (
            _open_claims(select(Residence, Person, Unit, Estate))
            .join(Person, col(Person.id) == Residence.person_id)
            .join(Unit, col(Unit.id) == Residence.unit_id)
            .join(Estate, col(Estate.id) == Unit.estate_id)
            .order_by(col(Residence.claimed_at), Residence.id)
        )
        rows = []
        for row, who, unit, estate in db.exec(wanted).all():
            others = db.exec(
                select(Person.name)
                .join(Residence, col(Residence.person_id) == Person.id)
                .where(Residence.unit_id == unit.id, col(Residence.confirmed_at).is_not(None), col(Residence.ended_at).is_(None))
            ).all()
            own = who.id == actor.person_id
            rows.append(
                Claim(
                    row.id,
                    who.id,
                    who.name,
                    who.phone,
                    estate.name,
                    unit.building,
                    number_label(unit.stairwell, unit.number),
                    row.tie,
                    row.claimed_at,
                    tuple(others),
                    own,
                )
            )
        return tuple(rows), tuple(_seconds(db, actor))


def _seconds(db: Session, actor: Actor) -> list[Second]:
    held = select(RoleHeld.person_id).where(col(RoleHeld.until).is_(None))
    wanted = select(Letter).where(
        Letter.kind == LetterKind.RENEWAL,
        col(Letter.second_by).is_(None),
        col(Letter.withdrawn_at).is_(None),
        Letter.uses_left > 0,
        Letter.ends_at > clock.now(),
        col(Letter.person_id).in_(held),
    )
    rows = []
    for letter in db.exec(wanted.order_by(col(Letter.issued_at))).all():
        who, issuer = db.get_one(Person, letter.person_id), db.get_one(Person, letter.issued_by)
        blocked = actor.person_id in (letter.issued_by, letter.person_id)
        rows.append(Second(letter.id, who.name, issuer.name, letter.issued_at, blocked))
    return rows
