"""A vote that is over waits for its reveal: who is told, where it stands, what is said after a day; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.account import Message
from models.people import RoleHeld
from models.vocabulary import PollState, Role
from services import clock, polls, reminders, roles, ticker
from services.db import reading
from services.messages import shown
from services.reads.waiting import Kind, waiting
from services.work import do, working
from tests.fixtures import room as rooms
from tests.fixtures.room import HOME, Room
from tests.fixtures.village import BEGINS, Village, village

OVER = BEGINS + timedelta(days=3)


@pytest.fixture(autouse=True)
def _a_morning() -> Iterator[None]:
    with clock.at(BEGINS):
        yield


def told(place: Village, begins: str) -> list[str]:
    """Who was told what begins so."""
    return sorted(each.person_id for each in place.rows(Message) if each.message.startswith(begins))


def wanted(place: Village, person: str) -> list[tuple[str, str]]:
    """What the first page asks of this person about reveals."""
    actor = place.actor(person)
    with reading(place.community_id) as db:
        return [(each.title, each.href) for each in waiting(db, actor, "Asia/Shanghai") if each.kind is Kind.REVEAL]


def at_home(homes: int = 5) -> Village:
    """A vote of three days without a meeting."""
    place = village(homes)
    place.open(minutes=3 * 24 * 60)
    return place


CLOSED = "The vote “{question}” is closed. Count it"
NOBODY = "The vote “{question}” is closed and nobody"
LATER = "The vote “{question}” closed on {day}"


def test_the_chair_is_told_that_a_vote_at_home_is_over(engine: Engine) -> None:
    place = at_home()
    with clock.at(OVER):
        assert wanted(place, place.huang) == [("院里的路怎么铺？", f"/poll?id={place.poll_id}")], "over, even before the ticker closes it"
        assert ticker.tick("one")["closed"] == 1 and ticker.tick("one")["closed"] == 0
        assert told(place, CLOSED) == [place.huang] and not told(place, NOBODY)
        assert wanted(place, place.huang) and not wanted(place, place.wei) and not wanted(place, place.adults[0])
    with clock.at(OVER + timedelta(hours=23)):
        do(place.system, reminders.remind)
        assert not told(place, LATER)
    with clock.at(OVER + timedelta(hours=24)):
        for _ in range(2):
            do(place.system, reminders.remind)
        assert told(place, LATER) == sorted([place.huang, place.wei, place.lin])
        (line,) = [each for each in place.rows(Message) if each.message.startswith(LATER) and each.person_id == place.wei]
        assert line.address == f"/poll?id={place.poll_id}"
        assert "院里的路怎么铺" in shown("zh-CN", line.message, line.values_) and "揭晓" in shown("zh-CN", line.message, line.values_)
        do(place.actor(place.huang), polls.reveal, poll_id=place.poll_id)
        assert not wanted(place, place.huang)
    with clock.at(OVER + timedelta(days=9)):
        do(place.system, reminders.remind)
    assert len(told(place, LATER)) == 3


def test_who_keeps_the_roll_is_not_asked_and_where_nobody_may_the_committee_acts(engine: Engine) -> None:
    place = at_home()
    with working(place.system) as work:
        roles.grant(work, place.wei, "chair")  # prepared it
        held = work.db.exec(select(RoleHeld.id).where(RoleHeld.person_id == place.huang, RoleHeld.role == Role.CHAIR)).one()
        roles.end(work, held)
    with clock.at(OVER):
        ticker.tick("one")
        assert not told(place, CLOSED) and told(place, NOBODY) == sorted([place.wei, place.lin])
        assert not wanted(place, place.wei) and not wanted(place, place.huang)


def test_who_closes_it_by_hand_needs_no_line_but_finds_it_waiting(engine: Engine) -> None:
    place = at_home()
    do(place.actor(place.huang), polls.close, poll_id=place.poll_id)
    assert place.poll().state is PollState.CLOSED
    assert not told(place, CLOSED) and wanted(place, place.huang)


def lines(begins: str) -> list[str]:
    with reading(HOME) as db:
        return sorted(each.person_id for each in db.exec(select(Message)).all() if each.message.startswith(begins))


def kinds(room: Room, name: str) -> list[Kind]:
    actor = room.actor(name)
    with reading(HOME) as db:
        return [each.kind for each in waiting(db, actor, "Asia/Shanghai")]


def test_a_vote_at_the_table_is_the_chairs_there(engine: Engine) -> None:
    """Its time is over while the meeting is held: no line. The meeting was only left open: it waits like any other."""
    room = rooms.now_at("vote", rooms.BEGINS)
    with working(room.actor("管理员")) as work:
        roles.grant(work, room.people["赵奶奶"], "chair")
    after = room.begins + timedelta(hours=1)
    with clock.at(after):
        assert ticker.tick("one")["closed"] == 1
        assert not lines(CLOSED) and Kind.REVEAL not in kinds(room, "吴主持")
    with clock.at(after + timedelta(days=1)):
        assert Kind.REVEAL in kinds(room, "吴主持")
        ticker.tick("one")
        assert lines(LATER) == sorted(room.people[name] for name in ("吴主持", "赵奶奶", "周主任", "刘书记"))


def test_the_vote_of_a_meeting_that_is_not_held_falls_to_its_chair(engine: Engine) -> None:
    room = rooms.seated()
    with working(room.actor("管理员")) as work:
        roles.grant(work, room.people["赵奶奶"], "chair")
    poll = room.do(
        "周主任", polls.prepare, at=room.begins, proposal_id=room.proposal, question="旧车位线重画吗？", method="yes_no", rule="custom",
        scope=f"estate:{room.estate}", meeting_id=room.meeting,
    )  # fmt: skip
    room.do("吴主持", polls.open, at=room.begins, poll_id=poll.id, minutes=60)
    with clock.at(room.begins + timedelta(hours=2)):
        assert ticker.tick("one")["closed"] == 1
        assert lines(CLOSED) == [room.people["吴主持"]]
        assert Kind.REVEAL in kinds(room, "吴主持")
