"""`manage.py import [roll] FILE`: takes the homes of an estate from a table, with their owners where it names them, all or nothing."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sqlmodel import select

from models.community import Estate
from services import actors, db, register_tables, schema
from services.cli import DONE, UNUSABLE, answer
from services.cli._community import community
from services.errors import Invalid, Refusal, Trouble
from services.register_tables import Taken
from services.rules.thresholds import plain
from services.work import Work, working

ROLL = "roll"
MOST = 20
"""So many broken rows are named; of the others it is said how many they are."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `import`."""
    parser.add_argument(
        "given", metavar="[roll] FILE", nargs="+",
        help="a table, CSV or XLSX, whose first line names the columns in English or Chinese; `roll`: it has to name the owners",
    )  # fmt: skip
    parser.add_argument("--estate", metavar="NAME", help="of which estate these homes are (default: the only one)")
    parser.add_argument("--community", metavar="NAME", help="the community's short name, name or id (default: the only one)")


def run(args: argparse.Namespace) -> int:
    """0: every row is in the register. 2: something in the table cannot be used, said on one line, and nothing was taken in.

    With `--json` a refusal is a document too: `homes` 0, `file`, and `why`, or the `broken` rows and how many `more` there are.
    """
    try:
        roll, path = _asked(args.given)
        return _take(args, roll, path)
    except (Refusal, Trouble, SystemExit) as wrong:
        if args.json:
            answer(args, {"homes": 0, "file": args.given[-1], "why": str(wrong)}, "")
        raise


def _take(args: argparse.Namespace, roll: bool, path: Path) -> int:
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise SystemExit(f"{path}: cannot be read ({fault.strerror}).") from None
    schema.upgrade(db.engine())
    chosen = community(args.community)
    with working(actors.system(chosen.id)) as work:
        estate = _estate(work, args.estate)
        try:
            taken = register_tables.take(work, estate_id=estate.id, content=content, owners=roll)
        except Invalid as wrong:  # the file as a whole: which file is known only here
            raise SystemExit(f"{path}: {wrong}") from None
    if taken.broken:
        if args.json:
            rows = [{"row": each.row, "column": each.column, "why": str(each.reason)} for each in taken.broken]
            answer(args, {"homes": 0, "file": str(path), "broken": rows[:MOST], "more": len(rows[MOST:])}, "")
        print(_broken(path, taken), file=sys.stderr)
        return UNUSABLE
    _report(args, taken, f"{estate.name}, {chosen.slug}", {"community": chosen.slug, "estate": estate.name})
    return DONE


def _asked(given: list[str]) -> tuple[bool, Path]:
    roll = len(given) == 2 and given[0] == ROLL
    if len(given) > 1 and not roll or given == [ROLL]:
        raise SystemExit("import: expected FILE, or roll FILE.")
    return roll, Path(given[-1])


def _broken(path: Path, taken: Taken) -> str:
    """One line: every place with its reason, up to MOST of them."""
    told = [f"row {each.row}{f', column {each.column}' if each.column else ''}: {each.reason}" for each in taken.broken]
    more = [f"And {len(told) - MOST} more."] if len(told) > MOST else []
    return " ".join(" ".join([f"{path}, {told[0]}", *(f"R{each[1:]}" for each in told[1:MOST]), *more, "Nothing was taken in."]).split())


def _report(args: argparse.Namespace, taken: Taken, where: str, about: dict[str, object]) -> None:
    there = f", {taken.there} of them there before" if taken.there else ""
    homes = f"{len(taken.lines)} homes taken in{there}: {where}"
    if not taken.owners:
        answer(args, {**about, "homes": len(taken.lines)}, homes)
        return
    doubtful = [{"row": each.row, "why": str(each.why)} for each in taken.doubts]
    lines = [homes, f"{taken.voters} voters, {plain(taken.area)} m²"]
    lines += [f"row {each['row']}: {each['why']}" for each in doubtful]
    answer(args, {"voters": taken.voters, "area": plain(taken.area), "doubtful": doubtful}, lines)


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
