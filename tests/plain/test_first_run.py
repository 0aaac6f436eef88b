"""The first run: an empty installation leads every page to one, and becomes a community with the code from the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.vocabulary import Role
from pages.plain.routes import ROUTES
from services import actors, first_run, installation, logins
from services.guard import Guard
from services.settings import settings
from tests.plain.test_way_in import send, token

GIVEN = {
    "community": "华亭社区", "time_zone": "Asia/Shanghai", "name": "卫管理", "phone": "13900000001", "password": "three words here",
}  # fmt: skip


@pytest.fixture
def web(engine: Engine) -> Iterator[TestClient]:
    app = Guard(Starlette(routes=ROUTES), ROUTES, instead=first_run.instead)
    with TestClient(app, base_url="http://localhost", follow_redirects=False, headers={"accept": "text/html"}) as client:
        yield client


@pytest.mark.parametrize("address", ["/", "/me", "/proposal?id=1", "/auth/login", "/letter/abc", "/report"])
def test_every_page_leads_there(web: TestClient, address: str) -> None:
    answer = web.get(address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/first-run")
    assert web.get("/healthz").status_code == 200
    assert web.get("/lang/en").status_code == 303


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_setting_up(web: TestClient, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    web.cookies.set("yiqi-lang", lang)
    first_run.announce()
    code = re.findall(r"^ {6}(\S.*)$", capsys.readouterr().out, re.M)[0]
    page = web.get("/first-run")
    assert page.status_code == 200 and len(page.content) <= 15_000 and f'lang="{lang}"' in page.text
    wrong = web.post("/first-run", data={"token": token(page.text), "code": code[:-1] + ("0" if code[-1] != "0" else "1")} | GIVEN)
    assert wrong.status_code == 422 and 'value="卫管理"' in wrong.text and GIVEN["password"] not in wrong.text
    short = web.post(
        "/first-run", data={"token": token(page.text), "code": code} | GIVEN | {"phone": "123", "password": "x", "community": ""}
    )
    assert short.status_code == 422 and short.text.count('class="er"') == 3
    assert installation.empty()
    done = web.post("/first-run", data={"token": token(page.text), "code": code.lower()} | GIVEN)
    assert (done.status_code, done.headers["location"]) == (303, "/register")
    assert not installation.empty()
    me = actors.of_login(logins.resolve(web.cookies["yiqi"]))
    assert me.name == "卫管理" and me.roles == {Role.ADMINISTRATOR, Role.COMMITTEE}
    assert web.get("/first-run").headers["location"] == "/"
    again = web.post("/first-run", data={"token": me.form_token, "code": code} | GIVEN)
    assert again.status_code in (409, 422)
    assert logins.sign_in("13900000001", GIVEN["password"])


def test_a_guessed_code(web: TestClient) -> None:
    page = web.get("/first-run")
    assert web.post("/first-run", data={"token": token(page.text), "code": ""} | GIVEN).status_code == 422
    assert installation.empty()


def test_the_demo_needs_the_setting(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    page = web.get("/first-run").text
    assert "/first-run/demo" not in page
    assert web.post("/first-run/demo", data={"token": token(page)}).status_code in (403, 303)
    assert first_run.making() is None
    monkeypatch.setenv("YIQI_DEMO", "true")
    settings.cache_clear()
    assert "/first-run/demo" in web.get("/first-run").text


def test_no_demo_beside_a_community(web: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    first_run.announce()
    code = re.findall(r"^ {6}(\S.*)$", capsys.readouterr().out, re.M)[0]
    assert send(web, "/first-run", code=code, **GIVEN).status_code == 303
    monkeypatch.setenv("YIQI_DEMO", "true")
    settings.cache_clear()
    with pytest.raises(first_run.Conflict):
        first_run.make_demo()


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_without_the_demo_one_line_says_how_to_look_at_it(web: TestClient, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    web.cookies.set("yiqi-lang", lang)
    monkeypatch.setenv("YIQI_DEMO", "false")
    page = web.get("/first-run").text
    assert "<code>YIQI_DEMO=true streamlit run app.py</code>" in page and ("演示" if lang == "zh-CN" else "demo") in page
