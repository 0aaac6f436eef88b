"""Works given to other hands, other supervisors or another last day by the committee, with the reason; `projects.change` to callers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import col, select

from models.people import Person
from models.project import Milestone, Project, ProjectChange, Supervision
from models.vocabulary import ProjectState
from services.checks import Checks
from services.errors import Conflict
from services.i18n import N_
from services.messages import erased, tell
from services.permission import require
from services.reads import duties
from services.work import Work


def change(work: Work, *, project_id: str, executor_id: str, supervisor_ids: Sequence[str], due_on: date, reason: str) -> ProjectChange:
    """Say anew who carries it out, who supervises and what the last day is, with the reason; all concerned are told.

    Once the works are reported finished, only who supervises can still change. Who no longer supervises keeps the row, ended. The last
    day is never before that of a milestone that is still to be done.
    """
    project = work.fetch(Project, project_id, lock=True)
    require(work, "project.change", project)
    wanted = list(dict.fromkeys(supervisor_ids))
    watching = {row.person_id: row for row in supervising(work, project)}
    check = Checks()
    why = check.text("reason", reason, 400, least=4)
    if not executor_id:
        check.note("Please name who carries it out.", "executor_id")
    if not wanted:
        check.note("Please name at least one supervisor.", "supervisor_ids")
    executors = duties.executors(work.db, project) | {executor_id}
    apart(work, check, wanted, executor_id, executors, project.organisation_id, duties.with_tasks(work.db, project))
    check.not_before("due_on", due_on, project.starts_on)
    if due_on != project.due_on and (left := _left_after(work, project, due_on)):
        check.note("The milestone “{title}” is still to be done by {last}. The works cannot end before it.", "due_on", title=left.title,
                   last=left.due_on)  # fmt: skip
    if project.state is ProjectState.COMPLETED:
        for field, differs in (("executor_id", executor_id != project.executor_id), ("due_on", due_on != project.due_on)):
            if differs:
                check.note("The works are reported finished: only who supervises can still change.", field)
    check.done()
    if (executor_id, set(wanted), due_on) == (project.executor_id, set(watching), project.due_on):
        raise Conflict("Nothing is different. Change who or when, or leave it as it is.")
    row = ProjectChange(
        id=work.new_id(),
        community_id=work.community_id,
        project_id=project.id,
        executor_before=project.executor_id,
        due_before=project.due_on,
        reason=why,
        by_id=str(work.actor.person_id),
        at=work.moment,
    )
    work.add(row)
    before = {project.executor_id, *watching}
    if executor_id != project.executor_id:
        executor = work.fetch(Person, executor_id)
        project.executor_id, project.organisation_id = executor.id, executor.organisation_id
        _say(work, project, executor.id, N_("You carry out {title}."))
    for person_id in watching.keys() - set(wanted):
        watching[person_id].ended_at = work.moment
    for person_id in wanted:
        if person_id not in watching:
            person = work.fetch(Person, person_id)
            work.add(
                Supervision(id=work.new_id(), community_id=work.community_id, project_id=project.id, person_id=person.id, since=work.moment)
            )
            _say(work, project, person.id, N_("You supervise {title}."))
    project.due_on = due_on
    for person_id in sorted(before):
        _say(work, project, person_id, N_("Who carries out or supervises {title}, or its last day, has changed. The reason stands there."))
    work.record("project.change", row, moved=row.due_before != due_on, handed_over=row.executor_before != executor_id)
    return row


def apart(
    work: Work, check: Checks, wanted: Collection[str], executor_id: str, executors: Collection[str], firm_id: str | None,
    promised: Collection[str | None],
) -> None:  # fmt: skip
    """Supervisors have no hand in the works: they neither carry them out nor did, nor belong to those who do, nor promised a task. Nobody
    is named who was erased."""
    for field, people in (("executor_id", [executor_id]), ("supervisor_ids", wanted)):
        if any(erased(work, person_id) for person_id in people):
            check.note("This person's data was erased.", field)
    if executor_id in wanted:
        check.note("Nobody supervises what they carry out themselves.", "supervisor_ids")
    for person_id in wanted:
        if person_id == executor_id or (person := work.db.get(Person, person_id)) is None:
            continue
        if person_id in executors:
            check.note("{name} carried this out before, and nobody supervises what they carried out. Choose somebody else.",
                       "supervisor_ids", name=person.name)  # fmt: skip
        elif duties.of_their_house(work.db, person_id, executors, firm_id):
            check.note("{name} belongs to the firm or body that carries it out. Choose somebody from elsewhere.",
                       "supervisor_ids", name=person.name)  # fmt: skip
        elif person_id in promised:
            check.note("{name} has promised a task of these works. Choose somebody who has none.", "supervisor_ids", name=person.name)


def _left_after(work: Work, project: Project, day: date) -> Milestone | None:
    """The last milestone that is not done and is planned to end after this day."""
    found = select(Milestone).where(Milestone.project_id == project.id, col(Milestone.done_on).is_(None), Milestone.due_on > day)
    return work.db.exec(found.order_by(col(Milestone.due_on).desc(), Milestone.id)).first()


def supervising(work: Work, project: Project) -> Sequence[Supervision]:
    """The supervisions of a project that have not ended."""
    found = select(Supervision).where(Supervision.project_id == project.id, col(Supervision.ended_at).is_(None))
    return work.db.exec(found.order_by(Supervision.id)).all()


def _say(work: Work, project: Project, person_id: str, message: str) -> None:
    tell(work, person_id, message, f"/project?id={project.id}", about=f"project:{project.id}", title=project.title)
