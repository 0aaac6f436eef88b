"""Moves a proposal along the one table of moves, and notes each move: the only place that assigns a stage."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from models.meeting import AgendaItem
from models.proposal import Proposal, StageChange
from models.vocabulary import Move, Stage
from services.rules import lifecycle
from services.work import Work


def move(work: Work, proposal: Proposal, step: Move, *, reason: str = "", begins: bool = False, **details: Any) -> Stage:
    """Move `proposal`, note who, when and why. Raises WrongStage. A new matter passes `begins=True`."""
    before = None if begins else proposal.stage
    proposal.stage = lifecycle.after(before, step)
    if before is not proposal.stage:
        proposal.stage_since = work.moment
    change = StageChange(
        id=work.new_id(),
        community_id=work.community_id,
        proposal_id=proposal.id,
        move=step,
        before=before.value if before else "",
        after=proposal.stage,
        at=work.moment,
        by_id=work.actor.person_id,
        reason=reason,
        details=details,
    )
    work.add(proposal, change)
    wake_tables(work, proposal.id)
    return proposal.stage


def wake_tables(work: Work, proposal_id: str) -> None:
    """Every meeting that has this matter on its agenda is drawn anew: what can be done there depends on where the matter stands."""
    tables = set(work.db.exec(select(AgendaItem.meeting_id).where(AgendaItem.proposal_id == proposal_id)).all())
    work.touch(*sorted(f"meeting:{each}" for each in tables))
