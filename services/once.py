"""What makes a second press of the same button, or a page loaded again, harmless: names drawn from who sends and which form it was."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from services.errors import Conflict
from services.i18n import N_
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


PRINTED = N_("These were made on {when}, and their codes cannot be shown again. If they were not printed, make new ones here.")


def printed(work: Work, made: datetime) -> Conflict:
    """Why the same form, sent again, makes no codes again: those of `made` may lie printed on somebody's table."""
    return Conflict(PRINTED, when=made.astimezone(ZoneInfo(work.community.time_zone)))
