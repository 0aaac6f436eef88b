"""Reminders: what is due soon or late is said once to whoever it waits for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import col, select

from models.account import Message
from models.concern import Concern
from models.evaluation import Evaluation, EvaluationAnswer
from models.meeting import Attendance, Invitation, Meeting
from models.notice import Notice, Objection
from models.people import Residence
from models.poll import Ballot, Poll, RollEntry
from models.project import Project, Task, Upkeep
from models.proposal import Proposal
from models.vocabulary import ConcernStage, MeetingState, NoticeState, PollState, ProjectState
from services import clock
from services.i18n import N_
from services.messages import tell
from services.permission import units_concerned
from services.reads import duties, evaluating, rolls, to_reveal
from services.reads.open_objections import UNSETTLED
from services.work import Work

SOON = timedelta(hours=24)


def remind(work: Work) -> int:
    """Say all that is due to be said in this community now; asked again, it says nothing twice. Returns how many lines."""
    return sum(part(work) for part in (_concerns, _meetings, _polls, _reveals, _objections, _tasks, _evaluations, _upkeep))


def _say(work: Work, people: Iterable[str | None], message: str, address: str, about: str, **values: object) -> int:
    """Tell those who were not told this before."""
    wanted = sorted({person for person in people if person})
    told = set(
        work.db.exec(
            select(Message.person_id).where(Message.message == message, Message.about == about, col(Message.person_id).in_(wanted))
        ).all()
    )
    for person in wanted:
        if person not in told:
            tell(work, person, message, address, about=about, **values)
    return len(set(wanted) - told)


def _about(table: str, row_id: str, moment: datetime) -> str:
    """A thing at its time: what was moved is said again."""
    return f"{table}:{row_id}:{moment:%Y-%m-%dT%H:%M}"


def _living_in(work: Work, units: Iterable[str]) -> list[str]:
    """The confirmed people of these homes."""
    found = select(Residence.person_id).where(
        col(Residence.unit_id).in_(list(units)), col(Residence.confirmed_at).is_not(None), col(Residence.ended_at).is_(None)
    )
    return list(work.db.exec(found).all())


def _concerns(work: Work) -> int:
    late = select(Concern).where(Concern.stage == ConcernStage.OPEN, col(Concern.due_at) <= work.moment)
    committee = duties.committee(work.db)
    message = N_("Concern {number} is late: the first answer was due.")
    return sum(
        _say(work, [row.holder_id, *committee], message, f"/inbox?id={row.id}", f"concern:{row.id}", number=row.number)
        for row in work.db.exec(late).all()
    )


def _meetings(work: Work) -> int:
    soon = select(Meeting).where(
        Meeting.state == MeetingState.CONVENED, col(Meeting.starts_at) > work.moment, col(Meeting.starts_at) <= work.moment + SOON
    )
    count = 0
    for row in work.db.exec(soon).all():
        invited = select(Invitation.person_id).where(Invitation.meeting_id == row.id, col(Invitation.withdrawn_at).is_(None))
        came = set(work.db.exec(select(Attendance.person_id).where(Attendance.meeting_id == row.id)).all())
        people = [row.chair_id, *(person for person in work.db.exec(invited).all() if person not in came)]
        message = N_("“{title}” begins within a day, at {place}.")
        count += _say(work, people, message, f"/j/{row.code}", _about("meeting", row.id, row.starts_at), title=row.title, place=row.place)
    return count


def _polls(work: Work) -> int:
    closing = select(Poll).where(Poll.state == PollState.OPEN, col(Poll.closes_at) <= work.moment + SOON, col(Poll.closes_at) > work.moment)
    count = 0
    for row in work.db.exec(closing).all():
        if row.opened_at is None or row.closes_at is None or row.closes_at - row.opened_at < SOON:
            continue  # a vote in the room needs no reminder
        voted = select(Ballot.entry_id).where(Ballot.poll_id == row.id)
        waiting = work.db.exec(select(RollEntry.id).where(RollEntry.poll_id == row.id, col(RollEntry.id).not_in(voted))).all()
        people = rolls.people(work.db, row, set(waiting) - rolls.absent(work.db, [row], waiting))
        message = N_("The vote “{question}” closes within a day and your answer is not in yet.")
        count += _say(work, people, message, f"/ballot/{row.id}", _about("poll", row.id, row.closes_at), question=row.question)
    return count


def _reveals(work: Work) -> int:
    """Votes that have been over for a day."""
    committee = duties.committee(work.db)
    message = N_("The vote “{question}” closed on {day} and its result is not shown yet. A chair counts it and shows it.")
    count = 0
    for row in work.db.exec(to_reveal.waiting(work.moment)).all():
        ended = row.closed_at or row.closes_at
        if ended is None or ended > work.moment - SOON:
            continue
        people = [*to_reveal.who_may(work.db, row), *committee]
        day = clock.day_of(ended, work.community.time_zone)
        count += _say(work, people, message, f"/poll?id={row.id}", f"poll:{row.id}", question=row.question, day=day)
    return count


def _objections(work: Work) -> int:
    open_ones = (
        select(Objection, Notice)
        .join(Notice, col(Notice.id) == col(Objection.notice_id))
        .where(
            Notice.state == NoticeState.SHOWN,
            col(Notice.ends_at) <= work.moment,
            *UNSETTLED,
        )
    )
    message = N_("Notice {number} cannot end: an objection waits for its ruling.")
    committee = duties.committee(work.db)
    return sum(
        _say(work, committee, message, f"/proposal?id={notice.proposal_id}", f"objection:{objection.id}", number=notice.number)
        for objection, notice in work.db.exec(open_ones).all()
    )


def _tasks(work: Work) -> int:
    today = clock.day_of(work.moment, work.community.time_zone)
    late = (
        select(Task, Project)
        .join(Project, col(Project.id) == col(Task.project_id))
        .where(Project.state == ProjectState.RUNNING, col(Task.done_at).is_(None), col(Task.due_on) < today)
    )
    message = N_("This was promised for {day} and is not ticked yet: {deed}")
    return sum(
        _say(
            work,
            [task.person_id, project.executor_id],
            message,
            f"/project?id={project.id}",
            f"task:{task.id}",
            day=task.due_on,
            deed=task.deed,
        )
        for task, project in work.db.exec(late).all()
    )


def _evaluations(work: Work) -> int:
    ending = evaluating.running().where(col(Evaluation.ends_at) > work.moment, col(Evaluation.ends_at) <= work.moment + 2 * SOON)
    count = 0
    for row in work.db.exec(ending).all():
        proposal = work.db.get_one(Proposal, row.proposal_id)
        answered = set(work.db.exec(select(EvaluationAnswer.unit_id).where(EvaluationAnswer.evaluation_id == row.id)).all())
        homes = [unit for unit in units_concerned(work.db, proposal) if unit not in answered]
        message = N_("“{title}” asks how it turned out. One minute, two days left.")
        count += _say(work, _living_in(work, homes), message, f"/proposal?id={proposal.id}", f"evaluation:{row.id}", title=proposal.title)
    return count


def _upkeep(work: Work) -> int:
    today = clock.day_of(work.moment, work.community.time_zone)
    due = select(Upkeep).where(col(Upkeep.ended_at).is_(None), col(Upkeep.next_on) <= today)
    message = N_("Upkeep is due: {deed}")
    committee = duties.committee(work.db)
    told = ((row, [row.keeper_id] if row.keeper_id else committee) for row in work.db.exec(due).all())
    return sum(
        _say(work, people, message, f"/proposal?id={row.proposal_id}", f"upkeep:{row.id}:{row.next_on}", deed=row.deed)
        for row, people in told
    )
