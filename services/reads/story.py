"""One matter from the first word to the last, as one reader may see it: steps, entries, whose turn it is, outcome, rounds, doors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from models.community import Community, Estate
from models.evaluation import Evaluation
from models.notice import Notice
from models.project import Project
from models.proposal import Proposal, ProposalSupport, StageChange
from models.vocabulary import Category, Move, NoticeState, Stage, Step
from services import clock
from services.actors import Actor
from services.db import reading
from services.errors import NotFound, Refusal
from services.reads import counts, story_after, story_before, story_doors
from services.reads.after_ground import Answering, answering
from services.reads.decided import decided, last_poll
from services.reads.outcomes import Outcome, outcome_of
from services.reads.remembered import remembered
from services.reads.steps import StepAt, skipped, steps
from services.reads.steps import changes as moves
from services.reads.story_entries import Attached, Entry, Published, Rated, in_order
from services.reads.who import Names, Who
from services.reads.whose_turn import Now, now, supporters
from services.rules import lifecycle


@dataclass(frozen=True)
class Card:
    """What was decided: the outcome of the last vote, what won, from when it holds, how many objections it met."""

    poll_id: str
    outcome: Outcome
    title: str
    voters: int
    holds_from: date | None
    notice_days: int | None
    objections: int
    answered: int
    sent_back: bool


@dataclass(frozen=True)
class Other:
    """Another round of the same matter."""

    id: str
    number: str
    title: str
    round: int
    stage: Stage
    problem: str
    decided: str
    why: str


@dataclass(frozen=True)
class Story:
    """Everything about one matter that this reader may see; `doors` says of each act why not, or None."""

    id: str
    number: str
    title: str
    round: int
    estate: str
    place: str
    category: Category
    problem: str
    plan: str
    cost_fen: int | None
    beneficiaries: str
    carried_out_by: str
    author: Who | None
    mine: bool
    stage: Stage
    since: datetime
    zone: str
    began: date
    ended: date | None
    here: Step
    finished: bool
    steps: tuple[StepAt, ...]
    skipped: tuple[Step, ...]
    supporters: int
    needed: int
    supports: bool
    entries: tuple[Entry, ...]
    now: Now
    card: Card | None
    previous: Other | None
    following: Other | None
    files: tuple[Attached, ...]
    notice: Published | None
    evaluation: Rated | None
    answers: tuple[Answering, ...]
    project_id: str
    doors: dict[str, Refusal | None]


@remembered
def story(actor: Actor, proposal_id: str | None) -> Story:
    """The story of a proposal. Raises NotFound for an absent or foreign one."""
    with reading(actor.community_id) as db:
        proposal = db.get(Proposal, proposal_id) if proposal_id else None
        if proposal is None:
            raise NotFound()
        return _story(db, actor, proposal)


def _story(db: Session, actor: Actor, proposal: Proposal) -> Story:
    zone = db.get_one(Community, proposal.community_id).time_zone
    changes = moves(db, proposal)
    names = Names(db, actor, story_doors.people(db, proposal, changes))
    entries = in_order(_entries(db, actor, names, proposal, changes, zone))
    project = db.exec(select(Project).where(Project.proposal_id == proposal.id)).first()
    estate = db.get_one(Estate, proposal.estate_id)
    supports = _supports(db, actor, proposal)
    first = entries[0].at if entries else proposal.filed_at
    end = project.completed_at if project else None
    rated = next((each for each in entries if isinstance(each, Rated)), None)
    finished, reached = proposal.stage in (Stage.CLOSED, Stage.KEPT_UP, Stage.REOPENED), steps(db, proposal, changes, zone)
    return Story(
        id=proposal.id, number=proposal.number, title=proposal.title, round=proposal.round, estate=estate.name, place=proposal.place,
        category=proposal.category, problem=proposal.problem, plan=proposal.plan, cost_fen=proposal.cost_fen,
        beneficiaries=proposal.beneficiaries, carried_out_by=proposal.carried_out_by,
        author=names.who(proposal.author_id, proposal.filed_at), mine=proposal.author_id == actor.person_id, stage=proposal.stage,
        since=proposal.stage_since, zone=zone, began=clock.day_of(first, zone), ended=clock.day_of(end, zone) if end else None,
        here=lifecycle.STEP_OF[proposal.stage], finished=finished, steps=reached, skipped=skipped(proposal, reached, finished),
        supporters=supporters(db, proposal), needed=proposal.supporters_needed, supports=supports, entries=entries,
        now=now(db, names, proposal), card=_card(db, proposal, entries, zone),
        previous=_other(db, db.get(Proposal, proposal.previous_id), Move.NEXT_ROUND, changes) if proposal.previous_id else None,
        following=_other(db, db.exec(select(Proposal).where(Proposal.previous_id == proposal.id)).first(), Move.REOPEN, changes),
        files=story_after.attached(db, actor, [f"proposal:{proposal.id}"]).get(f"proposal:{proposal.id}", ()),
        notice=story_after.shown_now(entries), evaluation=rated,
        answers=_answers(db, actor, proposal), project_id=project.id if project else "",
        doors=story_doors.doors(db, actor, proposal, supports),
    )  # fmt: skip


def _answers(db: Session, actor: Actor, proposal: Proposal) -> tuple[Answering, ...]:
    """What the reader's homes have answered, as long as the homes are asked."""
    row = db.exec(select(Evaluation).where(Evaluation.proposal_id == proposal.id)).first() if proposal.stage is Stage.EVALUATING else None
    return answering(db, actor, row) if row else ()


def _entries(
    db: Session, actor: Actor, names: Names, proposal: Proposal, changes: list[StageChange], zone: str
) -> Iterator[Entry]:
    yield from story_before.concern(db, names, proposal)
    yield from story_before.moves(db, names, proposal, changes)
    yield from story_before.meetings(db, names, proposal)
    yield from story_before.votes(db, names, proposal)
    yield from story_after.notices(db, actor, names, proposal)
    yield from story_after.works(db, actor, names, proposal, changes, zone)
    yield from story_after.evaluation(db, names, proposal, zone)
    yield from story_after.upkeep(db, names, proposal)


def _supports(db: Session, actor: Actor, proposal: Proposal) -> bool:
    mine = select(ProposalSupport.id).where(ProposalSupport.proposal_id == proposal.id, ProposalSupport.person_id == actor.person_id)
    return actor.person_id is not None and db.exec(mine.where(col(ProposalSupport.withdrawn_at).is_(None))).first() is not None


def _card(db: Session, proposal: Proposal, entries: Sequence[Entry], zone: str) -> Card | None:
    poll = last_poll(db, proposal.id)
    outcome = outcome_of(poll) if poll else None
    if poll is None or outcome is None:
        return None
    shown = [each for each in entries if isinstance(each, Published)]
    last = shown[-1] if shown else None
    row = db.get(Notice, last.notice_id) if last else None
    live = [each for each in last.objections if not each.withdrawn] if last else []
    ended = row.ended_at if row and row.state is NoticeState.ENDED else None
    return Card(
        poll.id, outcome, decided(db, poll), counts.received(db, poll).m, clock.day_of(ended, zone) if ended else None,
        last.days if last else None, len(live), sum(1 for each in live if not each.open),
        row is not None and row.state is NoticeState.SENT_BACK,
    )  # fmt: skip


def _other(db: Session, proposal: Proposal | None, step: Move, changes: Sequence[StageChange]) -> Other | None:
    if proposal is None:
        return None
    poll = last_poll(db, proposal.id)
    won = decided(db, poll) if poll else ""
    why = next((each.reason for each in reversed(changes) if each.move is step), "")
    return Other(proposal.id, proposal.number, proposal.title, proposal.round, proposal.stage, proposal.problem, won, why)

