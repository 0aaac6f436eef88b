"""What is being typed when a matter moves on: the form gives way to its refusal, and the words stand there to be copied."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.evaluation import Evaluation
from models.notice import Notice
from services import clock, meetings
from services.db import reading
from services.reads import filing
from tests.fixtures import room as rooms
from tests.fixtures.apptest import seen
from tests.fixtures.case import play
from tests.fixtures.moment import around, onward_from
from tests.fixtures.room import BEGINS
from tests.pages import test_after, test_room

TYPED = "还没交"


@pytest.fixture(autouse=True)
def _clock(on_sqlite: Engine) -> Iterator[None]:
    yield
    clock.follow(timedelta)


@pytest.mark.parametrize("handed_in", [True, False])
def test_an_objection_that_is_typed_when_the_notice_ends(handed_in: bool) -> None:
    """Whether it was kept while it was typed or comes with the press itself; one's own only, and after opening the page anew."""
    case = play("do: notices.rule")
    around(case.moment + timedelta(hours=1))
    with reading(case.community_id) as db:
        notice = db.exec(select(Notice)).one()
    words = "晾衣架离我家窗子太近。"
    where = {"id": case.ids["round1"], "do": "objection.lodge"}
    page = test_after.look(case, "proposal.py", "xiao", **where)
    page.text_area(key="objection_text").set_value(words)
    if handed_in:
        page.run()
    around(notice.ends_at + timedelta(seconds=5))
    page.button(key="do_objection.lodge").click().run()
    assert not page.exception and words in seen(page) and TYPED in seen(page)
    left = filing.draft(case.actor("xiao"), f"objection.lodge:{notice.id}")
    assert left is not None and left.content["objection_text"] == words
    assert words in seen(test_after.look(case, "proposal.py", "xiao", **where))
    for other in ("du", ""):
        said = seen(test_after.look(case, "proposal.py", other, **where))
        assert words not in said and TYPED not in said


def test_an_evaluation_that_is_typed_when_its_time_ends_is_there_after_opening_the_page_anew() -> None:
    case = play("do: evaluations.answer")
    around(case.moment + timedelta(hours=1))
    with reading(case.community_id) as db:
        ends = db.exec(select(Evaluation)).one().ends_at
    words = "路面还是有点坑。"
    where = {"id": case.ids["round1"], "do": "evaluation.answer"}
    page = test_after.look(case, "proposal.py", "du", **where)
    page.text_area[0].set_value(words).run()
    around(ends + timedelta(seconds=5))
    for seen_by_du in (page.run(), test_after.look(case, "proposal.py", "du", **where)):
        assert words in seen(seen_by_du) and TYPED in seen(seen_by_du)
    assert words not in seen(test_after.look(case, "proposal.py", "xiao", **where))


def test_a_reason_that_is_typed_when_the_vote_opens() -> None:
    onward_from(BEGINS)
    room = rooms.now_at("item", BEGINS)
    at = test_room.look(room, "chair.py", "吴主持", m=room.code)
    assert TYPED not in seen(at)
    at.text_area(key="reason_text").set_value("雨天路滑。").run()
    room.do("吴主持", meetings.next, at=clock.now(), meeting_id=room.meeting, seen=2)
    for page in (at.run(), test_room.look(room, "chair.py", "吴主持", m=room.code)):
        assert "雨天路滑。" in seen(page) and TYPED in seen(page) and "说理由的时候" in seen(page)
        assert not [each for each in page.text_area if each.key == "reason_text"]
