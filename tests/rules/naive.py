"""A second, slow and simple count of a poll/1 document, written from formats.md alone; it shares no line with the real one."""

from __future__ import annotations

import hashlib
import random
from fractions import Fraction
from itertools import permutations
from typing import Any

Doc = dict[str, Any]


def worth(doc: Doc, voter: str, measure: str) -> Fraction:
    row = next(row for row in doc["roll"] if row["id"] == voter)
    return Fraction(1) if measure == "persons" else Fraction(row.get(measure, "1" if measure == "weight" else "0"))


def amount(doc: Doc, voters: list[str], measure: str) -> Fraction:
    return sum((worth(doc, voter, measure) for voter in voters), Fraction(0))


def holds(doc: Doc, condition: Doc, some: list[str], whole: list[str]) -> bool:
    share, base = Fraction(condition["share"]), amount(doc, whole, condition["of"])
    if base == 0:
        return False
    return amount(doc, some, condition["of"]) / base > share or \
        (condition["op"] == ">=" and amount(doc, some, condition["of"]) / base == share)


def picks(choice: Any) -> list[str]:
    return [choice] if isinstance(choice, str) else list(choice)


def count(doc: Doc) -> tuple[str, list[str]]:
    """(outcome, winners) of the ballots that came back."""
    rule, votes = doc["rule"], {ballot["voter"]: picks(ballot["choice"]) for ballot in doc["ballots"]}
    everybody = [row["id"] for row in doc["roll"]]
    came = doc["present"] if rule["base"] == "present" else list(votes)
    base = {
        "participating": list(votes),
        "expressed": [voter for voter, choice in votes.items() if choice not in ([], ["abstain"])],
        "roll": everybody,
        "present": doc["present"],
    }[rule["base"]]
    if not all(holds(doc, each, came, everybody) for each in rule["turnout"]):
        return "no_quorum", []
    fans = {option["id"]: [voter for voter, choice in votes.items() if option["id"] in choice] for option in doc["options"]}
    if doc["method"] == "yes_no":
        for each in rule["approve"]:
            if not holds(doc, each, fans["yes"], base) or amount(doc, fans["yes"], each["of"]) == amount(doc, fans["no"], each["of"]):
                return "rejected", []
        return "adopted", []
    measures = [each["of"] for each in rule["approve"]] or ["weight"]
    able = [option for option in fans if option != "abstain"
            and any(amount(doc, fans[option], measure) > 0 for measure in measures)
            and all(holds(doc, each, fans[option], base) for each in rule["approve"])]
    return fill(doc, able, {option: [amount(doc, fans[option], measure) for measure in measures] for option in able})


def fill(doc: Doc, able: list[str], scores: dict[str, list[Fraction]]) -> tuple[str, list[str]]:
    """By brute force: in which orders that respect the votes could the places be given, and who has one in all of them, who in some."""
    seats, stated = doc["rule"]["seats"], doc["rule"].get("tie_break")
    if not able:
        return "rejected", []
    ahead = {(a, b) for a in able for b in able
             if scores[a] != scores[b] and all(x >= y for x, y in zip(scores[a], scores[b], strict=True))}
    orders = [order for order in permutations(able)
              if not any((later, earlier) in ahead for place, earlier in enumerate(order) for later in order[place:])]
    given = [set(order[:seats]) for order in orders]
    sure, possible = set.intersection(*given), set.union(*given)
    level = possible - sure
    if not level:
        return "elected", sorted(sure)
    if stated is None:
        return "tie", sorted(possible)
    if isinstance(stated, str):
        stated = sorted(level, key=lambda each: hashlib.sha256((stated[4:] + "\n" + each).encode("utf-8")).digest())
    drawn: set[str] = set()
    while len(sure | drawn) < seats:
        free = [each for each in stated if each in level - drawn and not any((other, each) in ahead for other in level - drawn)]
        if not free:
            return "tie", sorted(possible)
        drawn.add(free[0])
    return "elected", sorted(sure | drawn)


AREAS = ("60", "60", "80", "89.75", "90.25", "120", "0", "40.01", "39.99")
SHARES = ("1/2", "1/2", "2/3", "3/4", "1/3", "1/1", "2/5")


def a_poll(chance: random.Random, method: str = "") -> Doc:
    """A random poll, small enough that boundaries and ties are common."""
    method = method or chance.choice(("yes_no", "approval"))
    size = chance.randint(1, 9)
    roll = [{"id": f"u{n}", "area": chance.choice(AREAS), "weight": chance.choice(("1", "1", "1", "2", "0.5", "0"))} for n in range(size)]
    voters = [row["id"] for row in roll]
    base = chance.choice(("participating", "expressed", "roll", "present"))
    present = chance.sample(voters, chance.randint(0, size)) if base == "present" else []
    may = present if base == "present" else voters
    cast = [voter for voter in may if chance.random() < 0.8]
    chance.shuffle(cast)
    options = ["yes", "no"] if method == "yes_no" else [f"o{n}" for n in range(chance.randint(1, 4))]
    options += ["abstain"] if chance.random() < 0.5 else []

    def conditions(least: int) -> list[Doc]:
        measures = chance.choice((["persons"], ["area", "persons"], ["weight"], ["area"], []))
        measures = measures or (["persons"] if least else [])
        op, share = chance.choice((">=", ">")), chance.choice(SHARES)
        return [{"of": of, "op": op, "share": share} for of in measures]

    most = None if method == "yes_no" else chance.choice((1, 1, 2, None))
    rule: Doc = {"name": "custom", "turnout": chance.choice(([], conditions(0))), "base": base, "seats": 1,
                 "approve": conditions(1) if method == "yes_no" else chance.choice(([], conditions(0)))}
    if method == "approval":
        real = [option for option in options if option != "abstain"]
        rule |= {"seats": chance.choice((1, 1, 1, 2, 3)), "max_choices": most,
                 "tie_break": chance.choice((None, None, chance.sample(real, chance.randint(1, len(real))), f"lot:{size}"))}

    def choice() -> Any:
        if method == "yes_no":
            return chance.choice(options)
        if "abstain" in options and chance.random() < 0.15:
            return ["abstain"]
        real = [option for option in options if option != "abstain"]
        return chance.sample(real, chance.randint(0, min(len(real), most or 4)))

    return {"format": "poll/1", "title": "", "method": method, "rule": rule, "present": present,
            "options": [{"id": each} for each in options], "roll": roll,
            "ballots": [{"voter": voter, "choice": choice()} for voter in cast]}
