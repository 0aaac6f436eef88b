"""Works given to other hands, supervisors or another day, and who cannot be erased while works or a meeting wait; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.account import Message
from models.people import Person, RoleHeld
from models.project import Project, Supervision
from services import privacy, projects, roles
from services.db import reading
from services.errors import Conflict, Invalid, NotAllowed, Refusal, Several
from services.reads import own, works
from services.work import do
from tests.fixtures.case import Case, play


@pytest.fixture
def executing(engine: Engine) -> Iterator[Case]:
    case = play("at: 2026-05-12T16:00")
    with case.later(days=3):
        yield case


def given(case: Case, **changes: Any) -> dict[str, Any]:
    """What stands now, with the changes."""
    page = works.page(case.actor("wei"), case.ids["project1"])
    stands = {"executor_id": page.executor_id, "supervisor_ids": page.supervisor_ids, "due_on": page.due_on}
    return {"project_id": page.id, "reason": "赵师傅调走了，换人接着做。"} | stands | changes


def told(case: Case, who: str) -> list[str]:
    with reading(case.community_id) as db:
        return list(db.exec(select(Message.message).where(Message.person_id == case.people[who])).all())


def test_the_committee_names_others_with_a_reason(executing: Case) -> None:
    project = executing.ids["project1"]
    with pytest.raises(NotAllowed):
        executing.do("zhao", projects.change, **given(executing))
    with pytest.raises(Several) as wrong:
        executing.do("wei", projects.change, **given(executing, executor_id=executing.people["sun"], reason=" "))
    assert {each.field for each in wrong.value.reasons} == {"reason", "supervisor_ids"}
    with pytest.raises(Conflict):
        executing.do("wei", projects.change, **given(executing))
    with pytest.raises(Invalid, match="is still to be done by") as early:
        executing.do("wei", projects.change, **given(executing, due_on=given(executing)["due_on"] - timedelta(days=1)))
    assert early.value.field == "due_on"
    later = given(executing)["due_on"] + timedelta(days=5)
    executing.do(
        "wei", projects.change,
        **given(executing, executor_id=executing.people["hua_xian"], supervisor_ids=[executing.people["meng"]], due_on=later),
    )  # fmt: skip
    page = works.page(executing.actor("wei"), project)
    assert (page.executor_id, page.supervisor_ids, page.due_on) == (executing.people["hua_xian"], (executing.people["meng"],), later)
    assert [(each.reason, each.executor) for each in page.changes] == [("赵师傅调走了，换人接着做。", "赵铁成")]
    assert "You carry out {title}." in told(executing, "hua_xian")
    assert any(line.startswith("Who carries out") for line in told(executing, "zhao"))
    with reading(executing.community_id) as db:
        ended = db.exec(select(Supervision).where(Supervision.project_id == project, col(Supervision.ended_at).is_not(None))).all()
        assert [each.person_id for each in ended] == [executing.people["sun"]]
    for who in ("zhao", "sun"):
        with pytest.raises(NotAllowed):
            executing.do(who, projects.report, project_id=project, text="我还在做。")
    executing.do("hua_xian", projects.report, project_id=project, text="接手了，接着做。")
    back = given(executing, supervisor_ids=[executing.people["sun"], executing.people["meng"]])
    executing.do("wei", projects.change, **back)  # who comes back gets a new row beside the ended one
    executing.do("sun", projects.report, project_id=project, text="回来监督。")


def test_once_reported_finished_only_supervisors_change(engine: Engine) -> None:
    case = play("as: sun, do: projects.refuse")
    with case.later(minutes=5):
        with pytest.raises(Refusal) as late:
            case.do("wei", projects.change, **given(case, due_on=given(case)["due_on"] + timedelta(days=5)))
        assert late.value.field == "due_on"
        case.do("wei", projects.change, **given(case, supervisor_ids=[case.people["meng"], case.people["huang"]]))
        with pytest.raises(NotAllowed):
            case.do("sun", projects.accept, project_id=case.ids["project1"])
        case.do("huang", projects.accept, project_id=case.ids["project1"])


def test_nobody_is_erased_while_works_wait_for_them(executing: Case) -> None:
    for who in ("zhao", "sun"):
        with reading(executing.community_id) as db:
            held = db.exec(select(RoleHeld.id).where(RoleHeld.person_id == executing.people[who], col(RoleHeld.until).is_(None))).all()
        for each in held:
            do(executing.actor("admin"), roles.end, each)
        with pytest.raises(Conflict, match="wait for this person"):
            executing.do(who, privacy.erase, person_id=executing.people[who], sure=True)
        assert own.summary(executing.actor(who), executing.people[who]).answers_for
    change = {"executor_id": executing.people["hua_xian"], "supervisor_ids": [executing.people["meng"]]}
    executing.do("wei", projects.change, **given(executing, **change))
    for who in ("zhao", "sun"):
        executing.do(who, privacy.erase, person_id=executing.people[who], sure=True)
    with reading(executing.community_id) as db:
        assert db.get_one(Person, executing.people["zhao"]).erased_at
        assert db.get_one(Project, executing.ids["project1"]).executor_id == executing.people["hua_xian"]


def test_nobody_is_erased_while_their_meeting_waits(engine: Engine) -> None:
    case = play("do: polls.prepare, with: {proposal_id: $round2")
    with case.later(minutes=1), reading(case.community_id) as db:
        assert own.answers_for(db, case.people["huang"]) and not own.answers_for(db, case.people["li"])
