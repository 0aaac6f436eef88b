"""What a ballot paper says to the one who holds it, and what a receipt proves to anybody: never which way it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from models.community import Community
from models.poll import Ballot, BallotCode, Poll, RollEntry, RollUnit
from models.vocabulary import PollState, VotesBy
from services import clock, permission
from services.actors import Actor
from services.db import EVERYWHERE, reading
from services.errors import NotAllowed, NotFound, Refusal
from services.reads import rolls
from services.reads.outcomes import Answer, answers
from services.reads.polls import state_now
from services.rules import access, codes, polling
from services.rules.community_figures import figure


@dataclass(frozen=True)
class Paper:
    """One ballot paper: question, rule, answers, whose it is, and the answer given so far. `closed`: why none is taken now, or None."""

    poll_id: str
    number: str
    community_id: str
    community: str
    language: str
    zone: str
    question: str
    explanation: str
    rule: dict[str, Any]
    source: dict[str, Any]
    votes_by: VotesBy
    answers: tuple[Answer, ...]
    label: str
    unit_id: str
    state: PollState
    closes_at: datetime | None
    closed: Refusal | None
    choice: str = ""
    receipt: str = ""
    key: str = ""
    ticket: str = ""


@dataclass(frozen=True)
class Receipt:
    """That a ballot is in: of which vote, since when; what comes next. Nothing about its answer or its voter."""

    number: str
    poll_id: str
    poll_number: str
    question: str
    community_id: str
    zone: str
    state: PollState
    cast_at: datetime
    closes_at: datetime | None
    revealed_at: datetime | None
    notice_days: int


def by_tickets(tickets: Sequence[str]) -> list[Paper]:
    """The papers of these tickets that still hold, in their order. A ticket finds its community: this looks across them."""
    digests = {sha256(ticket.encode()).hexdigest(): ticket for ticket in tickets if ticket}
    if not digests:
        return []
    with reading(EVERYWHERE) as db:
        found = db.exec(select(BallotCode).where(col(BallotCode.ticket_sha256).in_(digests), col(BallotCode.withdrawn_at).is_(None))).all()
        by_ticket = {digests[str(row.ticket_sha256)]: row for row in found}
        return [
            _paper(db, db.get_one(Poll, row.poll_id), db.get_one(RollEntry, row.entry_id), key=row.id, ticket=ticket, code=row)
            for ticket in tickets
            if (row := by_ticket.get(ticket)) is not None
        ]


def of_person(actor: Actor, poll_id: str) -> list[Paper]:
    """The papers of somebody who is signed in: one a place on the roll. Raises NotFound, NotAllowed."""
    with reading(actor.community_id) as db:
        poll = db.get(Poll, poll_id)
        if poll is None:
            raise NotFound()
        known = permission.standing(db, actor, poll, frozenset({access.ON_ROLL}))
        if rolls.came_later(db, actor.person_id, poll):
            raise NotAllowed(rolls.CAME_LATER)
        if access.ON_ROLL not in known:
            raise NotAllowed(access.TABLE["poll.cast"].says if access.SIGNED_IN in known else access.SIGN_IN)
        return [_paper(db, poll, entry, key=entry.id) for entry in rolls.answers_for(db, actor.person_id, poll)]


def _paper(db: Session, poll: Poll, entry: RollEntry, *, key: str, ticket: str = "", code: BallotCode | None = None) -> Paper:
    community = db.get_one(Community, poll.community_id)
    ballot = db.exec(select(Ballot).where(Ballot.poll_id == poll.id, Ballot.entry_id == entry.id)).first()
    # A ticket sees the answer that it gave itself, no other one: a code that is made anew shows nobody what a home had voted.
    other = polling.why_not_by_code(ballot.channel, ballot.cast_at, code.issued_at) if ballot and code else None
    unit = db.exec(select(RollUnit.unit_id).where(RollUnit.entry_id == entry.id).order_by(RollUnit.unit_id)).first()
    return Paper(
        poll_id=poll.id, number=poll.number, community_id=poll.community_id, community=community.name, language=community.language,
        zone=community.time_zone, question=poll.question, explanation=poll.explanation, rule=poll.rule, source=poll.rule_source,
        votes_by=poll.votes_by, answers=answers(db, poll), label=entry.label, unit_id=unit or "", state=state_now(poll),
        closes_at=poll.closes_at, closed=polling.why_closed(poll.state, poll.closes_at, clock.now()) or other,
        choice=ballot.choice if ballot and not other else "",
        receipt=ballot.receipt if ballot else "", key=key, ticket=ticket,
    )  # fmt: skip


def receipt(typed: str) -> Receipt:
    """What the receipt with this number proves. Raises Invalid for one that cannot be, NotFound for one that is not."""
    number = codes.read(typed, codes.RECEIPT)
    with reading(EVERYWHERE) as db:
        ballot = db.exec(select(Ballot).where(Ballot.receipt == number)).first()
        if ballot is None:
            raise NotFound("No ballot has this number. Compare it with your receipt, group by group.")
        poll = db.get_one(Poll, ballot.poll_id)
        community = db.get_one(Community, poll.community_id)
        return Receipt(
            number, poll.id, poll.number, poll.question, community.id, community.time_zone, state_now(poll), ballot.cast_at,
            poll.closes_at, poll.revealed_at, figure(community.figures, "notice_days"),
        )  # fmt: skip


def may_vote(actor: Actor, poll_id: str) -> bool:
    """Whether somebody who is signed in stands behind a place on this roll."""
    if actor.person_id is None:
        return False
    with reading(actor.community_id) as db:
        poll = db.get(Poll, poll_id)
        return poll is not None and bool(rolls.answers_for(db, actor.person_id, poll))
