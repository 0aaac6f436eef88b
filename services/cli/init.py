"""`manage.py init`: makes the database, or brings it to the newest schema; with --demo fills an empty one with the demo."""

from __future__ import annotations

import argparse
import sys

from services import db, schema
from services.cli import DONE, answer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `init`."""
    parser.add_argument("--demo", action="store_true", help="three made-up communities, in an empty database only")


def run(args: argparse.Namespace) -> int:
    """0: the database is there, with the newest schema, and with the demo where that was asked. Refused where there are other data."""
    engine = db.engine()
    schema.upgrade(engine)
    kind = "SQLite" if engine.dialect.name == "sqlite" else "PostgreSQL"
    where = engine.url.database if kind == "SQLite" else engine.url.render_as_string(hide_password=True)
    told: dict[str, object] = {"database": engine.dialect.name, "at": where}
    lines = [f"Ready: {kind}, {where}"]
    if args.demo:
        from services.demo import play

        made = play.make(_progress if sys.stderr.isatty() else None)
        told |= {"communities": made.communities, "acts": made.acts}
        lines.append(f"Demo: {len(made.communities)} communities, {made.acts} acts")
    answer(args, told, lines)
    return DONE


def _progress(done: int, total: int) -> None:
    """How far the demo is, on one line that is written over."""
    end = "\n" if done >= total else ""
    sys.stderr.write(f"\rDemo: day {done} of {total}{end}")
    sys.stderr.flush()
