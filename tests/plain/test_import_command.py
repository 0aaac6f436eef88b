"""`manage.py import`: homes from a table, all or none, every broken line named on standard error."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import manage
from models.community import Estate, Unit
from services import actors, communities, db, register
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
    assert manage.main(["import", file]) == 2
    assert capsys.readouterr().err.count("\n") == 2 and homes() == ["1-101", "1-102"]


def test_each_broken_line_is_named_and_nothing_is_taken_in(founded: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = table(tmp_path, "1,1,101,80.50\n1,1,102,large\n1,1,101,70\n")
    assert manage.main(["import", file]) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(f"{file}, line 3, column 面积: ") and said[1].startswith(f"{file}, line 4, column 房号: ")
    assert homes() == []


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
