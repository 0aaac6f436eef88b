"""The restore drill on both databases, and everything that a restore refuses."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

import manage
from models.everything import metadata
from services import backup, checkpoints, db, keys, restore
from services.reads import tampering
from services.settings import settings
from tests.evidence.rows import fill, key
from tests.fixtures import database, postgres

HERE = "c000000000000001"


@pytest.fixture
def lived_in(engine: Engine, data_dir: Path) -> Engine:
    """A database with rows in every table, and some files."""
    fill(HERE, 1)
    fill("c000000000000002", 2)
    for name, content in {"ab/cd.jpg": b"\xff\xd8" * 1000, "leer": b"", "纪要.pdf": b"%PDF"}.items():
        path = backup.files_dir() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return engine


@pytest.fixture
def elsewhere(lived_in: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Engine]]:
    """Moves to an empty machine with a database of the same kind."""
    made: list[Engine] = []

    def move() -> Engine:
        folder = tmp_path / f"machine{len(made)}"
        monkeypatch.setenv("YIQI_DATA_DIR", str(folder))
        if lived_in.dialect.name == "sqlite":
            monkeypatch.setenv("YIQI_DATABASE_URL", "")
        else:
            monkeypatch.setenv("YIQI_DATABASE_URL", postgres.create(f"{lived_in.url.database}_{len(made)}"))
        settings.cache_clear()
        db.engine.cache_clear()
        made.append(db.engine())
        return made[-1]

    yield move
    for each in made:
        each.dispose()
        if each.dialect.name == "postgresql":
            postgres.drop(str(each.url.database))
    settings.cache_clear()
    db.engine.cache_clear()


def everything(engine: Engine) -> dict[str, Any]:
    """All rows of all tables, the revision, all files."""
    with engine.connect() as connection:
        tables = {table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in metadata.sorted_tables}
    files = {path.relative_to(backup.files_dir()).as_posix(): path.read_bytes() for path in backup.files_dir().rglob("*") if path.is_file()}
    return {**tables, "schema": backup.revision(engine), "files": files}


def test_restore_drill(lived_in: Engine, elsewhere: Callable[[], Engine], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, print_ = everything(lived_in), checkpoints.fingerprint()
    assert manage.main(["backup", str(tmp_path / "saved"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == 3 and told["schema"] == before["schema"]
    for path in (told["file"], told["keys"]):
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
    assert sorted(path.suffix for path in (tmp_path / "saved").iterdir()) == [".pem", ".zip"]
    with zipfile.ZipFile(told["file"]) as archive:
        assert not any(b"PRIVATE KEY" in archive.read(name) for name in archive.namelist())
    there = elsewhere()
    assert manage.main(["restore", told["file"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"schema": before["schema"], "files": 3, "keys": True, "made": restored_at(told["file"])}
    assert everything(there) == before and checkpoints.fingerprint() == print_
    assert stat.S_IMODE((keys.folder(settings().data_dir) / keys.FILE).stat().st_mode) == 0o600
    with db.reading(db.EVERYWHERE) as session:
        assert list(tampering.mismatches(session, HERE, key(HERE))) == []
    fill("c000000000000003", 3)  # and life goes on
    assert manage.main(["restore", told["file"]]) == 2
    assert "There is data here already" in capsys.readouterr().err


def restored_at(file: str) -> str:
    with zipfile.ZipFile(file) as archive:
        return str(json.loads(archive.read("manifest.json"))["at"])


def test_the_key_may_come_from_another_place_or_not_at_all(lived_in: Engine, elsewhere: Callable[[], Engine], tmp_path: Path) -> None:
    made, print_ = backup.write(tmp_path / "saved", lived_in), checkpoints.fingerprint()
    assert made.keys is not None
    kept = made.keys.rename(tmp_path / "kept.pem")
    assert restore.read(made.file, elsewhere()).keys is False
    assert checkpoints.fingerprint() != print_
    assert restore.read(made.file, elsewhere(), kept).keys is True
    assert checkpoints.fingerprint() == print_
    with pytest.raises(backup.BackupTrouble, match="not a signing key"):
        restore.read(made.file, elsewhere(), made.file)


def test_a_backup_while_somebody_writes(lived_in: Engine, elsewhere: Callable[[], Engine], tmp_path: Path) -> None:
    """An open transaction is not in the copy, and does not stop it."""
    before = everything(lived_in)
    with lived_in.connect() as connection, connection.begin():
        connection.execute(metadata.tables["head"].insert().values(topic="half", number=1))
        made = backup.write(tmp_path / "saved", lived_in)
    restore.read(made.file, there := elsewhere())
    assert everything(there) | {"head": []} == before | {"head": []}
    with there.connect() as connection:
        assert connection.execute(select(metadata.tables["head"]).where(metadata.tables["head"].c.topic == "half")).all() == []


def repacked(source: Path, change: Callable[[dict[str, Any], dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(source) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    change(manifest, files)
    target = source.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest))
    return target


def _foreign(manifest: dict[str, Any], files: dict[str, bytes], name: str) -> None:
    files[name] = b"x"
    manifest["files"][name] = {"sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", "size": 1}


REFUSED: dict[str, tuple[str, Callable[[dict[str, Any], dict[str, bytes]], Any]]] = {
    "a newer schema": ("does not know", lambda m, f: m.update(schema="ffffffffffff")),
    "another format": ("not a backup", lambda m, f: m.update(format="backup/2")),
    "another database": ("holds a oracle database", lambda m, f: m.update(database="oracle")),
    "a changed file": ("damaged", lambda m, f: f.update({"files/leer": b"x"})),
    "a changed database": ("damaged", lambda m, f: f.update({each: f[each] + b"x" for each in f if each.startswith("database")})),
    "a file too many": ("not a backup", lambda m, f: f.update({"files/more": b"x"})),
    "a file missing": ("not a backup", lambda m, f: f.pop("files/leer")),
    "a way out": ("not a backup", lambda m, f: _foreign(m, f, "files/../../out")),
    "a root": ("not a backup", lambda m, f: _foreign(m, f, "/etc/out")),
    "a stranger": ("not a backup", lambda m, f: _foreign(m, f, "keys/log.pem")),
    "no list": ("not a backup", lambda m, f: m.update(files=[])),
    "no sizes": ("not a backup", lambda m, f: m["files"]["files/leer"].pop("size")),
}


def test_what_is_refused_changes_nothing(lived_in: Engine, elsewhere: Callable[[], Engine], tmp_path: Path) -> None:
    made = backup.write(tmp_path / "saved", lived_in)
    there = elsewhere()
    for name, (message, change) in REFUSED.items():
        with pytest.raises(backup.BackupTrouble, match=message):
            restore.read(repacked(made.file, change), there)
        left = list(settings().data_dir.iterdir()) if settings().data_dir.exists() else []
        assert [path for path in left if path.name != "yiqi.db"] == [], name
    for content in (b"", b"nonsense", made.file.read_bytes()[:-200]):
        broken = tmp_path / "broken.zip"
        broken.write_bytes(content)
        with pytest.raises(backup.BackupTrouble):
            restore.read(broken, there)
    restore.read(made.file, there)
    assert everything(there)["files"]


def test_files_or_a_key_alone_stop_a_restore(lived_in: Engine, elsewhere: Callable[[], Engine], tmp_path: Path) -> None:
    made = backup.write(tmp_path / "saved", lived_in)
    there = elsewhere()
    keys.signing_key(settings().data_dir)
    with pytest.raises(backup.BackupTrouble, match="not empty"):
        restore.read(made.file, there)
    there = elsewhere()
    backup.files_dir().mkdir(parents=True)
    (backup.files_dir() / "somebody's").write_bytes(b"")
    with pytest.raises(backup.BackupTrouble, match="not empty"):
        restore.read(made.file, there)


def test_commands_say_one_line(data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db.engine.cache_clear()
    for asked in (["backup", str(tmp_path / "to")], ["restore", str(tmp_path / "absent.zip")], ["export", str(tmp_path / "x.zip")]):
        assert manage.main(asked) == 2
        said = capsys.readouterr()
        assert said.out == "" and said.err.count("\n") == 1, asked
    db.engine.cache_clear()


def test_postgresql_without_its_tools(on_postgresql: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(backup.BackupTrouble, match="pg_dump is not installed"):
        backup.write(tmp_path / "saved", on_postgresql)
    assert list((tmp_path / "saved").iterdir()) == []


def test_the_fixture_and_the_product_speak_of_the_same_place(on_sqlite: Engine, data_dir: Path) -> None:
    assert Path(str(on_sqlite.url.database)).parent == data_dir == settings().data_dir
    assert database.BOTH == ("sqlite", "postgresql")
