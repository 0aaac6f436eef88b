"""`manage.py doctor`: what is wrong with this installation, one line a finding."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from services import doctor, installation
from services.cli import DONE, NO, answer

MARKS = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `doctor`."""


def run(args: argparse.Namespace) -> int:
    """0: nothing is wrong. 1: something is."""
    installation.follow_clock()
    found = list(doctor.findings())
    wrong = sum(each.weight == "wrong" for each in found)
    lines = [_line(each) for each in found]
    said = "Nothing is wrong." if not wrong else f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong."
    answer(args, {"well": not wrong, "findings": [asdict(each) for each in found]}, [*lines, said])
    return NO if wrong else DONE


def _line(each: doctor.Finding) -> str:
    text = f"{MARKS[each.weight]} {each.about}: {each.what}"
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
