"""The database: one engine, SQLite and PostgreSQL recipes, sessions that cannot forget whose community they serve."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Engine, FrozenResult, Result, Select, bindparam, create_engine, event
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm.interfaces import CompileStateOption
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql.util import _deep_annotate
from sqlalchemy.sql.visitors import InternalTraversal
from sqlmodel import Session

from models.base import Stored
from models.everything import INSTALLATION_WIDE, metadata
from services.settings import settings

# Only the ticker checkpoints the write-ahead log, from one thread: SQLite before 3.51.3 has the WAL-reset bug.
PRAGMAS = (
    "busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0", "journal_size_limit=16777216",
    "foreign_keys=ON", "secure_delete=ON", "trusted_schema=OFF",
)  # fmt: skip
WAL_BYTES = 4 * 2**20
EVERYWHERE = "*"


def make_engine(url: str) -> Engine:
    """An engine with the recipe of its database: SQLite takes the write lock at BEGIN, so read-then-write loses nothing."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True, isolation_level="READ COMMITTED", hide_parameters=True)
    alone = {"check_same_thread": False, "timeout": 30}
    engine = create_engine(url, connect_args=alone, pool_size=20, max_overflow=40, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _connect(dbapi: Any, _: Any) -> None:
        dbapi.isolation_level = None
        for pragma in PRAGMAS:
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("readonly") else "BEGIN IMMEDIATE")

    return engine


@cache
def engine() -> Engine:
    """The engine of this process, from the settings."""
    if settings().sqlite:
        settings().data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return make_engine(settings().url)


def let_go() -> None:
    """Close the connections of this process, if it has any: the last one of a SQLite file moves its write-ahead log into it."""
    if engine.cache_info().currsize:
        engine().dispose()


def _scoped_classes() -> list[type[Stored]]:
    return [m.class_ for m in Stored._sa_registry.mappers if m.local_table.name not in INSTALLATION_WIDE]  # type: ignore[attr-defined]


SCOPED = _scoped_classes()
assert {c.__table__.name for c in SCOPED} | INSTALLATION_WIDE >= set(metadata.tables)  # type: ignore[attr-defined]


class Scoped(Session):
    """A session of one community: `info["community"]` is its id, or EVERYWHERE where a named place must look at all."""


@event.listens_for(Scoped, "do_orm_execute")
def _keep_to_community(state: ORMExecuteState) -> Result[Any] | None:
    """Adds the community to every select, count, join and get; a session that has none is refused."""
    community = state.session.info.get("community")
    if community is None:
        raise RuntimeError("a session without a community")
    if state.is_column_load or state.is_relationship_load:
        return None
    if community != EVERYWHERE:
        if state.is_select and not isinstance(state.statement, Select):
            raise RuntimeError("a union or a text is not kept to its community: ask twice, or build one select")
        state.statement = state.statement.options(_only(community))
    told: dict[Any, FrozenResult[Any]] | None = state.session.info.get("told")
    return None if told is None or not state.is_select else _told(state, told)


def _told(state: ORMExecuteState, told: dict[Any, FrozenResult[Any]]) -> Result[Any] | None:
    """What the same question was answered before: one picture of the database gives one answer, and its parts ask alike."""
    if not isinstance(state.statement, Select) or (question := state.statement._generate_cache_key()) is None:
        return None
    given = state.parameters if isinstance(state.parameters, dict) else {}
    bound = (*(each.effective_value for each in question.bindparams), *given.values())
    name = (question.key, *given, *(tuple(each) if isinstance(each, list | set) else each for each in bound))
    try:
        known = told.get(name)
    except TypeError:  # a value that cannot be compared
        return None
    if known is None:
        known = told[name] = state.invoke_statement().freeze()
    return known()


class _Own(LoaderCriteriaOption):
    """One table kept to the community, under whatever alias it stands.

    SQLAlchemy's own forms do not do here: a plain expression is not moved to the alias of a join, and a lambda is kept by its code, so
    that the first community's value would be used for the next one's (seen; tests/services/test_scoping.py).
    """

    def __init__(self, kind: Any, community: BindParameter[str]) -> None:
        super().__init__(kind, kind.community_id == community, include_aliases=True)
        self.community = community

    def _resolve_where_criteria(self, ext_info: Any) -> Any:
        marks = {"for_loader_criteria": self}
        return _deep_annotate(ext_info.entity.community_id == self.community, marks, detect_subquery_cols=True, ind_cols_on_fromclause=True)


class _Only(CompileStateOption):
    """Every scoped table's criterion behind one option: thirty of them, added and compared one by one, cost more than a query.

    The community is a bound value of the option's cache key, so that a statement is compiled once for all communities.
    """

    _cache_key_traversal = [("community", InternalTraversal.dp_clauseelement)]  # SQLAlchemy's own form
    propagate_to_loaders = True

    def __init__(self, community: str) -> None:
        self.community: BindParameter[str] = bindparam("community", community, unique=True)
        self.criteria = [_Own(kind, self.community) for kind in SCOPED]

    def process_compile_state(self, compile_state: Any) -> None:
        for each in self.criteria:
            each.process_compile_state(compile_state)

    def process_compile_state_replaced_entities(self, compile_state: Any, mapper_entities: Any) -> None:
        for each in self.criteria:
            each.process_compile_state_replaced_entities(compile_state, mapper_entities)


@lru_cache(maxsize=256)
def _only(community: str) -> _Only:
    return _Only(community)


_readers: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def _reader(bind: Engine) -> Engine:
    """The same engine for reading only, made once."""
    # On PostgreSQL each statement would else see a later picture than the one before it.
    picture = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if bind.dialect.name == "postgresql" else {}
    _readers[bind] = bind.execution_options(readonly=True, **picture)
    return _readers[bind]


def session(community_id: str | None, *, on: Engine | None = None, readonly: bool = False) -> Scoped:
    """A session of this community; `EVERYWHERE` for places named in docs/architecture.md."""
    bind = on or engine()
    if readonly:
        bind = _readers.get(bind) or _reader(bind)
    return Scoped(bind, info={"community": community_id}, expire_on_commit=False)


@contextmanager
def reading(community_id: str | None) -> Iterator[Scoped]:
    """A read-only session on one consistent picture of the database."""
    with session(community_id, readonly=True) as db:
        if community_id != EVERYWHERE:  # these few look once
            db.info["told"] = {}
        yield db
        db.expunge_all()  # what was read stays readable after the end
        db.rollback()


_writer = RLock()


@contextmanager
def one_writer(bind: Engine) -> Iterator[None]:
    """On SQLite writers of this process queue here: its own waiting is by chance, and with fifty at once somebody waits too long."""
    if bind.dialect.name != "sqlite":
        yield
        return
    with _writer:
        yield


def checkpoint_wal() -> None:
    """Move the write-ahead log of SQLite into the file once it has grown; never waits for anybody."""
    wal = Path(f"{engine().url.database}-wal")
    if wal.exists() and wal.stat().st_size > WAL_BYTES:
        with engine().connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(PASSIVE)")  # type: ignore[union-attr]
