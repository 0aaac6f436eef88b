"""The register as files, and homes from a table: who may take them, no cell that runs, every broken line with its place."""

from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.plain.routes import ROUTES
from services import register
from services.errors import Invalid
from services.exchange import units_csv
from services.guard import Guard
from services.work import do
from tests.fixtures.neighbours import Neighbours

HEAD = "楼号,单元,房号,楼层,面积,类型,面积来源\n"


@pytest.fixture
def web(neighbours_sqlite: Neighbours) -> Iterator[TestClient]:
    with TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost", headers={"accept": "text/html"}) as client:
        yield client


@pytest.mark.parametrize("part", ["people", "homes", "organisations", "bodies"])
def test_files_for_the_desk_only(web: TestClient, neighbours_sqlite: Neighbours, part: str) -> None:
    for ending in ("csv", "xlsx"):
        assert web.get(f"/register/{part}.{ending}").status_code == 403
        web.cookies.set("yiqi", neighbours_sqlite.token("resident"))
        assert web.get(f"/register/{part}.{ending}").status_code == 403
        web.cookies.set("yiqi", neighbours_sqlite.token("committee"))
        answer = web.get(f"/register/{part}.{ending}")
        assert answer.status_code == 200 and f'filename="{part}.{ending}"' in answer.headers["content-disposition"]
        web.cookies.delete("yiqi")
    web.cookies.set("yiqi", neighbours_sqlite.token("committee"))
    assert web.get("/register/nothing.csv").status_code == 404
    assert web.get(f"/register/{part}.exe").status_code == 404


def test_no_cell_runs(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    do(neighbours_sqlite.actor("committee"), register.add_person, name='=HYPERLINK("http://evil")')
    web.cookies.set("yiqi", neighbours_sqlite.token("committee"))
    text = web.get("/register/people.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK" in text and "王阿姨" in text
    book = openpyxl.load_workbook(io.BytesIO(web.get("/register/people.xlsx").content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert any(cell.value == '=HYPERLINK("http://evil")' and cell.data_type == "s" for cell in cells)
    homes = openpyxl.load_workbook(io.BytesIO(web.get("/register/homes.xlsx").content)).active
    assert homes.max_row == 4 and any(cell.value == 87.52 for cell in homes[2])


def test_a_table_is_read() -> None:
    read = units_csv.read((HEAD + "3,1,201,2,88.20,住宅,测绘\n3,1,202,2,61.5,,\n3,,P1,0,12,车位,合同\n").encode())
    assert not read.broken and [unit.kind for unit in read.units] == ["home", "home", "parking"]
    assert [unit.area_source for unit in read.units] == ["survey", "register", "contract"]
    assert units_csv.read(b"building\tnumber\tarea\n1\t1\t1\n").units[0].area == "1"


def test_every_broken_line_has_its_place() -> None:
    read = units_csv.read(
        (HEAD + "3,1,201,two,88.20,,\n3,1,202,2,much,castle,rumour\n\n3,1,203,1,50,,\n3,1,203,1,50,,\n,1,1,1,1,,\n").encode(),
        {("3", "1", "203")},
    )
    assert {(each.line, each.column) for each in read.broken} == {
        (2, "楼层"), (3, "面积"), (3, "类型"), (3, "面积来源"), (5, "房号"), (6, "房号"), (7, "楼号"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"a,b,c\n1,2,3\n", HEAD.encode(), b"\xff\xfe\x00", ("楼号,房号,面积\n" + "1,1,1\n" * 5001).encode()]
)
def test_files_that_are_no_such_table(content: bytes) -> None:
    with pytest.raises(Invalid):
        units_csv.read(content)
