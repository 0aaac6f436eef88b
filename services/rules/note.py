"""Signed notes and log checkpoints as text (C2SP signed-note and tlog-checkpoint): parsing and writing, without any signing."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

ED25519 = b"\x01"
DASH = "— "
TIME = "time "


class Unreadable(ValueError):
    """A text that is no signed note, no checkpoint or no key; the message says where."""


def _decoded(text: str) -> bytes:
    """Base64 in its one canonical spelling."""
    try:
        raw = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("broken base64") from None
    if b64encode(raw).decode() != text:
        raise Unreadable("base64 that is not in its canonical spelling")
    return raw


def _named(name: str) -> bool:
    return bool(name) and "+" not in name and not any(sign.isspace() for sign in name) and name.isprintable()


@dataclass(frozen=True)
class Key:
    """A public Ed25519 key (32 bytes) under a name, which is the origin of the log it signs."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not _named(self.name):
            raise Unreadable("the name of a key is empty, or has a space or a plus sign in it")
        if len(self.public) != 32:
            raise Unreadable("a key that has not 32 bytes")

    @property
    def id(self) -> bytes:
        """Four bytes that say which key made a signature."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def text(self) -> str:
        """The key as one line: name+id+base64, the notation of the note format."""
        return f"{self.name}+{self.id.hex()}+{b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def read(cls, text: str) -> Key:
        """The inverse of `text`; Unreadable for anything else."""
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise Unreadable("not name+id+key")
        raw = _decoded(parts[2])
        if raw[:1] != ED25519:
            raise Unreadable("not an Ed25519 key")
        key = cls(parts[0], raw[1:])
        if key.id.hex() != parts[1]:
            raise Unreadable("an id that does not belong to the key")
        return key


def fingerprint(public: bytes) -> str:
    """96 bits of the key's SHA-256 as six groups of four hex digits: short enough for a page of minutes."""
    digits = sha256(public).hexdigest()[:24].upper()
    return "-".join(digits[at : at + 4] for at in range(0, 24, 4))


def same_fingerprint(public: bytes, given: str) -> bool:
    """Whether `given`, with any spaces, hyphens and case, is this key's fingerprint."""
    return "".join(given.replace("-", "").split()).upper() == fingerprint(public).replace("-", "")


def short_check(root: bytes) -> str:
    """The check digits of a root on screen and paper: its first six bytes as `9F3C 71A8 04DE`."""
    digits = root[:6].hex().upper()
    return " ".join(digits[at : at + 4] for at in range(0, 12, 4))


@dataclass(frozen=True)
class Note:
    """A text (ends in a line feed) and its signatures: (name, four bytes of key id, signature)."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def by(self, key: Key) -> tuple[bytes, ...]:
        """What claims to be this key's signature, unchecked."""
        return tuple(signature for name, key_id, signature in self.signatures if name == key.name and key_id == key.id)

    def written(self) -> str:
        """The whole note: text, empty line, signature lines."""
        lines = (f"{DASH}{name} {b64encode(key_id + signature).decode()}\n" for name, key_id, signature in self.signatures)
        return f"{self.text}\n{''.join(lines)}"


def read_note(text: str) -> Note:
    """One signed note. Raises Unreadable."""
    if any(ord(sign) < 32 and sign != "\n" for sign in text):
        raise Unreadable("a control character")
    body, gap, tail = text.rpartition("\n\n")
    if not gap or not body or not tail.endswith("\n"):
        raise Unreadable("no empty line between the text and its signatures, or no line feed at the end")
    signatures = []
    for line in tail[:-1].split("\n"):
        name, space, coded = line.removeprefix(DASH).partition(" ")
        if not line.startswith(DASH) or not space or not _named(name):
            raise Unreadable("a signature line that is not “— name base64”")
        raw = _decoded(coded)
        if len(raw) < 5:
            raise Unreadable("a signature that is too short")
        signatures.append((name, raw[:4], raw[4:]))
    if len(signatures) > 16:
        raise Unreadable("more than 16 signatures")
    return Note(body + "\n", tuple(signatures))


@dataclass(frozen=True)
class Checkpoint:
    """What is signed: that the log `origin` had `size` lines with this root at `at` (aware, UTC)."""

    origin: str
    size: int
    root: bytes
    at: datetime

    def text(self) -> str:
        """Origin, size, root and, as an extension line, the time."""
        moment = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n{TIME}{moment}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """The text of a note as a checkpoint of ours. Raises Unreadable."""
    lines = text.split("\n")
    if len(lines) != 5 or lines[4]:
        raise Unreadable("not the four lines origin, size, root, time")
    origin, size, root, time = lines[:4]
    if not _named(origin):
        raise Unreadable("no origin")
    if not (size.isascii() and size.isdigit()) or len(size) > 15 or str(int(size)) != size:
        raise Unreadable("a size that is no whole number")
    if len(raw := _decoded(root)) != 32:
        raise Unreadable("a root that has not 32 bytes")
    try:
        at = datetime.strptime(time, TIME + "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        raise Unreadable("a time line that is not “time 2026-03-02T01:00:00.000000Z”") from None
    made = Checkpoint(origin, int(size), raw, at)
    if made.text() != text:
        raise Unreadable("not spelt as a checkpoint is")
    return made


def read_notes(text: str) -> list[Note]:
    """Several notes in one file, an empty line between them. Raises Unreadable with the number of the note."""
    if not text:
        return []
    parts = text.split("\n\n")
    if len(parts) % 2:
        raise Unreadable("not text and signatures in turn, with one empty line between")
    notes = []
    for at in range(0, len(parts), 2):
        tail = parts[at + 1] if at + 2 == len(parts) else parts[at + 1] + "\n"
        try:
            notes.append(read_note(f"{parts[at]}\n\n{tail}"))
        except Unreadable as wrong:
            raise Unreadable(f"note {at // 2 + 1}: {wrong}") from None
    return notes


def written(notes: list[Note]) -> str:
    """The inverse of `read_notes`."""
    return "\n".join(note.written() for note in notes)
