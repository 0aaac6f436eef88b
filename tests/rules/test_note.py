"""Signed notes: the published example of the format, round trips, and texts that are none."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from services import keys
from services.rules import note

# The example of the Go package golang.org/x/mod/sumdb/note, which the format was drawn from.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAID = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNED = SAID + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_the_published_example() -> None:
    key = note.Key.read(PETER)
    found = note.read_note(SIGNED)
    assert key.text() == PETER and found.text == SAID and found.written() == SIGNED
    assert keys.verified(found, key)
    assert not keys.verified(note.Note(SAID.replace("is the", "was the"), found.signatures), key)
    assert not keys.verified(found, note.Key("Somebody", key.public))


@given(st.integers(0, 10**9), st.binary(min_size=32, max_size=32))
def test_checkpoints_come_back_as_they_went(size: int, root: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    made = note.Checkpoint("yiqi/c1", size, root, AT)
    text = keys.signed(made, private).written()
    back = note.read_note(text)
    assert note.read_checkpoint(back.text) == made and back.written() == text
    assert keys.verified(back, note.Key("yiqi/c1", keys.public_bytes(private)))
    assert not keys.verified(back, note.Key("yiqi/c1", keys.public_bytes(Ed25519PrivateKey.generate())))
    assert note.read_notes(note.written([back] * 3)) == [back] * 3


def test_every_changed_character_is_noticed() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    key = note.Key("yiqi/c1", keys.public_bytes(private))
    text = keys.signed(note.Checkpoint("yiqi/c1", 7, bytes(32), AT), private).written()
    for at in range(len(text)):
        for other in ("x", "", "\n", text[at] * 2):
            broken = text[:at] + other + text[at + 1 :]
            if broken == text:
                continue
            try:
                found = note.read_note(broken)
            except note.Unreadable:
                continue
            assert not keys.verified(found, key), broken


ROOT = b64encode(bytes(32)).decode()
GOOD = f"yiqi/c1\n7\n{ROOT}\ntime 2026-03-02T01:00:00.000000Z\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yiqi/c1\n7\n",
        GOOD.replace("\n7\n", "\n07\n"),
        GOOD.replace("\n7\n", "\n-7\n"),
        GOOD.replace("\n7\n", "\n٧\n"),
        GOOD.replace("\n7\n", "\n" + "9" * 5000 + "\n"),
        GOOD.replace("yiqi/c1", "yi qi"),
        GOOD.replace("yiqi/c1", ""),
        GOOD.replace(ROOT, ROOT[:-1]),
        GOOD.replace(ROOT, b64encode(bytes(31)).decode()),
        GOOD.replace(ROOT, "!" * 44),
        GOOD.replace(ROOT, ROOT[:-2] + "B="),
        GOOD.replace("2026-03-02", "2026-3-2"),
        GOOD.replace("2026-03-02", "2026-13-02"),
        GOOD + "more\n",
    ],
)
def test_texts_that_are_no_checkpoint(text: str) -> None:
    assert note.read_checkpoint(GOOD).size == 7
    with pytest.raises(note.Unreadable):
        note.read_checkpoint(text)


NO_NOTES = ["", "text\n", "text\n\n", "text\n\nno dash\n", "text\n\n— name\n", "text\n\n— na+me AAAAAAA=\n", "text\n\n— name AAAA\n"]
NO_NOTES += ["text\n\n— name !\n", "a\tb\n\n— name AAAAAAA=\n", "text\n\n— name AAAAAAA=", "text\n\n" + "— name AAAAAAA=\n" * 17]
NO_KEYS = ["", "a+b", PETER[:-1], PETER.replace("c74f20a3", "c74f20a4"), PETER.replace("+AR", "+AQ"), "+" + PETER, "a+00000000+AAAA"]


@pytest.mark.parametrize("text", NO_NOTES)
def test_texts_that_are_no_note(text: str) -> None:
    with pytest.raises(note.Unreadable):
        note.read_note(text)
    with pytest.raises(note.Unreadable):
        note.read_notes(text or "x")


@pytest.mark.parametrize("text", NO_KEYS)
def test_texts_that_are_no_key(text: str) -> None:
    with pytest.raises(note.Unreadable):
        note.Key.read(text)


def test_short_forms() -> None:
    assert note.short_check(bytes.fromhex("9f3c71a804de" + "00" * 26)) == "9F3C 71A8 04DE"
    key = note.Key.read(PETER).public
    print_ = note.fingerprint(key)
    assert len(print_) == 29 and note.same_fingerprint(key, print_) and note.same_fingerprint(key, print_.lower().replace("-", " "))
    assert not note.same_fingerprint(key, print_[:-1]) and not note.same_fingerprint(key, "")
