"""评价 and 长效维护: ask the homes concerned, one answer a home; close with lessons, or keep the thing up."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import select

from models.evaluation import Evaluation, EvaluationAnswer
from models.people import Person
from models.project import Upkeep
from models.proposal import Proposal
from models.vocabulary import Move, Stage
from services import clock
from services.checks import Checks
from services.errors import Conflict, NotAllowed, WrongStage
from services.messages import erased
from services.permission import require, units_concerned
from services.reads import evaluating
from services.rules.community_figures import figure
from services.rules.due import days_early
from services.stages import move
from services.work import Work

RAREST = 3650
"""Days from one time of an upkeep to the next, at most."""


def begin(work: Work, proposal: Proposal) -> Evaluation:
    """Ask the homes concerned; part of accepting the works."""
    days = figure(work.community.figures, "evaluation_days")
    zone = work.community.time_zone
    evaluation = Evaluation(
        id=work.new_id(),
        community_id=work.community_id,
        proposal_id=proposal.id,
        asked_units=len(units_concerned(work.db, proposal)),
        opens_at=work.moment,
        ends_at=clock.end_after(work.moment, days, zone),
    )
    work.add(evaluation)
    return evaluation


def answer(
    work: Work, *, evaluation_id: str, score: int, solved: bool | None, text: str = "", unit_id: str | None = None
) -> EvaluationAnswer:
    """A home's answer, 1 (bad) to 5 (good); it may be changed until the end. `unit_id` where somebody speaks for several homes."""
    evaluation = work.fetch(Evaluation, evaluation_id, lock=True)
    require(work, "evaluation.answer", evaluation)
    if evaluation.closed_at is not None or work.moment >= evaluation.ends_at:
        raise WrongStage("This evaluation has ended.")
    proposal = work.fetch(Proposal, evaluation.proposal_id)
    homes = [unit for unit in work.actor.units if unit in set(units_concerned(work.db, proposal))]
    home = unit_id or (homes[0] if homes else None)
    if home not in homes:
        raise NotAllowed("This evaluation asks the homes it concerns.")
    check = Checks()
    if score not in range(1, 6):
        check.note("Please choose one of the answers.", "score")
    if solved is None:
        check.note("Please choose one of the answers.", "solved")
    words = check.text("text", text, 600, least=0)
    check.done()
    row = work.db.exec(
        select(EvaluationAnswer).where(EvaluationAnswer.evaluation_id == evaluation.id, EvaluationAnswer.unit_id == home)
    ).first()
    if row is None:
        row = EvaluationAnswer(
            id=work.new_id(),
            community_id=work.community_id,
            evaluation_id=evaluation.id,
            unit_id=str(home),
            person_id=work.actor.person_id,
            score=score,
            solved=bool(solved),
            text=words,
            at=work.moment,
        )
        work.add(row)
    else:
        row.score, row.solved, row.text, row.person_id, row.at = score, bool(solved), words, work.actor.person_id, work.moment
    work.record("evaluation.answer", evaluation)
    return row


def close(work: Work, *, evaluation_id: str, lessons: str) -> Evaluation:
    """Close the evaluation with what was learned (复盘); the matter is closed.

    Before its end it takes at least one answer, and the log says how many days early it was. Raises WrongStage.
    """
    evaluation = work.fetch(Evaluation, evaluation_id, lock=True)
    proposal = work.fetch(Proposal, evaluation.proposal_id, lock=True)
    require(work, "evaluation.close", evaluation)
    answered = evaluating.answered(work.db, evaluation)
    words = _end(work, evaluation, lessons, answered)
    move(work, proposal, Move.CLOSE, reason=words)
    work.checkpoint("evaluation.close")
    early = days_early(work.moment, evaluation.ends_at, work.community.time_zone)
    work.record("evaluation.close", evaluation, days_early=early, answered=answered, asked=evaluation.asked_units)
    return evaluation


def _end(work: Work, evaluation: Evaluation, lessons: str, answered: int) -> str:
    if evaluation.closed_at is not None:
        raise Conflict("This evaluation is closed already.")
    if refusal := evaluating.too_early(evaluation, answered, work.moment, work.community.time_zone):
        raise refusal
    check = Checks()
    words = check.text("lessons", lessons, 2000, least=4)
    check.done()
    evaluation.closed_at, evaluation.closed_by, evaluation.lessons = work.moment, work.actor.person_id, words
    return words


def keep_up(
    work: Work,
    *,
    proposal_id: str,
    label: str,
    deed: str,
    every_days: int | None,
    next_on: date,
    keeper_id: str | None = None,
    lessons: str = "",
) -> Upkeep:
    """Plan the upkeep: who (`label`, perhaps a person) does what, every how many days, first when.

    Ends an evaluation that is open, as `close` does: before its end it takes at least one answer. Raises WrongStage.
    """
    proposal = work.fetch(Proposal, proposal_id, lock=True)
    require(work, "upkeep.plan", proposal)
    check = Checks()
    who = check.text("label", label, 80)
    what = check.text("deed", deed, 200, least=2)
    every = check.whole("every_days", every_days, 1, RAREST)
    check.not_before("next_on", next_on, clock.today(work.community.time_zone))
    if erased(work, keeper_id):
        check.note("This person's data was erased.", "keeper_id")
    check.done()
    if keeper_id:
        work.fetch(Person, keeper_id)
    early = answered = asked = None
    if proposal.stage is Stage.EVALUATING:
        evaluation = work.db.exec(select(Evaluation).where(Evaluation.proposal_id == proposal.id).with_for_update()).one()
        early = days_early(work.moment, evaluation.ends_at, work.community.time_zone)
        answered, asked = evaluating.answered(work.db, evaluation), evaluation.asked_units
        _end(work, evaluation, lessons, answered)
    upkeep = Upkeep(
        id=work.new_id(),
        community_id=work.community_id,
        proposal_id=proposal.id,
        keeper_id=keeper_id,
        label=who,
        deed=what,
        every_days=every,
        next_on=next_on,
        since=work.moment,
        by_id=str(work.actor.person_id),
    )
    work.add(upkeep)
    move(work, proposal, Move.KEEP_UP, reason=lessons, upkeep=upkeep.id)
    work.record("upkeep.plan", upkeep, every_days=every, days_early=early, answered=answered, asked=asked)
    return upkeep


def overtake(work: Work, proposal: Proposal) -> None:
    """End the evaluation of a matter whose next round is opened: answers and figures stay as they are. Part of reopening it."""
    evaluation = work.db.exec(select(Evaluation).where(Evaluation.proposal_id == proposal.id).with_for_update()).one()
    require(work, "evaluation.overtake", evaluation)
    evaluation.closed_at, evaluation.closed_by = work.moment, work.actor.person_id
    early = days_early(work.moment, evaluation.ends_at, work.community.time_zone)
    answered = evaluating.answered(work.db, evaluation)
    work.checkpoint("evaluation.overtake")
    work.record(
        "evaluation.overtake", evaluation, days_early=early, answered=answered, asked=evaluation.asked_units, round=proposal.round + 1
    )


def kept(work: Work, *, upkeep_id: str) -> Upkeep:
    """Note that the upkeep was done; the next day moves on by its interval, counted from today."""
    upkeep = work.fetch(Upkeep, upkeep_id, lock=True)
    require(work, "upkeep.kept", upkeep)
    if upkeep.ended_at is not None:
        raise Conflict("This upkeep has ended.")
    upkeep.next_on = clock.today(work.community.time_zone) + timedelta(days=upkeep.every_days)
    work.record("upkeep.kept", upkeep)
    return upkeep


def end_upkeep(work: Work, *, upkeep_id: str) -> Upkeep:
    """End the upkeep, for example because another round replaces the thing."""
    upkeep = work.fetch(Upkeep, upkeep_id, lock=True)
    require(work, "upkeep.end", upkeep)
    if upkeep.ended_at is not None:
        raise Conflict("This upkeep has ended.")
    upkeep.ended_at = work.moment
    work.record("upkeep.end", upkeep)
    return upkeep
