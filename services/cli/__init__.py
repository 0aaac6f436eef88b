"""The commands of `manage.py`, one module each: `add_arguments(parser)`, `run(args) -> int`, a first line that says what it does."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping

DONE, NO, UNUSABLE = 0, 1, 2


def answer(args: argparse.Namespace, value: Mapping[str, object], text: str | Iterable[str]) -> None:
    """Print what a command found: `value` as one JSON document with `--json`, else `text`, one line or several."""
    if args.json:
        print(json.dumps(value, ensure_ascii=False))
    else:
        print(text if isinstance(text, str) else "\n".join(text))
