"""The register: estates, grids, units, people, organisations, bodies, and who belongs where; kept by the committee."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlmodel import select

from models.base import Stored
from models.community import Community, Estate, Grid, Unit
from models.people import Body, Organisation, Person, Residence
from models.vocabulary import BodyKind, OrganisationKind, Tie, Tier, UnitKind
from services import once, permission, phones
from services.checks import Checks
from services.errors import Conflict, Invalid, NotAllowed, Refusal
from services.work import Work

AREA_SOURCES = ("register", "survey", "contract")
"""In this order they count (Supreme People's Court interpretation, article 8)."""
MOST_AREA = Decimal(1_000_000)


def export(work: Work, *, sheet: str) -> None:
    """Note that a table of the register (`sheet`) leaves as a file: names and phone numbers of many people go with it."""
    permission.require(work, "register.export")
    work.record("register.export", work.community, sheet=sheet)


def _begin(work: Work) -> Checks:
    """Permission, and one writer at a time, so that a name found free stays free until it is written."""
    permission.require(work, "register.change")
    work.db.get(Community, work.community_id, with_for_update=True)
    return Checks()


def _free(work: Work, checks: Checks, kind: type[Estate] | type[Grid] | type[Organisation] | type[Body], name: str, but: str = "") -> None:
    if work.db.exec(select(kind).where(kind.name == name, kind.id != but)).first():
        checks.reasons.append(Conflict("“{name}” is in the register already.", field="name", name=name))


def _change(work: Work, row: Stored, values: dict[str, Any]) -> None:
    for field, value in values.items():
        setattr(row, field, value)
    work.db.flush()
    work.record("register.change", row)


def add_estate(work: Work, *, name: str, address: str = "", tier: str = Tier.IMPROVING) -> Estate:
    """An estate, its name unique in the community."""
    checks = _begin(work)
    estate = Estate(id=work.new_id(), community_id=work.community_id, **_estate(work, checks, name, address, tier))
    checks.done()
    work.add(estate)
    work.record("register.change", estate)
    return estate


def change_estate(work: Work, estate_id: str, *, name: str, address: str, tier: str) -> Estate:
    """Give an estate these values."""
    estate = work.fetch(Estate, estate_id)
    checks = _begin(work)
    values = _estate(work, checks, name, address, tier, estate.id)
    checks.done()
    _change(work, estate, values)
    return estate


def _estate(work: Work, checks: Checks, name: str, address: str, tier: str, but: str = "") -> dict[str, Any]:
    values = {
        "name": checks.text("name", name, 80),
        "address": checks.text("address", address, 120, least=0),
        "tier": checks.choice("tier", tier, Tier),
    }
    _free(work, checks, Estate, str(values["name"]), but)
    return dict(values)


def add_grid(work: Work, *, estate_id: str, name: str, worker_id: str | None = None) -> Grid:
    """A grid of an estate, with the person who looks after it."""
    estate = work.fetch(Estate, estate_id)
    worker = work.fetch(Person, worker_id) if worker_id else None
    checks = _begin(work)
    kept = checks.text("name", name, 80)
    _free(work, checks, Grid, kept)
    checks.done()
    grid = Grid(id=work.new_id(), community_id=work.community_id, estate_id=estate.id, name=kept, worker_id=worker.id if worker else None)
    work.add(grid)
    work.record("register.change", grid)
    return grid


def change_grid(work: Work, grid_id: str, *, name: str, worker_id: str | None) -> Grid:
    """Rename a grid, hand it to another worker."""
    grid = work.fetch(Grid, grid_id)
    worker = work.fetch(Person, worker_id) if worker_id else None
    checks = _begin(work)
    kept = checks.text("name", name, 80)
    _free(work, checks, Grid, kept, grid.id)
    checks.done()
    _change(work, grid, {"name": kept, "worker_id": worker.id if worker else None})
    return grid


# ---- units


@dataclass(frozen=True)
class UnitGiven:
    """A unit as somebody wrote it down; `area` in m² with a point, for example "87.52"."""

    building: str
    number: str
    area: str | Decimal
    floor: int | None = 0
    kind: str = UnitKind.HOME
    stairwell: str = ""
    area_source: str = "register"
    grid_id: str | None = None


def add_unit(
    work: Work,
    *,
    estate_id: str,
    building: str,
    number: str,
    area: str | Decimal,
    floor: int | None = 0,
    kind: str = UnitKind.HOME,
    stairwell: str = "",
    area_source: str = "register",
    grid_id: str | None = None,
) -> Unit:
    """A flat, shop or parking bay."""
    return add_units(work, estate_id, [UnitGiven(building, number, area, floor, kind, stairwell, area_source, grid_id)])[0]


def add_units(work: Work, estate_id: str, given: Iterable[UnitGiven]) -> list[Unit]:
    """Several units of one estate in one act: all of them or none."""
    estate = work.fetch(Estate, estate_id)
    checks = _begin(work)
    taken = set(work.db.exec(select(Unit.building, Unit.stairwell, Unit.number).where(Unit.estate_id == estate.id)).all())
    made = []
    for each in given:
        values = unit_values(checks, each)
        if (at := (str(values["building"]), str(values["stairwell"]), str(values["number"]))) in taken:
            checks.reasons.append(_twice(at[0], at[2]))
        taken.add(at)
        if each.grid_id:
            work.fetch(Grid, each.grid_id)
        made.append(Unit(id=work.new_id(), community_id=work.community_id, estate_id=estate.id, grid_id=each.grid_id, **values))
    checks.done()
    work.add(*made)
    work.record("register.change", estate, units=len(made))
    return made


def change_unit(work: Work, unit_id: str, given: UnitGiven) -> Unit:
    """Correct a unit. Rolls that are frozen keep what they had."""
    unit = work.fetch(Unit, unit_id)
    checks = _begin(work)
    values = unit_values(checks, given)
    same = select(Unit.id).where(
        Unit.estate_id == unit.estate_id,
        Unit.building == values["building"],
        Unit.stairwell == values["stairwell"],
        Unit.number == values["number"],
        Unit.id != unit.id,
    )
    if work.db.exec(same).first():
        checks.reasons.append(_twice(str(values["building"]), str(values["number"])))
    if given.grid_id:
        work.fetch(Grid, given.grid_id)
    checks.done()
    _change(work, unit, values | {"grid_id": given.grid_id})
    return unit


def _twice(building: str, number: str) -> Refusal:
    return Conflict("Building {building}, number {number} is in the register already.", field="number", building=building, number=number)


def unit_values(checks: Checks, given: UnitGiven) -> dict[str, Any]:
    """The values of a unit, checked."""
    return {
        "building": checks.text("building", given.building, 20),
        "number": checks.text("number", given.number, 20),
        "stairwell": checks.text("stairwell", given.stairwell, 20, least=0),
        "floor": checks.whole("floor", given.floor, -9, 200),
        "kind": checks.choice("kind", given.kind, UnitKind),
        "area": area_of(checks, given.area),
        "area_source": checks.one_of("area_source", given.area_source, AREA_SOURCES),
    }


def area_of(checks: Checks, given: str | Decimal) -> Decimal:
    """Square metres, exact: more than none, at most four places after the point."""
    try:
        area = Decimal(str(given).strip().replace("，", ".").replace("。", "."))
    except InvalidOperation:
        area = Decimal("NaN")
    if not area.is_finite() or not 0 < area <= MOST_AREA or int(area.as_tuple().exponent) < -4:
        checks.note("The area is a figure in m² such as 87.52.", "area")
        return Decimal(1)
    return area


# ---- people


def add_person(
    work: Work, *, name: str, phone: str = "", adult: bool = True, organisation_id: str | None = None, form: str = ""
) -> Person:
    """Somebody who lives, owns or works here. `form` is the word of the form that was sent: sent twice it adds one person."""
    if organisation_id:
        work.fetch(Organisation, organisation_id)
    permission.require(work, "register.change")
    person_id = once.name(work, form)
    if form:
        work.fetch(Community, work.community_id, lock=True)  # of two presses at once the second finds what the first has made
        if added := work.db.get(Person, person_id):
            return added
    checks = Checks()
    values = person_values(work, checks, name, phone)
    checks.done()
    person = Person(
        id=person_id, community_id=work.community_id, **values, adult=adult, organisation_id=organisation_id, created_at=work.moment
    )
    work.add(person)
    work.record("register.change", person)
    return person


def change_person(work: Work, person_id: str, *, name: str, phone: str, adult: bool, organisation_id: str | None) -> Person:
    """Correct a person. The number somebody signs in with is changed by a new letter, not here."""
    person = work.fetch(Person, person_id)
    if organisation_id:
        work.fetch(Organisation, organisation_id)
    permission.require(work, "register.change")
    if person.erased_at is not None:
        raise Conflict("This person's data was erased.")
    checks = Checks()
    values = person_values(work, checks, name, phone)
    checks.done()
    _change(work, person, values | {"adult": adult, "organisation_id": organisation_id})
    return person


def person_values(work: Work, checks: Checks, name: str, phone: str) -> dict[str, Any]:
    """Name and phone, checked; the phone may be unknown."""
    kept = ""
    if phone.strip():
        try:
            kept = phones.cleaned(phone, work.community.time_zone)
        except Invalid as refusal:
            checks.reasons.append(refusal)
    return {"name": checks.text("name", name, 40), "phone": kept}


def add_residence(work: Work, *, person_id: str, unit_id: str, tie: str = Tie.OWNER, confirmed: bool = True) -> Residence:
    """That somebody belongs to a unit; entered by the committee it counts at once.

    Done again it changes the tie, or takes up what had ended, and counts from then on. Nobody enters their own home: a colleague
    does. Raises NotAllowed, Invalid.
    """
    person, unit = work.fetch(Person, person_id), work.fetch(Unit, unit_id)
    permission.require(work, "register.change")
    if person.id == work.actor.person_id:
        raise NotAllowed("Nobody enters their own home. Ask another member of the committee to do it.")
    checks = Checks()
    kept = checks.choice("tie", tie, Tie)
    checks.done()
    row = work.db.exec(select(Residence).where(Residence.person_id == person.id, Residence.unit_id == unit.id)).first()
    if row is None:
        row = Residence(
            id=work.new_id(), community_id=work.community_id, person_id=person.id, unit_id=unit.id, tie=kept, claimed_at=work.moment
        )
    elif row.tie != kept or row.ended_at is not None:
        row.claimed_at, row.confirmed_at, row.confirmed_by = work.moment, None, None
    row.tie, row.ended_at = kept, None
    if confirmed and row.confirmed_at is None:
        row.confirmed_at, row.confirmed_by = work.moment, work.actor.person_id
    work.add(row)
    work.record("register.change", row)
    return row


# ---- organisations and bodies


def add_organisation(work: Work, *, name: str, kind: str, contact: str = "") -> Organisation:
    """A property company, builder, social organisation …"""
    checks = _begin(work)
    kept = checks.text("name", name, 80)
    _free(work, checks, Organisation, kept)
    values: dict[str, Any] = {
        "kind": checks.choice("kind", kind, OrganisationKind),
        "contact": checks.text("contact", contact, 80, least=0),
    }
    checks.done()
    made = Organisation(id=work.new_id(), community_id=work.community_id, name=kept, **values)
    work.add(made)
    work.record("register.change", made)
    return made


def change_organisation(work: Work, organisation_id: str, *, name: str, kind: str, contact: str) -> Organisation:
    """Give an organisation these values."""
    row = work.fetch(Organisation, organisation_id)
    checks = _begin(work)
    kept = checks.text("name", name, 80)
    _free(work, checks, Organisation, kept, row.id)
    values = {"name": kept, "kind": checks.choice("kind", kind, OrganisationKind), "contact": checks.text("contact", contact, 80, least=0)}
    checks.done()
    _change(work, row, dict(values))
    return row


def add_body(work: Work, *, name: str, kind: str) -> Body:
    """A standing committee."""
    checks = _begin(work)
    kept = checks.text("name", name, 80)
    _free(work, checks, Body, kept)
    chosen = checks.choice("kind", kind, BodyKind)
    checks.done()
    made = Body(id=work.new_id(), community_id=work.community_id, name=kept, kind=chosen)
    work.add(made)
    work.record("register.change", made)
    return made


def change_body(work: Work, body_id: str, *, name: str, kind: str) -> Body:
    """Give a body these values."""
    row = work.fetch(Body, body_id)
    checks = _begin(work)
    kept = checks.text("name", name, 80)
    _free(work, checks, Body, kept, row.id)
    chosen = checks.choice("kind", kind, BodyKind)
    checks.done()
    _change(work, row, {"name": kept, "kind": chosen})
    return row
