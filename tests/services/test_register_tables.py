"""A roll file in the register: whole or not at all, the same twice, counted as the roll of a vote counts it, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import func, select

from models.audit import Event
from models.community import Unit
from models.people import Person, Residence
from models.vocabulary import Tie, VotesBy
from services import clock, db, register, register_tables, residences
from services.errors import Invalid, NotAllowed, NotFound
from services.register_tables import Taken
from services.rules.roll import Ground, entries
from services.work import do
from tests.fixtures.neighbours import COMMUNITY, Neighbours

HEAD = "building,unit,kind,area,area_source,owner,developer,delivered,voter\n"
ROWS = """2,101,home,88.20,register,孙立,,yes,
2,102,home,61.5,survey,孙立、何静,,yes,何静
2,103,shop,40.05,contract,马超,,yes,
2,201,home,90,register,林森,华宇置业,no,
2,202,home,,register,,,yes,
2,203,home,91,register,,华宇置业,,
2,P1,parking,12.5,register,孙立,,yes,
"""


def take(neighbours: Neighbours, rows: str = ROWS, who: str = "committee", *, owners: bool = True) -> Taken:
    content = (HEAD + rows).encode()
    return do(neighbours.actor(who), register_tables.take, estate_id=neighbours.estate, content=content, owners=owners)


def counted() -> tuple[int, int, int, int]:
    with db.reading(COMMUNITY) as session:
        return tuple(session.exec(select(func.count()).select_from(kind)).one() for kind in (Unit, Person, Residence, Event))  # type: ignore[return-value]


def owners() -> dict[str, list[str]]:
    with db.reading(COMMUNITY) as session:
        rows = session.exec(
            select(Unit.number, Person.name)
            .join(Residence, Residence.unit_id == Unit.id)
            .join(Person, Person.id == Residence.person_id)
            .where(Unit.building == "2", Residence.tie == Tie.OWNER, Residence.confirmed_at.is_not(None))
        ).all()
    found: dict[str, list[str]] = {}
    for number, name in sorted(rows):
        found.setdefault(number, []).append(name)
    return found


def test_a_roll_with_its_owners(neighbours: Neighbours) -> None:
    before = counted()
    taken = take(neighbours)
    assert not taken.broken and (taken.added, taken.there) == (7, 0)
    after = counted()
    assert (after[0] - before[0], after[1] - before[1], after[3] - before[3]) == (7, 5 - 1, 1)
    assert owners() == {
        "101": ["孙立"], "102": ["何静", "孙立"], "103": ["马超"], "201": ["华宇置业"], "203": ["华宇置业"], "P1": ["孙立"],
    }  # fmt: skip
    assert (taken.voters, taken.area) == (5, Decimal("383.25"))
    assert [each.row for each in taken.doubts] == [3, 4, 5, 6, 6, 7]


def test_it_counts_as_the_roll_of_a_vote_does(neighbours: Neighbours) -> None:
    taken = take(neighbours)
    with db.reading(COMMUNITY) as session:
        units = session.exec(select(Unit).where(Unit.building == "2")).all()
        has: dict[str, list[str]] = {}
        for row in session.exec(select(Residence).where(Residence.tie == Tie.OWNER)).all():
            has.setdefault(row.unit_id, []).append(row.person_id)
    roll = entries([Ground(unit.id, unit.number, unit.area, tuple(has.get(unit.id, ()))) for unit in units], VotesBy.OWNER)
    assert (len(roll), sum((entry.area for entry in roll), Decimal(0))) == (taken.voters, taken.area)


def test_taken_twice_it_changes_nothing(neighbours: Neighbours) -> None:
    first = take(neighbours)
    after = counted()
    again = take(neighbours)
    assert counted() == after and (again.added, again.there, again.voters, again.area) == (0, 7, first.voters, first.area)


def test_a_file_that_goes_on_knows_whom_it_means(neighbours: Neighbours) -> None:
    take(neighbours)
    people = counted()[1]
    more = take(neighbours, ROWS + "2,P2,parking,12,register,孙立,,yes,\n2,301,home,80,register,,yes,,\n")
    assert counted()[1] == people and owners()["P2"] == ["孙立"] and owners()["301"] == ["华宇置业"]
    assert more.added == 2


def test_the_developers_are_one_voter_from_file_to_file(neighbours: Neighbours) -> None:
    take(neighbours, "2,201,home,90,register,,华宇置业,,\n")
    take(neighbours, "2,202,home,90,register,,华宇置业,,\n")
    with db.reading(COMMUNITY) as session:
        assert session.exec(select(func.count()).select_from(Person).where(Person.name == "华宇置业")).one() == 1


def persons(name: str) -> list[str]:
    with db.reading(COMMUNITY) as session:
        return list(session.exec(select(Person.id).where(Person.name == name).order_by(Person.created_at)).all())


def owned(person_id: str) -> int:
    with db.reading(COMMUNITY) as session:
        found = session.exec(select(Residence).where(Residence.person_id == person_id, Residence.tie == Tie.OWNER)).all()
    return len([each for each in found if each.confirmed_at and not each.ended_at])


def rename(neighbours: Neighbours, who: str, name: str) -> str:
    more = {"phone": "", "adult": True, "organisation_id": None}
    return do(neighbours.system, register.change_person, person_id=neighbours.people[who], name=name, **more).id


UNSOLD = "2,201,home,90,register,,华宇置业,,\n2,202,home,90,register,,华宇置业,,\n"


@pytest.mark.parametrize("confirmed", [False, True])
def test_nobody_becomes_the_developer_by_a_name(neighbours: Neighbours, confirmed: bool) -> None:
    called = rename(neighbours, "newcomer", "华宇置业")
    if confirmed:  # a tenant of a home of the file even
        do(neighbours.system, register.add_residence, person_id=called, unit_id=neighbours.units[2], tie="tenant")
    taken = take(neighbours, UNSOLD + ("1,103,home,87.52,register,,华宇置业,,\n" if confirmed else ""))
    assert not taken.broken and owned(called) == 0
    assert [each.row for each in taken.doubts if "second person" in str(each.why)] == [2]
    assert [owned(each) for each in persons("华宇置业") if each != called] == [3 if confirmed else 2]


def test_an_owner_who_signs_in_is_not_the_developer_of_another_building(neighbours: Neighbours) -> None:
    called = rename(neighbours, "resident", "华宇置业")
    neighbours.account("resident")
    take(neighbours, UNSOLD)
    take(neighbours, "3,101,home,90,register,,华宇置业,,\n")
    assert owned(called) == 1 and sorted(owned(each) for each in persons("华宇置业")) == [1, 3]


@pytest.mark.parametrize("tie", ["tenant", "owner"])
def test_a_claim_is_not_answered_by_a_file(neighbours: Neighbours, tie: str) -> None:
    claim = do(
        neighbours.system, register.add_residence, person_id=neighbours.people["newcomer"], unit_id=neighbours.units[2], tie=tie, confirmed=False
    )  # fmt: skip
    rows, before = "2,1,home,80,register,小孙,,,\n1,103,home,87.52,register,小孙,,,\n", counted()
    taken = take(neighbours, rows)
    assert [(each.row, each.column) for each in taken.broken] == [(3, "owner")] and "confirm or refuse" in str(taken.broken[0].reason)
    assert counted() == before and owned(neighbours.people["newcomer"]) == 0
    do(neighbours.actor("grid_worker"), residences.refuse, claim.id, "Not known at this door.")
    assert not take(neighbours, rows).broken
    assert owned(neighbours.people["newcomer"]) == 0 and [owned(each) for each in persons("小孙")][1:] == [2]


def test_a_claim_elsewhere_makes_nobody_an_owner(neighbours: Neighbours) -> None:
    do(neighbours.system, register.add_residence, person_id=neighbours.people["newcomer"], unit_id=neighbours.units[2], confirmed=False)
    taken = take(neighbours, "2,1,home,80,register,小孙,,,\n1,103,home,87.52,register,新人,,,\n")
    assert not taken.broken and owned(neighbours.people["newcomer"]) == 0 and len(persons("小孙")) == 2
    assert [each.row for each in taken.doubts] == [2], "who has only claimed a home is no other owner of it"


@pytest.mark.parametrize("homes", [1, 2])
def test_a_home_that_was_ended_is_taken_up_again(neighbours: Neighbours, homes: int) -> None:
    rows = "".join(f"2,{number},home,80,register,孙立,,,\n" for number in range(homes))
    take(neighbours, rows)
    (owner,) = persons("孙立")
    with db.reading(COMMUNITY) as session:
        tie = session.exec(select(Residence).where(Residence.person_id == owner)).first()
    assert tie is not None
    do(neighbours.actor("committee"), residences.end, tie.id)
    assert owned(owner) == homes - 1
    with clock.at(clock.now() + timedelta(days=1)):
        again = take(neighbours, rows)
    assert not again.broken and persons("孙立") == [owner] and owned(owner) == homes
    assert any("entered as owner again" in str(each.why) for each in again.doubts)
    with db.reading(COMMUNITY) as session:
        now = session.get_one(Residence, tie.id)
    assert now.ended_at is None and now.claimed_at == now.confirmed_at and now.claimed_at - tie.claimed_at >= timedelta(days=1)
    assert not any("again" in str(each.why) for each in take(neighbours, rows).doubts)


def test_a_handover_to_come_leaves_the_home_with_the_developer(neighbours: Neighbours) -> None:
    rows = "2,201,home,90,register,林森,华宇置业,2026-09-01,\n2,202,home,90,register,,华宇置业,,\n"
    with clock.at(datetime(2026, 8, 31, 15, 59, tzinfo=UTC)):
        assert take(neighbours, rows).voters == 1 and owners()["201"] == ["华宇置业"]
    with clock.at(datetime(2026, 8, 31, 16, 1, tzinfo=UTC)):  # the first of September in Shanghai
        assert register_tables.look(neighbours.actor("committee"), neighbours.estate, (HEAD + rows).encode()).voters == 2


def test_homes_that_are_there_are_completed(neighbours: Neighbours) -> None:
    do(neighbours.system, register.add_residence, person_id=neighbours.people["newcomer"], unit_id=neighbours.units[2], tie="tenant")
    taken = take(neighbours, "1,101,home,87.52,register,王阿姨,,,\n1,102,home,,register,赵先生,,,\n1,103,home,87.52,register,小孙,,,\n")
    assert not taken.broken and taken.area == Decimal("262.56")
    assert [each.row for each in taken.doubts] == [4] and "not as its owner" in str(taken.doubts[0].why)
    actor = neighbours.actor("newcomer")
    assert actor.units == (neighbours.units[2],), "a tenant of the home whom the file names as its owner is meant"
    with db.reading(COMMUNITY) as session:
        assert session.exec(select(Residence.tie).where(Residence.person_id == actor.person_id)).one() is Tie.OWNER


def test_what_the_register_says_otherwise_is_broken(neighbours: Neighbours) -> None:
    before = counted()
    taken = take(neighbours, "1,101,home,80,register,王阿姨,,,\n1,102,shop,87.52,register,赵先生,,,\n2,1,home,1,register,新人,,,\n")
    assert [(each.row, each.column) for each in taken.broken] == [(2, "area"), (3, "kind")] and counted() == before


def test_namesakes_and_former_owners_are_doubtful(neighbours: Neighbours) -> None:
    taken = take(neighbours, "2,1,home,80,register,王阿姨,,,\n1,102,home,87.52,register,新人,,,\n")
    said = {each.row: str(each.why) for each in taken.doubts}
    assert "王阿姨" in said[2] and "second person" in said[2] and "赵先生" in said[3]
    assert len(neighbours.actor("resident").units) == 1, "a namesake gets no home by a file"


def test_a_home_without_an_area_gets_it_from_a_later_file(neighbours: Neighbours) -> None:
    take(neighbours, "2,1,home,,register,新人,,,\n")
    taken = take(neighbours, "2,1,home,80.5,survey,新人,,,\n")
    with db.reading(COMMUNITY) as session:
        unit = session.exec(select(Unit).where(Unit.building == "2")).one()
    assert not taken.broken and not taken.doubts and (unit.area, unit.area_source) == (Decimal("80.5"), "survey")


def test_one_broken_row_and_nothing_is_taken_in(neighbours: Neighbours) -> None:
    before = counted()
    taken = take(neighbours, ROWS + "2,204,castle,80,register,新人,,,\n")
    assert [each.row for each in taken.broken] == [9] and counted() == before


def test_a_list_of_homes_adds_only(neighbours: Neighbours) -> None:
    content = b"building,unit,area\n1,101,87.52\n2,1,50\n"
    taken = do(neighbours.actor("committee"), register_tables.take, estate_id=neighbours.estate, content=content)
    assert [(each.row, each.column) for each in taken.broken] == [(2, "unit")]
    with pytest.raises(Invalid, match="owner"):
        do(neighbours.actor("committee"), register_tables.take, estate_id=neighbours.estate, content=content, owners=True)


def test_who_may(neighbours: Neighbours) -> None:
    content = (HEAD + ROWS).encode()
    for who in ("resident", "grid_worker", "chair"):
        with pytest.raises(NotAllowed):
            take(neighbours, who=who)
        with pytest.raises(NotAllowed):
            register_tables.look(neighbours.actor(who), neighbours.estate, content)
    with pytest.raises(NotFound):
        register_tables.look(neighbours.actor("committee"), "elsewhere", content)


def test_nobody_takes_in_their_own_home(neighbours: Neighbours) -> None:
    do(neighbours.system, register.add_residence, person_id=neighbours.people["committee"], unit_id=neighbours.units[2])
    rows = "1,103,home,87.52,register,周主任,,,\n2,1,home,80,register,周主任,,,\n"
    before = counted()
    with pytest.raises(NotAllowed):
        take(neighbours, rows)
    assert counted() == before
    assert not take(neighbours, rows, who="second").broken


def test_a_look_writes_nothing_and_says_the_same(neighbours: Neighbours) -> None:
    before = counted()
    seen = register_tables.look(neighbours.actor("committee"), neighbours.estate, (HEAD + ROWS).encode())
    assert counted() == before
    taken = take(neighbours)
    assert (seen.lines, seen.voters, seen.area, seen.there) == (taken.lines, taken.voters, taken.area, taken.there)
    assert [(each.row, str(each.why)) for each in seen.doubts] == [(each.row, str(each.why)) for each in taken.doubts]
