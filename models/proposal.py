"""提案: a concern with a plan; its supporters, its drafts, its way through the stages, what the review said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.base import Stored, document, key, maybe, maybe_moment, moment, one_of, ref, string
from models.vocabulary import Category, Move, Stage


class Proposal(Stored, table=True):
    """A proposal in one round. Round two is a proposal of its own that names the one it builds on (`previous_id`)."""

    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        CheckConstraint("cost_fen IS NULL OR cost_fen >= 0", name="cost_not_negative"),
        CheckConstraint("round >= 1", name="round_counts"),
    )
    id: str = key()
    community_id: str = ref("community.id")
    number: str = string(24)
    concern_id: str | None = maybe("concern.id")
    previous_id: str | None = maybe("proposal.id")
    round: int = 1
    author_id: str = ref("person.id")
    title: str = string(60)
    problem: str = string(2000)
    plan: str = string(2000)
    place: str = string(120)
    estate_id: str = ref("estate.id")
    category: Category = Field(sa_type=one_of(Category))
    cost_fen: int | None = Field(default=None, sa_type=BigInteger)
    beneficiaries: str = string(400, "")
    carried_out_by: str = string(200, "")
    stage: Stage = Field(sa_type=one_of(Stage), index=True)
    stage_since: datetime = moment()
    filed_at: datetime = moment(index=True)
    supporters_needed: int = 1
    version: int = 1


class ProposalDraft(Stored, table=True):
    """What somebody is typing, saved as they type; owned by a person or by one browser. At most one per owner and kind."""

    __table_args__ = (UniqueConstraint("community_id", "owner", "kind"),)
    id: str = key()
    community_id: str = ref("community.id")
    owner: str = Field(max_length=80, index=True)
    kind: str = string(60)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    step: int = 1
    saved_at: datetime = moment()


class ProposalSupport(Stored, table=True):
    """附议: one person once; homes are counted, so it names the unit they speak for."""

    __table_args__ = (UniqueConstraint("proposal_id", "person_id"),)
    id: str = key()
    community_id: str = ref("community.id")
    proposal_id: str = ref("proposal.id")
    person_id: str = ref("person.id")
    unit_id: str | None = maybe("unit.id")
    at: datetime = moment()
    withdrawn_at: datetime | None = maybe_moment()


class StageChange(Stored, table=True):
    """One move of a proposal: from, to, when, by whom, in whose words. Written by services/stages.py only."""

    id: str = key()
    community_id: str = ref("community.id")
    proposal_id: str = ref("proposal.id")
    move: Move = Field(sa_type=one_of(Move))
    before: str = string(32, "")
    after: Stage = Field(sa_type=one_of(Stage))
    at: datetime = moment(index=True)
    by_id: str | None = maybe("person.id")
    reason: str = string(2000, "")
    details: dict[str, Any] = document()
