"""A frozen roll freezes who may answer: nobody who comes later votes over a home, sees its answer, or is told to vote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import Engine, event
from sqlmodel import select

from models.account import Message
from models.people import Residence
from models.poll import Ballot, RollEntry, RollVoter
from models.proposal import Proposal
from models.vocabulary import PollState
from services import ballots, clock, polls, register, reminders, residences, rolls, schema
from services.db import EVERYWHERE, reading
from services.errors import Conflict, NotAllowed
from services.permission import units_concerned
from services.reads import ballots as papers
from services.reads import polls as pages
from services.reads import rolls as reads
from services.reads import tampering
from services.reads.waiting import waiting
from services.work import do, working
from tests.evidence.rows import key
from tests.fixtures.village import BEGINS, Village, village

RULES = {"household": "residents_households", "owner": "owners_ordinary"}


@pytest.fixture(autouse=True)
def _a_morning() -> Iterator[None]:
    with clock.at(BEGINS):
        yield


def comes(place: Village, name: str, home: int, tie: str = "owner", **more: object) -> str:
    """Somebody is entered for a home by the committee."""
    with working(place.actor(place.wei)) as work:
        person = register.add_person(work, name=name, **more).id  # type: ignore[arg-type]
        register.add_residence(work, person_id=person, unit_id=place.homes[home], tie=tie)
    return person


def leaves(place: Village, person: str, home: int) -> None:
    with reading(place.community_id) as db:
        row = db.exec(select(Residence).where(Residence.person_id == person, Residence.unit_id == place.homes[home])).one()
    do(place.actor(place.wei), residences.end, row.id)


def choices(place: Village) -> list[str]:
    return sorted(each.choice for each in place.rows(Ballot))


def asked(place: Village, person: str) -> tuple[bool, int, int, int]:
    """Whether the phone, the page of the vote, the list of votes and the home page hold this person for a voter."""
    actor = place.actor(person)
    with reading(place.community_id) as db:
        todo = len([each for each in waiting(db, actor, "Asia/Shanghai") if each.kind == "poll"])
    return (
        papers.may_vote(actor, place.poll_id), len(pages.page(actor, place.poll_id).mine), pages.listed(actor, mine=True).total, todo,
    )  # fmt: skip


@pytest.mark.parametrize("by", RULES)
def test_who_comes_after_the_opening_neither_votes_nor_sees(engine: Engine, by: str) -> None:
    place = village()
    place.open(rule=RULES[by])
    do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice="yes")
    late = comes(place, "新邻居", 0)
    for home in (None, place.homes[0]):
        with pytest.raises(NotAllowed, match="before you were registered with your home"):
            do(place.actor(late), ballots.cast, poll_id=place.poll_id, choice="no", unit_id=home)
    with pytest.raises(NotAllowed, match="before you were registered"):
        papers.of_person(place.actor(late), place.poll_id)
    assert asked(place, late) == (False, 0, 0, 0) and pages.page(place.actor(late), place.poll_id).late
    assert not pages.page(place.actor(place.adults[1]), place.poll_id).late
    assert choices(place) == ["yes"]


def test_another_home_after_the_opening_adds_no_voice(engine: Engine) -> None:
    place = village()
    place.open()
    with working(place.system) as work:
        register.add_residence(work, person_id=place.adults[0], unit_id=place.homes[1])
    with pytest.raises(NotAllowed, match="before you were registered"):
        do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice="no", unit_id=place.homes[1])
    do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice="yes")
    assert asked(place, place.adults[0]) == (True, 1, 1, 0)


@pytest.mark.parametrize("by", RULES)
def test_who_leaves_after_the_opening_keeps_the_voice(engine: Engine, by: str) -> None:
    place = village()
    place.open(rule=RULES[by])
    leaves(place, place.adults[0], 0)
    assert asked(place, place.adults[0]) == (True, 1, 1, 1)
    do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice="yes")
    assert choices(place) == ["yes"]


def test_all_grown_people_of_a_home_are_on_it_and_of_owners_the_owners(engine: Engine) -> None:
    place = village(3)
    wife = comes(place, "妻子", 0)
    tenant = comes(place, "租客", 1, "tenant")
    child = comes(place, "小明", 0, "relative", adult=False)
    for by, rule in RULES.items():
        place.open(rule=rule)
        may = {each.person_id for each in place.rows(RollVoter) if each.poll_id == place.poll_id}
        assert may == {*place.adults, wife} | ({tenant} if by == "household" else set()) and child not in may
        assert {each.person_id for each in place.rows(RollEntry) if each.poll_id == place.poll_id} == (
            {None, *place.adults[1:]} if by == "owner" else {None}
        )
        do(place.actor(place.huang), polls.cancel, poll_id=place.poll_id, reason="换一种规则。")


def test_taken_back_and_opened_again_it_asks_the_register_again(engine: Engine) -> None:
    place = village()
    place.open()
    first = place.poll().roll_digest
    do(place.actor(place.huang), polls.take_back, poll_id=place.poll_id)
    assert place.rows(RollVoter) == []
    wife = comes(place, "妻子", 0)
    do(place.actor(place.huang), polls.open, poll_id=place.poll_id, minutes=5)
    assert len(place.rows(RollVoter)) == 6 and place.poll().roll_digest != first, "the digest covers who may answer"
    do(place.actor(wife), ballots.cast, poll_id=place.poll_id, choice="no")
    do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice="yes")
    assert choices(place) == ["yes"]


def test_before_the_opening_the_page_asks_the_register(engine: Engine) -> None:
    place = village()
    place.prepare()
    wife = comes(place, "妻子", 0)
    page = pages.page(place.actor(wife), place.poll_id)
    assert len(page.mine) == 1 and not page.late


def test_homes_that_changed_owners_ask_for_a_new_roll(engine: Engine) -> None:
    """One owner of two homes is one person: once one of them is sold, the roll would count one person too few."""
    place = village(3)
    with working(place.system) as work:
        register.add_residence(work, person_id=place.adults[0], unit_id=place.homes[1])
    leaves(place, place.adults[1], 1)
    place.prepare(rule="owners_ordinary")
    assert len(place.rows(RollEntry)) == 2
    leaves(place, place.adults[0], 1)
    buyer = comes(place, "买主", 1)
    with pytest.raises(Conflict, match="Make the roll anew"):
        do(place.actor(place.huang), polls.open, poll_id=place.poll_id, minutes=5)
    assert place.poll().state is PollState.PREPARED and place.rows(RollVoter) == []
    assert do(place.actor(place.wei), rolls.renew, poll_id=place.poll_id) == 3
    leaves(place, place.adults[2], 2)
    heir = comes(place, "儿子", 2)
    do(place.actor(place.huang), polls.open, poll_id=place.poll_id, minutes=5)
    assert {each.person_id for each in place.rows(RollEntry)} == {place.adults[0], buyer, heir}, "one home sold as a whole stays one person"
    with pytest.raises(NotAllowed, match="not on the roll"):
        do(place.actor(place.adults[2]), ballots.cast, poll_id=place.poll_id, choice="yes")


@pytest.mark.parametrize("by", ["household", "owner"])
def test_the_register_is_asked_flat(engine: Engine, by: str) -> None:
    """Right after an import PostgreSQL has no statistics: a join of residents with 3,000 homes took nearly all of the opening's time."""
    place, asked_for = village(3), list[str]()

    def note(*given: object) -> None:
        asked_for.append(" ".join(str(given[2]).split()))

    event.listen(engine, "before_cursor_execute", note)
    place.prepare(rule=RULES[by])
    do(place.actor(place.wei), rolls.renew, poll_id=place.poll_id)
    do(place.actor(place.huang), polls.open, poll_id=place.poll_id, minutes=5)
    event.remove(engine, "before_cursor_execute", note)
    assert [each for each in asked_for if "FROM residence WHERE" in each]
    assert [each for each in asked_for if "JOIN residence" in each or "FROM residence JOIN" in each] == []


def reminded(place: Village, at: timedelta) -> set[str]:
    with clock.at(BEGINS + at):
        do(place.system, reminders.remind)
    with reading(place.community_id) as db:
        said = select(Message.person_id).where(Message.about.startswith(f"poll:{place.poll_id}:"), Message.message.contains("closes within a day"))  # type: ignore[attr-defined]
        return set(db.exec(said).all())


def test_all_owners_behind_an_open_place_are_reminded_and_nobody_else(engine: Engine) -> None:
    """Home 0 has two owners, home 1 one and a tenant, home 2 has voted, home 3 was sold since; children are never asked."""
    place = village(4)
    wife = comes(place, "妻子", 0)
    comes(place, "小明", 0, "relative", adult=False)
    comes(place, "租客", 1, "tenant")
    place.open(rule="owners_ordinary", minutes=3 * 24 * 60)
    do(place.actor(place.adults[2]), ballots.cast, poll_id=place.poll_id, choice="yes")
    comes(place, "买主", 3)
    assert reminded(place, timedelta(days=2, hours=1)) == {place.adults[0], wife, place.adults[1], place.adults[3]}


def test_a_vote_kept_open_longer_reminds_again_before_its_new_end(engine: Engine) -> None:
    place = village(1)
    place.open(minutes=2 * 24 * 60)
    said = select(Message).where(Message.message.contains("closes within a day"))  # type: ignore[attr-defined]
    counts = []
    for hours in (25, 26, 90, 100):
        if hours == 90:
            with clock.at(BEGINS + timedelta(hours=30)):
                do(place.actor(place.huang), polls.extend, poll_id=place.poll_id, minutes=3 * 24 * 60)
        reminded(place, timedelta(hours=hours))
        with reading(place.community_id) as db:
            counts.append(len(db.exec(said).all()))
    assert counts == [1, 1, 1, 2]


def test_of_homes_all_grown_people_are_reminded(engine: Engine) -> None:
    place = village(2)
    comes(place, "小明", 0, "relative", adult=False)
    tenant = comes(place, "租客", 0, "tenant")
    place.open(minutes=3 * 24 * 60)
    do(place.actor(place.adults[1]), ballots.cast, poll_id=place.poll_id, choice="yes")
    assert reminded(place, timedelta(days=2, hours=1)) == {place.adults[0], tenant}


def test_an_older_database_finds_again_who_could_answer(engine: Engine) -> None:
    """Who came after the opening is left out, who has left since is not; the log has a line for the rows."""
    place = village(3)
    place.open(rule="owners_ordinary")
    do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice="yes")
    with clock.at(BEGINS + timedelta(minutes=30)):
        for home in (0, 1):  # one has voted, the other has not
            leaves(place, place.adults[home], home)
        late = comes(place, "买主", 0)
        do(place.actor(place.huang), polls.close, poll_id=place.poll_id)
    before = place.rows(RollVoter)
    with engine.begin() as connection:
        command.downgrade(schema.config(connection), "816d08bd98dd")
    schema.upgrade(engine)
    after = place.rows(RollVoter)
    assert {(each.entry_id, each.person_id) for each in after} == {(each.entry_id, each.person_id) for each in before}
    assert {each.person_id for each in after} == set(place.adults) and late not in {each.person_id for each in after}
    [told] = place.events("poll.voters")
    assert {each["id"] for each in told["rows"]} == {each.id for each in after} and told["facts"] == {"voters": 3}
    do(place.actor(place.huang), polls.reveal, poll_id=place.poll_id)
    with reading(EVERYWHERE) as db:
        found = [each.place for each in tampering.mismatches(db, place.community_id, key(place.community_id))]
    assert sorted(found) == sorted(f"roll_voter {each.id}" for each in before), "only what the way back took away is missing"


# ---- who is entered for a home


def test_nobody_enters_their_own_home(engine: Engine) -> None:
    place = village(2)
    for confirmed in (True, False):
        with pytest.raises(NotAllowed, match="own home"):
            do(place.actor(place.wei), register.add_residence, person_id=place.wei, unit_id=place.homes[0], confirmed=confirmed)
    made = do(place.actor(place.lin), register.add_residence, person_id=place.wei, unit_id=place.homes[0])
    assert made.confirmed_by == place.lin


def test_a_changed_tie_and_a_return_count_from_that_day_on(engine: Engine) -> None:
    place = village(2)
    given = {"person_id": comes(place, "租客", 0, "tenant"), "unit_id": place.homes[0]}

    def again(days: int, **more: object) -> tuple[object, ...]:
        with clock.at(BEGINS + timedelta(days=days)):
            row = do(place.actor(place.lin), register.add_residence, **given, **more)
        return row.tie.value, row.confirmed_at and (row.confirmed_at - BEGINS).days, row.confirmed_by, row.ended_at

    assert again(1, tie="tenant") == ("tenant", 0, place.wei, None), "nothing new, nothing changed"
    assert again(2, tie="owner") == ("owner", 2, place.lin, None)
    leaves(place, given["person_id"], 0)
    assert again(3, tie="owner") == ("owner", 3, place.lin, None)
    leaves(place, given["person_id"], 0)
    assert again(4, tie="owner", confirmed=False) == ("owner", None, None, None)


def test_the_people_behind_some_places(engine: Engine) -> None:
    place = village(2)
    wife = comes(place, "妻子", 0)
    place.open()
    with reading(place.community_id) as db:
        [home, _] = reads.entries(db, place.poll_id)
        assert reads.people(db, place.poll(), [home.id]) == sorted([place.adults[0], wife])
        assert reads.people(db, place.poll()) == sorted([*place.adults, wife]) and reads.people(db, place.poll(), []) == []


def revealed(place: Village, **changes: object) -> list[str]:
    """What an evaluation would ask once this vote of owners has its result."""
    place.open(rule="owners_ordinary", **changes)
    for act in (polls.close, polls.reveal):
        do(place.system, act, poll_id=place.poll_id)
    with reading(place.community_id) as db:
        return sorted(units_concerned(db, db.get_one(Proposal, place.proposal_id)))


@pytest.mark.parametrize("only_bays", [False, True])
def test_an_evaluation_asks_the_homes_of_a_roll_and_bays_only_where_it_has_no_homes(engine: Engine, only_bays: bool) -> None:
    place = village(3)
    comes(place, "妻子", 0)
    with working(place.system) as work:
        bays = [register.UnitGiven("P", str(number), "12.5", kind="parking") for number in (1, 2)]
        made = register.add_units(work, place.estate_id, bays)
        for unit, person in zip(made, place.adults, strict=False):
            register.add_residence(work, person_id=person, unit_id=unit.id)
    units = [unit.id for unit in made]
    assert revealed(place, **({"scope": "units:" + ",".join(units)} if only_bays else {})) == sorted(units if only_bays else place.homes)
