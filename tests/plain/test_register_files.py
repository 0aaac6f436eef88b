"""The register as files: who may take them, and no cell that runs."""

from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl
import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.audit import Event
from pages.plain.routes import ROUTES
from services import audit, db, register
from services.guard import Guard
from services.work import do
from tests.fixtures.neighbours import COMMUNITY, Neighbours


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
    with db.reading(COMMUNITY) as session:
        noted = session.exec(select(Event).where(Event.action == "register.export")).all()
    assert [audit.facts_of(each)["sheet"] for each in noted] == [part, part], "the log says who took it, not who was refused"
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
