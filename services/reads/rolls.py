"""What a roll says: for which of its entries somebody may answer, its rows, and its place in a count."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, or_, select

from models.people import Person, Residence
from models.poll import Poll, RollEntry, RollUnit
from models.vocabulary import Tie, VotesBy
from services.rules.roll import natural


def answers_for(db: Session, person_id: str | None, poll: Poll) -> list[RollEntry]:
    """The entries for which this person may answer: a confirmed adult of the home, or a confirmed adult owner. Minors: none."""
    person = db.get(Person, person_id) if person_id else None
    if person is None or not person.adult or person.erased_at is not None:
        return []
    units = select(Residence.unit_id).where(
        Residence.person_id == person.id, col(Residence.confirmed_at).is_not(None), col(Residence.ended_at).is_(None)
    )
    if poll.votes_by is VotesBy.OWNER:
        units = units.where(Residence.tie == Tie.OWNER)
    behind = select(RollUnit.entry_id).where(RollUnit.poll_id == poll.id, col(RollUnit.unit_id).in_(units))
    found = db.exec(
        select(RollEntry).where(RollEntry.poll_id == poll.id, or_(RollEntry.person_id == person.id, col(RollEntry.id).in_(behind)))
    ).all()
    return in_order(found)


def entries(db: Session, poll_id: str) -> list[RollEntry]:
    """The whole roll, in the order of its labels."""
    return in_order(db.exec(select(RollEntry).where(RollEntry.poll_id == poll_id)).all())


def in_order(rows: Sequence[RollEntry]) -> list[RollEntry]:
    """"70-1-9" before "70-1-10"."""
    return sorted(rows, key=lambda row: (natural(row.label), row.id))
