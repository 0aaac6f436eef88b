"""Who lives, owns and works here: person, belonging to units, organisations, bodies, roles held."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import Stored, key, maybe, maybe_moment, moment, one_of, ref, string
from models.vocabulary import BodyKind, OrganisationKind, Role, Tie


class Person(Stored, table=True):
    """居民. `adult` is false for minors, who are never on a roll. An erased person keeps the row, without name and phone."""

    id: str = key()
    community_id: str = ref("community.id")
    name: str = string(40)
    phone: str = string(20, "")
    adult: bool = True
    organisation_id: str | None = maybe("organisation.id")
    created_at: datetime = moment()
    erased_at: datetime | None = maybe_moment()


class Residence(Stored, table=True):
    """That a person belongs to a unit. It counts from `confirmed_at` on, when a grid worker has confirmed who lives where."""

    __table_args__ = (UniqueConstraint("person_id", "unit_id"),)
    id: str = key()
    community_id: str = ref("community.id")
    person_id: str = ref("person.id")
    unit_id: str = ref("unit.id")
    tie: Tie = Field(sa_type=one_of(Tie))
    claimed_at: datetime = moment()
    confirmed_at: datetime | None = maybe_moment()
    confirmed_by: str | None = maybe("person.id")
    ended_at: datetime | None = maybe_moment()


class Organisation(Stored, table=True):
    """组织."""

    __table_args__ = (UniqueConstraint("community_id", "name"),)
    id: str = key()
    community_id: str = ref("community.id")
    name: str = string(80)
    kind: OrganisationKind = Field(sa_type=one_of(OrganisationKind))
    contact: str = string(80, "")


class Body(Stored, table=True):
    """机构: a standing committee."""

    __table_args__ = (UniqueConstraint("community_id", "name"),)
    id: str = key()
    community_id: str = ref("community.id")
    name: str = string(80)
    kind: BodyKind = Field(sa_type=one_of(BodyKind))


class RoleHeld(Stored, table=True):
    """That a person holds a role, in one community, perhaps for a body. Roles end, they are not deleted."""

    id: str = key()
    community_id: str = ref("community.id")
    person_id: str = ref("person.id")
    role: Role = Field(sa_type=one_of(Role))
    body_id: str | None = maybe("body.id")
    since: datetime = moment()
    granted_by: str | None = maybe("person.id")
    until: datetime | None = maybe_moment()
    ended_by: str | None = maybe("person.id")
