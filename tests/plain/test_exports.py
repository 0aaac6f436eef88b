"""Tables and evidence as files: permission asked each time, the filters of the page, cells that never run as formulas."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

import manage
from models.audit import Event
from pages.plain import evidence, exports, front, outcome_files, poll_files, register_files
from services import actors, communities, concerns, db, proposals
from services.guard import Guard
from services.work import do, working
from tests.fixtures.neighbours import COMMUNITY, Neighbours

ROUTES = [*front.routes, *poll_files.routes, *outcome_files.routes, *evidence.routes, *exports.routes, *register_files.routes]
WISH = {"problem": "老人散步没有地方歇脚。", "plan": "在小花园东侧装两把长椅。", "place": "小花园", "category": "space"}
DESK = {"concerns": {"grid_worker", "committee"}}


@pytest.fixture
def web(neighbours_sqlite: Neighbours) -> TestClient:
    for title in ("=1+1 的椅子", "楼道灯"):
        do(
            neighbours_sqlite.actor("resident"),
            proposals.submit,
            title=title + "坏了",
            estate_id=neighbours_sqlite.estate,
            cost_fen=123456,
            **WISH,
        )
    visitor = actors.visitor(COMMUNITY, "visitor:x")
    do(visitor, concerns.file, category="safety", text="+86 的电话打不通", visitor_phone="138 0000 0000")
    app = Guard(Starlette(routes=ROUTES), ROUTES)
    return TestClient(app, base_url="http://localhost:8501", follow_redirects=False, headers={"accept": "text/html"})


def table(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("name", ["proposals", "concerns", "polls", "projects", "outcomes"])
@pytest.mark.parametrize("who", ["", "resident", "newcomer", "grid_worker", "committee", "chair", "administrator", "supervisor"])
def test_who_gets_which(web: TestClient, neighbours_sqlite: Neighbours, name: str, who: str) -> None:
    if who:
        web.cookies.set("yiqi", neighbours_sqlite.token(who))
    allowed = name not in DESK or who in DESK[name]
    for ending in ("csv", "xlsx"):
        answer = web.get(f"/export/{name}.{ending}")
        assert (answer.status_code == 200) == allowed, answer.text[:200]
        if allowed:
            assert f'filename="{name}.{ending}"' in answer.headers["content-disposition"]


def test_the_register_leaves_by_the_door_that_logs_it(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    web.cookies.set("yiqi", neighbours_sqlite.token("committee"))
    assert [web.get(f"/export/{name}.csv").status_code for name in ("people", "units", "homes")] == [404] * 3
    assert web.get("/register/people.csv").status_code == 200


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_rows_filters_and_formulas(web: TestClient, language: str) -> None:
    web.cookies.set("yiqi-lang", language)
    rows = table(web.get("/export/proposals.csv").content)
    assert len(rows) == 3 and ("标题" in rows[0]) == (language == "zh-CN")
    assert {row[1] for row in rows[1:]} == {"'=1+1 的椅子坏了", "楼道灯坏了"} and rows[1][6] == "1234.56"
    assert len(table(web.get("/export/proposals.csv?search=楼道灯").content)) == 2
    assert len(table(web.get("/export/proposals.csv?within=works&category=space").content)) == 1
    sheet = load_workbook(BytesIO(web.get("/export/proposals.xlsx").content)).active
    cells = {sheet.cell(row, 2).value: sheet.cell(row, 2).data_type for row in (2, 3)}
    assert cells == {"=1+1 的椅子坏了": "s", "楼道灯坏了": "s"} and sheet.cell(2, 7).value == pytest.approx(1234.56)


def test_no_phone_leaves_the_desk(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    web.cookies.set("yiqi", neighbours_sqlite.token("committee"))
    content = web.get("/export/concerns.csv").content.decode()
    assert "'+86 的电话打不通" in content and "138" not in content


def test_unknown_tables(web: TestClient) -> None:
    for name in ("nothing.csv", "proposals.pdf", "proposals", "roll.csv", "roll.xlsx?id=nothing", "../etc.csv"):
        assert web.get(f"/export/{name}").status_code == 404, name


MAY_TAKE = {"committee", "supervisor", "administrator"}


@pytest.mark.parametrize("who", ["", "resident", "newcomer", "grid_worker", "committee", "chair", "administrator", "supervisor"])
def test_who_takes_the_evidence_away(web: TestClient, neighbours_sqlite: Neighbours, who: str) -> None:
    if who:
        web.cookies.set("yiqi", neighbours_sqlite.token(who))
    answer = web.get("/export/evidence.zip")
    if who in MAY_TAKE:
        assert answer.status_code == 200 and answer.headers["content-type"] == "application/zip"
        assert 'filename="evidence.zip"' in answer.headers["content-disposition"] and answer.headers["cache-control"] == "no-store"
        assert int(answer.headers["content-length"]) == len(answer.content)
    else:
        assert answer.status_code == 403 and answer.headers["content-type"].startswith("text/html") and b"PK\x03\x04" not in answer.content
    assert [event["actor"] for event in taken_away()] == ([neighbours_sqlite.people[who]] if who in MAY_TAKE else [])


def test_the_evidence_is_that_of_the_command_line(
    web: TestClient, neighbours_sqlite: Neighbours, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with working(actors.system("another000000000")) as work:
        communities.found(work, slug="another", name="别的社区")
    web.cookies.set("yiqi", neighbours_sqlite.token("committee"))
    mine, theirs = tmp_path / "mine.zip", tmp_path / "theirs.zip"
    mine.write_bytes(web.get("/export/evidence.zip").content)
    assert manage.main(["verify", str(mine), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [log["origin"] for log in told["logs"]] == [f"yiqi/{COMMUNITY}"] and told["findings"] == []
    assert manage.main(["export", str(theirs), "--community", "huating"]) == 0
    with ZipFile(mine) as one, ZipFile(theirs) as other:
        assert one.namelist() == other.namelist()
        for name in ("log.jsonl", "rows.jsonl", "key.pub"):
            assert one.read(name) == other.read(name)
        assert b'"evidence.export"' in one.read("log.jsonl"), "who took it away stands in what was taken"
        assert "王阿姨".encode() not in b"".join(one.read(name) for name in one.namelist())


def taken_away() -> list[dict[str, object]]:
    with db.reading(COMMUNITY) as session:
        rows = session.exec(select(Event).where(Event.action == "evidence.export")).all()
    return [json.loads(row.line) for row in rows]
