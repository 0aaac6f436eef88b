"""This installation: is it empty, is it a demo, how far was its clock moved ahead, and the code that the terminal printed."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from models.audit import Installation
from models.community import Community
from services import actors, clock, db
from services.rules import codes
from services.settings import settings
from services.work import Work, do

FRESH = 1.0
"""Seconds for which the mark and the clock's lead are not read again."""
_filled: set[str] = set()
_seen: dict[str, tuple[float, bool, timedelta]] = {}


def empty() -> bool:
    """True while no community exists. A community is never taken away, so one "no" holds for good."""
    here = settings().url
    if here in _filled:
        return False
    with db.reading(db.EVERYWHERE) as session:
        if session.exec(select(Community.id).limit(1)).first() is None:
            return True
    _filled.add(here)
    return False


def is_demo() -> bool:
    """True when this database is marked as a demo."""
    return _state()[0]


def known_demo() -> bool:
    """What was last read of the mark; asks nothing, for pages that must come even when the database does not answer."""
    known = _seen.get(settings().url)
    return known is not None and known[1]


def one_press() -> bool:
    """True when a visitor may enter with one press: the database is marked as a demo and YIQI_DEMO is on."""
    return settings().demo and is_demo()


def ahead() -> timedelta:
    """How far the demo's clock was moved ahead; nothing outside a demo."""
    return _state()[1]


def follow_clock() -> None:
    """From now on the clock follows this installation; called at the start of the server and of `manage.py`."""
    clock.follow(ahead)


def refresh() -> None:
    """Read the mark and the lead again at the next question: after they were changed."""
    _seen.pop(settings().url, None)


def _state() -> tuple[bool, timedelta]:
    here = settings().url
    known = _seen.get(here)
    now = time.monotonic()
    if known and now - known[0] < FRESH:
        return known[1], known[2]
    last = (known[1], known[2]) if known else (False, timedelta(0))
    demo, lead = last if _absent(here) else _asked(last)
    _seen[here] = (now, demo, lead)
    return demo, lead


def _asked(last: tuple[bool, timedelta]) -> tuple[bool, timedelta]:
    """What the row says; `last` where there is no table yet or no answer just now, so that the clock never jumps back."""
    try:
        with db.reading(db.EVERYWHERE) as session:
            found = session.get(Installation, 1)
            return (True, timedelta(seconds=found.ahead_seconds)) if found and found.demo else (False, timedelta(0))
    except DBAPIError:
        return last


def _absent(here: str) -> bool:
    """True where asking would make an empty SQLite file, for example in `manage.py verify`."""
    file = make_url(here).database if settings().sqlite else None
    return bool(file) and not Path(str(file)).exists()


def row(session: Session, *, lock: bool = False) -> Installation:
    """The one row, made when it is not there yet. Only inside a transaction that writes."""
    found = session.get(Installation, 1, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        found = Installation(id=1, made_at=clock.now())
        session.add(found)
        session.flush()
    return found


def mark_demo(work: Work) -> None:
    """Mark this database as a demo, for good: only the workspace itself, while it makes one."""
    if not work.actor.system:
        raise RuntimeError("only the workspace marks a demo")
    row(work.db, lock=True).demo = True
    work.db.flush()


# ---- one-time codes


def one_time_code() -> str:
    """A code for paper and terminal, 90 random bits that no demo's seed can set."""
    return codes.make(codes.ONE_TIME, secrets.token_bytes(codes.ONE_TIME.bytes))


def digest(typed: str) -> str:
    """SHA-256 of a code, however it was typed: all that the database keeps of it."""
    return sha256(codes.normal(typed).encode()).hexdigest()


def first_run_code() -> str:
    """A new code for the first-run page, for the terminal; it replaces the last one. Only while the installation is empty."""
    code = one_time_code()
    do(actors.system(""), _keep_code, digest(code))
    return codes.grouped(code)


def _keep_code(work: Work, code_sha256: str) -> None:
    row(work.db, lock=True).first_run_sha256 = code_sha256
    work.db.flush()


def code_fits(session: Session, code: str) -> bool:
    """Whether this is the code that the terminal printed."""
    found = session.get(Installation, 1)
    return bool(found and found.first_run_sha256 and secrets.compare_digest(found.first_run_sha256, digest(code)))
