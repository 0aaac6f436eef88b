"""poll/1: a whole poll as JSON, read strictly (exact figures, every refusal names its place) and written; and the answer of a recount."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

from services.errors import Invalid
from services.exchange.strict_json import a_list, an_id, an_object, decimal, one_of, optional, parse, share, text, texts, title, whole
from services.rules.outcome import Reading, Result
from services.rules.poll import BASES, MEASURES, Ballot, Option, Poll, Rule, Silent, Voter, check, shown
from services.rules.sentences import english, spoken
from services.rules.thresholds import Amount, Checked, Condition, plain

FORMAT = "poll/1"
METHODS = ("yes_no", "approval")
LATER = ("score", "ranked", "budget")
RULE_KEYS = frozenset({"name", "turnout", "approve", "base", "seats", "silent", "tie_break", "max_choices"})
NOTES = frozenset({"source", "article", "in_force_from", "status"})
"""Keys of a rule that say where it comes from; they decide nothing."""


def read(data: bytes | str, at: str = "") -> Poll:
    """A poll from the text of a poll/1 file, checked by `poll.check`. `at` stands before each place (a file's name and a space).

    Raises Invalid with the place (a JSON path) and what was expected there; also for a method that is not counted here yet.
    """
    poll = _poll(parse(data, at), f"{at}$")
    check(poll, at)
    return poll


def rule(data: object, place: str = "$.rule", *, top_max: int | None = None) -> Rule:
    """A rule from its poll/1 object; raises Invalid with the place."""
    found = an_object(data, place)
    if unknown := sorted(set(found) - RULE_KEYS - NOTES):
        raise Invalid("{place}: {name} is not known in a rule.", place=place, name=shown(unknown[0]))
    silent = an_object(found.get("silent", {}), f"{place}.silent")
    if unknown := sorted(set(silent) - {"policy", "clause", "delivered"}):
        raise Invalid("{place}: {name} is not known in a rule.", place=f"{place}.silent", name=shown(unknown[0]))
    most = optional(found.get("max_choices"), f"{place}.max_choices", whole)
    if most is not None and top_max is not None and most != top_max:
        raise Invalid("{place}: differs from the one beside the rule.", place=f"{place}.max_choices")
    return Rule(
        name=text(found.get("name", "custom"), f"{place}.name"),
        turnout=_conditions(found.get("turnout", []), f"{place}.turnout"),
        approve=_conditions(found.get("approve", []), f"{place}.approve"),
        base=one_of(found.get("base", "participating"), BASES, f"{place}.base"),
        seats=whole(found.get("seats", 1), f"{place}.seats"),
        tie_break=_tie_break(found.get("tie_break"), f"{place}.tie_break"),
        max_choices=top_max if most is None else most,
        silent=Silent(
            one_of(silent.get("policy", "none"), ("none", "with_majority"), f"{place}.silent.policy"),
            optional(silent.get("clause"), f"{place}.silent.clause", text),
            texts(silent.get("delivered", []), f"{place}.silent.delivered"),
        ),
    )


def rule_json(rule: Rule) -> dict[str, object]:
    """The poll/1 object of a rule."""
    made: dict[str, object] = {
        "name": rule.name,
        "turnout": [_condition_json(each) for each in rule.turnout],
        "approve": [_condition_json(each) for each in rule.approve],
        "base": rule.base,
        "seats": rule.seats,
        "silent": {"policy": rule.silent.policy, "clause": rule.silent.clause, "delivered": list(rule.silent.delivered)},
    }
    if rule.max_choices is not None:
        made["max_choices"] = rule.max_choices
    if rule.tie_break is not None:
        made["tie_break"] = list(rule.tie_break) if isinstance(rule.tie_break, tuple) else rule.tie_break
    return made


def document(poll: Poll) -> dict[str, object]:
    """The poll/1 object of a poll; `read` makes the same poll of it again."""
    return {
        "format": FORMAT,
        "title": poll.title,
        "method": poll.method,
        "rule": rule_json(poll.rule),
        "present": list(poll.present),
        "options": [{"id": each.id} | ({"title": each.title} if each.title else {}) for each in poll.options],
        "roll": [_voter_json(each) for each in poll.roll],
        "ballots": [_ballot_json(each, poll.method) for each in poll.ballots],
    }


def write(poll: Poll) -> str:
    """The text of a poll/1 file."""
    return json.dumps(document(poll), ensure_ascii=False, indent=1) + "\n"


def answer(result: Result, words: Callable[..., str] = english) -> dict[str, object]:
    """What `recount --json` prints; `words` puts the explanation into a language, as `t` does."""
    weights = any(each.of == "weight" for each in result.conditions) or result.tally.roll.weight != result.tally.roll.persons
    return {
        "outcome": result.outcome,
        "winners": list(result.winners),
        "conditions": [_checked_json(each) for each in result.conditions],
        "totals": {option: _amount_json(each, weights) for option, each in result.totals.items()},
        "readings": [_reading_json(each) for each in result.readings],
        "explanation": [spoken(each, words) for each in result.explanation],
    }


def _poll(data: object, root: str) -> Poll:
    found = an_object(data, root)
    if found.get("format") != FORMAT:
        raise Invalid('{place}: expected "{format}", found {value}.', place=f"{root}.format", format=FORMAT,
                      value=shown(found.get("format", "")))
    method = found.get("method")
    if method in LATER:
        raise Invalid("{place}: this version counts yes_no and approval; it does not count {value} yet.", place=f"{root}.method",
                      value=shown(method))
    method = one_of(method, METHODS, f"{root}.method")
    for name in ("rule", "options", "roll", "ballots"):
        if name not in found:
            raise Invalid("{place}: is missing.", place=f"{root}.{name}")
    most = optional(found.get("max_choices"), f"{root}.max_choices", whole)
    return Poll(
        method=cast(Any, method),
        rule=rule(found["rule"], f"{root}.rule", top_max=most),
        options=tuple(_option(each, place) for each, place in a_list(found["options"], f"{root}.options")),
        roll=tuple(_voter(each, place) for each, place in a_list(found["roll"], f"{root}.roll")),
        ballots=tuple(_ballot(each, place, method) for each, place in a_list(found["ballots"], f"{root}.ballots")),
        present=texts(found.get("present", []), f"{root}.present"),
        title=title(found.get("title", ""), f"{root}.title"),
    )


def _option(data: object, place: str) -> Option:
    found = an_object(data, place)
    return Option(an_id(found, place), title(found.get("title", ""), f"{place}.title"))


def _voter(data: object, place: str) -> Voter:
    found = an_object(data, place)
    return Voter(
        an_id(found, place),
        optional(found.get("area"), f"{place}.area", decimal),
        decimal(found.get("weight", 1), f"{place}.weight"),
        optional(found.get("constituency"), f"{place}.constituency", text),
        optional(found.get("proxy"), f"{place}.proxy", text),
    )


def _ballot(data: object, place: str, method: str) -> Ballot:
    found = an_object(data, place)
    voter, own = optional(found.get("voter"), f"{place}.voter", text), optional(found.get("id"), f"{place}.id", text)
    if voter is None and own is None:
        raise Invalid("{place}: a ballot needs a voter, a secret one an id.", place=place)
    if "choice" not in found:
        raise Invalid("{place}: is missing.", place=f"{place}.choice")
    choice = (text(found["choice"], f"{place}.choice"),) if method == "yes_no" else texts(found["choice"], f"{place}.choice")
    return Ballot(choice, voter, own, optional(found.get("channel"), f"{place}.channel", text))


def _conditions(data: object, place: str) -> tuple[Condition, ...]:
    found = []
    for each, spot in a_list(data, place):
        one = an_object(each, spot)
        if unknown := sorted(set(one) - {"of", "op", "share"}):
            raise Invalid("{place}: {name} is not known in a condition.", place=spot, name=shown(unknown[0]))
        found.append(Condition(one_of(one.get("of"), MEASURES, f"{spot}.of"), one_of(one.get("op"), (">=", ">"), f"{spot}.op"),
                               share(one.get("share"), f"{spot}.share")))
    return tuple(found)


def _tie_break(data: object, place: str) -> tuple[str, ...] | str | None:
    if data is None or isinstance(data, str):
        return data
    return texts(data, place)


def _condition_json(each: Condition) -> dict[str, str]:
    return {"of": each.of, "op": each.op, "share": f"{each.share.numerator}/{each.share.denominator}"}


def _voter_json(each: Voter) -> dict[str, object]:
    made: dict[str, object] = {"id": each.id}
    if each.area is not None:
        made["area"] = plain(each.area)
    return made | {"weight": plain(each.weight), "constituency": each.constituency, "proxy": each.proxy}


def _ballot_json(each: Ballot, method: str) -> dict[str, object]:
    made: dict[str, object] = {"voter": each.voter} if each.voter is not None else {"id": each.id}
    made["choice"] = each.choice[0] if method == "yes_no" else list(each.choice)
    return made if each.channel is None else made | {"channel": each.channel}


def _checked_json(each: Checked) -> dict[str, object]:
    made: dict[str, object] = {"name": each.name, "figure": f"{plain(each.figure)}/{plain(each.whole)}", "op": each.op,
                               "threshold": f"{each.share.numerator}/{each.share.denominator}", "met": each.met}
    return made if each.option is None else made | {"option": each.option}


def _amount_json(each: Amount, weights: bool) -> dict[str, object]:
    made: dict[str, object] = {"persons": each.persons, "area": plain(each.area)}
    return made | {"weight": plain(each.weight)} if weights else made


def _reading_json(each: Reading) -> dict[str, object]:
    return {"name": each.name, "outcome": each.outcome, "winners": list(each.winners),
            "conditions": [_checked_json(one) for one in each.conditions]}
