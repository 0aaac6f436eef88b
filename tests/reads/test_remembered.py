"""What is read once and kept: never behind a change, at most ten seconds behind the clock, each reader's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, func, select

from models.people import Person
from models.poll import Poll
from services import actors, ballots, clock, communities, db, register
from services.db import reading
from services.errors import NotFound
from services.reads import home, story
from services.reads.remembered import BEHIND, remembered
from services.work import do, working
from tests.fixtures.village import BEGINS, Village, village


@pytest.fixture
def place(engine: Engine) -> Iterator[Village]:
    with clock.at(BEGINS):
        yield village(4)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile, BEGIN left out."""
    asked: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def test_a_second_look_asks_only_whether_something_changed(place: Village) -> None:
    wei = place.actor(place.wei)
    first = story.story(wei, place.proposal_id)
    with statements() as asked:
        assert story.story(wei, place.proposal_id) is first
    assert len(asked) == 1 and "log_head" in asked[0]


def test_any_change_is_seen_at_once_by_everybody(place: Village) -> None:
    readers = [place.actor(place.wei), place.actor(place.adults[0])]
    before = [home.home(each).votes for each in readers]
    place.open()
    after = [home.home(each).votes for each in readers]
    assert all(not votes for votes in before) and all(len(votes) == 1 for votes in after)
    do(place.actor(place.adults[1]), ballots.cast, poll_id=place.poll_id, choice="yes")
    assert [home.home(each).votes[0].received.n for each in readers] == [1, 1]


def test_each_community_has_its_own_measure_of_change(engine: Engine) -> None:
    """An older community beside it, whose log stands first in the table: neither hides the other's changes, nor makes a new page of them."""
    with clock.at(BEGINS):
        with working(actors.system("a" * 16)) as work:
            communities.found(work, slug="first", name="先来的社区", time_zone="Asia/Shanghai")
        place = village(4)
        wei, older = place.actor(place.wei), actors.system("a" * 16)
        assert home.home(wei).votes == ()
        theirs = home.home(older)
        place.open()
        assert len(home.home(wei).votes) == 1
        assert home.home(older) is theirs
        mine = home.home(wei)
        with working(older) as work:
            register.add_person(work, name="先来的人")
        assert home.home(wei) is mine
        assert home.home(older) is not theirs


def test_a_refused_change_leaves_what_is_kept(place: Village) -> None:
    wei = place.actor(place.wei)
    first = home.home(wei)
    with pytest.raises(RuntimeError), working(wei) as work:
        register.add_person(work, name="不会有的人")
        raise RuntimeError
    assert home.home(wei) is first


def test_the_clock_moves_on_without_a_change(place: Village) -> None:
    place.open(minutes=60)
    wei = place.actor(place.wei)
    assert len(home.home(wei).votes) == 1
    with clock.at(BEGINS + timedelta(minutes=60) + BEHIND):
        assert home.home(wei).votes == ()


def test_each_reader_has_their_own_and_each_refusal_is_new(place: Village) -> None:
    one, two = place.actor(place.adults[0]), place.actor(place.adults[1])
    assert home.home(one) is not home.home(two)
    calls = []

    @remembered
    def shut(actor: object, name: str) -> str:
        calls.append(name)
        raise NotFound

    for _ in range(2):
        with pytest.raises(NotFound):
            shut(one, "x")
    assert calls == ["x", "x"]


def test_one_picture_answers_the_same_question_once(place: Village) -> None:
    place.prepare()
    with reading(place.community_id) as session, statements() as asked:
        for _ in range(3):
            assert session.exec(select(Poll).where(Poll.id == place.poll_id)).one().id == place.poll_id
            assert session.exec(select(func.count()).select_from(Person)).one() > 4
            assert session.exec(select(Poll.id).where(col(Poll.id).in_([place.poll_id, "nobody"]))).all() == [place.poll_id]
        assert session.exec(select(Poll).where(Poll.id == "nobody")).first() is None, "other values are another question"
        assert session.exec(select(Poll.id).where(col(Poll.id).in_(["nobody"]))).all() == []
    assert len(asked) == 5
    with reading(place.community_id) as session, statements() as asked:
        session.exec(select(Poll).where(Poll.id == place.poll_id)).one()
    assert len(asked) == 1, "another picture asks anew"


def test_a_transaction_that_writes_asks_each_time(place: Village) -> None:
    with working(place.actor(place.wei)) as work:
        count = select(func.count()).select_from(Person)
        before = work.db.exec(count).one()
        register.add_person(work, name="新来的")
        assert work.db.exec(count).one() == before + 1


def test_communities_with_the_same_ids_in_another_database_are_other_ones(place: Village, tmp_path, monkeypatch) -> None:
    wei = place.actor(place.wei)
    first = home.home(wei)
    other = db.make_engine(str(db.engine().url.render_as_string(hide_password=False)))
    monkeypatch.setattr("services.reads.remembered.engine", lambda: other)
    assert home.home(wei) is not first
    other.dispose()
