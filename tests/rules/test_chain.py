"""The Merkle log against the vectors of certificate transparency, a twin written from the RFC's words, and its own promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules import chain

# The well-known test leaves and roots of the certificate-transparency code bases (RFC 6962 and 9162 agree on them).
LEAVES = [bytes.fromhex(text) for text in " 00 10 2021 3031 40414243 5051525354555657 606162636465666768696a6b6c6d6e6f".split(" ")]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def mth(d: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, on the entries themselves."""
    if not d:
        return chain.sha256(b"").digest()
    if len(d) == 1:
        return chain.sha256(b"\x00" + d[0]).digest()
    k = 1
    while k * 2 < len(d):
        k *= 2
    return chain.sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: list[bytes]) -> list[bytes]:
    """PATH of RFC 9162, 2.1.3.1."""
    if len(d) == 1:
        return []
    k = 1
    while k * 2 < len(d):
        k *= 2
    return path(m, d[:k]) + [mth(d[k:])] if m < k else path(m - k, d[k:]) + [mth(d[:k])]


def proof(m: int, d: list[bytes], b: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 9162, 2.1.4.1."""
    if m == len(d):
        return [] if b else [mth(d)]
    k = 1
    while k * 2 < len(d):
        k *= 2
    return proof(m, d[:k], b) + [mth(d[k:])] if m <= k else proof(m - k, d[k:], False) + [mth(d[:k])]


entries = st.lists(st.binary(max_size=5), min_size=1, max_size=70)


def hashes(lines: list[bytes]) -> list[bytes]:
    return [chain.leaf(line) for line in lines]


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    assert chain.root(hashes(LEAVES[:size])).hex() == ROOTS[size]
    assert mth(LEAVES[:size]).hex() == ROOTS[size]


def test_published_proofs() -> None:
    eight = hashes(LEAVES)
    assert [one.hex() for one in chain.inclusion_proof(eight, 0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [one.hex() for one in chain.consistency_proof(eight, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(entries)
def test_root_and_frontier_equal_the_twin(lines: list[bytes]) -> None:
    grown = chain.Frontier()
    for size, line in enumerate(lines, 1):
        grown = grown.grown(chain.leaf(line))
        assert grown.size == size and len(grown.peaks) == size.bit_count()
        assert chain.Frontier.unpacked(grown.size, grown.packed()) == grown
    assert grown.root() == chain.root(hashes(lines)) == mth(lines)


@given(entries, st.data())
def test_inclusion_equals_the_twin_and_nothing_else_passes(lines: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(lines) - 1))
    leaves, found = hashes(lines), chain.inclusion_proof(hashes(lines), index)
    assert found == path(index, lines)
    top = chain.root(leaves)
    assert chain.included(leaves[index], index, len(lines), found, top)
    assert not chain.included(chain.leaf(b"another"), index, len(lines), found, top)
    assert not chain.included(leaves[index], index, len(lines), [*found, top], top)
    for position in range(len(found)):
        assert not chain.included(leaves[index], index, len(lines), found[:position] + found[position + 1 :], top)
        assert not chain.included(leaves[index], index, len(lines), [*found[:position], top, *found[position + 1 :]], top)
    assert not chain.included(leaves[index], len(lines), len(lines), found, top)


@given(entries, st.data())
def test_consistency_equals_the_twin_and_nothing_else_passes(lines: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(1, len(lines)))
    leaves, found = hashes(lines), chain.consistency_proof(hashes(lines), old)
    assert found == proof(old, lines)
    old_top, top = chain.root(leaves[:old]), chain.root(leaves)
    assert chain.consistent(old, old_top, len(lines), top, found)
    assert chain.consistent(0, chain.EMPTY, len(lines), top, [])
    wrong = chain.root(hashes([b"another", *lines[1:old]]))
    if wrong != old_top:
        assert not chain.consistent(old, wrong, len(lines), top, found)
    assert not chain.consistent(old, old_top, len(lines), chain.leaf(b"another"), found)
    assert not chain.consistent(old, old_top, len(lines), top, [*found, top])
    if found:
        assert not chain.consistent(old, old_top, len(lines), top, found[:-1])
        assert not chain.consistent(old, old_top, len(lines), top, [])


def test_questions_without_an_answer() -> None:
    with pytest.raises(ValueError):
        chain.inclusion_proof([], 0)
    for old in (0, 2):
        with pytest.raises(ValueError):
            chain.consistency_proof([b""], old)
    assert not chain.consistent(3, chain.EMPTY, 2, chain.EMPTY, [])


@pytest.mark.parametrize("size, peaks", [(1, b""), (0, b"x" * 32), (2, b"x" * 64), (1, b"x" * 31), (-1, b"")])
def test_a_frontier_that_does_not_fit(size: int, peaks: bytes) -> None:
    with pytest.raises(ValueError):
        chain.Frontier.unpacked(size, peaks)


def test_canonical_text() -> None:
    assert chain.canonical({"b": [1, True, None], "a": "议 \n\""}) == '{"a":"议 \\n\\"","b":[1,true,null]}'.encode()
    assert chain.canonical({"\U0001f600": 1, "￿": 2}) == '{"￿":2,"\U0001f600":1}'.encode()


@pytest.mark.parametrize("value", [1.0, {"a": [1.5]}, {1: "a"}, b"bytes", "\ud800", float("nan"), {"a": {2: 3}}])
def test_what_has_no_canonical_text(value: object) -> None:
    with pytest.raises(ValueError):
        chain.canonical(value)


def test_row_digest() -> None:
    assert chain.row_digest(bytes(16), {"a": 1}) == chain.sha256(bytes(16) + b'{"a":1}').hexdigest()
    with pytest.raises(ValueError):
        chain.row_digest(b"short", {})
