"""The evidence bundle: a zip with log, checkpoints, row digests and polls, written the same way every time."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from services.rules.chain import canonical
from services.rules.note import Key

FORMAT = "evidence/1"
REVEAL = "poll.reveal"
MANIFEST, KEYS, LOG, ROWS, CHECKPOINTS = "manifest.json", "key.pub", "log.jsonl", "rows.jsonl", "checkpoints.txt"
NAME = re.compile(
    r"(?:(?P<folder>[A-Za-z0-9_-]{1,40})/)?(?:log\.jsonl|rows\.jsonl|checkpoints\.txt|polls/(?P<poll>[A-Za-z0-9_-]{1,40})(?:\.outcome)?\.json)"
)


@dataclass(frozen=True)
class Part:
    """One community's evidence. `lines` without line feeds, in order of seq; `notes` are whole checkpoint notes by size;
    `rows` are (table, id, digest of the row as it stands now); `polls` are (id, poll/1, stored outcome)."""

    origin: str
    public: bytes
    lines: Iterable[bytes]
    notes: Iterable[str]
    rows: Iterable[tuple[str, str, str]]
    polls: Iterable[tuple[str, dict[str, object], dict[str, object]]]

    @property
    def community(self) -> str:
        """The id in the origin `yiqi/<community id>`."""
        return self.origin.partition("/")[2]


def poll_digest(poll: dict[str, object]) -> str:
    """Hex SHA-256 of a poll/1 document in canonical form: what the event poll.reveal records as the fact `poll_digest`."""
    return sha256(canonical(poll)).hexdigest()


def write(target: BinaryIO, parts: Sequence[Part], program: str) -> dict[str, int]:
    """Write the bundle; answers how many events, checkpoints, rows and polls went in.

    One part lies at the top, several lie in a folder each, named by the community's id. The same input gives the same bytes.
    """
    count = {"events": 0, "checkpoints": 0, "rows": 0, "polls": 0}
    digests: dict[str, str] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, pieces: Iterable[bytes]) -> int:
            number, digest = 0, sha256()
            with archive.open(_entry(name), "w", force_zip64=True) as file:
                for piece in pieces:
                    digest.update(piece)
                    file.write(piece)
                    number += 1
            digests[name] = digest.hexdigest()
            return number

        put(KEYS, (Key(part.origin, part.public).text().encode() + b"\n" for part in parts))
        for part in parts:
            folder = f"{part.community}/" if len(parts) > 1 else ""
            count["events"] += put(folder + LOG, (line + b"\n" for line in part.lines))
            count["checkpoints"] += put(folder + CHECKPOINTS, (("\n" * (at > 0) + note).encode() for at, note in enumerate(part.notes)))
            rows = (canonical({"table": table, "id": key, "digest": digest}) + b"\n" for table, key, digest in sorted(part.rows))
            count["rows"] += put(folder + ROWS, rows)
            for key, poll, outcome in sorted(part.polls, key=lambda entry: entry[0]):
                put(f"{folder}polls/{key}.json", [_shown(poll)])
                put(f"{folder}polls/{key}.outcome.json", [_shown(outcome)])
                count["polls"] += 1
        manifest = {"format": FORMAT, "program": program, "logs": [part.origin for part in parts], "files": dict(sorted(digests.items()))}
        archive.writestr(_entry(MANIFEST), _shown(manifest))
    return count


def _shown(value: Mapping[str, object]) -> bytes:
    """JSON that a person can read too."""
    canonical(value)
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
    return entry
