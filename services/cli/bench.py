"""`manage.py bench`: measures a promised figure as a ratio against its peer in one run, and keeps the result in benchmarks/results."""

from __future__ import annotations

import argparse
import subprocess
import sys

from services.settings import HOME

NAMES = ("demo", "pages", "phone", "room")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `bench`."""
    parser.add_argument("name", choices=NAMES, help="demo: seconds to make it; pages: reruns; phone: bytes; room: 300 phones at once")
    parser.add_argument("--quick", action="store_true", help="a short run, to see that it works")


def run(args: argparse.Namespace) -> int:
    """0: every figure as promised. 1: a miss. Runs in a process of its own, on made-up data in a folder of its own."""
    more = [f"--{name}" for name in ("json", "quick") if getattr(args, name)]
    return subprocess.run([sys.executable, "-m", f"benchmarks.{args.name}", *more], cwd=HOME, check=False).returncode
