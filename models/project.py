"""实施项目: an adopted proposal being carried out: milestones, tasks, reports, acceptance, upkeep."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.base import Stored, key, maybe, maybe_moment, moment, one_of, ref, string
from models.vocabulary import Party, ProjectState, Verdict


class Project(Stored, table=True):
    """A project: who carries it out (`executor_id`), who supervises, budget in fen, first and last day as planned."""

    __table_args__ = (UniqueConstraint("proposal_id"), CheckConstraint("budget_fen >= 0", name="budget_not_negative"))
    id: str = key()
    community_id: str = ref("community.id")
    number: str = string(24)
    proposal_id: str = ref("proposal.id")
    title: str = string(60)
    executor_id: str = ref("person.id")
    organisation_id: str | None = maybe("organisation.id")
    budget_fen: int = Field(default=0, sa_type=BigInteger)
    spent_fen: int = Field(default=0, sa_type=BigInteger)
    starts_on: date
    due_on: date = Field(index=True)
    state: ProjectState = Field(default=ProjectState.RUNNING, sa_type=one_of(ProjectState))
    started_at: datetime = moment()
    started_by: str = ref("person.id")
    completed_at: datetime | None = maybe_moment()
    accepted_at: datetime | None = maybe_moment()


class Supervision(Stored, table=True):
    """That a person supervises a project, until `ended_at`; never its executor."""

    __table_args__ = (UniqueConstraint("project_id", "person_id", "since"),)
    id: str = key()
    community_id: str = ref("community.id")
    project_id: str = ref("project.id")
    person_id: str = ref("person.id")
    since: datetime = moment()
    ended_at: datetime | None = maybe_moment()


class ProjectChange(Stored, table=True):
    """Why works were given to other hands, other supervisors or another last day, and what stood before."""

    id: str = key()
    community_id: str = ref("community.id")
    project_id: str = ref("project.id")
    executor_before: str = ref("person.id")
    due_before: date
    reason: str = string(400)
    by_id: str = ref("person.id")
    at: datetime = moment()


class Milestone(Stored, table=True):
    """A stretch of the works with planned first and last day, and when it was really begun and done."""

    __table_args__ = (UniqueConstraint("project_id", "position"),)
    id: str = key()
    community_id: str = ref("community.id")
    project_id: str = ref("project.id")
    position: int
    title: str = string(60)
    starts_on: date
    due_on: date
    done_on: date | None = None
    done_by: str | None = maybe("person.id")


class Task(Stored, table=True):
    """Something to be done by somebody by a day; mostly a commitment made in the room."""

    __table_args__ = (UniqueConstraint("project_id", "commitment_id"),)
    id: str = key()
    community_id: str = ref("community.id")
    project_id: str = ref("project.id")
    commitment_id: str | None = maybe("commitment.id")
    milestone_id: str | None = maybe("milestone.id")
    party: Party = Field(sa_type=one_of(Party))
    label: str = string(40)
    person_id: str | None = maybe("person.id")
    deed: str = string(200)
    due_on: date = Field(index=True)
    done_at: datetime | None = maybe_moment()
    done_by: str | None = maybe("person.id")
    note: str = string(400, "")


class ProgressReport(Stored, table=True):
    """What was done, in words and photos (files attached to it), and how much has been spent by then, in fen."""

    id: str = key()
    community_id: str = ref("community.id")
    project_id: str = ref("project.id")
    text: str = string(1000)
    by_id: str = ref("person.id")
    at: datetime = moment(index=True)
    spent_fen: int | None = Field(default=None, sa_type=BigInteger)


class Acceptance(Stored, table=True):
    """验收: the verdict of somebody who is not the executor, with reasons when refused."""

    id: str = key()
    community_id: str = ref("community.id")
    project_id: str = ref("project.id")
    verdict: Verdict = Field(sa_type=one_of(Verdict))
    text: str = string(1000, "")
    by_id: str = ref("person.id")
    at: datetime = moment()


class Upkeep(Stored, table=True):
    """长效维护: who looks after the finished thing, how often (days), when next."""

    id: str = key()
    community_id: str = ref("community.id")
    proposal_id: str = ref("proposal.id")
    keeper_id: str | None = maybe("person.id")
    label: str = string(80)
    deed: str = string(200)
    every_days: int
    next_on: date = Field(index=True)
    since: datetime = moment()
    by_id: str = ref("person.id")
    ended_at: datetime | None = maybe_moment()
