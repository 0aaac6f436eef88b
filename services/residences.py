"""Who lives where: claimed by a person with a household letter, confirmed by a grid worker, ended when somebody moves."""

from __future__ import annotations

from sqlmodel import select

from models.community import Unit
from models.people import Person, Residence
from models.vocabulary import Tie
from services import permission
from services.checks import Checks
from services.errors import Conflict
from services.i18n import N_
from services.messages import tell
from services.rules.plain_text import one_line
from services.rules.roll import number_label
from services.work import Work

CONFIRMED = N_("Your home is confirmed: building {building}, number {number}. You can now propose, support and vote.")
REFUSED = N_("Your home could not be confirmed: {reason}")


def claim(work: Work, person: Person, unit: Unit, tie: str) -> Residence:
    """Say that a person belongs to a unit; it counts once confirmed. A part of registering, which records it."""
    checks = Checks()
    kept = checks.choice("tie", tie, Tie)
    checks.done()
    row = work.db.exec(select(Residence).where(Residence.person_id == person.id, Residence.unit_id == unit.id)).first()
    if row is not None and row.ended_at is None:
        return row
    if row is None:
        row = Residence(
            id=work.new_id(), community_id=work.community_id, person_id=person.id, unit_id=unit.id, tie=kept, claimed_at=work.moment
        )
    row.tie, row.claimed_at, row.confirmed_at, row.confirmed_by, row.ended_at = kept, work.moment, None, None, None
    work.add(row)
    return row


def confirm(work: Work, residence_id: str) -> Residence:
    """Confirm that somebody lives where they say. Confirmed twice it stays as it was."""
    row = work.fetch(Residence, residence_id, lock=True)
    permission.require(work, "person.confirm", row)
    if row.ended_at is not None:
        raise Conflict("This was answered already. Load the list again.")
    if row.confirmed_at is not None:
        return row
    unit = work.fetch(Unit, row.unit_id)
    row.confirmed_at, row.confirmed_by = work.moment, work.actor.person_id
    number = number_label(unit.stairwell, unit.number)
    tell(work, row.person_id, CONFIRMED, "/me", f"residence:{row.id}", building=unit.building, number=number)
    work.record("person.confirm", row, tie=row.tie.value)
    return row


def refuse(work: Work, residence_id: str, reason: str) -> Residence:
    """Say that somebody does not live there, with the reason, which they are told."""
    row = work.fetch(Residence, residence_id, lock=True)
    permission.require(work, "person.confirm", row)
    if row.confirmed_at is not None or row.ended_at is not None:
        raise Conflict("This was answered already. Load the list again.")
    checks = Checks()
    said = checks.text("reason", one_line(reason), 120)
    checks.done()
    row.ended_at = work.moment
    tell(work, row.person_id, REFUSED, "/me", f"residence:{row.id}", reason=said)
    work.record("person.confirm", row, confirmed=False)
    return row


def end(work: Work, residence_id: str) -> Residence:
    """Somebody has moved out. Rolls that are frozen keep what they had."""
    row = work.fetch(Residence, residence_id, lock=True)
    permission.require(work, "register.change", row)
    if row.ended_at is None:
        row.ended_at = work.moment
        work.record("register.change", row)
    return row
