"""An upgrade of a database that is in use: backed up first, refused for a newer schema and while a poll is open."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, select, update

import manage
from models.everything import metadata
from models.poll import Poll
from models.vocabulary import PollState
from services import backup, schema
from services.settings import settings
from tests.evidence.rows import fill

NEXT = "feedfeedfeed"
SCRIPT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = {next!r}, {now!r}, None, None


def upgrade():
    op.create_table("later", sa.Column("id", sa.String(16), primary_key=True))
"""


@pytest.fixture
def newer(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A database in use, and a version of the program whose schema has one table more."""
    fill("c000000000000001", 1)
    set_polls(engine, PollState.REVEALED)
    now, ours = schema.newest(), tmp_path / "migrations"
    shutil.copytree(schema.SCRIPTS, ours, ignore=shutil.ignore_patterns("__pycache__"))
    (ours / "versions" / f"{NEXT}_later.py").write_text(SCRIPT.format(next=NEXT, now=now))
    monkeypatch.setattr(schema, "SCRIPTS", ours)
    assert schema.newest() == NEXT
    return engine


def set_polls(engine: Engine, state: PollState) -> None:
    with engine.begin() as connection:
        connection.execute(update(Poll).values(state=state))


def saved() -> list[Path]:
    return sorted((settings().data_dir / "backups").glob("*"))


def rows(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return [connection.execute(select(table)).all() for table in metadata.sorted_tables]


def test_it_backs_up_first_and_keeps_every_row(newer: Engine) -> None:
    before, old = rows(newer), backup.revision(newer)
    assert schema.obstacle(newer) is None
    schema.upgrade(newer)
    assert inspect(newer).has_table("later") and backup.revision(newer) == NEXT and rows(newer) == before
    [file] = saved()
    with zipfile.ZipFile(file) as archive:
        assert old.encode() in archive.read("manifest.json") and not any(name.startswith("files/") for name in archive.namelist())
    schema.upgrade(newer)
    assert saved() == [file], "nothing to do, nothing to back up"


def test_an_open_poll_stops_it(newer: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    set_polls(newer, PollState.OPEN)
    old = backup.revision(newer)
    with pytest.raises(schema.SchemaTrouble, match="1 poll is open"):
        schema.upgrade(newer)
    assert "1 poll is open" in str(schema.obstacle(newer))
    assert manage.main(["init"]) == 2
    assert "poll is open" in capsys.readouterr().err
    assert backup.revision(newer) == old and saved() == []
    set_polls(newer, PollState.CLOSED)
    schema.upgrade(newer)
    assert backup.revision(newer) == NEXT


def test_an_open_poll_does_not_stop_a_start_without_an_upgrade(engine: Engine) -> None:
    fill("c000000000000001", 1)
    set_polls(engine, PollState.OPEN)
    assert schema.obstacle(engine) is None
    schema.upgrade(engine)


def test_a_newer_schema_stops_it(newer: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    schema.upgrade(newer)
    before = rows(newer)
    monkeypatch.undo()
    with pytest.raises(schema.SchemaTrouble, match="newer schema"):
        schema.upgrade(newer)
    assert "newer schema" in str(schema.obstacle(newer))
    assert backup.revision(newer) == NEXT and rows(newer) == before


def test_a_backup_that_fails_stops_it(newer: Engine) -> None:
    """For example for want of room: here, something else has the folder's name."""
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    (settings().data_dir / "backups").write_text("in the way")
    with pytest.raises(FileExistsError):
        schema.upgrade(newer)
    assert not inspect(newer).has_table("later")


def test_postgresql_without_its_tools(newer: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if newer.dialect.name == "postgresql":
        assert "pg_dump is not installed" in str(schema.obstacle(newer))
    else:
        assert schema.obstacle(newer) is None


def test_no_database_yet_is_no_obstacle(data_dir: Path) -> None:
    from services import db

    made = db.make_engine(f"sqlite:///{data_dir / 'none.db'}")
    assert schema.obstacle(made) is None and not (data_dir / "none.db").exists()
    silent = db.make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert "does not answer" in str(schema.obstacle(silent))
    made.dispose()
    silent.dispose()
