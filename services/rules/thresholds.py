"""Conditions of a vote: an exact figure held against an exact share of a base, by persons, by area or by weight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Clamped, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow, Rounded
from fractions import Fraction
from typing import Literal

Measure = Literal["persons", "area", "weight"]
Op = Literal[">=", ">"]
Base = Literal["participating", "expressed", "roll", "present"]

DIGITS, PLACES = 12, 9
"""A single area (m²) or weight has at most this many digits before and after the point."""

_EXACT = Context(prec=60, traps=[Clamped, DivisionByZero, Inexact, InvalidOperation, Overflow])
_EXACT.traps[Rounded] = False


@dataclass(frozen=True, slots=True)
class Amount:
    """How much stands behind some voters: persons (a count), area (m²), weight (as the roll gives it). Exact."""

    persons: int = 0
    area: Decimal = Decimal(0)
    weight: Decimal = Decimal(0)

    def of(self, measure: Measure) -> Decimal:
        """The amount in one measure."""
        return Decimal(self.persons) if measure == "persons" else self.area if measure == "area" else self.weight

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.persons + other.persons, _EXACT.add(self.area, other.area), _EXACT.add(self.weight, other.weight))


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum, exact: a sum that would have to be rounded raises decimal.Inexact instead."""
    persons, area, weight = 0, Decimal(0), Decimal(0)
    for each in amounts:
        persons, area, weight = persons + each.persons, _EXACT.add(area, each.area), _EXACT.add(weight, each.weight)
    return Amount(persons, area, weight)


def plain(value: Decimal | int) -> str:
    """A figure as text with all its digits and never an exponent: "5404.20"."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True, slots=True)
class Condition:
    """`of` must be `op` `share` of its base: ">=" includes the boundary (以上), ">" does not (过半、超过)."""

    of: Measure
    op: Op
    share: Fraction

    def check(self, name: str, figure: Amount, whole: Amount, option: str | None = None) -> Checked:
        """Hold `figure` against `whole`. Of a base of nothing no share is ever reached."""
        have, base = figure.of(self.of), whole.of(self.of)
        return Checked(name, self.of, self.op, self.share, have, base, base > 0 and reaches(have, base, self.op, self.share), option)


def reaches(figure: Decimal, whole: Decimal, op: Op, share: Fraction) -> bool:
    """Whether `figure` is `op` `share` of `whole`, in exact fractions."""
    have, need = Fraction(figure), share * Fraction(whole)
    return have >= need if op == ">=" else have > need


@dataclass(frozen=True, slots=True)
class Checked:
    """A condition that was looked at: `name` is "turnout area", "approve persons"; `option` whose condition it is, if one's."""

    name: str
    of: Measure
    op: Op
    share: Fraction
    figure: Decimal
    whole: Decimal
    met: bool
    option: str | None = None

    @property
    def missing(self) -> Fraction:
        """How far the figure is below the threshold, in the measure's own unit; 0 on it or above."""
        return max(Fraction(0), self.share * Fraction(self.whole) - Fraction(self.figure))

    @property
    def persons_short(self) -> int:
        """How many more persons it would have taken, the base staying as it is; 0 when met."""
        need = self.share * Fraction(self.whole)
        least = -(-need.numerator // need.denominator) if self.op == ">=" else need.numerator // need.denominator + 1
        return 0 if self.met else max(1, least - int(self.figure))
