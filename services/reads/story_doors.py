"""Which acts are open to a reader on the page of a matter, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session, col, select

from models.base import Stored
from models.community import Community
from models.concern import Concern
from models.evaluation import Evaluation
from models.meeting import AgendaItem, Meeting
from models.notice import Notice, Objection
from models.poll import Poll
from models.project import Acceptance, Milestone, ProgressReport, Project, ProjectChange, Task, Upkeep
from models.proposal import Proposal, StageChange
from models.vocabulary import NoticeState, PollState, Stage
from services import clock, permission
from services.actors import Actor
from services.errors import Conflict, Refusal, WrongStage
from services.reads import evaluating, polls
from services.reads.called_off import called_off
from services.reads.open_objections import unsettled
from services.rules import access
from services.rules.lifecycle import ELSEWHERE

DOORS = (
    "proposal.support", "proposal.resubmit", "proposal.withdraw", "proposal.accept", "meeting.convene", "poll.prepare", "notice.publish",
    "objection.lodge", "objection.rule", "project.start", "evaluation.answer", "evaluation.close", "upkeep.plan", "proposal.reopen",
)  # fmt: skip


def doors(db: Session, actor: Actor, proposal: Proposal, supports: bool) -> dict[str, Refusal | None]:
    """For each act why it may not be done now, or None."""
    notice = db.exec(select(Notice).where(Notice.proposal_id == proposal.id).order_by(col(Notice.starts_at).desc())).first()
    evaluation = db.exec(select(Evaluation).where(Evaluation.proposal_id == proposal.id)).first()
    subjects: dict[str, Stored | None] = {"objection.lodge": notice, "evaluation.answer": evaluation, "evaluation.close": evaluation}
    # How somebody stands to a matter is looked up once for it, its notice and its evaluation, not once for every act.
    stands = {id(row): permission.standing(db, actor, row) for row in (proposal, notice, evaluation) if row}
    found = {name: access.why_not(name, stands[id(subjects.get(name) or proposal)], proposal.stage) for name in DOORS}
    waiting = _open(db, notice)
    for name, refusal in _details(db, actor, proposal, notice, evaluation, waiting, supports):
        if found.get(name) is None:
            found[name] = refusal
    return found


def _details(
    db: Session,
    actor: Actor,
    proposal: Proposal,
    notice: Notice | None,
    evaluation: Evaluation | None,
    waiting: list[Objection],
    supports: bool,
) -> Iterator[tuple[str, Refusal | None]]:
    """What the permission table does not know: the time, and what was done already."""
    now = clock.now()
    if supports and proposal.stage is not Stage.FILED:
        yield "proposal.support", Conflict("It has all the supporters it needs and has gone to review.")
    if notice is None or notice.state is not NoticeState.SHOWN:
        for name in ("objection.lodge", "objection.rule", "project.start"):
            if notice is None or (name, notice.state) != ("project.start", NoticeState.ENDED):
                yield name, WrongStage("No decision is shown at the moment.")
    else:
        if now >= notice.ends_at:
            yield "objection.lodge", WrongStage("The notice has ended. Talk to the committee if you still object.")
        if any(each.author_id == actor.person_id for each in waiting):
            yield "objection.lodge", Conflict("Your objection is here already and waits for its answer.")
        if not waiting:
            yield "objection.rule", WrongStage("No objection waits for a ruling.")
        elif all(ruled := [permission.why_not(db, actor, "objection.rule", each) for each in waiting]):
            yield "objection.rule", ruled[0]
        if now < notice.ends_at:
            yield "project.start", WrongStage("The notice is still shown. It ends at 24:00 of its last day.")
        elif waiting:
            yield "project.start", WrongStage("An objection still waits for its ruling.")
    if evaluation is None or evaluation.closed_at is not None or now >= evaluation.ends_at:
        yield "evaluation.answer", WrongStage("This evaluation has ended.")
    if evaluation is not None and evaluation.closed_at is None:
        zone = db.get_one(Community, proposal.community_id).time_zone
        early = evaluating.too_early(evaluation, evaluating.answered(db, evaluation), now, zone)
        yield "evaluation.close", early
        yield "upkeep.plan", early
    running = db.exec(select(Poll).where(Poll.proposal_id == proposal.id, Poll.state == PollState.OPEN)).first()
    places = polls.mine(db, actor.person_id, running) if running else ()
    if places and all(each.absent for each in places):
        yield "poll.cast", places[0].absent
    unfinished = (PollState.PREPARED, PollState.OPEN, PollState.CLOSED)
    if db.exec(select(Poll.id).where(Poll.proposal_id == proposal.id, col(Poll.state).in_(unfinished))).first():
        yield "poll.prepare", WrongStage(ELSEWHERE)  # one vote at a time: go on with that one
    if evaluation is not None and proposal.stage is Stage.EVALUATING:  # another round would end it
        yield "proposal.reopen", permission.why_not(db, actor, "evaluation.overtake", evaluation)
    if db.exec(select(Proposal.id).where(Proposal.previous_id == proposal.id)).first():
        yield "proposal.reopen", Conflict("The next round of this matter is open already.")


def _open(db: Session, notice: Notice | None) -> list[Objection]:
    return list(db.exec(unsettled(notice.id)).all()) if notice else []


def people(db: Session, proposal: Proposal, changes: list[StageChange]) -> set[str | None]:
    """Everybody who is named in the story of a matter."""
    found: set[str | None] = {proposal.author_id, *(each.by_id for each in changes)}
    if concern := db.get(Concern, proposal.concern_id) if proposal.concern_id else None:
        found |= {concern.author_id, concern.answered_by}
    at_table = select(AgendaItem.meeting_id).where(AgendaItem.proposal_id == proposal.id)
    for meeting in db.exec(select(Meeting).where(col(Meeting.id).in_(at_table))).all():
        found |= {meeting.chair_id, meeting.convened_by, (called_off(db, meeting) or ("", None))[1]}
    for poll in db.exec(select(Poll).where(Poll.proposal_id == proposal.id)).all():
        found |= {poll.opened_by, poll.revealed_by, (called_off(db, poll) or ("", poll.prepared_by))[1]}
    for notice in db.exec(select(Notice).where(Notice.proposal_id == proposal.id)).all():
        found.add(notice.published_by)
        found |= set(db.exec(select(Objection.author_id).where(Objection.notice_id == notice.id)).all())
    if project := db.exec(select(Project).where(Project.proposal_id == proposal.id)).first():
        found |= project_people(db, project)
    for evaluation in db.exec(select(Evaluation).where(Evaluation.proposal_id == proposal.id)).all():
        found.add(evaluation.closed_by)
    for upkeep in db.exec(select(Upkeep).where(Upkeep.proposal_id == proposal.id)).all():
        found |= {upkeep.by_id, upkeep.keeper_id}
    return found


def project_people(db: Session, project: Project) -> set[str | None]:
    """Everybody who is named on the page of a project."""
    found: set[str | None] = {project.executor_id, project.started_by}
    found |= set(db.exec(select(ProgressReport.by_id).where(ProgressReport.project_id == project.id)).all())
    found |= set(db.exec(select(Milestone.done_by).where(Milestone.project_id == project.id)).all())
    found |= set(db.exec(select(Acceptance.by_id).where(Acceptance.project_id == project.id)).all())
    for row in db.exec(select(ProjectChange).where(ProjectChange.project_id == project.id)).all():
        found |= {row.by_id, row.executor_before}
    for task in db.exec(select(Task).where(Task.project_id == project.id)).all():
        found |= {task.person_id, task.done_by}
    return found

