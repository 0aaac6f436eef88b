"""Who did something, as a reader may know it: whole names for neighbours, a role or a masked name for strangers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.people import Person, RoleHeld
from models.vocabulary import Role
from services.actors import Actor
from services.rules import names

# Where somebody holds several roles, the first of these is the one that is said.
_ORDER = (Role.COMMITTEE, Role.CHAIR, Role.GRID_WORKER, Role.OWNERS_COMMITTEE, Role.SUPERVISOR, Role.EXECUTOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Who:
    """A person: `name` is "" where only the role may be known; `role` is the one held then, None for a resident."""

    name: str = ""
    role: Role | None = None


class Names:
    """The names of some people, looked up once."""

    def __init__(self, db: Session, actor: Actor, people: Iterable[str | None]) -> None:
        ids = {each for each in people if each}
        self.neighbour = actor.person_id is not None
        found = db.exec(select(Person.id, Person.name).where(col(Person.id).in_(ids))).all() if ids else []
        self.names: dict[str, str] = {str(person_id): name for person_id, name in found}
        held = db.exec(select(RoleHeld).where(col(RoleHeld.person_id).in_(ids))).all() if ids else []
        self.held: dict[str, list[RoleHeld]] = {}
        for each in held:
            self.held.setdefault(each.person_id, []).append(each)

    def who(self, person_id: str | None, at: datetime, *as_: Role) -> Who | None:
        """The person at that moment; `as_` roles come first, where they are held. None for nobody."""
        if person_id is None:
            return None
        roles = {each.role for each in self.held.get(person_id, ()) if each.since <= at and (each.until is None or at < each.until)}
        role = next((each for each in (*as_, *_ORDER) if each in roles), None)
        if role is not None and not self.neighbour:
            return Who("", role)
        return Who(self.name(person_id), role)

    def name(self, person_id: str | None) -> str:
        """The name alone, as this reader may know it; "" for nobody."""
        return names.shown(self.names.get(person_id or "", ""), neighbour=self.neighbour)
