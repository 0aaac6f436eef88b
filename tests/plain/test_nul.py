"""An address with the one sign that PostgreSQL takes in no text: one friendly page, on the database where it was an error."""

from __future__ import annotations

from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.plain.routes import ROUTES
from services import clock
from services.guard import Guard
from tests.fixtures import room as rooms
from tests.fixtures.room import BEGINS

PATHS = (
    "/j/%00AB", "/j/%00AB/head", "/files/%00", "/minutes/%00", "/result/%00", "/ballot/%00", "/notice/%00", "/evaluate/%00", "/invitations/%00",
    "/propose/%00", "/c/%00", "/export/roll.csv?id=%00", "/export/proposals.csv?search=%00", "/report/supported?concern=%00", "/poll?id=%00",
)  # fmt: skip


def test_no_address_holds_it(on_postgresql: Engine) -> None:
    with clock.at(BEGINS):
        rooms.now_at("lobby", BEGINS)
        headers = {"accept": "text/html", "accept-language": "zh-CN"}
        app = Guard(Starlette(routes=list(ROUTES)), list(ROUTES))
        web = TestClient(app, base_url="http://localhost:8501", follow_redirects=False, headers=headers, raise_server_exceptions=False)
        answers = {path: web.get(path) for path in PATHS}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(PATHS, 404)
    assert all("没有这一页" in answer.text or "<h1" in answer.text for answer in answers.values())
