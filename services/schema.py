"""The schema: made and upgraded by Alembic, from the start of the server, `manage.py init` and the tests alike.

An upgrade of a database that is in use backs it up first, and is refused for a newer schema and while a poll is open.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import OperationalError

from services import backup, clock, logs
from services.errors import Trouble
from services.settings import HOME, settings

SCRIPTS = HOME / "migrations"


class SchemaTrouble(Trouble):
    """The database cannot be used with this version as it is; the message says why and what to do."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, on an open connection where one is needed, and with the moment, for what a revision writes in the log."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS))
    made.attributes["connection"] = connection
    made.attributes["moment"] = clock.now()
    return made


def newest() -> str:
    """The revision that this version works with."""
    return str(ScriptDirectory.from_config(config()).get_current_head())


def known(revision: str) -> bool:
    """Whether this version knows how to come from `revision` to the newest."""
    try:
        return ScriptDirectory.from_config(config()).get_revision(revision) is not None
    except CommandError:
        return False


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema; processes that come at once wait for each other. Raises SchemaTrouble, BackupTrouble."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7117)")
        now = _revision(connection)
        if now == newest():
            return
        if why := _obstacle(connection, now):
            raise SchemaTrouble(why)
        if now is not None:
            saved = backup.write(settings().data_dir / "backups", engine, everything=False)
            logs.note("backed up before an upgrade", file=saved.file.name, schema=now)
        command.upgrade(config(connection), "head")


def obstacle(engine: Engine) -> str | None:
    """Why `upgrade` would refuse, asked before the start so that it ends in one clean line; None when nothing is in the way."""
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
        return None
    try:
        with engine.execution_options(readonly=True).connect() as connection:
            return _obstacle(connection, _revision(connection))
    except OperationalError as silent:
        return f"The database does not answer: {str(silent.orig).strip().splitlines()[0]}."


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _obstacle(connection: Connection, now: str | None) -> str | None:
    if now is None or now == newest():
        return None
    if not known(now):
        return f"The database has a newer schema ({now}) than this version knows ({newest()}). Install the newer version again."
    if number := _open_polls(connection):
        polls = "1 poll is" if number == 1 else f"{number} polls are"
        return f"The upgrade waits: {polls} open. Close the voting with the version that opened it, then upgrade."
    if connection.dialect.name == "postgresql" and shutil.which("pg_dump") is None:
        return "The upgrade backs up first, and pg_dump is not installed. Install PostgreSQL's client tools (Debian: postgresql-client)."
    return None


def _open_polls(connection: Connection) -> int:
    """Read without the models, which speak of the newest schema and not of the one that is there."""
    if not inspect(connection).has_table("poll"):
        return 0
    return int(connection.exec_driver_sql("SELECT count(*) FROM poll WHERE state = 'open'").scalar() or 0)
