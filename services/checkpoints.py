"""Signed checkpoints of a community's log, and the newest one as screens and minutes show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.audit import Checkpoint, LogHead
from services import keys
from services.rules import chain, note
from services.settings import settings


def origin(community_id: str) -> str:
    """The name of a community's log."""
    return f"yiqi/{community_id}"


def public() -> bytes:
    """The public half of this installation's key. Raises KeyTrouble."""
    return keys.public_bytes(keys.signing_key(settings().data_dir))


def fingerprint() -> str:
    """What minutes and screens print, for `verify --key`. Raises KeyTrouble."""
    return note.fingerprint(public())


def frontier(head: LogHead | None) -> chain.Frontier:
    """What is kept beside a log; that of the empty one before the first act. Raises ValueError where it was tampered with."""
    return chain.Frontier(head.size, tuple(bytes.fromhex(peak) for peak in head.frontier)) if head else chain.Frontier()


def made(community_id: str, head: LogHead | None, moment: datetime, why: str) -> Checkpoint:
    """A signed statement of size and root as they are now, not stored."""
    top = frontier(head)
    root = top.root()
    statement = note.Checkpoint(origin(community_id), top.size, root, moment)
    written = keys.signed(statement, keys.signing_key(settings().data_dir)).written()
    return Checkpoint(community_id=community_id, size=top.size, at=moment, root=root.hex(), why=why, note=written)


def sign(db: Session, community_id: str, moment: datetime, why: str) -> Checkpoint | None:
    """Sign size and root as they are now in this transaction, after the log is sealed; once per size, under the lock of the head."""
    head = db.get(LogHead, community_id, with_for_update=True)
    if head is None or db.get(Checkpoint, (community_id, head.size)) is not None:
        return None
    row = made(community_id, head, moment, why)
    db.add(row)
    db.flush()
    return row


@dataclass(frozen=True)
class Shown:
    """A checkpoint as people see it: when, how many acts, the check digits, the key's fingerprint, the whole note."""

    at: datetime
    size: int
    digits: str
    fingerprint: str
    note: str


def newest(db: Session, community_id: str) -> Shown | None:
    """The newest checkpoint of a community, or None before its first."""
    row = db.exec(select(Checkpoint).where(Checkpoint.community_id == community_id).order_by(col(Checkpoint.size).desc())).first()
    if row is None:
        return None
    return Shown(row.at, row.size, note.short_check(bytes.fromhex(row.root)), fingerprint(), row.note)
