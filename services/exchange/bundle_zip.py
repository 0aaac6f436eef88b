"""Opens the zip of an evidence bundle with suspicion: known names only, once each, bounded sizes, nothing written to disk."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

from services.exchange.bundle import CHECKPOINTS, KEYS, LOG, MANIFEST, NAME, ROWS

MIB = 1 << 20
MOST_ENTRIES, MOST_BYTES, MOST_LINE, MOST_RATIO = 20_000, 4096 * MIB, 16 * MIB, 300
MOST = {MANIFEST: 16 * MIB, KEYS: MIB, LOG: MOST_BYTES, ROWS: MOST_BYTES, CHECKPOINTS: 256 * MIB}
MOST_POLL = 64 * MIB


class Unusable(ValueError):
    """Not an evidence bundle at all, or one that must not be opened; the message says which entry and why."""


class Archive:
    """The entries of a bundle; `digests` fills as they are read to their ends. Raises Unusable."""

    def __init__(self, source: BinaryIO) -> None:
        try:
            self.zip = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as wrong:
            raise Unusable(f"not a zip file ({wrong})") from None
        self.digests: dict[str, str] = {}
        self.entries: dict[str, zipfile.ZipInfo] = {}
        infos = self.zip.infolist()
        if len(infos) > MOST_ENTRIES:
            raise Unusable(f"more than {MOST_ENTRIES} entries")
        for info in infos:
            self._admit(info)
        if sum(info.file_size for info in infos) > MOST_BYTES:
            raise Unusable(f"more than {MOST_BYTES // MIB} MiB when unpacked")

    def _admit(self, info: zipfile.ZipInfo) -> None:
        name = info.filename
        shown = repr(info.orig_filename)[:80]
        known = NAME.fullmatch(name)
        if info.orig_filename != name or (name not in (MANIFEST, KEYS) and not known):
            raise Unusable(f"an entry that no evidence bundle has: {shown}")
        if name in self.entries:
            raise Unusable(f"the entry {name} twice")
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unusable(f"{name} is encrypted or packed in an unknown way")
        most = MOST_POLL if known and known["poll"] else MOST[name.rpartition("/")[2]]
        if info.file_size > most or info.file_size > MIB and info.file_size > info.compress_size * MOST_RATIO:
            raise Unusable(f"{name} says that it unpacks to {info.file_size} bytes")
        self.entries[name] = info

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines with their line feeds."""
        if name not in self.entries:
            raise Unusable(f"{name} is missing")
        digest = sha256()
        try:
            with self.zip.open(self.entries[name]) as file:
                while line := file.readline(MOST_LINE + 1):
                    if len(line) > MOST_LINE:
                        raise Unusable(f"{name} has a line of more than {MOST_LINE // MIB} MiB")
                    digest.update(line)
                    yield line
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as wrong:
            raise Unusable(f"{name} cannot be unpacked ({wrong})") from None
        self.digests[name] = digest.hexdigest()

    def text(self, name: str) -> str:
        """The whole entry. Raises Unusable where it is not UTF-8."""
        try:
            return b"".join(self.lines(name)).decode()
        except UnicodeDecodeError:
            raise Unusable(f"{name} is not UTF-8") from None
