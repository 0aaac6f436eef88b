"""`manage.py import FILE.csv`: takes the homes of an estate from a table, all of them or none."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sqlmodel import select

from models.community import Estate, Unit
from services import actors, db, register, schema
from services.cli import DONE, UNUSABLE, answer
from services.cli._community import community
from services.errors import Invalid
from services.exchange import units_csv
from services.work import Work, working


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `import`."""
    parser.add_argument("file", metavar="FILE.csv", type=Path, help="its first line names the columns, in English or Chinese")
    parser.add_argument("--estate", metavar="NAME", help="of which estate these homes are (default: the only one)")
    parser.add_argument("--community", metavar="SLUG", help="the community's short name (default: the only one)")


def run(args: argparse.Namespace) -> int:
    """0: every line is in the register. 2: the table has broken lines, each on one line of standard error, and nothing was taken in."""
    try:
        content = args.file.read_bytes()
    except OSError as fault:
        raise SystemExit(f"{args.file}: cannot be read ({fault.strerror}).") from None
    schema.upgrade(db.engine())
    community_id, slug = community(args.community)
    with working(actors.system(community_id)) as work:
        estate = _estate(work, args.estate)
        there = select(Unit.building, Unit.stairwell, Unit.number).where(Unit.estate_id == estate.id)
        read = units_csv.read(content, set(work.db.exec(there).all()))
        if not read.broken:
            register.add_units(work, estate.id, read.units)
    for each in read.broken:
        column = f", column {each.column}" if each.column else ""
        print(f"{args.file}, line {each.line}{column}: {each.reason}", file=sys.stderr)
    if read.broken:
        return UNUSABLE
    told = {"community": slug, "estate": estate.name, "homes": len(read.units)}
    answer(args, told, f"{len(read.units)} homes taken in: {estate.name}, {slug}")
    return DONE


def _estate(work: Work, name: str | None) -> Estate:
    rows = work.db.exec(select(Estate).order_by(Estate.name)).all()
    names = ", ".join(row.name for row in rows)
    if not rows:
        raise Invalid("There is no estate yet. Add one in the register.")
    if name is None and len(rows) > 1:
        raise Invalid("There are several estates; name one with --estate: {names}.", names=names)
    found = next((row for row in rows if name in (None, row.name, row.id)), None)
    if found is None:
        raise Invalid("There is no estate {name}; there are: {names}.", name=name, names=names)
    return found
