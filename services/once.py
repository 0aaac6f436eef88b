"""What makes a second press of the same button harmless: names drawn from who sends and which form it was."""

from __future__ import annotations

from hashlib import sha256

from services.work import LETTERS, Work


def digest(work: Work, form: str) -> bytes:
    """32 bytes, the same for the same form of the same sender. `form` is a random word that the form was given when it was opened."""
    return sha256("\0".join((work.community_id, work.actor.owner, form)).encode()).digest()


def name(work: Work, form: str) -> str:
    """An id for what comes of the form; a new one where the form has no word."""
    if not form:
        return work.new_id()
    number = int.from_bytes(digest(work, form)[:10], "big")
    return "".join(LETTERS[(number >> shift) & 31] for shift in range(75, -5, -5))
