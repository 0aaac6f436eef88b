"""What the works cost, where nobody has said it: told as not reported, never as nothing spent and all of it left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.project import ProgressReport, Project
from services import clock
from services.reads import progress
from services.work import working
from tests.fixtures.apptest import opened, seen
from tests.fixtures.case import Case, play
from tests.fixtures.moment import around


@pytest.fixture(autouse=True)
def _clock(on_sqlite: Engine) -> Iterator[None]:
    yield
    clock.follow(timedelta)


def unsaid(until: str) -> Case:
    """The case up to this line, as if no report had named an amount."""
    case = play(until)
    around(case.moment)
    with working(case.system) as work:
        work.fetch(Project, case.ids["project1"]).spent_fen = 0
        for report in work.db.exec(select(ProgressReport)).all():
            report.spent_fen = None
        work.record("project.report")
    return case


@pytest.mark.parametrize(("language", "says"), [("zh-CN", "还没有报过花了多少"), ("en", "What was spent is not reported yet")])
def test_who_reports_the_works_finished_is_reminded(language: str, says: str) -> None:
    case = unsaid("do: projects.complete, with: {project_id: $project1}}")
    to = {"id": case.ids["project1"], "do": "project.complete"}
    assert says in seen(opened(case.login("zhao"), "project.py", language, **to))
    assert "还没有报过花费" in seen(opened(case.login("zhao"), "project.py", "zh-CN", id=case.ids["project1"]))


@pytest.mark.parametrize(("language", "says"), [("zh-CN", "花了多少没有报"), ("en", "What was spent was not reported")])
def test_finished_works_say_that_it_was_not_reported(language: str, says: str) -> None:
    case = unsaid("do: projects.accept")
    page = seen(opened(case.login("zhao"), "project.py", language, id=case.ids["project1"]))
    story = seen(opened(case.login("zhao"), "proposal.py", language, id=case.ids["round1"])).replace("\u00a0", " ")
    assert says in page and says in story
    (row,) = [row for row in progress.listed(case.actor("wei")).rows if row.id == case.ids["project1"]]
    assert row.spent_fen is None, "an empty cell in the file"
    assert "0.00 spent" not in story and "花了 0.00" not in story and "186,400.00 left" not in page
