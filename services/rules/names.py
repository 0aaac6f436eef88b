"""Whose name is shown to whom: neighbours see each other's names, strangers see a role or a masked name."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
# Family names of two characters; of any other Chinese name the first one is the family name.
_DOUBLE = ("欧阳", "上官", "司马", "诸葛", "司徒", "皇甫", "东方", "慕容", "令狐", "尉迟", "公孙", "长孙", "宇文", "端木", "夏侯", "轩辕")
STAR = "*"


def masked(name: str) -> str:
    """The family name and stars: "李秀英" → "李**", "John Smith" → "J*** S***". "" and names without a letter stay as they are."""
    plain = name.strip()
    if _HAN.match(plain):
        family = next((each for each in _DOUBLE if plain.startswith(each) and len(plain) > 2), plain[0])
        return family + STAR * max(1, min(2, len(plain) - len(family)))
    return " ".join(word[0] + STAR * 3 if word[0].isalnum() else word for word in plain.split())


def shown(name: str, *, neighbour: bool) -> str:
    """The name for a reader: whole for signed-in people of the same community (`neighbour`), masked for everybody else."""
    return name if neighbour else masked(name)
