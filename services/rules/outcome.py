"""What a count says: the figures, a reading of the ballots, and the result with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.rules.sentences import Sentence
from services.rules.thresholds import Amount, Checked

Outcome = Literal["adopted", "rejected", "no_quorum", "elected", "tie", "undetermined"]
"""`undetermined` occurs only as a reading of silent ballots, never as the outcome of a poll."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted: per option, of those who took part, who said more than "abstain", and the base of approval."""

    totals: Mapping[str, Amount]
    took_part: Amount
    expressed: Amount
    roll: Amount
    base: Amount
    turnout: Amount


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the ballots. `winners` are those chosen, or all that are level; `tied` those of them still level.

    `broken` are options that were level before the stated tie-break was used; `joined` is the option that silent ballots joined.
    """

    name: Literal["returned", "silent_with_majority"]
    outcome: Outcome
    winners: tuple[str, ...]
    conditions: tuple[Checked, ...]
    tally: Tally
    tied: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    joined: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome is that of the returned ballots; a reading with the silent ones stands beside it and never replaces it."""

    outcome: Outcome
    winners: tuple[str, ...]
    conditions: tuple[Checked, ...]
    totals: Mapping[str, Amount]
    readings: tuple[Reading, ...]
    explanation: tuple[Sentence, ...]

    @property
    def tally(self) -> Tally:
        """The figures of the returned ballots."""
        return self.readings[0].tally
