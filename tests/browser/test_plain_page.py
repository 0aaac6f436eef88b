"""Plain pages in a phone browser: live parts follow and never wipe a form, targets are large, nothing scrolls sideways, axe agrees."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
import uvicorn
from markupsafe import Markup
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pages.plain import fields as f
from pages.plain import front, parts
from pages.plain.door import Asked, route
from pages.plain.page import live_part, page
from tests.fixtures.axe import Axe
from tests.fixtures.browser import Open
from tests.fixtures.postgres import free_port

SMALL = """[...document.querySelectorAll('a,button,input:not([type=hidden]),select,textarea')].filter(e=>{
  const box=(e.closest('label')||e).getBoundingClientRect();return box.height<46||box.width<46}).map(e=>e.outerHTML.slice(0,90))"""
OPTIONS = [f.Option("a", "重画 26 个车位", "3,200 元，社区出；三天画完"), f.Option("b", "留着旧线", "不花钱"), f.Option("c", "弃权")]


class Room:
    """What changes while people look."""

    head = 1
    down = False


def heard(request: Request) -> Response:
    if Room.down:
        return PlainTextResponse("", 503)
    return PlainTextResponse(str(Room.head))


def room(asked: Asked) -> Markup:
    form = f.form("/room", "tok", f.textarea("words", "写一句"), f.cards("choice", "选择", OPTIONS), f.end(f.button("交上去")))
    inside = (parts.say(f"到了 {Room.head} 人"), form if asked.query.get("form") else Markup(""))
    return page("签到", live_part("room", "/head", str(Room.head), *inside, every=1), live=True, here=asked.here)


def heavy(asked: Asked) -> Markup:
    return page(
        "看到什么了？",
        f.form(
            "/heavy",
            "tok",
            f.upload("photo", "拍照", capture=True, hint="也可以不拍"),
            f.textarea("words", "写一句", hint="看到什么，写什么"),
            f.field("phone", "手机号", kind="tel"),
            f.select("kind", "类别", [("a", "公共安全")], blank="请选"),
            f.cards("choice", "选择", OPTIONS),
            f.tags("urgency", "急不急", [f.Option("1", "不急"), f.Option("2", "有点急"), f.Option("3", "有危险")]),
            f.tick("same", "并到同一件事里"),
            f.end(parts.note("3 人说过同一件事"), f.button("交上去"), f.way("回首页", "/", quiet=True)),
        ),
        here=asked.here,
    )


def secrets(asked: Asked) -> Markup:
    form = f.form(
        "/secrets", "tok", f.field("name", "姓名"), f.field("password", "密码", kind="password"), f.field("code", "信上的码"),
        f.end(f.button("交上去")),
    )  # fmt: skip
    return page("注册", form, here=asked.here)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    port = free_port()
    routes = [*front.routes, route("/room", room), route("/heavy", heavy), route("/secrets", secrets), Route("/head", heard)]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def test_a_live_part_follows(site: str, open_context: Open) -> None:
    Room.head, Room.down = 1, False
    look = open_context("phone").new_page()
    look.goto(f"{site}/room")
    expect(look.get_by_text("到了 1 人")).to_be_visible()
    Room.head = 2
    expect(look.get_by_text("到了 2 人")).to_be_visible(timeout=5000)
    Room.down = True
    expect(look.locator(".brk")).to_contain_text("线路断了", timeout=15000)
    Room.down, Room.head = False, 3
    expect(look.get_by_text("到了 3 人")).to_be_visible(timeout=15000)
    expect(look.locator(".brk")).to_have_count(0)


def test_a_half_filled_form_is_never_wiped(site: str, open_context: Open) -> None:
    Room.head, Room.down = 10, False
    look = open_context("phone").new_page()
    look.goto(f"{site}/room?form=1")
    look.fill("#words", "坡道口停满外卖车")
    look.locator("label.op").nth(1).tap()
    Room.head = 11
    expect(look.locator("[data-line=fresh]")).to_be_visible(timeout=5000)
    Room.head = 12
    look.wait_for_timeout(2500)
    assert look.input_value("#words") == "坡道口停满外卖车" and look.locator("input[value=b]").is_checked()
    expect(look.locator("[data-line=fresh]")).to_have_count(1)


def test_what_is_typed_outlives_a_change_of_size_and_language_but_no_secret_does(site: str, open_context: Open) -> None:
    look = open_context("phone").new_page()
    look.goto(f"{site}/heavy?from=a%20b")
    look.fill("#words", "坡道口\n停满外卖车")
    look.fill("#phone", "138 0000 0000")
    look.select_option("#kind", "a")
    look.locator("label.op").nth(1).tap()
    look.locator("input[name=same]").check()
    for switch, changed in (("a[href^='/size/3']", "[data-size='3']"), ("a[href^='/lang/en']", "[lang=en]")):
        look.locator(switch).tap()
        look.wait_for_selector(f"html{changed}")
        look.wait_for_load_state()  # the script that gives the words back is the last to come
        assert (look.input_value("#words"), look.input_value("#phone")) == ("坡道口\n停满外卖车", "138 0000 0000")
        assert look.input_value("#kind") == "a" and look.locator("input[value=b]").is_checked()
        assert look.locator("input[name=same]").is_checked() and not look.locator("input[value=c]").is_checked()
    assert look.evaluate("sessionStorage.length") == 0
    look.reload()
    assert look.input_value("#words") == "", "given back once"
    look.goto(f"{site}/secrets")
    for name in ("name", "password", "code"):
        look.fill(f"#{name}", "王阿姨 77")
    held = "Object.values(sessionStorage).join()"
    look.evaluate(f"addEventListener('pagehide', () => {{ document.cookie = 'held=' + encodeURIComponent({held}) }})")
    look.locator("a[href^='/size/1']").tap()
    look.wait_for_selector("html[data-size='1']")
    look.wait_for_load_state()
    kept = next(unquote(each["value"]) for each in look.context.cookies() if each["name"] == "held")
    assert '"name"' in kept and "password" not in kept and "code" not in kept
    assert [look.input_value(f"#{name}") for name in ("name", "password", "code")] == ["王阿姨 77", "", ""]


def test_without_javascript_everything_is_there(site: str, open_context: Open) -> None:
    look = open_context("phone", java_script_enabled=False).new_page()
    look.goto(f"{site}/room?form=1")
    expect(look.locator("textarea")).to_be_visible()
    look.locator("a[href^='/size/3']").click()
    expect(look.locator("html")).to_have_attribute("data-size", "3")
    assert look.url.endswith("/room?form=1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "size"), [("zh-CN", 1), ("zh-CN", 2), ("en", 3)])
def test_every_size_fits_a_phone(site: str, open_context: Open, axe: Axe, language: str, size: int, scheme: str) -> None:
    context = open_context("phone", color_scheme=scheme)
    context.add_cookies([{"name": "yiqi-lang", "value": language, "url": site}, {"name": "yiqi-size", "value": str(size), "url": site}])
    look = context.new_page()
    look.goto(f"{site}/heavy")
    assert look.evaluate("document.documentElement.scrollWidth") <= 390
    assert look.evaluate(SMALL) == []
    assert axe(look) == []
