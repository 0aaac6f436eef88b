"""Roles: granted and ended by an administrator, never for oneself; every change ends the person's logins, so that all tokens are new."""

from __future__ import annotations

from sqlmodel import col, select

from models.people import Body, Person, RoleHeld
from models.vocabulary import Role
from services import chairs, logins, permission
from services.checks import Checks
from services.errors import Conflict
from services.i18n import N_
from services.messages import tell
from services.work import Work

GRANTED = N_("You now hold the role “{role}”.")
ENDED = N_("Your role “{role}” has ended.")


def grant(work: Work, person_id: str, role: str, body_id: str | None = None) -> RoleHeld:
    """Give a person a role, perhaps for a body. Granted twice it stays one."""
    if not person_id:
        missing = Checks()
        missing.note("Please choose a person.", "person")
        missing.choice("role", role, Role)
        missing.done()
    person = work.fetch(Person, person_id, lock=True)  # two who grant the same role at once: the second finds it held
    body = work.fetch(Body, body_id) if body_id else None
    permission.require(work, "role.grant", person)
    checks = Checks()
    kept = checks.choice("role", role, Role)
    if person.erased_at is not None:
        checks.reasons.append(Conflict("This person's data was erased."))
    if not person.adult:
        checks.reasons.append(Conflict("Minors hold no role."))
    checks.done()
    same = select(RoleHeld).where(RoleHeld.person_id == person.id, RoleHeld.role == kept, col(RoleHeld.until).is_(None))
    if held := work.db.exec(same.where(RoleHeld.body_id == (body.id if body else None))).first():
        return held
    held = RoleHeld(
        id=work.new_id(), community_id=work.community_id, person_id=person.id, role=kept, body_id=body.id if body else None,
        since=work.moment, granted_by=work.actor.person_id,
    )  # fmt: skip
    work.add(held)
    logins.end_all(work, person.id)
    tell(work, person.id, GRANTED, "/me", f"role:{held.id}", role=kept)
    work.record("role.grant", held, role=kept.value)
    return held


def end(work: Work, held_id: str) -> RoleHeld:
    """End a role held. The last administrator stays one."""
    work.fetch(Person, work.fetch(RoleHeld, held_id).person_id, lock=True)  # as `grant` does, which may be under way
    held = work.fetch(RoleHeld, held_id, lock=True)
    permission.require(work, "role.end", held)
    if held.until is not None:
        return held
    if held.role is Role.ADMINISTRATOR and len(administrators(work)) == 1:
        raise Conflict("This is the last administrator. Appoint another one first.")
    held.until, held.ended_by = work.moment, work.actor.person_id
    logins.end_all(work, held.person_id)
    tell(work, held.person_id, ENDED, "/me", f"role:{held.id}", role=held.role)
    if held.role is Role.CHAIR:
        work.db.flush()
        chairs.role_ended(work, held.person_id)
    work.record("role.end", held, role=held.role.value)
    return held


def administrators(work: Work) -> list[RoleHeld]:
    """Who administers this community now, locked, so that two cannot end each other."""
    now = select(RoleHeld).where(RoleHeld.role == Role.ADMINISTRATOR, col(RoleHeld.until).is_(None)).order_by(RoleHeld.id)
    return list(work.db.exec(now.with_for_update()).all())
