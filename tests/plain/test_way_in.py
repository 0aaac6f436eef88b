"""Signing in and out, the demo's entrances, letters, registering, a lost password: through the whole application."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.account import Account, Letter, Login
from models.vocabulary import LetterKind
from pages.plain.routes import ROUTES
from services import addresses, assets, attempts, db, first_run, installation, letters, logins
from services.errors import Conflict
from services.guard import Guard
from services.settings import settings
from services.work import do, working
from tests.fixtures.neighbours import COMMUNITY, PASSWORD, Neighbours

LIMIT = 15_000
KEEP = len(assets.all_assets()["keep.js"].body)


@pytest.fixture
def web(neighbours_sqlite: Neighbours) -> Iterator[TestClient]:
    app = Guard(Starlette(routes=ROUTES), ROUTES, instead=first_run.instead)
    with TestClient(app, base_url="http://localhost", follow_redirects=False, headers={"accept": "text/html"}) as client:
        yield client


@pytest.fixture(params=["zh-CN", "en"])
def lang(request: pytest.FixtureRequest, web: TestClient) -> str:
    web.cookies.set("yiqi-lang", request.param)
    return str(request.param)


def token(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found, page
    return found[1]


def send(web: TestClient, address: str, **given: str):
    """Fill in the form of a page and send it."""
    page = web.get(address)
    assert page.status_code == 200, page.text
    return web.post(address, data={"token": token(page.text), **given})


def signed_in(web: TestClient, who: str, neighbours: Neighbours) -> None:
    web.cookies.set("yiqi", neighbours.token(who))


def marked_demo(neighbours: Neighbours) -> None:
    with working(neighbours.system) as work:
        installation.mark_demo(work)
        work.record("community.change", work.community)
    installation.refresh()


@pytest.mark.parametrize("address", ["/auth/login", "/letter", "/auth/lost"])
def test_pages_are_small_and_whole(web: TestClient, lang: str, address: str) -> None:
    page = web.get(address)
    assert page.status_code == 200 and f'<html lang="{lang}"' in page.text
    assert len(page.content) + KEEP <= LIMIT
    assert page.text.count("<script") == page.text.count('<script src="/assets/keep.js?') == (address == "/auth/login")


def test_in_and_out(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    neighbours_sqlite.account("resident", "13800000003")
    done = send(web, "/auth/login?next=/proposals", phone="138 0000 0003", password=PASSWORD)
    assert (done.status_code, done.headers["location"]) == (303, "/proposals")
    line = done.headers["set-cookie"]
    assert "HttpOnly" in line and "SameSite=Lax" in line and line.startswith("yiqi=")
    page = web.get("/auth/login")
    assert "王阿姨" in page.text
    assert web.post("/auth/logout", data={"token": "wrong"}).status_code != 200
    with db.reading(COMMUNITY) as session:
        assert session.exec(select(Login)).one().ended_at is None
    assert web.post("/auth/logout", data={"token": token(page.text)}).headers["location"] == "/"
    assert "王阿姨" not in web.get("/auth/login").text


def test_a_wrong_password_keeps_the_number_but_not_the_password(web: TestClient, lang: str, neighbours_sqlite: Neighbours) -> None:
    neighbours_sqlite.account("resident", "13800000003")
    said = send(web, "/auth/login", phone="13800000003", password="quite wrong")
    assert said.status_code == 422
    assert 'value="13800000003"' in said.text and "quite wrong" not in said.text
    assert ("对不上" in said.text) if lang == "zh-CN" else ("do not belong together" in said.text)


def test_too_many_tries(web: TestClient, lang: str, neighbours_sqlite: Neighbours) -> None:
    neighbours_sqlite.account("resident", "13800000003")
    page = web.get("/auth/login").text
    for _ in range(attempts.PAIR.most):
        assert web.post("/auth/login", data={"token": token(page), "phone": "13800000003", "password": "wrong"}).status_code == 422
    said = web.post("/auth/login", data={"token": token(page), "phone": "13800000003", "password": PASSWORD})
    assert said.status_code == 403 and "10" in said.text
    assert "Traceback" not in said.text


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_away(web: TestClient, neighbours_sqlite: Neighbours, there: str) -> None:
    neighbours_sqlite.account("resident", "13800000003")
    page = web.get("/auth/login", params={"next": there})
    done = web.post("/auth/login", params={"next": there}, data={"token": token(page.text), "phone": "13800000003", "password": PASSWORD})
    assert done.headers["location"] == "/"


def test_a_form_from_another_site(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    neighbours_sqlite.account("resident", "13800000003")
    given = {"phone": "13800000003", "password": PASSWORD}
    page = web.get("/auth/login")
    assert web.post("/auth/login", data=given).status_code == 422
    assert web.post("/auth/login", data=given | {"token": token(page.text)}, headers={"origin": "http://evil.example"}).status_code == 403
    web.cookies.clear()
    assert web.post("/auth/login", data=given | {"token": token(page.text)}).status_code == 422


def test_one_press(web: TestClient, lang: str, neighbours_sqlite: Neighbours, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'name="as"' not in web.get("/auth/login").text
    marked_demo(neighbours_sqlite)
    assert 'name="as"' not in web.get("/auth/login").text
    page = web.get("/auth/login").text
    assert web.post("/auth/demo", data={"token": token(page), "as": "administrator"}).status_code == 403
    monkeypatch.setenv("YIQI_DEMO", "true")
    settings.cache_clear()
    page = web.get("/auth/login").text
    assert len(page.encode()) <= LIMIT
    for role in ("resident", "chair", "committee", "supervisor", "executor", "administrator"):
        assert f'value="{role}"' in page
        done = web.post("/auth/demo?next=/me", data={"token": token(page), "as": role})
        assert (done.status_code, done.headers["location"]) == (303, "/me")
        web.cookies.delete("yiqi")


def test_from_the_letter_to_an_account(web: TestClient, lang: str, neighbours_sqlite: Neighbours) -> None:
    code = do(neighbours_sqlite.actor("committee"), letters.issue, neighbours_sqlite.units[0])
    assert web.get("/auth/register").headers["location"] == "/letter"
    opened = web.get(f"/letter/{code}")
    assert (opened.status_code, opened.headers["location"]) == (303, "/auth/register")
    assert "HttpOnly" in opened.headers["set-cookie"]
    page = web.get("/auth/register")
    assert "华亭路 70 号院" in page.text.replace("\u00a0", " ") and "101" in page.text and len(page.content) <= LIMIT
    given = {"name": "<b>小周</b>", "phone": "1370000000", "password": "short", "tie": ""}
    wrong = web.post("/auth/register", data={"token": token(page.text), **given})
    assert wrong.status_code == 422
    assert "&lt;b&gt;小周" in wrong.text and 'value="1370000000"' in wrong.text
    assert wrong.text.count('class="er"') == 3
    done = web.post(
        "/auth/register", data={"token": token(page.text), "name": "小周", "phone": "13700000001", "password": PASSWORD, "tie": "tenant"}
    )
    assert (done.status_code, done.headers["location"]) == (303, "/auth/registered")
    page = web.get("/auth/registered")
    assert "小周" in page.text
    assert web.get("/letter/" + code).headers["location"] == "/auth/register"


@pytest.mark.parametrize("uses", [1, letters.USES])
def test_registering_sent_twice_signs_in(web: TestClient, neighbours_sqlite: Neighbours, uses: int) -> None:
    code = do(neighbours_sqlite.actor("committee"), letters.issue, neighbours_sqlite.units[0])
    with working(neighbours_sqlite.system) as work:
        letter = work.db.exec(select(Letter)).one()
        letter.uses_left = uses
        work.record("letter.issue", letter)
    web.get(f"/letter/{code}")
    given = {"name": " 新邻居", "phone": "139 1111 2222", "password": PASSWORD, "tie": "owner"}
    given["token"], jar = token(web.get("/auth/register").text), dict(web.cookies)

    def press(**other: str):
        web.cookies.clear()
        web.cookies.update(jar)
        return web.post("/auth/register", data=given | other)

    for _ in range(2):
        done = press()
        assert (done.status_code, done.headers.get("location")) == (303, "/auth/registered"), done.text
        assert "新邻居" in web.get("/auth/registered").text
    with db.reading(COMMUNITY) as session:
        assert session.exec(select(Letter)).one().uses_left == uses - 1
        assert len(session.exec(select(Account).where(Account.phone == "13911112222")).all()) == 1
    for other in ({"password": "another word 9"}, {"name": "别的邻居"}):
        refused = press(**other)
        assert refused.status_code in (409, 422) and "yiqi=" not in refused.headers.get("set-cookie", "")


def test_an_account_of_another_letter_is_not_opened(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    neighbours_sqlite.account("resident", "13800000003")
    web.get(f"/letter/{do(neighbours_sqlite.actor('committee'), letters.issue, neighbours_sqlite.units[0])}")
    done = send(web, "/auth/register", name="王阿姨", phone="13800000003", password=PASSWORD, tie="owner")
    assert done.status_code == 409 and 'value="13800000003"' in done.text


def test_another_home_for_somebody_signed_in(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    signed_in(web, "resident", neighbours_sqlite)
    code = do(neighbours_sqlite.actor("committee"), letters.issue, neighbours_sqlite.units[1])
    web.get(f"/letter/{code}")
    done = send(web, "/auth/register", tie="owner")
    assert done.headers["location"] == "/auth/registered"
    assert len(neighbours_sqlite.actor("resident").units) == 1  # until it is confirmed


@pytest.mark.parametrize("code", ["nothing", "0" * 20, "%3Cscript%3E", "x" * 300])
def test_letters_that_are_none(web: TestClient, lang: str, neighbours_sqlite: Neighbours, code: str) -> None:
    page = web.get(f"/letter/{code}")
    assert page.status_code == 422 and "<script" not in page.text
    page = send(web, "/letter", code=code)
    assert page.status_code == 422


def test_a_new_password(web: TestClient, lang: str, neighbours_sqlite: Neighbours) -> None:
    neighbours_sqlite.account("resident", "13800000003")
    code = do(neighbours_sqlite.actor("committee"), letters.renew, neighbours_sqlite.people["resident"])
    assert web.get(f"/letter/{code}").headers["location"] == "/auth/password"
    differs = send(web, "/auth/password", password="another word 9", again="another word 8")
    assert differs.status_code == 422
    done = send(web, "/auth/password", password="another word 9", again="another word 9")
    assert (done.status_code, done.headers["location"]) == (303, "/me")
    assert logins.sign_in("13800000003", "another word 9")
    assert web.get(f"/letter/{code}").status_code == 409


def test_printing_letters(web: TestClient, lang: str, neighbours_sqlite: Neighbours) -> None:
    assert web.get("/letters").status_code == 403
    signed_in(web, "resident", neighbours_sqlite)
    assert web.get("/letters").status_code == 403
    signed_in(web, "grid_worker", neighbours_sqlite)
    page = web.get("/letters")
    assert page.status_code == 200 and "101" in page.text
    nothing = web.post(f"/letters?estate={neighbours_sqlite.estate}&building=1", data={"token": token(page.text)})
    assert nothing.status_code == 422
    done = web.post(f"/letters?estate={neighbours_sqlite.estate}&building=1", data={"token": token(page.text), "all": "yes"})
    assert done.status_code == 200 and done.text.count('class="sheet"') == 3
    code = re.findall(r"<b>([0-9A-Z ]{24})</b>", done.text.replace("\u00a0", " "))[0]
    assert letters.read(code).kind is LetterKind.HOUSEHOLD
    with db.reading(COMMUNITY) as session:
        assert code.replace(" ", "") not in str(session.exec(select(Letter)).all())
    foreign = web.post("/letters", data={"token": token(page.text), "unit": "nothing"})
    assert foreign.status_code == 404


@pytest.mark.parametrize("for_whom", ["homes", "person"])
def test_loading_letters_again_leaves_the_printed_ones_alone(web: TestClient, neighbours_sqlite: Neighbours, for_whom: str) -> None:
    signed_in(web, "committee", neighbours_sqlite)
    to = f"/letters?person={neighbours_sqlite.people['resident']}"
    if for_whom == "homes":
        to = f"/letters?estate={neighbours_sqlite.estate}&building=1"

    def given(page: str) -> dict[str, str]:
        word = re.search(r'name="form" value="([^"]+)"', page)
        assert word, page
        return {"token": token(page), "all": "yes", "form": word[1]}

    def printed(page: str) -> list[str]:
        return re.findall(r"<b>([0-9A-Z ]{24})</b>", page.replace("\u00a0", " "))

    first = given(web.get(to).text)
    codes = printed(web.post(to, data=first).text)
    again = web.post(to, data=first, headers={"accept-language": "zh"})
    assert again.status_code == 409 and not printed(again.text)
    assert re.search(r"已经在.*\d\d:\d\d做好了", again.text) and "作废" in again.text
    assert letters.read(codes[0]).kind is (LetterKind.HOUSEHOLD if for_whom == "homes" else LetterKind.RENEWAL)
    assert len(printed(web.post(to, data=given(again.text)).text)) == len(codes)
    with pytest.raises(Conflict):
        letters.read(codes[0])


def test_a_letter_for_a_person(web: TestClient, lang: str, neighbours_sqlite: Neighbours) -> None:
    signed_in(web, "committee", neighbours_sqlite)
    assert web.get("/letters?person=nothing").status_code == 404
    assert web.get(f"/letters?person={neighbours_sqlite.people['committee']}").status_code == 403
    done = send(web, f"/letters?person={neighbours_sqlite.people['chair']}")
    assert done.status_code == 200 and done.text.count('class="sheet"') == 1 and "陈主持" in done.text


def test_ones_own_data(web: TestClient, lang: str, neighbours_sqlite: Neighbours) -> None:
    assert web.get("/auth/data").status_code == 403
    signed_in(web, "resident", neighbours_sqlite)
    done = send(web, "/auth/data")
    assert done.headers["content-type"] == "application/zip" and "no-store" in done.headers["cache-control"]
    assert web.get(f"/auth/data?person={neighbours_sqlite.people['neighbour']}").status_code == 403
    assert web.get("/auth/data?person=nothing").status_code == 404
    assert send(web, "/auth/data", sure="").status_code == 200
    unsure = send(web, "/auth/erase")
    assert unsure.status_code == 422
    gone = web.post("/auth/erase", data={"token": token(unsure.text), "sure": "yes"})
    assert gone.headers["location"] == "/auth/erased"
    web.cookies.delete("yiqi")
    assert web.get("/auth/erased").status_code == 200
    assert web.get("/auth/data").status_code == 403


def test_an_administrator_answers_for_somebody(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    signed_in(web, "administrator", neighbours_sqlite)
    there = f"/auth/data?person={neighbours_sqlite.people['neighbour']}"
    assert "赵先生" in web.get(there, headers={"accept-language": "zh"}).text
    assert send(web, there).headers["content-type"] == "application/zip"
    held = web.get(f"/auth/data?person={neighbours_sqlite.people['chair']}")
    assert 'name="sure"' not in held.text


def test_before_letters_are_printed_an_address_that_no_phone_can_open_is_told(
    web: TestClient, lang: str, neighbours_sqlite: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(web, "grid_worker", neighbours_sqlite)
    said = "手机打不开" if lang == "zh-CN" else "Phones cannot open"
    page = web.get("/letters").text
    assert said in page and "YIQI_PUBLIC_URL" in page
    paper = web.post(f"/letters?estate={neighbours_sqlite.estate}&building=1", data={"token": token(page), "all": "yes"}).text
    assert paper.index('<div class="no">') < paper.index(said) < paper.index('class="sheet"') and paper.count(said) == 1  # not on the paper
    monkeypatch.setattr(addresses, "home", lambda: "https://yiqi.example")
    assert said not in web.get("/letters").text
