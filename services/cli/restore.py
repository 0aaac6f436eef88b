"""`manage.py restore FILE`: puts a backup back onto an empty machine, after checking all of it."""

from __future__ import annotations

import argparse
from pathlib import Path

from services import db, restore
from services.cli import DONE, answer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `restore`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the .zip that `backup` wrote")
    parser.add_argument("--keys", metavar="FILE", type=Path, help="its .keys.pem (default: the one beside the zip, when it is there)")


def run(args: argparse.Namespace) -> int:
    """0: everything is back as it was. Refused, with nothing changed, where there is data already."""
    back = restore.read(args.file, db.engine(), args.keys)
    key = "and the signing key" if back.keys else "no signing key: a new one will be made, while minutes printed so far name the old one"
    value = {"schema": back.schema, "files": back.files, "keys": back.keys, "made": back.made}
    answer(args, value, f"Restored the backup of {back.made}: the database (schema {back.schema}), {back.files} files, {key}.")
    return DONE
