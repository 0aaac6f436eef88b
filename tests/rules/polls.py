"""Short ways to write down a poll in a test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.exchange import poll_json
from services.rules import rule_texts
from services.rules.poll import Ballot, Option, Poll, Rule, Voter
from services.rules.thresholds import Condition

ORDINARY, MAJOR = (poll_json.rule(rule_texts.rule_text(key).rule) for key in ("owners_ordinary", "owners_major"))
HOUSEHOLDS = poll_json.rule(rule_texts.rule_text("residents_households").rule)


def at(of: Any, op: Any, share: str) -> Condition:
    return Condition(of, op, Fraction(share))


def yes_no(rule: Rule, *groups: tuple[str | None, Iterable[str]], **more: Any) -> Poll:
    """Groups of ("yes", areas of those who said so); None for those who said nothing."""
    roll, ballots = [], []
    for answer, areas in groups:
        for area in areas:
            voter = Voter(f"u{len(roll):03d}", Decimal(area))
            roll.append(voter)
            if answer:
                ballots.append(Ballot((answer,), voter.id))
    return Poll("yes_no", rule, tuple(map(Option, ("yes", "no", "abstain"))), tuple(roll), tuple(ballots), **more)


def choose(rule: Rule, votes: Mapping[str, int], silent: int = 0, blank: int = 0, **more: Any) -> Poll:
    """So many votes for each option, so many blank ballots, so many that did not vote."""
    choices = [(option,) for option, n in votes.items() for _ in range(n)] + [()] * blank
    roll = tuple(Voter(f"u{n:03d}") for n in range(len(choices) + silent))
    ballots = tuple(Ballot(choice, voter.id) for choice, voter in zip(choices, roll, strict=False))
    return Poll("approval", rule, tuple(map(Option, votes)), roll, ballots, **more)
