"""The forms after the vote keep every field, revert nothing that is newer, and look away from what is no longer there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from models.project import Project
from services import clock, drafts, i18n, projects
from services.db import reading
from services.reads import filing
from services.work import do
from tests.fixtures.apptest import seen as text
from tests.fixtures.case import Case, play
from tests.pages.test_after import at, look


@pytest.fixture(autouse=True)
def _clock(on_sqlite: Engine) -> Iterator[None]:
    yield
    clock.follow(timedelta)


def left(case: Case, kind: str) -> dict[str, Any]:
    draft = filing.draft(case.actor("wei"), kind)
    return dict(draft.content) if draft else {}


def test_every_field_of_the_start_is_kept_and_who_is_gone_is_passed_over() -> None:
    case = play("save: project1}")
    at(case.moment + timedelta(hours=1))
    to, name = {"id": case.ids["round1"], "do": "project.start"}, f"project.start:{case.ids['round1']}"
    seen = look(case, "proposal.py", "wei", **to)
    seen.run()
    assert left(case, name) == {}, "it was only looked at"
    first = seen.date_input(key="start_first").value + timedelta(days=3)
    seen.date_input(key="start_first").set_value(first).run()
    assert seen.date_input(key="start_from_0").value == first, "a day that nobody has set goes with that of the works"
    seen.selectbox(key="start_executor").set_value(case.people["zhao"]).run()
    seen.multiselect(key="start_supervisors").set_value([case.people["sun"]]).run()
    seen.button(key="start_more").click().run()
    seen.date_input(key="start_to_1").set_value(first + timedelta(days=9)).run()
    again = look(case, "proposal.py", "wei", **to)
    assert again.date_input(key="start_first").value == first and again.date_input(key="start_to_1").value == first + timedelta(days=9)
    assert again.selectbox(key="start_executor").value == case.people["zhao"]
    assert again.multiselect(key="start_supervisors").value == [case.people["sun"]]
    gone = {"start_executor": "gone", "start_supervisors": ["gone", case.people["sun"]], "start_title": "修路"}
    do(case.actor("wei"), drafts.save, kind=name, content=gone)
    again = look(case, "proposal.py", "wei", **to)
    assert again.selectbox(key="start_executor").value is None and again.text_input(key="start_title").value == "修路"
    assert again.multiselect(key="start_supervisors").value == [case.people["sun"]]


def test_every_field_of_a_change_is_kept_and_reverts_nothing_newer() -> None:
    case = play("at: 2026-05-12T16:00")
    at(case.moment + timedelta(days=3))
    project = case.ids["project1"]
    to, name = {"id": project, "do": "project.change"}, f"project.change:{project}"
    seen = look(case, "project.py", "wei", **to)
    seen.run()
    assert left(case, name) == {}, "it was only looked at"
    due = seen.date_input(key="change_last").value
    seen.date_input(key="change_last").set_value(due + timedelta(days=5)).run()
    seen.selectbox(key="change_executor").set_value(case.people["hua_xian"]).run()
    seen.text_area(key="change_reason").set_value("赵师傅调走了，换人接着做。").run()
    again = look(case, "project.py", "wei", **to)
    assert again.date_input(key="change_last").value == due + timedelta(days=5)
    assert again.selectbox(key="change_executor").value == case.people["hua_xian"]
    with reading(case.community_id) as db:
        row = db.get_one(Project, project)
    do(
        case.actor("wei"), projects.change, project_id=project, executor_id=row.executor_id, due_on=due + timedelta(days=9),
        supervisor_ids=[case.people["sun"]], reason="下雨耽误了工期，往后推。",
    )  # fmt: skip
    again = look(case, "project.py", "wei", **to)
    assert again.date_input(key="change_last").value == due + timedelta(days=9)
    assert i18n.text("zh-CN", "It was changed meanwhile. What you had typed and not sent:") in text(again)
    assert str(due + timedelta(days=5)) in text(again)
    assert again.selectbox(key="change_executor").value == case.people["hua_xian"], "nobody else has touched it"
    again.button(key="do_project.change").click().run()
    with reading(case.community_id) as db:
        row = db.get_one(Project, project)
        assert (row.executor_id, row.due_on) == (case.people["hua_xian"], due + timedelta(days=9))
    do(case.actor("wei"), drafts.save, kind=name, content={"change_executor": "gone", "change_supervisors": ["gone"]})
    assert look(case, "project.py", "wei", **to).multiselect(key="change_supervisors").value is not None


def test_every_field_of_the_forms_at_the_end_is_kept() -> None:
    case = play("at: 2026-05-17T00:00")
    at(case.moment + timedelta(hours=2))
    round1 = case.ids["round1"]
    keep = look(case, "proposal.py", "wei", id=round1, do="upkeep.plan")
    keep.run()
    assert left(case, f"upkeep.plan:{round1}") == {}, "it was only looked at"
    began = keep.date_input(key="keep_next").value
    keep.number_input(key="keep_every").set_value(30).run()
    assert keep.date_input(key="keep_next").value == began - timedelta(days=60), "it goes with how often, until it is set"
    keep.date_input(key="keep_next").set_value(began + timedelta(days=2)).run()
    keep.text_area(key="keep_lessons").set_value("早点谈车位。").run()
    keep = look(case, "proposal.py", "wei", id=round1, do="upkeep.plan")
    assert (keep.number_input(key="keep_every").value, keep.date_input(key="keep_next").value) == (30, began + timedelta(days=2))
    assert keep.text_area(key="keep_lessons").value == "早点谈车位。"
    do(case.actor("wei"), drafts.save, kind=f"upkeep.plan:{round1}", content={"keep_keeper": "gone"})
    assert look(case, "proposal.py", "wei", id=round1, do="upkeep.plan").selectbox(key="keep_keeper").value is None
    close = look(case, "proposal.py", "wei", id=round1, do="evaluation.close")
    close.text_area(key="close_lessons").set_value("先量尺寸。").run()
    assert look(case, "proposal.py", "wei", id=round1, do="evaluation.close").text_area(key="close_lessons").value == "先量尺寸。"


def test_another_round_is_kept_as_it_is_written() -> None:
    case = play("do: proposals.reopen")
    at(case.moment + timedelta(hours=1))
    round1 = case.ids["round1"]
    again = look(case, "proposal.py", "wei", id=round1, do="proposal.reopen")
    again.run()
    assert left(case, f"proposal.reopen:{round1}") == {}, "it was only looked at"
    plan = again.text_area(key="reopen_plan").value
    again.text_area(key="reopen_plan").set_value(f"{plan}，再加一盏灯。").run()
    again = look(case, "proposal.py", "wei", id=round1, do="proposal.reopen")
    assert again.text_area(key="reopen_plan").value == f"{plan}，再加一盏灯。"


def test_a_laptop_that_lies_open_writes_nothing_over_the_notice_of_a_tablet() -> None:
    case = play("do: notices.publish")
    at(case.moment + timedelta(hours=1))
    to, name = {"id": case.ids["round1"], "do": "notice.publish"}, f"notice.publish:{case.ids['round1']}"
    laptop = look(case, "proposal.py", "wei", **to)
    laptop.run()
    assert left(case, name) == {}, "it was only looked at"
    look(case, "proposal.py", "wei", **to).text_area(key="notice_text").set_value("在平板上写了很长一段公示。").run()
    laptop.run()
    laptop.number_input(key="notice_days").set_value(12).run()
    seen = look(case, "proposal.py", "wei", **to)
    assert seen.text_area(key="notice_text").value == "在平板上写了很长一段公示。" and seen.number_input(key="notice_days").value == 12
