"""The pen of the audit log: collects what a transaction changed, gives it a name, and seals it into the community's chain."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import bindparam, event, insert, inspect, select, tuple_, update
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Session

from models.audit import Event
from models.base import Stored
from models.everything import EXEMPT, metadata
from services.rules import chain

Fact = str | int | bool | None
_LOG, _EVENT, _EVENT_ROW = (metadata.tables[name] for name in ("log_head", "event", "event_row"))
_HEAD = select(_LOG.c.size, _LOG.c.frontier).where(_LOG.c.community_id == bindparam("community")).with_for_update()
_EVENTS, _ROWS, _BEGIN = insert(_EVENT), insert(_EVENT_ROW), insert(_LOG)
_GROW = update(_LOG).where(_LOG.c.community_id == bindparam("community"))


@dataclass
class Draft:
    """An act on its way into the log: named, with the digests of the rows it changed, not yet numbered."""

    community_id: str
    action: str
    subject: str
    facts: dict[str, Fact]
    rows: list[tuple[str, str, str, str, str | None]]  # table, id, op, digest, salt
    actor: str
    moment: datetime


@dataclass
class Pen:
    """What a session changed since the last record, and what is recorded but not yet sealed."""

    pending: dict[tuple[str, str], tuple[Stored, str]] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)


def table_of(row: object) -> str:
    """The name of the table a row lies in."""
    return str(inspect(type(row)).local_table)


def row_key(row: Stored) -> str:
    return "/".join(str(part) for part in inspect(row).mapper.primary_key_from_instance(row))


def plain(value: Any) -> Any:
    """A stored value as canonical JSON can hold it: moments in UTC to the microsecond, decimals by their digits."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value


def contents(row: Stored) -> dict[str, Any]:
    """All stored columns of a row, as the digest covers them."""
    return {column.key: plain(getattr(row, column.key)) for column in inspect(type(row)).column_attrs}


def row_digest(salt: str, row: Stored) -> str:
    """SHA-256 over the salt (hex) and the row's canonical JSON."""
    return chain.row_digest(bytes.fromhex(salt), contents(row))


@event.listens_for(OrmSession, "after_flush")
def _collect(session: OrmSession, _: Any) -> None:
    pen: Pen | None = session.info.get("pen")
    if pen is None:
        return
    for rows, op in ((session.new, "insert"), (session.dirty, "update"), (session.deleted, "delete")):
        for row in rows:
            if table_of(row) in EXEMPT or (op == "update" and not session.is_modified(row)):
                continue
            at = (table_of(row), row_key(row))
            first = pen.pending.get(at)
            pen.pending[at] = (row, first[1] if first and first[1] == "insert" and op == "update" else op)


@event.listens_for(OrmSession, "do_orm_execute")
def _no_bulk(state: ORMExecuteState) -> None:
    """A bulk write passes the flush by, and so the log: refused on audited tables."""
    if not (state.is_insert or state.is_update or state.is_delete) or "pen" not in state.session.info:
        return
    mapper = state.bind_mapper
    if mapper is not None and (table := str(mapper.local_table)) not in EXEMPT:
        raise RuntimeError(f"a bulk write to the audited table {table}")


def record(db: Session, community_id: str, action: str, subject: str, facts: dict[str, Fact], actor: str, moment: datetime) -> None:
    """Name what changed since the last record, by whom and when. The digests are taken here, the numbers at `seal`."""
    db.flush()
    pen: Pen = db.info["pen"]
    rows: list[tuple[str, str, str, str, str | None]] = []
    for (table, row_id), (row, op) in sorted(pen.pending.items()):
        salt = secrets.token_hex(16)
        rows.append((table, row_id, op, "" if op == "delete" else row_digest(salt, row), salt))
    pen.pending.clear()
    pen.drafts.append(Draft(community_id, action, subject, facts, rows, actor, moment))


def forget(db: Session, community_id: str) -> None:
    """Erase the salts of all that was recorded before about the rows changed since the last record.

    Without its salt a digest says nothing any more about what it was made from; the chain covers the digest, not the salt. The record
    that follows gives these rows new ones, made from what they hold now.
    """
    db.flush()
    pen: Pen = db.info["pen"]
    changed = set(pen.pending)
    mine = _EVENT_ROW.c.community_id == community_id, tuple_(_EVENT_ROW.c.table, _EVENT_ROW.c.row_id).in_(sorted(changed))
    db.connection().execute(update(_EVENT_ROW).where(*mine).values(salt=None))
    for draft in pen.drafts:
        draft.rows = [(t, i, op, digest, None if (t, i) in changed else salt) for t, i, op, digest, salt in draft.rows]


def refuse_unrecorded(db: Session) -> None:
    """Raise RuntimeError where something was changed since the last record."""
    pen: Pen = db.info["pen"]
    if pen.pending:
        raise RuntimeError(f"changed without a record: {', '.join(sorted({table for table, _ in pen.pending}))}")


def seal(db: Session) -> dict[str, int]:
    """Append the drafts to their chains, under the lock of each chain's head; returns the new sizes by community.

    The head is the last lock a transaction takes, so two of them cannot wait for each other.
    """
    db.flush()
    refuse_unrecorded(db)
    pen: Pen = db.info["pen"]
    sizes: dict[str, int] = {}
    for community_id in sorted({draft.community_id for draft in pen.drafts}):
        head = db.connection().execute(_HEAD, {"community": community_id}).first()
        frontier = chain.Frontier(head.size if head else 0, tuple(bytes.fromhex(peak) for peak in (head.frontier if head else ())))
        acts: list[dict[str, Any]] = []
        rows: list[dict[str, Any]] = []
        for draft in (draft for draft in pen.drafts if draft.community_id == community_id):
            seq = frontier.size
            line = _line(seq, draft)
            at = {"community_id": community_id, "seq": seq}
            acts.append(
                {**at, "at": draft.moment, "actor": draft.actor, "action": draft.action, "subject": draft.subject, "line": line.decode()}
            )
            rows += ({**at, "table": t, "row_id": i, "op": op, "digest": digest, "salt": salt} for t, i, op, digest, salt in draft.rows)
            frontier = frontier.grown(chain.leaf(line))
        grown = {"size": frontier.size, "frontier": [peak.hex() for peak in frontier.peaks]}
        # Nobody reads these rows again in this transaction: written as plain rows, which takes a third of the time.
        write = db.connection().execute
        write(_EVENTS, acts)
        if rows:
            write(_ROWS, rows)
        write(_GROW if head else _BEGIN, {"community": community_id, **grown} if head else {"community_id": community_id, **grown})
        sizes[community_id] = frontier.size
    pen.drafts.clear()
    db.flush()
    return sizes


def _line(seq: int, draft: Draft) -> bytes:
    return chain.canonical(
        {
            "seq": seq,
            "at": plain(draft.moment),
            "actor": draft.actor,
            "action": draft.action,
            "subject": draft.subject,
            "facts": draft.facts,
            "rows": [{"table": t, "id": i, "op": op, "digest": digest} for t, i, op, digest, _ in draft.rows],
        }
    )


def lines(events: Iterable[Event]) -> list[bytes]:
    """The covered bytes of each event, as the chain hashed them."""
    return [event.line.encode() for event in events]


def facts_of(event: Event) -> dict[str, Fact]:
    """The facts named in an event."""
    return dict(json.loads(event.line)["facts"])
