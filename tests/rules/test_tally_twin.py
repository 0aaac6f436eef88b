"""The count against its naive twin on 20 000 random polls, and what must hold for every poll."""

from __future__ import annotations

import json
import random
from collections import Counter
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.exchange import poll_json
from services.rules.poll import Poll
from services.rules.tally import count
from tests.rules import naive


def real(doc: naive.Doc) -> Poll:
    return poll_json.read(json.dumps(doc))


@pytest.mark.parametrize("part", range(4))
def test_the_count_equals_its_naive_twin(part: int) -> None:
    chance, seen = random.Random(part), Counter[str]()
    for _ in range(5000):
        doc = naive.a_poll(chance)
        result = count(real(doc))
        assert (result.outcome, sorted(result.winners)) == naive.count(doc), doc
        seen[result.outcome] += 1
    assert min(seen[each] for each in ("adopted", "rejected", "no_quorum", "elected", "tie")) > 50


seeds = st.integers(0, 2**32)


@settings(max_examples=200, deadline=None)
@given(seeds)
def test_order_does_not_matter(seed: int) -> None:
    chance = random.Random(seed)
    doc = naive.a_poll(chance)
    turned = deepcopy(doc)
    for name in ("roll", "ballots", "present", "options"):
        chance.shuffle(turned[name])
    one, other = count(real(doc)), count(real(turned))
    assert (one.outcome, set(one.winners), one.totals) == (other.outcome, set(other.winners), other.totals)


@settings(max_examples=200, deadline=None)
@given(seeds)
def test_totals_add_up(seed: int) -> None:
    poll = real(naive.a_poll(random.Random(seed)))
    result = count(poll)
    for name in ("area", "weight"):
        by_hand = sum((Fraction(getattr(voter, name)) * len(ballot.choice) for ballot in poll.ballots for voter in poll.roll
                       if voter.id == ballot.voter), Fraction(0))
        assert sum((Fraction(getattr(each, name)) for each in result.totals.values()), Fraction(0)) == by_hand
    assert sum(each.persons for each in result.totals.values()) == sum(len(each.choice) for each in poll.ballots)


@settings(max_examples=300, deadline=None)
@given(seeds, st.sampled_from(["1/2", "2/3", "3/4", "1/1"]))
def test_more_agreement_never_hurts(seed: int, share: str) -> None:
    """With shares of at least one half, a ballot turned from no to yes never turns adoption into rejection."""
    doc = naive.a_poll(random.Random(seed), "yes_no")
    for each in doc["rule"]["approve"]:
        each["share"] = share
    before = count(real(doc)).outcome
    for place, ballot in enumerate(doc["ballots"]):
        if ballot["choice"] == "no":
            better = deepcopy(doc)
            better["ballots"][place]["choice"] = "yes"
            after = count(real(better)).outcome
            assert after == before or (before, after) == ("rejected", "adopted")


@settings(max_examples=300, deadline=None)
@given(seeds)
def test_one_vote_more_never_costs_a_winner_the_place(seed: int) -> None:
    doc = naive.a_poll(random.Random(seed), "approval")
    before = count(real(doc))
    for place, ballot in enumerate(doc["ballots"]):
        for winner in before.winners if before.outcome == "elected" else ():
            if ballot["choice"] and winner not in ballot["choice"] and "abstain" not in ballot["choice"]:
                better = deepcopy(doc)
                better["ballots"][place]["choice"][0] = winner
                assert winner in count(real(better)).winners


@settings(max_examples=200, deadline=None)
@given(seeds, st.integers(0, 20))
def test_a_tie_is_never_adopted(seed: int, pairs: int) -> None:
    chance = random.Random(seed)
    areas = [str(Decimal(chance.randint(1, 20000)) / 100) for _ in range(pairs)]
    roll = [{"id": f"{side}{n}", "area": area} for n, area in enumerate(areas) for side in ("yes", "no")]
    share = chance.choice(naive.SHARES)
    doc = naive.a_poll(chance) | {"method": "yes_no", "options": [{"id": "yes"}, {"id": "no"}], "roll": roll, "present": []}
    measures = chance.choice((["persons"], ["area"], ["area", "persons"]))
    doc["rule"] = {"approve": [{"of": of, "op": ">=", "share": share} for of in measures]}
    doc["ballots"] = [{"voter": row["id"], "choice": row["id"].rstrip("0123456789")} for row in roll]
    result = count(real(doc))
    assert result.outcome == "rejected"
    if pairs:
        assert any("A tie counts as no" in each.message for each in result.explanation)


@settings(max_examples=200, deadline=None)
@given(seeds)
def test_written_and_read_it_is_the_same_poll(seed: int) -> None:
    poll = real(naive.a_poll(random.Random(seed)))
    again = poll_json.read(poll_json.write(poll))
    assert again == poll
    assert poll_json.answer(count(again)) == poll_json.answer(count(poll))


@settings(max_examples=200, deadline=None)
@given(seeds)
def test_every_reading_of_the_silent_stands_beside_and_not_above(seed: int) -> None:
    chance = random.Random(seed)
    doc = naive.a_poll(chance)
    if doc["rule"]["base"] == "present":
        doc["rule"]["base"], doc["present"] = "participating", []
    plain = count(real(doc))
    doc["rule"]["silent"] = {"policy": "with_majority", "clause": "§ 12", "delivered": [row["id"] for row in doc["roll"]]}
    both = count(real(doc))
    assert (both.outcome, both.winners, both.totals) == (plain.outcome, plain.winners, plain.totals)
    returned, silent = both.readings
    assert returned == plain.readings[0]
    assert silent.outcome == "undetermined" or silent.tally.took_part.persons == len(doc["roll"])
    if silent.joined is not None:
        gained = silent.tally.totals[silent.joined].persons - returned.tally.totals[silent.joined].persons
        assert gained == len(doc["roll"]) - len(doc["ballots"])
