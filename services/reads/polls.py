"""What the pages show of votes: the list, one vote with its doors, the outcome with its reasons. Never a trend before the reveal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from models.community import Community, Estate
from models.meeting import Meeting
from models.people import Person
from models.poll import Ballot, BallotCode, Poll, RollEntry
from models.proposal import Proposal
from models.vocabulary import PollMethod, PollState, Stage, VotesBy
from services import clock, permission
from services.actors import Actor
from services.db import reading
from services.errors import NotFound, Refusal, WrongStage
from services.reads import counts, rolls, searching
from services.reads.called_off import called_off
from services.reads.counts import Received
from services.reads.outcomes import Answer, Outcome, answers, outcome_of
from services.rules import polling
from services.rules.access import ON_ROLL, RESIDENT

DOORS = ("poll.renew_roll", "poll.codes", "poll.open", "poll.extend", "poll.close", "poll.reveal", "poll.cancel", "poll.recount")
AT = {
    "poll.renew_roll": (PollState.PREPARED,),
    "poll.codes": (PollState.PREPARED, PollState.OPEN),
    "poll.open": (PollState.PREPARED,),
    "poll.extend": (PollState.OPEN,),
    "poll.close": (PollState.OPEN,),
    "poll.reveal": (PollState.CLOSED,),
    "poll.cancel": (PollState.PREPARED, PollState.OPEN, PollState.CLOSED),
    "poll.recount": (PollState.REVEALED,),
}


@dataclass(frozen=True)
class Row:
    """A vote on a list. `state` is closed as soon as its time is over, whether or not anything has closed it yet."""

    id: str
    number: str
    question: str
    state: PollState
    proposal_id: str
    proposal: str
    closes_at: datetime | None
    revealed_at: datetime | None
    received: Received
    outcome: str
    mine: int
    mine_cast: int


@dataclass(frozen=True)
class Listed:
    """One page of votes: `total` that fit, `by_state` how many there are of each, `ready` matters that a vote may be prepared for."""

    rows: tuple[Row, ...]
    total: int
    by_state: dict[str, int]
    zone: str
    ready: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Mine:
    """A place on the roll that the reader answers for, and what was answered; the choice is nobody else's to see.

    `absent`: why it cannot answer, having not been present where the rule counts those present.
    """

    entry_id: str
    label: str
    choice: str = ""
    receipt: str = ""
    cast_at: datetime | None = None
    absent: Refusal | None = None


@dataclass(frozen=True)
class Line:
    """A line of the roll. `code`: "out" or "used" for whoever may hand codes out now; "" where there is none, and for everybody else."""

    entry_id: str
    label: str
    area: Decimal
    present: bool
    code: str = ""


@dataclass(frozen=True)
class Page:
    """One vote. `doors`: for each act the refusal, or None where it may be done; `roll` is None for whom it is not shown.

    `late`: why the reader, who belongs to a home on the roll only since after the opening, cannot answer for it.
    """

    id: str
    number: str
    question: str
    explanation: str
    state: PollState
    method: PollMethod
    votes_by: VotesBy
    where: str
    rule: dict[str, Any]
    source: dict[str, Any]
    answers: tuple[Answer, ...]
    proposal_id: str
    proposal_number: str
    proposal: str
    stage: Stage
    meeting: str
    meeting_title: str
    zone: str
    language: str
    prepared_by: str
    prepared_at: datetime
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    revealed_at: datetime | None
    cancelled_reason: str
    cancelled_at: datetime | None
    roll_digest: str
    poll_digest: str
    received: Received
    area: Decimal
    roll: tuple[Line, ...] | None
    codes_out: int
    codes_used: int
    mine: tuple[Mine, ...]
    late: Refusal | None
    doors: dict[str, Refusal | None]
    outcome: Outcome | None

    @property
    def counts_present(self) -> bool:
        """Whether it was noted who was there when it opened, because its rule counts those."""
        return self.rule.get("base") == "present" and self.opened_at is not None


def state_now(poll: Poll) -> PollState:
    """The state as a reader must take it: closed when the time is over."""
    return PollState.CLOSED if poll.state is PollState.OPEN and polling.over(poll.closes_at, clock.now()) else poll.state


def listed(
    actor: Actor, *, states: Sequence[PollState] = (), search: str = "", mine: bool = False, page: int = 1, size: int = 12
) -> Listed:
    """A page of votes, what runs first, then the newest; `mine`: only those on whose roll the reader is."""
    with reading(actor.community_id) as db:
        polls = list(db.exec(select(Poll)).all())
        by_state = {state.value: 0 for state in PollState}
        for poll in polls:
            by_state[state_now(poll).value] += 1
        titles = dict(db.exec(select(Proposal.id, Proposal.title)).all())
        fit = [
            poll
            for poll in polls
            if (not states or state_now(poll) in states)
            and searching.within(search, f"{poll.question} {poll.number} {titles[poll.proposal_id]}")
        ]
        if mine:
            own = rolls.entries_by_poll(db, actor.person_id, fit)
            fit = [poll for poll in fit if own[poll.id]]
        order = (PollState.OPEN, PollState.CLOSED, PollState.PREPARED, PollState.REVEALED, PollState.CANCELLED)
        fit.sort(key=lambda poll: (order.index(state_now(poll)), -poll.prepared_at.timestamp(), poll.id))
        shown = fit[(page - 1) * size : page * size]
        community = db.get(Community, actor.community_id)
        return Listed(
            _rows(db, actor, shown, titles),
            len(fit), by_state, community.time_zone if community else "Asia/Shanghai", _ready(db, actor, polls),
        )  # fmt: skip


def _rows(db: Session, actor: Actor, polls: Sequence[Poll], titles: Mapping[str, str]) -> tuple[Row, ...]:
    own, came = rolls.entries_by_poll(db, actor.person_id, polls), counts.received_by_poll(db, polls)
    mine = set().union(*own.values())
    cast, absent = set(db.exec(select(Ballot.entry_id).where(col(Ballot.entry_id).in_(mine))).all()), rolls.absent(db, polls, mine)
    return tuple(
        Row(
            poll.id, poll.number, poll.question, state_now(poll), poll.proposal_id, titles[poll.proposal_id], poll.closes_at,
            poll.revealed_at, came[poll.id], str(poll.outcome.get("outcome", "")) if poll.state is PollState.REVEALED else "",
            len(own[poll.id] - absent), len(own[poll.id] & cast),
        )
        for poll in polls
    )  # fmt: skip


def _ready(db: Session, actor: Actor, polls: Sequence[Poll]) -> tuple[tuple[str, str, str], ...]:
    """(id, number, title) of the matters that this reader may prepare a vote for now."""
    busy = {poll.proposal_id for poll in polls if poll.state in (PollState.PREPARED, PollState.OPEN, PollState.CLOSED)}
    found = db.exec(select(Proposal).where(Proposal.stage == Stage.DELIBERATING).order_by(col(Proposal.number).desc())).all()
    return tuple(
        (each.id, each.number, each.title)
        for each in found
        if each.id not in busy and permission.why_not(db, actor, "poll.prepare", each) is None
    )


def page(actor: Actor, poll_id: str | None) -> Page:
    """One vote as this reader may see it. Raises NotFound for an absent or foreign one."""
    with reading(actor.community_id) as db:
        poll = db.get(Poll, poll_id) if poll_id else None
        if poll is None:
            raise NotFound()
        proposal = db.get_one(Proposal, poll.proposal_id)
        meeting = db.get(Meeting, poll.meeting_id) if poll.meeting_id else None
        community = db.get_one(Community, poll.community_id)
        entries = rolls.entries(db, poll.id)
        live = db.exec(select(BallotCode).where(BallotCode.poll_id == poll.id, col(BallotCode.withdrawn_at).is_(None))).all()
        used = {code.entry_id for code in live if code.exchanged_at}
        open_doors = doors(db, actor, poll)
        state_of = {code.entry_id: "used" if code.entry_id in used else "out" for code in live if open_doors["poll.codes"] is None}
        known = permission.standing(db, actor, poll)
        open_roll = RESIDENT in known or bool(actor.roles) or ON_ROLL in known
        lines = tuple(Line(each.id, each.label, each.area, each.present, state_of.get(each.id, "")) for each in entries)
        return Page(
            id=poll.id, number=poll.number, question=poll.question, explanation=poll.explanation, state=state_now(poll),
            method=poll.method, votes_by=poll.votes_by, where=where(db, poll), rule=poll.rule, source=poll.rule_source,
            answers=answers(db, poll),
            proposal_id=proposal.id, proposal_number=proposal.number, proposal=proposal.title, stage=proposal.stage,
            meeting=meeting.id if meeting else "", meeting_title=meeting.title if meeting else "", zone=community.time_zone,
            language=community.language, prepared_by=db.get_one(Person, poll.prepared_by).name if actor.person_id else "",
            prepared_at=poll.prepared_at, opened_at=poll.opened_at, closes_at=poll.closes_at, closed_at=poll.closed_at,
            revealed_at=poll.revealed_at, cancelled_reason=poll.cancelled_reason,
            cancelled_at=_cancelled_at(db, poll), roll_digest=poll.roll_digest,
            poll_digest=poll.poll_digest,
            received=counts.received(db, poll), area=sum((entry.area for entry in entries), Decimal(0)),
            roll=lines if open_roll else None, codes_out=len(live), codes_used=len(used), mine=mine(db, actor.person_id, poll),
            late=rolls.why_late(db, actor.person_id, poll), doors=open_doors, outcome=outcome_of(poll),
        )  # fmt: skip


def _cancelled_at(db: Session, poll: Poll) -> datetime | None:
    found = called_off(db, poll) if poll.state is PollState.CANCELLED else None
    return found[0] if found else None


@dataclass(frozen=True)
class Live:
    """What changes while a vote is open."""

    state: PollState
    received: Received


def live(actor: Actor, poll_id: str) -> Live:
    """State and received, for a view that follows. Raises NotFound."""
    with reading(actor.community_id) as db:
        poll = db.get(Poll, poll_id)
        if poll is None:
            raise NotFound()
        return Live(state_now(poll), counts.received(db, poll))


def doors(db: Session, actor: Actor, poll: Poll) -> dict[str, Refusal | None]:
    """For each act why it may not be done now, or None: who may, at which stage of the matter, at which state of the vote."""
    state = state_now(poll)
    found: dict[str, Refusal | None] = {}
    for action in DOORS:
        refusal = permission.why_not(db, actor, action, poll)
        if state not in AT[action] and (refusal is None or isinstance(refusal, WrongStage)):
            refusal = _too_early_or_late(action, state)
        found[action] = refusal
    if poll.state is PollState.OPEN and state is PollState.CLOSED and isinstance(found["poll.reveal"], WrongStage):
        found["poll.reveal"] = permission.why_not(db, actor, "poll.reveal", poll)
    return found


def _too_early_or_late(action: str, state: PollState) -> Refusal:
    if state is PollState.CANCELLED:
        return WrongStage("This vote was called off.")
    if action == "poll.recount":
        return WrongStage("The ballots can be recounted after the reveal.")
    if action == "poll.reveal" and state in (PollState.PREPARED, PollState.OPEN):
        return WrongStage("Voting is still open. Close it first, then show the result.")
    if state is PollState.PREPARED:
        return WrongStage("This vote has not begun yet.")
    if action == "poll.renew_roll":
        return WrongStage("The roll was frozen when the vote opened. Nothing is changed in it any more.")
    if action == "poll.open":
        return WrongStage("This vote was opened already, or it has ended.")
    return WrongStage("Voting is over. Nothing is taken any more.")


def mine(db: Session, person_id: str | None, poll: Poll) -> tuple[Mine, ...]:
    """The places on the roll that this person answers for, with the ballot of each."""
    entries = rolls.answers_for(db, person_id, poll)
    cast = {each.entry_id: each for each in db.exec(select(Ballot).where(col(Ballot.entry_id).in_([entry.id for entry in entries]))).all()}
    base = "present" if rolls.only_present(poll) else ""
    return tuple(_own(entry, cast.get(entry.id), base) for entry in entries)


def _own(entry: RollEntry, ballot: Ballot | None, base: str) -> Mine:
    if ballot is None:
        return Mine(entry.id, entry.label, absent=polling.why_absent(base, entry.present))
    return Mine(entry.id, entry.label, ballot.choice, ballot.receipt, ballot.cast_at)


def where(db: Session, poll: Poll) -> str:
    """The ground of the roll in the community's own words: the estate, its building; "" for homes named one by one."""
    kind, _, rest = poll.scope.partition(":")
    estate = db.get(Estate, rest.partition(":")[0]) if kind in ("estate", "building") else None
    if estate is None:
        return ""
    return f"{estate.name} {rest.partition(':')[2]}".strip()
