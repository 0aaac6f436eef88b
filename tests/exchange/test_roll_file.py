"""Roll files: what is read from CSV and XLSX, what is refused with its place, who holds a home and what is doubtful about it."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from services.errors import Invalid
from services.exchange import roll_file, sheets, tables
from services.rules import holdings

HEAD = "楼号,单元,房号,楼层,面积,类型,面积来源\n"
TODAY = date(2026, 3, 15)
ROLL = "building,unit,area,area_source,owner,developer,delivered,voter,kind\n"


def claims(*lines: str) -> list[holdings.Claim]:
    read = roll_file.read((ROLL + "\n".join(lines)).encode(), today=TODAY, owners=True)
    assert not read.broken, [(each.row, each.column, str(each.reason)) for each in read.broken]
    return [line.claim for line in read.lines]


def held(*lines: str) -> tuple[holdings.Held, ...]:
    return holdings.held(claims(*lines), "建设单位")


def test_a_table_is_read() -> None:
    read = roll_file.read((HEAD + "3,1,201,2,88.20,住宅,测绘\n3,1,202,2,61.5,,\n3,,P1,0,12,车位,合同\n").encode(), today=TODAY)
    units = [line.unit for line in read.lines]
    assert not read.broken and not read.owners and [unit.kind for unit in units] == ["home", "home", "parking"]
    assert [unit.area_source for unit in units] == ["survey", "register", "contract"]
    assert [unit.area for unit in units] == [Decimal("88.20"), Decimal("61.5"), Decimal("12")]
    assert roll_file.read(b"building\tunit\tarea\n1\t1\t1\n", today=TODAY).lines[0].unit.number == "1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headings_in_three_encodings(encoding: str) -> None:
    text = "楼号；房号；面积（平方米）；业主；建设单位；是否交付；投票人\n".replace("；", ";") + "1;101;1,087.52 ㎡;王伟、李娜;;是;李娜\n"
    line = roll_file.read(text.encode(encoding), today=TODAY, owners=True).lines[0]
    assert (line.claim.owners, line.claim.voter, line.claim.area) == (("王伟", "李娜"), "李娜", Decimal("1087.52"))


def test_a_workbook_says_the_same_as_its_text() -> None:
    heads = ["building", "unit", "area", "owner", "delivered"]
    rows: list[list[sheets.Cell]] = [["1", "0101", Decimal("89.75"), "王伟", "yes"], ["1", "102", 90, "=SUM(A1)", "no"]]
    from_text = roll_file.read(sheets.csv_file(heads, rows), today=TODAY)
    from_book = roll_file.read(sheets.xlsx_file("名册", heads, rows), today=TODAY)
    assert from_text.lines == from_book.lines and from_book.lines[1].claim.owners == ("=SUM(A1)",)
    assert from_book.lines[0].unit.number == "0101" and from_book.lines[0].unit.area == Decimal("89.75")


def test_a_number_that_a_spreadsheet_made_a_date_of_is_refused() -> None:
    book = openpyxl.Workbook()
    for row in (["building", "unit", "area", "owner", "delivered"], [1, "3-1", 80.5, "王伟", True]):
        book.active.append(row)
    book.active["B2"].value = datetime(2026, 3, 1)
    out = io.BytesIO()
    book.save(out)
    broken = roll_file.read(out.getvalue(), today=TODAY).broken
    assert [(each.row, each.column) for each in broken] == [(2, "unit")] and "date" in str(broken[0].reason)


def test_every_broken_line_has_its_place() -> None:
    read = roll_file.read(
        (HEAD + "3,1,201,two,88.20,,\n3,1,202,2,much,castle,rumour\n\n3,1,203,1,50,,\n3,1,203,1,50,,\n,1,1,1,1,,\n3,1,204,1,,,\n").encode(),
        today=TODAY,
    )
    assert {(each.row, each.column) for each in read.broken} == {
        (2, "楼层"), (3, "面积"), (3, "类型"), (3, "面积来源"), (6, "房号"), (7, "楼号"), (8, "面积"),
    }  # fmt: skip
    wrong = roll_file.read((ROLL + "1,101,80,register,王伟,,perhaps,,\n1,102,80,,{},,,,\n".format("王" * 41)).encode(), today=TODAY).broken
    assert {(each.row, each.column) for each in wrong} == {(2, "delivered"), (3, "owner")}


LONG = "楼号,房号,面积\n" + "1,1,1\n" * 5001


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01", b"a,b,c\n1,2,3\n", HEAD.encode(), b"\xff\xfe\x00", LONG.encode(), b"PK\x03\x04 no workbook", b"x" * 2_000_001,
     b"building,unit,number,area\n1,1,1,1\n", b'building,unit,area\n"' + b"1" * 200_000],
)  # fmt: skip
def test_files_that_are_no_such_table(content: bytes) -> None:
    with pytest.raises(Invalid):
        roll_file.read(content, today=TODAY)


def test_a_roll_has_to_name_owners() -> None:
    with pytest.raises(Invalid, match="owner"):
        roll_file.read((HEAD + "3,1,201,2,88.20,住宅,测绘\n").encode(), today=TODAY, owners=True)


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_UNPACKED", 100)
    with pytest.raises(Invalid, match="too large"):
        roll_file.read(sheets.xlsx_file("x", ["building", "unit", "area"], [["1", "1", 1]]), today=TODAY)


@pytest.mark.parametrize(
    ("typed", "delivered"),
    [
        ("2026-03-15", True),
        ("2026-03-16", False),
        ("2026年3月1日", True),
        ("2027/1/1", False),
        ("2026.2", True),
        ("2026年4月", False),
        ("是", True),
    ],
)
def test_a_home_is_delivered_from_the_day_on_that_is_given(typed: str, delivered: bool) -> None:
    assert claims(f"1,101,80,,王伟,,{typed},,")[0].delivered is delivered


@pytest.mark.parametrize(
    "typed", ["2026-02-30", "2026-13-01", "2026-13", "0000-01-01", "2026-03-01 or later", "2026-03-019", "2026-03", "2026年3月"]
)
def test_what_is_no_day_is_refused_with_its_place(typed: str) -> None:
    read = roll_file.read((ROLL + f"1,101,80,,王伟,,{typed},,\n").encode(), today=TODAY)
    assert [(each.row, each.column) for each in read.broken] == [(2, "delivered")]


def test_several_homes_of_one_owner_are_one_voter() -> None:
    homes = held("1,101,80.10,,王伟,,,,", "1,102,70.2,,王伟,,,,", "1,P1,12,,王伟,,,,parking", "1,103,60,,李娜,,,,")
    assert holdings.voters(homes) == (2, Decimal("222.30"))
    doubts = holdings.doubts(homes)
    assert [each.row for each in doubts] == [3] and "row 2" in str(doubts[0].why), "a bay beside one's home is nothing to ask about"


def test_the_developers_unsold_and_undelivered_homes_are_one_voter() -> None:
    homes = held("1,101,80,,,华宇置业,,,", "1,102,70,,王伟,,no,,", "1,103,60,,,yes,,,", "1,104,50,,李娜,华宇置业,yes,,")
    assert [home.holders for home in homes] == [("华宇置业",)] * 3 + [("李娜",)]
    assert holdings.voters(homes) == (2, Decimal(260))
    assert [each.row for each in holdings.doubts(homes)] == [2, 3, 4]
    assert held("1,103,60,,,yes,,,")[0].holders == ("建设单位",)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("1,101,80,register,王伟,,yes,,", []),
        ("1,101,80,survey,王伟、李娜,,yes,李娜,", []),
        ("1,101,80,,王伟、李娜,,,,", ["2 owners"]),
        ("1,101,80,,王伟、李娜,,,张三,", ["张三"]),
        ("1,101,80,,,,,,", ["No owner"]),
        ("1,101,,,王伟,,,,", ["No floor area"]),
        ("1,101,80,contract,王伟,,,,", ["contract"]),
        ("1,101,80,contract,王伟,,未交付,,", ["Not handed over to 王伟", "contract"]),
        ("1,101,80,,王伟,yes,,,", ["developer's"]),
    ],
)
def test_what_is_doubtful(line: str, why: list[str]) -> None:
    said = [str(each.why) for each in holdings.doubts(held(line))]
    assert len(said) == len(why) and all(part in each for part, each in zip(why, said, strict=True)), said
