"""Who stands on a roll: homes one by one, or owners with all their units as one person; each unit behind exactly one entry.

Sources: Supreme People's Court's interpretation on exclusive ownership, art. 8 and 9: areas as registered; one exclusive unit is
one person, several units of the same owner are one person together. Minors and tenants are never owners' voters here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.vocabulary import VotesBy
from services.errors import Invalid

LABEL = 60
MOST_UNITS = 5000
SCOPES = ("estate", "building", "units")


@dataclass(frozen=True, slots=True)
class Ground:
    """A unit as the roll sees it: what it is called, its area in m², its confirmed adult owners (ids, any order)."""

    id: str
    label: str
    area: Decimal
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One voter: `area` is the exact sum of the units; `person_id` only where a single owner stands behind it."""

    label: str
    units: tuple[Ground, ...]
    person_id: str | None = None

    @property
    def area(self) -> Decimal:
        return sum((unit.area for unit in self.units), Decimal(0))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which units vote: an estate, one building of it, or units named one by one."""

    kind: str
    estate_id: str = ""
    building: str = ""
    unit_ids: tuple[str, ...] = ()

    @property
    def stored(self) -> str:
        """As the poll keeps it; units named one by one are kept with the roll."""
        return {"estate": f"estate:{self.estate_id}", "building": f"building:{self.estate_id}:{self.building}"}.get(self.kind, "units")


def scope(text: str) -> Scope:
    """Read "estate:<id>", "building:<estate>:<building>" or "units:<id>,<id>". Raises Invalid."""
    kind, _, rest = text.partition(":")
    if kind == "estate" and rest:
        return Scope(kind, estate_id=rest)
    if kind == "building":
        estate_id, _, building = rest.partition(":")
        if estate_id and building:
            return Scope(kind, estate_id=estate_id, building=building)
    if kind == "units" and (ids := tuple(dict.fromkeys(each.strip() for each in rest.split(",") if each.strip()))):
        return Scope(kind, unit_ids=ids)
    raise Invalid("Choose who votes: an estate, a building, or single homes.", field="scope")


def unit_label(building: str, stairwell: str, number: str) -> str:
    """"70-1-302": building, stairwell, number, as far as they are known."""
    return "-".join(part for part in (building, stairwell, number) if part)


def number_label(stairwell: str, number: str) -> str:
    """ "1-302": a home within its building."""
    return unit_label("", stairwell, number)


def entries(units: Iterable[Ground], votes_by: VotesBy) -> list[Entry]:
    """The roll, in the order of its labels. A unit whose owner is unknown stands for itself: its owner votes with a code."""
    ground = sorted(units, key=lambda unit: (natural(unit.label), unit.id))
    if votes_by is VotesBy.HOUSEHOLD:
        return _apart([Entry(unit.label[:LABEL], (unit,)) for unit in ground])
    together: dict[tuple[str, ...], list[Ground]] = {}
    for unit in ground:
        together.setdefault(tuple(sorted(set(unit.owners))) or ("", unit.id), []).append(unit)
    return _apart([Entry(_label(several), tuple(several), owners[0] if len(owners) == 1 else None) for owners, several in together.items()])


def _apart(found: list[Entry]) -> list[Entry]:
    """No two labels alike: the later ones carry the beginning of their unit's id."""
    seen: set[str] = set()
    for place, entry in enumerate(found):
        if entry.label in seen:
            found[place] = entry = Entry(f"{entry.label[: LABEL - 17]} {entry.units[0].id}", entry.units, entry.person_id)
        seen.add(entry.label)
    return found


def _label(units: Sequence[Ground]) -> str:
    whole = ", ".join(unit.label for unit in units)
    return whole if len(whole) <= LABEL else f"{units[0].label[: LABEL - 6]} +{len(units) - 1}"


def natural(label: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts "70-1-9" before "70-1-10"."""
    parts: list[tuple[int, int, str]] = []
    for part in label.replace(",", "-").split("-"):
        parts.append((0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part))
    return tuple(parts)
