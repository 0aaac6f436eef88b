"""For which homes letters can be printed, and what stands on a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from models.account import Account, Letter
from models.community import Community, Estate, Unit
from models.people import Person, Residence, RoleHeld
from models.vocabulary import LetterKind, UnitKind
from services import clock, permission
from services.actors import Actor
from services.db import reading
from services.errors import NotFound
from services.rules.roll import number_label


@dataclass(frozen=True)
class Home:
    """A home: who has an account there, and when its letter was issued."""

    id: str
    building: str
    stairwell: str
    number: str
    accounts: int
    letter_on: date | None


@dataclass(frozen=True)
class Choice:
    """What can be chosen: estates, the buildings of the chosen one, the homes of the chosen building."""

    estates: tuple[tuple[str, str], ...]
    estate: str
    buildings: tuple[str, ...]
    building: str
    homes: tuple[Home, ...]


def choice(actor: Actor, estate: str = "", building: str = "") -> Choice:
    """The homes of a building with their letters; the first estate and building where none is named. Raises NotAllowed."""
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "letter.issue"):
            raise refusal
        estates = tuple((row.id, row.name) for row in db.exec(select(Estate).order_by(Estate.name)).all())
        chosen = estate if estate in {each for each, _ in estates} else estates[0][0] if estates else ""
        found = db.exec(select(Unit.building).where(Unit.estate_id == chosen, Unit.kind == UnitKind.HOME).distinct()).all()
        buildings = tuple(sorted(found, key=natural))
        at = building if building in buildings else buildings[0] if buildings else ""
        return Choice(estates, chosen, buildings, at, _homes(db, chosen, at, db.get_one(Community, actor.community_id).time_zone))


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """Sorts "2" before "10" and "2A" after "2"."""
    parts: list[tuple[int, int | str]] = []
    digits = ""
    for sign in text + " ":
        if sign.isdigit():
            digits += sign
            continue
        if digits:
            parts.append((0, int(digits)))
            digits = ""
        parts.append((1, sign))
    return tuple(parts)


def _homes(db: Session, estate: str, building: str, zone: str) -> tuple[Home, ...]:
    units = db.exec(select(Unit).where(Unit.estate_id == estate, Unit.building == building, Unit.kind == UnitKind.HOME)).all()
    ids = [unit.id for unit in units]
    with_account = dict(
        db.exec(
            select(Residence.unit_id, func.count())
            .join(Account, col(Account.person_id) == Residence.person_id)
            .where(col(Residence.unit_id).in_(ids), col(Residence.ended_at).is_(None))
            .group_by(Residence.unit_id)
        ).all()
    )
    issued = dict(
        db.exec(
            select(Letter.unit_id, func.max(Letter.issued_at))
            .where(col(Letter.unit_id).in_(ids), col(Letter.withdrawn_at).is_(None))
            .group_by(Letter.unit_id)
        ).all()
    )
    days = {unit_id: clock.day_of(at, zone) for unit_id, at in issued.items() if at}
    rows = [Home(unit.id, unit.building, unit.stairwell, unit.number, with_account.get(unit.id, 0), days.get(unit.id)) for unit in units]
    return tuple(sorted(rows, key=lambda home: (natural(home.stairwell), natural(home.number))))


@dataclass(frozen=True)
class Sheet:
    """What is printed beside a code: for a home or for a person."""

    id: str
    community: str
    language: str
    time_zone: str
    office_phone: str
    kind: LetterKind
    ends_at: datetime
    estate: str = ""
    building: str = ""
    number: str = ""
    person: str = ""
    needs_second: bool = False


def sheets(actor: Actor, unit_ids: list[str]) -> dict[str, Sheet]:
    """The sheets of the homes' newest letters, by unit, in the order of the house."""
    with reading(actor.community_id) as db:
        house = _house(db, actor)
        found = db.exec(
            select(Letter, Unit, Estate)
            .join(Unit, col(Unit.id) == Letter.unit_id)
            .join(Estate, col(Estate.id) == Unit.estate_id)
            .where(col(Letter.unit_id).in_(unit_ids), col(Letter.withdrawn_at).is_(None))
        ).all()
        ordered = sorted(found, key=lambda row: (row[2].name, natural(row[1].building), natural(row[1].stairwell), natural(row[1].number)))
        return {
            unit.id: Sheet(
                letter.id, *house, letter.kind, letter.ends_at, estate.name, unit.building, number_label(unit.stairwell, unit.number)
            )
            for letter, unit, estate in ordered
        }


def sheet_for(actor: Actor, person_id: str) -> Sheet:
    """The sheet of a person's newest letter."""
    with reading(actor.community_id) as db:
        letter = db.exec(
            select(Letter).where(Letter.person_id == person_id, col(Letter.withdrawn_at).is_(None)).order_by(col(Letter.issued_at).desc())
        ).first()
        if letter is None:
            raise NotFound()
        held = db.exec(select(RoleHeld.id).where(RoleHeld.person_id == person_id, col(RoleHeld.until).is_(None))).first()
        person = db.get_one(Person, person_id)
        return Sheet(letter.id, *_house(db, actor), letter.kind, letter.ends_at, person=person.name, needs_second=bool(held))


def receiver(actor: Actor, person_id: str) -> tuple[str, bool]:
    """Name of the person a new letter is for, and whether a second person will have to confirm it. Raises NotFound, NotAllowed."""
    with reading(actor.community_id) as db:
        person = db.get(Person, person_id)
        if person is None or person.erased_at is not None:
            raise NotFound()
        if refusal := permission.why_not(db, actor, "letter.renew", person):
            raise refusal
        held = db.exec(select(RoleHeld.id).where(RoleHeld.person_id == person_id, col(RoleHeld.until).is_(None))).first()
        return person.name, bool(held)


def _house(db: Session, actor: Actor) -> tuple[str, str, str, str]:
    community = db.get_one(Community, actor.community_id)
    return community.name, community.language, community.time_zone, community.office_phone
