"""公示: a decision shown for N days, and the objections lodged against it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from models.base import Stored, key, maybe, maybe_moment, moment, one_of, ref, string
from models.vocabulary import NoticeState, Ruling


class Notice(Stored, table=True):
    """A notice ends at 24:00 of its last day in the community's zone; only then does the decision take effect."""

    id: str = key()
    community_id: str = ref("community.id")
    number: str = string(24)
    proposal_id: str = ref("proposal.id")
    poll_id: str | None = maybe("poll.id")
    text: str = string(4000)
    days: int
    starts_at: datetime = moment()
    ends_at: datetime = moment(index=True)
    state: NoticeState = Field(default=NoticeState.SHOWN, sa_type=one_of(NoticeState))
    published_by: str = ref("person.id")
    ended_at: datetime | None = maybe_moment()


class Objection(Stored, table=True):
    """异议: who objects and why; how it was ruled on, by whom, with which reasons."""

    id: str = key()
    community_id: str = ref("community.id")
    notice_id: str = ref("notice.id")
    author_id: str = ref("person.id")
    text: str = string(1000)
    at: datetime = moment()
    ruling: Ruling | None = Field(default=None, sa_type=one_of(Ruling))
    reply: str = string(1000, "")
    ruled_by: str | None = maybe("person.id")
    ruled_at: datetime | None = maybe_moment()
    withdrawn_at: datetime | None = maybe_moment()
