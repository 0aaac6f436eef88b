"""Logs: one JSON line an event, with rotation and error ids, without names, phones, tokens or texts."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import traceback
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from services.settings import settings

LOG = logging.getLogger("yiqi")
ACCESS = logging.getLogger("yiqi.access")
_BYTES, _KEPT = 5_000_000, 8
# What could be somebody's words in the message of an exception: quoted parts, Chinese, long figures, tokens.
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")
_TELLING = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+|\d{4,}|[A-Za-z0-9_-]{20,}")


def scrub(words: str) -> str:
    """`words` without anything that a person may have typed, cut to 500 characters."""
    return _TELLING.sub("…", _QUOTED.sub("…", words))[:500]


def trace(error: BaseException) -> list[str]:
    """Where it happened: "file:line function", innermost last, without the values."""
    home = str(Path(__file__).resolve().parents[1])
    frames = traceback.extract_tb(error.__traceback__)[-25:]
    return [f"{frame.filename.removeprefix(home + '/')}:{frame.lineno} {frame.name}" for frame in frames]


class Lines(logging.Formatter):
    """A record as one JSON line. Fields of our own come in `extra={"fields": {…}}`; other loggers' words are scrubbed."""

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.startswith("yiqi")
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "event": record.getMessage() if ours else scrub(record.getMessage()),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and (error := record.exc_info[1]):
            line |= {"error": type(error).__name__, "said": scrub(str(error)), "where": trace(error)}
            if cause := error.__cause__ or error.__context__:
                line |= {"cause": type(cause).__name__, "cause_said": scrub(str(cause)), "cause_where": trace(cause)}
        return json.dumps(line, ensure_ascii=False, default=str)


class Short(logging.Formatter):
    """For the terminal: what happened and its id; the rest is in the file."""

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        event = record.getMessage() if record.name.startswith("yiqi") else scrub(record.getMessage())
        kind = type(record.exc_info[1]).__name__ if record.exc_info and record.exc_info[1] else ""
        parts = [f"{name}={value}" for name, value in fields.items()] + ([f"error={kind}"] if kind else [])
        return " ".join([record.levelname, record.name, event, *parts])


def start(folder: Path | None = None, *, screen: bool = True) -> Path:
    """Write to `folder` (the data folder's `logs`) from now on; with `screen`, warnings to stderr too. Returns the file."""
    folder = folder or settings().data_dir / "logs"
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    file = RotatingFileHandler(folder / "yiqi.log", maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True)
    handlers: list[logging.Handler] = [file]
    if screen:
        handlers.append(logging.StreamHandler(sys.stderr))
        handlers[-1].setLevel(logging.WARNING)
    end()
    root = logging.getLogger()
    for handler in handlers:
        handler.setFormatter(Lines())
        handler.of_yiqi = True  # type: ignore[attr-defined]
        root.addHandler(handler)
    LOG.setLevel(settings().log_level)
    _quieten()
    return folder / "yiqi.log"


def end() -> None:
    """Close what `start` opened."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if getattr(each, "of_yiqi", False)]:
        root.removeHandler(handler)
        handler.close()


def _quieten() -> None:
    """Uvicorn prints addresses with their codes, Streamlit prints exceptions with their values: ours take their place."""
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False
    access.disabled = True
    logging.getLogger("uvicorn.error").addFilter(_no_addresses)
    logging.getLogger("uvicorn.asgi").disabled = True
    logging.getLogger("streamlit.error_util").disabled = True
    logging.getLogger("streamlit.web.server.starlette.starlette_websocket").addFilter(_no_addresses)


def _no_addresses(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or "WebSocket" not in str(record.msg) and "connection" not in str(record.msg)


def new_id() -> str:
    """An error id that can be read over the telephone: "7F3A-91C2"."""
    raw = secrets.token_hex(4).upper()
    return f"{raw[:4]}-{raw[4:]}"


def bug(error: BaseException, where: str) -> str:
    """Record something unexpected; returns the id to show beside the one sentence."""
    number = new_id()
    LOG.error("bug", exc_info=(type(error), error, error.__traceback__), extra={"fields": {"id": number, "place": where}})
    return number


def note(event: str, level: int = logging.INFO, **fields: object) -> None:
    """One line about something that happened: `event` is a constant, the fields carry ids and figures only."""
    LOG.log(level, event, extra={"fields": fields})
