"""Near-duplicates among real comments (Polis, CC BY 4.0): a comment mistyped in every tenth character still finds itself."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from services.rules.similar import Index

CONVERSATIONS = {"vtaiwan.uberx": 0.97, "american-assembly.bowling-green": 0.99}


def test_a_mistyped_comment_finds_itself(third_party: Path) -> None:
    for name, wanted in CONVERSATIONS.items():
        with (third_party / "polis" / name / "comments.csv").open(encoding="utf-8", newline="") as file:
            comments = [row["comment-body"] for row in csv.DictReader(file) if len(row["comment-body"]) >= 12]
        index, chance, found = Index((str(n), text) for n, text in enumerate(comments)), random.Random(7), 0
        for text in comments:
            typed = "".join(each for each in text if chance.random() > 0.1)
            found += any(comments[int(each.key)] == text for each in index.nearest(typed))
        assert found >= wanted * len(comments), name
