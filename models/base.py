"""The ground of every table: own registry, named constraints, UTC moments, exact decimals, enums by value, ownership."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, String
from sqlalchemy.orm import declared_attr, registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

# SQLite migrations can drop only what has a name.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
ID_LENGTH = 16


class Stored(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """A table of ours. Own registry: a hot reload imports modules again, which SQLModel's global one does not survive."""

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. A naive one is refused; it comes back aware on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """A decimal that stays exact: kept as its own digits, because SQLite would make a float of it."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if not isinstance(value, Decimal) or not value.is_finite():
            raise ValueError("an exact decimal is expected")
        return format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def one_of(kind: type[StrEnum]) -> Any:
    """A column of this enum, stored by value and repeated as a CHECK constraint."""
    name = kind.__name__.lower()
    return Enum(kind, values_callable=_values, native_enum=False, create_constraint=True, length=32, name=name)


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


def key() -> Any:
    """A primary key: 16 letters and figures without meaning, made by `Work.new_id`."""
    return Field(primary_key=True, max_length=ID_LENGTH)


def ref(target: str, *, index: bool = True, primary_key: bool = False) -> Any:
    """A reference that must be there."""
    return Field(foreign_key=target, index=index and not primary_key, max_length=ID_LENGTH, primary_key=primary_key)


def maybe(target: str) -> Any:
    """A reference that may be absent."""
    return Field(default=None, foreign_key=target, index=True, max_length=ID_LENGTH)


def moment(*, index: bool = False) -> Any:
    return Field(sa_type=Moment, index=index)


def maybe_moment(*, index: bool = False) -> Any:
    return Field(default=None, sa_type=Moment, index=index)


def document(default: type = dict) -> Any:
    """JSON without floats: rules, figures, settings that travel as a whole."""
    return Field(default_factory=default, sa_type=JSON)


def string(limit: int, default: Any = ...) -> Any:
    return Field(default, max_length=limit)
