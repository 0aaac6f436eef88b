"""Writes an Alembic revision from the difference between the tables and the newest schema: `python scripts/revision.py "what changed"`."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alembic import command

from services import schema
from services.db import make_engine

with tempfile.TemporaryDirectory() as folder:
    engine = make_engine(f"sqlite:///{folder}/new.db")
    if any(Path("migrations/versions").glob("*.py")):
        schema.upgrade(engine)
    with engine.begin() as connection:
        command.revision(schema.config(connection), sys.argv[1], autogenerate=True)
