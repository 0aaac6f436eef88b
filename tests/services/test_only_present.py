"""A rule that counts those present: homes that were not at the table are asked for nothing, and told why when they look."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.account import Message
from models.people import Person
from services import ballots, clock, db, meetings, notices, polls, register, reminders, residences
from services.actors import system
from services.errors import NotAllowed
from services.reads import attending, board, home, rolls
from services.reads import ballots as papers
from services.reads import polls as votes
from services.work import do, working
from tests.fixtures import room as rooms
from tests.fixtures.room import BEGINS, HOME, HOMES, Room

WHY = "This vote counts those who were there when it opened, and nobody of your home was."
HERE, AWAY = ("王阿姨", "李师傅"), ("赵奶奶", "小陈")


def voting(hours: int = 0, room: Room | None = None) -> Room:
    """The vote is open at the table; two of the four homes sit there. `hours`: kept open that much longer; `room`: with those seated there."""
    room = room or rooms.seated()
    if not room.poll:
        prepared(room)
    for seen in range(3):
        room.do("吴主持", meetings.next, at=BEGINS, meeting_id=room.meeting, seen=seen)
    if hours:
        room.do("吴主持", polls.extend, at=BEGINS, poll_id=room.poll, hours=hours)
    return room


def prepared(room: Room) -> Room:
    """Its roll and paper."""
    room.poll = room.do(
        "周主任", polls.prepare, at=BEGINS, proposal_id=room.proposal, question="旧车位线重画吗？", method="yes_no",
        rule="residents_meeting_2018", scope=f"estate:{room.estate}", meeting_id=room.meeting,
        rule_confirmation={"confirmed_by": "周主任", "own_rule": True},
    ).id  # fmt: skip
    return room


def todos(room: Room, name: str) -> list[str]:
    return [each.kind.value for each in home.home(room.actor(name)).todos]


def told(room: Room, words: str) -> set[str]:
    with db.reading(HOME) as session:
        rows = session.exec(select(Person.name).join(Message, Message.person_id == Person.id).where(col(Message.message).contains(words)))
        return set(rows.all())


def test_only_those_who_can_answer_are_asked(engine: Engine) -> None:
    room = voting()
    with clock.at(BEGINS):
        assert told(room, "A vote is open for your home") == set(HERE)
        assert [("poll" in todos(room, name)) for name in HOMES] == [True, True, False, False]
        for name in HERE:
            (paper,) = papers.of_person(room.actor(name), room.poll)
            (mine,) = votes.page(room.actor(name), room.poll).mine
            assert paper.closed is None and mine.absent is None
            assert attending.seat(room.actor(name), board.find(room.code), room.poll).absent is None
            (row,) = votes.listed(room.actor(name)).rows
            assert (row.mine, row.mine_cast) == (1, 0)
        do(room.actor("王阿姨"), ballots.cast, poll_id=room.poll, choice="yes")
        assert votes.page(room.actor("王阿姨"), room.poll).mine[0].absent is None


@pytest.mark.parametrize("name", AWAY)
def test_who_was_not_there_reads_why_before_any_answer(engine: Engine, name: str) -> None:
    room = voting()
    actor = room.actor(name)
    with clock.at(BEGINS):
        (paper,) = papers.of_person(actor, room.poll)
        (mine,) = votes.page(actor, room.poll).mine
        seat = attending.seat(actor, board.find(room.code), room.poll)
        assert [each.message for each in (paper.closed, mine.absent, seat.absent)] == [WHY] * 3
        (row,) = votes.listed(actor).rows
        assert (row.mine, row.mine_cast) == (0, 0), "the list does not say that their vote is missing"
        with pytest.raises(NotAllowed, match="counts those who were there"):
            do(actor, ballots.cast, poll_id=room.poll, choice="yes")


def test_a_reminder_goes_to_those_who_can_answer(engine: Engine) -> None:
    room = voting(hours=48)
    with clock.at(BEGINS):
        do(room.actor("王阿姨"), ballots.cast, poll_id=room.poll, choice="yes")
    with clock.at(BEGINS + timedelta(hours=30)), working(system(HOME)) as work:
        reminders.remind(work)
    assert told(room, "your answer is not in yet") == {"李师傅"}


def test_how_it_came_out_is_told_to_every_home(engine: Engine) -> None:
    room = voting()
    with clock.at(BEGINS):
        do(room.actor("王阿姨"), ballots.cast, poll_id=room.poll, choice="yes")
    room.do("吴主持", polls.close, at=BEGINS, poll_id=room.poll)
    room.do("吴主持", polls.reveal, at=BEGINS, poll_id=room.poll)
    assert told(room, "is counted. See how it came out") >= set(HOMES)
    with clock.at(BEGINS):
        assert votes.page(room.actor("小陈"), room.poll).outcome is not None


def test_an_opening_that_is_taken_back_shuts_nobody_out(engine: Engine) -> None:
    room = voting()
    room.do("吴主持", polls.take_back, at=BEGINS, poll_id=room.poll)
    with clock.at(BEGINS):
        assert votes.page(room.actor("小陈"), room.poll).mine[0].absent is None


def two_at_one_table() -> tuple[Room, str, str]:
    """Two matters at one table: the chair stands at the vote of the first; that of the second, which counts those present, is open too."""
    room = rooms.community()
    first, second = rooms.accepted(room), rooms.accepted(room, "雨棚修不修好", "李师傅")
    room.proposal = first
    agenda = [{"kind": "briefing", "title": "通报情况", "minutes": 5}]
    agenda += [{"kind": "vote", "title": title, "minutes": 5, "proposal_id": each} for title, each in (("车位", first), ("雨棚", second))]
    rooms.seated(rooms.invited(rooms.convened(room, proposal_ids=[first, second], agenda=agenda)))
    given = {"method": "yes_no", "scope": f"estate:{room.estate}", "meeting_id": room.meeting}
    plain = room.do(
        "周主任", polls.prepare, at=BEGINS, proposal_id=first, question="停车线重画吗？", rule="residents_households", **given
    ).id
    strict = room.do(
        "周主任", polls.prepare, at=BEGINS, proposal_id=second, question="雨棚修吗？", rule="residents_meeting_2018",
        rule_confirmation={"confirmed_by": "周主任", "own_rule": True}, **given,
    ).id  # fmt: skip
    room.do("周主任", polls.open, at=BEGINS, poll_id=strict, minutes=60)
    for seen in range(2):
        room.do("吴主持", meetings.next, at=BEGINS, meeting_id=room.meeting, seen=seen)
    return room, plain, strict


def test_the_phone_speaks_of_the_vote_at_which_the_table_stands(engine: Engine) -> None:
    room, plain, strict = two_at_one_table()
    found = board.find(room.code)
    assert found is not None
    with clock.at(BEGINS):
        vote = board.look(found).vote
        assert vote is not None and vote.poll_id == plain
        seat = attending.seat(room.actor("赵奶奶"), found, vote.poll_id)
        assert seat.on_roll and seat.absent is None
        assert attending.seat(room.actor("赵奶奶"), found, strict).absent is not None


def test_who_was_registered_later_in_a_home_that_was_not_there_is_not_sent_for_a_code(engine: Engine) -> None:
    room = voting()
    with clock.at(BEGINS), working(system(HOME)) as work:
        late = {name: register.add_person(work, name=f"{name}的家人").id for name in ("赵奶奶", "王阿姨")}
        for name, person in late.items():
            residence = register.add_residence(work, person_id=person, unit_id=room.units[name])
            if residence.confirmed_at is None:
                residences.confirm(work, residence_id=residence.id)
    room.people |= {f"{name}的家人": person for name, person in late.items()}
    with clock.at(BEGINS):
        for name, why in (("赵奶奶的家人", WHY), ("王阿姨的家人", rolls.CAME_LATER)):
            with pytest.raises(NotAllowed) as refused:
                papers.of_person(room.actor(name), room.poll)
            shown = votes.page(room.actor(name), room.poll).late
            assert refused.value.message == why and shown is not None and shown.message == why
            table = board.find(room.code)
            assert table is not None
            seat = attending.seat(room.actor(name), table, room.poll)
            assert (seat.absent.message if seat.absent else None) == (WHY if why == WHY else None)  # a code of the home helps the other


def test_who_signs_in_after_the_opening_is_at_the_table_and_reads_what_counts(engine: Engine) -> None:
    room = rooms.invited()
    room.do("周主任", meetings.invite, meeting_id=room.meeting, person_id=room.people["赵奶奶"], label="居民代表")
    room = voting(room=rooms.seated(room))
    room.do("赵奶奶", meetings.attend, at=BEGINS, meeting_id=room.meeting)
    found = board.find(room.code)
    assert found is not None
    with clock.at(BEGINS):
        seat = attending.seat(room.actor("赵奶奶"), found, room.poll)
    assert seat.seat and seat.absent is not None and seat.absent.message == WHY


def test_codes_of_an_open_vote_are_for_those_who_were_there(engine: Engine) -> None:
    room = voting()
    with clock.at(BEGINS):
        page = votes.page(room.actor("周主任"), room.poll)
        assert (page.received.m, page.received.roll) == (2, 4) and page.roll is not None
        made = room.do("周主任", polls.codes, at=BEGINS, poll_id=room.poll)
        assert {home for home, _ in made} == {line.label for line in page.roll if line.present} and len(made) == 2
        away = next(line.entry_id for line in page.roll if not line.present)
        with pytest.raises(NotAllowed, match="nobody of your home was"):
            room.do("周主任", polls.codes, at=BEGINS, poll_id=room.poll, entry_id=away)


def test_a_matter_that_comes_back_to_the_table_wakes_it(engine: Engine) -> None:
    room = rooms.now_at("closed", BEGINS)
    found = board.find(room.code)
    assert found is not None

    def heads() -> int:
        with clock.at(BEGINS):
            return board.head_of(found)

    notice = room.do("周主任", notices.publish, at=BEGINS, proposal_id=room.proposal, text="公示：停车线重画，请大家看。").id
    objection = room.do("赵奶奶", notices.lodge, at=BEGINS, notice_id=notice, text="图纸没有公示过，请重新讨论。").id
    before = heads()
    room.do("刘书记", notices.rule, at=BEGINS, objection_id=objection, ruling="upheld", reply="有道理，回到桌上再议。")
    assert heads() > before
