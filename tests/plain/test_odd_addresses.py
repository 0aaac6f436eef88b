"""Addresses that no page makes: each is answered with a page, none is a fault of the software."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.plain.routes import ROUTES
from services import clock
from services.guard import Guard
from tests.fixtures import room as rooms
from tests.fixtures.room import BEGINS

ODD = ("//[", "http://[x", "//", "/\\", "\\", "/\u2028", "javascript:alert(1)", "/a" * 600, "//[::1", "?", "#")


@pytest.fixture
def web(engine: Engine) -> TestClient:
    rooms.community()
    headers = {"accept": "text/html"}
    return TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", follow_redirects=False, headers=headers)


@pytest.mark.parametrize("to", ODD)
@pytest.mark.parametrize("page", ["/auth/login", "/auth/demo", "/lang/en", "/size/2", "/c/huating"])
def test_where_to_go_next(web: TestClient, page: str, to: str) -> None:
    answer = web.get(page, params={"next": to})
    assert answer.status_code < 500
    assert answer.headers.get("location", "/").startswith("/") and not answer.headers.get("location", "/").startswith("//")


@pytest.mark.parametrize("page", ["/lang/en", "/size/2"])
@pytest.mark.parametrize("came", ["http://[x", "//[", "\u00b2", "about:blank"])
def test_where_somebody_came_from(web: TestClient, page: str, came: str) -> None:
    answer = web.get(page, headers={"referer": came.encode("latin-1")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("size", ["²", "99999999999", "999999999", "-1", "1e3", "", "٣"])
def test_what_a_scanned_code_said(engine: Engine, size: str) -> None:
    with clock.at(BEGINS):
        room = rooms.now_at("closed", BEGINS)
        web = TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", headers={"accept": "text/html"})
        page = web.get(f"/minutes/{room.meeting}", params={"size": size, "root": "a" * 20})
    assert page.status_code == 200 and ("对不上" in page.text or "does not fit" in page.text)
