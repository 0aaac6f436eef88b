"""The frame of plain pages: small, in the reader's language and size, forms that lose nothing, refusals in place, safe ways back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256

import pytest
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.kit.html import user_text
from pages.kit.tables import Receipt
from pages.plain import fields as f
from pages.plain import front, parts
from pages.plain.door import Asked, go, own_path, route
from pages.plain.page import live_part, page
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Several, WrongStage

TOKEN = sha256(b"form ").hexdigest()
NASTY = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)> 3 户"
OPTIONS = [f.Option("a", "重画 26 个车位", "3,200 元，社区出"), f.Option("b", "留着旧线"), f.Option("c", "弃权")]


def everything(asked: Asked) -> Markup:
    """A page with every kind of field, heavier than any real one."""
    return page(
        "看到什么了？",
        f.form(
            "/report",
            asked.token,
            f.upload("photo", "拍照", capture=True),
            f.textarea("words", "写一句", hint="看到什么，写什么", required=True),
            f.field("phone", "手机号", kind="tel", inputmode="numeric"),
            f.field("secret", "密码", kind="password"),
            f.select("kind", "类别", [("safety", "安全"), ("space", "空间")], blank="请选"),
            f.cards("choice", "选择", OPTIONS),
            f.cards("several", "可选几样", OPTIONS, several=True),
            f.tags("urgency", "急不急", OPTIONS),
            f.tick("same", "并到一起"),
            f.end("24 小时内给您答复", f.button("交上去")),
        ),
        here=asked.here,
    )


def taken(asked: Asked) -> object:
    assert all(each.content for each in asked.files.get("photo", ())), "a file of which only the beginning is there is never handed out"
    match asked.get("phone"):
        case "several":
            raise Several(
                (Invalid("One digit short.", field="phone"), Invalid("Choose one.", field="kind"), Conflict("Somebody was faster."))
            )
        case "late":
            raise WrongStage("The vote is over.")
        case "foreign":
            raise NotAllowed("Only residents of this home may do this.")
        case "gone":
            raise NotFound()
        case "bug":
            raise RuntimeError("a bug")
    return go("/receipt")


def closed(asked: Asked) -> Markup:
    raise NotAllowed("Only residents may see this.")


def following(asked: Asked) -> Markup:
    return page("签到", live_part("room", "/m/head", "41", user_text("13 人")), live=True, here=asked.here)


@pytest.fixture
def web(on_sqlite: object) -> Iterator[TestClient]:
    routes = [
        *front.routes,
        route("/report", everything, taken),  # type: ignore[arg-type]
        route("/closed", closed, taken),  # type: ignore[arg-type]
        route("/live", following),
        route(
            "/receipt",
            lambda asked: page(
                "收到了",
                parts.receipt(
                    Receipt("您的票收到了", "10:24:09", "7K3M4821", "https://yiqi.example/verify/7K3M4821", "…", [("10:29", "截止")])
                ),
                heading="",
            ),
        ),
    ]
    with TestClient(Starlette(routes=routes), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("path", ["/report", "/closed", "/live", "/receipt"])
def test_pages_are_small_and_whole(web: TestClient, path: str) -> None:
    answer = web.get(path)
    assert len(answer.content) < 15_000
    assert '<html lang="zh-CN" data-size="1">' in answer.text and '<link rel="icon" href="data:,">' in answer.text
    assert not re.findall(r"https?://(?!www\.w3\.org)(?!yiqi\.example)", answer.text)
    policy = answer.headers["content-security-policy"]
    assert ("script-src" in policy) == ('<script src="/assets/' in answer.text) == (path in ("/live", "/report"))
    assert answer.text.count("<h1") == 1


def test_every_class_on_a_page_has_its_style(web: TestClient) -> None:
    text = web.get("/report").text
    for name in ("op", "tg", "ck", "up", "go", "end", "in"):
        assert re.search(rf"\.{name}\b[^{{}}]*{{", text)
    assert ".rn" not in text


def test_a_refused_form_comes_back_whole(web: TestClient) -> None:
    typed = {
        "token": TOKEN,
        "phone": "several",
        "words": NASTY,
        "secret": "p4ssw0rd!",
        "kind": "space",
        "choice": "b",
        "several": ["a", "c"],
        "urgency": "c",
        "same": "yes",
    }
    answer = web.post("/report", data=typed)
    text = answer.text
    assert answer.status_code == 422
    assert "<script>alert" not in text and "onerror=alert(1)>" not in text and "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "3 户</textarea>" in text, "typed text is left exactly as it was"
    assert 'value=space selected' in text and 'value="b" checked' in text and text.count("checked") >= 5
    assert "p4ssw0rd!" not in text
    assert text.index("Somebody was faster.") < text.index("<form")
    assert re.search(r'id="phone"[^>]*aria-describedby="phone-e"[^>]*aria-invalid="true"[^>]*autofocus', text)
    assert re.search(r'id="phone-e" role="alert">One digit short\.', text) and re.search(r'id="kind-e" role="alert">Choose one\.', text)


@pytest.mark.parametrize(("phone", "status"), [("late", 409), ("foreign", 403), ("gone", 404), ("ok", 303)])
def test_statuses(web: TestClient, phone: str, status: int) -> None:
    answer = web.post("/report", data={"token": TOKEN, "phone": phone, "words": "坡道口停满外卖车，轮椅上不去"})
    assert answer.status_code == status
    if status != 303:
        assert "坡道口停满外卖车" in answer.text


def test_a_closed_page_keeps_what_was_written(web: TestClient) -> None:
    assert web.get("/closed").status_code == 403 and "/login?next=/closed" in web.get("/closed").text
    answer = web.post(
        "/closed", data={"token": TOKEN, "phone": "foreign", "text": "坡道口停满外卖车，轮椅上不去", "password": "longpassword1"}
    )
    assert answer.status_code == 403 and "坡道口停满外卖车" in answer.text and "longpassword1" not in answer.text


def test_bugs_go_on_to_the_guard(web: TestClient) -> None:
    with pytest.raises(RuntimeError):
        web.post("/report", data={"token": TOKEN, "phone": "bug"})


def test_a_form_without_its_token_is_not_taken(web: TestClient) -> None:
    for token in ({}, {"token": "x"}, {"token": "字"}):
        answer = web.post("/report", data={**token, "words": "坡道口停满外卖车，轮椅上不去"})
        assert answer.status_code == 422 and "坡道口停满外卖车" in answer.text


def test_bodies_that_cannot_be_read(web: TestClient) -> None:
    broken = web.post("/report", content=b"--x\r\nbroken", headers={"content-type": "multipart/form-data; boundary=x"})
    large = web.post("/report", files={"photo": ("a.jpg", b"x" * (5 * 1024 * 1024 + 1))}, data={"token": TOKEN, "words": "留着这句"})
    huge = web.post("/report", content=b"x", headers={"content-length": str(10**9), "content-type": "application/x-www-form-urlencoded"})
    assert [broken.status_code, large.status_code, huge.status_code] == [422, 422, 422]
    assert "5 MB" in large.text and "留着这句" in large.text


def test_language_and_size_are_kept_and_lead_back(web: TestClient) -> None:
    answer = web.get("/size/3?next=/report%3Fa%3D1")
    assert answer.headers["location"] == "/report?a=1" and "yiqi-size=3" in answer.headers["set-cookie"]
    web.cookies.update({"yiqi-size": "3", "yiqi-lang": "en"})
    assert '<html lang="en" data-size="3">' in web.get("/report").text
    web.cookies.clear()
    assert '<html lang="en"' in web.get("/report", headers={"accept-language": "en-GB,en;q=0.9"}).text
    assert web.get("/size/4").status_code == web.get("/lang/fr").status_code == 404
    assert 'next=/report%3Fa%3D1"' in web.get("/report?a=1").text


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil",
        "javascript:alert(1)",
        "evil",
        "",
        "/a\nb",
        "/" + "x" * 2000,
        "/%0d%0a\r\nx: y",
    ],
)
def test_nobody_is_sent_away(to: str) -> None:
    assert own_path(to) == "/"


def test_ways_back_on_this_site() -> None:
    assert own_path("/proposal?n=402#top") == "/proposal?n=402#top"


def test_the_script_is_kept_and_named_by_its_content(web: TestClient) -> None:
    shown = web.get("/live").text
    found = re.search(r'<script src="(/assets/live.js\?v=[0-9a-f]{12})" defer>', shown)
    assert found and "immutable" in web.get(found[1]).headers["cache-control"]
    assert 'data-live="/m/head" data-head="41"' in shown and "没有" not in shown


def test_a_paper_page_has_its_switches_on_the_screen_only() -> None:
    shown = page("公示", parts.rows([("编号", "T-1")]), paper=True, foot="https://yiqi.example/n/1 9F3C 71A8")
    printed = re.findall(r"@media print\{(?:[^{}]|\{[^{}]*\})*\}", shown)
    assert 'class="hs"' in shown and any(".hs" in each for each in printed)
    once = page("42 张", parts.rows([("编号", "T-1")]), paper=True, once=True)
    assert 'class="hs"' not in once
    assert "<footer>" in shown and 'class="paper"' in shown


def test_a_form_names_its_token_once() -> None:
    assert str(f.form("/x", 'a"b', f.field("n", "名"))).count('name="token" value="a&#34;b"') == 1
    with pytest.raises(ValueError):
        f.form("https:evil", "t")
