"""A vote and the item of the agenda it is for: which one, what is said where none can be prepared, and what the story tells of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.meeting import AgendaItem, Meeting
from models.poll import Poll
from models.vocabulary import AgendaKind, MeetingState
from services import ballots, clock, db, deliberation, meetings, polls
from services.errors import Conflict, Invalid, Refusal, Several, WrongStage
from services.reads import board, poll_ground, protocol, story
from services.reads import meetings as reads
from services.reads.story_entries import NoVote, Off
from services.work import Work
from tests.fixtures import room as rooms
from tests.fixtures.room import AGENDA, BEGINS, HOME, HOMES, Room

VOTE = {"kind": "vote", "title": "电费从公共电费里出，同意吗？", "minutes": 5}
DECIDED = "This matter has been decided in this meeting."


@pytest.fixture
def room(engine: Engine) -> Room:
    return rooms.seated()


def another(work: Work, *, meeting_id: str) -> AgendaItem:
    """A second vote on the matter, as an agenda of an older version may hold."""
    first = work.db.exec(select(AgendaItem).where(AgendaItem.meeting_id == meeting_id, AgendaItem.kind == AgendaKind.VOTE)).one()
    made = AgendaItem(
        id=work.new_id(), community_id=HOME, meeting_id=meeting_id, position=3, kind=AgendaKind.VOTE, title=str(VOTE["title"]), minutes=5,
        proposal_id=first.proposal_id,
    )  # fmt: skip
    work.add(made)
    work.record("meeting.change", work.fetch(Meeting, meeting_id))
    work.touch(f"meeting:{meeting_id}")
    return made


def prepared(room: Room, **given: Any) -> Poll:
    asked = {"question": "旧车位线重画吗？", "method": "yes_no", "rule": "custom", "scope": f"estate:{room.estate}"} | given
    return room.do("周主任", polls.prepare, at=BEGINS, proposal_id=room.proposal, **asked)  # type: ignore[no-any-return]


def step(room: Room, seen: int, after: float = 0, command: Any = meetings.next) -> Meeting:
    return room.do("吴主持", command, at=BEGINS + timedelta(minutes=after), meeting_id=room.meeting, seen=seen)  # type: ignore[no-any-return]


def items(room: Room) -> list[AgendaItem]:
    with db.reading(HOME) as session:
        return list(session.exec(select(AgendaItem).where(AgendaItem.meeting_id == room.meeting).order_by(AgendaItem.position)).all())


def test_a_vote_is_for_the_item_it_was_prepared_at(room: Room) -> None:
    second = room.do("周主任", another, meeting_id=room.meeting)
    with clock.at(BEGINS):
        came = poll_ground.ground(room.actor("周主任"), room.proposal, room.meeting, second.id)
    assert (came.item_id, came.item_title, came.meeting_id) == (second.id, VOTE["title"], room.meeting)
    talk = items(room)[1]
    for wrong in ({"agenda_item_id": talk.id}, {"agenda_item_id": second.id, "meeting_id": rooms.convened(room).meeting}):
        with pytest.raises(Invalid, match="not a vote on this matter"):
            prepared(room, **wrong)
    room.meeting = second.meeting_id
    poll = prepared(room, agenda_item_id=second.id, meeting_id=room.meeting, question="电费从公共电费里出，同意吗？")
    assert [each.poll_id for each in items(room)] == [None, None, None, poll.id]
    found = board.by_id(room.meeting)
    assert found is not None
    assert [each.question for each in board.look(found).scenes if each.question] == [poll.question] * 2
    with clock.at(BEGINS):
        refused = poll_ground.ground(room.actor("周主任"), room.proposal, room.meeting, items(room)[2].id).why_not
        row = reads.page(room.actor("周主任"), room.meeting).agenda[2]
    assert isinstance(refused, Conflict) and row.why_none is not None and row.why_none.values == {"number": poll.number}


def test_a_meeting_votes_on_a_matter_once(room: Room) -> None:
    twice = [*AGENDA, VOTE]
    for act in (
        lambda: rooms.convened(room, agenda=twice),
        lambda: room.do("周主任", meetings.change, meeting_id=room.meeting, agenda=twice),
    ):
        with pytest.raises(Refusal) as caught:
            act()
        reasons = caught.value.reasons if isinstance(caught.value, Several) else (caught.value,)
        assert [(each.field, each.message[:30]) for each in reasons] == [("agenda.3.kind", "A meeting votes on a matter on")]


def test_a_matter_that_was_decided_takes_no_other_vote_in_the_same_meeting(room: Room) -> None:
    poll = prepared(room, meeting_id=room.meeting)
    room.do("周主任", another, meeting_id=room.meeting)
    found = board.by_id(room.meeting)
    assert found is not None
    for seen in range(3):
        step(room, seen)
    for name in HOMES:
        room.do(name, ballots.cast, at=BEGINS, poll_id=poll.id, choice="yes")
    step(room, 3)
    why = board.look(found).agenda[3].why_none
    assert why is not None and why.message == DECIDED
    with clock.at(BEGINS):
        assert [each.why_none and each.why_none.message for each in reads.page(room.actor("周主任"), room.meeting).agenda][3] == DECIDED
    assert step(room, 4).position == 7


def test_no_vote_is_prepared_for_a_meeting_that_is_over(room: Room) -> None:
    for seen in (0, 1, 2, 5):
        step(room, seen)
    assert reads_state(room) is MeetingState.CLOSED
    with pytest.raises(WrongStage, match="This meeting is over"):
        prepared(room, meeting_id=room.meeting)


def reads_state(room: Room) -> MeetingState:
    with db.reading(HOME) as session:
        return session.get_one(Meeting, room.meeting).state


def told(room: Room) -> list[NoVote]:
    with clock.at(BEGINS + timedelta(hours=2)):
        return [each for each in story.story(room.actor("王阿姨"), room.proposal).entries if isinstance(each, NoVote)]


def test_the_story_tells_an_opening_that_was_taken_back_and_a_vote_that_was_called_off(room: Room) -> None:
    first = prepared(room, meeting_id=room.meeting)
    room.do("刘书记", polls.cancel, at=BEGINS, poll_id=first.id, reason="放错了议程的位置，重做。")
    second = prepared(room, meeting_id=room.meeting)
    for seen in range(3):
        step(room, seen, seen)
    step(room, 3, 3, meetings.undo)
    step(room, 2, 4)
    room.do("周主任", polls.cancel, at=BEGINS + timedelta(minutes=5), poll_id=second.id, reason="题目写错了")
    assert [(each.off, each.number, each.why, each.who and each.who.name) for each in told(room)] == [
        (Off.PREPARED, first.number, "放错了议程的位置，重做。", "刘书记"),
        (Off.TAKEN_BACK, second.number, "", "吴主持"),
        (Off.OPEN, second.number, "题目写错了", "周主任"),
    ]
    found = board.by_id(room.meeting)
    assert found is not None
    assert [each.number for item in protocol.protocol(found).items for each in item.lost] == [second.number]


def test_an_opening_taken_back_gives_the_discussion_the_time_it_had(room: Room) -> None:
    prepared(room, meeting_id=room.meeting)
    step(room, 0), step(room, 1)
    assert step(room, 2, 4).position == 3
    back = step(room, 3, 5, meetings.undo)
    assert (back.position, back.ends_at) == (2, BEGINS + timedelta(minutes=5 + 11))
    step(room, 2, 20)  # five minutes over by now
    back = step(room, 3, 21, meetings.undo)
    assert back.ends_at == BEGINS + timedelta(minutes=21 - 4)


def test_a_meeting_that_nobody_opened_is_no_table(engine: Engine) -> None:
    room = rooms.convened(rooms.community(BEGINS - timedelta(days=1)))
    gone, words = room.meeting, {"proposal_id": room.proposal, "title": "全部重画"}
    with clock.at(BEGINS):
        assert poll_ground.ground(room.actor("周主任"), room.proposal).meetings == ()
    alone = room.do("周主任", deliberation.add_option, at=BEGINS, **words)
    assert alone.meeting_id is None
    made = room.do(
        "周主任", meetings.convene, at=BEGINS, proposal_ids=[room.proposal], title="再开一次", place="社区活动室", starts_at=BEGINS + timedelta(days=2),
        chair_id=room.people["吴主持"], parties=rooms.PARTIES, agenda=AGENDA,
    )  # fmt: skip
    with clock.at(BEGINS):
        came = poll_ground.ground(room.actor("周主任"), room.proposal, gone, None)
        assert ([key for key, _ in came.meetings], came.meeting_id) == ([made.id], "")
    assert room.do("周主任", deliberation.add_option, at=BEGINS, **words | {"title": "保留旧线"}).meeting_id == made.id


def test_the_table_hears_of_a_vote_that_is_prepared_and_called_off_outside_of_it(engine: Engine) -> None:
    room = rooms.seated()
    found = board.by_id(room.meeting)
    assert found is not None

    def why() -> object:
        with clock.at(BEGINS):
            return board.look(found).agenda[2].why_none

    assert why() is None
    outside = {"question": "旧车位线重画吗？", "method": "yes_no", "rule": "custom", "scope": f"estate:{room.estate}"}
    made = room.do("周主任", polls.prepare, at=BEGINS, proposal_id=room.proposal, **outside)
    assert why() is not None
    room.do("周主任", polls.cancel, at=BEGINS, poll_id=made.id, reason="要在会上表决")
    assert why() is None
