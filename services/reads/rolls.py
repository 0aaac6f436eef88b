"""What a roll says: who may answer for which of its entries, its rows, and its place in a count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from models.people import Person, Residence
from models.poll import Poll, RollEntry, RollUnit, RollVoter
from models.vocabulary import PollState, Tie, VotesBy
from services.errors import NotAllowed, Refusal
from services.rules import polling
from services.rules.roll import natural

GROWN = (col(Person.adult).is_(True), col(Person.erased_at).is_(None))
CAME_LATER = (
    "The roll was frozen when this vote opened, before you were registered with your home."
    " Ask the committee for a code of this home, or vote in the next one."
)
"""To somebody who would answer for a home on the roll, had they been registered with it in time."""


def voters(poll: Poll) -> Select[str, str]:
    """(entry, person): who may answer for what. As frozen at the opening; before it, as the register would have it now."""
    if poll.opened_at is None:
        return registered(poll)
    found = select(RollVoter.entry_id, RollVoter.person_id).join(Person, col(Person.id) == RollVoter.person_id)
    return found.where(RollVoter.poll_id == poll.id, *GROWN)


def registered(poll: Poll) -> Select[str, str]:
    """(entry, person) by today's register: the confirmed adults of the homes behind it, in owners' votes the owners. Minors: none."""
    found = (
        select(RollUnit.entry_id, Residence.person_id)
        .join(Residence, col(Residence.unit_id) == RollUnit.unit_id)
        .join(Person, col(Person.id) == Residence.person_id)
        .where(RollUnit.poll_id == poll.id, col(Residence.confirmed_at).is_not(None), col(Residence.ended_at).is_(None), *GROWN)
        .distinct()
    )
    return found.where(Residence.tie == Tie.OWNER) if poll.votes_by is VotesBy.OWNER else found


def only_present(poll: Poll) -> bool:
    """Whether, of this roll, only those who were present at the opening can answer."""
    return poll.rule.get("base") == "present" and poll.opened_at is not None


def absent(db: Session, polls: Sequence[Poll], entry_ids: Iterable[str]) -> set[str]:
    """Those of these entries that cannot answer, because they were not present at the opening."""
    strict = [poll.id for poll in polls if only_present(poll)]
    wanted = (col(RollEntry.poll_id).in_(strict), col(RollEntry.present).is_(False), col(RollEntry.id).in_(set(entry_ids)))
    return set(db.exec(select(RollEntry.id).where(*wanted)).all()) if strict else set()


def answers_for(db: Session, person_id: str | None, poll: Poll) -> list[RollEntry]:
    """The entries for which this person may answer."""
    if person_id is None:
        return []
    own = voters(poll).where(Person.id == person_id).subquery()
    return in_order(db.exec(select(RollEntry).where(col(RollEntry.id).in_(select(own.c.entry_id)))).all())


def entries_by_poll(db: Session, person_id: str | None, polls: Sequence[Poll]) -> dict[str, set[str]]:
    """For each of these votes, by its id, the ids of the entries for which this person may answer."""
    found: dict[str, set[str]] = {poll.id: set() for poll in polls}
    if person_id is None:
        return found
    frozen = select(RollVoter.poll_id, RollVoter.entry_id).join(Person, col(Person.id) == RollVoter.person_id)
    opened = [poll.id for poll in polls if poll.opened_at is not None]
    for poll_id, entry_id in db.exec(frozen.where(col(RollVoter.poll_id).in_(opened), RollVoter.person_id == person_id, *GROWN)).all():
        found[poll_id].add(entry_id)
    for poll in polls:
        if poll.opened_at is None:
            found[poll.id] = {entry for entry, _ in db.exec(registered(poll).where(Person.id == person_id)).all()}
    return found


def why_late(db: Session, person_id: str | None, poll: Poll, unit_id: str | None = None) -> Refusal | None:
    """Why this person, who could answer here, or for this home, by today's register, cannot: the roll was frozen before. Else None."""
    if person_id is None or poll.state is not PollState.OPEN:
        return None
    behind = select(RollUnit.entry_id).where(RollUnit.poll_id == poll.id, RollUnit.unit_id == unit_id)
    asked = set(db.exec(behind).all()) if unit_id else None

    def of(place: Select[str, str]) -> set[str]:
        found = {entry for entry, _ in db.exec(place.where(Person.id == person_id)).all()}
        return found if asked is None else found & asked

    late = of(registered(poll))
    if not late or of(voters(poll)):
        return None
    shut = late <= absent(db, [poll], late)  # then no code of the home helps either
    return polling.why_absent("present", False) if shut else NotAllowed(CAME_LATER)


def people(db: Session, poll: Poll, entry_ids: Iterable[str] | None = None) -> list[str]:
    """Everybody who may answer, or may answer for these entries; each once, in the order of their ids."""
    wanted = None if entry_ids is None else set(entry_ids)
    return sorted({person for entry, person in db.exec(voters(poll)).all() if wanted is None or entry in wanted})


def able(db: Session, poll: Poll) -> list[str]:
    """Everybody who can answer in this vote: where its rule counts those present, for a home that was."""
    found = {entry for entry, _ in db.exec(voters(poll)).all()}
    return people(db, poll, found - absent(db, [poll], found))


def entries(db: Session, poll_id: str) -> list[RollEntry]:
    """The whole roll, in the order of its labels."""
    return in_order(db.exec(select(RollEntry).where(RollEntry.poll_id == poll_id)).all())


def in_order(rows: Sequence[RollEntry]) -> list[RollEntry]:
    """"70-1-9" before "70-1-10"."""
    return sorted(rows, key=lambda row: (natural(row.label), row.id))
