"""The audit log: one chain of events per community, row digests with salts apart, signed checkpoints, and what the screens watch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Text
from sqlmodel import Field

from models.base import Stored, document, moment, string


class LogHead(Stored, table=True):
    """How long a community's log is, and the frontier of its Merkle tree, so that a root costs O(log n)."""

    community_id: str = Field(primary_key=True, max_length=16)
    size: int = 0
    frontier: list[str] = document(list)


class Event(Stored, table=True):
    """One recorded act: `line` is the canonical JSON that the chain covers (docs/architecture.md gives its fields)."""

    community_id: str = Field(primary_key=True, max_length=16)
    seq: int = Field(primary_key=True)
    at: datetime = moment(index=True)
    actor: str = Field(max_length=16, index=True)
    action: str = Field(max_length=60, index=True)
    subject: str = Field(max_length=60, index=True)
    line: str = Field(sa_type=Text)


class EventRow(Stored, table=True):
    """The digest of one changed row within an event. Erasing the salt erases what the digest was made from, not the chain."""

    community_id: str = Field(primary_key=True, max_length=16)
    seq: int = Field(primary_key=True)
    table: str = Field(primary_key=True, max_length=40)
    row_id: str = Field(primary_key=True, max_length=40, index=True)
    op: str = string(8)
    digest: str = string(64)
    salt: str | None = Field(default=None, max_length=32)


class Checkpoint(Stored, table=True):
    """A signed statement of size and root (C2SP checkpoint), at each opening, closing and hour."""

    community_id: str = Field(primary_key=True, max_length=16)
    size: int = Field(primary_key=True)
    at: datetime = moment(index=True)
    root: str = string(64)
    why: str = string(60)
    note: str = Field(sa_type=Text)


class Head(Stored, table=True):
    """A number that grows with every change of what a live view shows; views compare it and stop when it is the same."""

    topic: str = Field(primary_key=True, max_length=40)
    number: int = 0


class Lease(Stored, table=True):
    """Who runs a task that must run once only, and until when the claim holds."""

    name: str = Field(primary_key=True, max_length=40)
    holder: str = string(64)
    until: datetime = moment()
    done: dict[str, str] = Field(default_factory=dict, sa_type=JSON)


class Installation(Stored, table=True):
    """One row about this installation: whether it is a demo, how far its clock was moved ahead, the first-run code."""

    id: int = Field(default=1, primary_key=True)
    demo: bool = False
    ahead_seconds: int = 0
    first_run_sha256: str = string(64, "")
    made_at: datetime = moment()
