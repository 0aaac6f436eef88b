"""The schema: made and upgraded by Alembic, from the start of the server, `manage.py init` and the tests alike."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from services.settings import HOME


def config(connection: Connection) -> Config:
    """Alembic's configuration on an open connection."""
    made = Config()
    made.set_main_option("script_location", str(HOME / "migrations"))
    made.attributes["connection"] = connection
    return made


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema; processes that come at once wait for each other."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7117)")
        command.upgrade(config(connection), "head")
