"""What is said and promised at a table, by whom, and until when it can be taken back: on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.meeting import Argument, Commitment
from models.notice import Notice
from models.project import Project, Task
from models.vocabulary import Party, Side
from services import clock, deliberation, meetings, minutes, notices, projects
from services.db import reading
from services.errors import Conflict, Invalid, NotAllowed, NotFound, WrongStage
from services.permission import standing
from services.reads import attending, board
from services.reads import meetings as reads
from services.rules import access
from services.work import working
from tests.fixtures import room as rooms
from tests.fixtures.case import Case, play, row
from tests.fixtures.room import BEGINS, HOME, Room


@pytest.fixture
def talking(engine: Engine) -> Room:
    """The item is on the wall: two options, a reason of the residents for the first and one of the builder against it."""
    return rooms.now_at("item", BEGINS)


def said(**where: object) -> list[Argument]:
    with reading(HOME) as db:
        wanted = select(Argument).order_by(Argument.at, Argument.id)
        for name, value in where.items():
            wanted = wanted.where(getattr(Argument, name) == value)
        return list(db.exec(wanted).all())


def taken_back(room: Room, name: str) -> list[str]:
    """The reasons that this person can take back now."""
    found = board.find(room.code)
    assert found is not None
    with clock.at(BEGINS):
        return sorted(each.text for each in attending.reasons(room.actor(name), found))


def test_the_chair_notes_a_reason_for_the_party_that_gave_it(talking: Room) -> None:
    given = {"at": BEGINS, "option_id": said(side=Side.CON)[0].option_id, "side": "con", "text": "夜里要亮灯"}
    assert talking.do("吴主持", deliberation.add_argument, party="residents", **given).party is Party.RESIDENTS
    assert talking.do("周主任", deliberation.add_argument, party="builder", **given).party is Party.BUILDER
    assert talking.do("吴主持", deliberation.add_argument, party="builder", **given).party is Party.BUILDER, "another party said the same"
    with pytest.raises(Conflict, match="said this already"):
        talking.do("吴主持", deliberation.add_argument, party="builder", **given)
    with pytest.raises(Invalid) as unknown:
        talking.do("吴主持", deliberation.add_argument, party="", **given)
    assert unknown.value.field == "party"
    assert talking.do("吴主持", deliberation.add_argument, **given).party is Party.COMMUNITY


def test_nobody_else_speaks_for_another_party(talking: Room) -> None:
    given = {"at": BEGINS, "option_id": said(side=Side.CON)[0].option_id, "side": "con", "text": "夜里要亮灯"}
    for party in ("builder", "residents"):
        with pytest.raises(NotAllowed):
            talking.do("王阿姨", deliberation.add_argument, party=party, **given)
    assert talking.do("王阿姨", deliberation.add_argument, **given).party is Party.RESIDENTS


def test_who_can_take_which_reason_back(talking: Room) -> None:
    assert taken_back(talking, "吴主持") == taken_back(talking, "周主任") == ["要停三天车", "车位看得清楚"]
    assert (taken_back(talking, "王阿姨"), taken_back(talking, "郑工")) == (["车位看得清楚"], ["要停三天车"])
    assert taken_back(talking, "李师傅") == taken_back(talking, "小陈") == []
    con = said(side=Side.CON)[0].id
    with pytest.raises(Conflict, match="the chair, can take it back"):
        talking.do("王阿姨", deliberation.withdraw_argument, at=BEGINS, argument_id=con)
    talking.do("郑工", deliberation.withdraw_argument, at=BEGINS, argument_id=con)
    assert taken_back(talking, "吴主持") == ["车位看得清楚"] and taken_back(talking, "郑工") == []
    with pytest.raises(Conflict, match="already"):
        talking.do("吴主持", deliberation.withdraw_argument, at=BEGINS, argument_id=con)


def test_reasons_stay_once_the_minutes_are_confirmed(talking: Room) -> None:
    first = said()[0]
    for seen in (2, 3, 4, 5):
        talking.do("吴主持", meetings.next, at=BEGINS, meeting_id=talking.meeting, seen=seen)
    talking.do("吴主持", minutes.confirm, at=BEGINS, meeting_id=talking.meeting)
    assert taken_back(talking, "吴主持") == taken_back(talking, "王阿姨") == []
    with pytest.raises(WrongStage):
        talking.do("吴主持", deliberation.withdraw_argument, at=BEGINS, argument_id=first.id)


def test_a_promise_belongs_to_the_person_who_gave_it(talking: Room) -> None:
    given = {"at": BEGINS, "meeting_id": talking.meeting, "proposal_id": talking.proposal, "party": "builder", "due_on": date(2026, 3, 20)}
    zheng = talking.people["郑工"]
    assert talking.do("吴主持", deliberation.commit, deed="重画车位", person_id=zheng, **given).person_id == zheng
    assert talking.do("吴主持", deliberation.commit, deed="先贴出图", **given).person_id is None
    with pytest.raises(NotFound):
        talking.do("吴主持", deliberation.commit, deed="再刷一遍", person_id="0" * 16, **given)
    view = reads.page(talking.actor("吴主持"), talking.meeting).board
    assert {each.deed: each.person_id for each in view.promises} == {"重画车位": zheng, "先贴出图": None}


# ---- the works take the promises over


@pytest.fixture
def noticed(engine: Engine) -> Case:
    """Round two is on notice, and the minutes of its meeting are not confirmed yet."""
    case = play("do: minutes.confirm, with: {meeting_id: $meeting2")
    with case.later(hours=1):
        notice = case.do("wei", notices.publish, proposal_id=case.ids["round2"], text="公示七天，请大家看一看。")
    case.moment = row(case, Notice, notice.id).ends_at
    return case


def plan(case: Case) -> dict[str, Any]:
    first = clock.day_of(case.moment, "Asia/Shanghai")
    return {
        "proposal_id": case.ids["round2"], "title": "画线", "executor_id": case.people["hua_xian"],
        "supervisor_ids": [case.people["sun"]], "budget_fen": 100, "starts_on": first, "due_on": first + timedelta(days=3),
        "milestones": [{"title": "放样画线"}],
    }  # fmt: skip


def late(case: Case) -> dict[str, Any]:
    due = clock.day_of(case.moment, "Asia/Shanghai") + timedelta(days=2)
    return {
        "meeting_id": case.ids["meeting2"], "proposal_id": case.ids["round2"], "party": "residents", "deed": "量每个车位的宽度",
        "due_on": due, "person_id": case.people["li"],
    }  # fmt: skip


def tasks(case: Case) -> set[str | None]:
    with reading(case.community_id) as db:
        return {each.commitment_id for each in db.exec(select(Task)).all()}


def promised(case: Case) -> set[str]:
    with reading(case.community_id) as db:
        rows = db.exec(select(Commitment).where(Commitment.proposal_id == case.ids["round2"])).all()
        return {each.id for each in rows if each.withdrawn_at is None}


def test_no_promise_parts_from_its_task_once_the_works_have_begun(noticed: Case) -> None:
    with noticed.later(hours=2):
        made = noticed.do("huang", deliberation.commit, form="word", **late(noticed))
        struck = noticed.do("huang", deliberation.commit, **late(noticed) | {"deed": "扫一遍院子"})
        noticed.do("huang", deliberation.withdraw_commitment, commitment_id=struck.id)
        assert all(each.may_promise is None for each in reads.page(noticed.actor("huang"), noticed.ids["meeting2"]).matters)
        project = noticed.do("wei", projects.start, **plan(noticed))
        with reading(noticed.community_id) as db:
            assert access.TASKED in standing(db, noticed.actor("li"), db.get_one(Project, project.id))
        mine = next(each for each in _tasks_of(noticed, project.id) if each.commitment_id == made.id)
        for command, given in ((deliberation.commit, late(noticed)), (deliberation.withdraw_commitment, {"commitment_id": made.id})):
            with pytest.raises(WrongStage, match="The works have begun"):
                noticed.do("huang", command, **given)
        assert noticed.do("huang", deliberation.commit, form="word", **late(noticed)).id == made.id, "noted before, sent once more"
        assert promised(noticed) <= tasks(noticed)
        (matter,) = reads.page(noticed.actor("huang"), noticed.ids["meeting2"]).matters
        assert "works have begun" in str(matter.may_promise)
        assert noticed.do("li", projects.task_done, task_id=mine.id, note="量过了").done_by == noticed.people["li"]


def _tasks_of(case: Case, project_id: str) -> list[Task]:
    with reading(case.community_id) as db:
        return list(db.exec(select(Task).where(Task.project_id == project_id)).all())


@pytest.mark.parametrize("act", ["note", "strike"])
def test_a_promise_waits_for_a_start_that_is_under_way(noticed: Case, act: str) -> None:
    """The two at once: what is promised then is a task, and the other way round."""
    with noticed.later(hours=2), ThreadPoolExecutor(1) as pool:
        one = min(promised(noticed))
        do: Callable[[], Any] = (
            (lambda: noticed.do("huang", deliberation.commit, **late(noticed)))
            if act == "note"
            else (lambda: noticed.do("huang", deliberation.withdraw_commitment, commitment_id=one))
        )
        with working(noticed.actor("wei")) as work:
            projects.start(work, **plan(noticed))
            other = pool.submit(copy_context().run, do)
            with pytest.raises(TimeoutError):
                other.result(0.5)
        with pytest.raises(WrongStage, match="The works have begun"):
            other.result(30)
        assert promised(noticed) <= tasks(noticed) and one in promised(noticed)
