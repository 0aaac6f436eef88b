"""Searching: what is typed as it is written is found, whatever its letters; no sign means more than itself; a long paste breaks nothing."""

from __future__ import annotations

import pytest

from services import register
from services.reads import register as reads
from services.reads import register_ground, searching
from services.register import UnitGiven
from services.work import do
from tests.fixtures.neighbours import Neighbours


@pytest.mark.parametrize("typed", ["Ａ座王", "Ａ座王 ", "Élodie", "ÉLODIE ".title(), "lo_die", "100%"])
def test_a_name_is_found_as_it_is_written(neighbours: Neighbours, typed: str) -> None:
    names = {"Ａ座王": "Ａ座王", "Élodie": "Élodie", "lo_die": "Lo_die", "100%": "100% 李"}
    for name in names.values():
        do(neighbours.actor("committee"), register.add_person, name=name, phone="")
    found = [each.name for each in reads.people(neighbours.actor("committee"), search=typed).rows]
    assert found == [names[typed.strip()]]


def test_a_paste_of_any_length_is_a_search(neighbours: Neighbours) -> None:
    assert reads.people(neighbours.actor("committee"), search="长" * 60_000 + " x" * 10_000).rows == ()


@pytest.mark.parametrize(("typed", "found"), [("9-901", 1), ("70-9-901", 1), ("70-901", 1), ("901", 2), ("9-9-901", 0)])
def test_a_home_is_found_as_the_lists_show_it(neighbours: Neighbours, typed: str, found: int) -> None:
    actor = neighbours.actor("committee")
    homes = [UnitGiven("70", "901", "80", stairwell="9"), UnitGiven("9", "901", "80")]
    for unit, who in zip(do(actor, register.add_units, neighbours.estate, homes), ("resident", "neighbour"), strict=True):
        do(actor, register.add_residence, person_id=neighbours.people[who], unit_id=unit.id)
    assert len(register_ground.units(actor, search=typed).rows) == len(reads.people(actor, search=typed).rows) == found


def test_a_text_at_hand_is_searched_alike() -> None:
    assert searching.within("车位 t-2026", "停车位 T-2026-0002") and not searching.within("车位 晾衣", "停车位 T-2026-0002")
