"""What is wrong with this installation: each check looks at one thing and says what it found and what to do."""

from __future__ import annotations

import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from dataclasses import dataclass
from datetime import timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Engine, func
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from models.audit import Checkpoint, Event, Installation, Lease
from models.community import Community
from models.file import StoredFile
from services import backup, checkpoints, clock, db, keys, schema
from services.errors import Trouble
from services.reads import evidence, tampering
from services.rules import note
from services.settings import HOME, VERSION, settings

MB = 1_000_000
WAL_MOST, FREE_LEAST, CLOCK_MOST = 256 * MB, 500 * MB, timedelta(minutes=2)
MINUTE = "%Y-%m-%d %H:%M"
WAL_BUG = ((3, 7, 0), (3, 51, 2))
"""SQLite's WAL-reset bug (first and last version that has it): two connections that checkpoint at once can damage the file."""
MUST_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0}

Weight = Literal["ok", "note", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how grave, what it is and what to do. `note` is worth knowing and harms nothing now."""

    about: str
    weight: Weight
    what: str


def findings() -> Iterator[Finding]:
    """Every check in turn. One that cannot even look is itself a finding."""
    yield Finding("settings", "ok", f"Yiqi {VERSION}, data folder {settings().data_dir}, {'SQLite' if settings().sqlite else 'PostgreSQL'}")
    for check in (_settings, _folder, _disk, _fonts):
        yield from check()
    file = Path(str(db.engine().url.database))
    if settings().sqlite and not file.exists():
        yield Finding("database", "wrong", f"{file} is not there. `manage.py init` makes one, the first start too.")
        return
    yield from _tried("database", _database)
    yield from _tried("schema", _schema)
    yield from _tried("clock", _clock)
    yield from _tried("key", _key)
    yield from _tried("ticker", _ticker)
    yield from _tried("files", _files)
    yield from _tried("log", _logs)


def _tried(about: str, check: Callable[[Engine], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check(db.engine())
    except (DBAPIError, Trouble, OSError, LookupError, ValueError, TypeError) as wrong:
        why = str(getattr(wrong, "orig", wrong)).strip().splitlines() or [type(wrong).__name__]
        yield Finding(about, "wrong", f"could not be looked at: {why[0]}")


def _settings() -> Iterator[Finding]:
    given = settings().public_url
    if not given:
        yield Finding("settings", "note", "YIQI_PUBLIC_URL is not set: only this machine itself can open the pages")
    elif any(address.startswith("http://") for address in given):
        yield Finding("settings", "note", "YIQI_PUBLIC_URL has an http:// address: what people type there travels in the open")


def _folder() -> Iterator[Finding]:
    place = settings().data_dir
    if not place.is_dir():
        yield Finding("folder", "note", f"{place} is not there yet; the first start makes it")
        return
    mode = stat.S_IMODE(place.stat().st_mode)
    if mode & 0o007:
        yield Finding("folder", "note", f"everybody on this machine can look into {place} (mode {mode:o}): run chmod o-rwx {place}")
    shut = [path for path in (place, *(path for path in place.iterdir() if path.is_dir())) if not _writable(path)]
    for path in shut:
        yield Finding("folder", "wrong", f"{path} cannot be written to by the user who runs this")
    if not shut:
        yield Finding("folder", "ok", f"{place} can be written to")
    if HOME in place.parents and place.relative_to(HOME).parts[0] in ("pages", "services", "models"):
        yield Finding("folder", "wrong", f"{place} lies among the program's own files: set YIQI_DATA_DIR to another folder")


def _writable(path: Path) -> bool:
    probe = path / ".doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def _disk() -> Iterator[Finding]:
    place = next(path for path in (settings().data_dir, *settings().data_dir.parents) if path.exists())
    free = shutil.disk_usage(place).free
    yield Finding("disk", "wrong" if free < FREE_LEAST else "ok", f"{free // MB:,} MB free at {place}")


def _fonts() -> Iterator[Finding]:
    missing = [name for name in ("pango-1.0", "pangoft2-1.0") if find_library(name) is None]
    if missing:
        yield Finding("pdf", "note", "no PDF: pango is missing (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0)")
    lister = shutil.which("fc-list")
    listed = subprocess.run([lister, ":lang=zh-cn", "family"], capture_output=True, text=True, check=False).stdout if lister else ""
    if not listed.strip():
        yield Finding("pdf", "note", "no Chinese font for PDF and PNG (Debian: apt-get install fontconfig fonts-noto-cjk)")
    elif not missing:
        yield Finding("pdf", "ok", "pango and a Chinese font are there")


def _database(engine: Engine) -> Iterator[Finding]:
    if engine.dialect.name != "sqlite":
        with engine.execution_options(readonly=True).connect() as connection:
            version = connection.exec_driver_sql("SHOW server_version").scalar()
            coding = connection.exec_driver_sql("SHOW server_encoding").scalar()
        must = "" if coding == "UTF8" else ", must be UTF8"
        yield Finding("database", "wrong" if must else "ok", f"PostgreSQL {version}, encoding {coding}{must}")
        return
    with engine.execution_options(readonly=True).connect() as connection:

        def ask(pragma: str) -> Any:
            return connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()

        version = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar())
        wrong = [f"{name} is {found}, must be {must}" for name, must in MUST_PRAGMAS.items() if (found := ask(name)) != must]
        alone = ask("wal_autocheckpoint") == 0
        said, strays = ask("quick_check"), len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())
    yield Finding("database", "wrong" if wrong else "ok", f"SQLite {version}" + "".join(f"; {each}" for each in wrong))
    if WAL_BUG[0] <= tuple(int(part) for part in version.split(".")) <= WAL_BUG[1]:
        case = "only the ticker checkpoints, so it cannot strike" if alone else "and every connection checkpoints, so it can strike"
        yield Finding("database", "note" if alone else "wrong", f"SQLite {version} has the WAL-reset bug (3.7.0 to 3.51.2); {case}")
    if said != "ok":
        yield Finding("database", "wrong", f"the file is damaged: {said}. Put the last backup back")
    if strays:
        yield Finding("database", "wrong", f"{strays} rows refer to rows that are not there")
    wal = Path(f"{engine.url.database}-wal")
    size = wal.stat().st_size if wal.exists() else 0
    if size > WAL_MOST:
        yield Finding("database", "wrong", f"the write-ahead log has grown to {size // MB:,} MB: a restart of the server takes it over")


def _schema(engine: Engine) -> Iterator[Finding]:
    now, newest = backup.revision(engine), schema.newest()
    if now == newest:
        yield Finding("schema", "ok", f"schema {now}, the newest")
    elif not now:
        yield Finding("schema", "wrong", "the database has no tables yet: `manage.py init` makes them, the first start too")
    else:
        why = schema.obstacle(engine)
        yield Finding("schema", "wrong" if why else "note", why or f"schema {now}; the next start upgrades it to {newest}, after a backup")


def _clock(engine: Engine) -> Iterator[Finding]:
    now = clock.now()
    with db.session(db.EVERYWHERE, on=engine, readonly=True) as session:
        last = session.exec(select(func.max(Event.at))).one()
        zones = session.exec(select(Community.time_zone).distinct()).all()
        installed = session.get(Installation, 1)
    if last is not None and last > now + CLOCK_MOST:
        yield Finding("clock", "wrong", f"it is {now:{MINUTE}} UTC here, but acts are recorded of {last:{MINUTE}}: the clock went back")
    else:
        moved = f", moved ahead by {timedelta(seconds=installed.ahead_seconds)} (demo)" if installed and installed.ahead_seconds else ""
        yield Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M:%S} UTC{moved}")
    for zone in zones:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            yield Finding("clock", "wrong", f"the time zone {zone!r} of a community is not known here")


def _key(engine: Engine) -> Iterator[Finding]:
    path = keys.folder(settings().data_dir) / keys.FILE
    with db.session(db.EVERYWHERE, on=engine, readonly=True) as session:
        signed = session.exec(select(func.count()).select_from(Checkpoint)).one()
    if not path.exists():
        lost = f"{path} is not there, but {signed} checkpoints were signed with it: put the saved .keys.pem back under this name"
        yield Finding("key", "wrong", lost) if signed else Finding("key", "ok", "no signing key yet; the first checkpoint makes one")
        return
    yield Finding("key", "ok", f"signing key {checkpoints.fingerprint()}")  # KeyTrouble where others can read it


def _ticker(engine: Engine) -> Iterator[Finding]:
    with db.session(db.EVERYWHERE, on=engine, readonly=True) as session:
        lease = session.get(Lease, "tick")
    if lease is None or lease.until < clock.now():
        since = f" since {lease.until:{MINUTE}} UTC" if lease else " yet"
        yield Finding("ticker", "note", f"nobody has looked at what is due{since}: fine while no server runs, otherwise restart it")
    else:
        yield Finding("ticker", "ok", f"{lease.holder} looks at what is due")


def _files(engine: Engine) -> Iterator[Finding]:
    """By content, so that a changed file is found too."""
    there: dict[str, Path] = {}
    for path in sorted(backup.files_dir().rglob("*")) if backup.files_dir().is_dir() else ():
        if path.is_file():
            with path.open("rb") as source:
                there[file_digest(source, "sha256").hexdigest()] = path
    with db.session(db.EVERYWHERE, on=engine, readonly=True) as session:
        rows = session.exec(select(StoredFile.id, StoredFile.sha256, col(StoredFile.removed_at).is_(None))).all()
    known = {sha256 for _, sha256, _ in rows}
    lost = [key for key, sha256, kept in rows if kept and sha256 not in there]
    for key in lost:
        yield Finding("files", "wrong", f"file {key} is not there or was changed; the backup has it")
    orphans = [path for sha256, path in there.items() if sha256 not in known]
    for path in orphans:
        yield Finding("files", "note", f"{path} belongs to nothing; it may be taken away")
    if not lost and not orphans:
        yield Finding("files", "ok", f"{len(known)} files, each as it was stored")


def _logs(engine: Engine) -> Iterator[Finding]:
    with db.session(db.EVERYWHERE, on=engine, readonly=True) as session:
        for each in evidence.communities(session):
            yield from _log(session, each)


def _log(session: Session, community: evidence.Known) -> Iterator[Finding]:
    size = evidence.size(session, community.id)
    path = keys.folder(settings().data_dir) / keys.FILE
    public = checkpoints.public() if path.exists() else bytes(32)
    found = list(tampering.mismatches(session, community.id, note.Key(checkpoints.origin(community.id), public)))
    for each in found:
        yield Finding("log", "wrong", f"{community.slug}: {each.place} {each.what}")
    if not found:
        yield Finding("log", "ok", f"{community.slug}: {size} events, every line, row and checkpoint as recorded")
