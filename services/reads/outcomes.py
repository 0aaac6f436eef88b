"""What a count said, as a screen needs it: answers, conditions with their figures, reasons to be translated."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlmodel import Session

from models.poll import Poll
from models.vocabulary import PollState, VotesBy
from services.reads import counts
from services.rules.sentences import Sentence, from_json


@dataclass(frozen=True)
class Answer:
    """One answer of the ballot paper; `title` is "" for yes, no and abstain, which have words of their own."""

    code: str
    title: str
    consequence: str = ""


@dataclass(frozen=True)
class Condition:
    """A figure held against its base: `kind` turnout or approve, `of` persons, area or weight, `option` whose it is, if one's.

    `homes`: the persons of it are homes; `present`: a turnout of those who were there, whether or not they voted.
    """

    kind: str
    of: str
    part: Decimal
    whole: Decimal
    op: str
    share: Fraction
    met: bool
    option: str = ""
    homes: bool = False
    present: bool = False


@dataclass(frozen=True)
class Outcome:
    """What the count said. `totals` persons by answer; `sentences` are reasons to be translated."""

    outcome: str
    winners: tuple[str, ...]
    conditions: tuple[Condition, ...]
    totals: dict[str, int]
    areas: dict[str, Decimal]
    took_part: int
    sentences: tuple[Sentence, ...]

    @property
    def adopted(self) -> bool:
        return self.outcome in ("adopted", "elected")


def outcome_of(poll: Poll) -> Outcome | None:
    """The outcome of a revealed poll, None before."""
    found = poll.outcome
    if poll.state is not PollState.REVEALED or not found:
        return None
    return Outcome(
        found["outcome"],
        tuple(found["winners"]),
        tuple(_condition(each, poll) for each in found["conditions"]),
        {code: int(each["persons"]) for code, each in found["totals"].items()},
        {code: Decimal(each["area"]) for code, each in found["totals"].items()},
        sum(int(each["persons"]) for each in found["totals"].values()),
        tuple(from_json(each) for each in found.get("sentences", ())),
    )


def _condition(each: dict[str, Any], poll: Poll) -> Condition:
    kind, of = each["name"].split()
    part, whole = each["figure"].split("/")
    top, bottom = each["threshold"].split("/")
    share = Fraction(int(top), int(bottom))
    return Condition(
        kind, of, Decimal(part), Decimal(whole), each["op"], share, each["met"], each.get("option", ""),
        homes=of == "persons" and poll.votes_by is VotesBy.HOUSEHOLD,
        present=kind == "turnout" and poll.rule.get("base") == "present",
    )  # fmt: skip


def answers(db: Session, poll: Poll) -> tuple[Answer, ...]:
    """The answers in the order of the ballot paper."""
    return tuple(Answer(each.code, each.title, each.consequence) for each in counts.options(db, poll))
