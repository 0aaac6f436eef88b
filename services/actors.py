"""Who acts: the person behind a login, the roles held, and the two that are nobody's: a visitor and the workspace itself."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.account import Account, Login
from models.community import Community
from models.people import Person, Residence, RoleHeld
from models.vocabulary import Role
from services import clock
from services.db import EVERYWHERE, reading


@dataclass(frozen=True)
class Actor:
    """One who acts in one community. `person_id` is None for a visitor and for the workspace itself (`system`)."""

    community_id: str | None
    person_id: str | None = None
    name: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    verified: bool = False
    units: tuple[str, ...] = ()
    login_id: str | None = None
    form_token: str = ""
    visitor: str = ""
    system: bool = False

    @property
    def mark(self) -> str:
        """How the log names the actor."""
        return "system" if self.system else self.person_id or "visitor"

    @property
    def owner(self) -> str:
        """Whose drafts these are: a person's or one browser's."""
        return f"person:{self.person_id}" if self.person_id else self.visitor

    def holds(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


def system(community_id: str) -> Actor:
    """The workspace itself: the ticker, the closing of what is due."""
    return Actor(community_id, system=True)


def visitor(community_id: str | None, browser: str = "") -> Actor:
    """Somebody without a login; `browser` is "visitor:<digest>" as the guard names it."""
    return Actor(community_id, visitor=browser)


def of_person(db: Session, person: Person, login: Login | None = None) -> Actor:
    """The actor for a person, with roles and units as they are now."""
    roles = db.exec(select(RoleHeld.role).where(RoleHeld.person_id == person.id, col(RoleHeld.until).is_(None))).all()
    units = db.exec(
        select(Residence.unit_id)
        .where(Residence.person_id == person.id, col(Residence.confirmed_at).is_not(None), col(Residence.ended_at).is_(None))
        .order_by(Residence.unit_id)
    ).all()
    return Actor(
        community_id=person.community_id,
        person_id=person.id,
        name=person.name,
        roles=frozenset(Role(role) for role in roles),
        verified=bool(units),
        units=tuple(units),
        login_id=login.id if login else None,
        form_token=login.form_token if login else "",
    )


# Asked on each run of each page: built once, in one go.
_BEHIND = (
    sa.select(Login, Person)
    .join(Account, col(Account.id) == Login.account_id)
    .join(Person, col(Person.id) == Account.person_id)
    .where(
        col(Login.id) == sa.bindparam("login"), col(Login.ended_at).is_(None), col(Login.ends_at) > sa.bindparam("now"),
        col(Account.disabled_at).is_(None),
    )
)  # fmt: skip

_NAMED = sa.select(col(Community.id)).where(col(Community.slug) == sa.bindparam("slug"))
_FIRST = sa.select(col(Community.id)).order_by(col(Community.created_at), col(Community.id)).limit(1)


def of_login(name: str | None, browser: str = "") -> Actor:
    """The actor behind what the guard says: a login that is still good, else a visitor ("visitor:<digest>@<slug>").

    A visitor looks at the community named there, else at the first one.
    """
    with reading(EVERYWHERE) as db:
        if name and not name.startswith("visitor:") and (found := db.execute(_BEHIND, {"login": name, "now": clock.now()}).first()):
            login, person = found
            return of_person(db, person, login)
        mark, _, slug = (name if name and name.startswith("visitor:") else browser).partition("@")
        named = db.scalar(_NAMED, {"slug": slug}) if slug else None
        return visitor(named or db.scalar(_FIRST), mark)
