"""On SQLite one server process alone: a lock on a file of the data folder, which ends with the process, whatever ends it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from services.settings import settings

_held: dict[Path, IO[str]] = {}


def _file() -> Path:
    return settings().data_dir / "server.lock"


def _take() -> IO[str] | None:
    settings().data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = _file().open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def hindrance() -> str:
    """Why a server may not start here: another one serves this SQLite database; "" when it may. Takes nothing."""
    if not settings().sqlite or _file() in _held:
        return ""
    file = _take()
    if file is None:
        number = _file().read_text().strip() or "?"
        return f"another server (process {number}) already serves this data folder; several processes need PostgreSQL (docs/operations.md)"
    file.close()
    return ""


def hold() -> None:
    """Take the place of the one server. Raises RuntimeError when another took it in between."""
    if not settings().sqlite or _file() in _held:
        return
    file = _take()
    if file is None:
        raise RuntimeError(hindrance())
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    _held[_file()] = file


def release() -> None:
    """Give the place back at the end."""
    if (file := _held.pop(_file(), None)) is not None:
        file.close()
