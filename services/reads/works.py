"""One project as one reader may see it: plan and reality, money to the fen, tasks, reports, what is missing before acceptance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session, col, func, select

from models.community import Community, Estate
from models.file import StoredFile
from models.people import Organisation
from models.project import Acceptance, Milestone, ProgressReport, Project, ProjectChange, Supervision, Task
from models.proposal import Proposal
from models.vocabulary import FileKind, Lateness, Party, ProjectState, Role, Stage, Step
from services import clock, permission
from services.actors import Actor
from services.db import reading
from services.errors import NotFound, Refusal, WrongStage
from services.reads.days import days_late, level
from services.reads.remembered import remembered
from services.reads.steps import StepAt, changes, skipped, steps
from services.reads.story_after import attached
from services.reads.story_doors import project_people
from services.reads.story_entries import Attached
from services.reads.who import Names, Who
from services.reads.whose_turn import Now, now
from services.rules import access, lifecycle

DOORS = ("project.change", "project.report", "project.milestone_done", "project.complete", "project.accept", "project.refuse")


@dataclass(frozen=True)
class Stretch:
    """A milestone: planned days, the day it was done, how late (days after the plan; today counts while it is open)."""

    id: str
    title: str
    starts_on: date
    due_on: date
    done_on: date | None
    running: bool
    days_late: int
    level: Lateness


@dataclass(frozen=True)
class Duty:
    """A task: who promised it and in which capacity, by when, done or how late; `door` why the reader cannot tick it."""

    id: str
    party: Party
    label: str
    person: str
    deed: str
    due_on: date
    done_on: date | None
    done_by: Who | None
    note: str
    days_late: int
    level: Lateness
    door: Refusal | None
    undo: Refusal | None


@dataclass(frozen=True)
class Told:
    """A report of the works."""

    id: str
    at: datetime
    who: Who | None
    text: str
    spent_fen: int | None
    files: tuple[Attached, ...]


@dataclass(frozen=True)
class Verdict:
    """What a supervisor found."""

    at: datetime
    who: Who | None
    passed: bool
    text: str


@dataclass(frozen=True)
class Changed:
    """Why it was given to other hands or another day; `executor` and `due_on` are what stood before."""

    at: datetime
    who: Who | None
    executor: str
    due_on: date
    reason: str


class Wanted(StrEnum):
    """What stands before acceptance."""

    TASKS = "tasks"
    MILESTONES = "milestones"
    REPORTS = "reports"
    PHOTOS = "photos"
    FINISHED = "finished"
    INSPECTED = "inspected"


@dataclass(frozen=True)
class Condition:
    """`have` of `need`; met when have ≥ need. Photos are told, not demanded: need 0."""

    what: Wanted
    have: int
    need: int

    @property
    def met(self) -> bool:
        return self.have >= self.need


@dataclass(frozen=True)
class Page:
    """A project. `days_late` of the whole: below zero early; `door` words as in the permission table."""

    id: str
    number: str
    title: str
    proposal_id: str
    proposal_number: str
    proposal: str
    estate: str
    zone: str
    today: date
    state: ProjectState
    stage: Stage
    executor: Who | None
    organisation: str
    supervisors: tuple[str, ...]
    budget_fen: int
    spent_fen: int
    starts_on: date
    due_on: date
    finished_on: date | None
    accepted_on: date | None
    days_late: int
    level: Lateness
    stretches: tuple[Stretch, ...]
    duties: tuple[Duty, ...]
    reports: tuple[Told, ...]
    verdicts: tuple[Verdict, ...]
    changes: tuple[Changed, ...]
    executor_id: str
    supervisor_ids: tuple[str, ...]
    conditions: tuple[Condition, ...]
    steps: tuple[StepAt, ...]
    skipped: tuple[Step, ...]
    here: Step
    over: bool
    now: Now
    doors: dict[str, Refusal | None]

    @property
    def spent_told(self) -> bool:
        """Whether anybody has said what was spent; `spent_fen` is 0 before."""
        return any(each.spent_fen is not None for each in self.reports)


@remembered
def page(actor: Actor, project_id: str | None) -> Page:
    """The project. Raises NotFound for an absent or foreign one."""
    with reading(actor.community_id) as db:
        project = db.get(Project, project_id) if project_id else None
        if project is None:
            raise NotFound()
        return _page(db, actor, project)


def _page(db: Session, actor: Actor, project: Project) -> Page:
    proposal = db.get_one(Proposal, project.proposal_id)
    zone = db.get_one(Community, project.community_id).time_zone
    today = clock.today(zone)
    watched = select(Supervision.person_id).where(Supervision.project_id == project.id, col(Supervision.ended_at).is_(None))
    watching = db.exec(watched.order_by(Supervision.id)).all()
    names = Names(db, actor, project_people(db, project) | set(watching))
    turn = now(db, names, proposal)
    standing = permission.standing(db, actor, project)
    firm = db.get(Organisation, project.organisation_id) if project.organisation_id else None
    finished = clock.day_of(project.completed_at, zone) if project.completed_at else None
    late = days_late(project.due_on, finished, today)
    over, reached = proposal.stage in (Stage.CLOSED, Stage.KEPT_UP, Stage.REOPENED), steps(db, proposal, changes(db, proposal), zone)
    return Page(
        id=project.id, number=project.number, title=project.title, proposal_id=proposal.id, proposal_number=proposal.number,
        proposal=proposal.title, estate=db.get_one(Estate, proposal.estate_id).name, zone=zone, today=today, state=project.state,
        stage=proposal.stage, executor=names.who(project.executor_id, clock.now(), Role.EXECUTOR),
        organisation=firm.name if firm else "", supervisors=tuple(names.name(each) for each in watching), budget_fen=project.budget_fen,
        spent_fen=project.spent_fen, starts_on=project.starts_on, due_on=project.due_on, finished_on=finished,
        accepted_on=clock.day_of(project.accepted_at, zone) if project.accepted_at else None, days_late=late,
        level=Lateness.NONE if finished else level(project.due_on, zone), stretches=stretches(db, project, zone, today),
        duties=_duties(db, actor, names, project, standing, proposal.stage, zone, today), reports=_reports(db, actor, names, project),
        verdicts=_verdicts(db, names, project), changes=_changes(db, names, project), executor_id=project.executor_id,
        supervisor_ids=tuple(watching), conditions=conditions(db, project),
        steps=reached, skipped=skipped(proposal, reached, over), here=lifecycle.STEP_OF[proposal.stage], over=over, now=turn,
        doors=_doors(db, project, standing, proposal.stage),
    )  # fmt: skip


def stretches(db: Session, project: Project, zone: str, today: date) -> tuple[Stretch, ...]:
    """The milestones in their order. One runs when its planned first day has come, or when all before it are done."""
    found = []
    before_done = True
    for row in db.exec(select(Milestone).where(Milestone.project_id == project.id).order_by(col(Milestone.position))).all():
        running = row.done_on is None and today >= project.starts_on and (row.starts_on <= today or before_done)
        found.append(
            Stretch(
                row.id, row.title, row.starts_on, row.due_on, row.done_on, running, days_late(row.due_on, row.done_on, today),
                Lateness.NONE if row.done_on else level(row.due_on, zone),
            )
        )  # fmt: skip
        before_done = row.done_on is not None
    return tuple(found)


def _duties(
    db: Session, actor: Actor, names: Names, project: Project, standing: frozenset[str], stage: Stage, zone: str, today: date
) -> tuple[Duty, ...]:
    found = []
    for row in db.exec(select(Task).where(Task.project_id == project.id).order_by(col(Task.due_on), Task.id)).all():
        done = clock.day_of(row.done_at, zone) if row.done_at else None
        stands = standing | {"assignee"} if row.person_id == actor.person_id and row.person_id else standing
        door = access.why_not("project.task_done", stands, stage)
        undo = door or (None if row.done_at and project.state is ProjectState.RUNNING else WrongStage("This can no longer be taken back."))
        found.append(
            Duty(
                row.id, row.party, row.label, names.name(row.person_id), row.deed, row.due_on, done,
                names.who(row.done_by, row.done_at) if row.done_at else None, row.note, days_late(row.due_on, done, today),
                Lateness.NONE if done else level(row.due_on, zone), door if row.done_at is None else WrongStage("This is done already."),
                undo,
            )
        )  # fmt: skip
    return tuple(found)


def _reports(db: Session, actor: Actor, names: Names, project: Project) -> tuple[Told, ...]:
    """Newest first."""
    rows = db.exec(
        select(ProgressReport).where(ProgressReport.project_id == project.id).order_by(col(ProgressReport.at).desc(), ProgressReport.id)
    ).all()
    files = attached(db, actor, [f"report:{row.id}" for row in rows])
    return tuple(
        Told(row.id, row.at, names.who(row.by_id, row.at, Role.EXECUTOR, Role.SUPERVISOR), row.text, row.spent_fen,
             files.get(f"report:{row.id}", ()))
        for row in rows
    )  # fmt: skip


def _verdicts(db: Session, names: Names, project: Project) -> tuple[Verdict, ...]:
    rows = db.exec(select(Acceptance).where(Acceptance.project_id == project.id).order_by(col(Acceptance.at).desc(), Acceptance.id)).all()
    return tuple(Verdict(row.at, names.who(row.by_id, row.at, Role.SUPERVISOR), row.verdict.value == "passed", row.text) for row in rows)


def _changes(db: Session, names: Names, project: Project) -> tuple[Changed, ...]:
    """Newest first."""
    rows = db.exec(
        select(ProjectChange).where(ProjectChange.project_id == project.id).order_by(col(ProjectChange.at).desc(), ProjectChange.id)
    ).all()
    return tuple(
        Changed(row.at, names.who(row.by_id, row.at, Role.COMMITTEE), names.name(row.executor_before), row.due_before, row.reason)
        for row in rows
    )


def _count(db: Session, what: type[Task] | type[Milestone], project: Project, *where: object) -> int:
    return db.exec(select(func.count()).select_from(what).where(what.project_id == project.id, *where)).one()  # type: ignore[arg-type]


def conditions(db: Session, project: Project) -> tuple[Condition, ...]:
    """All that stands before acceptance, met or not, in the order in which it is done."""
    reports = db.exec(select(ProgressReport.id).where(ProgressReport.project_id == project.id)).all()
    about = [f"report:{each}" for each in reports]
    photos = db.exec(
        select(func.count()).select_from(StoredFile).where(
            col(StoredFile.about).in_(about), StoredFile.kind == FileKind.PICTURE, col(StoredFile.removed_at).is_(None)
        )
    ).one()  # fmt: skip
    return (
        Condition(Wanted.TASKS, _count(db, Task, project, col(Task.done_at).is_not(None)), _count(db, Task, project)),
        Condition(
            Wanted.MILESTONES, _count(db, Milestone, project, col(Milestone.done_on).is_not(None)), _count(db, Milestone, project)
        ),
        Condition(Wanted.REPORTS, len(reports), 1),
        Condition(Wanted.PHOTOS, photos, 0),
        Condition(Wanted.FINISHED, int(project.state is not ProjectState.RUNNING), 1),
        Condition(Wanted.INSPECTED, int(project.state is ProjectState.ACCEPTED), 1),
    )


def missing(db: Session, project: Project) -> list[Refusal]:
    """All that still stands against reporting the works finished."""
    reasons: list[Refusal] = []
    for each in conditions(db, project):
        if each.met:
            continue
        if each.what is Wanted.TASKS:
            reasons.append(WrongStage("Tasks not done yet: {count}.", count=each.need - each.have))
        elif each.what is Wanted.MILESTONES:
            reasons.append(WrongStage("Milestones not done yet: {count}.", count=each.need - each.have))
        elif each.what is Wanted.REPORTS:
            reasons.append(WrongStage("There is no report of the works yet."))
    return reasons


def _doors(db: Session, project: Project, standing: frozenset[str], stage: Stage) -> dict[str, Refusal | None]:
    found = {name: access.why_not(name, standing, stage) for name in DOORS}
    wanting = missing(db, project)
    if found["project.complete"] is None and wanting:
        found["project.complete"] = wanting[0]
    return found
