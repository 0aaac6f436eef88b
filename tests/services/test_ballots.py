"""Ballots and codes: one a voter, changed until the close, refused to strangers; a code is used once and shows nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.poll import Ballot, BallotCode, RollEntry
from services import actors, attempts, ballots, clock, polls, register
from services.db import reading
from services.errors import Conflict, Invalid, NotAllowed, NotFound, WrongStage
from services.reads import ballots as reads
from services.work import do, working
from tests.fixtures.village import BEGINS, village


@pytest.fixture(autouse=True)
def _a_morning() -> Iterator[None]:
    with clock.at(BEGINS):
        yield


def test_after_the_hour_nothing_is_taken_even_when_nobody_closed(engine: Engine) -> None:
    place = village()
    place.open(minutes=10)
    with clock.at(BEGINS + timedelta(minutes=10)):
        with pytest.raises(WrongStage, match="Voting is over"):
            do(place.actor(place.adults[1]), ballots.cast, poll_id=place.poll_id, choice="yes")
        with pytest.raises(WrongStage):
            do(place.actor(place.huang), polls.extend, poll_id=place.poll_id, minutes=5)
        assert do(place.system, polls.close_due) == 1
        assert do(place.system, polls.close_due) == 0
    assert place.poll().closed_at == BEGINS + timedelta(minutes=10)


def test_a_ballot_may_be_changed_and_stays_one(engine: Engine) -> None:
    place = village()
    place.open()
    me = place.actor(place.adults[0])
    first = do(me, ballots.cast, poll_id=place.poll_id, choice="yes")
    again = do(me, ballots.cast, poll_id=place.poll_id, choice="yes")
    other = do(me, ballots.cast, poll_id=place.poll_id, choice="no")
    assert first.id == again.id == other.id and first.receipt == other.receipt
    assert [each.choice for each in place.rows(Ballot)] == ["no"]
    assert [each["facts"]["again"] for each in place.events("poll.cast")] == [False, True]


def test_strangers_minors_and_foreign_communities_are_refused(engine: Engine) -> None:
    place, other = village(), village(slug="other", name="别处")
    place.open()
    with working(place.system) as work:
        child = register.add_person(work, name="小明", adult=False).id
        register.add_residence(work, person_id=child, unit_id=place.homes[0], tie="relative")
        outsider = register.add_person(work, name="过路人").id
    for person in (child, outsider, place.huang):
        with pytest.raises(NotAllowed, match="not on the roll"):
            do(place.actor(person), ballots.cast, poll_id=place.poll_id, choice="yes")
    with pytest.raises(NotFound):
        do(other.actor(other.adults[0]), ballots.cast, poll_id=place.poll_id, choice="yes")
    with pytest.raises(NotAllowed, match="sign in"):
        do(actors.visitor(place.community_id), ballots.cast, poll_id=place.poll_id, choice="yes")
    for choice in ("", "maybe", "a"):
        with pytest.raises(Invalid, match="Choose one of the answers"):
            do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice=choice)
    assert place.rows(Ballot) == []


def test_somebody_with_two_homes_says_which(engine: Engine) -> None:
    place = village()
    with working(place.system) as work:
        register.add_residence(work, person_id=place.adults[0], unit_id=place.homes[1])
    place.open()
    me = place.actor(place.adults[0])
    with pytest.raises(Invalid, match="several homes"):
        do(me, ballots.cast, poll_id=place.poll_id, choice="yes")
    for home in place.homes[:2]:
        do(me, ballots.cast, poll_id=place.poll_id, choice="yes", unit_id=home)
    with pytest.raises(NotAllowed):
        do(me, ballots.cast, poll_id=place.poll_id, choice="yes", unit_id=place.homes[2])
    assert len(place.rows(Ballot)) == 2


def test_codes_are_single_use_and_replaced_by_new_ones(engine: Engine) -> None:
    place = village()
    place.open()
    first = dict(do(place.actor(place.wei), polls.codes, poll_id=place.poll_id))
    assert len(first) == 5 and all(len(code) == 20 for code in first.values())
    assert not {each.code_sha256 for each in place.rows(BallotCode)} & set(first.values())
    home, code = next(iter(first.items()))
    ticket = ballots.enter(code, "visitor:x", "10.0.0.1")
    ballot = do(actors.visitor(place.community_id), ballots.cast_by_ticket, ticket=ticket, choice="no")
    assert ballot.cast_by is None and ballot.channel.value == "code"
    with pytest.raises(Invalid, match="is used"):
        ballots.enter(code, "visitor:y", "10.0.0.1")
    assert ballots.fits(ticket, code)
    with reading(place.community_id) as db:
        entry = db.exec(select(RollEntry).where(RollEntry.label == home)).one()
    with clock.at(BEGINS + timedelta(minutes=1)):
        renewed = do(place.actor(place.wei), polls.codes, poll_id=place.poll_id, entry_id=entry.id)
        with pytest.raises(Invalid, match="is used"):
            do(actors.visitor(place.community_id), ballots.cast_by_ticket, ticket=ticket, choice="yes")
        again = ballots.enter(renewed[0][1], "visitor:x", "10.0.0.1")
        assert reads.by_tickets([again])[0].choice == ""
        with pytest.raises(Conflict, match="that vote stands"):
            do(actors.visitor(place.community_id), ballots.cast_by_ticket, ticket=again, choice="yes")
    assert [each.choice for each in place.rows(Ballot)] == ["no"]


def test_a_new_code_before_any_vote_works_and_may_be_used_to_change_it(engine: Engine) -> None:
    place = village(2)
    place.open()
    do(place.actor(place.wei), polls.codes, poll_id=place.poll_id)
    with clock.at(BEGINS + timedelta(minutes=1)):
        code = do(place.actor(place.wei), polls.codes, poll_id=place.poll_id)[0][1]
        ticket = ballots.enter(code, "", "1")
        for choice in ("yes", "no"):
            do(actors.visitor(place.community_id), ballots.cast_by_ticket, ticket=ticket, choice=choice)
            assert reads.by_tickets([ticket])[0].choice == choice
    assert [each.choice for each in place.rows(Ballot)] == ["no"]


def test_what_a_home_voted_signed_in_is_not_shown_to_its_code(engine: Engine) -> None:
    place = village(1)
    place.open()
    code = do(place.actor(place.wei), polls.codes, poll_id=place.poll_id)[0][1]
    do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice="no")
    paper = reads.by_tickets([ballots.enter(code, "", "1")])[0]
    assert paper.choice == "" and paper.receipt and "signing in only" in str(paper.closed)


@pytest.mark.parametrize("signed_in", ["no", "yes"])
def test_no_code_replaces_what_somebody_cast_who_had_signed_in(engine: Engine, signed_in: str) -> None:
    """Not even one that was exchanged before that, or that gave the same answer first."""
    place = village(1)
    place.open()
    code = do(place.actor(place.wei), polls.codes, poll_id=place.poll_id)[0][1]
    with clock.at(BEGINS + timedelta(minutes=1)):
        ticket = ballots.enter(code, "", "1")
        do(actors.visitor(place.community_id), ballots.cast_by_ticket, ticket=ticket, choice="yes")
    with clock.at(BEGINS + timedelta(minutes=2)):
        do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice=signed_in)
    with clock.at(BEGINS + timedelta(minutes=3)):
        for choice in ("yes", "no"):
            with pytest.raises(Conflict, match="signing in only"):
                do(actors.visitor(place.community_id), ballots.cast_by_ticket, ticket=ticket, choice=choice)
    [kept] = place.rows(Ballot)
    assert (kept.choice, kept.channel.value, kept.cast_by) == (signed_in, "web", place.adults[0])


def test_guessing_is_slowed_and_forgiven(engine: Engine) -> None:
    place = village()
    place.open()
    code = do(place.actor(place.wei), polls.codes, poll_id=place.poll_id)[0][1]
    for _ in range(60):
        with pytest.raises(Invalid):
            ballots.enter("7K3M 4821", "visitor:x", "10.0.0.9")
    with pytest.raises(NotAllowed, match="Too many tries"):
        ballots.enter(code, "visitor:x", "10.0.0.9")
    with clock.at(BEGINS + timedelta(minutes=11)):
        assert ballots.enter(code, "visitor:x", "10.0.0.9")


def test_codes_before_the_opening_and_after_the_end(engine: Engine) -> None:
    place = village()
    place.prepare()
    codes = do(place.actor(place.wei), polls.codes, poll_id=place.poll_id)
    with pytest.raises(WrongStage, match="not begun"):
        ballots.enter(codes[0][1], "visitor:x", "1")
    do(place.actor(place.huang), polls.open, poll_id=place.poll_id, minutes=5)
    ticket = ballots.enter(codes[0][1], "visitor:x", "1")
    with clock.at(BEGINS + timedelta(minutes=5)):
        with pytest.raises(WrongStage, match="over"):
            do(actors.visitor(place.community_id), ballots.cast_by_ticket, ticket=ticket, choice="yes")
        with pytest.raises(WrongStage, match="over"):
            ballots.enter(codes[1][1], "visitor:x", "1")
        with pytest.raises(WrongStage):
            do(place.actor(place.wei), polls.codes, poll_id=place.poll_id)


def test_a_room_that_scans_late_is_not_kept_from_its_next_vote(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "CLIENT", attempts.Limit(3, timedelta(minutes=10)))
    first, second = village(5), village(2, slug="other", name="别处")
    late, fresh = [], []
    for place, codes, minutes in ((first, late, 10), (second, fresh, 60)):
        place.open(minutes=minutes)
        codes += [code for _, code in do(place.actor(place.wei), polls.codes, poll_id=place.poll_id)]
    ballots.enter(late[0], "", "the room")
    for _ in range(4):
        with pytest.raises(Invalid, match="is used"):
            ballots.enter(late[0], "", "the room")
    with clock.at(BEGINS + timedelta(minutes=11)):
        for code in late[1:]:
            with pytest.raises(WrongStage, match="Voting is over"):
                ballots.enter(code, "", "the room")
        assert ballots.enter(fresh[0], "", "the room")
        for code in ("0" * 20, "7K3M", "不是码"):
            with pytest.raises(Invalid):
                ballots.enter(code, "", "the room")
        with pytest.raises(NotAllowed, match="Too many tries"):
            ballots.enter(fresh[1], "", "the room")
