"""A poll as the count sees it: plain values, the poll/1 document, the stored outcome, and how many ballots are in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, case, col, func, select

from models.poll import Ballot, Poll, PollOption, RollEntry
from models.vocabulary import PollMethod, VotesBy
from services.exchange import poll_json
from services.reads import rolls
from services.rules import poll as rules


@dataclass(frozen=True)
class Received:
    """How many ballots came in (`n`) of how many who can vote (`m`): all that anybody learns before the reveal.

    `roll`: how many are on the roll; more than `m` where the rule counts those present, and not all are.
    """

    n: int
    m: int
    roll: int


def received(db: Session, poll: Poll) -> Received:
    """Ballots in, who can vote, who is on the roll."""
    return received_by_poll(db, [poll])[poll.id]


def received_by_poll(db: Session, polls: Sequence[Poll]) -> dict[str, Received]:
    """The same for several votes, by their ids."""
    ids = [poll.id for poll in polls]
    cast = dict(db.exec(select(Ballot.poll_id, func.count()).where(col(Ballot.poll_id).in_(ids)).group_by(Ballot.poll_id)).all())
    here = func.sum(case((col(RollEntry.present).is_(True), 1), else_=0))
    roll = select(RollEntry.poll_id, func.count(), here).where(col(RollEntry.poll_id).in_(ids)).group_by(RollEntry.poll_id)
    on = {poll_id: (n, present) for poll_id, n, present in db.exec(roll).all()}
    found = {}
    for poll in polls:
        whole, there = on.get(poll.id, (0, 0))
        found[poll.id] = Received(cast.get(poll.id, 0), int(there) if rolls.only_present(poll) else whole, whole)
    return found


def options(db: Session, poll: Poll) -> list[PollOption]:
    """The answers in the order of the ballot paper."""
    found = select(PollOption).where(PollOption.poll_id == poll.id)
    return list(db.exec(found.order_by(col(PollOption.position), PollOption.id)).all())


def plain(db: Session, poll: Poll) -> rules.Poll:
    """The poll with roll and ballots as stored now, in the order of the roll's ids: what `tally.count` takes.

    Voters are named by the ids of their roll entries: nobody's name or home leaves the database with the document, and no
    floor area where homes are counted one by one.
    """
    roll = db.exec(select(RollEntry).where(RollEntry.poll_id == poll.id).order_by(RollEntry.id)).all()
    ballots = db.exec(select(Ballot).where(Ballot.poll_id == poll.id).order_by(Ballot.entry_id)).all()
    by_area = poll.votes_by is VotesBy.OWNER
    return rules.Poll(
        method="yes_no" if poll.method is PollMethod.YES_NO else "approval",
        rule=poll_json.rule(poll.rule),
        options=tuple(rules.Option(each.code, each.title) for each in options(db, poll)),
        roll=tuple(rules.Voter(each.id, each.area if by_area else None, each.weight) for each in roll),
        ballots=tuple(rules.Ballot((each.choice,), each.entry_id, channel=each.channel.value) for each in ballots),
        present=tuple(each.id for each in roll if each.present),
        title=poll.question,
    )


def document(db: Session, poll: Poll) -> dict[str, object]:
    """The poll/1 document of `plain`; its digest (`exchange.bundle.poll_digest`) stands in the event poll.reveal."""
    return poll_json.document(plain(db, poll))


def stored_outcome(poll: Poll) -> dict[str, Any]:
    """The outcome as `recount --json` gives it; the reasons as sentences to translate stay in the database."""
    return {name: value for name, value in poll.outcome.items() if name != "sentences"}
