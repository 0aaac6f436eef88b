"""Takes a roll file into the register: the homes of an estate, and their owners where the file names them, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from models.account import Account
from models.community import Community, Estate, Unit
from models.people import Person, Residence
from models.vocabulary import Tie
from services import clock, permission
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
Belonging = tuple[Residence, Person]


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
    """`belongs`: all ties to the homes that are there, by home; `known`: people of the register who are meant by a name of the file."""

    taken: Taken
    homes: tuple[Held, ...]
    units: dict[Key, Unit]
    belongs: dict[str, list[Belonging]]
    known: dict[str, Person]


def look(actor: Actor, estate_id: str, content: bytes) -> Taken:
    """What taking this file in would come to, nothing written. Raises NotAllowed, NotFound, and Invalid for what is no such table."""
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "register.change"):
            raise refusal
        if db.get(Estate, estate_id) is None:
            raise NotFound()
        community = db.get_one(Community, actor.community_id)
        return _planned(db, community, estate_id, roll_file.read(content, today=clock.today(community.time_zone))).taken


def take(work: Work, *, estate_id: str, content: bytes, owners: bool = False) -> Taken:
    """Take a file in. A list of homes adds homes; one with owners also completes homes that are there: taken twice it changes nothing.

    `owners`: the file has to name them. Raises Invalid for what is no such table. Where rows are broken nothing is written, and the
    answer names them all.
    """
    estate = work.fetch(Estate, estate_id)
    permission.require(work, "register.change")
    community = work.fetch(Community, work.community_id, lock=True)  # a home found free stays free until it is written
    today = clock.day_of(work.moment, community.time_zone)
    plan = _planned(work.db, community, estate.id, roll_file.read(content, today=today, owners=owners))
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


def _planned(db: Session, community: Community, estate_id: str, found: Read) -> _Plan:
    units = {(row.building, row.stairwell, row.number): row for row in db.exec(select(Unit).where(Unit.estate_id == estate_id)).all()}
    broken = list(found.broken)
    claims = []
    for line in found.lines:
        claim, there = line.claim, units.get(_key(line))
        if there and (wrong := _why_not_there(line, there, found)):
            broken.append(Broken(claim.row, found.columns[str(wrong.field)], wrong))
        known_size = there is not None and not claim.area
        claims.append(replace(claim, area=there.area, area_source=there.area_source) if there and known_size else claim)
    homes = holdings.held(claims, text(community.language, DEVELOPER)) if found.owners else ()
    belongs = _belongs(db, [units[key].id for line in found.lines if (key := _key(line)) in units]) if found.owners else {}
    ties = [belongs.get(units[key].id, []) if (key := _key(line)) in units else [] for line in found.lines]
    broken += _unanswered(homes, ties, found.columns)
    known = _meant(db, homes, ties)
    taken = Taken(
        lines=found.lines,
        owners=found.owners,
        voters=holdings.voters(homes)[0],
        area=sum((claim.area for claim in claims), Decimal(0)),
        doubts=tuple(sorted([*holdings.doubts(homes), *_doubts(db, homes, ties, known)], key=lambda each: each.row)),
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


def _belongs(db: Session, unit_ids: list[str]) -> dict[str, list[Belonging]]:
    """Every tie to these homes, by home: confirmed, claimed and ended ones.

    Two flat questions: joined in the database they take PostgreSQL seconds right after an import, while it has no statistics.
    """
    wanted = set(unit_ids)
    people = {person.id: person for person in db.exec(select(Person).where(col(Person.erased_at).is_(None))).all()}
    found: dict[str, list[Belonging]] = {}
    for residence in db.exec(select(Residence)).all():
        if residence.unit_id in wanted and residence.person_id in people:
            found.setdefault(residence.unit_id, []).append((residence, people[residence.person_id]))
    return found


def _lives(tie: Residence) -> bool:
    return tie.confirmed_at is not None and tie.ended_at is None


def _standing(tie: Residence) -> tuple[Any, ...]:
    """Which of several ties counts first: what is confirmed, has not ended, is an owner's, is oldest."""
    return tie.confirmed_at is None, tie.ended_at is not None, tie.tie is not Tie.OWNER, tie.claimed_at, tie.id


def _means(home: Held, tie: Residence, person: Person) -> bool:
    """Whether the name of this person in the file means them: by a confirmed tie to a home of the file, never by a mere claim.

    Any owner of the home; who else lives there if the file has that name for the home, and a former owner likewise. No tenant is the
    developer: their name alone would give them all its homes.
    """
    if tie.confirmed_at is None:
        return False
    if tie.tie is Tie.OWNER:
        return tie.ended_at is None or person.name in home.holders
    return tie.ended_at is None and person.name in home.holders and not home.developers


def _tie(home: Held, there: list[Belonging], name: str, known: Person | None) -> Residence | None:
    """The row of the register that is to say that this name owns the home; None where there is none yet."""
    met = [
        tie
        for tie, person in there
        if person.name == name and (_lives(tie) and _means(home, tie, person) or known is not None and person.id == known.id)
    ]
    return min(met, key=_standing, default=None)


def _unanswered(homes: Iterable[Held], ties: Iterable[list[Belonging]], columns: Mapping[str, str]) -> Iterable[Broken]:
    """Rows that name somebody who has only claimed the home: a file answers no claim, and a second person would be one too many."""
    for home, there in zip(homes, ties, strict=False):
        for name in home.holders:
            same = [tie for tie, person in there if person.name == name and tie.ended_at is None]
            if same and not any(_lives(tie) for tie in same):
                why = Invalid("{name} has claimed this home and has no answer yet: confirm or refuse the claim first.", name=name)
                yield Broken(home.claim.row, columns["owner"], why)


def _meant(db: Session, homes: Sequence[Held], ties: Sequence[list[Belonging]]) -> dict[str, Person]:
    """Whom the register knows by a name of the file: who belongs to the home of that row, or owns another home of the file.

    A developer is found by its name alone, so that files taken in building by building make one voter of it: among the confirmed owners
    who do not sign in, which is how a file enters a developer. Anybody may register under its name.
    """
    met = [(tie, who) for home, there in zip(homes, ties, strict=False) for tie, who in there if _means(home, tie, who)]
    found: dict[str, Person] = {}
    for _, person in sorted(met, key=lambda each: _standing(each[0])):
        found.setdefault(person.name, person)
    companies = {name for home in homes if home.developers for name in home.holders} - set(found)
    if not companies:
        return found
    named = select(Person).where(col(Person.name).in_(companies), col(Person.erased_at).is_(None))
    people = db.exec(named.order_by(col(Person.created_at), col(Person.id))).all()
    ids = [person.id for person in people]
    signing_in = set(db.exec(select(Account.person_id).where(col(Account.person_id).in_(ids))).all())
    owning = {
        tie.person_id
        for tie in db.exec(select(Residence).where(col(Residence.person_id).in_(ids), Residence.tie == Tie.OWNER)).all()
        if _lives(tie)
    }
    for person in people:
        if person.id in owning - signing_in:
            found.setdefault(person.name, person)
    return found


def _doubts(db: Session, homes: Iterable[Held], ties: Iterable[list[Belonging]], known: dict[str, Person]) -> Iterable[Doubt]:
    """Names that are in the register elsewhere, ties that the file changes, and homes for which the register has other owners."""
    others = set(db.exec(select(Person.name).where(col(Person.erased_at).is_(None))).all()) - set(known)
    for home, there in zip(homes, ties, strict=False):
        for name in home.holders:
            if why := _doubt(home, there, name, known.get(name), others):
                yield Doubt(home.claim.row, why)
        owners = {person.name for tie, person in there if _lives(tie) and tie.tie is Tie.OWNER}
        if more := sorted(owners - set(home.holders)):
            why = Invalid("The register has {names} as owner too: end that there if it is over.", names=", ".join(more))
            yield Doubt(home.claim.row, why)


def _doubt(home: Held, there: list[Belonging], name: str, known: Person | None, others: set[str]) -> Invalid | None:
    """What is doubtful about one name of a row. `others`: names not met yet whose people in the register are not meant."""
    if name in others:
        others.remove(name)
        if home.developers:
            return Invalid("Somebody called {name} is in the register: the developer is entered as a second person.", name=name)
        return Invalid("Somebody called {name} is in the register, at another home: entered as a second person.", name=name)
    tie = _tie(home, there, name, known)
    if tie is not None and tie.ended_at is not None:
        return Invalid("For {name} the register had ended this home: entered as owner again.", name=name)
    if tie is not None and tie.tie is not Tie.OWNER:
        return Invalid("{name} is in the register at this home, not as its owner: entered as owner now.", name=name)
    return None


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
        for name in home.holders:
            tie = _tie(home, plan.belongs.get(unit.id, []), name, known.get(name))
            if tie is not None and tie.tie is Tie.OWNER and _lives(tie):
                continue
            if name not in known:
                known[name] = Person(id=work.new_id(), community_id=work.community_id, name=name, created_at=work.moment)
                people.append(known[name])
            if tie is None:
                tie = Residence(
                    id=work.new_id(), community_id=work.community_id, person_id=known[name].id, unit_id=unit.id, tie=Tie.OWNER,
                )  # fmt: skip
            tie.tie, tie.claimed_at, tie.ended_at = Tie.OWNER, work.moment, None
            tie.confirmed_at, tie.confirmed_by = work.moment, work.actor.person_id
            ties.append(tie)
    if any(tie.person_id == work.actor.person_id for tie in ties):
        raise NotAllowed("Nobody enters their own home. Ask another member of the committee to do it.")
    work.add(*people)
    work.add(*ties)
    return len(people), len(ties)
