"""实施项目: start with tasks made from the commitments, report, finish, accept by somebody who is not the executor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from models.meeting import Commitment
from models.people import Organisation, Person
from models.project import Acceptance, Milestone, ProgressReport, Project, Supervision, Task
from models.proposal import Proposal
from models.vocabulary import Move, ProjectState, Verdict
from services import clock, evaluations, files, notices, once
from services.checks import Checks
from services.errors import Conflict, Invalid, gathering, refuse_all
from services.i18n import N_
from services.messages import erased, tell
from services.numbers import next_number
from services.permission import require
from services.project_change import apart, change, supervising
from services.reads import works
from services.stages import move
from services.work import Work

__all__ = ["accept", "change", "complete", "milestone_done", "refuse", "report", "start", "task_done", "task_undo"]


def start(
    work: Work,
    *,
    proposal_id: str,
    title: str,
    executor_id: str,
    supervisor_ids: Sequence[str],
    budget_fen: int | None,
    starts_on: date,
    due_on: date,
    milestones: Sequence[dict[str, Any]],
    organisation_id: str | None = None,
) -> Project:
    """Start the works of a decision whose notice has ended; every commitment of the matter becomes a task.

    Milestones without a title are left out; the others lie within the works, from `starts_on` to `due_on`. A refusal names a row by its
    place among all that were given, from 0.
    """
    proposal = work.fetch(Proposal, proposal_id, lock=True)
    require(work, "project.start", proposal)
    notices.must_have_ended(work, proposal)
    check = Checks()
    words = check.text("title", title, 60, least=2)
    budget = check.money("budget_fen", budget_fen, required=True) or 0
    check.near("starts_on", starts_on, clock.today(work.community.time_zone))
    check.not_before("due_on", due_on, starts_on)
    if not executor_id:
        check.note("Please name who carries it out.", "executor_id")
    if not supervisor_ids:
        check.note("Please name at least one supervisor.", "supervisor_ids")
    promised = _commitments(work, proposal)
    apart(work, check, supervisor_ids, executor_id, {executor_id}, organisation_id, {each.person_id for each in promised})
    named = [(at, given) for at, given in enumerate(milestones) if str(given.get("title") or "").strip()]
    if not named:
        check.note("Please name at least one milestone.", "milestones")
    stretches = [_stretch(check, at, given, starts_on, due_on) for at, given in named]
    check.done()
    executor = work.fetch(Person, executor_id)
    if organisation_id:
        work.fetch(Organisation, organisation_id)
    project = Project(
        id=work.new_id(),
        community_id=work.community_id,
        number=next_number(work, "X", Project),
        proposal_id=proposal.id,
        title=words,
        executor_id=executor.id,
        organisation_id=organisation_id or executor.organisation_id,
        budget_fen=budget,
        starts_on=starts_on,
        due_on=due_on,
        started_at=work.moment,
        started_by=str(work.actor.person_id),
    )
    work.add(project)
    for person_id in dict.fromkeys(supervisor_ids):
        person = work.fetch(Person, person_id)
        work.add(
            Supervision(id=work.new_id(), community_id=work.community_id, project_id=project.id, person_id=person.id, since=work.moment)
        )
        tell(work, person.id, N_("You supervise {title}."), f"/project?id={project.id}", about=f"project:{project.id}", title=words)
    for at, (name, first, last) in enumerate(stretches):
        work.add(
            Milestone(
                id=work.new_id(),
                community_id=work.community_id,
                project_id=project.id,
                position=at,
                title=name,
                starts_on=first,
                due_on=last,
            )
        )
    tasks = [_task_from(work, project, promise) for promise in promised]
    work.add(*tasks)
    move(work, proposal, Move.START, project=project.id)
    work.checkpoint("project.start")
    work.record("project.start", project, tasks=len(tasks), milestones=len(stretches), supervisors=len(set(supervisor_ids)))
    tell(work, executor.id, N_("You carry out {title}."), f"/project?id={project.id}", about=f"project:{project.id}", title=words)
    return project


def _stretch(check: Checks, at: int, given: dict[str, Any], starts_on: date, due_on: date) -> tuple[str, date, date]:
    name = check.text(f"milestones.{at}.title", given.get("title"), 60)
    first, last = given.get("starts_on") or starts_on, given.get("due_on") or due_on
    if due_on >= starts_on:  # else the works themselves are refused, and nothing lies within them
        check.within(f"milestones.{at}.starts_on", first, starts_on, due_on)
        check.within(f"milestones.{at}.due_on", last, max(first, starts_on), due_on)
    else:
        check.not_before(f"milestones.{at}.due_on", last, first)
    return name, first, last


def _commitments(work: Work, proposal: Proposal) -> Sequence[Commitment]:
    found = select(Commitment).where(Commitment.proposal_id == proposal.id, col(Commitment.withdrawn_at).is_(None))
    return work.db.exec(found.order_by(col(Commitment.due_on), col(Commitment.at), Commitment.id)).all()


def _task_from(work: Work, project: Project, promise: Commitment) -> Task:
    return Task(
        id=work.new_id(),
        community_id=work.community_id,
        project_id=project.id,
        commitment_id=promise.id,
        party=promise.party,
        label=promise.label,
        person_id=None if erased(work, promise.person_id) else promise.person_id,
        deed=promise.deed,
        due_on=promise.due_on,
    )


def report(
    work: Work, *, project_id: str, text: str, spent_fen: int | None = None, photos: Sequence[tuple[str, bytes]] = (), draft: str = "",
    form: str = "",
) -> ProgressReport:  # fmt: skip
    """Say what was done; `spent_fen` is all that was spent by now; `photos` are names and bytes, seen by everybody, as are those that were
    kept with the sender's draft of the kind `draft`.

    A photo that cannot be used refuses the whole report, so that nothing is half told. `form` is the word of the form that was sent:
    the same form makes one report, however often it is sent.
    """
    project = work.fetch(Project, project_id, lock=True)
    require(work, "project.report", project)
    report_id = once.name(work, form)
    if form and (told := work.db.get(ProgressReport, report_id)):
        return told
    check = Checks()
    words = check.text("text", text, 1000, least=4)
    spent = check.money("spent_fen", spent_fen)
    if spent is not None and 0 <= spent < project.spent_fen:
        check.note("All that was spent by now, please: it cannot be less than last time.", "spent_fen")
    for name, content in photos:  # before anything is written: a refusal would undo the rows, not the files
        with gathering(check.reasons):
            files.check(name, content)
    check.done()
    if spent is not None:
        project.spent_fen = spent
    row = ProgressReport(
        id=report_id,
        community_id=work.community_id,
        project_id=project.id,
        text=words,
        by_id=str(work.actor.person_id),
        at=work.moment,
        spent_fen=spent,
    )
    work.add(project, row)
    kept = files.adopt(work, kind=draft, about=f"report:{row.id}", public=True) if draft else 0
    work.record("project.report", row, photos=kept + len(photos))
    for name, content in photos:
        files.add(work, about=f"report:{row.id}", name=name, content=content, public=True)
    return row


def task_done(work: Work, *, task_id: str, note: str = "") -> Task:
    """Tick a task as done, with a word about it."""
    task, _ = _task(work, task_id)
    require(work, "project.task_done", task)
    if task.done_at is not None:
        raise Conflict("This is done already.")
    check = Checks()
    task.note = check.text("note", note, 400, least=0)
    check.done()
    task.done_at, task.done_by = work.moment, work.actor.person_id
    work.record("project.task_done", task)
    return task


def task_undo(work: Work, *, task_id: str) -> Task:
    """Take back the tick of a task, as long as the works are not reported finished."""
    task, project = _task(work, task_id)
    require(work, "project.task_done", task)
    if task.done_at is None or project.state is not ProjectState.RUNNING:
        raise Conflict("This can no longer be taken back.")
    task.done_at, task.done_by, task.note = None, None, ""
    work.record("project.task_undo", task)
    return task


def _task(work: Work, task_id: str) -> tuple[Task, Project]:
    """A task with its project, which is locked first: the works may be reported finished at the same moment."""
    project = work.fetch(Project, work.fetch(Task, task_id).project_id, lock=True)
    return work.fetch(Task, task_id, lock=True), project


def milestone_done(work: Work, *, milestone_id: str, done_on: date | None = None) -> Milestone:
    """Tick a milestone as done on a day: not before the one on which the works began, not later than today. Raises Invalid."""
    project = work.fetch(Project, work.fetch(Milestone, milestone_id).project_id, lock=True)
    milestone = work.fetch(Milestone, milestone_id, lock=True)
    require(work, "project.milestone_done", project)
    if milestone.done_on is not None:
        raise Conflict("This is done already.")
    today = clock.today(work.community.time_zone)
    day = done_on or today
    began = clock.day_of(project.started_at, work.community.time_zone)
    if day > today:
        raise Invalid("This day has not come yet. Choose today or a day before.", field="done_on")
    if day < began:
        raise Invalid("The works began on {began}. Nothing of them was done before.", field="done_on", began=began)
    milestone.done_on, milestone.done_by = day, work.actor.person_id
    work.record("project.milestone_done", milestone)
    return milestone


def complete(work: Work, *, project_id: str) -> Project:
    """Report the works finished: all tasks and milestones done, at least one report."""
    project = work.fetch(Project, project_id, lock=True)
    proposal = work.fetch(Proposal, project.proposal_id, lock=True)
    require(work, "project.complete", project)
    refuse_all(works.missing(work.db, project))
    project.state, project.completed_at = ProjectState.COMPLETED, work.moment
    move(work, proposal, Move.COMPLETE)
    work.record("project.complete", project)
    for person_id in _supervisors(work, project):
        tell(
            work,
            person_id,
            N_("{title} is reported finished and waits for your acceptance."),
            f"/project?id={project.id}",
            about=f"project:{project.id}",
            title=project.title,
        )
    return project


def _supervisors(work: Work, project: Project) -> Sequence[str]:
    return [row.person_id for row in supervising(work, project)]


def accept(work: Work, *, project_id: str, text: str = "") -> Acceptance:
    """Accept the finished works; the homes concerned are asked what they think."""
    project, proposal, words = _inspect(work, project_id, "project.accept", text, 0)
    row = _verdict(work, project, Verdict.PASSED, words)
    project.state, project.accepted_at = ProjectState.ACCEPTED, work.moment
    move(work, proposal, Move.ACCEPT_WORKS, reason=words)
    evaluations.begin(work, proposal)
    work.checkpoint("project.accept")
    work.record("project.accept", project)
    return row


def refuse(work: Work, *, project_id: str, text: str) -> Acceptance:
    """Refuse the works with reasons; they go on."""
    project, proposal, words = _inspect(work, project_id, "project.refuse", text, 4)
    row = _verdict(work, project, Verdict.REFUSED, words)
    project.state, project.completed_at = ProjectState.RUNNING, None
    move(work, proposal, Move.REFUSE_WORKS, reason=words)
    work.record("project.refuse", project)
    tell(
        work,
        project.executor_id,
        N_("{title} was not accepted yet. The reasons stand beside it."),
        f"/project?id={project.id}",
        about=f"project:{project.id}",
        title=project.title,
    )
    return row


def _inspect(work: Work, project_id: str, action: str, text: str, least: int) -> tuple[Project, Proposal, str]:
    project = work.fetch(Project, project_id, lock=True)
    proposal = work.fetch(Proposal, project.proposal_id, lock=True)
    require(work, action, project)
    check = Checks()
    words = check.text("text", text, 1000, least=least)
    check.done()
    return project, proposal, words


def _verdict(work: Work, project: Project, verdict: Verdict, words: str) -> Acceptance:
    row = Acceptance(
        id=work.new_id(),
        community_id=work.community_id,
        project_id=project.id,
        verdict=verdict,
        text=words,
        by_id=str(work.actor.person_id),
        at=work.moment,
    )
    work.add(row)
    return row
