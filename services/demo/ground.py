"""The ground of the demo: communities, estates, homes and people from scenarios/demo/ground.yaml, written building by building."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlmodel import col, select

from models.base import Stored
from models.community import Estate, Unit
from models.people import Body, Person, Residence
from models.vocabulary import BodyKind, Tie, UnitKind
from services import accounts, actors, communities, logins, passwords, register, residences, roles
from services.actors import Actor
from services.demo.town import Home, Town
from services.work import Work, playing

Given = Mapping[str, Any]
ENTRANCES = ("li", "chen", "huang", "wei", "sun", "zhao", "admin")
"""Whom the demo's one press leads to: resident, grid worker, chair, committee, supervisor, executor, administrator of the first community.

They alone have accounts from the beginning, which is how `logins.demo_person` finds them.
"""
CLAIMS = 3
"""How many people of each community wait for a grid worker to confirm their home."""


@dataclass
class Names:
    """Names by chance; `phones` counts up, so that no two people share a number."""

    chance: Random
    given: Given
    phones: Iterator[int]

    def family(self) -> str:
        return str(self.chance.choice(self.given["family"]))

    def whole(self, family: str, age: str) -> str:
        first = self.chance.choice(self.given[age])
        return f"{first} {family}" if first.isascii() else f"{family}{first}"

    def phone(self) -> str:
        return f"139{next(self.phones):08d}"


def lay(town: Town, given: Given, names: Names, moment: datetime, *, founded: bool) -> None:
    """All that `given` says about one community; `founded`: it is there already, with the people of its scenario."""
    work, system = town.work, actors.system(town.community_id)
    with playing(work, system, moment):
        if not founded:
            _found(work, town.key, given)
        for part, add in (("organisations", register.add_organisation), ("bodies", register.add_body)):
            for key, each in (given.get(part) or {}).items():
                town.ids[key] = add(work, **each).id
        for key, each in (given.get("staff") or {}).items():
            organisation = each.get("organisation")
            person = register.add_person(
                work, name=each["name"], phone=each["phone"], organisation_id=town.ids[organisation] if organisation else None
            )
            town.ids[key] = person.id
            _appoint(work, town, person, each)
    with playing(work, system, moment + timedelta(minutes=20)):
        for key, each in given["estates"].items():
            town.ids[key] = register.add_estate(work, name=each["name"], address=each["address"], tier=each["tier"]).id
        for each in given.get("grids") or ():
            register.add_grid(work, estate_id=town.ids[each["estate"]], name=each["name"], worker_id=town.ids[each["worker"]])
    at = moment + timedelta(minutes=40)
    for key, each in given["estates"].items():
        for building in each["buildings"]:
            with playing(work, system, at):
                _fill(work, town, key, building, names)
            at += timedelta(minutes=5)
    with playing(work, system, at):
        homes = {(home.estate, home.label): home for home in town.homes}
        for key, each in (given.get("residents_with_roles") or {}).items():
            estate, *door = each["at"]
            owner = work.db.get_one(Person, homes[estate, "-".join(door)].owners[0])
            register.change_person(work, owner.id, name=each["name"], phone=owner.phone, adult=True, organisation_id=None)
            town.ids[key] = owner.id
            town.plain.pop(owner.id)
            _appoint(work, town, owner, each)
        for key, (estate, *door) in (given.get("lives") or {}).items():
            home = homes[estate, "-".join(door)]
            register.add_residence(work, person_id=town.ids[key], unit_id=home.unit_id, tie=Tie.RELATIVE)


def _found(work: Work, key: str, given: Given) -> None:
    words = {name: given[name] for name in ("name", "federation", "language", "office_phone", "figures")}
    communities.found(work, slug=key, time_zone="Asia/Shanghai", **words)


def _appoint(work: Work, town: Town, person: Person, each: Given) -> None:
    body = town.ids[each["body"]] if each.get("body") else None
    for role in each.get("roles") or ():
        seat = work.db.get_one(Body, body) if body else None
        fits = seat is not None and (role == "owners_committee") is (seat.kind is BodyKind.OWNERS_COMMITTEE)
        roles.grant(work, person.id, role, body if fits else None)


def _fill(work: Work, town: Town, estate: str, given: Given, names: Names) -> None:
    """One building with its homes, shops and people, recorded as one act."""
    estate_id = town.ids[estate]
    rows: list[Stored] = []
    units: list[Unit] = []
    for stair, areas in enumerate(given["areas"], 1):
        for floor in range(1, given["floors"] + 1):
            for flat, area in enumerate(areas, 1):
                units.append(_unit(work, estate_id, given["building"], str(stair), f"{floor}{flat:02d}", floor, area, UnitKind.HOME))
    for shop, area in enumerate(given.get("shops") or (), 1):
        units.append(_unit(work, estate_id, given["building"], "", f"S{shop}", 1, area, UnitKind.SHOP))
    work.add(*units)
    for unit in units:
        owners, adults, more = _household(work, unit, names)
        rows += more
        if unit.kind is UnitKind.HOME:
            door = f"{unit.building}-{unit.stairwell}-{unit.number}"
            town.homes.append(Home(unit.id, estate, unit.building, door, tuple(owners), tuple(adults)))
        for person in (row for row in more if isinstance(row, Person)):
            town.plain[person.id] = Actor(town.community_id, person.id, person.name, verified=True, units=(unit.id,))
    work.add(*(row for row in rows if isinstance(row, Person)))
    work.add(*(row for row in rows if isinstance(row, Residence)))
    people = sum(isinstance(row, Person) for row in rows)
    work.record("register.change", work.db.get_one(Estate, estate_id), units=len(units), people=people)


def _unit(work: Work, estate_id: str, building: str, stair: str, number: str, floor: int, area: str, kind: UnitKind) -> Unit:
    return Unit(
        id=work.new_id(), community_id=work.community_id, estate_id=estate_id, building=building, stairwell=stair,
        number=number, floor=floor, kind=kind, area=Decimal(area), area_source="register",
    )  # fmt: skip


def _household(work: Work, unit: Unit, names: Names) -> tuple[list[str], list[str], list[Stored]]:
    """Owner, and by chance spouse, parent, child or tenants: owners, adults who live there, rows."""
    chance, family = names.chance, names.family()
    rows: list[Stored] = []
    owners: list[str] = []
    adults: list[str] = []

    def comes(name: str, tie: Tie, *, adult: bool = True, lives: bool = True) -> None:
        person = Person(
            id=work.new_id(), community_id=work.community_id, name=name, phone=names.phone() if adult else "", adult=adult,
            created_at=work.moment,
        )  # fmt: skip
        rows.extend((person, _lives(work, person.id, unit.id, tie)))
        if tie is Tie.OWNER:
            owners.append(person.id)
        if adult and lives:
            adults.append(person.id)

    let = chance.random() < 0.14
    comes(names.whole(family, "older" if chance.random() < 0.35 else "adult"), Tie.OWNER, lives=not let)
    if unit.kind is UnitKind.SHOP:
        return owners, adults, rows
    if let:
        comes(names.whole(names.family(), "adult"), Tie.TENANT)
        return owners, adults, rows
    if chance.random() < 0.45:
        comes(names.whole(names.family(), "adult"), Tie.RELATIVE)
    if chance.random() < 0.12:
        comes(names.whole(family, "older"), Tie.RELATIVE)
    if chance.random() < 0.18:
        comes(names.whole(family, "child"), Tie.RELATIVE, adult=False)
    return owners, adults, rows


def _lives(work: Work, person_id: str, unit_id: str, tie: Tie) -> Residence:
    return Residence(
        id=work.new_id(), community_id=work.community_id, person_id=person_id, unit_id=unit_id, tie=tie,
        claimed_at=work.moment, confirmed_at=work.moment,
    )  # fmt: skip


def of_scenario(town: Town, people: Mapping[str, str], places: Mapping[str, str]) -> None:
    """Take over the people and places of a scenario that was played into this community: ids by key."""
    town.ids |= {**places, **people}
    work = town.work
    work.db.info["community"] = town.community_id
    names = {row_id: key for key, row_id in places.items()}
    found = (
        select(Unit, Residence)
        .join(Residence, col(Residence.unit_id) == Unit.id)
        .where(Unit.kind == UnitKind.HOME)
        .order_by(Unit.building, Unit.stairwell, Unit.number)
    )
    for unit, lives in work.db.exec(found).all():
        door = f"{unit.building}-{unit.stairwell}-{unit.number}"
        town.homes.append(Home(unit.id, names[unit.estate_id], unit.building, door, (lives.person_id,), (lives.person_id,)))


def open_doors(town: Town, moment: datetime) -> None:
    """Accounts for those whom one press leads to."""
    with playing(town.work, actors.system(town.community_id), moment):
        for key in ENTRANCES:
            person = town.work.db.get_one(Person, town.ids[key])
            made = accounts.make(town.work, person, person.phone, passwords.Hashed(logins.NO_PASSWORD))
            town.work.record("person.register", made, confirmed=True)


def claims(town: Town, names: Names) -> Iterator[datetime]:
    """People who have said where they live and wait for a grid worker; the last one came yesterday."""
    let = [home for home in town.homes if len(home.adults) == 1]
    for number, home in enumerate(names.chance.sample(let, CLAIMS)):
        moment = town.moment(number - CLAIMS, 18, 7 * number + 5)
        yield moment
        with playing(town.work, actors.visitor(town.community_id), moment):
            work = town.work
            person = Person(
                id=work.new_id(), community_id=work.community_id, name=names.whole(names.family(), "adult"),
                phone=names.phone(), created_at=moment,
            )  # fmt: skip
            work.add(person)
            residences.claim(work, person, work.db.get_one(Unit, home.unit_id), Tie.TENANT if number else Tie.RELATIVE)
            work.record("person.register", person, confirmed=False)
