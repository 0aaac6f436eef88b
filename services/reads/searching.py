"""How every list is searched: word by word, whatever their case, with no sign that means more than itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, func, or_

MOST, LONGEST = 6, 60


def words(search: str) -> list[str]:
    """What to look for: the first words of `search`, all of which must be there.

    Each is cut to 60 characters: SQLite refuses patterns above 50 000 bytes, and whoever pastes a whole sentence means where it begins.
    """
    return [each[:LONGEST] for each in search.split()[:MOST]]


def says(word: str, *spots: Any) -> ColumnElement[bool]:
    """Whether one of these columns holds `word`: as it is written, and in whatever case the database can fold (SQLite: A to Z)."""
    written = (col(spot).contains(word, autoescape=True) for spot in spots)
    return or_(*written, *(func.lower(spot).contains(word.lower(), autoescape=True) for spot in spots))


def within(search: str, text: str) -> bool:
    """The same for a text at hand."""
    held = text.casefold()
    return all(word.casefold() in held for word in words(search))
