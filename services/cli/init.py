"""`manage.py init`: makes the database, or brings it to the newest schema."""

from __future__ import annotations

import argparse

from services import db, schema
from services.cli import DONE, answer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `init`."""


def run(args: argparse.Namespace) -> int:
    """0: the database is there, with the newest schema."""
    engine = db.engine()
    schema.upgrade(engine)
    kind = "SQLite" if engine.dialect.name == "sqlite" else "PostgreSQL"
    where = engine.url.database if kind == "SQLite" else engine.url.render_as_string(hide_password=True)
    answer(args, {"database": engine.dialect.name, "at": where}, f"Ready: {kind}, {where}")
    return DONE
