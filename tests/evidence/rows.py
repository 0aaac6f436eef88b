"""One made-up row of every audited table, written and recorded through `working`, and a changed value for each of its columns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum as PythonEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Enum, Integer, inspect

from models.base import Exact, Moment, Stored
from models.community import Community
from models.everything import EXEMPT
from services import actors, checkpoints, clock
from services.reads.evidence import AUDITED
from services.work import Work, working

MOMENT = datetime(2026, 3, 2, 1, 30, 0, 123456, tzinfo=UTC)


def kinds() -> list[type[Stored]]:
    """The audited tables, those that others refer to first."""
    left, done, order = list(AUDITED), set(EXEMPT), []
    while left:
        ready = [kind for kind in left if {table for column in _columns(kind) if (table := _needs(column))} <= done | {_name(kind)}]
        assert ready, f"a ring of references: {left}"
        order += ready
        done |= {_name(kind) for kind in ready}
        left = [kind for kind in left if kind not in ready]
    return order


def _name(kind: type[Stored]) -> str:
    return str(kind.__tablename__)


def _columns(kind: type[Stored]) -> list[Column[Any]]:
    return list(inspect(kind).columns)


def _needs(column: Column[Any]) -> str | None:
    return next((key.column.table.name for key in column.foreign_keys), None) if not column.nullable else None


def _value(column: Column[Any], number: int, ids: dict[str, str]) -> Any:
    """A value of the column's kind; references that may be absent are."""
    if target := _needs(column):
        return ids[target]
    if column.foreign_keys:
        return None
    kind = column.type
    if isinstance(kind, Moment):
        return MOMENT + timedelta(hours=number)
    if isinstance(kind, Date):
        return date(2026, 3, number)
    if isinstance(kind, Exact):
        return Decimal("89.750")
    if isinstance(kind, Enum):
        return list(kind.enum_class)[0]  # type: ignore[arg-type]
    if isinstance(kind, JSON):
        return {"议": ["b", 1, None, True], "a": number}
    if isinstance(kind, Boolean):
        return bool(number % 2)
    if isinstance(kind, Integer):
        return number + 1
    return f"{column.name[:6]}{number}议"[: getattr(kind, "length", None) or 40]


def changed(column: Column[Any], old: Any) -> Any:
    """Another value that the column can hold."""
    if old is None:
        return _value(column, 1, {}) if not column.foreign_keys else "somebody"
    if isinstance(old, datetime):
        return old + timedelta(microseconds=1)
    if isinstance(old, date):
        return old + timedelta(days=1)
    if isinstance(old, Decimal):
        return Decimal("89.75")
    if isinstance(old, PythonEnum):
        others = [each for each in type(old) if each is not old]
        return others[0]
    if isinstance(old, bool):
        return not old
    if isinstance(old, int):
        return old + 1
    if isinstance(old, dict):
        return {**old, "a": -1}
    return old[:-1] + ("x" if old[-1:] != "x" else "y")


def fill(community_id: str, number: int = 0) -> dict[str, str]:
    """A community with one row in every audited table; answers table → row id. Signs a checkpoint at the end."""
    ids: dict[str, str] = {}
    with clock.at(MOMENT), working(actors.system(community_id)) as work:
        for kind in kinds():
            _add(work, kind, number, ids, community_id)
        work.checkpoint("test")
    return ids


def _add(work: Work, kind: type[Stored], number: int, ids: dict[str, str], community_id: str) -> None:
    key = community_id if kind is Community else f"{_name(kind)[:8]}{number}".ljust(16, "0")
    ids[_name(kind)] = key
    values = {column.name: _value(column, number, {**ids, "community": community_id}) for column in _columns(kind)}
    if "id" in values:
        values["id"] = key
    if "time_zone" in values:
        values |= {"time_zone": "Asia/Shanghai", "language": "zh-CN"}
    attributes = {inspect(kind).get_property_by_column(column).key: values[column.name] for column in _columns(kind)}
    row = kind(**attributes)
    work.add(row)
    work.record("test.fill", row)


def key(community_id: str) -> Any:
    """The public key under which the log of this community is signed."""
    from services.rules import note

    return note.Key(checkpoints.origin(community_id), checkpoints.public())
