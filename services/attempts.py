"""Failures at a door, kept in the database for an hour, so that guessing is slow and an owner is never locked out for good."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlmodel import col, delete

from models.account import Attempt
from services import actors, clock, db
from services.errors import NotAllowed, Refusal
from services.work import Work, do

KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """At most `most` failures of one mark within `within`; the window slides, and a refused try is not counted."""

    most: int
    within: timedelta


PAIR = Limit(5, timedelta(minutes=10))  # one account from one address
ACCOUNT = Limit(40, timedelta(minutes=30))  # one account from anywhere
CLIENT = Limit(60, timedelta(minutes=10))  # one address: a whole room may share one

Marks = dict[str, Limit]


def marks(account: str, client: str) -> Marks:
    """What a try is counted under: digests, so that the table names nobody."""
    found = {_mark("client", client): CLIENT}
    if account:
        found |= {_mark("pair", account, client): PAIR, _mark("account", account): ACCOUNT}
    return found


def _mark(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()


# Asked before each code and each password: built once, all marks in one go.
_FAILED = (
    sa.select(col(Attempt.mark), col(Attempt.at))
    .where(
        col(Attempt.door) == sa.bindparam("door"), col(Attempt.mark).in_(sa.bindparam("marks", expanding=True)),
        col(Attempt.at) > sa.bindparam("since"), col(Attempt.at) <= sa.bindparam("now"),
    )
    .order_by(col(Attempt.at).desc())
)  # fmt: skip


def refuse_guessing(door: str, marks: Marks) -> None:
    """Raise NotAllowed with the number of minutes to wait, where too many tries failed."""
    now = clock.now()
    longest = max(limit.within for limit in marks.values())
    with db.reading(db.EVERYWHERE) as session:
        rows = session.execute(_FAILED, {"door": door, "marks": list(marks), "since": now - longest, "now": now}).all()
    waits = []
    for mark, limit in marks.items():
        failures = [at for marked, at in rows if marked == mark and at > now - limit.within][: limit.most]
        if len(failures) == limit.most:
            waits.append(failures[-1] + limit.within - now)
    if waits:
        minutes = -(-max(waits) // timedelta(minutes=1))
        raise NotAllowed("Too many tries. Wait {n} minutes, then try again; or ask your grid worker for a new letter.", n=minutes)


def failed(door: str, marks: Marks) -> None:
    """Note one failure, in a transaction of its own: the refusal that follows must not undo it."""
    do(actors.system(""), _note, door, marks)


@contextmanager
def counted(door: str, client: str) -> Iterator[None]:
    """Inside, each Refusal counts as a failure from this address; too many of them, and nobody comes in for a while."""
    tried = marks("", client)
    refuse_guessing(door, tried)
    try:
        yield
    except Refusal:
        failed(door, tried)
        raise


def _note(work: Work, door: str, marks: Marks) -> None:
    work.db.execute(delete(Attempt).where(col(Attempt.at) < work.moment - KEPT))
    work.add(*(Attempt(id=work.new_id(), door=door, mark=mark, at=work.moment) for mark in marks))


def forgive(work: Work, door: str, account: str) -> None:
    """Forget the failures on an account: its owner has shown a letter or the right password from elsewhere."""
    work.db.execute(delete(Attempt).where(col(Attempt.door) == door, col(Attempt.mark) == _mark("account", account)))
