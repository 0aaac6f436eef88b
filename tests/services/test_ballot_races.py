"""Votes under load, on both databases: nobody votes twice, whatever the channel; nothing is counted after the close."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.audit import Event
from models.poll import Ballot, Poll
from models.vocabulary import Channel
from services import actors, ballots, polls
from services.db import EVERYWHERE, reading
from services.errors import WrongStage
from services.reads import counts, rolls
from services.rules import polling
from services.rules.tally import count
from services.work import do
from tests.fixtures.village import Village, village

THREADS, ATTEMPTS, VOTERS = 50, 1000, 10


def in_threads(jobs: list) -> list:
    """Run the jobs on many threads at once; every exception comes back as a value."""
    begin = Barrier(min(THREADS, len(jobs)))

    def run(place: int) -> list:
        begin.wait(30)
        done = []
        for job in jobs[place::THREADS]:
            try:
                done.append(job())
            except Exception as error:  # noqa: BLE001
                done.append(error)
        return done

    with ThreadPoolExecutor(THREADS) as pool:
        waiting = [pool.submit(copy_context().run, run, place) for place in range(min(THREADS, len(jobs)))]
        return [each for one in waiting for each in one.result(300)]


def stored(place: Village) -> list[Ballot]:
    with reading(place.community_id) as db:
        return list(db.exec(select(Ballot)).all())


def test_a_thousand_attempts_leave_one_ballot_a_voter(engine: Engine) -> None:
    """Each voter taps a hundred times, on the web and with a code, for one answer and for the other."""
    place = village(VOTERS)
    place.open()
    codes = dict(do(place.actor(place.wei), polls.codes, poll_id=place.poll_id))
    with reading(place.community_id) as db:
        labels = {rolls.answers_for(db, person, db.get_one(Poll, place.poll_id))[0].label: person for person in place.adults}
    people = [(place.actor(labels[label]), ballots.enter(code, "", f"phone {label}")) for label, code in codes.items()]

    def tap(n: int) -> object:
        actor, ticket = people[n % VOTERS]
        choice = "yes" if n // VOTERS % 3 else "no"
        if n // VOTERS % 2:
            return do(actor, ballots.cast, poll_id=place.poll_id, choice=choice).receipt
        return do(actors.visitor(place.community_id), ballots.cast_by_ticket, ticket=ticket, choice=choice).receipt

    answers = in_threads([lambda n=n: tap(n) for n in range(ATTEMPTS)])
    assert {str(each) for each in answers if isinstance(each, Exception)} == {polling.SIGNED}, "a code changes nothing once somebody signed in"
    kept = stored(place)
    assert {each.channel for each in kept} == {Channel.WEB}
    assert len(kept) == VOTERS and max(Counter(each.entry_id for each in kept).values()) == 1
    assert {each for each in answers if isinstance(each, str)} == {each.receipt for each in kept}
    with reading(EVERYWHERE) as db:
        first = [each for each in db.exec(select(Event).where(Event.action == "poll.cast")).all() if '"again":false' in each.line]
    assert len(first) == VOTERS


def test_one_code_opens_one_ballot_however_often_it_is_scanned_at_once(engine: Engine) -> None:
    place = village(2)
    place.open()
    code = do(place.actor(place.wei), polls.codes, poll_id=place.poll_id)[0][1]
    answers = in_threads([lambda: ballots.enter(code, "", "one phone") for _ in range(20)])
    assert sum(isinstance(each, str) for each in answers) == 1
    assert {str(each) for each in answers if not isinstance(each, str)} == {ballots.USED}


def test_nothing_is_counted_after_the_close(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ballots against the close and the reveal: what was acknowledged is in the count, what was refused is not.

    A pause between the look at the state and the writing makes the gap wide that the lock must close.
    """
    put = ballots._put

    def slowly(*args: object) -> Ballot:
        time.sleep(0.03)
        return put(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(ballots, "_put", slowly)
    for round_ in range(5):
        place = village(20, slug=f"race{round_}")
        place.open()
        people = [place.actor(person) for person in place.adults]

        def vote(n: int, people: list = people, place: Village = place) -> object:
            return do(people[n], ballots.cast, poll_id=place.poll_id, choice="yes")

        def end(place: Village = place) -> None:
            do(place.system, polls.close, poll_id=place.poll_id)
            do(place.system, polls.reveal, poll_id=place.poll_id)

        jobs = [lambda n=n, vote=vote: vote(n) for n in range(20)]
        jobs.insert(4 * round_, end)
        answers = in_threads(jobs)
        taken = [each for each in answers if isinstance(each, Ballot)]
        refused = [each for each in answers if isinstance(each, Exception)]
        assert all(isinstance(each, WrongStage) for each in refused), refused
        assert len(taken) + len(refused) == 20
        assert {each.id for each in stored(place)} == {each.id for each in taken}
        poll = place.poll()
        assert poll.outcome["totals"]["yes"]["persons"] == len(taken)
        with reading(place.community_id) as db:
            assert count(counts.plain(db, poll)).totals["yes"].persons == len(taken)
