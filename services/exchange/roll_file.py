"""Roll files: homes, and who owns them, from a table with Chinese or English headings; every broken row with its place and reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from models.vocabulary import UnitKind
from services.checks import Checks
from services.errors import Invalid
from services.exchange import tables
from services.register import AREA_SOURCES, UnitGiven, unit_values
from services.rules.holdings import Claim
from services.rules.roll import unit_label

COLUMNS: dict[str, tuple[str, ...]] = {
    "building": ("building", "楼号", "楼栋", "楼", "幢", "栋"),
    "stairwell": ("stairwell", "单元", "单元号", "梯号"),
    "number": ("unit", "number", "房号", "室号", "室", "门牌", "房屋", "户号"),
    "floor": ("floor", "楼层", "层"),
    "area": ("area", "面积", "建筑面积", "专有面积", "专有部分面积"),
    "kind": ("kind", "类型", "用途", "类别"),
    "area_source": ("area_source", "area source", "area from", "面积来源", "面积依据"),
    "owner": ("owner", "owners", "业主", "业主姓名", "产权人", "所有权人", "买受人"),
    "developer": ("developer", "建设单位", "开发商", "开发单位"),
    "delivered": ("delivered", "是否交付", "已交付", "交付", "交房", "交付日期"),
    "voter": ("voter", "投票人", "表决人", "投票代表", "推举人"),
}
KINDS = {"住宅": "home", "住房": "home", "商铺": "shop", "店铺": "shop", "商业": "shop", "车位": "parking", "车库": "parking"}
SOURCES = {"登记": "register", "产权登记": "register", "测绘": "survey", "实测": "survey", "合同": "contract"}
YES = {"yes", "y", "true", "1", "是", "有", "已", "已交付", "√", "✓"}
NO = {"", "no", "n", "false", "0", "否", "无", "不是", "未", "未交付", "没有", "×", "-"}
NEEDED = ("building", "number", "area")
SEVERAL = re.compile(r"[、,，;；/\n]")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:月|[-/.月](\d{1,2})日?)?")
LONGEST_NAME = 40


@dataclass(frozen=True)
class Broken:
    """A row that cannot be used: its number in the file, the column as the file names it, and why."""

    row: int
    column: str
    reason: Invalid


@dataclass(frozen=True)
class Line:
    """One row of the file: the home as it would be entered, and what is said about who has it."""

    unit: UnitGiven
    claim: Claim


@dataclass(frozen=True)
class Read:
    """What a file holds, in its order, and everything that is wrong with it. `columns` are the file's own headings by our names."""

    lines: tuple[Line, ...]
    broken: tuple[Broken, ...]
    columns: Mapping[str, str]

    @property
    def owners(self) -> bool:
        """Whether it says who owns the homes, or lists homes only."""
        return "owner" in self.columns


def read(content: bytes, *, today: date, owners: bool = False) -> Read:
    """Read a table with a head line, CSV or XLSX. `owners`: it has to name them. A home is delivered by `today` or it is not.

    Raises Invalid for a file that is no such table.
    """
    found = tables.rows(content)
    heads = _heads(found[0] if found else [], (*NEEDED, "owner") if owners else NEEDED)
    columns = {name: found[0][at] for name, at in heads.items()}
    lines, broken, seen = [], [], set()
    for number, cells in enumerate(found[1:], start=2):
        if not any(cells):
            continue
        given = {name: cells[at] if at < len(cells) else "" for name, at in heads.items()}
        line, wrong = _line(number, given, today, blank_area="owner" in heads)
        key = (line.unit.building, line.unit.stairwell, line.unit.number)
        if not wrong and key in seen:
            wrong = [Invalid("This home stands further up in the file already.", field="number")]
        seen.add(key)
        broken += [Broken(number, columns.get(each.field or "", ""), each) for each in wrong]
        lines.append(line)
    if not lines:
        raise Invalid("There is no line below the head of this file.", field="file")
    return Read(tuple(lines), tuple(broken), columns)


def _heads(cells: list[str], needed: tuple[str, ...]) -> dict[str, int]:
    """Which column stands where. Raises Invalid where one is missing or stands twice."""
    heads: dict[str, int] = {}
    for at, cell in enumerate(cells):
        said = re.split(r"[(（]", cell, maxsplit=1)[0].strip().lower()
        name = next((name for name, words in COLUMNS.items() if said in words), "")
        if name in heads:
            raise Invalid("Two columns are called {one} and {other}: leave one out.", field="file", one=cells[heads[name]], other=cell)
        if name:
            heads[name] = at
    if missing := [f"{next(word for word in words if not word.isascii())} / {words[0]}" for name, words in COLUMNS.items()
                   if name in needed and name not in heads]:  # fmt: skip
        raise Invalid("The first line has to name the columns; missing: {columns}.", field="file", columns=", ".join(missing))
    return heads


def _line(row: int, given: dict[str, str], today: date, *, blank_area: bool) -> tuple[Line, list[Invalid]]:
    checks = Checks()
    for name in ("building", "stairwell", "number"):
        if DAY.fullmatch(given.get(name, "")):
            checks.note("A spreadsheet made a date of this. Write it there as text.", name)
    floor = 0
    if typed := given.get("floor", ""):
        try:
            floor = int(typed.removesuffix("层").removesuffix("F"))
        except ValueError:
            checks.note("The floor is a whole number.", "floor")
    kind, source, area = given.get("kind", ""), given.get("area_source", ""), _area(given.get("area", ""))
    unit = UnitGiven(
        building=given.get("building", ""),
        number=given.get("number", ""),
        area=area,
        floor=floor,
        kind=KINDS.get(kind, kind.lower()) or UnitKind.HOME,
        stairwell=given.get("stairwell", ""),
        area_source=SOURCES.get(source, source.lower()) or AREA_SOURCES[0],
    )
    unknown = blank_area and not area  # who has it may be known before its size is
    values = unit_values(checks, replace(unit, area="1") if unknown else unit)
    size = Decimal(0) if unknown else values["area"]
    kept = {name: values[name] for name in ("building", "number", "stairwell", "floor", "kind", "area_source")}
    claim = _claim(checks, row, given, UnitGiven(area=size, **kept), today)
    return Line(UnitGiven(area=size, **kept), claim), [each for each in checks.reasons if isinstance(each, Invalid)]


def _area(typed: str) -> str:
    """ "1,087.52 m²" as "1087.52"."""
    bare = re.sub(r"\s*(m²|m2|㎡|平方米|平米)$", "", typed)
    return bare.replace(",", "") if "." in bare else bare


def _claim(checks: Checks, row: int, given: dict[str, str], unit: UnitGiven, today: date) -> Claim:
    owners = tuple(dict.fromkeys(_name(checks, "owner", each) for each in SEVERAL.split(given.get("owner", "")) if each.strip()))
    said, voter = given.get("developer", ""), given.get("voter", "")
    named = "" if said.lower() in NO | YES else _name(checks, "developer", said)
    unsold = said.lower() in YES or (bool(named) and owners in ((), (named,)))
    if unsold and not named and len(owners) == 1:
        named = owners[0]
    if voter.lower() in NO | YES:
        voter = owners[0] if voter.lower() in YES and len(owners) == 1 else ""
    return Claim(
        row=row,
        label=unit_label(unit.building, unit.stairwell, unit.number),
        area=Decimal(unit.area),
        kind=UnitKind(unit.kind),
        area_source=unit.area_source,
        owners=() if unsold else owners,
        unsold=unsold,
        developer=named,
        delivered=_delivered(checks, given.get("delivered", "").lower(), today),
        voter=_name(checks, "voter", voter) if voter else "",
    )


def _delivered(checks: Checks, typed: str, today: date) -> bool:
    """Whether the home is handed over: so where nothing is said, and from the day given on. A month will do unless it is this one."""
    if not typed or typed in YES:
        return True
    if typed in NO:
        return False
    if (found := DAY.fullmatch(typed)) is None:
        checks.note("Write yes or no here, or the day.", "delivered")
        return False
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month, day or 1)
    except ValueError:
        checks.note("There is no such day in the calendar. Write it as 2026-03-01.", "delivered")
        return False
    if not day and (year, month) == (today.year, today.month):
        checks.note("This month: write the day too, or yes or no.", "delivered")
    return first <= today


def _name(checks: Checks, field: str, typed: str) -> str:
    return checks.text(field, typed, LONGEST_NAME)
