"""A day or a figure that cannot be is refused at its field and stays there as it was typed; nothing older is taken in its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.community import Community
from models.meeting import Commitment, Meeting
from models.notice import Notice
from models.project import Milestone, Project, Upkeep
from models.vocabulary import PollState
from services import clock, polls
from services.db import reading
from services.reads import works
from services.work import do
from tests.fixtures import room as rooms
from tests.fixtures.case import play
from tests.fixtures.moment import around, onward_from
from tests.fixtures.neighbours import COMMUNITY, Neighbours
from tests.fixtures.village import village
from tests.pages import test_people, test_polls, test_room
from tests.pages.test_after import at, flat, look

WHOLE, EARLY = "之间的整数", "日子太早了"
FAR, PASSED = "看看年份", "这个时间已经过了"


@pytest.fixture(autouse=True)
def _clock(on_sqlite: Engine) -> Iterator[None]:
    yield
    clock.follow(timedelta)


def under(seen: AppTest, key: str) -> str:
    """What is said right under the field."""
    order = list(flat(seen.main))
    place = next(place for place, each in enumerate(order) if getattr(each, "key", None) == key)
    return str(getattr(order[place + 1], "body", ""))


def refused(seen: AppTest, press: str, field: str, says: str) -> None:
    """The press is answered at the field, and what was typed stands there still."""
    kinds = (seen.number_input, seen.date_input, seen.datetime_input)
    typed = next(each.value for kind in kinds for each in kind if each.key == field)
    next(each for each in seen.button if each.key == press).click().run()
    assert not seen.exception, seen.exception
    assert says in under(seen, field), f"{field}: {under(seen, field)}"
    assert next(each.value for kind in kinds for each in kind if each.key == field) == typed


def test_a_commitment_that_was_due_yesterday() -> None:
    onward_from(rooms.BEGINS)
    room = rooms.now_at("item", rooms.BEGINS)
    seen = test_room.look(room, "chair.py", "吴主持", m=room.code)
    seen.text_input(key="deed_text").set_value("贴出图来").run()
    for wrong, says in ((seen.date_input(key="deed_due").value - timedelta(days=15), EARLY), (date(2206, 4, 1), FAR), (date.min, EARLY)):
        seen.date_input(key="deed_due").set_value(wrong).run()
        refused(seen, "do_deed", "deed_due", says)
    for field, wrong, says in (("option_cost", -1, "1\u00a0亿"), ("option_days", 0, WHOLE)):
        seen.text_input(key="option_title").set_value("都不画").run()
        seen.number_input(key=field).set_value(wrong).run()
        refused(seen, "do_option", field, says)
    with reading(rooms.HOME) as db:
        assert not [each for each in db.exec(select(Commitment)) if each.deed == "贴出图来"]


def test_a_notice_for_no_days() -> None:
    case = play("do: notices.publish")
    at(case.moment + timedelta(hours=1))
    seen = look(case, "proposal.py", "wei", id=case.ids["round1"], do="notice.publish")
    seen.checkbox(key="notice_sure").check().run()
    for wrong in (0, 61, None):
        seen.number_input(key="notice_days").set_value(wrong).run()
        refused(seen, "do_notice.publish", "notice_days", WHOLE)
    with reading(case.community_id) as db:
        assert db.exec(select(Notice)).first() is None


def test_works_and_milestones_on_days_that_cannot_be() -> None:
    case = play("save: project1")
    at(case.moment + timedelta(hours=1))
    seen = look(case, "proposal.py", "wei", id=case.ids["round1"], do="project.start")
    seen.selectbox(key="start_executor").set_value(case.people["zhao"]).run()
    seen.multiselect(key="start_supervisors").set_value([case.people["sun"]]).run()
    seen.text_input(key="start_step_0").set_value("清通排水").run()
    seen.checkbox(key="start_sure").check().run()
    first, last = seen.date_input(key="start_first").value, seen.date_input(key="start_last").value
    assert (seen.date_input(key="start_from_0").value, seen.date_input(key="start_to_0").value) == (first, last)
    for field, wrong, says, right in (
        ("start_from_0", first - timedelta(days=1), EARLY, first),
        ("start_to_0", last + timedelta(days=1), "日子太晚了", last),
        ("start_last", date.max, FAR, last),
        ("start_first", date.max, FAR, first),
    ):
        seen.date_input(key=field).set_value(wrong).run()
        refused(seen, "do_project.start", field, says)
        seen.date_input(key=field).set_value(right).run()
    with reading(case.community_id) as db:
        assert db.exec(select(Project)).first() is None


def test_a_milestone_done_tomorrow_and_an_end_before_it() -> None:
    case = play("at: 2026-05-12T16:00")
    at(case.moment + timedelta(days=3))
    seen = look(case, "project.py", "zhao", id=case.ids["project1"], do="project.milestone_done")
    today, wrong = seen.date_input(key="milestone_on").value, "还没到"
    for day in (today + timedelta(days=1), date.max):
        seen.date_input(key="milestone_on").set_value(day)
        refused(seen, "do_project.milestone_done", "milestone_on", wrong)
    with reading(case.community_id) as db:
        assert today not in [each.done_on for each in db.exec(select(Milestone))]
    seen = look(case, "project.py", "wei", id=case.ids["project1"], do="project.change")
    last = works.page(case.actor("wei"), case.ids["project1"]).due_on
    seen.text_area(key="change_reason").set_value("提前做完，大家早点方便。").run()
    seen.date_input(key="change_last").set_value(last - timedelta(days=1)).run()
    refused(seen, "do_project.change", "change_last", "工程不能在它之前结束")


def test_an_upkeep_every_99999_days() -> None:
    case = play("at: 2026-05-17T00:00")
    at(case.moment + timedelta(hours=2))
    seen = look(case, "proposal.py", "wei", id=case.ids["round1"], do="upkeep.plan")
    seen.text_input(key="keep_label").set_value("楼组长").run()
    seen.text_input(key="keep_deed").set_value("清排水口").run()
    seen.text_area(key="keep_lessons").set_value("早点谈车位。").run()
    seen.checkbox(key="keep_sure").check().run()
    for wrong in (99999, 0, 9_007_199_254_740_991):
        seen.number_input(key="keep_every").set_value(wrong).run()
        refused(seen, "do_upkeep.plan", "keep_every", WHOLE)
    seen.number_input(key="keep_every").set_value(30).run()
    for day, says in ((date.max, FAR), (date.min, EARLY)):
        seen.date_input(key="keep_next").set_value(day).run()
        refused(seen, "do_upkeep.plan", "keep_next", says)
    with reading(case.community_id) as db:
        assert db.exec(select(Upkeep)).first() is None


def test_a_figure_of_the_community_that_is_nothing(neighbours_sqlite: Neighbours) -> None:
    seen = test_people.look(neighbours_sqlite, "admin.py", "administrator", part="community")
    with reading(COMMUNITY) as db:
        before = dict(db.get_one(Community, COMMUNITY).figures)
    for wrong in (0, 61, None):
        seen.number_input(key="set_notice_days").set_value(wrong).run()
        refused(seen, "set_save", "set_notice_days", WHOLE)
    with reading(COMMUNITY) as db:
        assert db.get_one(Community, COMMUNITY).figures == before


def test_a_role_for_nobody_names_both_fields(neighbours_sqlite: Neighbours) -> None:
    seen = test_people.look(neighbours_sqlite, "admin.py", "administrator", part="roles")
    seen.button(key="grant").click().run()
    assert "请选一个人" in under(seen, "grant_person") and "请选" in under(seen, "grant_role")


def test_a_meeting_on_a_day_that_cannot_be() -> None:
    onward_from(rooms.BEGINS)
    room = rooms.convened(rooms.community(rooms.BEGINS + timedelta(days=3)))
    seen = test_room.look(room, "meeting_new.py", "周主任", id=room.meeting)
    for field, wrong in (("need_0", 501), ("need_0", None), ("minutes_0", 0), ("minutes_0", 241)):
        right = seen.number_input(key=field).value
        seen.number_input(key=field).set_value(wrong).run()
        refused(seen, "convene", field, WHOLE)
        seen.number_input(key=field).set_value(right).run()
    with reading(rooms.HOME) as db:
        before = db.get_one(Meeting, room.meeting).starts_at
    for wrong in (date.min, date.max):
        seen.date_input(key="day").set_value(wrong).run()
        seen.button(key="convene").click().run()
        assert not seen.exception and seen.date_input(key="day").value == wrong
        assert (FAR if wrong == date.max else PASSED) in test_room.seen(seen)
    with reading(rooms.HOME) as db:
        assert db.get_one(Meeting, room.meeting).starts_at == before


def test_a_vote_until_a_moment_that_cannot_be() -> None:
    around(test_polls.BEGINS)
    place = village(4)
    people = test_polls.everybody(place)
    place.prepare()
    seen = test_polls.look(place, "poll.py", people["chair"], id=place.poll_id)
    for wrong in (datetime(1, 1, 1), datetime(9999, 12, 31, 23, 45)):
        seen.datetime_input(key="open_until").set_value(wrong)
        seen.button(key="do_poll.open").click().run()
        assert not seen.exception and place.poll().state is PollState.PREPARED
        assert ("已经过" if wrong.year == 1 else "最多") in under(seen, "open_until")
    do(place.actor(place.huang), polls.open, poll_id=place.poll_id, minutes=60)
    seen = test_polls.look(place, "poll.py", people["chair"], id=place.poll_id)
    ends = place.poll().closes_at
    for wrong_hours in (0, 721):
        seen.number_input(key="extend_hours").set_value(wrong_hours)
        refused(seen, f"do_poll.extend-{ends}", "extend_hours", WHOLE)
    assert place.poll().closes_at == ends
