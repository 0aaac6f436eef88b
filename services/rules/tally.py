"""Counting a poll: yes/no, choose-one and approval on an open roll with persons, area and weight; exact, with its reasons.

Sources: Civil Code of the PRC, art. 278 (two measures at once, "at least" with the boundary, "more than half" without);
a yes/no tie is a no (rules of order after Robert). Nothing here is a float.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.rules.outcome import Outcome, Reading, Result, Tally
from services.rules.poll import ABSTAIN, NO, YES, Ballot, Poll, TieBreak, check
from services.rules.reasons import explain
from services.rules.thresholds import Amount, Measure, total


def count(poll: Poll) -> Result:
    """Count a poll. Raises Invalid where `poll.check` does.

    yes_no: no turnout condition unmet, every approval condition met by "yes", no tie: adopted. A tie (yes equals no in a
    measure that the rule counts) is rejected. With shares of at least one half more yes can never turn adoption into rejection.
    approval: the options that meet every approval condition are ranked; `Ranking` says how. Without a condition that names a
    measure the weight of the roll counts. No vote, no seat: an option that nobody chose is never elected.
    """
    check(poll)
    roll = {each.id: each.amount for each in poll.roll}
    votes = [(each, Amount(1, weight=Decimal(1)) if each.voter is None else roll[each.voter]) for each in poll.ballots]
    returned = _read(poll, votes)
    readings = [returned, _silent(poll, votes, roll, returned)] if poll.rule.silent.policy == "with_majority" else [returned]
    return Result(returned.outcome, returned.winners, returned.conditions, returned.tally.totals, tuple(readings), explain(poll, readings))


def lot(seed: str, options: Iterable[str]) -> list[str]:
    """The order of a lot: ascending SHA-256 (as hex) of seed, line feed, option id in UTF-8; anyone can draw it again."""
    return sorted(options, key=lambda each: hashlib.sha256(f"{seed}\n{each}".encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Ranking:
    """Who goes before whom: an option beats another when it is behind in no measure and ahead in at least one.

    In one measure that is "more votes". Where persons and area lean to different options neither beats the other: they are level.
    """

    amounts: Mapping[str, Amount]
    measures: tuple[Measure, ...]

    def beats(self, one: str, other: str) -> bool:
        a, b = self.amounts[one], self.amounts[other]
        gaps = [a.of(each) - b.of(each) for each in self.measures]
        return all(gap >= 0 for gap in gaps) and any(gap > 0 for gap in gaps)

    def split(self, options: Sequence[str], seats: int) -> tuple[list[str], list[str]]:
        """(options sure of a seat, options level for the rest); the others are sure to have none."""
        sure = [a for a in options if sum(not self.beats(a, b) for b in options if b != a) < seats]
        level = [a for a in options if a not in sure and sum(self.beats(b, a) for b in options) < seats]
        return sure, level


def _tally(poll: Poll, votes: Sequence[tuple[Ballot, Amount]]) -> Tally:
    parts: dict[str, list[Amount]] = {each.id: [] for each in poll.options}
    for ballot, amount in votes:
        for option in ballot.choice:
            parts[option].append(amount)
    took_part, roll = total(amount for _, amount in votes), total(each.amount for each in poll.roll)
    expressed = total(amount for ballot, amount in votes if set(ballot.choice) - {ABSTAIN})
    here = frozenset(poll.present)
    present = total(each.amount for each in poll.roll if each.id in here)
    base = {"participating": took_part, "expressed": expressed, "roll": roll, "present": present}[poll.rule.base]
    return Tally({option: total(each) for option, each in parts.items()}, took_part, expressed, roll, base,
                 present if poll.rule.base == "present" else took_part)


def _read(poll: Poll, votes: Sequence[tuple[Ballot, Amount]], joined: str | None = None) -> Reading:
    tally, rule = _tally(poll, votes), poll.rule
    name: Literal["returned", "silent_with_majority"] = "silent_with_majority" if joined else "returned"
    turnout = tuple(each.check(f"turnout {each.of}", tally.turnout, tally.roll) for each in rule.turnout)
    quorate = all(each.met for each in turnout)
    if poll.method == "yes_no":
        approve = tuple(each.check(f"approve {each.of}", tally.totals[YES], tally.base) for each in rule.approve)
        tie = any(tally.totals[YES].of(each.of) == tally.totals[NO].of(each.of) for each in rule.approve)
        decided: Outcome = "no_quorum" if not quorate else "adopted" if all(each.met for each in approve) and not tie else "rejected"
        return Reading(name, decided, (), turnout + approve, tally, joined=joined)

    measures: tuple[Measure, ...] = tuple(dict.fromkeys(each.of for each in rule.approve)) or ("weight",)
    ranking = Ranking(tally.totals, measures)
    chosen = [each.id for each in poll.options if each.id != ABSTAIN and any(tally.totals[each.id].of(measure) for measure in measures)]
    checked = {option: tuple(each.check(f"approve {each.of}", tally.totals[option], tally.base, option) for each in rule.approve)
               for option in chosen}
    able = [option for option in chosen if all(each.met for each in checked[option])]
    sure, level = ranking.split(able, rule.seats)
    drawn, tied = _break(rule.tie_break, ranking, level, rule.seats - len(sure))
    winners = (*sure, *drawn, *tied) if quorate else ()
    ahead = winners or tuple(option for each in ranking.split(chosen, rule.seats) for option in each)
    conditions = turnout + tuple(each for option in ahead for each in checked[option])
    outcome: Outcome = "no_quorum" if not quorate else "tie" if tied else "elected" if winners else "rejected"
    return Reading(name, outcome, winners, conditions, tally, tuple(tied) if quorate else (),
                   tuple(level) if drawn and quorate else (), joined)


def _break(rule: TieBreak, ranking: Ranking, level: list[str], seats: int) -> tuple[list[str], list[str]]:
    """(options that the stated tie-break seats, options still level); one that another beats waits for that one."""
    if rule is None:
        return [], level
    order = list(rule) if isinstance(rule, tuple) else lot(rule.removeprefix("lot:"), level)
    drawn: list[str] = []
    rest = list(level)
    while rest and len(drawn) < seats:
        first = next((a for a in order if a in rest and not any(ranking.beats(b, a) for b in rest)), None)
        if first is None:
            return drawn, rest
        drawn.append(first)
        rest.remove(first)
    return drawn, []


def leader(poll: Poll, tally: Tally) -> str | None:
    """The option that is strictly ahead of every other by persons and, where the roll has areas, by area; else None."""
    options = [each.id for each in poll.options if each.id != ABSTAIN]
    measures: tuple[Measure, ...] = ("persons", "area") if poll.with_area else ("persons",)
    for one in options:
        if all(tally.totals[one].of(each) > max((tally.totals[b].of(each) for b in options if b != one), default=0) for each in measures):
            return one
    return None


def _silent(poll: Poll, votes: list[tuple[Ballot, Amount]], roll: Mapping[str, Amount], returned: Reading) -> Reading:
    joined = leader(poll, returned.tally)
    if joined is None:
        return Reading("silent_with_majority", "undetermined", (), (), returned.tally)
    answered = {ballot.voter for ballot, _ in votes}
    silent = [(Ballot((joined,), each), roll[each]) for each in poll.rule.silent.delivered if each not in answered]
    return _read(poll, [*votes, *silent], joined)
