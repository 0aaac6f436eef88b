"""`manage.py recount FILE`: counts a poll.json again, exactly, and says why it came out so."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from services import cli, i18n
from services.errors import Invalid
from services.exchange import poll_json
from services.rules.outcome import Reading, Result
from services.rules.poll import Poll
from services.rules.reasons import outcome_word
from services.rules.sentences import spoken
from services.rules.tally import count
from services.rules.thresholds import Amount, plain

LATER = frozenset({".pb", ".soc", ".soi", ".toc", ".toi"})
SIGN = {">=": "≥", ">": ">"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `recount`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a poll.json in the format poll/1")
    parser.add_argument("--lang", choices=i18n.LANGS, default="en", help="the language of the explanation (default: en)")


def run(args: argparse.Namespace) -> int:
    """0 whatever the outcome; Invalid (exit status 2) for a file that cannot be counted, with the place in it."""
    if args.file.suffix.lower() in LATER:
        raise Invalid("{file}: this version recounts poll/1 files only; it does not count {kind} files yet.", file=args.file,
                      kind=args.file.suffix.lower())
    poll = poll_json.read(args.file.read_bytes(), f"{args.file}: ")
    result = count(poll)
    words = partial(i18n.text, args.lang)
    cli.answer(args, poll_json.answer(result, words), _report(poll, result, words))
    return cli.DONE


def _report(poll: Poll, result: Result, words: partial[str]) -> list[str]:
    lines = [poll.title] if poll.title else []
    lines += [f"{spoken(outcome_word(result.outcome), words)}: {', '.join(poll.titled(each) for each in result.winners)}".rstrip(": "), ""]
    lines += [spoken(each, words) for each in result.explanation]
    lines += ["", *(f"{poll.titled(each.id)}: {_amount(poll, result.totals[each.id])}" for each in poll.options), ""]
    lines += _conditions(result.readings[0])
    for other in result.readings[1:]:
        lines += ["", f"{other.name}: {other.outcome}", *_conditions(other)]
    return lines[:-1] if lines[-1] == "" else lines


def _amount(poll: Poll, amount: Amount) -> str:
    return f"{amount.persons}" + (f", {plain(amount.area)} m²" if poll.with_area and not poll.secret else "")


def _conditions(reading: Reading) -> list[str]:
    return [f"[{'x' if each.met else ' '}] {each.name}{f' {each.option}' if each.option else ''}: {plain(each.figure)}/{plain(each.whole)} "
            f"{SIGN[each.op]} {each.share.numerator}/{each.share.denominator}" for each in reading.conditions]
