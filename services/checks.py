"""Checks what was typed: collects every reason, field by field, and raises them all at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import TypeVar

from services.errors import Invalid, Refusal, refuse_all
from services.i18n import N_
from services.rules.amounts import fen_of
from services.rules.plain_text import one_line, plain_text

Kind = TypeVar("Kind", bound=StrEnum)
FARTHEST = 3653
"""Days: ours. Ten years; a day farther away is a slip in its year, such as 2206 for 2026."""
FAR = N_("This day is more than ten years away. Please check the year.")


class Checks:
    """Each method returns the cleaned value, or notes why it cannot be used; `done` raises what was noted."""

    def __init__(self) -> None:
        self.reasons: list[Refusal] = []

    def note(self, message: str, field: str, **values: object) -> None:
        self.reasons.append(Invalid(message, field=field, **values))

    def text(self, field: str, value: str | None, limit: int, *, least: int = 1) -> str:
        """Plain text of `least` to `limit` characters, on one line up to 120; `least=0` lets it be empty."""
        found = plain_text(value or "") if limit > 120 else one_line(value or "")
        if len(found) < least:
            if found:
                self.note("A little longer, please: at least {least} characters.", field, least=least)
            else:
                self.note("This is empty. Please write something here.", field)
        elif len(found) > limit:
            self.note("{over} characters too many; there is room for {limit}.", field, over=len(found) - limit, limit=limit)
        return found

    def choice(self, field: str, value: str | None, kind: type[Kind]) -> Kind:
        """A member of `kind`; a wrong one is noted and the first member returned in its place."""
        try:
            return kind(value or "")
        except ValueError:
            self.note("Please choose one of the answers.", field)
            return next(iter(kind))

    def one_of(self, field: str, value: str | None, allowed: Collection[str]) -> str:
        if value not in allowed:
            self.note("Please choose one of the answers.", field)
        return value or ""

    def whole(self, field: str, value: int | None, least: int, most: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.note("A whole number from {least} to {most}, please.", field, least=least, most=most)
            return least
        return value

    def money(self, field: str, fen: int | None, *, required: bool = False) -> int | None:
        """Fen, from nothing to a hundred million yuan; None where it is not known."""
        if fen is None:
            if required:
                self.note("Please say how much it costs.", field)
        elif not isinstance(fen, int) or not 0 <= fen <= 10_000_000_000:
            self.note("An amount from 0 to 100,000,000 yuan, please.", field)
        return fen

    def amount(self, field: str, typed: str) -> int | None:
        """Fen from an amount as typed; None where nothing was."""
        try:
            return fen_of(typed, field)
        except Invalid as unclear:
            self.reasons.append(unclear)
            return None

    def not_before(self, field: str, day: date, first: date) -> date:
        if day < first:
            self.note("This day is too early; {first} is the first that can be.", field, first=first)
        elif (day - first).days > FARTHEST:
            self.note(FAR, field)
        return day

    def within(self, field: str, day: date, first: date, last: date) -> date:
        """A day from `first` to `last`, both included."""
        if day > last >= first:
            self.note("This day is too late; {last} is the last that can be.", field, last=last)
        else:
            self.not_before(field, day, first)
        return day

    def near(self, field: str, day: date, today: date) -> date:
        """A day before or after today, in a year that can be meant."""
        if abs((day - today).days) > FARTHEST:
            self.note(FAR, field)
        return day

    def done(self) -> None:
        """Raise what was noted: nothing, one refusal, or `Several`."""
        refuse_all(self.reasons)
