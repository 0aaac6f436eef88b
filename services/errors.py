"""Refusals: what a person may expect to be told, as a message id with its values, translated only where it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Refusal(Exception):
    """An expected, actionable "no".

    `message` is an English message id with `{placeholders}`; `values` fills them; `field` names the form field it
    belongs to, when there is one. The two doors (pages and plain routes) show it; nothing else catches it.
    """

    def __init__(self, message: str, *, field: str | None = None, **values: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.values = values

    def __str__(self) -> str:
        return self.message.format(**self.values)


class NotAllowed(Refusal):
    """This person may not do this, here and now; the message says who may."""


class WrongStage(Refusal):
    """The matter is not at the stage at which this can be done."""


class Invalid(Refusal):
    """Something typed cannot be used; `field` says which."""


class NotFound(Refusal):
    """Nothing to show here for this person: absent and foreign look the same, so that nothing leaks."""

    def __init__(self, message: str = "Nothing to show here for you.", *, field: str | None = None, **values: Any) -> None:
        super().__init__(message, field=field, **values)


class Conflict(Refusal):
    """Somebody else was faster, or it has been done already."""


class Several(Refusal):
    """All reasons at once: `reasons` is a non-empty tuple of refusals, in the order of the form."""

    def __init__(self, reasons: tuple[Refusal, ...]) -> None:
        super().__init__(reasons[0].message, field=reasons[0].field, **reasons[0].values)
        self.reasons = reasons


@contextmanager
def gathering(reasons: list[Refusal]) -> Iterator[None]:
    """Add what is refused inside to `reasons`, each of several alone, and go on: `refuse_all` says all of it at once."""
    try:
        yield
    except Refusal as refusal:
        reasons += refusal.reasons if isinstance(refusal, Several) else (refusal,)


def refuse_all(reasons: list[Refusal]) -> None:
    """Raise what was collected: nothing for none, the one itself, or `Several`."""
    if len(reasons) == 1:
        raise reasons[0]
    if reasons:
        raise Several(tuple(reasons))


class Trouble(RuntimeError):
    """Something about this installation that only its operator can mend: one English line for the terminal, never for a visitor."""
