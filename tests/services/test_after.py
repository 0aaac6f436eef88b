"""After the vote on both databases: notice and objections, works, acceptance, evaluation, upkeep, the next round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import func, select

from models.audit import Event
from models.evaluation import Evaluation, EvaluationAnswer
from models.file import StoredFile
from models.notice import Notice
from models.project import ProgressReport, Project, Task
from models.proposal import Proposal
from models.vocabulary import NoticeState, Stage
from services import audit, clock, evaluations, files, notices, projects, proposals
from services.db import reading
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Several, WrongStage
from services.reads import story
from tests.fixtures.case import Case, fields, play, row, stage
from tests.fixtures.photo import photo


@pytest.fixture
def noticed(engine: Engine) -> Iterator[Case]:
    case = play("do: notices.rule")
    with case.later(hours=1):
        yield case


@pytest.fixture
def executing(engine: Engine) -> Iterator[Case]:
    case = play("at: 2026-05-12T16:00")
    with case.later(days=3):
        yield case


@pytest.fixture
def accepted(engine: Engine) -> Iterator[Case]:
    """Evaluating, and nobody has answered."""
    case = play("do: evaluations.answer")
    with case.later(hours=1):
        yield case


@pytest.fixture
def evaluating(engine: Engine) -> Iterator[Case]:
    case = play("at: 2026-05-17T00:00")
    with case.later(hours=1):
        yield case


def plan(case: Case, **changes: object) -> dict[str, object]:
    first = date(2026, 4, 10)
    return {
        "proposal_id": case.ids["round1"], "title": "铺路", "executor_id": case.people["zhao"],
        "supervisor_ids": [case.people["sun"]], "budget_fen": 18640000, "starts_on": first, "due_on": first + timedelta(days=30),
        "milestones": [{"title": "铺沥青"}],
    } | changes  # fmt: skip


def test_works_start_when_the_notice_has_ended_and_say_all_that_is_wrong(noticed: Case) -> None:
    noticed.do("wei", notices.rule, objection_id=noticed.ids["objection1"], ruling="adjusted", reply="改为离窗 1.5 米。")
    with pytest.raises(WrongStage, match="still shown"):
        noticed.do("wei", projects.start, **plan(noticed))
    with clock.at(row(noticed, Notice, noticed.ids["notice1"]).ends_at):
        wrong = {"title": "", "executor_id": "", "supervisor_ids": [], "budget_fen": None, "due_on": date(2026, 4, 1), "milestones": []}
        with pytest.raises(Several) as refused:
            noticed.do("wei", projects.start, **plan(noticed, **wrong))
        assert fields(refused.value) == {"title", "executor_id", "supervisor_ids", "budget_fen", "due_on", "milestones"}
        rows = [{"title": " "}, {"title": "铺沥青"}, {"title": ""}, {"title": "画线", "starts_on": date(2026, 5, 2), "due_on": date(2026, 5, 1)}]
        with pytest.raises(Invalid) as at_row:
            noticed.do("wei", projects.start, **plan(noticed, milestones=rows))
        assert at_row.value.field == "milestones.3.due_on"
        outside = [{"title": "早了", "starts_on": date(2026, 4, 9)}, {"title": "晚了", "due_on": date(2026, 5, 11)}]
        with pytest.raises(Several) as apart:
            noticed.do("wei", projects.start, **plan(noticed, milestones=outside))
        assert fields(apart.value) == {"milestones.0.starts_on", "milestones.1.due_on"}
        for slip in ({"starts_on": date(226, 4, 10)}, {"due_on": date(9999, 12, 31)}, {"starts_on": date.max, "due_on": date.max}):
            with pytest.raises((Invalid, Several), match="ten years"):
                noticed.do("wei", projects.start, **plan(noticed, **slip))
        with pytest.raises(Invalid, match="Nobody supervises"):
            noticed.do("wei", projects.start, **plan(noticed, supervisor_ids=[noticed.people["zhao"]]))
        with pytest.raises(NotFound):
            noticed.do("wei", projects.start, **plan(noticed, executor_id="nobody0000000000"))
        made = noticed.do("wei", projects.start, **plan(noticed))
    with reading(noticed.community_id) as db:
        tasks = db.exec(select(Task).where(Task.project_id == made.id)).all()
        assert len(tasks) == 3 and all(each.commitment_id for each in tasks)
        assert db.get_one(Notice, noticed.ids["notice1"]).state is NoticeState.ENDED
    assert stage(noticed) is Stage.EXECUTING


def test_a_report_with_a_false_photo_is_refused_whole(executing: Case) -> None:
    project = executing.ids["project1"]

    def count(kind: type) -> int:
        with reading(executing.community_id) as db:
            return db.exec(select(func.count()).select_from(kind)).one()

    before = count(ProgressReport)
    with pytest.raises(Invalid) as refused:
        executing.do("zhao", projects.report, project_id=project, text="铺好了一段。", photos=[("a.jpg", b"<html>")])
    assert refused.value.field == "file" and count(ProgressReport) == before
    with pytest.raises(Several) as wrong:  # all at once, a false picture with it
        executing.do("zhao", projects.report, project_id=project, text="", spent_fen=1, photos=[("a.jpg", b"<html>")])
    assert fields(wrong.value) == {"text", "spent_fen", "file"}
    with pytest.raises(NotAllowed):
        executing.do("li", projects.report, project_id=project, text="我看铺得不错。")
    for _ in range(2):  # the same form, sent by a double press
        executing.do(
            "zhao", projects.report, project_id=project, text="铺好了一段。", spent_fen=14270000, photos=[("a.jpg", photo())], form="word"
        )
    assert count(ProgressReport) == before + 1 and count(StoredFile) == 1
    executing.do("zhao", files.add, about="draft:of the report", name="b.jpg", content=photo())
    executing.do("zhao", projects.report, project_id=project, text="又铺好了一段。", draft="of the report")
    with reading(executing.community_id) as db:
        told = db.exec(select(StoredFile).where(StoredFile.name == "b.jpg")).one()
    assert told.about.startswith("report:") and told.public and not told.visitor
    assert row(executing, Project, project).spent_fen == 14270000


def test_ticks_can_be_taken_back_and_everything_missing_is_said_at_once(executing: Case) -> None:
    with reading(executing.community_id) as db:
        project = executing.ids["project1"]
        task = db.exec(select(Task).where(Task.project_id == project, Task.done_at == None)).one()  # noqa: E711
    with pytest.raises(Several) as refused:
        executing.do("zhao", projects.complete, project_id=project)
    assert len(refused.value.reasons) == 2
    with pytest.raises(NotAllowed):
        executing.do("li", projects.task_done, task_id=task.id)
    executing.do("zhao", projects.task_done, task_id=task.id, note="留了半边")
    with pytest.raises(Conflict):
        executing.do("zhao", projects.task_done, task_id=task.id)
    executing.do("zhao", projects.task_undo, task_id=task.id)
    assert row(executing, Task, task.id).done_at is None
    with reading(executing.community_id) as db:
        from models.project import Milestone

        step = db.exec(select(Milestone).where(Milestone.project_id == project, Milestone.done_on == None)).first()  # noqa: E711
    assert step is not None
    with pytest.raises(Invalid, match="not come yet"):
        executing.do("zhao", projects.milestone_done, milestone_id=step.id, done_on=date(2027, 1, 1))
    began = clock.day_of(row(executing, Project, project).started_at, "Asia/Shanghai")
    with pytest.raises(Invalid, match="The works began on") as early:
        executing.do("zhao", projects.milestone_done, milestone_id=step.id, done_on=began - timedelta(days=1))
    assert early.value.field == "done_on"
    with pytest.raises(NotAllowed):
        executing.do("wei", projects.complete, project_id=project)
    with pytest.raises(WrongStage):
        executing.do("sun", projects.accept, project_id=project)


def test_one_answer_a_home_until_the_end(evaluating: Case) -> None:
    with reading(evaluating.community_id) as db:
        evaluation = db.exec(select(Evaluation).where(Evaluation.proposal_id == evaluating.ids["round1"])).one()

    def answers() -> list[tuple[int, bool]]:
        with reading(evaluating.community_id) as db:
            rows = db.exec(select(EvaluationAnswer).where(EvaluationAnswer.evaluation_id == evaluation.id))
            return [(each.score, each.solved) for each in rows if each.person_id == evaluating.people["xiao"]]

    with pytest.raises(Several) as refused:
        evaluating.do("xiao", evaluations.answer, evaluation_id=evaluation.id, score=0, solved=None)
    assert fields(refused.value) == {"score", "solved"}
    with pytest.raises(NotAllowed):
        evaluating.do("zhao", evaluations.answer, evaluation_id=evaluation.id, score=5, solved=True)
    with pytest.raises(NotAllowed):
        stranger = evaluating.actor("li").units[0]
        evaluating.do("xiao", evaluations.answer, evaluation_id=evaluation.id, score=5, solved=True, unit_id=stranger)
    evaluating.do("xiao", evaluations.answer, evaluation_id=evaluation.id, score=2, solved=False)
    evaluating.do("xiao", evaluations.answer, evaluation_id=evaluation.id, score=4, solved=True, text="补好了。")
    assert answers() == [(4, True)]
    with clock.at(evaluation.ends_at), pytest.raises(WrongStage):
        evaluating.do("xiao", evaluations.answer, evaluation_id=evaluation.id, score=5, solved=True)
    with pytest.raises(Invalid):
        evaluating.do("wei", evaluations.close, evaluation_id=evaluation.id, lessons="")
    with pytest.raises(NotAllowed):
        evaluating.do("li", evaluations.close, evaluation_id=evaluation.id, lessons="大家都满意。")
    evaluating.do("wei", evaluations.close, evaluation_id=evaluation.id, lessons="先摆好坏，再表决。")
    assert stage(evaluating) is Stage.CLOSED
    with pytest.raises(Conflict):
        evaluating.do("wei", proposals.reopen, **again(evaluating))


@pytest.mark.parametrize("way", ["close", "keep_up"])
def test_an_evaluation_is_not_ended_early_without_an_answer_and_tells_when_it_was(accepted: Case, way: str) -> None:
    with reading(accepted.community_id) as db:
        evaluation = db.exec(select(Evaluation).where(Evaluation.proposal_id == accepted.ids["round1"])).one()

    def end() -> None:
        if way == "close":
            accepted.do("wei", evaluations.close, evaluation_id=evaluation.id, lessons="早点谈。")
        else:
            accepted.do(
                "wei", evaluations.keep_up, proposal_id=accepted.ids["round1"], label="楼组长", deed="清排水口", every_days=30,
                next_on=clock.today("Asia/Shanghai"), lessons="早点谈。",
            )  # fmt: skip

    with pytest.raises(WrongStage, match="No home has answered yet") as refused:
        end()
    act = "evaluation.close" if way == "close" else "upkeep.plan"
    locked = story.story(accepted.actor("wei"), accepted.ids["round1"]).doors[act]
    assert locked is not None and str(locked) == str(refused.value)
    accepted.do("xiao", evaluations.answer, evaluation_id=evaluation.id, score=4, solved=True)
    with clock.at(evaluation.ends_at - timedelta(days=2, hours=3)):
        asked = story.story(accepted.actor("wei"), accepted.ids["round1"]).evaluation
        assert asked is not None and asked.days_left == 2
        end()
        rated = story.story(accepted.actor("li"), accepted.ids["round1"]).evaluation
    assert rated is not None and (rated.days_early, rated.days_left, rated.answered) == (2, None, 1)
    with reading(accepted.community_id) as db:
        facts = audit.facts_of(db.exec(select(Event).where(Event.action == act)).one())
    assert (facts["days_early"], facts["answered"], facts["asked"]) == (2, 1, evaluation.asked_units)


def test_an_evaluation_whose_time_is_over_ends_without_any_answer(accepted: Case) -> None:
    with reading(accepted.community_id) as db:
        evaluation = db.exec(select(Evaluation).where(Evaluation.proposal_id == accepted.ids["round1"])).one()
    with clock.at(evaluation.ends_at):
        accepted.do("wei", evaluations.close, evaluation_id=evaluation.id, lessons="没有人评，下回上门问。")
        rated = story.story(accepted.actor("li"), accepted.ids["round1"]).evaluation
    assert rated is not None and rated.closed and rated.days_early is None


def again(case: Case, **changes: str) -> dict[str, str]:
    return {
        "proposal_id": case.ids["round1"], "title": "再议一次路面", "problem": "路面又坑了一块，轮椅过不去。",
        "plan": "请大家再坐下来商量一次。", "reason": "用了半年又坏了。",
    } | changes  # fmt: skip


def test_upkeep_is_planned_for_a_day_to_come_and_moves_on_when_done(evaluating: Case) -> None:
    given = {"proposal_id": evaluating.ids["round1"], "label": "楼组长", "deed": "清排水口", "every_days": 30, "lessons": "早点谈。"}
    today = clock.today("Asia/Shanghai")
    with pytest.raises(Several) as refused:
        evaluating.do("wei", evaluations.keep_up, **given | {"label": "", "every_days": 0}, next_on=today - timedelta(days=1))
    assert fields(refused.value) == {"label", "every_days", "next_on"}
    kept = evaluating.do("wei", evaluations.keep_up, **given, next_on=today, keeper_id=evaluating.people["chen"])
    assert stage(evaluating) is Stage.KEPT_UP
    with pytest.raises(NotAllowed):
        evaluating.do("li", evaluations.kept, upkeep_id=kept.id)
    assert evaluating.do("chen", evaluations.kept, upkeep_id=kept.id).next_on == today + timedelta(days=30)
    evaluating.do("wei", evaluations.end_upkeep, upkeep_id=kept.id)
    with pytest.raises(Conflict):
        evaluating.do("chen", evaluations.kept, upkeep_id=kept.id)


def test_the_next_round_needs_reasons_and_comes_once(evaluating: Case) -> None:
    second = {"proposal_id": evaluating.ids["round2"]}
    with pytest.raises(WrongStage):
        evaluating.do("wei", proposals.reopen, **again(evaluating) | second)
    with pytest.raises(Conflict):
        evaluating.do("wei", proposals.reopen, **again(evaluating))
    with pytest.raises(NotAllowed):
        evaluating.do("li", proposals.reopen, **again(evaluating))
    made = row(evaluating, Proposal, evaluating.ids["round2"])
    assert (made.round, made.previous_id, made.concern_id is not None) == (2, evaluating.ids["round1"], True)
