"""What an evidence bundle is made from: lines, checkpoints, digests of the rows as they stand now, revealed polls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import inspect, literal, tuple_
from sqlmodel import Session, col, select

from models.audit import Checkpoint, Event, EventRow, LogHead
from models.base import Stored
from models.community import Community
from models.everything import EXEMPT
from models.poll import Poll
from models.vocabulary import PollState
from services import audit
from services.reads import counts

AUDITED: tuple[type[Stored], ...] = tuple(
    sorted(
        (m.class_ for m in Stored._sa_registry.mappers if m.local_table.name not in EXEMPT),  # type: ignore[attr-defined]
        key=lambda kind: str(kind.__tablename__),
    )
)
NO_DIGEST = "0" * 64
AT_ONCE = 500
UNREADABLE = (LookupError, ValueError, ArithmeticError, TypeError, AttributeError)


@dataclass(frozen=True)
class Known:
    """A community, as a person may name it on the command line."""

    id: str
    slug: str
    name: str


@dataclass(frozen=True)
class LastDigest:
    """What the log says last about a row: `digest` is empty after a deletion; `salt` (hex) is None where it was erased."""

    digest: str
    salt: str | None


@dataclass(frozen=True)
class Standing:
    """An audited row as it stands now: `digest` made with its last salt, NO_DIGEST where it has none or the row cannot be read."""

    table: str
    id: str
    digest: str


def communities(db: Session) -> tuple[Known, ...]:
    """All communities, the oldest first."""
    found = db.exec(select(Community).order_by(col(Community.created_at), Community.id)).all()
    return tuple(Known(each.id, each.slug, each.name) for each in found)


def size(db: Session, community_id: str) -> int:
    """How many events the log is said to have."""
    head = db.get(LogHead, community_id)
    return head.size if head else 0


def lines(db: Session, community_id: str) -> Iterator[bytes]:
    """The covered bytes of every event in order, without line feeds."""
    wanted = select(Event.line).where(Event.community_id == community_id).order_by(col(Event.seq))
    for line in db.exec(wanted.execution_options(yield_per=AT_ONCE)):
        yield line.encode()


def notes(db: Session, community_id: str) -> tuple[tuple[int, str, str], ...]:
    """Size, root (hex) and text of every stored checkpoint, in order of size."""
    wanted = select(Checkpoint.size, Checkpoint.root, Checkpoint.note).where(Checkpoint.community_id == community_id)
    return tuple((number, root, note) for number, root, note in db.exec(wanted.order_by(col(Checkpoint.size))))


def last_digests(db: Session, community_id: str) -> dict[tuple[str, str], LastDigest]:
    """By table and row id, what the log says last."""
    wanted = select(EventRow.table, EventRow.row_id, EventRow.digest, EventRow.salt)
    ordered = wanted.where(EventRow.community_id == community_id).order_by(col(EventRow.seq))
    return {
        (table, row_id): LastDigest(digest, salt)
        for table, row_id, digest, salt in db.exec(ordered.execution_options(yield_per=AT_ONCE))
    }


def standing(db: Session, community_id: str) -> Iterator[Standing]:
    """Every audited row of the community, its digest made anew from what the database holds now."""
    known = last_digests(db, community_id)
    for kind in AUDITED:
        for at, row in _rows(db, kind, community_id):
            last = known.get(at)
            yield Standing(*at, audit.row_digest(last.salt, row) if row is not None and last and last.salt else NO_DIGEST)


def _rows(db: Session, kind: type[Stored], community_id: str) -> Iterator[tuple[tuple[str, str], Stored | None]]:
    """The rows of one table, None for one that somebody made unreadable (a word that is no stage, a number that is none)."""
    table = str(kind.__tablename__)
    ids = [getattr(kind, part.key) for part in inspect(kind).primary_key]
    owner = kind.id if kind is Community else kind.community_id  # type: ignore[attr-defined]
    keys = [tuple(key) for key in db.exec(select(*ids, literal(0)).where(owner == community_id).order_by(*ids))]  # type: ignore[call-overload]
    for start in range(0, len(keys), AT_ONCE):
        some = [key[:-1] for key in keys[start : start + AT_ONCE]]
        try:
            found = list(db.exec(select(kind).where(tuple_(*ids).in_(some))))
        except UNREADABLE:
            found = [row for key in some if (row := _one(db, kind, key)) is not None]
        there = {audit.row_key(row): row for row in found}
        for key in some:
            name = "/".join(str(part) for part in key)
            yield (table, name), there.get(name)
        db.expunge_all()


def _one(db: Session, kind: type[Stored], key: tuple[object, ...]) -> Stored | None:
    try:
        return db.get(kind, key)
    except UNREADABLE:
        return None


def polls(db: Session, community_id: str) -> Iterator[tuple[str, dict[str, object], dict[str, object]]]:
    """Id, poll/1 document and stored outcome of every revealed poll."""
    wanted = select(Poll).where(Poll.community_id == community_id, Poll.state == PollState.REVEALED).order_by(Poll.id)
    for poll in db.exec(wanted).all():
        yield poll.id, counts.document(db, poll), counts.stored_outcome(poll)
