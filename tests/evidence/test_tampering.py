"""Tampering past the log: every column of every audited table, every row, every line and every checkpoint, on both databases."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, insert, inspect, select, update

from models.audit import Checkpoint, Event, EventRow, LogHead
from models.everything import metadata
from models.poll import Poll
from services import clock, db, evidence
from services.db import Scoped
from services.exchange import bundle_check
from services.reads import tampering
from services.reads.evidence import AUDITED
from tests.evidence.rows import MOMENT, changed, fill, key

HERE, THERE = "c000000000000001", "c000000000000002"


@pytest.fixture
def filled(engine: Engine) -> Engine:
    fill(HERE, 1)
    fill(THERE, 2)
    return engine


def found(connection: Connection, community: str = HERE) -> list[str]:
    with Scoped(connection, info={"community": db.EVERYWHERE}) as session:
        return [f"{each.place} {each.what}" for each in tampering.mismatches(session, community, key(community))]


@contextmanager
def forging(engine: Engine) -> Iterator[Connection]:
    """A transaction of somebody with the database's own tools: no references, no checks in the way; undone at the end."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("PRAGMA ignore_check_constraints=ON")
            connection.begin()
        else:
            connection.begin()
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield connection
        connection.rollback()
        if engine.dialect.name == "sqlite":
            raw.execute("PRAGMA foreign_keys=ON")
            raw.execute("PRAGMA ignore_check_constraints=OFF")


def test_a_clean_database_raises_no_alarm(filled: Engine) -> None:
    with filled.connect() as connection:
        assert found(connection, HERE) == [] and found(connection, THERE) == []


def test_every_column_of_every_audited_table(filled: Engine) -> None:
    """The first column of all tables at once, then the second …: each table must be named each time."""
    tables: list[Any] = [inspect(kind).local_table for kind in AUDITED]
    tried, missed = 0, []
    with forging(filled) as connection:
        for number in range(max(len(table.columns) for table in tables)):
            with connection.begin_nested() as point:
                touched = {table.name: column.name for table in tables for column in list(table.columns)[number : number + 1]}
                for table in tables:
                    if table.name in touched:
                        owner, column = table.c.get("community_id", table.c.id), table.c[touched[table.name]]
                        old = connection.execute(select(column).where(owner == HERE)).scalar_one()
                        connection.execute(update(table).where(owner == HERE).values({column: changed(column, old)}))
                named = {each.partition(" ")[0] for each in found(connection)}
                missed += [f"{name}.{column}" for name, column in touched.items() if name not in named]
                tried += len(touched)
                point.rollback()
    assert missed == [] and tried == sum(len(table.columns) for table in tables)


def test_every_row_taken_away_or_doubled(filled: Engine) -> None:
    tables: list[Any] = [inspect(kind).local_table for kind in AUDITED]
    owners = {table.name: table.c.get("community_id", table.c.id) for table in tables}
    with forging(filled) as connection:
        rows = {table.name: dict(connection.execute(select(table).where(owners[table.name] == HERE)).one()._mapping) for table in tables}
        with connection.begin_nested() as point:
            for table in tables:
                connection.execute(delete(table).where(owners[table.name] == HERE))
            assert {each.partition(" ")[0] for each in found(connection) if "is gone" in each} == set(owners)
            point.rollback()
        for table in tables:
            if table.name != "community":
                values = {column.name: rows[table.name][column.name] for column in table.columns}
                fresh = {name: changed(table.c[name], value) for name, value in values.items() if name != "community_id"}
                connection.execute(insert(table).values(values | fresh))
        doubled = {each.partition(" ")[0] for each in found(connection) if "is there without a trace" in each}
        assert doubled == set(owners) - {"community"}


LOG: dict[str, Callable[[Connection], Any]] = {
    "line": lambda c: c.execute(update(Event).where(Event.seq == 3).values(line=Event.line + " ")),
    "actor": lambda c: c.execute(update(Event).where(Event.seq == 3).values(actor="visitor")),
    "action": lambda c: c.execute(update(Event).where(Event.seq == 3).values(action="poll.reveal")),
    "subject": lambda c: c.execute(update(Event).where(Event.seq == 3).values(subject="")),
    "at": lambda c: c.execute(update(Event).where(Event.seq == 3).values(at=MOMENT.replace(year=2025))),
    "seq": lambda c: c.execute(update(Event).where(Event.seq == 3).values(seq=9999)),
    "first event": lambda c: c.execute(delete(Event).where(Event.seq == 0)),
    "an event": lambda c: c.execute(delete(Event).where(Event.seq == 3)),
    "an event and its digests": lambda c: [c.execute(delete(kind).where(kind.seq == 3)) for kind in (Event, EventRow)],
    "digest": lambda c: c.execute(update(EventRow).where(EventRow.seq == 3).values(digest="0" * 64)),
    "salt": lambda c: c.execute(update(EventRow).where(EventRow.seq == 3).values(salt="0" * 32)),
    "salt erased": lambda c: c.execute(update(EventRow).where(EventRow.seq == 3).values(salt=None)),
    "op": lambda c: c.execute(update(EventRow).where(EventRow.seq == 3).values(op="update")),
    "table": lambda c: c.execute(update(EventRow).where(EventRow.seq == 3).values(table="poll_")),
    "row id": lambda c: c.execute(update(EventRow).where(EventRow.seq == 3).values(row_id="x")),
    "digest taken away": lambda c: c.execute(delete(EventRow).where(EventRow.seq == 3)),
    "size": lambda c: c.execute(update(LogHead).values(size=LogHead.size - 1)),
    "frontier": lambda c: c.execute(update(LogHead).values(frontier=["0" * 64])),
    "no head": lambda c: c.execute(delete(LogHead)),
    "checkpoint root": lambda c: c.execute(update(Checkpoint).values(root="0" * 64)),
    "checkpoint size": lambda c: c.execute(update(Checkpoint).values(size=Checkpoint.size - 1)),
    "checkpoint note": lambda c: c.execute(update(Checkpoint).values(note=Checkpoint.note + "x")),
    "nonsense": lambda c: c.execute(update(Event).where(Event.seq == 3).values(line="nonsense")),
}


def test_the_log_itself(filled: Engine) -> None:
    with forging(filled) as connection:
        for what, forge in LOG.items():
            with connection.begin_nested() as point:
                forge(connection)
                assert found(connection), what
                point.rollback()


def test_the_end_cut_off_with_a_head_that_fits(filled: Engine) -> None:
    """Somebody who knows the recipe takes the last acts away and mends the head; the checkpoint tells."""
    from services.rules import chain

    with forging(filled) as connection:
        kept = connection.execute(select(Event.line).where(Event.community_id == HERE).order_by(Event.seq)).scalars().all()[:-2]
        top = chain.frontier(chain.leaf(line.encode()) for line in kept)
        for kind in (Event, EventRow):
            connection.execute(delete(kind).where(kind.community_id == HERE, kind.seq >= len(kept)))
        peaks = [peak.hex() for peak in top.peaks]
        connection.execute(update(LogHead).where(LogHead.community_id == HERE).values(size=len(kept), frontier=peaks))
        assert any("checkpoint" in each for each in found(connection))


def test_rows_that_cannot_be_read_are_found(on_sqlite: Engine) -> None:
    fill(HERE, 1)
    with forging(on_sqlite) as connection:
        for statement in (
            "UPDATE poll SET method = 'nonsense'",
            "UPDATE poll SET prepared_at = 'yesterday'",
            "UPDATE poll SET rule = '{broken'",
            "UPDATE unit SET area = 'wide'",
            "UPDATE unit SET floor = 'ground'",
        ):
            with connection.begin_nested() as point:
                connection.exec_driver_sql(statement)
                assert found(connection), statement
                point.rollback()


def test_a_bundle_written_from_a_changed_database_is_refused(filled: Engine) -> None:
    """The exporter reads the rows as they stand, so the bundle carries the trace of the forgery."""

    def verdict() -> list[bundle_check.Finding]:
        target = io.BytesIO()
        evidence.write(target)
        target.seek(0)
        return bundle_check.verify(target).findings

    with clock.at(MOMENT):
        assert verdict() == []
        with filled.begin() as connection:
            connection.execute(update(Poll).where(Poll.community_id == HERE).values(outcome={"outcome": "adopted"}))
        assert ["changed" in each.what for each in verdict()] == [True]


def test_the_tables_are_all_there() -> None:
    assert {str(kind.__tablename__) for kind in AUDITED} < set(metadata.tables)
