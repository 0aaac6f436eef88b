"""An evaluation: how many have answered and whether it can be ended; and as one home finds it, for the plain page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from models.community import Community
from models.evaluation import Evaluation, EvaluationAnswer
from models.project import Project
from models.proposal import Proposal
from models.vocabulary import Stage
from services import clock, permission
from services.actors import Actor
from services.db import reading
from services.errors import NotAllowed, NotFound, Refusal, WrongStage
from services.reads.after_ground import Answering, answering
from services.rules import access


@dataclass(frozen=True)
class Sheet:
    """What the plain page shows; `closed`: why no answer is taken now, or None."""

    id: str
    proposal_id: str
    number: str
    title: str
    problem: str
    done: str
    zone: str
    community: str
    ends_at: datetime
    closed: Refusal | None
    homes: tuple[Answering, ...]


def running() -> SelectOfScalar[Evaluation]:
    """Evaluations that are not closed, of matters that still stand at this step."""
    found = select(Evaluation).join(Proposal, col(Proposal.id) == Evaluation.proposal_id)
    return found.where(col(Evaluation.closed_at).is_(None), Proposal.stage == Stage.EVALUATING)


def answered(db: Session, evaluation: Evaluation) -> int:
    """How many homes have answered."""
    return db.exec(select(func.count()).select_from(EvaluationAnswer).where(EvaluationAnswer.evaluation_id == evaluation.id)).one()


def too_early(evaluation: Evaluation, answers: int, moment: datetime, zone: str) -> Refusal | None:
    """Why an evaluation cannot be ended at `moment`: nobody has answered and there is still time. None when it can."""
    if answers or moment >= evaluation.ends_at:
        return None
    last = clock.day_of(evaluation.ends_at - timedelta.resolution, zone)
    return WrongStage("No home has answered yet. Wait for the first answer, or until {last} is over.", last=last)


def sheet(actor: Actor, evaluation_id: str) -> Sheet:
    """The evaluation for somebody whose home is asked. Raises NotFound, NotAllowed."""
    with reading(actor.community_id) as db:
        evaluation = db.get(Evaluation, evaluation_id)
        if evaluation is None:
            raise NotFound()
        known = permission.standing(db, actor, evaluation)
        if access.ASKED not in known:
            raise NotAllowed(access.TABLE["evaluation.answer"].says if access.SIGNED_IN in known else access.SIGN_IN)
        proposal = db.get_one(Proposal, evaluation.proposal_id)
        community = db.get_one(Community, evaluation.community_id)
        works = db.exec(select(Project.title).where(Project.proposal_id == proposal.id)).first()
        over = evaluation.closed_at is not None or clock.now() >= evaluation.ends_at
        return Sheet(
            evaluation.id, proposal.id, proposal.number, proposal.title, proposal.problem, works or "", community.time_zone,
            community.name, evaluation.ends_at, WrongStage("This evaluation has ended.") if over else None,
            answering(db, actor, evaluation),
        )  # fmt: skip

