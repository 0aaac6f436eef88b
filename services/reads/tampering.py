"""Whether the database still says what its own log says: every line, every row, every checkpoint of one community."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.audit import Event, EventRow, LogHead
from services import audit, keys
from services.reads import evidence
from services.rules import chain, note


@dataclass(frozen=True)
class Mismatch:
    """Something that was changed past the log: `place` is a table with a row id, or a part of the log."""

    place: str
    what: str


def mismatches(db: Session, community_id: str, key: note.Key) -> Iterator[Mismatch]:
    """Everything that does not fit, nothing for a clean log. `key` is the one that the checkpoints are signed with."""
    signed = evidence.notes(db, community_id)
    grown, roots = chain.Frontier(), {0: chain.EMPTY}
    wanted = {size for size, _, _ in signed}
    rows = _recorded(db, community_id)
    for seq, event in enumerate(_events(db, community_id)):
        grown = grown.grown(chain.leaf(event.line.encode()))
        if grown.size in wanted:
            roots[grown.size] = grown.root()
        if what := _line(event, seq, rows.pop(event.seq, [])):
            yield Mismatch(f"event {seq}", what)
    for seq in sorted(rows):
        yield Mismatch(f"event {seq}", "is gone, and its digests are still there")
    yield from _head(db, community_id, grown)
    yield from _checkpoints(signed, key, roots)
    yield from _rows(db, community_id)


def _events(db: Session, community_id: str) -> Iterator[Event]:
    wanted = select(Event).where(Event.community_id == community_id).order_by(col(Event.seq))
    for event in db.exec(wanted.execution_options(yield_per=evidence.AT_ONCE)):
        yield event
        db.expunge(event)


def _recorded(db: Session, community_id: str) -> dict[int, list[dict[str, str]]]:
    """The digests beside each event, in the form its line has them."""
    found: dict[int, list[dict[str, str]]] = {}
    wanted = select(EventRow).where(EventRow.community_id == community_id).order_by(col(EventRow.seq), EventRow.table, EventRow.row_id)
    for row in db.exec(wanted.execution_options(yield_per=evidence.AT_ONCE)):
        found.setdefault(row.seq, []).append({"table": row.table, "id": row.row_id, "op": row.op, "digest": row.digest})
        db.expunge(row)
    return found


def _line(event: Event, seq: int, rows: list[dict[str, str]]) -> str | None:
    """Why a line does not fit its own columns, its number or its digests."""
    try:
        said = json.loads(event.line)
        named = {"seq": seq, "at": audit.plain(event.at), "actor": event.actor, "action": event.action, "subject": event.subject}
        if chain.canonical(said).decode() != event.line or {name: said[name] for name in named} != named or event.seq != seq:
            return "says something else than its columns"
        if sorted(said["rows"], key=_order) != sorted(rows, key=_order):
            return "names other digests than those beside it"
    except (ValueError, KeyError, TypeError, RecursionError):
        return "cannot be read"
    return None


def _order(row: dict[str, str]) -> tuple[str, str]:
    return row["table"], row["id"]


def _head(db: Session, community_id: str, grown: chain.Frontier) -> Iterator[Mismatch]:
    head = db.get(LogHead, community_id)
    kept = (head.size, [str(peak) for peak in head.frontier]) if head else (0, [])
    if kept != (grown.size, [peak.hex() for peak in grown.peaks]):
        yield Mismatch("log head", f"does not belong to the {grown.size} events that are there")


def _checkpoints(signed: tuple[tuple[int, str, str], ...], key: note.Key, roots: dict[int, bytes]) -> Iterator[Mismatch]:
    for size, root, text in signed:
        place = f"checkpoint {size}"
        try:
            one = note.read_note(text)
            said = note.read_checkpoint(one.text)
        except note.Unreadable as wrong:
            yield Mismatch(place, f"cannot be read: {wrong}")
            continue
        if not keys.verified(one, key):
            yield Mismatch(place, "is not signed by this installation's key")
        if (said.origin, said.size) != (key.name, size):
            yield Mismatch(place, "speaks of another log or another size")
        elif roots.get(size) != said.root or root != said.root.hex():
            yield Mismatch(place, "was signed for other events than those that are there")


def _rows(db: Session, community_id: str) -> Iterator[Mismatch]:
    known = evidence.last_digests(db, community_id)
    for row in evidence.standing(db, community_id):
        last = known.pop((row.table, row.id), None)
        if last is None or not last.digest:
            yield Mismatch(f"{row.table} {row.id}", "is there without a trace in the log")
        elif last.digest != row.digest:
            yield Mismatch(f"{row.table} {row.id}", "was changed without a trace in the log")
    for (table, row_id), last in sorted(known.items()):
        if last.digest:
            yield Mismatch(f"{table} {row_id}", "is gone without a trace in the log")
