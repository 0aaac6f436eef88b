"""Two who act on the same thing at once: the second waits for the first and sees what it has done; and what is tried again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from threading import Event
from typing import TypeVar

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col, select

from models.people import RoleHeld
from models.project import Project, Task
from models.proposal import Proposal
from models.vocabulary import ProjectState, Role, Stage
from services import accounts, letters, privacy, projects, proposals, roles
from services.actors import Actor
from services.db import reading
from services.errors import Conflict, NotAllowed, Refusal, Several, WrongStage
from services.work import RETRIES, Work, do, working
from tests.fixtures.case import Case, play, row
from tests.fixtures.intake import one, visitor, wished
from tests.fixtures.neighbours import COMMUNITY, Neighbours

Answer = TypeVar("Answer")


def while_it_waits(actor: Actor, first: Callable[[Work], object], second: Callable[[], Answer]) -> Answer | Exception:
    """What `second` comes to, begun when `first` has been done and not committed yet; it goes on alone for half a second."""
    begun = Event()

    def go() -> Answer:
        begun.set()
        return second()

    with ThreadPoolExecutor(1) as pool:
        with working(actor) as work:
            first(work)
            work.db.flush()
            waiting: Future[Answer] = pool.submit(copy_context().run, go)
            assert begun.wait(30)
            try:
                return waiting.result(0.5)
            except TimeoutError:
                pass
            except Refusal as refused:
                return refused
        try:
            return waiting.result(30)
        except Refusal as refused:
            return refused


def held(person_id: str) -> list[RoleHeld]:
    with reading(COMMUNITY) as db:
        found = select(RoleHeld).where(RoleHeld.person_id == person_id, RoleHeld.role == Role.CHAIR, col(RoleHeld.until).is_(None))
        return list(db.exec(found).all())


def test_a_role_granted_twice_at_once_is_one_row(neighbours: Neighbours) -> None:
    admin, person = neighbours.actor("administrator"), neighbours.people["resident"]
    while_it_waits(admin, lambda work: roles.grant(work, person, Role.CHAIR), lambda: do(admin, roles.grant, person, Role.CHAIR))
    (one,) = held(person)
    do(admin, roles.end, one.id)
    assert not held(person) and Role.CHAIR not in neighbours.actor("resident").roles


def test_a_role_granted_while_it_ends_is_held(neighbours: Neighbours) -> None:
    admin, person = neighbours.actor("administrator"), neighbours.people["resident"]
    first = do(admin, roles.grant, person, Role.CHAIR)
    while_it_waits(admin, lambda work: roles.end(work, first.id), lambda: do(admin, roles.grant, person, Role.CHAIR))
    (again,) = held(person)
    assert again.id != first.id


def test_nothing_goes_back_to_an_author_who_is_being_erased(neighbours: Neighbours) -> None:
    made, who = wished(neighbours), neighbours.actor("resident")
    back = partial(do, neighbours.actor("committee"), proposals.send_back, proposal_id=made.id, reason="请附照片。")
    came = while_it_waits(who, lambda work: privacy.erase(work, who.person_id or "", sure=True), back)
    assert isinstance(came, NotAllowed), came
    assert one(Proposal, made.id).stage is Stage.FILED


def test_what_goes_back_while_its_author_is_being_erased_is_withdrawn(neighbours: Neighbours) -> None:
    made, who = wished(neighbours), neighbours.actor("resident")
    while_it_waits(
        neighbours.actor("committee"), lambda work: proposals.send_back(work, proposal_id=made.id, reason="请附照片。"),
        partial(do, who, privacy.erase, who.person_id, sure=True),
    )  # fmt: skip
    assert one(Proposal, made.id).stage is Stage.WITHDRAWN


@pytest.fixture
def finishing(engine: Engine) -> Case:
    """All tasks and milestones are done; the works can be reported finished."""
    return play("at: +1h, as: zhao, do: projects.complete, with: {project_id: $project1}")


def one_task(case: Case) -> str:
    with reading(case.community_id) as db:
        return db.exec(select(Task.id).where(Task.project_id == case.ids["project1"]).order_by(Task.id)).all()[0]


def test_works_are_not_finished_with_a_task_that_is_being_undone(finishing: Case) -> None:
    project, task, zhao = finishing.ids["project1"], one_task(finishing), finishing.actor("zhao")
    with finishing.later(minutes=1):
        came = while_it_waits(
            zhao, lambda work: projects.task_undo(work, task_id=task), lambda: do(zhao, projects.complete, project_id=project)
        )
    assert isinstance(came, Several | WrongStage) and "Tasks not done yet" in str(came), came
    assert row(finishing, Project, project).state is ProjectState.RUNNING and row(finishing, Task, task).done_at is None


def test_no_tick_is_taken_back_while_the_works_are_reported_finished(finishing: Case) -> None:
    project, task, zhao = finishing.ids["project1"], one_task(finishing), finishing.actor("zhao")
    with finishing.later(minutes=1):
        came = while_it_waits(
            zhao, lambda work: projects.complete(work, project_id=project), lambda: do(zhao, projects.task_undo, task_id=task)
        )
    assert isinstance(came, Conflict), came
    assert row(finishing, Project, project).state is ProjectState.COMPLETED and row(finishing, Task, task).done_at is not None


def renamed(work: Work, held_id: str, role: Role, gone: list[int], times: int) -> str:
    """A command whose row is gone when it is written, the first times."""
    held = work.fetch(RoleHeld, held_id)
    if len(gone) < times:
        gone.append(1)
        work.db.connection().execute(sa.delete(RoleHeld).where(col(RoleHeld.id) == held_id))
    held.role = role
    work.record("role.grant", held, role=role.value)
    return role.value


def test_a_row_that_was_changed_meanwhile_is_tried_again_and_not_for_ever(neighbours: Neighbours) -> None:
    admin, person = neighbours.actor("administrator"), neighbours.people["resident"]
    first = do(admin, roles.grant, person, Role.CHAIR).id
    gone: list[int] = []
    assert do(admin, renamed, first, Role.SUPERVISOR, gone, 2) == "supervisor" and len(gone) == 2
    gone.clear()
    with pytest.raises(StaleDataError):
        do(admin, renamed, first, Role.EXECUTOR, gone, RETRIES)
    assert len(gone) == RETRIES and not held(person)


def test_one_phone_number_is_registered_once_however_many_letters(neighbours: Neighbours) -> None:
    worker = neighbours.actor("grid_worker")
    ours, theirs = (do(worker, letters.issue, unit) for unit in neighbours.units[:2])
    given = {"phone": "13812345678", "password": "kuan yin 71", "tie": "owner"}
    refused = while_it_waits(
        visitor(),
        lambda work: accounts.register(work, letter_code=ours, name="张三", **given),
        lambda: accounts.come_in(theirs, name="李四", **given),
    )
    (reason,) = refused.reasons if isinstance(refused, Several) else (refused,)
    assert isinstance(reason, Conflict) and (reason.field, reason.message[:26]) == ("phone", "This number has an account")
    assert accounts.come_in(theirs, name="李四", **given | {"phone": "13812345679"}), "the letter of the second is not used up"
