"""A meeting that did not take place, as its page, its matter and the wall tell it: what comes next is offered, nobody is asked to come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from pages.kit import wall
from pages.kit.words import speaking
from services import clock, meetings
from services.reads import board
from tests.fixtures import room as rooms
from tests.fixtures.apptest import html, seen
from tests.fixtures.moment import onward_from
from tests.fixtures.room import BEGINS
from tests.pages.test_room import LANGUAGES, look


@pytest.fixture(autouse=True)
def _a_morning(on_sqlite: Engine) -> Iterator[None]:
    onward_from(BEGINS)
    yield
    clock.follow(timedelta)


def test_a_matter_without_a_meeting_that_took_place_asks_for_one_before_the_vote(on_sqlite: Engine) -> None:
    room = rooms.convened(rooms.community(BEGINS + timedelta(days=2)))
    room.do("周主任", meetings.cancel, at=clock.now(), meeting_id=room.meeting, reason="下雨，改天再开。")
    page = html(look(room, "proposal.py", "周主任", id=room.proposal))
    convene, prepare = (f'class="{css}" href="/{to}?proposal={room.proposal}"' for css, to in (("fbt", "meeting_new"), ("", "prepare")))
    assert -1 < page.find(convene) < page.find(prepare) and "再开一次" not in page


@pytest.mark.parametrize("who", ["王阿姨", "周主任", "吴主持"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_meeting_that_nobody_opened_is_told_alike_on_page_wall_and_story(on_sqlite: Engine, who: str, language: str) -> None:
    room = rooms.invited(rooms.convened(rooms.community(BEGINS - timedelta(hours=14))))
    at = look(room, "meeting.py", who, language, id=room.meeting)
    page, arranges = html(at), who != "王阿姨"
    gone, coming = ("没有开成", ("人够了就开会", "已召集")) if language == "zh-CN" else ("Did not take place", ("and we start", "convened"))
    assert gone in page and not [each for each in ('class="jn0"', *coming) if each in page] and not [each for each in at.button if each.key == "attend"]
    assert (f'class="fbt w" href="/meeting_new?id={room.meeting}"' in page) is arranges
    assert [each.key for each in at.button].count("cancel") == int(arranges)
    assert page.count('class="fbt w"') == int(arranges) and (f'href="/chair?m={room.code}"' in page) is (who == "吴主持")
    told = seen(look(room, "proposal.py", who, language, id=room.proposal))
    said, come = ("议事会没有开成", "来开会，") if language == "zh-CN" else ("The meeting did not take place", "Come and say")
    assert said in told and come not in told
    found = board.find(room.code)
    assert found is not None
    with speaking(language):
        drawn = str(wall.drawing(board.look(found), clock.now()))
    assert room.code in drawn and "<svg" not in drawn and ("没有开成" if language == "zh-CN" else "did not take place") in drawn
