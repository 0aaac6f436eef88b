"""A meeting that is changed before it begins: who is told of what, and where it was first called for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from models.account import Message
from models.audit import Event
from models.meeting import AgendaItem, Meeting
from services import db, meetings
from services.errors import Invalid
from services.reads import board, story
from services.reads.called_off import Planned, moved_from
from services.reads.story_entries import Met
from tests.fixtures import room as rooms
from tests.fixtures.room import AGENDA, BEGINS, HOME, Room
from tests.services.test_meetings import room, rows

__all__ = ["room"]


def test_a_meeting_that_was_moved_says_where_it_was_first_called_for(room: Room) -> None:
    def first() -> Planned | None:
        with db.reading(HOME) as session:
            return moved_from(session, session.get_one(Meeting, room.meeting))

    was = rows(Meeting)[0]
    assert first() is None
    room.do("周主任", meetings.change, meeting_id=room.meeting, title="换个题目", agenda=AGENDA)
    assert first() is None
    room.do("周主任", meetings.change, meeting_id=room.meeting, starts_at=BEGINS + timedelta(days=1))
    room.do("周主任", meetings.change, meeting_id=room.meeting, starts_at=BEGINS + timedelta(days=2), place="小广场")
    assert first() == Planned(was.starts_at, True)
    (told,) = [each for each in story.story(room.actor("王阿姨"), room.proposal).entries if isinstance(each, Met)]
    found = board.by_id(room.meeting)
    assert found is not None and told.moved == first() and board.look(found).planned == first()
    room.do("周主任", meetings.change, meeting_id=room.meeting, starts_at=was.starts_at, place=was.place)
    assert first() == Planned(None, True)
    with db.reading(HOME) as session:  # the log says that it moved, in no words that somebody wrote
        lines = session.exec(select(Event.line).where(Event.action == "meeting.change")).all()
    assert lines and not [line for line in lines if "小广场" in line or was.place in line]


def test_guests_are_told_of_another_agenda_once_and_not_of_other_words(room: Room) -> None:
    rooms.invited(room)

    def told() -> list[str]:
        found = sorted(rows(Message, person_id=room.people["王阿姨"]), key=lambda line: line.at)
        return [line.message for line in found if "changed" in line.message or "moved" in line.message]

    ids = [item.id for item in sorted(rows(AgendaItem), key=lambda row: row.position)]
    same = [{**row, "id": key} for row, key in zip(AGENDA, ids, strict=True)]
    room.do("周主任", meetings.change, meeting_id=room.meeting, agenda=same, invitation="请带上凳子。")
    assert told() == []
    room.do("周主任", meetings.change, meeting_id=room.meeting, agenda=[*same, {"kind": "discussion", "title": "晾衣架", "minutes": 5}])
    assert len(told()) == 1 and "Look at the agenda" in told()[0]
    room.do("周主任", meetings.change, meeting_id=room.meeting, agenda=same, place="小广场")
    assert len(told()) == 2 and "has moved" in told()[1]


def test_a_meeting_is_called_within_a_year(room: Room) -> None:
    with pytest.raises(Invalid, match="more than a year away") as far:
        room.do("周主任", meetings.change, meeting_id=room.meeting, starts_at=BEGINS + timedelta(days=400))
    assert far.value.field == "starts_at"
