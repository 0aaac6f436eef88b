"""What people typed, made safe to show as plain text: no control, direction or invisible characters, lines kept."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LINE = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Marks that turn the reading direction, and letters that nobody sees: with them a name can pose as another one.
_UNSEEN = re.compile(
    "[\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0d\ufeff\ufff9-\ufffc\U000e0000-\U000e0fff\u115f\u1160\u3164\uffa0]"
)
_PILE = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


@lru_cache(4096)  # the same names and titles are shown again and again
def plain_text(typed: str) -> str:
    """`typed` with its line breaks kept, in NFC, without characters that hide or reorder; at most one empty line in a row."""
    text = _UNSEEN.sub("", _LINE.sub("\n", typed))
    text = "".join(
        each if each == "\n" else " " if each == "\t" else "" if unicodedata.category(each) in ("Cc", "Cs", "Co") else each for each in text
    )
    text = _PILE.sub(r"\1", unicodedata.normalize("NFC", text))
    lines = [line.rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(typed: str) -> str:
    """The same on one line: a name, a title, a place."""
    return re.sub(r"\s+", " ", plain_text(typed)).strip()
