"""The story after the outcome: notice and objections, works, acceptance, evaluation, upkeep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

from sqlmodel import Session, col, func, select

from models.evaluation import Evaluation, EvaluationAnswer
from models.file import StoredFile
from models.notice import Notice, Objection
from models.people import Organisation
from models.project import Acceptance, Milestone, ProgressReport, Project, Task, Upkeep
from models.proposal import Proposal, StageChange
from models.vocabulary import FileKind, Move, NoticeState, Role, Stage, Step, Verdict
from services import clock, permission
from services.actors import Actor
from services.errors import Refusal, WrongStage
from services.reads.story_entries import (
    Attached,
    Entry,
    Finished,
    Inspected,
    KeptUp,
    Objected,
    Published,
    Rated,
    Reached,
    Reported,
    Started,
)
from services.reads.who import Names
from services.rules.due import days_early

MOST_WORDS = 5


def notices(db: Session, actor: Actor, names: Names, proposal: Proposal) -> Iterator[Entry]:
    """Each time the decision was shown, with the objections."""
    for each in db.exec(select(Notice).where(Notice.proposal_id == proposal.id).order_by(col(Notice.starts_at), Notice.id)).all():
        yield Published(
            at=each.starts_at, step=Step.NOTICE, who=names.who(each.published_by, each.starts_at, Role.COMMITTEE), why=each.text,
            notice_id=each.id, number=each.number, days=each.days, ends_at=each.ends_at, state=each.state,
            objections=objections(db, actor, names, each), key=True,
        )  # fmt: skip


def objections(db: Session, actor: Actor, names: Names, notice: Notice) -> tuple[Objected, ...]:
    """The objections against a notice, oldest first, with what this reader may do about each."""
    rows = db.exec(select(Objection).where(Objection.notice_id == notice.id).order_by(col(Objection.at), Objection.id)).all()
    return tuple(
        Objected(
            row.id, row.at, names.who(row.author_id, row.at), row.text, row.ruling, row.reply, row.ruled_at, row.withdrawn_at is not None,
            row.author_id == actor.person_id, _why_not(db, actor, "objection.withdraw", row), _why_not(db, actor, "objection.rule", row),
        )
        for row in rows
    )  # fmt: skip


def _why_not(db: Session, actor: Actor, action: str, row: Objection) -> Refusal | None:
    if row.ruled_at is not None or row.withdrawn_at is not None:
        return WrongStage("This objection has ended already.")
    return permission.why_not(db, actor, action, row)


def attached(db: Session, actor: Actor, about: list[str]) -> dict[str, tuple[Attached, ...]]:
    """Files by what they hang on, oldest first: public ones for everybody, all of them for people of the community."""
    wanted = select(StoredFile).where(col(StoredFile.about).in_(about), col(StoredFile.removed_at).is_(None))
    if actor.person_id is None:
        wanted = wanted.where(col(StoredFile.public).is_(True))
    found: dict[str, tuple[Attached, ...]] = {}
    for row in db.exec(wanted.order_by(col(StoredFile.at), StoredFile.id)).all() if about else ():
        found[row.about] = (*found.get(row.about, ()), Attached(row.id, row.name, row.kind is FileKind.PICTURE, row.size))
    return found


def works(db: Session, actor: Actor, names: Names, proposal: Proposal, changes: list[StageChange], zone: str) -> Iterator[Entry]:
    """Start, reports, milestones, the end, the verdicts."""
    project = db.exec(select(Project).where(Project.proposal_id == proposal.id)).first()
    if project is None:
        return
    organisation = db.get(Organisation, project.organisation_id) if project.organisation_id else None
    milestones = db.exec(select(Milestone).where(Milestone.project_id == project.id).order_by(col(Milestone.position))).all()
    tasks = db.exec(select(func.count()).select_from(Task).where(Task.project_id == project.id)).one()
    yield Started(
        at=project.started_at, step=Step.EXECUTION, who=names.who(project.started_by, project.started_at, Role.COMMITTEE),
        project_id=project.id, number=project.number, title=project.title,
        executor=names.who(project.executor_id, project.started_at, Role.EXECUTOR), organisation=organisation.name if organisation else "",
        budget_fen=project.budget_fen, starts_on=project.starts_on, due_on=project.due_on, tasks=tasks, milestones=len(milestones),
        key=True,
    )  # fmt: skip
    reports = db.exec(select(ProgressReport).where(ProgressReport.project_id == project.id)).all()
    files = attached(db, actor, [f"report:{row.id}" for row in reports])
    for report in reports:
        yield Reported(
            at=report.at, step=Step.EXECUTION, who=names.who(report.by_id, report.at, Role.EXECUTOR, Role.SUPERVISOR), text=report.text,
            spent_fen=report.spent_fen, files=files.get(f"report:{report.id}", ()),
        )  # fmt: skip
    said = any(each.spent_fen is not None for each in reports)
    finished = min((each.at for each in changes if each.move is Move.COMPLETE), default=clock.now())
    for row in milestones:
        if row.done_on is not None:
            # A milestone has a day only: told at noon or after that day's reports, after the start and before the end of the works.
            told = [each.at for each in reports if clock.day_of(each.at, zone) == row.done_on]
            at = min(max(project.started_at, clock.end_of(row.done_on, zone) - timedelta(hours=12), *told), finished)
            yield Reached(
                at=at, step=Step.EXECUTION, who=names.who(row.done_by, at, Role.EXECUTOR), title=row.title, done_on=row.done_on,
                days_late=(row.done_on - row.due_on).days,
            )  # fmt: skip
    for change in changes:
        if change.move is Move.COMPLETE:
            ahead = (project.due_on - clock.day_of(change.at, zone)).days
            yield Finished(
                at=change.at, step=Step.SUPERVISION, who=names.who(change.by_id, change.at, Role.EXECUTOR), days_ahead=ahead,
                budget_fen=project.budget_fen, spent_fen=project.spent_fen if said else None, key=True,
            )  # fmt: skip
    for verdict in db.exec(select(Acceptance).where(Acceptance.project_id == project.id)).all():
        yield Inspected(
            at=verdict.at, step=Step.SUPERVISION, who=names.who(verdict.by_id, verdict.at, Role.SUPERVISOR), why=verdict.text,
            verdict=verdict.verdict, key=verdict.verdict is Verdict.PASSED,
        )  # fmt: skip


def evaluation(db: Session, names: Names, proposal: Proposal, zone: str) -> Iterator[Entry]:
    """What the homes say; figures only when the time is over."""
    row = db.exec(select(Evaluation).where(Evaluation.proposal_id == proposal.id)).first()
    if row is None:
        return
    given = db.exec(
        select(EvaluationAnswer).where(EvaluationAnswer.evaluation_id == row.id).order_by(col(EvaluationAnswer.at), EvaluationAnswer.id)
    ).all()
    closed = row.closed_at is not None
    over = closed or clock.now() >= row.ends_at
    scores = [each.score for each in given]
    words = tuple(dict.fromkeys(each.text for each in given if each.text))[-MOST_WORDS:] if over else ()
    yield Rated(
        at=row.closed_at or row.opens_at, step=Step.EVALUATION,
        who=names.who(row.closed_by, row.closed_at, Role.COMMITTEE) if row.closed_at else None, why=row.lessons, evaluation_id=row.id,
        asked=row.asked_units, answered=len(scores), satisfied=sum(1 for score in scores if score >= 4) if over else None,
        mean=Fraction(sum(scores), len(scores)) if over and scores else None,
        solved=sum(1 for each in given if each.solved) if over else None, opens_at=row.opens_at, ends_at=row.ends_at, over=over,
        closed=closed, days_early=days_early(row.closed_at, row.ends_at, zone) if row.closed_at else None,
        days_left=None if over else days_early(clock.now(), row.ends_at, zone),
        overtaken=proposal.round + 1 if closed and _overtaken(db, proposal) else None, words=words, key=closed, ahead=not over,
    )  # fmt: skip


def _overtaken(db: Session, proposal: Proposal) -> bool:
    """Whether another round was opened while the homes were asked."""
    opened = select(StageChange.id).where(StageChange.proposal_id == proposal.id, StageChange.move == Move.REOPEN)
    return db.exec(opened.where(StageChange.before == Stage.EVALUATING.value)).first() is not None


def upkeep(db: Session, names: Names, proposal: Proposal) -> Iterator[Entry]:
    """Who looks after it."""
    for row in db.exec(select(Upkeep).where(Upkeep.proposal_id == proposal.id).order_by(col(Upkeep.since), Upkeep.id)).all():
        yield KeptUp(
            at=row.since, step=Step.EVALUATION, who=names.who(row.by_id, row.since, Role.COMMITTEE), upkeep_id=row.id, label=row.label,
            deed=row.deed, every_days=row.every_days, next_on=row.next_on, ended=row.ended_at is not None, key=True,
        )  # fmt: skip


def shown_now(entries: tuple[Entry, ...]) -> Published | None:
    """The notice that is shown now, or the last one that ended."""
    found = [each for each in entries if isinstance(each, Published) and each.state is not NoticeState.SENT_BACK]
    return found[-1] if found else None
