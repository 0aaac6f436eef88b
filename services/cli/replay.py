"""replay FILE.yaml: plays a scenario through the same commands the screens use, and compares its expectations."""

from __future__ import annotations

import argparse
from pathlib import Path

from services.cli import DONE, NO, answer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `replay`."""
    parser.add_argument("file", type=Path, help="the scenario")


def run(args: argparse.Namespace) -> int:
    """0: every expectation is met. 1: one is not. SystemExit with one line for an unusable file: nothing is half-loaded."""
    from services import db, replay, schema
    from services.errors import Refusal
    from services.exchange import scenario

    try:
        read = scenario.load(args.file)
        schema.upgrade(db.engine())
        played = replay.play(read)
    except Refusal as wrong:  # which file it was is known only here
        raise SystemExit(f"{args.file}: {wrong}") from None
    result = {"steps": played.steps, "refused_as_expected": played.refused, "figures": played.figures, "expect": played.expect}
    missed = [each for each in played.expect if not each["met"]]
    lines = [f"{each['figure']}: {each['got']}" + ("" if each["met"] else f", expected {each['want']}") for each in played.expect]
    met = f"{len(played.expect) - len(missed)} of {len(played.expect)} met"
    lines.append(f"{played.steps} steps, {played.refused} refused as expected, {met}")
    answer(args, result, lines)
    return NO if missed else DONE
