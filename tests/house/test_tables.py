"""Every table is audited or exempt by name, belongs to a community or is named; a fresh schema equals a migrated one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Engine, MetaData, String, Table, inspect
from sqlmodel import SQLModel

import models
from models.base import Stored
from models.everything import EXEMPT, INSTALLATION_WIDE, metadata
from services import db, schema
from tests.fixtures import database, postgres
from tests.house.source import nothing

COMMUNITY = "community_id"


def tables() -> dict[str, Table]:
    """All tables, after importing every file of models/, whether `models.everything` names it or not."""
    for found in pkgutil.walk_packages(models.__path__, "models."):
        importlib.import_module(found.name)
    return {mapper.local_table.name: mapper.local_table for mapper in Stored._sa_registry.mappers}  # type: ignore[attr-defined]


def homeless(named: Iterable[Table], installation_wide: Iterable[str]) -> list[str]:
    wide = set(installation_wide)
    return [f"{table.name} has no {COMMUNITY}" for table in named if COMMUNITY not in table.c and table.name not in wide]


def loose_ends(named: Iterable[str], *lists: Iterable[str]) -> list[str]:
    """Names on a list of exceptions that are no tables."""
    return [f"{name} is on a list but is no table" for one in lists for name in sorted(set(one) - set(named))]


def test_the_metadata_is_whole() -> None:
    """A table file that models.everything forgets would get no migration."""
    assert set(tables()) == set(metadata.tables)
    assert not list(SQLModel.metadata.tables)


def test_every_table_belongs_to_a_community_or_is_named() -> None:
    nothing(homeless(tables().values(), INSTALLATION_WIDE) + loose_ends(tables(), INSTALLATION_WIDE, EXEMPT))


def test_every_exemption_gives_its_reason() -> None:
    nothing([name for name, reason in EXEMPT.items() if len(reason.split()) < 3])


def test_a_table_without_a_community_is_found() -> None:
    wrong = Table("wrong", MetaData(), Column("id", String(16), primary_key=True))
    assert homeless([wrong], INSTALLATION_WIDE)
    assert not homeless([wrong], ["wrong"])
    assert loose_ends(["event"], ["event", "no_such_table"]) == ["no_such_table is on a list but is no table"]


def differences(engine: Engine, wanted: MetaData) -> list[str]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return [str(difference) for difference in compare_metadata(context, wanted)]


def checks(engine: Engine) -> set[tuple[str, str]]:
    """CHECK constraints by table and name, which Alembic does not compare."""
    looked = inspect(engine)
    return {(table, str(check["name"])) for table in looked.get_table_names() for check in looked.get_check_constraints(table)}


@pytest.fixture
def fresh(request: pytest.FixtureRequest, engine: Engine, tmp_path) -> Iterable[Engine]:  # type: ignore[no-untyped-def]
    """A database of the same kind as `engine`, made from the models and not by the migrations."""
    if engine.dialect.name == "sqlite":
        made = db.make_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    else:
        made = db.make_engine(database.sqlalchemy_url(postgres.create(f"fresh_{engine.url.database}")))
    metadata.create_all(made)
    yield made
    made.dispose()
    if made.dialect.name == "postgresql":
        postgres.drop(str(made.url.database))


def test_a_fresh_schema_equals_a_migrated_one(engine: Engine, fresh: Engine) -> None:
    nothing(differences(engine, metadata))
    assert checks(engine) == checks(fresh)


def test_a_difference_is_found(engine: Engine) -> None:
    other = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(other)
    Table("one_more", other, Column("id", String(16), primary_key=True))
    assert len(differences(engine, other)) == 1


def test_an_upgrade_of_the_newest_schema_changes_nothing(engine: Engine) -> None:
    schema.upgrade(engine)
    nothing(differences(engine, metadata))


def test_one_line_of_revisions(on_sqlite: Engine) -> None:
    """No two heads, and each revision can be taken back to nothing and made again."""
    with on_sqlite.begin() as connection:
        command.downgrade(schema.config(connection), "base")
        command.upgrade(schema.config(connection), "head")
    nothing(differences(on_sqlite, metadata))
