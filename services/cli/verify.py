"""`manage.py verify BUNDLE.zip`: checks an evidence bundle without the database and without trust in whoever made it."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from services.cli import DONE, NO, answer
from services.exchange import bundle_check
from services.exchange.bundle_zip import Unusable

SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `verify`."""
    parser.add_argument("bundle", metavar="BUNDLE", type=Path, help="the evidence bundle, a .zip written by `export`")
    parser.add_argument("--key", metavar="FINGERPRINT", help="the fingerprint of the key, as printed on minutes and screen")
    parser.add_argument("--checkpoint", metavar="FILE", type=Path, help="an older checkpoint, kept elsewhere, that the log must contain")


def run(args: argparse.Namespace) -> int:
    """0: everything fits. 1: something does not. SystemExit with one line for unusable input."""
    older = "" if args.checkpoint is None else _read(args.checkpoint)
    try:
        with args.bundle.open("rb") as source:
            report = bundle_check.verify(source, fingerprint=args.key, older=older)
    except Unusable as wrong:
        raise SystemExit(_safe(f"{args.bundle}: {wrong}.")) from None
    answer(args, {"verified": not report.findings, **asdict(report)}, _told(report))
    return NO if report.findings else DONE


def _read(file: Path) -> str:
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text:
        raise SystemExit(f"{file}: expected a checkpoint, found no text.")
    return text


def _told(report: bundle_check.Report) -> list[str]:
    lines = []
    for log in report.logs:
        lines.append(f"{log.origin}: {log.events} events, {log.checkpoints} checkpoints, {log.rows} rows, {log.polls} polls recounted")
        lines.append(f"  check digits {log.check}, root {log.root}")
    if report.key_given:
        lines.append(f"Key {report.fingerprint}, compared with the fingerprint you gave.")
    else:
        lines.append(f"Key {report.fingerprint}. This trusts the bundle's own key: compare it with the minutes, or give it with --key.")
    if report.older:
        lines.append(f"{report.older} older checkpoint{'s' * (report.older > 1)} from elsewhere compared.")
    if not report.findings:
        return [*lines, "Everything fits."]
    lines.append(f"Does not fit: {len(report.findings)} finding{'s' * (len(report.findings) > 1)}.")
    lines += [_safe(f"  {each.place}: {each.what}") for each in report.findings[:SHOWN]]
    if len(report.findings) > SHOWN:
        lines.append(f"  and {len(report.findings) - SHOWN} more (--json lists all)")
    return [_safe(line) for line in lines]


def _safe(text: str) -> str:
    """One line that cannot steer a terminal: what a stranger wrote into the bundle is shown, not obeyed."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
