"""评价: satisfaction and outcome, by those who live with it: one answer a home."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint

from models.base import Stored, key, maybe, maybe_moment, moment, ref, string


class Evaluation(Stored, table=True):
    """A round of evaluation of one proposal, open until `ends_at`."""

    __table_args__ = (UniqueConstraint("proposal_id"),)
    id: str = key()
    community_id: str = ref("community.id")
    proposal_id: str = ref("proposal.id")
    asked_units: int
    opens_at: datetime = moment()
    ends_at: datetime = moment(index=True)
    closed_at: datetime | None = maybe_moment()
    closed_by: str | None = maybe("person.id")
    lessons: str = string(2000, "")


class EvaluationAnswer(Stored, table=True):
    """One home's answer: satisfaction 1 to 5, whether the problem is gone, and words if they like."""

    __table_args__ = (UniqueConstraint("evaluation_id", "unit_id"), CheckConstraint("score BETWEEN 1 AND 5", name="score_in_range"))
    id: str = key()
    community_id: str = ref("community.id")
    evaluation_id: str = ref("evaluation.id")
    unit_id: str = ref("unit.id")
    person_id: str | None = maybe("person.id")
    score: int
    solved: bool
    text: str = string(600, "")
    at: datetime = moment()
