"""What makes a second press of the same button, or a page loaded again, harmless: names drawn from who sends and which form it was."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from services.actors import Actor
from services.errors import Conflict
from services.i18n import N_
from services.rules import codes
from services.work import LETTERS, Work


def _digest(actor: Actor, form: str) -> bytes:
    """32 bytes, the same for the same form of the same sender. `form` is a random word that the form was given when it was opened."""
    return sha256("\0".join((str(actor.community_id), actor.owner, form)).encode()).digest()


def word(form: str, *said: object) -> str:
    """The word of a form with what was said in it: the same form sent again in other words is no second press. "" stays ""."""
    return sha256("\0".join((form, *(str(each) for each in said))).encode()).hexdigest() if form else ""


def name(work: Work, form: str) -> str:
    """An id for what comes of the form; a new one where the form has no word."""
    return id_of(work.actor, form) if form else work.new_id()


def id_of(actor: Actor, form: str) -> str:
    """The id that what comes of this sender's form has, once something has come of it."""
    number = int.from_bytes(_digest(actor, form)[:10], "big")
    return "".join(LETTERS[(number >> shift) & 31] for shift in range(75, -5, -5))


def receipt_of(actor: Actor, form: str) -> str:
    """The receipt that what comes of this sender's form has, once something has come of it."""
    return codes.make(codes.ONE_TIME, _digest(actor, form)[: codes.ONE_TIME.bytes])


PRINTED = N_("These were made on {when}, and their codes cannot be shown again. If they were not printed, make new ones here.")


def printed(work: Work, made: datetime) -> Conflict:
    """Why the same form, sent again, makes no codes again: those of `made` may lie printed on somebody's table."""
    return Conflict(PRINTED, when=made.astimezone(ZoneInfo(work.community.time_zone)))
