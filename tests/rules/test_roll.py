"""Rolls: every unit behind exactly one entry, areas exact, labels unique, several units of the same owners one person."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.vocabulary import VotesBy
from services.errors import Invalid
from services.rules import roll
from services.rules.roll import Ground, unit_label

units = some.lists(
    some.builds(
        Ground,
        id=some.uuids().map(lambda each: each.hex[:16]),
        label=some.sampled_from(["70-1-101", "70-1-102", "70-2-9", "70-2-10", "甲-1", "x" * 60]),
        area=some.decimals(0, 500, places=2),
        owners=some.lists(some.sampled_from("pqrs"), max_size=3).map(tuple),
    ),
    max_size=40,
    unique_by=lambda unit: unit.id,
)


@given(units, some.sampled_from(VotesBy))
def test_each_unit_stands_behind_one_entry_and_nothing_is_lost(ground: list[Ground], votes_by: VotesBy) -> None:
    made = roll.entries(ground, votes_by)
    assert sorted(unit.id for entry in made for unit in entry.units) == sorted(unit.id for unit in ground)
    assert sum((entry.area for entry in made), Decimal(0)) == sum((unit.area for unit in ground), Decimal(0))
    assert len({entry.label for entry in made}) == len(made)
    assert all(0 < len(entry.label) <= roll.LABEL for entry in made)
    if votes_by is VotesBy.HOUSEHOLD:
        assert len(made) == len(ground)


@given(units)
def test_owners_are_counted_once_by_a_naive_twin(ground: list[Ground]) -> None:
    made = roll.entries(ground, VotesBy.OWNER)
    persons = {frozenset(unit.owners) for unit in ground if unit.owners}
    assert len(made) == len(persons) + sum(not unit.owners for unit in ground)


def test_labels_sort_as_people_count() -> None:
    ground = [Ground(str(n), f"70-1-{n}", Decimal(1)) for n in (10, 9, 101, 2)]
    assert [entry.label for entry in roll.entries(ground, VotesBy.HOUSEHOLD)] == ["70-1-2", "70-1-9", "70-1-10", "70-1-101"]


@pytest.mark.parametrize("text", ["", "estate", "estate:", "building:a", "building::3", "units:", "units:,,", "moon:1"])
def test_a_scope_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        roll.scope(text)


@pytest.mark.parametrize("text", ["estate:abc", "building:abc:70"])
def test_a_scope_is_kept_as_it_was_said(text: str) -> None:
    assert roll.scope(text).stored == text


def test_homes_named_twice_count_once() -> None:
    assert roll.scope("units:a, b,a").unit_ids == ("a", "b")


def test_a_home_is_named_with_its_entrance() -> None:
    """Or three homes of one building would get letters with one address."""
    assert [unit_label(*each) for each in (("70", "1", "101"), ("70", "", "101"), ("", "2", "101"))] == ["70-1-101", "70-101", "2-101"]
