"""tick: does what is due now: closings, notices, reminders, checkpoints."""

from __future__ import annotations

import argparse

from services.cli import DONE, answer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(args: argparse.Namespace) -> int:
    from services import db, schema, ticker

    schema.upgrade(db.engine())
    done = ticker.tick()
    words = ", ".join(f"{count} {word}" for word, count in done.items()) if done else "another process ticks"
    answer(args, done, words)
    return DONE
