"""Units from a table that somebody else keeps: CSV in, every broken line with its place and reason, all or nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass

from models.vocabulary import UnitKind
from services.checks import Checks
from services.errors import Invalid
from services.register import AREA_SOURCES, UnitGiven, unit_values

COLUMNS = {
    "building": ("building", "楼号", "楼栋", "楼"),
    "stairwell": ("stairwell", "单元"),
    "number": ("number", "房号", "室号", "室", "门牌"),
    "floor": ("floor", "楼层", "层"),
    "area": ("area", "面积", "建筑面积", "专有面积"),
    "kind": ("kind", "类型", "用途"),
    "area_source": ("area_source", "面积来源"),
}
KINDS = {"住宅": "home", "住房": "home", "商铺": "shop", "店铺": "shop", "车位": "parking"}
SOURCES = {"登记": "register", "测绘": "survey", "合同": "contract"}
NEEDED = ("building", "number", "area")
MOST_LINES, MOST_BYTES = 5000, 2_000_000


@dataclass(frozen=True)
class Broken:
    """A line that cannot be used: its number in the file, the column as the file names it, and why."""

    line: int
    column: str
    reason: Invalid


@dataclass(frozen=True)
class Read:
    """What a file holds: units in its order, and everything that is wrong with it."""

    units: tuple[UnitGiven, ...]
    broken: tuple[Broken, ...]


def read(content: bytes, taken: Collection[tuple[str, str, str]] = ()) -> Read:
    """Read a table with a head line; comma, semicolon or tab; UTF-8 or GB 18030. `taken`: (building, stairwell, number) there already.

    Raises Invalid for a file that is no such table.
    """
    lines = list(csv.reader(io.StringIO(_text(content)), dialect=_dialect(content)))
    heads = {name: place for place, cell in enumerate(lines[0] if lines else []) if (name := _column(cell))}
    if missing := [COLUMNS[name][1] + " / " + name for name in NEEDED if name not in heads]:
        raise Invalid("The first line has to name the columns; missing: {columns}.", field="file", columns=", ".join(missing))
    if len(lines) > MOST_LINES + 1:
        raise Invalid("More than {most} lines. Split the file.", field="file", most=MOST_LINES)
    units, broken, seen = [], [], set(taken)
    for place, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        given = {name: cells[at].strip() if at < len(cells) else "" for name, at in heads.items()}
        unit, wrong = _unit(given)
        key = (unit.building, unit.stairwell, unit.number)
        if not wrong and key in seen:
            wrong = [Invalid("This home is there already, in the register or further up.", field="number")]
        seen.add(key)
        broken += [Broken(place, lines[0][heads[each.field]] if each.field in heads else "", each) for each in wrong]
        units.append(unit)
    if not units:
        raise Invalid("There is no line below the head of this file.", field="file")
    return Read(tuple(units), tuple(broken))


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise Invalid("This file is too large: at most 2 MB.", field="file")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid("This is not a table in text. Save it as CSV first.", field="file")


def _dialect(content: bytes) -> type[csv.Dialect]:
    class Found(csv.excel):
        delimiter = max(",;\t", key=lambda sign: content.split(b"\n", 1)[0].count(sign.encode()))

    return Found


def _column(cell: str) -> str:
    said = cell.strip().lower()
    return next((name for name, words in COLUMNS.items() if said in words), "")


def _unit(given: dict[str, str]) -> tuple[UnitGiven, list[Invalid]]:
    checks = Checks()
    floor = 0
    if typed := given.get("floor", ""):
        try:
            floor = int(typed.removesuffix("层").removesuffix("F"))
        except ValueError:
            checks.note("The floor is a whole number.", "floor")
    kind, source = given.get("kind", ""), given.get("area_source", "")
    unit = UnitGiven(
        building=given.get("building", ""),
        number=given.get("number", ""),
        area=given.get("area", "").replace(",", "")
        if given.get("area", "").count(",") and "." in given.get("area", "")
        else given.get("area", ""),
        floor=floor,
        kind=KINDS.get(kind, kind) or UnitKind.HOME,
        stairwell=given.get("stairwell", ""),
        area_source=SOURCES.get(source, source) or AREA_SOURCES[0],
    )
    unit_values(checks, unit)
    return unit, [each for each in checks.reasons if isinstance(each, Invalid)]
