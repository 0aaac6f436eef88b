"""What the forms after the vote begin with: who could carry it out, supervise or keep it, what was typed before, one's own answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.community import Community, Unit
from models.evaluation import Evaluation, EvaluationAnswer
from models.meeting import Commitment, Option
from models.people import Organisation, Person, RoleHeld
from models.poll import Poll, PollOption
from models.proposal import Proposal
from models.vocabulary import PollState, Role
from services import clock, permission
from services.actors import Actor
from services.db import reading
from services.errors import NotFound
from services.rules.community_figures import figure
from services.rules.roll import unit_label


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be named: `firm` is the organisation they work for."""

    id: str
    name: str
    firm: str = ""


@dataclass(frozen=True)
class Ground:
    """`today` is the date on the community's wall; `promises` are who and what.

    `cost_fen` and `days`: of the option that was chosen, as it stood on the table, else what the proposal says; None where nobody said.
    """

    today: date
    notice_days: int
    language: str
    executors: tuple[Candidate, ...]
    supervisors: tuple[Candidate, ...]
    keepers: tuple[Candidate, ...]
    promises: tuple[tuple[str, str], ...]
    cost_fen: int | None
    days: int | None


def ground(actor: Actor, proposal_id: str) -> Ground:
    """The ground of a form about a proposal. Raises NotFound."""
    with reading(actor.community_id) as db:
        proposal = db.get(Proposal, proposal_id)
        if proposal is None:
            raise NotFound()
        community = db.get_one(Community, proposal.community_id)
        promised = select(Commitment).where(Commitment.proposal_id == proposal.id, col(Commitment.withdrawn_at).is_(None))
        deeds = tuple((each.label, each.deed) for each in db.exec(promised.order_by(col(Commitment.due_on), Commitment.id)).all())
        chosen = _chosen(db, proposal)
        return Ground(
            clock.today(community.time_zone), figure(community.figures, "notice_days"), community.language,
            holders(db, Role.EXECUTOR), holders(db, Role.SUPERVISOR), holders(db, Role.GRID_WORKER, Role.COMMITTEE, Role.EXECUTOR),
            deeds,
            chosen.cost_fen if chosen and chosen.cost_fen is not None else proposal.cost_fen,
            chosen.days if chosen else None,
        )  # fmt: skip


def _chosen(db: Session, proposal: Proposal) -> Option | None:
    """The one option that the last vote on the matter chose; None where there was a yes or no, or none won alone."""
    last = select(Poll).where(Poll.proposal_id == proposal.id, Poll.state == PollState.REVEALED).order_by(col(Poll.revealed_at).desc())
    poll = db.exec(last).first()
    won = (poll.outcome or {}).get("winners") or [] if poll else []
    if poll is None or len(won) != 1:
        return None
    on_paper = select(PollOption.option_id).where(PollOption.poll_id == poll.id, PollOption.code == won[0])
    option_id = db.exec(on_paper).first()
    return db.get(Option, option_id) if option_id else None


def holders(db: Session, *roles: Role) -> tuple[Candidate, ...]:
    """Those who hold one of these roles now, by name."""
    held = select(RoleHeld.person_id).where(col(RoleHeld.role).in_(roles), col(RoleHeld.until).is_(None))
    people = db.exec(select(Person).where(col(Person.id).in_(held), col(Person.erased_at).is_(None)).order_by(Person.name, Person.id)).all()
    firms = {firm.id: firm.name for firm in db.exec(select(Organisation)).all()}
    return tuple(Candidate(each.id, each.name, firms.get(each.organisation_id or "", "")) for each in people)


@dataclass(frozen=True)
class Answering:
    """One home's evaluation as its reader finds it: `score` 0 when there is no answer yet."""

    unit_id: str
    label: str
    score: int = 0
    solved: bool | None = None
    text: str = ""


def answering(db: Session, actor: Actor, evaluation: Evaluation) -> tuple[Answering, ...]:
    """The homes of the reader that are asked, with what each has answered."""
    proposal = db.get_one(Proposal, evaluation.proposal_id)
    homes = set(actor.units) & set(permission.units_concerned(db, proposal))
    units = db.exec(select(Unit).where(col(Unit.id).in_(homes)).order_by(Unit.building, Unit.stairwell, Unit.number)).all()
    given = {
        row.unit_id: row
        for row in db.exec(
            select(EvaluationAnswer).where(EvaluationAnswer.evaluation_id == evaluation.id, col(EvaluationAnswer.unit_id).in_(homes))
        ).all()
    }
    found = []
    for unit in units:
        label = unit_label(unit.building, unit.stairwell, unit.number)
        row = given.get(unit.id)
        found.append(Answering(unit.id, label, row.score, row.solved, row.text) if row else Answering(unit.id, label))
    return tuple(found)


def my_answers(actor: Actor, evaluation_id: str) -> tuple[Answering, ...]:
    """`answering` for a page. Raises NotFound."""
    with reading(actor.community_id) as db:
        evaluation = db.get(Evaluation, evaluation_id)
        if evaluation is None:
            raise NotFound()
        return answering(db, actor, evaluation)
