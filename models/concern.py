"""诉求: something that somebody needs or sees, and who sees it too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import Stored, key, maybe, maybe_moment, moment, one_of, ref, string
from models.vocabulary import Category, ConcernStage


class Concern(Stored, table=True):
    """A concern; the first answer is due at `due_at`. `author_id` is absent for somebody who reported without a login."""

    __table_args__ = (UniqueConstraint("community_id", "number"),)
    id: str = key()
    community_id: str = ref("community.id")
    number: str = string(24)
    author_id: str | None = maybe("person.id")
    visitor_name: str = string(40, "")
    visitor_phone: str = string(20, "")
    receipt: str = Field(max_length=40, unique=True)
    category: Category = Field(sa_type=one_of(Category))
    text: str = string(2000)
    place: str = string(120, "")
    estate_id: str | None = maybe("estate.id")
    stage: ConcernStage = Field(default=ConcernStage.OPEN, sa_type=one_of(ConcernStage))
    filed_at: datetime = moment(index=True)
    due_at: datetime = moment(index=True)
    holder_id: str | None = maybe("person.id")
    answered_at: datetime | None = maybe_moment()
    answered_by: str | None = maybe("person.id")
    answer: str = string(2000, "")


class ConcernHolding(Stored, table=True):
    """Who held a concern, from when to when: the trace of passing it on."""

    id: str = key()
    community_id: str = ref("community.id")
    concern_id: str = ref("concern.id")
    holder_id: str | None = maybe("person.id")
    since: datetime = moment()
    until: datetime | None = maybe_moment()
    note: str = string(400, "")


class ConcernSupport(Stored, table=True):
    """附议 of a concern: one person once."""

    __table_args__ = (UniqueConstraint("concern_id", "person_id"),)
    id: str = key()
    community_id: str = ref("community.id")
    concern_id: str = ref("concern.id")
    person_id: str = ref("person.id")
    at: datetime = moment()
