"""The ground of the register: units with who belongs to them, estates with their grids, organisations, bodies."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from models.community import Estate, Grid, Unit
from models.people import Body, Organisation, Person, Residence, RoleHeld
from models.vocabulary import BodyKind, OrganisationKind, Role, Tier, UnitKind
from services import permission
from services.actors import Actor
from services.db import reading
from services.errors import Invalid, NotFound
from services.reads import searching
from services.reads.letters import natural

SIZE = 20


@dataclass(frozen=True)
class UnitRow:
    """A unit with who belongs to it."""

    id: str
    estate_id: str
    estate: str
    grid_id: str | None
    grid: str
    building: str
    stairwell: str
    number: str
    floor: int
    kind: UnitKind
    area: Decimal
    area_source: str
    people: tuple[str, ...]


@dataclass(frozen=True)
class Units:
    """One page of units; `total` fit, `area` is their sum in m²."""

    rows: tuple[UnitRow, ...]
    total: int
    area: Decimal
    buildings: tuple[str, ...]


def written(place: str) -> list[ColumnElement[bool]]:
    """Whether `place` is a unit as people write it, or as lists here show it: "3-201", "70-1-302"."""
    building, stairwell, number = (col(each) for each in (Unit.building, Unit.stairwell, Unit.number))
    return [building + "-" + number == place, building + "-" + stairwell + "-" + number == place]


def units(actor: Actor, *, estate: str = "", building: str = "", search: str = "", page: int = 1, size: int = SIZE) -> Units:
    """In the order of the house."""
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "register.see"):
            raise refusal
        names = {row.id: row.name for row in db.exec(select(Estate)).all()}
        grids = {row.id: row.name for row in db.exec(select(Grid)).all()}
        wanted = select(Unit)
        if estate:
            wanted = wanted.where(Unit.estate_id == estate)
        buildings = sorted({row.building for row in db.exec(wanted).all()}, key=natural) if estate else []
        if building:
            wanted = wanted.where(Unit.building == building)
        for part in searching.words(search):
            wanted = wanted.where(or_(searching.says(part, Unit.number), *written(part)))
        found = sorted(
            db.exec(wanted).all(),
            key=lambda u: (names.get(u.estate_id, ""), natural(u.building), natural(u.stairwell), natural(u.number)),
        )
        shown = found[(max(page, 1) - 1) * size : max(page, 1) * size] if size else found
        who = _names_by_unit(db, [unit.id for unit in shown])
        rows = [_unit_row(unit, names, grids, who.get(unit.id, [])) for unit in shown]
        return Units(tuple(rows), len(found), sum((unit.area for unit in found), Decimal(0)), tuple(buildings))


def unit(actor: Actor, unit_id: str) -> UnitRow:
    """One unit. Raises NotFound, NotAllowed."""
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "register.see"):
            raise refusal
        found = db.get(Unit, unit_id)
        if found is None:
            raise NotFound()
        names = {row.id: row.name for row in db.exec(select(Estate)).all()}
        grids = {row.id: row.name for row in db.exec(select(Grid)).all()}
        return _unit_row(found, names, grids, _names_by_unit(db, [found.id]).get(found.id, []))


def _unit_row(row: Unit, names: dict[str, str], grids: dict[str, str], who: list[str]) -> UnitRow:
    return UnitRow(
        row.id, row.estate_id, names.get(row.estate_id, ""), row.grid_id, grids.get(row.grid_id or "", ""), row.building, row.stairwell,
        row.number, row.floor, row.kind, row.area, row.area_source, tuple(who),
    )  # fmt: skip


def _names_by_unit(db: Session, ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    lives = (
        select(Residence.unit_id, Person.name)
        .join(Person, col(Person.id) == Residence.person_id)
        .where(col(Residence.unit_id).in_(ids), col(Residence.ended_at).is_(None))
        .order_by(col(Residence.claimed_at))
    )
    for unit_id, name in db.exec(lives).all():
        found.setdefault(unit_id, []).append(name)
    return found


@dataclass(frozen=True)
class EstateRow:
    """An estate with its grids (id, name, worker id, worker's name) and how many units it has."""

    id: str
    name: str
    address: str
    tier: Tier
    units: int
    grids: tuple[tuple[str, str, str | None, str], ...]


def estates(actor: Actor) -> tuple[tuple[EstateRow, ...], tuple[tuple[str, str], ...]]:
    """The estates, and the grid workers who can look after a grid."""
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "register.see"):
            raise refusal
        counts = dict(db.exec(select(Unit.estate_id, func.count()).group_by(Unit.estate_id)).all())
        held = select(RoleHeld.person_id).where(RoleHeld.role == Role.GRID_WORKER, col(RoleHeld.until).is_(None))
        workers = tuple((who.id, who.name) for who in db.exec(select(Person).where(col(Person.id).in_(held)).order_by(Person.name)).all())
        grids: dict[str, list[tuple[str, str, str | None, str]]] = {}
        for grid, name in db.exec(select(Grid, Person.name).outerjoin(Person, col(Person.id) == Grid.worker_id).order_by(Grid.name)).all():
            grids.setdefault(grid.estate_id, []).append((grid.id, grid.name, grid.worker_id, name or ""))
        rows = tuple(
            EstateRow(row.id, row.name, row.address, row.tier, counts.get(row.id, 0), tuple(grids.get(row.id, [])))
            for row in db.exec(select(Estate).order_by(Estate.name)).all()
        )
        return rows, workers


@dataclass(frozen=True)
class Named:
    """An organisation or a body: what kind, whom to ask, how many people belong to it or hold a role for it."""

    id: str
    name: str
    kind: OrganisationKind | BodyKind
    contact: str
    people: int


def organisations(actor: Actor) -> tuple[Named, ...]:
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "register.see"):
            raise refusal
        counts = dict(db.exec(select(Person.organisation_id, func.count()).group_by(col(Person.organisation_id))).all())
        rows = db.exec(select(Organisation).order_by(Organisation.name)).all()
        return tuple(Named(row.id, row.name, row.kind, row.contact, counts.get(row.id, 0)) for row in rows)


def bodies(actor: Actor) -> tuple[Named, ...]:
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "register.see"):
            raise refusal
        held = select(RoleHeld.body_id, func.count()).where(col(RoleHeld.until).is_(None)).group_by(col(RoleHeld.body_id))
        counts = dict(db.exec(held).all())
        rows = db.exec(select(Body).order_by(Body.name)).all()
        return tuple(Named(row.id, row.name, row.kind, "", counts.get(row.id, 0)) for row in rows)


def unit_at(actor: Actor, estate_id: str, place: str) -> str:
    """The id of the unit that somebody writes as "3-201" or "3-2-201". Raises Invalid where there is none, or several."""
    parts = [part.strip() for part in place.replace("－", "-").replace("—", "-").split("-") if part.strip()]
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "register.see"):
            raise refusal
        wanted = select(Unit).where(Unit.estate_id == estate_id, Unit.building == (parts[0] if parts else ""))
        if len(parts) == 3:
            wanted = wanted.where(Unit.stairwell == parts[1])
        found = db.exec(wanted.where(Unit.number == (parts[-1] if len(parts) > 1 else ""))).all()
        if len(found) > 1:
            raise Invalid("There are several. Write building, stairwell and number, such as 3-2-201.", field="unit")
        if not found:
            raise Invalid("There is no such home in this estate. Write building and number, such as 3-201.", field="unit")
        return found[0].id
