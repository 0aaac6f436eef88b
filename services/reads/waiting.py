"""What waits for a reader: votes, meetings, results, finished works, what came back, promises, the acts of the desk; one list for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.community import Unit
from models.concern import Concern
from models.evaluation import Evaluation
from models.meeting import AgendaItem, Invitation, Meeting, Minutes
from models.notice import Notice, Objection
from models.poll import Ballot, Poll, RollVoter
from models.project import Project, Supervision, Task
from models.proposal import Proposal
from models.vocabulary import ConcernStage, MeetingState, NoticeState, PollState, ProjectState, Role, Stage
from services import clock, permission
from services.actors import Actor
from services.reads import rolls, to_reveal
from services.reads.after_ground import Answering, answering
from services.reads.days import DayClock, day_clock
from services.reads.open_objections import UNSETTLED
from services.reads.seats import missed
from services.rules.board import LATE

SOON = timedelta(days=7)


class Kind(StrEnum):
    """What can wait for somebody, the most pressing first."""

    POLL = "poll"
    MEETING = "meeting"
    REVEAL = "reveal"
    MINUTES = "minutes"
    INSPECT = "inspect"
    RETURNED = "returned"
    CONCERN = "concern"
    RULING = "ruling"
    REVIEW = "review"
    CONVENE = "convene"
    PREPARE = "prepare"
    OPEN = "open"
    PUBLISH = "publish"
    START = "start"
    EVALUATION = "evaluation"
    TASK = "task"
    CLOSE = "close"
    REGISTER = "register"


@dataclass(frozen=True)
class Todo:
    """One thing that waits for the reader; `title` is what people called it, "" where there is nothing of theirs yet."""

    kind: Kind
    title: str
    href: str
    deadline: datetime | None = None
    by_day: DayClock | None = None
    """Of what is due on a day."""


def waiting(db: Session, actor: Actor, zone: str) -> tuple[Todo, ...]:
    """All that waits for the reader, the most pressing first; of one kind, what ends first."""
    if actor.person_id is None:
        return ()
    order = list(Kind)
    found = [*_polls(db, actor), *_reveals(db, actor), *_minutes(db, actor), *_to_open(db, actor), *_evaluations(db, actor)]
    found += _meetings_and_works(db, actor, zone)
    if actor.holds(Role.COMMITTEE, Role.GRID_WORKER):
        found += _of_desk(db, actor)
    if permission.why_not(db, actor, "register.change") is None and db.exec(select(Unit.id).limit(1)).first() is None:
        found.append(Todo(Kind.REGISTER, "", "/register?part=estates"))
    return tuple(sorted(found, key=lambda each: (order.index(each.kind), each.deadline is None, each.deadline)))


def _polls(db: Session, actor: Actor) -> list[Todo]:
    """Open votes in which the reader may answer for a place on the roll that has no ballot yet."""
    now = clock.now()
    found = (
        select(Poll, RollVoter.entry_id)
        .join(RollVoter, col(RollVoter.poll_id) == Poll.id)
        .where(Poll.state == PollState.OPEN, RollVoter.person_id == actor.person_id)
        .where(col(RollVoter.entry_id).not_in(select(Ballot.entry_id).where(Ballot.poll_id == Poll.id)))
        .order_by(Poll.id)
    )
    rows = [(poll, entry) for poll, entry in db.exec(found).all() if poll.closes_at is None or poll.closes_at > now]
    absent = rolls.absent(db, [poll for poll, _ in rows], [entry for _, entry in rows])
    polls = {poll.id: poll for poll, entry in rows if entry not in absent}
    return [Todo(Kind.POLL, poll.question, f"/poll?id={poll.id}", poll.closes_at) for poll in polls.values()]


def _reveals(db: Session, actor: Actor) -> list[Todo]:
    """Votes that are over and whose result the reader may show."""
    if not actor.holds(Role.CHAIR):  # everybody who may does, and most readers need not ask further
        return []
    return [
        Todo(Kind.REVEAL, poll.question, f"/poll?id={poll.id}")
        for poll in db.exec(to_reveal.waiting(clock.now())).all()
        if permission.why_not(db, actor, "poll.reveal", poll) is None
    ]


def _minutes(db: Session, actor: Actor) -> list[Todo]:
    """Meetings that are over and whose minutes the reader, who chaired them, has not confirmed."""
    if not actor.holds(Role.CHAIR):
        return []
    written = select(Meeting).join(Minutes, col(Minutes.meeting_id) == Meeting.id).where(Meeting.chair_id == actor.person_id)
    rows = db.exec(written.where(col(Minutes.confirmed_at).is_(None)).order_by(col(Meeting.closed_at), Meeting.id)).all()
    return [
        Todo(Kind.MINUTES, each.title, f"/meeting?id={each.id}")
        for each in rows
        if permission.why_not(db, actor, "meeting.confirm_minutes", each) is None
    ]


@dataclass(frozen=True)
class Judged:
    """An evaluation that still runs and that all homes of the reader have answered; until `deadline` they may change it."""

    title: str
    href: str
    deadline: datetime
    homes: tuple[Answering, ...]


def judged(db: Session, actor: Actor) -> tuple[Judged, ...]:
    """What the reader's homes have judged already and may still change, what ends first on top."""
    found = [
        Judged(proposal.title, f"/proposal?id={proposal.id}", evaluation.ends_at, homes)
        for evaluation, proposal, homes in _asked(db, actor)
        if all(each.score for each in homes)
    ]
    return tuple(sorted(found, key=lambda each: each.deadline))


def _asked(db: Session, actor: Actor) -> list[tuple[Evaluation, Proposal, tuple[Answering, ...]]]:
    """The evaluations that run now and ask homes of the reader, with what these have answered."""
    if not actor.units:
        return []
    found = select(Evaluation, Proposal).join(Proposal, col(Proposal.id) == Evaluation.proposal_id)
    going = (col(Evaluation.closed_at).is_(None), Evaluation.ends_at > clock.now(), Proposal.stage == Stage.EVALUATING)
    rows = ((evaluation, proposal, answering(db, actor, evaluation)) for evaluation, proposal in db.exec(found.where(*going)).all())
    return [row for row in rows if row[2]]


def _evaluations(db: Session, actor: Actor) -> list[Todo]:
    return [
        Todo(Kind.EVALUATION, proposal.title, f"/proposal?id={proposal.id}", evaluation.ends_at)
        for evaluation, proposal, homes in _asked(db, actor)
        if not all(each.score for each in homes)
    ]


def _meetings_and_works(db: Session, actor: Actor, zone: str) -> list[Todo]:
    invited = select(Invitation.meeting_id).where(Invitation.person_id == actor.person_id, col(Invitation.withdrawn_at).is_(None))
    coming = select(Meeting).where(
        (col(Meeting.id).in_(invited)) | (col(Meeting.chair_id) == (actor.person_id if actor.holds(Role.CHAIR) else "")),
        col(Meeting.state).in_((MeetingState.CONVENED, MeetingState.HELD)), Meeting.starts_at < clock.now() + SOON,
        Meeting.starts_at > clock.now() - LATE,
    )  # fmt: skip
    found = [Todo(Kind.MEETING, each.title, f"/meeting?id={each.id}", each.starts_at) for each in db.exec(coming).all()]
    watched = select(Supervision.project_id).where(Supervision.person_id == actor.person_id, col(Supervision.ended_at).is_(None))
    ready = select(Project).where(col(Project.id).in_(watched), Project.state == ProjectState.COMPLETED)
    found += [
        Todo(Kind.INSPECT, each.title, f"/project?id={each.id}")
        for each in db.exec(ready).all()
        if permission.why_not(db, actor, "project.accept", each) is None
    ]
    back = select(Proposal).where(Proposal.author_id == actor.person_id, Proposal.stage == Stage.RETURNED)
    found += [Todo(Kind.RETURNED, each.title, f"/proposal_new?id={each.id}") for each in db.exec(back).all()]
    tasks = (
        select(Task, Project.id)
        .join(Project, col(Project.id) == Task.project_id)
        .where(Task.person_id == actor.person_id, col(Task.done_at).is_(None), Project.state != ProjectState.ACCEPTED)
    )
    for task, project_id in db.exec(tasks).all():
        found.append(Todo(Kind.TASK, task.deed, f"/project?id={project_id}", clock.end_of(task.due_on, zone), day_clock(task.due_on, zone)))
    return found


def _to_open(db: Session, actor: Actor) -> list[Todo]:
    """Votes that are prepared and wait for no meeting; the chair opens them."""
    if not actor.holds(Role.CHAIR):
        return []
    prepared = select(Poll).join(Proposal, col(Proposal.id) == Poll.proposal_id).where(Poll.state == PollState.PREPARED)
    rows = db.exec(prepared.where(col(Proposal.id).not_in(_at_table(_live()))).order_by(col(Poll.prepared_at))).all()
    return [
        Todo(Kind.OPEN, each.question, f"/poll?id={each.id}") for each in rows if permission.why_not(db, actor, "poll.open", each) is None
    ]


def _of_desk(db: Session, actor: Actor) -> list[Todo]:
    """The nearest of each kind that the desk must do: concerns that one holds, and for the committee the acts on matters."""
    held = select(Concern).where(Concern.stage == ConcernStage.OPEN, Concern.holder_id == actor.person_id)
    found = [
        Todo(Kind.CONCERN, each.text, f"/inbox?id={each.id}", each.due_at)
        for each in db.exec(held.order_by(col(Concern.due_at)).limit(3)).all()
    ]
    if not actor.holds(Role.COMMITTEE):
        return found
    ended = select(Notice.proposal_id).where(Notice.state != NoticeState.SENT_BACK, Notice.ends_at <= clock.now())
    over = select(Evaluation.proposal_id).where(col(Evaluation.closed_at).is_(None), Evaluation.ends_at <= clock.now())
    others = col(Proposal.author_id) != actor.person_id  # nobody reviews their own proposal, nor rules on objections to it
    for kind, where in (
        (Kind.RULING, (col(Proposal.id).in_(blocked()), Proposal.stage == Stage.NOTICE, others)),
        (Kind.REVIEW, (Proposal.stage == Stage.ENDORSED, others)),
        (Kind.CONVENE, to_convene()),
        (Kind.PREPARE, to_prepare()),
        (Kind.PUBLISH, (Proposal.stage == Stage.ADOPTED,)),
        (Kind.START, (Proposal.stage == Stage.NOTICE, col(Proposal.id).in_(ended), col(Proposal.id).not_in(blocked()))),
        (Kind.CLOSE, (Proposal.stage == Stage.EVALUATING, col(Proposal.id).in_(over))),
    ):
        rows = db.exec(select(Proposal).where(*where).order_by(col(Proposal.stage_since)).limit(2)).all()
        found += [Todo(kind, each.title, f"/proposal?id={each.id}") for each in rows]
    return found


def to_convene() -> tuple[ColumnElement[bool], ...]:
    """Of matters: accepted ones, and those whose meeting was called off or passed unopened; what is called waits no longer."""
    asked = col(Proposal.stage).in_((Stage.ACCEPTED, Stage.DELIBERATING))
    return asked, col(Proposal.id).not_in(_at_table(_live())), *_untouched(), col(Proposal.id).not_in(_at_table(_opened()))


def to_prepare() -> tuple[ColumnElement[bool], ...]:
    """Of matters: those whose meeting is over and that have no vote yet."""
    over = col(Proposal.id).in_(_at_table(_opened()))
    return col(Proposal.stage) == Stage.DELIBERATING, over, col(Proposal.id).not_in(_at_table(_live())), *_untouched()


def _untouched() -> tuple[ColumnElement[bool], ...]:
    return (col(Proposal.id).not_in(select(Poll.proposal_id).where(col(Poll.state).in_((PollState.PREPARED, PollState.OPEN)))),)


def _at_table(meetings: ColumnElement[bool]) -> SelectOfScalar[Any]:
    """The matters on the agenda of such meetings."""
    at = select(AgendaItem.proposal_id).join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
    return at.where(meetings, col(AgendaItem.proposal_id).is_not(None))


def _live() -> ColumnElement[bool]:
    return col(Meeting.state).in_((MeetingState.CONVENED, MeetingState.HELD)) & ~missed()


def _opened() -> ColumnElement[bool]:
    return col(Meeting.opened_at).is_not(None)


def objected() -> SelectOfScalar[str]:
    """The notices with an objection that waits for its ruling."""
    return select(Objection.notice_id).where(*UNSETTLED)


def blocked() -> SelectOfScalar[str]:
    """The matters that can go no further before an objection is ruled on."""
    return select(Notice.proposal_id).where(Notice.state == NoticeState.SHOWN, col(Notice.id).in_(objected()))
