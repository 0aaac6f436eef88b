"""The only place that commits: one transaction, one actor, one moment, one pen."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from models.audit import Head
from models.base import Stored
from models.community import Community
from services import audit, checkpoints, clock
from services.actors import Actor
from services.db import Scoped, engine, one_writer, session
from services.errors import NotFound

Row = TypeVar("Row", bound=Stored)
P = ParamSpec("P")
Result = TypeVar("Result")
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
RETRIES = 5
TOGETHER = 200
"""How many acts of a play are sealed together at most."""
_chance: ContextVar[Random | None] = ContextVar("chance", default=None)


@contextmanager
def chance(seed: int) -> Iterator[None]:
    """Inside this block ids and codes come from `seed`: the demo is the same each time. Never used where a code must be secret."""
    token = _chance.set(Random(seed))
    try:
        yield
    finally:
        _chance.reset(token)


def random_bytes(count: int) -> bytes:
    """Random bytes: the system's, or the demo's."""
    made = _chance.get()
    return made.randbytes(count) if made else secrets.token_bytes(count)


def new_id() -> str:
    """16 letters and figures, 80 random bits."""
    number = int.from_bytes(random_bytes(10), "big")
    return "".join(LETTERS[(number >> shift) & 31] for shift in range(75, -5, -5))


@dataclass
class Work:
    """What a command needs and nothing else."""

    db: Scoped
    actor: Actor
    moment: datetime
    touched: set[str] = field(default_factory=set)
    sign_why: str = ""

    @property
    def community_id(self) -> str:
        """The community served; a Work without one is a bug."""
        if self.actor.community_id is None:
            raise RuntimeError("work without a community")
        return self.actor.community_id

    @property
    def community(self) -> Community:
        return self.db.get_one(Community, self.community_id)

    def new_id(self) -> str:
        """16 letters and figures, 80 random bits."""
        return new_id()

    def fetch(self, kind: type[Row], row_id: str | None, *, lock: bool = False, share: bool = False) -> Row:
        """The row of this community, locked when asked: `lock` against everybody else, `share` against those who lock it alone.

        Raises NotFound for an absent or foreign one.
        """
        locking = (lock or share) and not self.alone
        how: Any = None if not locking else True if lock else {"read": True}
        row = self.db.get(kind, row_id, with_for_update=how, populate_existing=locking) if row_id else None
        if row is None or getattr(row, "community_id", self.community_id) != self.community_id:
            raise NotFound()
        return row

    @property
    def alone(self) -> bool:
        """Whether nobody else can write until this transaction ends: SQLite is locked at BEGIN, so what was read in it holds."""
        return self.db.get_bind().dialect.name == "sqlite"

    def renew(self, row: Stored) -> None:
        """Read a row anew after a lock that stands for it was waited for: somebody may have changed it meanwhile."""
        if not self.alone:
            self.db.refresh(row)

    def add(self, *rows: Stored) -> None:
        """Write new rows now, so that what refers to them may follow."""
        self.db.add_all(rows)
        self.db.flush()

    def touch(self, *topics: str) -> None:
        """Wake the live views of these topics, for example "meeting:<id>"; done last, in order."""
        self.touched.update(topics)

    def checkpoint(self, why: str) -> None:
        """Have the log signed when this transaction ends, for example "poll.open"."""
        self.sign_why = why

    def record(self, action: str, subject: Stored | None = None, actor: str = "", /, **facts: audit.Fact) -> None:
        """Name the act, after the last write: every changed row since the last record goes into it. `actor`: "system" for what
        comes of somebody's act by the rules alone, so that the workspace did it."""
        name = f"{subject.__tablename__}:{audit.row_key(subject)}" if subject is not None else ""
        audit.record(self.db, self.community_id, action, name, facts, actor or self.actor.mark, self.moment)


@contextmanager
def working(actor: Actor, *, on: Engine | None = None) -> Iterator[Work]:
    """One transaction for `actor`. Leaving the block commits; any exception rolls all of it back."""
    with one_writer(on or engine()), session(actor.community_id, on=on) as db:
        db.info["pen"] = audit.Pen()
        work = Work(db, actor, clock.now())
        yield work
        _finish(work)
        db.commit()


@contextmanager
def acting(work: Work, actor: Actor, moment: datetime) -> Iterator[None]:
    """One act of a replay inside a longer transaction: sealed when it ends well, undone alone when it is refused."""
    if work.db.info["pen"].drafts:
        _finish(work)  # what `playing` has left: the savepoint begins after it
    before = work.actor, work.moment, work.db.info["community"]
    work.actor, work.moment, work.db.info["community"] = actor, clock.utc(moment), actor.community_id
    try:
        with work.db.begin_nested(), clock.at(moment):
            yield
            _finish(work)
    except BaseException:
        work.db.info["pen"] = audit.Pen()
        work.touched.clear()
        work.sign_why = ""
        raise
    finally:
        work.actor, work.moment, work.db.info["community"] = before


@contextmanager
def playing(work: Work, actor: Actor, moment: datetime) -> Iterator[None]:
    """One act of a play that stands or falls as a whole: no savepoint, and sealed together with the acts that follow."""
    before = work.actor, work.moment, work.db.info["community"]
    work.actor, work.moment, work.db.info["community"] = actor, clock.utc(moment), actor.community_id
    try:
        with clock.at(moment):
            yield
            work.db.flush()
            audit.refuse_unrecorded(work.db)
            if work.sign_why or len(work.db.info["pen"].drafts) >= TOGETHER:
                _finish(work)
    finally:
        work.actor, work.moment, work.db.info["community"] = before


def _finish(work: Work) -> None:
    work.db.flush()
    _wake(work)
    audit.seal(work.db)
    if work.sign_why:
        checkpoints.sign(work.db, work.community_id, work.moment, work.sign_why)
        work.sign_why = ""


def _wake(work: Work) -> None:
    if not work.touched:
        return
    insert = sqlite.insert if work.alone else postgresql.insert
    fresh = insert(Head).values([{"topic": topic, "number": 1} for topic in sorted(work.touched)])
    work.db.execute(fresh.on_conflict_do_update(index_elements=["topic"], set_={"number": Head.number + 1}))
    work.touched.clear()


class _Undone(Exception):
    """Ends a rehearsal."""


def rehearse(actor: Actor, command: Callable[Concatenate[Work, P], object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Run one command and undo it: raises what it would raise now. Only for commands that write nothing but rows."""

    def undone(work: Work) -> None:
        command(work, *args, **kwargs)
        raise _Undone

    with suppress(_Undone):
        do(actor, undone)


def do(actor: Actor, command: Callable[Concatenate[Work, P], Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """Run one command in a transaction of its own; a deadlock, a serialisation failure or a row that was changed meanwhile is
    tried again, at most five times."""
    for attempt in range(RETRIES):
        try:
            with working(actor) as work:
                return command(work, *args, **kwargs)
        except (DBAPIError, StaleDataError) as broken:
            again = isinstance(broken, StaleDataError) or getattr(broken.orig, "sqlstate", None) in ("40001", "40P01")
            if not again or attempt == RETRIES - 1:
                raise
            time.sleep(0.02 * 2**attempt)
    raise RuntimeError("unreachable")
