"""The doctor: quiet about a sound installation, and one line for each thing that is broken on purpose."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text, update

import manage
from models.audit import Event
from models.file import StoredFile
from models.people import Person
from services import backup, clock, doctor, keys
from services.settings import settings
from tests.evidence.rows import MOMENT, fill

HERE = "c000000000000001"


@pytest.fixture
def sound(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An installation with data and one stored file, at the moment when it was filled."""
    content = b"%PDF-1.7"
    monkeypatch.setattr("tests.evidence.rows._value", _with_file(content))
    fill(HERE, 1)
    backup.files_dir().mkdir(parents=True)
    (backup.files_dir() / "one").write_bytes(content)
    return engine


def _with_file(content: bytes) -> Callable[..., Any]:
    from tests.evidence import rows

    usual = rows._value

    def value(column: Any, number: int, ids: dict[str, str]) -> Any:
        if column.table.name == "stored_file" and column.name in ("sha256", "removed_at"):
            return sha256(content).hexdigest() if column.name == "sha256" else None
        return usual(column, number, ids)

    return value


def looked(capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, str]]]:
    with clock.at(MOMENT + timedelta(hours=2)):
        status = manage.main(["doctor", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["well"] is (status == 0)
    return status, told["findings"]


def wrong(found: list[dict[str, str]]) -> dict[str, str]:
    return {each["about"]: each["what"] for each in found if each["weight"] == "wrong"}


def test_a_sound_one(sound: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    status, found = looked(capsys)
    assert (status, wrong(found)) == (0, {})
    about = {"settings", "folder", "disk", "database", "schema", "clock", "key", "ticker", "files", "log"}
    assert about <= {each["about"] for each in found}
    with clock.at(MOMENT + timedelta(hours=2)):
        assert manage.main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "Nothing is wrong." and len(lines) == len(found) + 1


def _execute(engine: Engine, statement: Any) -> None:
    with engine.begin() as connection:
        connection.execute(statement)


KEY = Path("keys") / keys.FILE
BREAKS: dict[str, tuple[str, str, Callable[[Engine, Path], Any]]] = {
    "a person renamed past the log": ("log", "was changed", lambda e, d: _execute(e, update(Person).values(name="x"))),
    "an event rewritten": ("log", "says something else", lambda e, d: _execute(e, update(Event).where(Event.seq == 2).values(actor="x"))),
    "a key that others can read": ("key", "chmod 600", lambda e, d: (d / KEY).chmod(0o644)),
    "a lost key": ("key", "put the saved", lambda e, d: (d / KEY).unlink()),
    "a broken key": ("key", "cannot be read", lambda e, d: (d / KEY).write_bytes(b"nonsense")),
    "a lost file": ("files", "is not there", lambda e, d: (d / "files" / "one").unlink()),
    "a changed file": ("files", "was changed", lambda e, d: (d / "files" / "one").write_bytes(b"x")),
    "a clock that went back": ("clock", "went back", lambda e, d: _execute(e, update(Event).values(at=MOMENT + timedelta(days=9)))),
    "a zone that nobody knows": ("clock", "not known", lambda e, d: _execute(e, text("UPDATE community SET time_zone = 'Mars/Olympus'"))),
    "a newer schema": ("schema", "newer schema", lambda e, d: _execute(e, text("UPDATE alembic_version SET version_num = 'ffff'"))),
    "no schema": ("schema", "no tables", lambda e, d: _execute(e, text("DELETE FROM alembic_version"))),
}


@pytest.mark.parametrize("what", BREAKS)
def test_what_is_broken_is_named(sound: Engine, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    about, says, do = BREAKS[what]
    do(sound, settings().data_dir)
    status, found = looked(capsys)
    assert status == 1 and says in wrong(found)[about]


def test_an_orphan_is_a_note(sound: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    (backup.files_dir() / "stray").write_bytes(b"nobody's")
    status, found = looked(capsys)
    assert status == 0 and any("stray belongs to nothing" in each["what"] for each in found)


def test_too_little_room_and_a_log_too_long(sound: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "FREE_LEAST", 10**18)
    monkeypatch.setattr(doctor, "WAL_MOST", -1)
    status, found = looked(capsys)
    assert status == 1 and "disk" in wrong(found) and ("database" in wrong(found)) is (sound.dialect.name == "sqlite")


def test_no_database_at_all(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from services import db

    db.engine.cache_clear()
    status, found = looked(capsys)
    assert status == 1 and "manage.py init" in wrong(found)["database"]
    db.engine.cache_clear()


def test_a_database_that_does_not_answer(data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from services import db

    monkeypatch.setenv("YIQI_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    settings.cache_clear()
    db.engine.cache_clear()
    status, found = looked(capsys)
    assert status == 1 and "could not be looked at" in wrong(found)["database"]
    settings.cache_clear()
    db.engine.cache_clear()


def test_stored_files_are_looked_at_by_content(sound: Engine) -> None:
    assert [each.weight for each in doctor._files(sound)] == ["ok"]
    _execute(sound, update(StoredFile).values(removed_at=MOMENT))
    (backup.files_dir() / "one").unlink()
    assert [each.weight for each in doctor._files(sound)] == ["ok"], "a removed file need not be there"
