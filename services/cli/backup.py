"""`manage.py backup DIR`: a consistent copy of database and files in one zip, and the signing key apart in a file of its own."""

from __future__ import annotations

import argparse
from pathlib import Path

from services import backup, db
from services.cli import DONE, answer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `backup`."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="where the backup goes; made when it is not there")


def run(args: argparse.Namespace) -> int:
    """0: the backup is written. It may run beside a working server."""
    made = backup.write(args.folder, db.engine())
    lines = [f"Written: {made.file} ({made.size:,} bytes: the database and {made.files} files, schema {made.schema})"]
    if made.keys:
        lines.append(f"The signing key, apart: {made.keys}")
        lines.append("Keep the key in another place than the zip: who has it can sign a false log. The zip holds personal data.")
    else:
        lines.append("There is no signing key yet. The zip holds personal data.")
    key = str(made.keys) if made.keys else None
    answer(args, {"file": str(made.file), "keys": key, "bytes": made.size, "files": made.files, "schema": made.schema}, lines)
    return DONE
