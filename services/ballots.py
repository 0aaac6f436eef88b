"""投票: a ballot by login or by one-time code, one a voter, changeable until the close; codes are kept as digests only."""

from __future__ import annotations

import secrets
from hashlib import sha256

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.poll import Ballot, BallotCode, Poll, PollOption, RollEntry, RollUnit
from models.proposal import Proposal
from models.vocabulary import Channel, PollState
from services import attempts, once
from services.actors import visitor
from services.db import EVERYWHERE, reading
from services.errors import Invalid, NotAllowed, NotFound
from services.permission import require
from services.reads import rolls
from services.rules import access, codes, polling
from services.work import Work, do, random_bytes

DOOR = "ballot"
USED = "This code is used. Ask the committee for another."
UNKNOWN = "No vote belongs to this code. Compare it with the paper, or ask the committee for another."
# Built once, for a whole room comes at once. A code with all that is asked about it, in one go:
_WITH_MATTER = (
    select(BallotCode, RollEntry, Poll, Proposal)
    .join(RollEntry, col(RollEntry.id) == BallotCode.entry_id)
    .join(Poll, col(Poll.id) == BallotCode.poll_id)
    .join(Proposal, col(Proposal.id) == Poll.proposal_id)
)
_WHERE = sa.select(col(BallotCode.community_id)).where(col(BallotCode.code_sha256) == sa.bindparam("code"))
_NAMED = sa.or_(col(PollOption.code) == sa.bindparam("choice"), col(PollOption.title) == sa.bindparam("choice"))
_ANSWER = sa.select(col(PollOption.code)).where(col(PollOption.poll_id) == sa.bindparam("poll"), _NAMED)
_CAST = sa.select(Ballot).where(col(Ballot.poll_id) == sa.bindparam("poll"), col(Ballot.entry_id) == sa.bindparam("entry"))
_TAKEN = sa.select(col(Ballot.id)).where(col(Ballot.receipt) == sa.bindparam("receipt"))


def cast(work: Work, *, poll_id: str, choice: str, unit_id: str | None = None) -> Ballot:
    """Vote as somebody on the roll, or change one's vote. `unit_id` where somebody answers for several homes."""
    poll = work.fetch(Poll, poll_id, share=True)
    polling.require_open(poll.state, poll.closes_at, work.moment)
    if late := rolls.why_late(work.db, work.actor.person_id, poll, unit_id):
        raise late
    require(work, "poll.cast", poll)
    entries = rolls.answers_for(work.db, work.actor.person_id, poll)
    if unit_id is not None:
        behind = set(work.db.exec(select(RollUnit.entry_id).where(RollUnit.poll_id == poll.id, RollUnit.unit_id == unit_id)).all())
        entries = [entry for entry in entries if entry.id in behind]
    if not entries:
        raise NotAllowed(access.TABLE["poll.cast"].says)
    if len(entries) > 1:
        raise Invalid("You answer for several homes here. Choose one of them.", field="home")
    return _put(work, poll, entries[0], choice, Channel.WEB)


def cast_by_ticket(work: Work, *, ticket: str, choice: str) -> Ballot:
    """Vote with the ticket that a one-time code was exchanged for: it stands for a place on the roll.

    It changes what was cast with the same code, never what somebody cast who had signed in, nor what stood before the code was made.
    """
    found = _of_ticket(work.db, ticket)
    code = found[0]
    poll = work.fetch(Poll, code.poll_id, share=True)
    polling.require_open(poll.state, poll.closes_at, work.moment)
    work.renew(code)
    if code.withdrawn_at is not None:
        raise Invalid(USED)
    proposal = work.fetch(Proposal, poll.proposal_id)
    if refusal := access.why_not("poll.cast", frozenset({access.ON_ROLL}), proposal.stage):
        raise refusal
    return _put(work, poll, work.fetch(RollEntry, code.entry_id), choice, Channel.CODE, code)


def exchange(work: Work, *, code: str) -> str:
    """Turn a one-time code into a ticket, at once and once only. Raises Invalid: unknown, used, withdrawn; WrongStage: over."""
    found = work.db.exec(_WITH_MATTER.where(BallotCode.code_sha256 == _digest(codes.normal(code)))).first()
    if found is None:
        raise Invalid(UNKNOWN, field="code")
    row = found[0]
    poll = work.fetch(Poll, row.poll_id, share=True)
    require(work, "poll.exchange", poll)
    row = work.fetch(BallotCode, row.id, lock=True)
    used = row.withdrawn_at is not None or row.exchanged_at is not None
    if used and poll.state is PollState.PREPARED:
        raise Invalid(USED, field="code")
    polling.require_open(poll.state, poll.closes_at, work.moment)  # a used code of a vote that is over needs no other one
    if used:
        raise Invalid(USED, field="code")
    ticket = secrets.token_urlsafe(32)
    row.exchanged_at, row.ticket_sha256 = work.moment, _digest(ticket)
    work.db.flush()
    work.record("poll.exchange", row)
    return ticket


def issue(work: Work, poll: Poll, entry_id: str | None, form: str = "") -> list[tuple[str, str]]:
    """New codes for a poll whose row is locked, for all entries or for one; earlier codes and tickets of these are withdrawn.

    Once an open vote counts those present, for these alone. The same form sent again makes none. Raises Conflict.
    """
    first = once.name(work, form)
    if earlier := work.db.get(BallotCode, first):
        raise once.printed(work, earlier.issued_at)
    entries = [work.fetch(RollEntry, entry_id)] if entry_id else rolls.entries(work.db, poll.id)
    if any(entry.poll_id != poll.id for entry in entries):
        raise NotFound()
    if shut := rolls.absent(work.db, [poll], [entry.id for entry in entries]):
        if entry_id and (refusal := polling.why_absent("present", present=False)):
            raise refusal
        entries = [entry for entry in entries if entry.id not in shut]
    wanted = {entry.id for entry in entries}
    old = work.db.exec(select(BallotCode).where(BallotCode.poll_id == poll.id, col(BallotCode.withdrawn_at).is_(None))).all()
    withdrawn = [row for row in old if row.entry_id in wanted]
    for row in withdrawn:
        row.withdrawn_at = work.moment
    made: list[tuple[str, str]] = []
    for place, entry in enumerate(entries):
        code = codes.make(codes.ONE_TIME, secrets.token_bytes(codes.ONE_TIME.bytes))
        work.db.add(
            BallotCode(
                id=work.new_id() if place else first, community_id=work.community_id, poll_id=poll.id, entry_id=entry.id,
                code_sha256=_digest(code), issued_at=work.moment, issued_by=str(work.actor.person_id),
            )  # fmt: skip
        )
        made.append((entry.label, code))
    work.db.flush()
    work.record("poll.codes", poll, issued=len(made), withdrawn=len(withdrawn))
    work.touch(f"poll:{poll.id}")
    return made


def enter(code: str, browser: str, asks: str) -> str:
    """The way in by code, for the door: the ticket. Unknown codes are counted by `asks` (who tried: an address) and slow down guessing.

    A code that is somebody's, but used or too late, is no guess: a room that scans late is not kept from its next vote. The code's
    community is found by the code, so this looks across communities. Raises Refusal.
    """
    with attempts.counted(DOOR, asks):
        with reading(EVERYWHERE) as db:
            found = db.execute(_WHERE, {"code": _digest(codes.normal(code))}).scalars().first()
        if found is None:
            codes.read(code, codes.ONE_TIME)
            raise Invalid(UNKNOWN, field="code")
    return do(visitor(found, browser), exchange, code=code)


def fits(ticket: str, code: str) -> bool:
    """Whether this ticket was given for this code: somebody scans the same sheet again on the same phone."""
    with reading(EVERYWHERE) as db:
        row = db.exec(select(BallotCode).where(BallotCode.code_sha256 == _digest(codes.normal(code)))).first()
        return row is not None and row.withdrawn_at is None and row.ticket_sha256 == _digest(ticket)


def _put(work: Work, poll: Poll, entry: RollEntry, choice: str, channel: Channel, by: BallotCode | None = None) -> Ballot:
    """Insert or replace, under the lock of the voter's own row, so that two taps at once are one ballot."""
    if refusal := polling.why_absent(poll.rule.get("base", ""), entry.present):
        raise refusal
    code = work.db.execute(_ANSWER, {"poll": poll.id, "choice": choice}).scalars().first() if choice else None
    if code is None:
        raise Invalid("Choose one of the answers, then cast your vote.", field="choice")
    work.fetch(RollEntry, entry.id, lock=True)
    told = work.db.execute(_CAST, {"poll": poll.id, "entry": entry.id}, execution_options={"populate_existing": True})
    ballot: Ballot | None = told.scalars().first()
    if ballot is not None and by is not None and (refusal := polling.why_not_by_code(ballot.channel, ballot.cast_at, by.issued_at)):
        raise refusal
    if ballot is None:
        ballot = Ballot(
            id=work.new_id(), community_id=work.community_id, poll_id=poll.id, entry_id=entry.id, choice=code, channel=channel,
            cast_by=work.actor.person_id, cast_at=work.moment, receipt=_receipt(work.db),
        )  # fmt: skip
        work.add(ballot)
        work.record("poll.cast", ballot, channel=channel.value, again=False)
    elif ballot.choice != code or ballot.channel is not channel:  # the same answer, signed in, is no longer its code's to change
        ballot.choice, ballot.channel, ballot.cast_by, ballot.cast_at = code, channel, work.actor.person_id, work.moment
        work.db.flush()
        work.record("poll.cast", ballot, channel=channel.value, again=True)
    else:
        return ballot
    work.touch(f"poll:{poll.id}", *([f"meeting:{poll.meeting_id}"] if poll.meeting_id else []))
    return ballot


def _receipt(db: Session) -> str:
    """A number that no other ballot has."""
    while True:
        code = codes.make(codes.RECEIPT, random_bytes(codes.RECEIPT.bytes))
        if db.execute(_TAKEN, {"receipt": code}).first() is None:
            return code


def _of_ticket(db: Session, ticket: str) -> tuple[BallotCode, RollEntry, Poll, Proposal]:
    """The code and its matter, all of it: the session forgets what nobody holds, and would ask again."""
    found = db.exec(_WITH_MATTER.where(BallotCode.ticket_sha256 == _digest(ticket))).first() if ticket else None
    if found is None or found[0].withdrawn_at is not None:
        raise Invalid(USED)
    return found


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
