"""What a ballot paper says to the one who holds it, and what a receipt proves to anybody: never which way it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, and_, col, func, select

from models.community import Community
from models.meeting import Meeting
from models.poll import Ballot, BallotCode, Poll, RollEntry, RollUnit
from models.vocabulary import MeetingState, PollState, VotesBy
from services import clock, permission
from services.actors import Actor
from services.db import EVERYWHERE, reading
from services.errors import NotAllowed, NotFound, Refusal
from services.reads import rolls
from services.reads.outcomes import Answer, answers
from services.reads.polls import state_now
from services.reads.revealed import notice_days
from services.rules import access, codes, polling


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
    cancelled_reason: str = ""


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
    table: str
    """The code of the meeting that is being held on it, "" for none."""


@dataclass(frozen=True)
class Held:
    """A ticket that still holds, and where it leads."""

    key: str
    ticket: str
    community_id: str
    poll_id: str
    closes_at: datetime | None


# A ticket finds its community, so both look across them. Built once: a whole room asks at once.
_TICKETS = (col(BallotCode.ticket_sha256).in_(sa.bindparam("tickets", expanding=True)), col(BallotCode.withdrawn_at).is_(None))
_HELD = (
    sa.select(*map(col, (BallotCode.id, BallotCode.ticket_sha256, BallotCode.community_id, BallotCode.poll_id, Poll.closes_at)))
    .join(Poll, col(Poll.id) == BallotCode.poll_id)
    .where(*_TICKETS)
)
_HOME = select(func.min(RollUnit.unit_id)).where(RollUnit.entry_id == RollEntry.id).correlate(RollEntry).scalar_subquery()
_PAPERS = (
    sa.select(BallotCode, Poll, RollEntry, Community, Ballot, _HOME)
    .join(Poll, col(Poll.id) == BallotCode.poll_id)
    .join(RollEntry, col(RollEntry.id) == BallotCode.entry_id)
    .join(Community, col(Community.id) == BallotCode.community_id)
    .outerjoin(Ballot, and_(col(Ballot.poll_id) == BallotCode.poll_id, col(Ballot.entry_id) == BallotCode.entry_id))
    .where(*_TICKETS)
)


def _digests(tickets: Sequence[str]) -> dict[str, str]:
    return {sha256(ticket.encode()).hexdigest(): ticket for ticket in tickets if ticket}


def held(tickets: Sequence[str]) -> list[Held]:
    """Those of these tickets that still hold, in their order."""
    digests = _digests(tickets)
    if not digests:
        return []
    with reading(EVERYWHERE) as db:
        rows = db.execute(_HELD, {"tickets": list(digests)}).all()
    by_ticket = {digests[digest]: Held(key, digests[digest], where, poll_id, closes) for key, digest, where, poll_id, closes in rows}
    return [by_ticket[ticket] for ticket in tickets if ticket in by_ticket]


def by_tickets(tickets: Sequence[str]) -> list[Paper]:
    """The papers of these tickets that still hold, in their order."""
    digests = _digests(tickets)
    if not digests:
        return []
    with reading(EVERYWHERE) as db:
        by_ticket = {digests[str(row[0].ticket_sha256)]: row for row in db.execute(_PAPERS, {"tickets": list(digests)})}
        return [
            _paper(db, poll, entry, community, ballot, unit, key=code.id, ticket=ticket, code=code)
            for ticket in tickets
            if ticket in by_ticket
            for code, poll, entry, community, ballot, unit in [by_ticket[ticket]]
        ]


def of_person(actor: Actor, poll_id: str) -> list[Paper]:
    """The papers of somebody who is signed in: one a place on the roll. Raises NotFound, NotAllowed."""
    with reading(actor.community_id) as db:
        poll = db.get(Poll, poll_id)
        if poll is None:
            raise NotFound()
        known = permission.standing(db, actor, poll, frozenset({access.ON_ROLL}))
        if late := rolls.why_late(db, actor.person_id, poll):
            raise late
        if access.ON_ROLL not in known:
            raise NotAllowed(access.TABLE["poll.cast"].says if access.SIGNED_IN in known else access.SIGN_IN)
        community = db.get_one(Community, poll.community_id)
        found = []
        for entry in rolls.answers_for(db, actor.person_id, poll):
            ballot = db.exec(select(Ballot).where(Ballot.poll_id == poll.id, Ballot.entry_id == entry.id)).first()
            unit = db.exec(select(func.min(RollUnit.unit_id)).where(RollUnit.entry_id == entry.id)).one()
            found.append(_paper(db, poll, entry, community, ballot, unit, key=entry.id))
        return found


def _paper(
    db: Session, poll: Poll, entry: RollEntry, community: Community, ballot: Ballot | None, unit: str | None, *, key: str,
    ticket: str = "", code: BallotCode | None = None,
) -> Paper:  # fmt: skip
    # A ticket sees the answer that it gave itself, no other one: a code that is made anew shows nobody what a home had voted.
    other = polling.why_not_by_code(ballot.channel, ballot.cast_at, code.issued_at) if ballot and code else None
    closed = polling.why_closed(poll.state, poll.closes_at, clock.now()) or polling.why_absent(poll.rule.get("base", ""), entry.present)
    return Paper(
        poll_id=poll.id, number=poll.number, community_id=poll.community_id, community=community.name, language=community.language,
        zone=community.time_zone, question=poll.question, explanation=poll.explanation, rule=poll.rule, source=poll.rule_source,
        votes_by=poll.votes_by, answers=answers(db, poll), label=entry.label, unit_id=unit or "", state=state_now(poll),
        closes_at=poll.closes_at, closed=closed or other,
        choice=ballot.choice if ballot and not other else "",
        receipt=ballot.receipt if ballot else "", key=key, ticket=ticket,
        cancelled_reason=poll.cancelled_reason,
    )  # fmt: skip


def receipt(typed: str) -> Receipt:
    """What the receipt with this number proves. Raises Invalid for one that cannot be, NotFound for one that is not."""
    number = codes.read(typed, codes.RECEIPT)
    with reading(EVERYWHERE) as db:
        ballot = db.exec(select(Ballot).where(Ballot.receipt == number)).first()
        if ballot is None:
            raise NotFound("No ballot has this number. Compare it with your receipt, group by group.")
        poll = db.get_one(Poll, ballot.poll_id)
        meeting = db.get(Meeting, poll.meeting_id) if poll.meeting_id else None
        community = db.get_one(Community, poll.community_id)
        return Receipt(
            number, poll.id, poll.number, poll.question, community.id, community.time_zone, state_now(poll), ballot.cast_at,
            poll.closes_at, poll.revealed_at, notice_days(db, poll, community),
            meeting.code if meeting is not None and meeting.state is MeetingState.HELD else "",
        )  # fmt: skip


def may_vote(actor: Actor, poll_id: str) -> bool:
    """Whether somebody who is signed in stands behind a place on this roll."""
    if actor.person_id is None:
        return False
    with reading(actor.community_id) as db:
        poll = db.get(Poll, poll_id)
        return poll is not None and bool(rolls.answers_for(db, actor.person_id, poll))
