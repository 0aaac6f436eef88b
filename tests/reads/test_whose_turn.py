"""Whose turn a matter is between its meeting and its vote, and which meeting counts as one that did not take place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from models.proposal import Proposal
from models.vocabulary import MeetingState
from services import clock, db, meetings, polls
from services.reads import board, story, waiting, whose_turn
from services.reads import meetings as reads
from services.reads.story_entries import Met
from services.reads.waiting import Kind
from services.reads.who import Names
from services.rules.board import LATE
from services.rules.turns import Holder, Turn
from tests.fixtures import room as rooms
from tests.fixtures.room import BEGINS, HOME, Room

LATER = BEGINS + timedelta(hours=13)
KINDS = {"meeting.convene": Kind.CONVENE, "poll.prepare": Kind.PREPARE, "poll.open": Kind.OPEN}
"""What waits for the committee and the chair, on their first page, and whose turn the matter itself names must agree."""


def turn(room: Room) -> Turn:
    with db.reading(HOME) as session:
        matter = session.get_one(Proposal, room.proposal)
        found = whose_turn.now(session, Names(session, room.actor("周主任"), []), matter).turn
        listed = {each.kind for who in ("周主任", "吴主持") for each in waiting.waiting(session, room.actor(who), "Asia/Shanghai")}
        assert {kind for action, kind in KINDS.items() if action == found.action} == listed & set(KINDS.values()), found.action
        return found


@pytest.mark.parametrize("called_off", [True, False])
def test_after_a_meeting_that_did_not_take_place_another_is_called_first(on_sqlite: Engine, called_off: bool) -> None:
    room = rooms.convened(rooms.community())
    if called_off:
        room.do("周主任", meetings.cancel, at=BEGINS - timedelta(days=1), meeting_id=room.meeting, reason="下雨，改天再开。")
    with clock.at(LATER):
        found = turn(room)
        assert (found.holder, found.action) == (Holder.COMMITTEE, "meeting.convene") and "another" not in found.says.message
        doors = story.story(room.actor("周主任"), room.proposal).doors
        assert doors["meeting.convene"] is None and doors["poll.prepare"] is None  # the vote is the second way, not a closed one
        room.poll = room.do(
            "周主任", polls.prepare, at=LATER, proposal_id=room.proposal, question="旧车位线重画吗？", method="yes_no", rule="custom",
            scope=f"estate:{room.estate}",
        ).id  # fmt: skip
        assert turn(room).action == "poll.open"


def test_an_accepted_proposal_waits_for_the_committee_to_call_a_meeting(on_sqlite: Engine) -> None:
    room = rooms.community()
    room.proposal = rooms.accepted(room)
    with clock.at(BEGINS):
        assert turn(room).action == "meeting.convene"


def test_after_a_meeting_that_was_held_comes_the_vote_or_another(on_sqlite: Engine) -> None:
    room = rooms.seated(rooms.invited(rooms.convened(rooms.community())))
    for seen in (0, 1, 2, 5):
        room.do("吴主持", meetings.next, at=BEGINS, meeting_id=room.meeting, seen=seen)
    rooms.convened(room, starts_at=BEGINS + timedelta(days=7))
    with clock.at(LATER):
        assert turn(room).action == "meeting.attend"
        room.do("周主任", meetings.cancel, at=LATER, meeting_id=room.meeting, reason="下雨，改天再开。")
        found = turn(room)
        assert (found.action, "another" in found.says.message) == ("poll.prepare", True)


@pytest.mark.parametrize("after", [timedelta(hours=11), timedelta(hours=12)])
def test_list_page_and_story_agree_on_what_did_not_take_place(on_sqlite: Engine, after: timedelta) -> None:
    room = rooms.seated(rooms.invited(rooms.convened(rooms.community())))
    who, gone = room.actor("王阿姨"), after == LATE
    with clock.at(BEGINS):
        found = board.find(room.code)
        assert found is not None and not board.look(found).missed  # kept by the meeting's head, which the clock does not move
    with clock.at(BEGINS + after):
        assert [each.missed for each in reads.listed(who, past=gone).rows] == [gone]
        met = next(each for each in story.story(who, room.proposal).entries if isinstance(each, Met))
        assert (met.missed, met.ahead) == (gone, not gone)
        assert board.look(found).missed is reads.page(who, room.meeting).board.missed is gone
        assert (turn(room).action == "meeting.convene") is gone
        room.do("吴主持", meetings.next, at=clock.now(), meeting_id=room.meeting, seen=0)  # opened late all the same
        assert board.look(found).state is MeetingState.HELD and not board.look(found).missed
