"""议事会: parties at one table, the agenda, who came, options with pros and cons, commitments, minutes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.base import Stored, key, maybe, maybe_moment, moment, one_of, ref, string
from models.vocabulary import AgendaKind, MeetingState, Party, Side


class Meeting(Stored, table=True):
    """A deliberation session. `position` says which of its screens the room sees (services/rules/board.py lists them)."""

    __table_args__ = (CheckConstraint("position >= 0", name="position_counts"),)
    id: str = key()
    community_id: str = ref("community.id")
    code: str = Field(max_length=8, unique=True)
    title: str = string(60)
    place: str = string(120)
    starts_at: datetime = moment(index=True)
    state: MeetingState = Field(default=MeetingState.CONVENED, sa_type=one_of(MeetingState))
    chair_id: str = ref("person.id")
    convened_by: str = ref("person.id")
    convened_at: datetime = moment()
    invitation: str = string(2000, "")
    position: int = 0
    position_since: datetime | None = maybe_moment()
    ends_at: datetime | None = maybe_moment()
    paused_at: datetime | None = maybe_moment()
    opened_at: datetime | None = maybe_moment()
    closed_at: datetime | None = maybe_moment()
    cancelled_reason: str = string(400, "")


class MeetingParty(Stored, table=True):
    """A party that must sit at the table: its words here and how many of it make the quorum."""

    __table_args__ = (UniqueConstraint("meeting_id", "label"), CheckConstraint("need >= 0", name="need_counts"))
    id: str = key()
    community_id: str = ref("community.id")
    meeting_id: str = ref("meeting.id")
    party: Party = Field(sa_type=one_of(Party))
    label: str = string(40)
    need: int = 1
    position: int = 0


class Invitation(Stored, table=True):
    """That a person is asked to sit for a party. `code_sha256`: the personal one-time code on a printed invitation,
    exchanged once for a ticket that one browser keeps."""

    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)
    id: str = key()
    community_id: str = ref("community.id")
    meeting_id: str = ref("meeting.id")
    party_id: str = ref("meeting_party.id")
    person_id: str = ref("person.id")
    code_sha256: str | None = Field(default=None, max_length=64, unique=True)
    exchanged_at: datetime | None = maybe_moment()
    ticket_sha256: str | None = Field(default=None, max_length=64, unique=True)
    form_token: str = string(64, "")
    at: datetime = moment()
    withdrawn_at: datetime | None = maybe_moment()


class Attendance(Stored, table=True):
    """That somebody came: a seat number within the meeting, which the room shows instead of a name."""

    __table_args__ = (UniqueConstraint("meeting_id", "person_id"), UniqueConstraint("meeting_id", "seat"))
    id: str = key()
    community_id: str = ref("community.id")
    meeting_id: str = ref("meeting.id")
    party_id: str = ref("meeting_party.id")
    person_id: str = ref("person.id")
    seat: int
    at: datetime = moment()
    by_id: str | None = maybe("person.id")
    left_at: datetime | None = maybe_moment()


class AgendaItem(Stored, table=True):
    """One matter of the agenda; a vote item names its poll."""

    __table_args__ = (UniqueConstraint("meeting_id", "position"), CheckConstraint("minutes BETWEEN 1 AND 240", name="minutes_in_range"))
    id: str = key()
    community_id: str = ref("community.id")
    meeting_id: str = ref("meeting.id")
    position: int
    kind: AgendaKind = Field(sa_type=one_of(AgendaKind))
    title: str = string(60)
    minutes: int = 10
    proposal_id: str | None = maybe("proposal.id")
    poll_id: str | None = maybe("poll.id")


class Option(Stored, table=True):
    """方案: one of the ways to settle a proposal. Cost in fen, days of work."""

    __table_args__ = (
        UniqueConstraint("proposal_id", "title"),
        CheckConstraint("cost_fen IS NULL OR cost_fen >= 0", name="cost_not_negative"),
    )
    id: str = key()
    community_id: str = ref("community.id")
    proposal_id: str = ref("proposal.id")
    meeting_id: str | None = maybe("meeting.id")
    position: int = 0
    title: str = string(40)
    description: str = string(1000, "")
    cost_fen: int | None = Field(default=None, sa_type=BigInteger)
    days: int | None = None
    added_by: str = ref("person.id")
    at: datetime = moment()
    withdrawn_at: datetime | None = maybe_moment()


class Argument(Stored, table=True):
    """A reason for or against an option, and from which party it came."""

    id: str = key()
    community_id: str = ref("community.id")
    option_id: str = ref("option.id")
    meeting_id: str | None = maybe("meeting.id")
    side: Side = Field(sa_type=one_of(Side))
    text: str = string(400)
    party: Party | None = Field(default=None, sa_type=one_of(Party))
    person_id: str = ref("person.id")
    at: datetime = moment()
    withdrawn_at: datetime | None = maybe_moment()


class Commitment(Stored, table=True):
    """承诺: who does what by when. It becomes the task that residents follow."""

    id: str = key()
    community_id: str = ref("community.id")
    proposal_id: str = ref("proposal.id")
    meeting_id: str | None = maybe("meeting.id")
    party: Party = Field(sa_type=one_of(Party))
    label: str = string(40)
    person_id: str | None = maybe("person.id")
    deed: str = string(200)
    due_on: date
    at: datetime = moment()
    by_id: str = ref("person.id")
    withdrawn_at: datetime | None = maybe_moment()


class Minutes(Stored, table=True):
    """会议纪要: the chair's words beside what the workspace noted itself; confirmed, they do not change."""

    id: str = key()
    community_id: str = ref("community.id")
    meeting_id: str = Field(foreign_key="meeting.id", unique=True, max_length=16)
    text: str = string(8000, "")
    written_by: str = ref("person.id")
    written_at: datetime = moment()
    confirmed_by: str | None = maybe("person.id")
    confirmed_at: datetime | None = maybe_moment()
