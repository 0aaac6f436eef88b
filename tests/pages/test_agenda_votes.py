"""From the agenda of a meeting to its vote: the link carries the item, the form begins with it, the tablet names the poll's own question."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.meeting import AgendaItem
from models.poll import Poll
from services import ballots, clock, db, meetings, polls
from tests.fixtures import room as rooms
from tests.fixtures.apptest import html, seen
from tests.fixtures.moment import onward_from
from tests.fixtures.room import BEGINS, HOME, Room
from tests.pages.test_room import LANGUAGES, look
from tests.services.test_votes_on_an_agenda import another, prepared, step


@pytest.fixture(autouse=True)
def _a_morning(on_sqlite: Engine) -> Iterator[None]:
    onward_from(BEGINS)
    yield
    clock.follow(timedelta)


def test_the_link_beside_an_item_leads_to_its_own_vote(on_sqlite: Engine) -> None:
    room = rooms.seated()
    second = room.do("周主任", another, meeting_id=room.meeting)
    to = f"proposal={room.proposal}&amp;meeting={room.meeting}&amp;item={second.id}"
    assert f'href="/prepare?{to}"' in html(look(room, "meeting.py", "周主任", id=room.meeting))
    at = look(room, "prepare.py", "周主任", proposal=room.proposal, meeting=room.meeting, item=second.id)
    assert at.text_input(key="vote_question").value == second.title and f"“{second.title}”" in seen(at)
    at.button(key="vote_prepare").click().run()
    assert not at.exception
    with db.reading(HOME) as session:
        poll = session.exec(select(Poll)).one()
        bound = session.exec(select(AgendaItem.id).where(AgendaItem.poll_id == poll.id)).all()
    assert (poll.question, bound) == (second.title, [second.id])
    assert poll.number in seen(look(room, "prepare.py", "周主任", proposal=room.proposal))  # said before the form is filled in


def test_without_an_item_in_the_address_the_only_vote_that_waits_lends_its_question(on_sqlite: Engine) -> None:
    room = rooms.seated()
    at = look(room, "prepare.py", "周主任", proposal=room.proposal)
    assert at.text_input(key="vote_question").value == "旧车位线，留还是重画？" and at.selectbox(key="vote_meeting").value == room.meeting


def test_the_choices_of_the_form_show_no_backslashes(on_sqlite: Engine) -> None:
    room = rooms.seated()
    at = look(room, "prepare.py", "周主任", proposal=room.proposal)
    at.button_group(key="vote_where").set_value("units").run()
    shown = at.multiselect(key="vote_homes").options
    assert len(shown) == 4 and all("-" in each and "\\" not in each for each in shown)


def decided(room: Room) -> None:
    """The first of two votes on the matter is adopted; the chair looks at its result."""
    poll = prepared(room, meeting_id=room.meeting)
    room.do("周主任", another, meeting_id=room.meeting)
    for at in range(3):
        step(room, at)
    for name in rooms.HOMES:
        room.do(name, ballots.cast, at=BEGINS, poll_id=poll.id, choice="yes")
    step(room, 3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decided_matter_is_offered_no_other_vote(on_sqlite: Engine, language: str) -> None:
    room = rooms.seated()
    decided(room)
    said = "已经表决出结果了" if language == "zh-CN" else "has been decided in this meeting"
    page = html(look(room, "meeting.py", "周主任", language, id=room.meeting))
    assert said in page and "/prepare?" not in page
    tablet = seen(look(room, "chair.py", "吴主持", language, m=room.code))
    assert said in tablet and ("备好" if language == "zh-CN" else "can still prepare") not in tablet


def test_the_tablet_names_the_question_of_the_poll(on_sqlite: Engine) -> None:
    room = rooms.seated()
    prepared(room, meeting_id=room.meeting, question="电费从公共电费里出，同意吗？")
    step(room, 0), step(room, 1)
    assert "电费从公共电费里出，同意吗？" in seen(look(room, "chair.py", "吴主持", m=room.code))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_story_calls_an_opening_taken_back_what_it_was(on_sqlite: Engine, language: str) -> None:
    room = rooms.seated()
    poll = prepared(room, meeting_id=room.meeting)
    for at in range(3):
        step(room, at)
    step(room, 3, 1, meetings.undo)
    back, off = ("表决刚开始就撤回了", "表决取消了") if language == "zh-CN" else ("The opening of the vote was taken back", "The vote was called off")
    told = seen(look(room, "proposal.py", "王阿姨", language, id=room.proposal))
    assert back in told and poll.number in told and off not in told
    room.do("刘书记", polls.cancel, at=BEGINS + timedelta(minutes=2), poll_id=poll.id, reason="放错了议程的位置，重做。")
    told = seen(look(room, "proposal.py", "王阿姨", language, id=room.proposal))
    before = "表决还没开始就取消了" if language == "zh-CN" else "The vote was called off before it was opened"
    assert back in told and before in told and "放错了议程的位置" in told


def test_a_vote_that_has_to_end_first_is_one_press_away(on_sqlite: Engine) -> None:
    room = rooms.seated()
    made = room.do(
        "周主任", polls.prepare, at=BEGINS, proposal_id=room.proposal, question="旧车位线重画吗？", method="yes_no",
        rule="residents_households", scope=f"estate:{room.estate}",
    )  # fmt: skip
    page = html(look(room, "prepare.py", "周主任", proposal=room.proposal))
    assert made.number in page and f'href="/poll?id={made.id}"' in page
