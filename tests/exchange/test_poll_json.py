"""poll/1: what is read, what is refused and at which place, what a recount answers."""

from __future__ import annotations

import json
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import Invalid
from services.exchange import poll_json
from services.rules.tally import count

OWNERS: dict[str, Any] = {
    "format": "poll/1",
    "title": "3 号楼 2 单元加装电梯",
    "method": "yes_no",
    "rule": {
        "name": "owners_major",
        "turnout": [{"of": "area", "op": ">=", "share": "2/3"}, {"of": "persons", "op": ">=", "share": "2/3"}],
        "approve": [{"of": "area", "op": ">=", "share": "3/4"}, {"of": "persons", "op": ">=", "share": "3/4"}],
        "base": "participating",
        "seats": 1,
        "silent": {"policy": "none", "clause": None, "delivered": []},
    },
    "present": [],
    "options": [{"id": "yes"}, {"id": "no"}, {"id": "abstain"}],
    "roll": [{"id": f"u-{n}", "area": area, "weight": "1", "constituency": "3-2", "proxy": None}
             for n, area in enumerate(["89.75", "90.25", "100.00", "70.00", "60.10"])],
    "ballots": [{"voter": f"u-{n}", "choice": choice, "channel": "web"} for n, choice in enumerate(["yes", "yes", "yes", "no"])],
}
CHOICE: dict[str, Any] = OWNERS | {
    "method": "approval",
    "max_choices": 1,
    "rule": {"name": "plurality", "turnout": [], "approve": [], "base": "participating", "seats": 1, "tie_break": None},
    "options": [{"id": "tiles", "title": "地砖"}, {"id": "asphalt", "title": "沥青"}],
    "ballots": [{"voter": "u-0", "choice": ["tiles"]}, {"voter": "u-1", "choice": ["asphalt"]}, {"voter": "u-2", "choice": ["tiles"]},
                {"voter": "u-3", "choice": []}],
}


def read(data: Any) -> Any:
    return poll_json.read(json.dumps(data))


def changed(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with one place changed: "roll.0.area"; a value of `...` removes it."""
    made = deepcopy(data)
    *way, last = [int(each) if each.isdigit() else each for each in path.split(".")]
    spot: Any = made
    for each in way:
        spot = spot[each]
    if value is ...:
        del spot[last]
    else:
        spot[last] = value
    return made


def test_the_answer_of_a_recount() -> None:
    answer = poll_json.answer(count(read(OWNERS)))
    assert answer == {
        "outcome": "adopted",
        "winners": [],
        "conditions": [
            {"name": "turnout area", "figure": "350.00/410.10", "op": ">=", "threshold": "2/3", "met": True},
            {"name": "turnout persons", "figure": "4/5", "op": ">=", "threshold": "2/3", "met": True},
            {"name": "approve area", "figure": "280.00/350.00", "op": ">=", "threshold": "3/4", "met": True},
            {"name": "approve persons", "figure": "3/4", "op": ">=", "threshold": "3/4", "met": True},
        ],
        "totals": {"yes": {"persons": 3, "area": "280.00"}, "no": {"persons": 1, "area": "70.00"}, "abstain": {"persons": 0, "area": "0"}},
        "readings": [{"name": "returned", "outcome": "adopted", "winners": [], "conditions": answer["conditions"]}],
        "explanation": [
            "4 of 5 homes took part.",
            "Enough took part: two thirds reached by number and by area.",
            "3 of 4 homes agreed.",
            "Three quarters reached by number and by area: adopted.",
        ],
    }


def test_choose_one() -> None:
    answer = poll_json.answer(count(read(CHOICE)))
    assert (answer["outcome"], answer["winners"]) == ("elected", ["tiles"])
    assert answer["explanation"] == ["4 of 5 people took part.", "“地砖” got the most: 2. So it is chosen."]
    inside = changed(changed(CHOICE, "max_choices", ...), "rule.max_choices", 1)
    assert read(inside) == read(CHOICE)


def test_figures_are_never_floats() -> None:
    text = json.dumps(OWNERS).replace('"89.75"', "89.750000000")
    area = poll_json.read(text).roll[0].area
    assert (type(area), area) == (Decimal, Decimal("89.75"))
    assert poll_json.rule(OWNERS["rule"]).turnout[0].share == Fraction(2, 3)


@pytest.mark.parametrize(
    ("data", "path", "value", "place", "says"),
    [
        (OWNERS, "ballots.1.voter", "u-9", "$.ballots[1].voter", "not on the roll"),
        (OWNERS, "ballots.1.voter", "u-0", "$.ballots[1].voter", "a second ballot"),
        (OWNERS, "ballots.1.choice", "maybe", "$.ballots[1].choice", "not one of the options"),
        (OWNERS, "ballots.1.choice", ["yes"], "$.ballots[1].choice", "expected text"),
        (OWNERS, "ballots.1.choice", ..., "$.ballots[1].choice", "is missing"),
        (OWNERS, "ballots.1.voter", None, "$.ballots[1]", "needs a voter"),
        (OWNERS, "ballots.1", {"id": "x", "choice": "yes"}, "$.ballots[1].voter", "all must, or none"),
        (OWNERS, "ballots", {}, "$.ballots", "expected a list"),
        (OWNERS, "ballots", ..., "$.ballots", "is missing"),
        (OWNERS, "roll.2.area", "-1", "$.roll[2].area", "negative"),
        (OWNERS, "roll.2.area", -1, "$.roll[2].area", "negative"),
        (OWNERS, "roll.2.area", "NaN", "$.roll[2].area", "not a finite number"),
        (OWNERS, "roll.2.area", "Infinity", "$.roll[2].area", "not a finite number"),
        (OWNERS, "roll.2.area", float("nan"), "$.roll[2].area", "not a finite number"),
        (OWNERS, "roll.2.area", float("inf"), "$.roll[2].area", "not a finite number"),
        (OWNERS, "roll.2.area", "1e3", "$.roll[2].area", "expected an exact number"),
        (OWNERS, "roll.2.area", "１２", "$.roll[2].area", "expected an exact number"),
        (OWNERS, "roll.2.area", "1_0", "$.roll[2].area", "expected an exact number"),
        (OWNERS, "roll.2.area", "9" * 13, "$.roll[2].area", "too many digits"),
        (OWNERS, "roll.2.area", "0.0000000001", "$.roll[2].area", "too many digits"),
        (OWNERS, "roll.2.area", 10**30, "$.roll[2].area", "too many digits"),
        (OWNERS, "roll.2.area", True, "$.roll[2].area", "expected an exact number"),
        (OWNERS, "roll.2.area", ..., "$.roll[2].area", "this voter has none"),
        (OWNERS, "roll.2.weight", [1], "$.roll[2].weight", "expected an exact number"),
        (OWNERS, "roll.2.id", "u-0", "$.roll[2].id", "stands here twice"),
        (OWNERS, "roll.2.id", 7, "$.roll[2].id", "expected text"),
        (OWNERS, "roll.2.id", " ", "$.roll[2].id", "printable"),
        (OWNERS, "roll.2.id", "a\nb", "$.roll[2].id", "printable"),
        (OWNERS, "roll.2.id", "\ud800", "$.roll[2].id", "printable"),
        (OWNERS, "roll.2", [], "$.roll[2]", "expected an object"),
        (OWNERS, "options.2.id", "yes", "$.options[2].id", "stands here twice"),
        (OWNERS, "options.2.id", "perhaps", "$.options", "has the options yes and no"),
        (OWNERS, "options", [], "$.options", "has the options yes and no"),
        (OWNERS, "rule.approve", [], "$.rule.approve", "at least one condition"),
        (OWNERS, "rule.approve.0.share", "0.75", "$.rule.approve[0].share", "exact fraction"),
        (OWNERS, "rule.approve.0.share", 0.75, "$.rule.approve[0].share", "exact fraction"),
        (OWNERS, "rule.approve.0.share", "1/0", "$.rule.approve[0].share", "exact fraction"),
        (OWNERS, "rule.approve.0.share", "5/4", "$.rule.approve[0].share", "between 0 and 1"),
        (OWNERS, "rule.approve.0.op", "<", "$.rule.approve[0].op", "expected one of >=, >"),
        (OWNERS, "rule.approve.0.of", "height", "$.rule.approve[0].of", "expected one of persons, area, weight"),
        (OWNERS, "rule.aprove", [], "$.rule", '"aprove" is not known'),
        (OWNERS, "rule.base", "everybody", "$.rule.base", "expected one of participating"),
        (OWNERS, "rule.seats", 0, "$.rule.seats", "whole number"),
        (OWNERS, "rule.seats", 1.0, "$.rule.seats", "whole number"),
        (OWNERS, "rule.seats", True, "$.rule.seats", "whole number"),
        (OWNERS, "rule.silent.policy", "with_majority", "$.rule.silent.clause", "needs the clause"),
        (OWNERS, "rule.silent.delivered", ["u-9"], "$.rule.silent.delivered[0]", "not on the roll"),
        (OWNERS, "present", ["u-9"], "$.present[0]", "not on the roll"),
        (OWNERS, "present", ["u-0", "u-0"], "$.present[1]", "stands here twice"),
        (OWNERS, "rule.base", "present", "$.ballots[0].voter", "not on the attendance"),
        (OWNERS, "method", "ranked", "$.method", "does not count"),
        (OWNERS, "method", "score", "$.method", "does not count"),
        (OWNERS, "method", "budget", "$.method", "does not count"),
        (OWNERS, "method", "guess", "$.method", "expected one of yes_no, approval"),
        (OWNERS, "format", "poll/2", "$.format", 'expected "poll/1"'),
        (OWNERS, "title", 7, "$.title", "expected text"),
        (CHOICE, "ballots.0.choice", ["tiles", "asphalt"], "$.ballots[0].choice", "at most 1"),
        (CHOICE, "ballots.0.choice", "tiles", "$.ballots[0].choice", "expected a list"),
        (changed(CHOICE, "max_choices", 2), "ballots.0.choice", ["tiles", "tiles"], "$.ballots[0].choice", "stands here twice"),
        (CHOICE, "options", [], "$.options", "nothing to choose from"),
        (CHOICE, "max_choices", "1", "$.max_choices", "whole number"),
        (CHOICE, "rule.max_choices", 2, "$.rule.max_choices", "differs"),
        (CHOICE, "rule.tie_break", ["gravel"], "$.rule.tie_break[0]", "not one of the options"),
        (CHOICE, "rule.tie_break", "coin", "$.rule.tie_break", "expected null"),
        (CHOICE, "rule.tie_break", 7, "$.rule.tie_break", "expected a list"),
        (CHOICE, "rule.name", "majority", "$.rule.approve", "needs its figures"),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(data: dict[str, Any], path: str, value: Any, place: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(changed(data, path, value))
    message = str(refused.value)
    assert message.startswith(f"{place}: ")
    assert says in message
    assert "\n" not in message
    message.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "$: not JSON, at line 1, column 1."),
        (b"{", "$: not JSON, at line 1, column 2."),
        (b"\xff\xfe", "$: not UTF-8 text, at byte 0."),
        (b"[]", "$: expected an object, found a list."),
        (b"null", "$: expected an object, found nothing."),
        (b'{"format": "poll/1", "format": "poll/1"}', '$: the name "format" stands here twice.'),
        (b"[" * 100_000, "$: nested too deeply for a poll."),
        (b'{"format": 1e99999999999999999999}', '$.format: expected "poll/1", found "Infinity".'),
        (b'{"format": ' + b"9" * 5000 + b"}", None),
    ],
)
def test_what_is_no_poll_at_all(text: bytes, says: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        poll_json.read(text)
    assert says is None or str(refused.value) == says


def test_a_byte_order_mark_is_no_harm() -> None:
    assert poll_json.read(b"\xef\xbb\xbf" + json.dumps(OWNERS).encode()) == read(OWNERS)


anything = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
                        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=6)
places = st.sampled_from([
    "rule", "rule.turnout", "rule.turnout.0", "rule.turnout.0.share", "rule.approve.0.of", "rule.base", "rule.silent",
    "rule.silent.delivered", "rule.tie_break", "rule.seats", "rule.max_choices", "options", "options.0", "options.0.id", "roll",
    "roll.0", "roll.0.id", "roll.0.area", "roll.0.weight", "roll.0.proxy", "ballots", "ballots.0", "ballots.0.voter",
    "ballots.0.choice", "ballots.0.channel", "present", "title", "method", "format", "max_choices",
])


@settings(max_examples=400, deadline=None)
@given(st.sampled_from([OWNERS, CHOICE]), places, anything)
def test_whatever_stands_anywhere_is_counted_or_refused(data: dict[str, Any], path: str, value: Any) -> None:
    try:
        data = changed(data, path, value)
    except (KeyError, IndexError, TypeError):
        return
    try:
        result = count(read(data))
    except Invalid as refused:
        assert str(refused).startswith("$")
    else:
        json.dumps(poll_json.answer(result))


def test_a_name_before_the_place() -> None:
    with pytest.raises(Invalid, match=r"^box\.json: \$\.ballots\[0\]\.voter: \"x\" is not on the roll\.$"):
        poll_json.read(json.dumps(changed(OWNERS, "ballots.0.voter", "x")), "box.json: ")
