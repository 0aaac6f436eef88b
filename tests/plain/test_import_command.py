"""`manage.py import`: homes from a table, with their owners, all or nothing, a broken file told on one line."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import manage
from models.community import Estate, Unit
from services import actors, communities, db, register
from services.exchange import sheets
from services.work import do, working

HEAD = "楼号,单元,房号,面积\n"


@pytest.fixture
def founded(engine: Engine) -> str:
    with working(actors.system("first")) as work:
        communities.found(work, slug="first", name="华亭社区")
    do(actors.system("first"), register.add_estate, name="梧桐里")
    return "first"


def table(folder: Path, lines: str) -> str:
    path = folder / "homes.csv"
    path.write_text(HEAD + lines, encoding="utf-8-sig")
    return str(path)


def homes() -> list[str]:
    with db.reading("first") as session:
        return sorted(f"{row.building}-{row.number}" for row in session.exec(select(Unit)).all())


def test_a_table_is_taken_in_once(founded: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = table(tmp_path, "1,1,101,80.50\n1,1,102,91.2\n")
    assert manage.main(["import", file]) == 0
    assert capsys.readouterr().out == "2 homes taken in: 梧桐里, first\n" and homes() == ["1-101", "1-102"]
    assert manage.main(["import", file, "--json"]) == 2
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["homes"], [each["row"] for each in told["broken"]], told["more"]) == (0, [2, 3], 0) and told["broken"][0]["column"] == "房号"
    assert said.err.startswith(f"{file}, row 2, column 房号: ") and " Row 3, column 房号: " in said.err
    assert said.err.endswith(" Nothing was taken in.\n") and said.err.count("\n") == 1 and homes() == ["1-101", "1-102"]


def test_a_broken_table_is_one_line_and_nothing_is_taken_in(founded: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = table(tmp_path, "1,1,101,80.50\n1,1,102,large\n1,1,101,70\n")
    assert manage.main(["import", file]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{file}, row 3, column 面积: ") and " Row 4, column " in said and said.count("\n") == 1
    assert homes() == []


ROLL = "building,stairwell,unit,kind,area,area_source,owner,developer,delivered,voter\n"


def test_a_roll_answers_with_voters_area_and_doubts(founded: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "roll.csv"
    rows = "1,1,101,home,80.50,register,王伟,,yes,\n1,1,102,home,70.25,,王伟、李娜,,yes,\n1,,P1,parking,12,,王伟,,yes,\n1,1,103,home,60,,,yes,,\n"
    file.write_text(ROLL + rows, encoding="gb18030")
    assert manage.main(["import", "roll", str(file), "--estate", "梧桐里", "--json"]) == 0
    said = capsys.readouterr()
    answer = json.loads(said.out)
    assert set(answer) == {"voters", "area", "doubtful"} and (answer["voters"], answer["area"]) == (3, "222.75")
    assert [each["row"] for each in answer["doubtful"]] == [3, 3, 5] and all(each["why"] for each in answer["doubtful"])
    assert said.err == "" and homes() == ["1-101", "1-102", "1-103", "1-P1"]
    assert manage.main(["import", "roll", str(file)]) == 0
    assert "4 homes taken in, 4 of them there before" in capsys.readouterr().out


def test_a_roll_from_a_workbook(founded: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "roll.xlsx"
    heads = ["楼号", "单元", "房号", "面积", "业主"]
    file.write_bytes(sheets.xlsx_file("名册", heads, [["1", "1", 101, Decimal("80.5"), "王伟"]]))
    assert manage.main(["import", "roll", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"voters": 1, "area": "80.5", "doubtful": []}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (ROLL.encode() + "1,1,101,home,80.5,register,王伟,,yes,\n1,1,102,home,-3,,王伟,,yes,\n".encode(), "row 3, column area"),
        (ROLL.encode() + "1,1,101,castle,80.5,register,王伟,,yes,\n".encode(), "row 2, column kind"),
        ("楼号,房号,面积\n1,101,80\n".encode(), "业主"),
        (b"PK\x03\x04 nothing", "workbook"),
        (b"", "first line"),
        (b"\xff\xfe\x00\x01", "not a table"),
    ],
)
def test_a_broken_roll_file_is_one_line(
    founded: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, says: str
) -> None:
    file = tmp_path / "roll.csv"
    file.write_bytes(content)
    assert manage.main(["import", "roll", str(file), "--json"]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["homes"] == 0 and said.err.count("\n") == 1 and said.err.startswith(str(file)) and says in said.err
    assert homes() == []


def test_import_of_what(founded: str, capsys: pytest.CaptureFixture[str]) -> None:
    for given in (["roll"], ["rolls", "x.csv"], ["roll", "x.csv", "y.csv"]):
        assert manage.main(["import", *given]) == 2
        assert capsys.readouterr().err == "import: expected FILE, or roll FILE.\n"


def test_several_estates_want_a_name(founded: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    do(actors.system("first"), register.add_estate, name="兰苑")
    file = table(tmp_path, "1,1,101,80.50\n")
    for arguments, said in ((["import", file], "兰苑, 梧桐里"), (["import", file, "--estate", "竹园"], "竹园")):
        assert manage.main(arguments) == 2
        assert said in capsys.readouterr().err
    assert manage.main(["import", file, "--estate", "兰苑"]) == 0
    with db.reading("first") as session:
        unit = session.exec(select(Unit)).one()
        assert session.get_one(Estate, unit.estate_id).name == "兰苑"


def test_a_file_that_is_not_there(founded: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert manage.main(["import", str(tmp_path / "none.csv")]) == 2
    assert "none.csv: cannot be read" in capsys.readouterr().err


def test_a_refusal_is_a_document_too_and_names_twenty_rows(founded: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = table(tmp_path, "".join(f"1,1,{n},large\n" for n in range(101, 126)))
    assert manage.main(["import", file, "--json"]) == 2
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert [each["row"] for each in told["broken"]] == list(range(2, 22)) and told["more"] == 5 and told["file"] == file
    assert all(each["column"] == "面积" and each["why"] for each in told["broken"])
    assert "Row 21, column 面积" in said.err and "And 5 more." in said.err and said.err.count("\n") == 1 and homes() == []
    for path in (tmp_path / "none.csv", tmp_path):
        assert manage.main(["import", "roll", str(path), "--json"]) == 2
        told = json.loads(capsys.readouterr().out)
        assert told["homes"] == 0 and str(path) in told["why"]
