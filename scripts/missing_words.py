"""Prints the message ids that have no Chinese words yet, as entries for locale/zh_CN/*.po. Called by `make words`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.house.test_catalogs import chinese, untranslated, used


def main(beginning: str = "") -> None:
    """All of them, or those that are used in files whose path begins so."""
    for one in untranslated(used(), chinese()):
        if one.at.startswith(beginning):
            context = f"msgctxt {json.dumps(one.context)}\n" if one.context else ""
            print(f'#: {one.at}\n{context}msgid {json.dumps(one.message, ensure_ascii=False)}\nmsgstr ""\n')


main(*sys.argv[1:2])
