"""Signed checkpoints of a community's log: at each opening, closing and hour, and whenever evidence is handed out."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from models.audit import Checkpoint, LogHead
from services import keys
from services.reads.checkpoints import Shown, fingerprint, newest, public
from services.rules import chain, note
from services.settings import settings

__all__ = ["Shown", "fingerprint", "frontier", "made", "newest", "origin", "public", "sign"]


def origin(community_id: str) -> str:
    """The name of a community's log."""
    return f"yiqi/{community_id}"


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
    head = db.get(LogHead, community_id, with_for_update=True, populate_existing=True)
    if head is None or db.get(Checkpoint, (community_id, head.size)) is not None:
        return None
    row = made(community_id, head, moment, why)
    db.add(row)
    db.flush()
    return row
