"""Reads that are kept until something changes: a page runs again at every press, and mostly nothing has happened meanwhile."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import timedelta
from functools import wraps
from threading import Lock
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import col

from models.audit import LogHead
from services import clock
from services.actors import Actor
from services.db import engine, reading

P = ParamSpec("P")
Found = TypeVar("Found")
MOST = 400
BEHIND = timedelta(seconds=10)
"""How far a page may be behind the clock; it is never behind a change."""
_SIZE = sa.select(col(LogHead.size)).where(col(LogHead.community_id) == sa.bindparam("community"))  # the table is nobody's own
_kept: WeakKeyDictionary[Engine, OrderedDict[Hashable, object]] = WeakKeyDictionary()
_lock = Lock()


def remembered(read: Callable[Concatenate[Actor, P], Found]) -> Callable[Concatenate[Actor, P], Found]:
    """For a read whose answer hangs on its arguments, the clock and audited tables of the reader's own community, and on nothing else.

    Every change of an audited table makes the community's log longer, in the same transaction, whichever process made it: so the
    log's length says whether an answer still holds. Answers are shared: they must be frozen. A refusal is asked for anew.
    """

    @wraps(read)
    def ask(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> Found:
        with reading(actor.community_id) as db:
            size = db.execute(_SIZE, {"community": actor.community_id}).scalars().first()
        span = int(clock.now().timestamp() // BEHIND.total_seconds())
        name = (read, actor, args, tuple(sorted(kwargs.items())), size, span)
        with _lock:
            kept = _kept.setdefault(engine(), OrderedDict())
            if name in kept:
                kept.move_to_end(name)
                return kept[name]  # type: ignore[return-value]
        found = read(actor, *args, **kwargs)
        with _lock:
            kept[name] = found
            while len(kept) > MOST:
                kept.popitem(last=False)
        return found

    return ask  # type: ignore[return-value]
