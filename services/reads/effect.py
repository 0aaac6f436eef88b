"""What came of it all: matters by stage, share done, days from first word to finish, satisfaction, works on time; with the rows behind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlmodel import Session, col, select

from models.community import Community, Estate
from models.concern import Concern
from models.evaluation import Evaluation, EvaluationAnswer
from models.meeting import AgendaItem, Attendance, Meeting
from models.poll import Ballot, Poll
from models.project import Project
from models.proposal import Proposal, ProposalSupport
from models.vocabulary import Category, PollState, Stage, Step
from services import clock
from services.actors import Actor
from services.db import reading
from services.reads import progress
from services.reads.progress import Kept
from services.reads.remembered import remembered
from services.reads.timed_out import timed_out
from services.rules import lifecycle, periods

DONE = (Stage.CLOSED, Stage.KEPT_UP)
SATISFIED = 4


@dataclass(frozen=True)
class Matter:
    """One matter, the row behind the figures. `days` from its first word to finished works; None before; `score` the mean of 1 to 5."""

    id: str
    number: str
    title: str
    estate_id: str
    estate: str
    category: Category
    round: int
    stage: Stage
    step: Step
    filed_on: date
    finished_on: date | None
    days: int | None
    on_time: bool | None
    answers: int
    score: Fraction | None
    satisfied: int
    done: bool
    decided: bool
    adopted: bool
    met: bool
    over: bool = False


@dataclass(frozen=True)
class Effect:
    """The figures of some matters, all exact; shares are None where there is nothing to share."""

    matters: tuple[Matter, ...]
    people: int
    concerns: int
    answered_in_time: int
    proposed: int
    estates: tuple[tuple[str, str], ...]
    periods: tuple[str, ...]
    late: tuple[progress.Row, ...]
    zone: str

    @property
    def counted(self) -> list[Matter]:
        """All but withdrawn ones: what its author took back was not for the community to finish."""
        return [each for each in self.matters if each.stage is not Stage.WITHDRAWN]

    @property
    def done(self) -> int:
        return sum(1 for each in self.matters if each.done)

    @property
    def done_share(self) -> Fraction | None:
        return Fraction(self.done, len(self.counted)) if self.counted else None

    @property
    def days(self) -> list[int]:
        return sorted(each.days for each in self.matters if each.days is not None)

    @property
    def on_time(self) -> tuple[int, int]:
        """Finished works in time, finished works."""
        found = [each.on_time for each in self.matters if each.on_time is not None]
        return sum(found), len(found)

    @property
    def answers(self) -> int:
        return sum(each.answers for each in self.matters)

    @property
    def score(self) -> Fraction | None:
        """The mean over all homes that answered."""
        return _mean(self.matters)

    def by_estate(self) -> list[tuple[str, Fraction, int, int]]:
        """(estate, mean, satisfied, answers) of those with answers, the least satisfied last."""
        found = []
        for key, name in self.estates:
            mine = [each for each in self.matters if each.estate_id == key]
            mean = _mean(mine)
            if mean is not None:
                found.append((name, mean, sum(each.satisfied for each in mine), sum(each.answers for each in mine)))
        return sorted(found, key=lambda row: (-row[1], row[0]))


def _mean(matters: Iterable[Matter]) -> Fraction | None:
    given = [(each.score, each.answers) for each in matters if each.score is not None]
    whole = sum(n for _, n in given)
    return sum((score * n for score, n in given), Fraction(0)) / whole if whole else None


def median(values: Sequence[int]) -> Fraction | None:
    """The middle of sorted values, the mean of the two middle ones."""
    if not values:
        return None
    half = len(values) // 2
    return Fraction(values[half]) if len(values) % 2 else Fraction(values[half - 1] + values[half], 2)


@remembered
def effect(actor: Actor, *, estate_id: str = "", category: str = "", period: str = "") -> Effect:
    """The figures for the matters filed in a period ("2026-q3", "" for all), of an estate, of a category."""
    with reading(actor.community_id) as db:
        community = db.get(Community, actor.community_id)
        zone = community.time_zone if community else "Asia/Shanghai"
        estates = {str(key): name for key, name in db.exec(select(Estate.id, Estate.name).order_by(Estate.name)).all()}
        everything = _matters(db, estates, zone)

        def fits(where: str | None, kind: Category, on: date) -> bool:
            return (not estate_id or where == estate_id) and (not category or kind.value == category) and periods.within(on, period)

        fit = tuple(each for each in everything if fits(each.estate_id, each.category, each.filed_on))
        concerns = [
            each
            for each in db.exec(select(Concern)).all()
            if fits(each.estate_id, each.category, clock.day_of(each.filed_at, zone))
        ]
        first = min((each.filed_on for each in everything), default=clock.today(zone))
        ids = {each.id for each in fit}
        late = tuple(row for row in progress.rows(db, actor, zone) if row.kept is Kept.LATE and row.proposal_id in ids)
        return Effect(
            fit, len(_people(db, ids)), len(concerns), sum(1 for each in concerns if each.answered_at and each.answered_at <= each.due_at),
            len({each.concern_id for each in db.exec(select(Proposal)).all()} & {each.id for each in concerns}),
            tuple(estates.items()), tuple(periods.keys(first, clock.today(zone))), late, zone,
        )  # fmt: skip


def _matters(db: Session, estates: dict[str, str], zone: str) -> list[Matter]:
    """All matters, newest first."""
    concerns = {each.id: each.filed_at for each in db.exec(select(Concern)).all()}
    projects = {each.proposal_id: each for each in db.exec(select(Project)).all()}
    polls: dict[str, list[Poll]] = {}
    for poll in db.exec(select(Poll).where(Poll.state == PollState.REVEALED)).all():
        polls.setdefault(poll.proposal_id, []).append(poll)
    scores = _scores(db)
    held = select(Meeting.id).where(col(Meeting.opened_at).is_not(None))
    met = set(db.exec(select(AgendaItem.proposal_id).where(col(AgendaItem.meeting_id).in_(held))).all())
    followed = set(db.exec(select(Proposal.previous_id).where(col(Proposal.previous_id).is_not(None))).all())
    found = []
    proposals = db.exec(select(Proposal).order_by(col(Proposal.filed_at).desc(), col(Proposal.number).desc())).all()
    over = timed_out(db, proposals)
    for each in proposals:
        began = concerns.get(each.concern_id or "", each.filed_at) if each.round == 1 else each.filed_at
        project = projects.get(each.id)
        finished = clock.day_of(project.completed_at, zone) if project and project.completed_at else None
        given = scores.get(each.id, [])
        outcomes = {str(poll.outcome.get("outcome", "")) for poll in polls.get(each.id, ())}
        done = each.stage in DONE or (each.stage is Stage.REOPENED and each.id in followed and bool(project and project.accepted_at))
        found.append(
            Matter(
                each.id, each.number, each.title, each.estate_id, estates[each.estate_id], each.category, each.round, each.stage,
                lifecycle.STEP_OF[each.stage], clock.day_of(each.filed_at, zone), finished,
                (finished - clock.day_of(began, zone)).days if finished else None,
                finished <= project.due_on if project and finished else None, len(given),
                Fraction(sum(given), len(given)) if given else None, sum(1 for score in given if score >= SATISFIED), done,
                bool(outcomes), bool(outcomes & {"adopted", "elected"}), each.id in met, each.id in over,
            )
        )  # fmt: skip
    return found


def _scores(db: Session) -> dict[str, list[int]]:
    """The points of every evaluation whose time is over, by matter; a running one is told to nobody."""
    over = {
        each.id: each.proposal_id
        for each in db.exec(select(Evaluation)).all()
        if each.closed_at is not None or clock.now() >= each.ends_at
    }
    found: dict[str, list[int]] = {}
    for evaluation_id, score in db.exec(select(EvaluationAnswer.evaluation_id, EvaluationAnswer.score)).all():
        if evaluation_id in over:
            found.setdefault(over[evaluation_id], []).append(score)
    return found


def _people(db: Session, ids: set[str]) -> set[Any]:
    """Everybody who wrote, supported, came, voted or judged, each once."""
    people: set[Any] = set(db.exec(select(Proposal.author_id).where(col(Proposal.id).in_(ids))).all())
    live = (col(ProposalSupport.proposal_id).in_(ids), col(ProposalSupport.withdrawn_at).is_(None))
    people |= set(db.exec(select(ProposalSupport.person_id).where(*live)).all())
    meetings = select(AgendaItem.meeting_id).where(col(AgendaItem.proposal_id).in_(ids))
    people |= set(db.exec(select(Attendance.person_id).where(col(Attendance.meeting_id).in_(meetings))).all())
    polls = select(Poll.id).where(col(Poll.proposal_id).in_(ids))
    people |= set(db.exec(select(Ballot.cast_by).where(col(Ballot.poll_id).in_(polls))).all())
    judged = select(Evaluation.id).where(col(Evaluation.proposal_id).in_(ids))
    people |= set(db.exec(select(EvaluationAnswer.person_id).where(col(EvaluationAnswer.evaluation_id).in_(judged))).all())
    return people - {None}
