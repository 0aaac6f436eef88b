"""Who holds each home of a roll file, what is doubtful about it, and how many voters that makes.

Sources: Supreme People's Court's interpretation on exclusive ownership, art. 1 (a buyer in possession may be entered as owner), art. 8
(area from the register, else the survey, else the contract) and art. 9 (several homes of one buyer are one person, and so are the
developer's homes that are unsold, or sold and not handed over).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.vocabulary import UnitKind, VotesBy
from services.errors import Invalid
from services.rules.roll import Ground, entries


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file says about one home. `unsold`: it is the developer's still; `developer` is the company's name, "" where none is given.

    `area` in m², 0 where it is not known; `row` is its number in the file.
    """

    row: int
    label: str
    area: Decimal
    kind: UnitKind
    area_source: str
    owners: tuple[str, ...] = ()
    unsold: bool = False
    developer: str = ""
    delivered: bool = True
    voter: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A home with those who hold it for a vote: its owners, or the developer alone until it is sold and handed over."""

    claim: Claim
    holders: tuple[str, ...]

    @property
    def developers(self) -> bool:
        return self.claim.unsold or not self.claim.delivered


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something somebody should look into: the row of the file, and why."""

    row: int
    why: Invalid


def held(claims: Sequence[Claim], nameless: str) -> tuple[Held, ...]:
    """Each home with its holders. A developer without a name is the one that the file names elsewhere, else called `nameless`."""
    known = {claim.developer for claim in claims if claim.developer}
    otherwise = known.pop() if len(known) == 1 else nameless
    found = []
    for claim in claims:
        is_developers = claim.unsold or not claim.delivered
        found.append(Held(claim, (claim.developer or otherwise,) if is_developers else claim.owners))
    return tuple(found)


def voters(homes: Iterable[Held]) -> tuple[int, Decimal]:
    """How many voters the homes make on a roll of owners, and their area in m², exact: the same counting as the roll's own."""
    made = entries([Ground(str(each.claim.row), each.claim.label, each.claim.area, each.holders) for each in homes], VotesBy.OWNER)
    return len(made), sum((entry.area for entry in made), Decimal(0))


def doubts(homes: Sequence[Held]) -> list[Doubt]:
    """What the file itself leaves open, row by row."""
    first: dict[str, int] = {}
    for each in homes:
        if each.claim.kind is not UnitKind.PARKING and not each.developers:
            for name in each.holders:
                first.setdefault(name, each.claim.row)
    return [Doubt(each.claim.row, why) for each in homes for why in (*_about_owners(each), *_about_area(each.claim), *_twice(each, first))]


def _about_owners(home: Held) -> Iterable[Invalid]:
    claim = home.claim
    if claim.unsold:
        yield Invalid("Still the developer's: all its homes together are one voter.")
    elif not claim.delivered:
        owner = ", ".join(claim.owners) or "—"
        yield Invalid(
            "Not handed over to {owner} yet: counted with the developer's homes as one voter. Change the owner when it is.", owner=owner
        )
    elif not claim.owners:
        yield Invalid("No owner is named: this home is one voter of its own and needs a code on paper.")
    elif len(claim.owners) > 1 and not claim.voter:
        yield Invalid("{n} owners, and nobody named who votes for them: whoever of them votes, votes for all.", n=len(claim.owners))
    if claim.voter and claim.voter not in home.holders:
        yield Invalid("{voter} is to vote and is not among the owners: that needs their written mandate.", voter=claim.voter)


def _about_area(claim: Claim) -> Iterable[Invalid]:
    if not claim.area:
        yield Invalid("No floor area: a vote that counts areas cannot be prepared before it is entered.")
    elif claim.area_source == "contract":
        yield Invalid("The area is the contract's: put in the land register's or the survey's when there is one.")


def _twice(home: Held, first: dict[str, int]) -> Iterable[Invalid]:
    """A second home or shop of the same name. A parking bay beside one's home is the usual thing."""
    if home.claim.kind is UnitKind.PARKING or home.developers:
        return
    for name in home.holders:
        if first[name] != home.claim.row:
            yield Invalid(
                "{name} stands in row {row} too and is taken for the same person. If these are two people, write their names apart.",
                name=name, row=first[name],
            )  # fmt: skip
