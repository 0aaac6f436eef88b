"""Verifies an evidence bundle with nothing but the bundle: no database, no network, no trust in whoever wrote it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from services.errors import Refusal
from services.exchange.bundle import CHECKPOINTS, FORMAT, KEYS, LOG, MANIFEST, NAME, REVEAL, ROWS, poll_digest
from services.exchange.bundle_zip import Archive, Unusable
from services.exchange.poll_json import answer, read
from services.keys import verified
from services.rules import chain, note
from services.rules.tally import count

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
HEX = re.compile(r"[0-9a-f]{64}")
OPS = ("insert", "update", "delete")


@dataclass(frozen=True)
class Finding:
    """Something that does not fit: where, and what."""

    place: str
    what: str


@dataclass(frozen=True)
class Verified:
    """What was looked at in one community's log."""

    origin: str
    events: int
    checkpoints: int
    rows: int
    polls: int
    root: str
    check: str


@dataclass
class Report:
    """The answer: `findings` is empty when everything fits. `fingerprint` is that of the key inside the bundle."""

    fingerprint: str = ""
    key_given: bool = False
    older: int = 0
    logs: list[Verified] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, place: str, what: str) -> None:
        self.findings.append(Finding(place, what))


@dataclass
class _Log:
    """One log while it is read."""

    size: int = 0
    root: bytes = chain.EMPTY
    roots: dict[int, bytes] = field(default_factory=dict)
    rows: dict[tuple[str, str], str] = field(default_factory=dict)
    polls: dict[str, str] = field(default_factory=dict)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name twice")
    return made


def _json(text: str) -> dict[str, Any]:
    """A JSON object without doubled names. Raises ValueError."""
    try:
        value = json.loads(text, object_pairs_hook=_once)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _event(line: bytes, seq: int) -> dict[str, Any]:
    """One line of the log, checked in form and number. Raises ValueError."""
    if not line.endswith(b"\n"):
        raise ValueError("no line feed at the end")
    event = _json(line[:-1].decode())
    if chain.canonical(event) + b"\n" != line:
        raise ValueError("not in canonical form")
    if set(event) != {"seq", "at", "actor", "action", "subject", "facts", "rows"}:
        raise ValueError("not the seven fields of an event")
    if type(event["seq"]) is not int or event["seq"] != seq:
        raise ValueError(f"its number is {str(event['seq'])[:20]}, expected {seq}")
    texts = (event["at"], event["actor"], event["action"], event["subject"])
    if not all(isinstance(text, str) for text in texts) or not MOMENT.fullmatch(event["at"]):
        raise ValueError("a time or a text that is none")
    facts, rows = event["facts"], event["rows"]
    if not isinstance(facts, dict) or not all(fact is None or isinstance(fact, (str, int)) for fact in facts.values()):
        raise ValueError("facts that are none")
    if not isinstance(rows, list) or not all(_is_row(row) for row in rows):
        raise ValueError("rows that are none")
    return event


def _is_row(row: object) -> bool:
    if not isinstance(row, dict) or set(row) != {"table", "id", "op", "digest"} or not all(isinstance(part, str) for part in row.values()):
        return False
    return row["op"] in OPS and (row["digest"] == "" if row["op"] == "delete" else bool(HEX.fullmatch(row["digest"])))


def _read_log(archive: Archive, name: str, wanted: set[int], report: Report) -> _Log:
    """Hash every line, keep the roots at the wanted sizes and the last digest of every row."""
    log, grown = _Log(), chain.Frontier()
    if 0 in wanted:
        log.roots[0] = chain.EMPTY
    for seq, line in enumerate(archive.lines(name)):
        grown = grown.grown(chain.leaf(line.removesuffix(b"\n")))
        if grown.size in wanted:
            log.roots[grown.size] = grown.root()
        try:
            event = _event(line, seq)
        except ValueError as wrong:
            report.add(f"{name} line {seq + 1}", str(wrong))
            continue
        for row in event["rows"]:
            log.rows[row["table"], row["id"]] = row["digest"]
        if event["action"] == REVEAL:
            log.polls[event["subject"].removeprefix("poll:")] = str(event["facts"].get("poll_digest", ""))
    log.size, log.root = grown.size, grown.root()
    return log


def _notes(archive: Archive, name: str, report: Report) -> list[note.Note]:
    try:
        return note.read_notes(archive.text(name))
    except (note.Unreadable, Unusable) as wrong:
        report.add(name, str(wrong))
        return []


def _check_notes(place: str, notes: list[note.Note], key: note.Key, log: _Log, report: Report) -> list[note.Checkpoint]:
    """Signature, origin, size and root of each."""
    found = []
    for number, one in enumerate(notes, 1):
        here = f"{place} note {number}"
        try:
            checkpoint = note.read_checkpoint(one.text)
        except note.Unreadable as wrong:
            report.add(here, str(wrong))
            continue
        found.append(checkpoint)
        if not verified(one, key):
            report.add(here, "not signed by the key in key.pub")
        if checkpoint.origin != key.name:
            report.add(here, f"speaks of {checkpoint.origin}, not of {key.name}")
        elif checkpoint.size > log.size:
            report.add(here, f"signed for {checkpoint.size} events; the log has {log.size}: it was cut")
        elif log.roots[checkpoint.size] != checkpoint.root:
            report.add(here, f"the first {checkpoint.size} events are not the ones that were signed")
    return found


def _sizes(notes: list[note.Note]) -> set[int]:
    sizes = set()
    for one in notes:
        try:
            sizes.add(note.read_checkpoint(one.text).size)
        except note.Unreadable:
            continue  # reported where the notes are checked
    return sizes


def _check_rows(archive: Archive, name: str, log: _Log, report: Report) -> int:
    """The rows as they stood at the export against the last digest that the log has of each."""
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(archive.lines(name), 1):
        here = f"{name} line {number}"
        try:
            row = _json(line.decode())
            at = (row["table"], row["id"])
            if chain.canonical(row) + b"\n" != line or set(row) != {"table", "id", "digest"} or at in seen:
                raise ValueError("not in its one form, or twice")
        except (ValueError, KeyError, TypeError) as wrong:
            report.add(here, f"not a row digest ({wrong})")
            continue
        seen.add(at)
        if not log.rows.get(at):
            report.add(here, f"{at[0]} {at[1]} is there without a trace in the log")
        elif log.rows[at] != row["digest"]:
            report.add(here, f"{at[0]} {at[1]} was changed without a trace in the log")
    for at, digest in log.rows.items():
        if digest and at not in seen:
            report.add(name, f"{at[0]} {at[1]} is gone without a trace in the log")
    return len(seen)


def _check_polls(archive: Archive, folder: str, log: _Log, report: Report) -> int:
    """Each revealed poll is there, is the one that the log names, and counts to the outcome that was stored."""
    names = [found for name in archive.entries if (found := NAME.fullmatch(name)) and found["poll"]]
    polls = {found["poll"] for found in names if (found["folder"] or "") == folder}
    prefix = f"{folder}/" if folder else ""
    for key in sorted(set(log.polls) - polls):
        report.add(f"{prefix}polls/{key}.json", "revealed according to the log, but not in the bundle")
    for key in sorted(polls):
        place = f"{prefix}polls/{key}.json"
        try:
            text = archive.text(place)
            poll, outcome = _json(text), _json(archive.text(f"{prefix}polls/{key}.outcome.json"))
            if key not in log.polls:
                report.add(place, "the log does not know that this poll was revealed")
            elif poll_digest(poll) != log.polls[key]:
                report.add(place, "not the poll whose digest the log has")
            counted = answer(count(read(text)))
        except (ValueError, RecursionError, Refusal) as wrong:
            report.add(place, str(wrong))
            continue
        for name in sorted((set(counted) | set(outcome)) - {"explanation"}):
            if counted.get(name) != outcome.get(name):
                report.add(f"{prefix}polls/{key}.outcome.json", f"{name} is stored otherwise than a recount gives it")
    return len(polls)


def _keys(archive: Archive, fingerprint: str | None, report: Report) -> dict[str, note.Key]:
    try:
        *lines, rest = archive.text(KEYS).split("\n")
        if rest:
            raise note.Unreadable("no line feed at the end")
        keys = [note.Key.read(line) for line in lines]
    except note.Unreadable as wrong:
        raise Unusable(f"{KEYS}: {wrong}") from None
    if not keys or len({key.name for key in keys}) != len(keys):
        raise Unusable(f"{KEYS} names no log, or one twice")
    report.fingerprint, report.key_given = note.fingerprint(keys[0].public), fingerprint is not None
    for key in keys:
        if key.public != keys[0].public:
            report.add(KEYS, f"another key for {key.name}: {note.fingerprint(key.public)}")
        if fingerprint is not None and not note.same_fingerprint(key.public, fingerprint):
            report.add(KEYS, f"the key of {key.name} has the fingerprint {note.fingerprint(key.public)}, not the one you gave")
    return {key.name: key for key in keys}


def verify(source: BinaryIO, *, fingerprint: str | None = None, older: str = "") -> Report:
    """Check everything. `fingerprint` is what the bundle's key must have; `older` holds checkpoint notes from elsewhere that the logs
    must have grown from. Raises Unusable for what is no evidence bundle."""
    report, archive = Report(), Archive(source)
    keys = _keys(archive, fingerprint, report)
    try:
        outside = note.read_notes(older)
        named = [note.read_checkpoint(one.text).origin for one in outside]
    except note.Unreadable as wrong:
        raise Unusable(f"the older checkpoint: {wrong}") from None
    report.older = len(outside)
    for origin in named:
        if origin not in keys:
            report.add("the older checkpoint", f"speaks of {origin}, of which the bundle has nothing")
    folders = {origin: origin.partition("/")[2] if len(keys) > 1 else "" for origin in keys}
    for origin, key in keys.items():
        prefix = f"{folders[origin]}/" if folders[origin] else ""
        notes = _notes(archive, prefix + CHECKPOINTS, report)
        known = [one for one, name in zip(outside, named, strict=True) if name == origin]
        log = _read_log(archive, prefix + LOG, _sizes(notes) | _sizes(known), report)
        found = _check_notes(prefix + CHECKPOINTS, notes, key, log, report)
        _check_notes("the older checkpoint", known, key, log, report)
        if not found or found[-1].size != log.size:
            report.add(prefix + CHECKPOINTS, f"the last checkpoint does not cover all {log.size} events")
        if [one.size for one in found] != sorted({one.size for one in found}):
            report.add(prefix + CHECKPOINTS, "the checkpoints are not in order of size")
        rows = _check_rows(archive, prefix + ROWS, log, report)
        polls = _check_polls(archive, folders[origin], log, report)
        report.logs.append(Verified(origin, log.size, len(notes), rows, polls, log.root.hex(), note.short_check(log.root)))
    _check_manifest(archive, list(keys), report)
    return report


def _check_manifest(archive: Archive, origins: list[str], report: Report) -> None:
    """Last, when every entry has been read: the digests, and that nothing is there that was not looked at."""
    try:
        manifest = _json(archive.text(MANIFEST))
    except ValueError as wrong:
        if isinstance(wrong, Unusable):
            raise
        report.add(MANIFEST, str(wrong))
        return
    if manifest.get("format") != FORMAT:
        raise Unusable(f"{MANIFEST}: the format is {str(manifest.get('format'))[:40]!r}, expected {FORMAT!r}")
    if manifest.get("logs") != origins:
        report.add(MANIFEST, "names other logs than key.pub")
    listed = manifest.get("files")
    if not isinstance(listed, dict):
        report.add(MANIFEST, "has no list of files")
        return
    for name in sorted(set(archive.entries) - {MANIFEST} | set(listed)):
        if name not in archive.entries:
            report.add(name, "listed in the manifest, but not there")
        elif name not in listed:
            report.add(name, "not listed in the manifest")
        elif name not in archive.digests:
            report.add(name, "belongs to no log of this bundle")
        elif listed[name] != archive.digests[name]:
            report.add(name, "its digest is not the one in the manifest")
