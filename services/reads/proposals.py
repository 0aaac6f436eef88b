"""Proposals as lists: with filters, search, order and pages; what waits for review, with its clock and what speaks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from models.community import Community, Estate
from models.proposal import Proposal, ProposalSupport, StageChange
from models.vocabulary import Category, Move, Stage, Step
from services import clock, permission
from services.actors import Actor
from services.db import reading
from services.errors import NotAllowed, Refusal
from services.reads import searching
from services.reads.stored_files import Shown, files_of
from services.reads.timed_out import timed_out
from services.reads.who import Names
from services.rules import due, lifecycle
from services.rules.community_figures import figure
from services.rules.due import Clock

SETS: dict[str, tuple[Stage, ...]] = {
    "support": (Stage.FILED,),
    "review": (Stage.ENDORSED, Stage.RETURNED),
    "talk": (Stage.ACCEPTED, Stage.DELIBERATING),
    "vote": (Stage.DECIDING, Stage.ADOPTED, Stage.NOTICE),
    "works": (Stage.EXECUTING, Stage.INSPECTING, Stage.EVALUATING),
    "ended": (Stage.CLOSED, Stage.KEPT_UP, Stage.REOPENED, Stage.REJECTED, Stage.DECLINED, Stage.WITHDRAWN),
}
"""What the list can be narrowed to, in the order of the loop; every stage is in exactly one."""
ORDERS = ("newest", "moved", "supported", "cost")


@dataclass(frozen=True)
class Row:
    """A proposal on a list. `supporters` are homes; `missing` how many more it needs while it waits for them.

    `over`: its notice or evaluation has no time left (`timed_out`).
    """

    id: str
    number: str
    title: str
    stage: Stage
    step: Step
    category: Category
    place: str
    estate: str
    cost_fen: int | None
    supporters: int
    supporters_needed: int
    filed_at: datetime
    stage_since: datetime
    round: int
    over: bool = False

    @property
    def missing(self) -> int:
        return max(0, self.supporters_needed - self.supporters)

    @property
    def finished(self) -> bool:
        return self.stage in (Stage.CLOSED, Stage.KEPT_UP)


@dataclass(frozen=True)
class Listed:
    """One page: `total` that fit, `all` there are."""

    rows: tuple[Row, ...]
    total: int
    all: int
    zone: str


def listed(
    actor: Actor,
    *,
    within: str = "",
    category: str = "",
    estate_id: str = "",
    search: str = "",
    mine: bool = False,
    order: str = "newest",
    page: int = 1,
    size: int = 12,
) -> Listed:
    """A page of the community's proposals. Unknown filters are left out; a page beyond the last one is the last one."""
    with reading(actor.community_id) as db:
        where = _where(category, estate_id, search, actor.person_id if mine else None)
        where += _within(within)
        total = db.exec(select(func.count()).select_from(Proposal).where(*where)).one()
        at = max(1, min(page, -(-total // size)))
        found = db.exec(select(Proposal).where(*where).order_by(*_order(order)).offset((at - 1) * size).limit(size)).all()
        names = dict(db.exec(select(Estate.id, Estate.name)).all())
        community = db.get(Community, actor.community_id) if actor.community_id else None
        return Listed(
            rows(db, found, names), total, db.exec(select(func.count()).select_from(Proposal)).one(),
            community.time_zone if community else "Asia/Shanghai",
        )  # fmt: skip


def counts(actor: Actor, *, category: str = "", estate_id: str = "", search: str = "", mine: bool = False) -> dict[str, int]:
    """How many of each set fit the other filters of `listed`."""
    with reading(actor.community_id) as db:
        where = _where(category, estate_id, search, actor.person_id if mine else None)
        found = dict(db.exec(select(Proposal.stage, func.count()).where(*where).group_by(col(Proposal.stage))).all())
        return {name: sum(found.get(stage, 0) for stage in stages) for name, stages in SETS.items()}


def _within(within: str) -> list[Any]:
    return [col(Proposal.stage).in_(SETS[within])] if within in SETS else []


def _where(category: str, estate_id: str, search: str, author_id: str | None) -> list[Any]:
    where: list[Any] = []
    if category in {each.value for each in Category}:
        where.append(Proposal.category == Category(category))
    if estate_id:
        where.append(Proposal.estate_id == estate_id)
    if author_id:
        where.append(Proposal.author_id == author_id)
    spots = (Proposal.title, Proposal.problem, Proposal.plan, Proposal.place, Proposal.number)
    return [*where, *(searching.says(word, *spots) for word in searching.words(search))]


def _order(order: str) -> tuple[Any, ...]:
    newest = (col(Proposal.filed_at).desc(), col(Proposal.number).desc())
    match order:
        case "moved":
            return (col(Proposal.stage_since).desc(), *newest)
        case "supported":
            homes = select(func.count(func.distinct(ProposalSupport.unit_id))).where(
                ProposalSupport.proposal_id == Proposal.id, col(ProposalSupport.withdrawn_at).is_(None)
            )
            return (homes.scalar_subquery().desc(), *newest)
        case "cost":
            return (func.coalesce(Proposal.cost_fen, 0).desc(), *newest)
    return newest


def rows(db: Session, found: Sequence[Proposal], estates: dict[str, str]) -> tuple[Row, ...]:
    """Proposals as rows, their supporters counted at once."""
    counts, over = supporters_of(db, [each.id for each in found]), timed_out(db, found)
    return tuple(
        Row(
            each.id, each.number, each.title, each.stage, lifecycle.STEP_OF[each.stage], each.category, each.place,
            estates.get(each.estate_id, ""), each.cost_fen, counts[each.id], each.supporters_needed, each.filed_at, each.stage_since,
            each.round, each.id in over,
        )
        for each in found
    )  # fmt: skip


def supporters_of(db: Session, ids: Iterable[str]) -> dict[str, int]:
    """Homes that support each of these proposals; supporters without a home here count one each."""
    counts = dict.fromkeys(ids, 0)
    homes: dict[str, set[str]] = {}
    live = select(ProposalSupport.proposal_id, ProposalSupport.unit_id, ProposalSupport.person_id).where(
        col(ProposalSupport.proposal_id).in_(list(counts)), col(ProposalSupport.withdrawn_at).is_(None)
    )
    for proposal_id, unit_id, person_id in db.exec(live):
        homes.setdefault(proposal_id, set()).add(unit_id or f"person:{person_id}")
    return counts | {key: len(each) for key, each in homes.items()}


# ---- review


@dataclass(frozen=True)
class Waiting:
    """A proposal that the committee has to read, or that still gathers support. `due` is None while it gathers."""

    row: Row
    due: datetime | None
    clock: Clock | None


@dataclass(frozen=True)
class Review:
    """What waits for the committee, the most pressing first."""

    ready: tuple[Waiting, ...]
    gathering: tuple[Waiting, ...]
    returned: int
    accepted: int
    zone: str
    review_days: int


@dataclass(frozen=True)
class Read:
    """One proposal before the reviewer: all that was written, what was said to it before, and for each act why it cannot be done."""

    row: Row
    problem: str
    plan: str
    beneficiaries: str
    carried_out_by: str
    author: str
    concern_id: str
    version: int
    due: datetime | None
    clock: Clock | None
    reasons: tuple[tuple[datetime, Move, str], ...]
    files: tuple[Shown, ...]
    doors: dict[str, Refusal | None]
    zone: str


def review(actor: Actor) -> Review:
    """What the committee has to read. Raises NotAllowed for anybody else."""
    with reading(actor.community_id) as db:
        _refuse_others(db, actor)
        community = db.get_one(Community, str(actor.community_id))
        days = figure(community.figures, "review_days")
        estates = dict(db.exec(select(Estate.id, Estate.name)).all())
        found = db.exec(select(Proposal).where(col(Proposal.stage).in_((Stage.FILED, Stage.ENDORSED)))).all()
        made = [_waiting(each, days, community.time_zone) for each in rows(db, found, estates)]
        month = clock.now() - timedelta(days=30)
        moves = dict(
            db.exec(
                select(StageChange.move, func.count())
                .where(StageChange.at >= month, col(StageChange.move).in_((Move.RETURN, Move.ACCEPT)))
                .group_by(col(StageChange.move))
            ).all()
        )
        return Review(
            tuple(sorted((each for each in made if each.due), key=lambda each: (each.due, each.row.number))),
            tuple(sorted((each for each in made if not each.due), key=lambda each: (each.row.missing, each.row.number))),
            moves.get(Move.RETURN, 0), moves.get(Move.ACCEPT, 0), community.time_zone, days,
        )  # fmt: skip


def why_not_review(actor: Actor) -> Refusal | None:
    """Why somebody cannot review anything."""
    with reading(actor.community_id) as db:
        return _why_not_review(db, actor)


def _why_not_review(db: Session, actor: Actor) -> Refusal | None:
    refusal = permission.why_not(db, actor, "proposal.accept")
    return refusal if isinstance(refusal, NotAllowed) else None


def _refuse_others(db: Session, actor: Actor) -> None:
    if refusal := _why_not_review(db, actor):
        raise refusal


def _waiting(row: Row, days: int, zone: str) -> Waiting:
    if row.stage is not Stage.ENDORSED:
        return Waiting(row, None, None)
    by = clock.end_after(row.stage_since, days, zone)
    return Waiting(row, by, due.clock(by, clock.now(), due.IN_DAYS))


def read(actor: Actor, proposal_id: str | None) -> Read | None:
    """One proposal for the reviewer; None where there is none to review under this id."""
    with reading(actor.community_id) as db:
        _refuse_others(db, actor)
        found = db.get(Proposal, proposal_id) if proposal_id else None
        if found is None or found.stage not in (Stage.FILED, Stage.ENDORSED):
            return None
        community = db.get_one(Community, found.community_id)
        estates = dict(db.exec(select(Estate.id, Estate.name)).all())
        waits = _waiting(rows(db, [found], estates)[0], figure(community.figures, "review_days"), community.time_zone)
        said = db.exec(
            select(StageChange).where(StageChange.proposal_id == found.id, StageChange.reason != "").order_by(col(StageChange.at))
        ).all()
        return Read(
            waits.row, found.problem, found.plan, found.beneficiaries, found.carried_out_by,
            Names(db, actor, [found.author_id]).name(found.author_id), found.concern_id or "", found.version, waits.due, waits.clock,
            tuple((each.at, each.move, each.reason) for each in said), files_of(db, f"proposal:{found.id}"),
            {action: permission.why_not(db, actor, action, found) for action in ("proposal.accept", "proposal.return", "proposal.decline")},
            community.time_zone,
        )  # fmt: skip
