"""A stored poll as the plain values that are counted, and as the poll/1 document that anybody can recount."""

from __future__ import annotations

from sqlmodel import Session, col, select

from models.poll import Ballot, Poll, PollOption, RollEntry
from models.vocabulary import PollMethod
from services.exchange import poll_json
from services.rules import poll as rules


def plain(db: Session, poll: Poll) -> rules.Poll:
    """The poll with roll and ballots as stored now, in the order of the roll's ids: what `tally.count` takes.

    Voters are named by the ids of their roll entries: nobody's name or home leaves the database with the document.
    """
    options = db.exec(select(PollOption).where(PollOption.poll_id == poll.id).order_by(col(PollOption.position), PollOption.id)).all()
    roll = db.exec(select(RollEntry).where(RollEntry.poll_id == poll.id).order_by(RollEntry.id)).all()
    ballots = db.exec(select(Ballot).where(Ballot.poll_id == poll.id).order_by(Ballot.entry_id)).all()
    return rules.Poll(
        method="yes_no" if poll.method == PollMethod.YES_NO else "approval",
        rule=poll_json.rule(poll.rule),
        options=tuple(rules.Option(each.code, each.title) for each in options),
        roll=tuple(rules.Voter(each.id, each.area, each.weight) for each in roll),
        ballots=tuple(rules.Ballot((each.choice,), each.entry_id, channel=each.channel.value) for each in ballots),
        title=poll.question,
    )


def document(db: Session, poll: Poll) -> dict[str, object]:
    """The poll/1 document of `plain`; its digest (`exchange.bundle.poll_digest`) goes into the event poll.reveal."""
    return poll_json.document(plain(db, poll))
