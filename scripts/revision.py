"""Writes a migration from the difference between the newest schema and models/. Called by `make revision SAYS="what changes"`."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from services import db, schema


def main(says: str) -> None:
    """The new file is in migrations/versions: read it before it is committed."""
    with TemporaryDirectory() as folder:
        engine = db.make_engine(f"sqlite:///{folder}/empty.db")
        schema.upgrade(engine)
        with engine.begin() as connection:
            command.revision(schema.config(connection), says, autogenerate=True)
        engine.dispose()


main(*sys.argv[1:])
