"""Language, size of type, health and our own files, as routes of the whole application."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.plain import front
from services import assets, db
from services.guard import Guard
from tests.fixtures.postgres import free_port


@pytest.fixture
def web(on_sqlite: Engine) -> Iterator[TestClient]:
    app = Guard(Starlette(routes=front.routes), front.routes)
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "cookie"), [("/lang/en", "yiqi-lang=en"), ("/lang/zh-CN", "yiqi-lang=zh-CN"), ("/size/3", "yiqi-size=3")]
)
def test_a_choice_is_kept_and_leads_back(web: TestClient, path: str, cookie: str) -> None:
    answer = web.get(path, params={"next": "/proposal?id=7"})
    assert answer.status_code == 303 and answer.headers["location"] == "/proposal?id=7"
    assert answer.headers["set-cookie"].startswith(cookie + ";") and "Max-Age=31536000" in answer.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/lang/fr", "/lang/en-GB", "/size/0", "/size/22", "/size/x", "/assets/no.js", "/assets/..%2Ffront.py"])
def test_what_there_is_not(web: TestClient, path: str) -> None:
    answer = web.get(path, headers={"accept": "text/html", "accept-language": "zh-CN"})
    assert answer.status_code == 404 and "这个地址没有页面" in answer.text
    assert "yiqi-lang" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("way", ["https://evil.example", "//evil.example", "/\\evil"])
def test_nobody_is_led_away(web: TestClient, way: str) -> None:
    assert web.get("/lang/en", params={"next": way}).headers["location"] == "/"


@pytest.mark.parametrize(
    ("referer", "back"), [("http://localhost/meetings?x=1", "/meetings?x=1"), ("http://evil.example/meetings", "/"), ("", "/")]
)
def test_without_a_way_back_the_page_that_linked_here(web: TestClient, referer: str, back: str) -> None:
    assert web.get("/size/2", headers={"referer": referer} if referer else {}).headers["location"] == back


def test_health(web: TestClient) -> None:
    assert web.get("/healthz").json()["status"] == "ok"


def test_health_says_why_not(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    away = db.make_engine(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing")
    monkeypatch.setattr(db, "engine", cache(lambda: away))
    answer = web.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "ailing" and "database" in answer.json()["reason"]


def test_our_files_are_kept_by_their_digest(web: TestClient) -> None:
    address = assets.address("i18n.js")
    assert "immutable" in web.get(address).headers["cache-control"]
    assert web.get("/assets/i18n.js?v=old").headers["cache-control"] == "no-cache"
    assert web.get(address).headers["content-type"].startswith("text/javascript")


def test_only_files_of_a_page_are_served() -> None:
    assert {Path(name).suffix for name in assets.all_assets()} <= set(assets.KINDS)
