"""Takes a roll file into the register: the homes of an estate, and their owners where the file names them, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from models.community import Community, Estate, Unit
from models.people import Person, Residence
from models.vocabulary import Tie
from services import permission
from services.actors import Actor
from services.db import reading
from services.errors import Invalid, NotAllowed, NotFound
from services.exchange import roll_file
from services.exchange.roll_file import Broken, Line, Read
from services.i18n import N_, text
from services.rules import holdings
from services.rules.holdings import Doubt, Held
from services.work import Work

DEVELOPER = N_("The developer")
"""What a developer is called whose name no row gives."""
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Taken:
    """What a file came to: nothing was written where anything is `broken`. `area` in m², exact; `there` were in the register before."""

    lines: tuple[Line, ...]
    owners: bool
    voters: int
    area: Decimal
    doubts: tuple[Doubt, ...]
    broken: tuple[Broken, ...]
    there: int

    @property
    def added(self) -> int:
        """Homes that are new in the register."""
        return len(self.lines) - self.there


@dataclass(frozen=True)
class _Plan:
    """`belongs`: who belongs to the homes that are there, by home; `known`: people of the register who are meant by a name of the file."""

    taken: Taken
    homes: tuple[Held, ...]
    units: dict[Key, Unit]
    belongs: dict[str, list[tuple[Residence, Person]]]
    known: dict[str, Person]


def look(actor: Actor, estate_id: str, content: bytes) -> Taken:
    """What taking this file in would come to, nothing written. Raises NotAllowed, NotFound, and Invalid for what is no such table."""
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "register.change"):
            raise refusal
        if db.get(Estate, estate_id) is None:
            raise NotFound()
        return _planned(db, str(actor.community_id), estate_id, roll_file.read(content)).taken


def take(work: Work, *, estate_id: str, content: bytes, owners: bool = False) -> Taken:
    """Take a file in. A list of homes adds homes; one with owners also completes homes that are there: taken twice it changes nothing.

    `owners`: the file has to name them. Raises Invalid for what is no such table. Where rows are broken nothing is written, and the
    answer names them all.
    """
    estate = work.fetch(Estate, estate_id)
    permission.require(work, "register.change")
    work.fetch(Community, work.community_id, lock=True)  # a home found free stays free until it is written
    plan = _planned(work.db, work.community_id, estate.id, roll_file.read(content, owners=owners))
    if plan.taken.broken:
        return plan.taken
    made = [
        Unit(id=work.new_id(), community_id=work.community_id, estate_id=estate.id, **_values(line))
        for line in plan.taken.lines
        if _key(line) not in plan.units
    ]
    work.add(*made)
    units = plan.units | {(unit.building, unit.stairwell, unit.number): unit for unit in made}
    changed = _measure(work, plan)
    people, ties = _own(work, plan, units)
    if made or changed or ties:
        work.record("register.change", estate, units=len(made), people=people)
    return plan.taken


def _key(line: Line) -> Key:
    return line.unit.building, line.unit.stairwell, line.unit.number


def _values(line: Line) -> dict[str, Any]:
    names = ("building", "stairwell", "number", "floor", "kind", "area", "area_source")
    return {name: getattr(line.unit, name) for name in names}


def _planned(db: Session, community_id: str, estate_id: str, found: Read) -> _Plan:
    units = {(row.building, row.stairwell, row.number): row for row in db.exec(select(Unit).where(Unit.estate_id == estate_id)).all()}
    broken = list(found.broken)
    claims = []
    for line in found.lines:
        claim, there = line.claim, units.get(_key(line))
        if there and (wrong := _why_not_there(line, there, found)):
            broken.append(Broken(claim.row, found.columns[str(wrong.field)], wrong))
        known_size = there is not None and not claim.area
        claims.append(replace(claim, area=there.area, area_source=there.area_source) if there and known_size else claim)
    language = db.get_one(Community, community_id).language
    homes = holdings.held(claims, text(language, DEVELOPER)) if found.owners else ()
    belongs = _belongs(db, [units[key].id for line in found.lines if (key := _key(line)) in units]) if found.owners else {}
    known = _meant(db, found.lines, homes, units, belongs)
    taken = Taken(
        lines=found.lines,
        owners=found.owners,
        voters=holdings.voters(homes)[0],
        area=sum((claim.area for claim in claims), Decimal(0)),
        doubts=tuple(sorted([*holdings.doubts(homes), *_doubts(db, found.lines, homes, units, belongs, known)], key=lambda each: each.row)),
        broken=tuple(sorted(broken, key=lambda each: each.row)),
        there=sum(_key(line) in units for line in found.lines),
    )
    return _Plan(taken, homes, units, belongs, known)


def _why_not_there(line: Line, there: Unit, found: Read) -> Invalid | None:
    """Why a row about a home that is in the register cannot be used: a list of homes only adds, a roll must say the same of it."""
    if not found.owners:
        return Invalid("This home is in the register already.", field="number")
    if "kind" in found.columns and there.kind != line.unit.kind:
        return Invalid("The register has another kind for this home: {there}. Correct one of the two.", field="kind", there=there.kind)
    if line.claim.area and there.area and there.area != line.claim.area:
        return Invalid("The register has {there} m² for this home. Correct one of the two.", field="area", there=format(there.area, "f"))
    return None


def _belongs(db: Session, unit_ids: list[str]) -> dict[str, list[tuple[Residence, Person]]]:
    """Who belongs to these homes now, by home."""
    wanted = set(unit_ids)
    rows = db.exec(
        select(Residence, Person)
        .join(Person, col(Person.id) == Residence.person_id)
        .where(col(Residence.ended_at).is_(None), col(Person.erased_at).is_(None))
    ).all()
    found: dict[str, list[tuple[Residence, Person]]] = {}
    for residence, person in rows:
        if residence.unit_id in wanted:
            found.setdefault(residence.unit_id, []).append((residence, person))
    return found


def _meant(
    db: Session, lines: Iterable[Line], homes: Iterable[Held], units: dict[Key, Unit], belongs: dict[str, list[tuple[Residence, Person]]]
) -> dict[str, Person]:
    """Whom the register knows by a name of the file: who belongs to the home of that row, or owns another home of the file.

    A developer is found by its name alone, so that files taken in building by building make one voter of it.
    """
    found: dict[str, Person] = {}
    for line, home in zip(lines, homes, strict=False):
        unit = units.get(_key(line))
        for residence, person in belongs.get(unit.id if unit else "", []):
            if residence.tie is Tie.OWNER or person.name in home.holders:
                found.setdefault(person.name, person)
    companies = {name for home in homes if home.developers for name in home.holders} - set(found)
    named = select(Person).where(col(Person.name).in_(companies), col(Person.erased_at).is_(None))
    for person in db.exec(named.order_by(col(Person.created_at), Person.id)).all() if companies else ():
        found.setdefault(person.name, person)
    return found


def _doubts(
    db: Session,
    lines: Iterable[Line],
    homes: Iterable[Held],
    units: dict[Key, Unit],
    belongs: dict[str, list[tuple[Residence, Person]]],
    known: dict[str, Person],
) -> Iterable[Doubt]:
    """Owners whose name is in the register elsewhere, and homes for which the register has other owners."""
    others = set(db.exec(select(Person.name).where(col(Person.erased_at).is_(None))).all()) - set(known)
    for line, home in zip(lines, homes, strict=False):
        row = line.claim.row
        for name in home.holders:
            if name in others:
                others.remove(name)
                why = Invalid("Somebody called {name} is in the register, at another home: entered as a second person.", name=name)
                yield Doubt(row, why)
        unit = units.get(_key(line))
        there = {person.name for residence, person in belongs.get(unit.id if unit else "", []) if residence.tie is Tie.OWNER}
        if more := sorted(there - set(home.holders)):
            yield Doubt(row, Invalid("The register has {names} as owner too: end that there if it is over.", names=", ".join(more)))


def _measure(work: Work, plan: _Plan) -> int:
    """Give homes that stood in the register without an area the one of the file; how many."""
    changed = 0
    for line in plan.taken.lines:
        unit = plan.units.get(_key(line))
        if unit is not None and not unit.area and line.claim.area:
            unit.area, unit.area_source = line.claim.area, line.unit.area_source
            work.add(unit)
            changed += 1
    return changed


def _own(work: Work, plan: _Plan, units: dict[Key, Unit]) -> tuple[int, int]:
    """Write who owns what: how many people are new, and how many ties are new or changed. One name of a file is one person."""
    known = dict(plan.known)
    people: list[Person] = []
    ties: list[Residence] = []
    for line, home in zip(plan.taken.lines, plan.homes, strict=False):
        unit = units[_key(line)]
        lives = {person.name: residence for residence, person in plan.belongs.get(unit.id, [])}
        for name in home.holders:
            tie = lives.get(name)
            if tie is not None and tie.tie is Tie.OWNER and tie.confirmed_at is not None:
                continue
            if name not in known:
                known[name] = Person(id=work.new_id(), community_id=work.community_id, name=name, created_at=work.moment)
                people.append(known[name])
            if tie is None:
                tie = Residence(
                    id=work.new_id(), community_id=work.community_id, person_id=known[name].id, unit_id=unit.id, tie=Tie.OWNER,
                )  # fmt: skip
            tie.tie, tie.claimed_at, tie.confirmed_at, tie.confirmed_by = Tie.OWNER, work.moment, work.moment, work.actor.person_id
            ties.append(tie)
    if any(tie.person_id == work.actor.person_id for tie in ties):
        raise NotAllowed("Nobody enters their own home. Ask another member of the committee to do it.")
    work.add(*people)
    work.add(*ties)
    return len(people), len(ties)
