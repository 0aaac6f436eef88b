"""Made-up histories of a community for the evidence tests: a log with checkpoints and polls, the way the services write them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services import keys
from services.exchange import bundle, bundle_check, poll_json
from services.exchange.bundle_zip import Unusable
from services.rules import chain, note
from services.rules.tally import count

START = datetime(2026, 3, 2, 1, tzinfo=UTC)


def private(seed: int = 0) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(b"%d" % seed).digest())


@dataclass
class History:
    """A log that grows by `act`; `rows` holds what the tables would."""

    origin: str = "yiqi/c000000000000001"
    key: Ed25519PrivateKey = field(default_factory=private)
    events: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: dict[tuple[str, str], str] = field(default_factory=dict)
    polls: dict[str, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)

    def lines(self) -> list[bytes]:
        return [chain.canonical(event) for event in self.events]

    def act(self, action: str, subject: str, changed: list[tuple[str, str, str]], **facts: str | int | bool | None) -> None:
        rows = []
        for table, key, op in changed:
            digest = "" if op == "delete" else chain.row_digest(bytes(16), [table, key, len(self.events)])
            rows.append({"table": table, "id": key, "op": op, "digest": digest})
            self.rows[table, key] = digest
        moment = (START + timedelta(minutes=len(self.events))).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.events.append(
            {"seq": len(self.events), "at": moment, "actor": "p1", "action": action, "subject": subject, "facts": facts, "rows": rows}
        )

    def reveal(self, key: str, choices: list[str]) -> None:
        poll = a_poll(choices)
        self.polls[key] = (poll, poll_json.answer(count(poll_json.read(json.dumps(poll)))))
        self.act("poll.reveal", f"poll:{key}", [("poll", key, "update")], poll_digest=bundle.poll_digest(poll))

    def sign(self, key: Ed25519PrivateKey | None = None) -> None:
        root = chain.root(chain.leaf(line) for line in self.lines())
        moment = START + timedelta(minutes=len(self.events), seconds=1)
        self.notes.append(keys.signed(note.Checkpoint(self.origin, len(self.events), root, moment), key or self.key).written())

    def part(self) -> bundle.Part:
        rows = [(table, key, digest) for (table, key), digest in self.rows.items() if digest]
        polls = [(key, poll, outcome) for key, (poll, outcome) in self.polls.items()]
        return bundle.Part(self.origin, keys.public_bytes(self.key), self.lines(), self.notes, rows, polls)

    def packed(self) -> bytes:
        return packed(self)


def a_poll(choices: list[str]) -> dict[str, Any]:
    """A yes/no poll of eight homes under the owners' ordinary rule; the first homes answer `choices`."""
    half, two = "1/2", "2/3"
    return {
        "format": "poll/1",
        "title": "沥青路面",
        "method": "yes_no",
        "rule": {
            "name": "owners_ordinary",
            "turnout": [{"of": "area", "op": ">=", "share": two}, {"of": "persons", "op": ">=", "share": two}],
            "approve": [{"of": "area", "op": ">", "share": half}, {"of": "persons", "op": ">", "share": half}],
            "base": "participating",
        },
        "options": [{"id": "yes"}, {"id": "no"}, {"id": "abstain"}],
        "roll": [{"id": f"u{home}", "area": f"{60 + home}.5{home}", "weight": "1"} for home in range(8)],
        "ballots": [{"voter": f"u{home}", "choice": choice, "channel": "web"} for home, choice in enumerate(choices)],
    }


def history(seed: int, events: int = 12) -> History:
    """A history by chance: people come, change and go, polls are revealed, checkpoints are signed at odd moments and at the end."""
    chance, made = Random(seed), History(key=private(seed))
    for number in range(events):
        there = [at for at, digest in made.rows.items() if digest and at[0] != "poll"]
        dice = chance.random()
        if dice < 0.15:
            key = f"v{number}"
            made.act("poll.prepared", f"poll:{key}", [("poll", key, "insert")])
            made.reveal(key, chance.choices(["yes", "no", "abstain"], k=chance.randint(0, 8)))
        elif dice < 0.5 and there:
            table, key = chance.choice(there)
            made.act("person.corrected", f"{table}:{key}", [(table, key, chance.choice(["update", "delete"]))], times=number, late=False)
        else:
            fresh = [("concern", str(number), "insert"), ("person", f"p{number}", "insert")]
            made.act("concern.filed", f"concern:{number}", fresh, place="院坝路")
        if chance.random() < 0.3:
            made.sign()
    if not made.notes or note.read_checkpoint(note.read_note(made.notes[-1]).text).size != len(made.events):
        made.sign()
    return made


def packed(*histories: History) -> bytes:
    target = io.BytesIO()
    bundle.write(target, [each.part() for each in histories], "yiqi test")
    return target.getvalue()


def verify(data: bytes, *, fingerprint: str | None = None, older: str = "") -> bundle_check.Report:
    return bundle_check.verify(io.BytesIO(data), fingerprint=fingerprint, older=older)


def found(data: bytes, *, fingerprint: str | None = None, older: str = "") -> bool:
    """Whether the verifier says no, in either way."""
    try:
        return bool(verify(data, fingerprint=fingerprint, older=older).findings)
    except Unusable:
        return True


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repacked(files: dict[str, bytes], *, manifest: bool = True) -> bytes:
    """A zip of these files; by default with a manifest that fits again, as a careful forger would make it."""
    if manifest and bundle.MANIFEST in files:
        head = json.loads(files[bundle.MANIFEST])
        head["files"] = {name: sha256(content).hexdigest() for name, content in files.items() if name != bundle.MANIFEST}
        files = {**files, bundle.MANIFEST: json.dumps(head).encode()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def changed(data: bytes, name: str, change: Callable[[bytes], bytes], *, manifest: bool = True) -> bytes:
    """The bundle with one entry changed and a manifest that fits it."""
    files = unpacked(data)
    files[name] = change(files[name])
    return repacked(files, manifest=manifest)
