"""Who serves on the committee; who has had a hand in a roll or in works: what never goes with counting, supervising, accepting."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.audit import Event
from models.people import Person, RoleHeld
from models.poll import Poll
from models.project import Project, ProjectChange, Task
from models.vocabulary import Role

ROLL_ACTS = ("poll.renew_roll", "poll.codes")
"""Acts after which somebody keeps the roll of a vote, beside having prepared it."""


def committee(db: Session) -> list[str]:
    """Who serves on the committee now, each once: whom things fall to that wait for nobody else."""
    held = select(RoleHeld.person_id).where(RoleHeld.role == Role.COMMITTEE, col(RoleHeld.until).is_(None)).distinct()
    return list(db.exec(held.order_by(RoleHeld.person_id)).all())


def grid_workers() -> SelectOfScalar[str]:
    """Who serves as a grid worker now; a grid may still name one whose role has ended."""
    return select(RoleHeld.person_id).where(RoleHeld.role == Role.GRID_WORKER, col(RoleHeld.until).is_(None))


def roll_keepers(db: Session, poll: Poll) -> set[str]:
    """Who prepared a vote, made its roll anew or issued codes for it; from the log, where nobody takes themselves out."""
    acts = select(Event.actor).where(Event.subject == f"poll:{poll.id}", col(Event.action).in_(ROLL_ACTS)).distinct()
    return {poll.prepared_by, *db.exec(acts).all()}


def executors(db: Session, project: Project) -> set[str]:
    """Who carries works out, and everybody who did before."""
    before = select(ProjectChange.executor_before).where(ProjectChange.project_id == project.id)
    return {project.executor_id, *db.exec(before).all()}


def of_their_house(db: Session, person_id: str, others: Collection[str], firm_id: str | None = None) -> bool:
    """Whether somebody works for the firm (or for `firm_id`), or holds a role for the body, of one of the others."""
    mine = db.exec(select(Person.organisation_id).where(Person.id == person_id)).first()
    if mine and (mine == firm_id or mine in db.exec(select(Person.organisation_id).where(col(Person.id).in_(others))).all()):
        return True
    sits = select(RoleHeld).where(col(RoleHeld.body_id).is_not(None), col(RoleHeld.until).is_(None))
    bodies = {held.body_id for held in db.exec(sits.where(col(RoleHeld.person_id).in_(others))).all()}
    return any(held.body_id in bodies for held in db.exec(sits.where(RoleHeld.person_id == person_id)).all())


def with_tasks(db: Session, project: Project) -> set[str]:
    """Who has promised a task of these works."""
    return {each for each in db.exec(select(Task.person_id).where(Task.project_id == project.id)).all() if each}
