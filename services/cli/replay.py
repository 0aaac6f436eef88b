"""replay FILE.yaml: plays a scenario through the same commands the screens use, and compares its expectations."""

from __future__ import annotations

import argparse
from pathlib import Path

from services.cli import DONE, NO, answer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the scenario")


def run(args: argparse.Namespace) -> int:
    from services import db, replay, schema
    from services.exchange import scenario

    schema.upgrade(db.engine())
    played = replay.play(scenario.load(args.file))
    result = {"steps": played.steps, "refused_as_expected": played.refused, "figures": played.figures, "expect": played.expect}
    missed = [each for each in played.expect if not each["met"]]
    lines = [f"{each['figure']}: {each['got']}" + ("" if each["met"] else f", expected {each['want']}") for each in played.expect]
    met = f"{len(played.expect) - len(missed)} of {len(played.expect)} met"
    lines.append(f"{played.steps} steps, {played.refused} refused as expected, {met}")
    answer(args, result, lines)
    return NO if missed else DONE
