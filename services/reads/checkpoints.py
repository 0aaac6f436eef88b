"""The newest signed checkpoint of a community's log as screens, minutes and letters show it, and the key's fingerprint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.audit import Checkpoint
from services import keys
from services.db import reading
from services.rules import note
from services.settings import settings


@dataclass(frozen=True)
class Shown:
    """A checkpoint as people see it: when, how many acts, the check digits, the key's fingerprint, the whole note, the root in hex."""

    at: datetime
    size: int
    digits: str
    fingerprint: str
    note: str
    root: str


def public() -> bytes:
    """The public half of this installation's key. Raises KeyTrouble."""
    return keys.public_bytes(keys.signing_key(settings().data_dir))


def fingerprint() -> str:
    """What minutes and screens print, for `verify --key`. Raises KeyTrouble."""
    return note.fingerprint(public())


def newest(db: Session, community_id: str) -> Shown | None:
    """The newest checkpoint of a community, or None before its first."""
    wanted = select(Checkpoint).where(Checkpoint.community_id == community_id).order_by(col(Checkpoint.size).desc()).limit(1)
    row = db.exec(wanted).first()
    if row is None:
        return None
    return Shown(row.at, row.size, note.short_check(bytes.fromhex(row.root)), fingerprint(), row.note, row.root)


def of(community_id: str | None) -> Shown | None:
    """`newest`, for a page or a print."""
    with reading(community_id) as db:
        return newest(db, community_id) if community_id else None
