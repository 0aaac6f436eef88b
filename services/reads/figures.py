"""Figures that a scenario can name: each a question to the database, exact, with a sentence in docs/scenarios.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlmodel import Session, col, func, select

from models.base import Stored
from models.concern import Concern
from models.evaluation import Evaluation, EvaluationAnswer
from models.meeting import Attendance, Commitment, Meeting
from models.notice import Notice, Objection
from models.poll import Ballot, Poll, PollOption, RollEntry
from models.project import Milestone, ProgressReport, Project, Task
from models.proposal import Proposal, ProposalSupport
from services import clock
from services.errors import Invalid


def _is(kind: type[Stored], row: Stored | None) -> Any:
    if not isinstance(row, kind):
        raise Invalid("This figure needs a {kind}.", kind=kind.__name__.lower())
    return row


def _count(db: Session, kind: type[Stored], *where: Any) -> int:
    return db.exec(select(func.count()).select_from(kind).where(*where)).one()


def stage(db: Session, row: Stored | None, _: str) -> str:
    """The stage a proposal is at."""
    return str(db.get_one(Proposal, _is(Proposal, row).id).stage.value)


def round_(db: Session, row: Stored | None, _: str) -> int:
    """Which round of its matter a proposal is."""
    return int(_is(Proposal, row).round)


def rounds(db: Session, row: Stored | None, _: str) -> int:
    """How many rounds the matter of a proposal has had so far."""
    proposal = _is(Proposal, row)
    while following := db.exec(select(Proposal).where(Proposal.previous_id == proposal.id)).first():
        proposal = following
    return int(proposal.round)


def supporters(db: Session, row: Stored | None, _: str) -> int:
    """How many people support a proposal."""
    return _count(db, ProposalSupport, ProposalSupport.proposal_id == _is(Proposal, row).id, col(ProposalSupport.withdrawn_at).is_(None))


def minutes_to_answer(db: Session, row: Stored | None, _: str) -> int:
    """Whole minutes from a concern's filing to its first answer."""
    concern = db.get_one(Concern, _is(Concern, row).id)
    if concern.answered_at is None:
        raise Invalid("This concern has no answer.")
    return int((concern.answered_at - concern.filed_at) / timedelta(minutes=1))


def attendance(db: Session, row: Stored | None, _: str) -> int:
    """How many came to a meeting."""
    return _count(db, Attendance, Attendance.meeting_id == _is(Meeting, row).id)


def commitments(db: Session, row: Stored | None, _: str) -> int:
    """How many commitments were made at a meeting."""
    return _count(db, Commitment, Commitment.meeting_id == _is(Meeting, row).id, col(Commitment.withdrawn_at).is_(None))


def roll(db: Session, row: Stored | None, _: str) -> int:
    """How many voters a poll's roll has."""
    return _count(db, RollEntry, RollEntry.poll_id == _is(Poll, row).id)


def roll_area(db: Session, row: Stored | None, _: str) -> str:
    """The area on a poll's roll in m², exact."""
    entries = db.exec(select(RollEntry).where(RollEntry.poll_id == _is(Poll, row).id)).all()
    return format(sum((entry.area for entry in entries), Decimal(0)), "f")


def ballots(db: Session, row: Stored | None, _: str) -> int:
    """How many ballots a poll has."""
    return _count(db, Ballot, Ballot.poll_id == _is(Poll, row).id)


def votes(db: Session, row: Stored | None, option: str) -> int:
    """How many voters of a poll chose the option with this title or code."""
    poll = _is(Poll, row)
    found = select(PollOption.code).where(PollOption.poll_id == poll.id, (PollOption.title == option) | (PollOption.code == option))
    code = db.exec(found).first()
    if code is None:
        raise Invalid("This poll has no such option.")
    return _count(db, Ballot, Ballot.poll_id == poll.id, Ballot.choice == code)


def outcome(db: Session, row: Stored | None, _: str) -> str:
    """The outcome of a revealed poll: adopted, rejected, no_quorum, elected or tie."""
    return str(db.get_one(Poll, _is(Poll, row).id).outcome.get("outcome", ""))


def winner(db: Session, row: Stored | None, _: str) -> str:
    """The title of the option that won a choose-one poll."""
    poll = db.get_one(Poll, _is(Poll, row).id)
    codes = poll.outcome.get("winners") or []
    if len(codes) != 1:
        return ""
    return str(db.exec(select(PollOption.title).where(PollOption.poll_id == poll.id, PollOption.code == codes[0])).one())


def objections(db: Session, row: Stored | None, _: str) -> int:
    """How many objections a notice met."""
    return _count(db, Objection, Objection.notice_id == _is(Notice, row).id)


def tasks(db: Session, row: Stored | None, _: str) -> int:
    """How many tasks a project has."""
    return _count(db, Task, Task.project_id == _is(Project, row).id)


def tasks_done(db: Session, row: Stored | None, _: str) -> int:
    """How many tasks of a project are done."""
    return _count(db, Task, Task.project_id == _is(Project, row).id, col(Task.done_at).is_not(None))


def milestones_late(db: Session, row: Stored | None, _: str) -> int:
    """How many milestones of a project were done after their planned day."""
    return _count(db, Milestone, Milestone.project_id == _is(Project, row).id, col(Milestone.done_on) > col(Milestone.due_on))


def reports(db: Session, row: Stored | None, _: str) -> int:
    """How many reports the works of a project had."""
    return _count(db, ProgressReport, ProgressReport.project_id == _is(Project, row).id)


def days_ahead(db: Session, row: Stored | None, zone: str) -> int:
    """How many days before its planned last day a project was reported finished; negative when late."""
    project = db.get_one(Project, _is(Project, row).id)
    if project.completed_at is None:
        raise Invalid("This project is not finished.")
    return (project.due_on - clock.day_of(project.completed_at, zone or "Asia/Shanghai")).days


def works_days(db: Session, row: Stored | None, zone: str) -> int:
    """Days from a project's first planned day to the day it was reported finished, both counted."""
    project = db.get_one(Project, _is(Project, row).id)
    if project.completed_at is None:
        raise Invalid("This project is not finished.")
    return (clock.day_of(project.completed_at, zone or "Asia/Shanghai") - project.starts_on).days + 1


def spent_fen(db: Session, row: Stored | None, _: str) -> int:
    """What a project has spent so far, in fen."""
    return int(db.get_one(Project, _is(Project, row).id).spent_fen)


def answers(db: Session, row: Stored | None, _: str) -> int:
    """How many homes answered the evaluation of a proposal."""
    found = db.exec(select(Evaluation).where(Evaluation.proposal_id == _is(Proposal, row).id)).first()
    return _count(db, EvaluationAnswer, EvaluationAnswer.evaluation_id == found.id) if found else 0


def satisfied(db: Session, row: Stored | None, _: str) -> str:
    """Share of answers with 4 or 5 points, as an exact fraction such as "34/36"."""
    found = db.exec(select(Evaluation).where(Evaluation.proposal_id == _is(Proposal, row).id)).one()
    scores = db.exec(select(EvaluationAnswer.score).where(EvaluationAnswer.evaluation_id == found.id)).all()
    return f"{sum(1 for score in scores if score >= 4)}/{len(scores)}"


def mean_score(db: Session, row: Stored | None, _: str) -> str:
    """Mean of the points, as an exact fraction in lowest terms."""
    found = db.exec(select(Evaluation).where(Evaluation.proposal_id == _is(Proposal, row).id)).one()
    scores = db.exec(select(EvaluationAnswer.score).where(EvaluationAnswer.evaluation_id == found.id)).all()
    return str(Fraction(sum(scores), len(scores))) if scores else "0"


def concerns_answered(db: Session, _: Stored | None, __: str) -> str:
    """Concerns with an answer out of all of the community, such as "31/32"."""
    return f"{_count(db, Concern, col(Concern.answered_at).is_not(None))}/{_count(db, Concern)}"


Figure = Callable[[Session, Stored | None, str], Any]
FIGURES: dict[str, Figure] = {
    each.__name__.rstrip("_"): each
    for each in (
        stage, round_, rounds, supporters, minutes_to_answer, attendance, commitments, roll, roll_area, ballots, votes, outcome, winner,
        objections, tasks, tasks_done, milestones_late, reports, days_ahead, works_days, spent_fen, answers, satisfied, mean_score,
        concerns_answered,
    )
}  # fmt: skip
