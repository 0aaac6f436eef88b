"""What is being carried out: the projects of a community, late ones first, with filters, search and pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session, col, select

from models.community import Community, Estate
from models.people import Organisation, Person
from models.project import Milestone, ProgressReport, Project
from models.proposal import Proposal
from models.vocabulary import Category, Lateness, ProjectState, Stage
from services import clock
from services.actors import Actor
from services.db import reading
from services.reads import searching
from services.reads.days import days_late, level
from services.rules import names

SIZE = 12


class Kept(StrEnum):
    """Which projects are shown."""

    LATE = "late"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True)
class Row:
    """A project on the list; `days_late` as on its page, `done` of `steps` milestones, `upcoming` the next of them.

    `spent_fen` None where nobody has said what was spent.
    """

    id: str
    number: str
    title: str
    proposal_id: str
    estate_id: str
    estate: str
    category: Category
    state: ProjectState
    stage: Stage
    who: str
    starts_on: date
    due_on: date
    finished_on: date | None
    days_late: int
    level: Lateness
    done: int
    steps: int
    upcoming: str
    budget_fen: int
    spent_fen: int | None

    @property
    def kept(self) -> Kept:
        if self.state is ProjectState.ACCEPTED:
            return Kept.DONE
        if self.state is ProjectState.COMPLETED:
            return Kept.WAITING
        return Kept.LATE if self.days_late > 0 else Kept.RUNNING


@dataclass(frozen=True)
class Listed:
    """One page of projects: `counts` over all of them, `total` that fit, `estates` to choose from."""

    rows: tuple[Row, ...]
    total: int
    counts: dict[Kept, int]
    estates: tuple[tuple[str, str], ...]
    zone: str


def listed(actor: Actor, *, kept: Kept | None = None, estate_id: str = "", search: str = "", page: int = 1, size: int = SIZE) -> Listed:
    """A page of projects: late ones first, the latest first among them, then by the day they are due, finished ones last."""
    with reading(actor.community_id) as db:
        community = db.get(Community, actor.community_id)
        zone = community.time_zone if community else "Asia/Shanghai"
        everything = rows(db, actor, zone)
        counts = {each: sum(1 for row in everything if row.kept is each) for each in Kept}
        fit = [
            row
            for row in everything
            if (kept is None or row.kept is kept)
            and (not estate_id or row.estate_id == estate_id)
            and searching.within(search, f"{row.title} {row.number} {row.estate} {row.who}")
        ]
        estates = tuple(sorted({(row.estate_id, row.estate) for row in everything}, key=lambda pair: pair[1]))
        return Listed(tuple(fit[(page - 1) * size : page * size]), len(fit), counts, estates, zone)


def rows(db: Session, actor: Actor, zone: str) -> list[Row]:
    """All projects of the community, in the order of the list."""
    today = clock.today(zone)
    steps: dict[str, list[Milestone]] = {}
    for each in db.exec(select(Milestone).order_by(col(Milestone.position))).all():
        steps.setdefault(each.project_id, []).append(each)
    told = set(db.exec(select(ProgressReport.project_id).where(col(ProgressReport.spent_fen).is_not(None)).distinct()).all())
    firms = {str(key): name for key, name in db.exec(select(Organisation.id, Organisation.name)).all()}
    found = []
    query = (
        select(Project, Proposal, Estate.name, Person.name)
        .join(Proposal, col(Proposal.id) == Project.proposal_id)
        .join(Estate, col(Estate.id) == Proposal.estate_id)
        .join(Person, col(Person.id) == Project.executor_id)
    )
    for project, proposal, estate, person in db.exec(query).all():
        mine = steps.get(project.id, [])
        finished = clock.day_of(project.completed_at, zone) if project.completed_at else None
        person = names.shown(person, neighbour=actor.person_id is not None)
        found.append(
            Row(
                project.id, project.number, project.title, proposal.id, proposal.estate_id, estate, proposal.category, project.state,
                proposal.stage, firms.get(project.organisation_id or "", person), project.starts_on, project.due_on, finished,
                days_late(project.due_on, finished, today), Lateness.NONE if finished else level(project.due_on, zone),
                sum(1 for each in mine if each.done_on), len(mine), next((each.title for each in mine if not each.done_on), ""),
                project.budget_fen, project.spent_fen if project.id in told else None,
            )
        )  # fmt: skip
    order = list(Kept)
    return sorted(found, key=lambda row: (order.index(row.kept), -row.days_late if row.kept is Kept.LATE else 0, row.due_on, row.number))
