"""A consistent copy of a running installation: database and files in one zip, the signing key apart in a file of its own."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, inspect

from services import clock, keys
from services.errors import Trouble
from services.settings import VERSION, settings

FORMAT = "backup/1"
MANIFEST, SQLITE, DUMP, FILES = "manifest.json", "database.sqlite", "database.pgdump", "files/"


class BackupTrouble(Trouble):
    """A backup cannot be made or put back; the message says why and what to do."""


@dataclass(frozen=True)
class Made:
    """What a backup wrote: `keys` is None where there was no key yet or none was asked for; sizes in bytes."""

    file: Path
    keys: Path | None
    size: int
    files: int
    schema: str


def files_dir() -> Path:
    """Where uploaded files lie."""
    return settings().data_dir / "files"


def revision(engine: Engine) -> str:
    """The schema revision that the database says it has, empty for one without a schema."""
    with engine.execution_options(readonly=True).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "")


def write(folder: Path, engine: Engine, *, everything: bool = True) -> Made:
    """Write a backup into `folder` (made when missing); the zip appears whole or not at all, readable by its owner only.

    `everything=False` leaves out files and key: what an upgrade needs. Raises BackupTrouble, OSError.
    """
    schema = revision(engine)
    if not schema:
        raise BackupTrouble("There is nothing to back up: the database has no tables yet.")
    folder.mkdir(parents=True, exist_ok=True)
    name = f"yiqi-{clock.now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    target, draft = folder / f"{name}.zip", folder / f".{name}.part"
    try:
        with _private(draft) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            count = _fill(archive, folder, engine, schema, everything)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    saved = _save_key(folder / f"{name}.keys.pem") if everything else None
    _settle(folder)
    return Made(target, saved, target.stat().st_size, count, schema)


def _fill(archive: zipfile.ZipFile, folder: Path, engine: Engine, schema: str, everything: bool) -> int:
    entries: dict[str, dict[str, object]] = {}
    copy = folder / f".database-{secrets.token_hex(6)}"
    try:
        name = _copy_database(engine, copy)
        entries[name] = _put(archive, copy, name)
    finally:
        copy.unlink(missing_ok=True)
    stored = sorted(path for path in files_dir().rglob("*") if path.is_file()) if everything and files_dir().is_dir() else []
    for path in stored:
        inside = FILES + path.relative_to(files_dir()).as_posix()
        entries[inside] = _put(archive, path, inside)
    manifest = {
        "format": FORMAT,
        "program": VERSION,
        "schema": schema,
        "database": engine.dialect.name,
        "at": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "whole": everything,
        "files": entries,
    }
    archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return len(stored)


def _put(archive: zipfile.ZipFile, path: Path, name: str) -> dict[str, object]:
    with path.open("rb") as source:
        digest = file_digest(source, "sha256").hexdigest()
    archive.write(path, name)
    return {"sha256": digest, "size": archive.getinfo(name).file_size}


def _copy_database(engine: Engine, copy: Path) -> str:
    """A consistent copy of the live database at `copy`; answers the name it has in a backup. Never copies the live file itself."""
    if engine.dialect.name == "sqlite":
        copy.touch(mode=0o600, exist_ok=False)  # VACUUM INTO takes an empty file, and keeps its mode
        raw = engine.raw_connection()
        try:
            raw.driver_connection.execute("VACUUM INTO ?", (str(copy),))  # type: ignore[union-attr]
        finally:
            raw.close()
        return SQLITE
    copy.touch(mode=0o600, exist_ok=False)
    call("pg_dump", engine.url, "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")
    return DUMP


def call(tool: str, url: URL, *arguments: str) -> None:
    """Run a tool of PostgreSQL on this database; the password goes by the environment, never on the command line. Raises BackupTrouble."""
    found = shutil.which(tool)
    if found is None:
        raise BackupTrouble(f"{tool} is not installed: install PostgreSQL's client tools (Debian: postgresql-client), then try again.")
    given: dict[str, Any] = {name: url.query[name] for name in ("host", "port", "sslmode", "sslrootcert") if name in url.query}
    given |= {"host": url.host, "port": url.port, "user": url.username, "password": url.password, "database": url.database}
    env = {**os.environ, **{f"PG{name.upper()}": str(value) for name, value in given.items() if value is not None}}
    done = subprocess.run([found, *arguments], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise BackupTrouble(f"{tool}: {lines[0]}")


def _save_key(target: Path) -> Path | None:
    """The signing key in a file of its own, 0600: who has it can sign a false log, so it belongs in another place than the zip."""
    source = keys.folder(settings().data_dir) / keys.FILE
    if not source.exists():
        return None
    with _private(target) as file:
        file.write(source.read_bytes())
    return target


@contextmanager
def _private(path: Path) -> Iterator[Any]:
    """A new file that only its owner can read, on the disk when the block is left."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """The names themselves, on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
