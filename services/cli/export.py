"""`manage.py export FILE.zip`: writes the evidence bundle: log, checkpoints, polls, enough to verify everything offline."""

from __future__ import annotations

import argparse
import os
import secrets
from contextlib import suppress
from pathlib import Path

from services import checkpoints, evidence
from services.cli import DONE, answer
from services.cli._community import community


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `export`."""
    parser.add_argument("file", metavar="FILE.zip", type=Path, help="where the bundle goes; an older file of this name is replaced")
    parser.add_argument("--community", metavar="NAME", help="only this community, by id, short name or name (default: all)")


def run(args: argparse.Namespace) -> int:
    """0: the bundle is written; the file appears whole or not at all."""
    if args.file.suffix != ".zip":
        raise SystemExit(f"{args.file}: expected a name that ends in .zip.")
    only = community(args.community).id if args.community else None
    draft = args.file.with_name(f".{args.file.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as target:
            count = evidence.write(target, only)
            target.flush()
            os.fsync(target.fileno())
        draft.replace(args.file)
    except OSError as fault:  # it would else name the draft, which nobody knows
        raise SystemExit(f"{args.file}: cannot be written ({fault.strerror}).") from None
    finally:
        with suppress(OSError):  # no draft where nothing can be written
            draft.unlink()
    told = ", ".join(f"{number} {what}" for what, number in count.items())
    key = checkpoints.fingerprint()
    answer(args, {"file": str(args.file), **count, "fingerprint": key}, [f"Written: {args.file} ({told})", f"Key {key}"])
    return DONE
