"""Shares beside a threshold: as many digits as it takes to see on which side of it they are."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from pages.kit import pieces as p
from pages.kit.words import speaking


def test_a_share_never_looks_like_the_threshold_it_misses() -> None:
    need = p.Threshold(Fraction(3, 4), True)
    with speaking("en"):
        assert p.telling_share(Fraction(74999, 100000), need) == "74.999%"
        assert p.telling_share(Fraction(750001, 1000000), need) == "75.0001%"
        assert p.telling_share(Fraction(24, 31), need) == "77.4%"
        assert p.telling_share(Fraction(3, 4), need) == "75.0%"
        assert "0 / 0" in p.result_bar(p.ResultBar("People", 0, Decimal(0), "", need))


def test_shares_of_a_choice_tell_what_passed_and_add_up() -> None:
    half = p.Threshold(Fraction(1, 2), False)
    with speaking("en"):
        close = p.choice_bars([p.Choice("Tiles", 4998), p.Choice("Asphalt", 5002)], 10_000, "votes", half)
        assert "49.98%" in close and "50.02%" in close
        three = p.choice_bars([p.Choice("Keep", 5), p.Choice("Draw anew", 3)], 8, "votes", half)
        assert "62.5%" in three and "37.5%" in three
