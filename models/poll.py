"""表决: question, options, frozen roll, ballots, one-time codes, outcome. Ballots are open (实名): voter and choice are kept."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import Exact, Stored, document, key, maybe, maybe_moment, moment, one_of, ref, string
from models.vocabulary import Channel, PollMethod, PollState, VotesBy


class Poll(Stored, table=True):
    """A vote. `rule` is the poll/1 rule, fixed at the opening; `outcome` is what the count said, with its reasons."""

    id: str = key()
    community_id: str = ref("community.id")
    number: str = string(24)
    proposal_id: str = ref("proposal.id")
    meeting_id: str | None = maybe("meeting.id")
    question: str = string(120)
    explanation: str = string(1000, "")
    method: PollMethod = Field(sa_type=one_of(PollMethod))
    votes_by: VotesBy = Field(sa_type=one_of(VotesBy))
    scope: str = string(80)
    rule: dict[str, Any] = document()
    rule_source: dict[str, Any] = document()
    state: PollState = Field(default=PollState.PREPARED, sa_type=one_of(PollState), index=True)
    prepared_by: str = ref("person.id")
    prepared_at: datetime = moment()
    opened_at: datetime | None = maybe_moment()
    opened_by: str | None = maybe("person.id")
    closes_at: datetime | None = maybe_moment(index=True)
    closed_at: datetime | None = maybe_moment()
    revealed_at: datetime | None = maybe_moment()
    revealed_by: str | None = maybe("person.id")
    cancelled_reason: str = string(400, "")
    roll_digest: str = string(64, "")
    poll_digest: str = string(64, "")
    outcome: dict[str, Any] = document()


class PollOption(Stored, table=True):
    """An answer on the ballot: yes, no, abstain, or one of the options of the proposal."""

    __table_args__ = (UniqueConstraint("poll_id", "code"),)
    id: str = key()
    community_id: str = ref("community.id")
    poll_id: str = ref("poll.id")
    code: str = string(16)
    position: int
    title: str = string(60)
    consequence: str = string(200, "")
    option_id: str | None = maybe("option.id")


class RollEntry(Stored, table=True):
    """名册: one voter. `label` is what the roll shows (a home), `area` in m² is the sum of the voter's units.

    `present` is set at the opening, under rules that count those present: the home had somebody at the meeting.
    """

    __table_args__ = (UniqueConstraint("poll_id", "label"),)
    id: str = key()
    community_id: str = ref("community.id")
    poll_id: str = ref("poll.id")
    label: str = string(60)
    person_id: str | None = maybe("person.id")
    area: Decimal = Field(sa_type=Exact)
    weight: Decimal = Field(sa_type=Exact)
    present: bool = False


class RollUnit(Stored, table=True):
    """Which units stand behind one entry of a roll, as it was when the roll was made."""

    __table_args__ = (UniqueConstraint("poll_id", "unit_id"),)
    id: str = key()
    community_id: str = ref("community.id")
    poll_id: str = ref("poll.id")
    entry_id: str = ref("roll_entry.id")
    unit_id: str = ref("unit.id")
    area: Decimal = Field(sa_type=Exact)


class RollVoter(Stored, table=True):
    """Who may answer for an entry of a roll: frozen with it at the opening, whatever the register says later."""

    __table_args__ = (UniqueConstraint("entry_id", "person_id"),)
    id: str = key()
    community_id: str = ref("community.id")
    poll_id: str = ref("poll.id")
    entry_id: str = ref("roll_entry.id", index=False)
    person_id: str = ref("person.id")


class BallotCode(Stored, table=True):
    """A one-time code for one voter of one poll; the database keeps its SHA-256 only."""

    id: str = key()
    community_id: str = ref("community.id")
    poll_id: str = ref("poll.id")
    entry_id: str = ref("roll_entry.id")
    code_sha256: str = Field(max_length=64, unique=True)
    issued_at: datetime = moment()
    issued_by: str = ref("person.id")
    exchanged_at: datetime | None = maybe_moment()
    ticket_sha256: str | None = Field(default=None, max_length=64, unique=True)
    withdrawn_at: datetime | None = maybe_moment()


class Ballot(Stored, table=True):
    """One voter's answer. The unique key is the guarantee that nobody votes twice, whatever the channel."""

    __table_args__ = (UniqueConstraint("poll_id", "entry_id"),)
    id: str = key()
    community_id: str = ref("community.id")
    poll_id: str = ref("poll.id", index=False)
    entry_id: str = ref("roll_entry.id")
    choice: str = string(16)
    channel: Channel = Field(sa_type=one_of(Channel))
    cast_by: str | None = maybe("person.id")
    cast_at: datetime = moment()
    receipt: str = Field(max_length=40, unique=True)
