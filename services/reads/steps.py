"""On which day a matter first reached each of the eight steps, and which it was spared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from models.concern import Concern
from models.meeting import AgendaItem, Meeting
from models.proposal import Proposal, StageChange
from models.vocabulary import Move, Step
from services import clock
from services.rules import lifecycle

_REACHED = {
    Move.SUBMIT: Step.PROPOSAL, Move.NEXT_ROUND: Step.PROPOSAL, Move.ADOPT: Step.DECISION, Move.REJECT: Step.DECISION,
    Move.PUBLISH: Step.NOTICE, Move.START: Step.EXECUTION, Move.COMPLETE: Step.SUPERVISION, Move.ACCEPT_WORKS: Step.EVALUATION,
}  # fmt: skip


@dataclass(frozen=True)
class StepAt:
    """A step that was reached, and on which day."""

    step: Step
    on: date


def changes(db: Session, proposal: Proposal) -> list[StageChange]:
    """The moves of a matter, oldest first."""
    found = select(StageChange).where(StageChange.proposal_id == proposal.id)
    return list(db.exec(found.order_by(col(StageChange.at), StageChange.id)).all())


def steps(db: Session, proposal: Proposal, moves: list[StageChange], zone: str) -> tuple[StepAt, ...]:
    """The steps reached, in their order. Of several rounds the concern counts for the first."""
    at: dict[Step, datetime] = {}
    if proposal.concern_id and proposal.round == 1:
        at[Step.CONCERN] = db.get_one(Concern, proposal.concern_id).filed_at
    table = select(AgendaItem.meeting_id).where(AgendaItem.proposal_id == proposal.id)
    met = db.exec(select(Meeting.opened_at).where(col(Meeting.id).in_(table), col(Meeting.opened_at).is_not(None))).all()
    if opened := [each for each in met if each]:
        at[Step.DELIBERATION] = min(opened)
    for each in moves:
        if step := _REACHED.get(each.move):
            at.setdefault(step, each.at)
    return tuple(StepAt(step, clock.day_of(at[step], zone)) for step in Step if step in at)


def skipped(proposal: Proposal, reached: Sequence[StepAt], finished: bool) -> tuple[Step, ...]:
    """The steps behind a matter that it never took: filed without a concern, decided without a meeting.

    A concern that the first round began with counts for all of them.
    """
    taken = {each.step for each in reached} | ({Step.CONCERN} if proposal.concern_id else set())
    every = tuple(Step)
    behind = every if finished else every[: every.index(lifecycle.STEP_OF[proposal.stage])]
    return tuple(step for step in behind if step not in taken)
