"""The log as a Merkle tree (RFC 9162, section 2.1): hashes, roots, a compact frontier, proofs, and the canonical text of a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY = sha256(b"").digest()
SALT_BYTES = 16


def canonical(value: object) -> bytes:
    """The one JSON text of `value`: keys sorted by code point, no spaces, UTF-8, no floats.

    Raises ValueError for a float, a key that is not text, half a surrogate pair, or anything JSON has no word for.
    """
    _plain(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8")


def _plain(value: object) -> None:
    if value is None or isinstance(value, (str, int)):
        return
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("a key that is not text")
        for part in value.values():
            _plain(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            _plain(part)
    else:
        raise ValueError(f"{type(value).__name__} has no canonical form")


def row_digest(salt: bytes, values: object) -> str:
    """Hex SHA-256 of salt and canonical values: says nothing about the row once the salt (16 bytes) is erased."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return sha256(salt + canonical(values)).hexdigest()


def leaf(line: bytes) -> bytes:
    """Hash of one line, without its line feed."""
    return sha256(b"\x00" + line).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Frontier:
    """What must be kept to append to a log and to know its root: one hash per 1-bit of `size`, the largest subtree first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count() or any(len(peak) != 32 for peak in self.peaks):
            raise ValueError("the peaks do not belong to this size")

    def grown(self, leaf_hash: bytes) -> Frontier:
        """The frontier with one more leaf: as many hashes as `size` ends in 1-bits."""
        peaks, rest, top = list(self.peaks), self.size, leaf_hash
        while rest & 1:
            top, rest = node(peaks.pop(), top), rest >> 1
        return Frontier(self.size + 1, (*peaks, top))

    def root(self) -> bytes:
        """Root of the whole log: at most log2(size) hashes."""
        if not self.peaks:
            return EMPTY
        top = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            top = node(peak, top)
        return top

    def packed(self) -> bytes:
        """The peaks in one string of bytes, for storing beside the size."""
        return b"".join(self.peaks)

    @classmethod
    def unpacked(cls, size: int, peaks: bytes) -> Frontier:
        """The inverse of `packed`; ValueError where the two do not belong together."""
        return cls(size, tuple(peaks[at : at + 32] for at in range(0, len(peaks), 32)))


def frontier(leaves: Iterable[bytes]) -> Frontier:
    """The frontier of these leaf hashes."""
    grown = Frontier()
    for one in leaves:
        grown = grown.grown(one)
    return grown


def root(leaves: Iterable[bytes]) -> bytes:
    """Merkle tree hash of these leaf hashes."""
    return frontier(leaves).root()


def _split(size: int) -> int:
    """The largest power of two below `size` (2 or more)."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Audit path of leaf `index` in the tree of `leaves`, lowest sibling first (2.1.3.1)."""
    if not 0 <= index < len(leaves):
        raise ValueError("no such leaf")
    path: list[bytes] = []
    start, end = 0, len(leaves)
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root(leaves[middle:end]))
            end = middle
        else:
            path.append(root(leaves[start:middle]))
            start = middle
    return path[::-1]


def included(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether `path` shows that the tree of `size` with `root_hash` has this leaf at `index` (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, result = index, size - 1, leaf_hash
    for sibling in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            result = node(sibling, result)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            result = node(result, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and result == root_hash


def consistency_proof(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """Proof that the tree of the first `old` leaves (1 or more) was only appended to (2.1.4.1)."""
    if not 0 < old <= len(leaves):
        raise ValueError("no such older tree")
    path: list[bytes] = []
    start, end, whole = 0, len(leaves), True
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(root(leaves[middle:end]))
            end = middle
        else:
            path.append(root(leaves[start:middle]))
            start, whole = middle, False
    if not whole:
        path.append(root(leaves[start:end]))
    return path[::-1]


def consistent(old: int, old_root: bytes, size: int, root_hash: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the tree of `size` begins with the tree of `old` (2.1.4.2); the empty tree begins every tree."""
    if not 0 <= old <= size:
        return False
    if old == 0:
        return not path and old_root == EMPTY
    if old == size:
        return not path and old_root == root_hash
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node(step, first), node(step, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = node(second, step)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old_root and second == root_hash
