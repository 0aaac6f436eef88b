"""Puts a backup back onto an empty machine: everything is checked before anything is written."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import zipfile
import zlib
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, inspect

from services import keys, schema
from services.backup import DUMP, FILES, FORMAT, MANIFEST, SQLITE, BackupTrouble, call, files_dir, revision
from services.settings import settings

EMPTY = "Restore onto an empty machine, or name another place with YIQI_DATA_DIR or YIQI_DATABASE_URL."
INSIDE = re.compile(r"files/(?!.*(?:^|/)\.\.?(?:/|$))[^\x00-\x1f\\]+")


@dataclass(frozen=True)
class Restored:
    """What was put back; `keys` says whether the signing key came with it."""

    schema: str
    files: int
    keys: bool
    made: str


def read(source: Path, engine: Engine, key_file: Path | None = None) -> Restored:
    """Put `source` back. `key_file` (or the file beside it, named like it) is the signing key.

    Refused with BackupTrouble: anything but an empty machine, a zip that is no whole backup of ours, one whose digests do not fit,
    one from a newer program, one of the other kind of database. On refusal nothing has been changed.
    """
    if key_file is None and (beside := source.with_name(f"{source.stem}.keys.pem")).exists():
        key_file = beside
    _no_tables(engine)
    key = _key(key_file) if key_file else None
    data_dir = settings().data_dir
    data_dir.mkdir(parents=True, exist_ok=True)
    draft = data_dir / f".restore-{secrets.token_hex(6)}"
    draft.mkdir(mode=0o700)
    try:
        manifest = _unpack(source, draft, engine)
        _put_database(engine, draft)
        if (draft / "files").exists():
            (draft / "files").rename(files_dir())  # takes the place of an empty folder
        if key is not None:
            keys.keep(data_dir, key)
    finally:
        shutil.rmtree(draft)
    return Restored(manifest["schema"], sum(name.startswith(FILES) for name in manifest["files"]), key is not None, str(manifest["at"]))


def _no_tables(engine: Engine) -> None:
    """Nothing is ever written over: the database must have no tables."""
    where = str(engine.url.database) if engine.dialect.name == "sqlite" else "the database"
    if engine.dialect.name != "sqlite" or Path(where).exists():
        with engine.execution_options(readonly=True).connect() as connection:
            if inspect(connection).get_table_names():
                raise BackupTrouble(f"There is data here already: {where} has tables. {EMPTY}")


def _no_files() -> None:
    """A whole backup brings its own files and key; the one that an upgrade made stands beside those that are there."""
    for place in (files_dir(), keys.folder(settings().data_dir)):
        if place.is_dir() and any(place.iterdir()):
            raise BackupTrouble(f"There is data here already: {place} is not empty. {EMPTY}")


def _key(path: Path) -> bytes:
    content = path.read_bytes()
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise BackupTrouble(f"{path} is not a signing key of ours; expected the .keys.pem file that the backup wrote.")
    return content


def _unpack(source: Path, draft: Path, engine: Engine) -> dict[str, Any]:
    """Check and unpack everything into `draft`; answers the manifest."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive, source, engine)
            listed: dict[str, dict[str, Any]] = manifest["files"]
            for name, entry in listed.items():
                target = draft / name
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                with archive.open(name) as inside, target.open("xb") as out:
                    shutil.copyfileobj(inside, out, 1 << 20)
                with target.open("rb") as back:
                    if file_digest(back, "sha256").hexdigest() != entry["sha256"] or target.stat().st_size != entry["size"]:
                        raise BackupTrouble(f"{source}: {name} is not what the manifest says; the backup is damaged.")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as wrong:
        raise BackupTrouble(f"{source}: not a readable zip file ({wrong}).") from None
    return manifest


def _manifest(archive: zipfile.ZipFile, source: Path, engine: Engine) -> dict[str, Any]:
    names = archive.namelist()
    try:
        manifest = json.loads(archive.read(MANIFEST))
        listed, found, kind, whole = manifest["files"], str(manifest["schema"]), manifest["database"], manifest["whole"]
        fits = manifest["format"] == FORMAT and sorted([*listed, MANIFEST]) == sorted(names)
        fits = fits and all(isinstance(entry["size"], int) and isinstance(entry["sha256"], str) for entry in listed.values())
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        fits = False
    if not fits or not all(name in (SQLITE, DUMP) or INSIDE.fullmatch(name) for name in listed) or len({SQLITE, DUMP} & set(listed)) != 1:
        raise BackupTrouble(f"{source}: not a backup of this workspace, expected a zip made by `manage.py backup`.")
    if not schema.known(found):
        newer = f"made by version {manifest.get('program')}, whose schema this one does not know"
        raise BackupTrouble(f"{source}: {newer}. Install that version or a newer one.")
    if whole:
        _no_files()
    if kind != engine.dialect.name:
        raise BackupTrouble(f"{source}: holds a {kind} database, but YIQI_DATABASE_URL names {engine.dialect.name}.")
    if not whole and any(name.startswith(FILES) for name in listed):
        raise BackupTrouble(f"{source}: not a backup of this workspace, expected a zip made by `manage.py backup`.")
    free = shutil.disk_usage(settings().data_dir).free
    if sum(entry["size"] for entry in listed.values()) * 2 > free:
        raise BackupTrouble(f"There is too little room in {settings().data_dir}: {free // 1_000_000} MB are free.")
    return dict(manifest)


def _put_database(engine: Engine, draft: Path) -> None:
    if engine.dialect.name == "sqlite":
        target = Path(str(engine.url.database))
        engine.dispose()
        for leftover in (target, *(target.with_name(target.name + end) for end in ("-wal", "-shm"))):
            leftover.unlink(missing_ok=True)  # the empty file of a connection that found no tables
        (draft / SQLITE).rename(target)
    else:
        call("pg_restore", engine.url, "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
             f"--dbname={engine.url.database}", str(draft / DUMP))  # fmt: skip
    if not revision(engine):
        raise BackupTrouble("The database was put back, but has no schema: the backup was not a whole one.")
