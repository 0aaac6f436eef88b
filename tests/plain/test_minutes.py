"""What is said of a meeting that is over stays as it was at its close, on every page and paper; the chair's words stand beside it once."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from docx import Document
from sqlalchemy import Engine

from models.meeting import Meeting, Minutes, Option
from models.vocabulary import MeetingState
from services import clock, deliberation, meetings, polls
from services import minutes as written
from services.errors import Invalid, WrongStage
from services.reads import board, story
from services.reads import meetings as reads
from services.reads.story_entries import Met
from tests.fixtures import room as rooms
from tests.fixtures.room import BEGINS, Room
from tests.plain.test_room import browser, one

AFTER = BEGINS + timedelta(minutes=10)
LATER = BEGINS + timedelta(days=7)


@pytest.fixture(autouse=True)
def _a_morning(on_sqlite: Engine) -> Iterator[None]:
    with clock.at(LATER + timedelta(minutes=1)):
        yield


def over() -> Room:
    """A meeting without a vote that is over: two options, one reason for and one against."""
    room = rooms.now_at("item", BEGINS)
    room.do("周主任", polls.cancel, at=BEGINS, poll_id=room.poll, reason="先不表决，再议一次。")
    while one(Meeting).state is not MeetingState.CLOSED:
        room.do("吴主持", meetings.next, at=BEGINS, meeting_id=room.meeting, seen=one(Meeting).position)
    return room


def told(meeting_id: str) -> list[str]:
    """The printed page and the document."""
    page = browser().get(f"/minutes/{meeting_id}").text.replace("\u00a0", " ")
    paper = Document(io.BytesIO(browser().get(f"/minutes/{meeting_id}.docx").content))
    return [page, "\n".join(each.text for each in paper.paragraphs)]


def met(room: Room) -> dict[str, Met]:
    return {each.meeting_id: each for each in story.story(room.actor("王阿姨"), room.proposal).entries if isinstance(each, Met)}


@pytest.mark.parametrize("adds", [False, True])
def test_confirmed_minutes_do_not_change_by_the_next_meeting_on_the_same_matter(adds: bool) -> None:
    room = over()
    first = room.meeting
    kept, gone = one(Option, title="全部重画").id, one(Option, title="保留旧线").id
    room.do("吴主持", deliberation.withdraw_option, at=AFTER, option_id=gone)  # before they are confirmed; it was talked about all the same
    if adds:
        room.do("吴主持", written.write, at=AFTER, meeting_id=first, text=one(Minutes).text + "\n散会后又量了一遍。")
    room.do("吴主持", written.confirm, at=AFTER, meeting_id=first)
    before = told(first)
    rooms.convened(room, starts_at=LATER, title="第二场议事会")
    room.do("吴主持", deliberation.add_option, at=LATER, proposal_id=room.proposal, meeting_id=room.meeting, title="第二次才有的方案")
    room.do("吴主持", deliberation.add_argument, at=LATER, option_id=kept, side="pro", text="第二次才说的好处", party="builder")
    with pytest.raises(WrongStage, match="stands in confirmed minutes"):
        room.do("吴主持", deliberation.withdraw_option, at=LATER, option_id=kept)
    with pytest.raises(Invalid, match="another name"):  # its row would get other contents under the minutes that name it
        room.do("吴主持", deliberation.add_option, at=LATER, proposal_id=room.proposal, meeting_id=room.meeting, title="保留旧线")
    assert told(first) == before
    page = reads.page(room.actor("王阿姨"), first)
    found = board.by_id(first)
    assert found is not None
    for shown in ((each.ways for each in page.matters), (each for _, each in board.matters(found))):
        [way_titles] = [[way.title for way in each] for each in shown]
        assert way_titles == ["全部重画", "保留旧线"]
    assert [way.title for way in met(room)[first].ways] == ["全部重画", "保留旧线"]
    assert all("保留旧线" in each and "第二次" not in each for each in told(first))
    assert met(room)[first].minutes == page.own_words == ("散会后又量了一遍。" if adds else "")


def test_the_story_tells_with_the_second_meeting_what_came_with_it() -> None:
    room = over()
    first, kept = room.meeting, one(Option, title="全部重画").id
    room.do("吴主持", written.confirm, at=AFTER, meeting_id=first)
    rooms.seated(rooms.invited(rooms.convened(room, starts_at=LATER)), *rooms.SEATS)
    for name in rooms.SEATS:
        room.do(name, meetings.attend, at=LATER, meeting_id=room.meeting)
    room.do("吴主持", deliberation.add_option, at=LATER, proposal_id=room.proposal, meeting_id=room.meeting, title="第二次才有的方案")
    room.do("吴主持", deliberation.add_argument, at=LATER, option_id=kept, side="pro", text="第二次才说的好处", party="builder")
    room.do("吴主持", meetings.next, at=LATER, meeting_id=room.meeting, seen=0)
    ways = {key: {way.title: len(way.pros) for way in each.ways} for key, each in met(room).items()}
    assert ways[first] == {"全部重画": 1, "保留旧线": 0}
    assert ways[room.meeting] == {"全部重画": 2, "第二次才有的方案": 0}  # what stands as it stood is not told again


def test_only_what_the_chair_wrote_stands_beside_the_record() -> None:
    room = over()
    begun = one(Minutes).text
    room.do("吴主持", deliberation.commit, at=AFTER, meeting_id=room.meeting, proposal_id=room.proposal, party="builder", deed="补一次图",
            due_on=(BEGINS + timedelta(days=20)).date())  # fmt: skip
    lines = begun.split("\n")
    lines[1] = "到会的人比名单多两位。"  # in place of a line of the draft
    text = "\n".join([*lines[:-1], "", "灯的保修问清楚：三年。", lines[-1], "", "下次再议颜色。"])
    room.do("吴主持", written.write, at=AFTER, meeting_id=room.meeting, text=text)
    room.do("吴主持", written.confirm, at=AFTER, meeting_id=room.meeting)
    own = reads.page(room.actor("王阿姨"), room.meeting).own_words
    assert [each for each in own.split("\n") if each] == [lines[1], "灯的保修问清楚：三年。", "下次再议颜色。"]
    assert met(room)[room.meeting].minutes == own and one(Minutes).text == text
    for said in told(room.meeting):
        _, _, beside = said.partition("主持人的话")
        assert "下次再议颜色。" in beside and "全部重画" not in beside and said.count("车位看得清楚") == 1
