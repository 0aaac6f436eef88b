"""The front door in a real browser: language and size from the first byte, Streamlit's own words, a broken line, no forbidden loads."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures import run
from tests.fixtures.axe import STREAMLITS, Axe
from tests.fixtures.browser import Open, settled
from tests.fixtures.server import Serve, Server

WIDGETS = '''
import sys
sys.path.insert(0, {root!r})
import streamlit as st
from pages.plain.front import routes
from services.guard import Guard
from services.startup import lifespan, refuse_wrong_settings
refuse_wrong_settings()
app = st.App({script!r}, routes=routes, lifespan=lifespan)
app = Guard(app, routes)
'''
# What stays as it is in Chinese too: file kinds and sizes, figures, names of keys and of Streamlit itself, ligatures of the icon font.
AS_IT_IS = re.compile(r"\b(JPG|PNG|CSV|WAV|MB|KB|Enter|Ctrl|Esc|Tab|Streamlit|WebM|HH|MM|DD|YYYY)\b|[\d.]+")
WORDS_ON_SCREEN = """() => {
  const said = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement.closest('[data-testid=stIconMaterial],script,style,noscript,[translate=no]')) said.add(node.data.trim());
  for (const node of document.body.querySelectorAll('*'))
    for (const name of ['placeholder', 'aria-label', 'aria-valuetext', 'title', 'alt', 'aria-roledescription'])
      if (node.hasAttribute(name)) said.add(node.getAttribute(name).trim());
  return [...said];
}"""


def found(server: Server) -> Server:
    """With a community, else every page leads to the first-run page."""
    with sqlite3.connect(server.data / "yiqi.db", timeout=30) as db:
        db.execute(
            "insert or ignore into community(id, slug, name, federation, time_zone, language, office_phone, figures, created_at)"
            " values ('c1', 'c1', '华亭路社区', '', 'Asia/Shanghai', 'zh-CN', '', '{}', ?)",
            (str(datetime.now(UTC).replace(tzinfo=None)),),
        )
    db.close()
    return server


@pytest.fixture(scope="module")
def widgets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A page with every widget behind the same guard, with the same words."""
    folder = tmp_path_factory.mktemp("widgets")
    script = run.ROOT / "tests" / "browser" / "every_widget.py"
    (folder / "app.py").write_text(WIDGETS.format(root=str(run.ROOT), script=str(script)), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "ROOT", folder)
        server = Server(folder / "run").start()
    yield found(server)
    server.close()


def complaints(page: Page) -> list[str]:
    """What the browser refused to load, from now on."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Content Security Policy" in message.text else None)
    return said


def english(page: Page) -> list[str]:
    """Words on the screen that are not Chinese."""
    said = [AS_IT_IS.sub("", words) for words in page.evaluate(WORDS_ON_SCREEN)]
    return sorted({words for words in said if re.search(r"[A-Za-z]{2,}", words)})


@pytest.mark.parametrize(("language", "lang", "words"), [("zh-CN", "zh-CN", "登录"), ("en-GB", "en", "Sign in")])
@pytest.mark.parametrize("who", ["desk", "phone"])
def test_first_page(live: Server, open_context: Open, who: str, language: str, lang: str, words: str, axe: Axe) -> None:
    page = open_context(who, language).new_page()
    refused = complaints(page)
    page.goto(live.url)
    settled(page)
    expect(page.get_by_text(words).locator("visible=true").first).to_be_visible()
    assert page.evaluate("[document.documentElement.lang, navigator.language]") == [lang, lang]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not refused
    if lang == "zh-CN":
        assert set(english(page)) <= {"EN", "EN, English"}
    assert axe(page, STREAMLITS) == []


def test_the_language_switch_stays_on_the_page(live: Server, desk: Page) -> None:
    desk.goto(live.url + "/?x=1")
    settled(desk)
    desk.get_by_role("link", name="EN, English").locator("visible=true").click()
    settled(desk)
    expect(desk.locator("html")).to_have_attribute("lang", "en")
    assert desk.url == live.url + "/?x=1"
    expect(desk).to_have_title("Home · Yiqi")
    desk.get_by_role("link", name="中文").locator("visible=true").click()
    settled(desk)
    expect(desk.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(desk).to_have_title("首页 · 议起")


@pytest.mark.parametrize("who", ["desk", "phone"])
def test_the_largest_type(live: Server, open_context: Open, who: str) -> None:
    page = open_context(who).new_page()
    page.goto(live.url)
    settled(page)
    page.get_by_role("link", name="特大字").locator("visible=true").last.click()
    settled(page)
    expect(page.locator("html")).to_have_css("font-size", "26px")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_before_the_scripts_and_without_them(live: Server, open_context: Open) -> None:
    page = open_context("phone", java_script_enabled=False).new_page()
    page.goto(live.url)
    for to in ("/report", "/propose", "/j", "/b"):
        assert (page.locator(f"noscript a[href='{to}']").bounding_box() or {})["height"] > 0, to
    assert page.locator("#root .yiqi-first").bounding_box() is None
    early = open_context("phone").new_page()
    early.route("**/static/js/**", lambda route: route.abort())
    early.goto(live.url)
    expect(early.get_by_text("正在打开")).to_be_visible()


def test_the_words_of_every_widget(widgets: Server, desk: Page) -> None:
    refused = complaints(desk)
    desk.goto(widgets.url)
    settled(desk)
    # the code of each widget is fetched apart, and comes in any order
    expect(desk.get_by_test_id("stTimeInput").get_by_role("spinbutton")).to_have_text(["时", "分"])
    expect(desk.get_by_test_id("stDateTimeInput").get_by_role("spinbutton")).to_have_text(list("年月日时分"))
    expect(desk.get_by_text("选择文件").first).to_be_visible()
    expect(desk.get_by_text("（必填）")).to_be_visible()
    expect(desk.get_by_role("button", name="录音")).to_be_visible()
    assert english(desk) == []
    for opened in (
        lambda: desk.get_by_label("名字").fill("一"),
        lambda: desk.get_by_label("想法").fill("一"),
        lambda: desk.get_by_label("几户").fill("9"),
        lambda: desk.get_by_label("几户").press("Enter"),
        lambda: desk.get_by_role("combobox", name="哪里", exact=True).click(),
        lambda: desk.keyboard.type("没有这个"),
        lambda: desk.keyboard.press("Escape"),
        lambda: desk.get_by_role("combobox", name="几项").click(),
        lambda: desk.keyboard.press("Escape"),
        lambda: desk.get_by_test_id("stDateInput").first.get_by_role("button").first.click(),
        lambda: desk.keyboard.press("Escape"),
        lambda: desk.get_by_test_id("stDateInput").last.get_by_role("button").first.click(),
        lambda: desk.keyboard.press("Escape"),
        lambda: desk.get_by_test_id("stDataFrame").hover(),
        lambda: desk.get_by_role("button", name="查找").click(),
        lambda: desk.get_by_role("button", name="关闭查找").click(),
        lambda: desk.get_by_role("button", name="菜单", exact=True).click(),
        lambda: desk.keyboard.press("Escape"),
        lambda: desk.get_by_role("button", name="提醒").click(),
        lambda: desk.get_by_role("button", name="确认一下").click(),
    ):
        opened()
        desk.wait_for_timeout(150)
        assert english(desk) == []
    assert not refused


def test_an_upload_of_a_wrong_kind_is_refused_in_chinese(widgets: Server, desk: Page, tmp_path: Path) -> None:
    wrong = tmp_path / "说明.html"
    wrong.write_text("x")
    desk.goto(widgets.url)
    settled(desk)
    expect(desk.get_by_role("button", name="录音")).to_be_visible()  # the last part that loads late: until then no hand could choose a file
    desk.locator("input[type=file]").first.set_input_files(wrong)
    expect(desk.get_by_text("文件。")).to_be_visible()
    assert not [words for words in english(desk) if "html" not in words]


def test_the_english_page_keeps_streamlits_words(widgets: Server, open_context: Open) -> None:
    page = open_context("desk", "en").new_page()
    page.goto(widgets.url)
    settled(page)
    expect(page.get_by_text("Upload").first).to_be_visible()
    expect(page.get_by_text("选择文件")).to_have_count(0)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_input_methods_enter_sends_nothing(widgets: Server, open_context: Open, language: str) -> None:
    """Safari sends Enter with code 229 after the composition has ended; simulated, not a real Safari."""
    page = open_context("desk", language).new_page()
    page.goto(widgets.url)
    expect(settled(page).get_by_label("名字")).to_be_visible()
    page.evaluate(
        """() => { window.reached = 0; const field = document.querySelector('input[type=text]');
        field.addEventListener('keydown', () => { window.reached += 1; });
        for (const keyCode of [229, 13])
          field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', keyCode, bubbles: true, cancelable: true})); }"""
    )
    assert page.evaluate("window.reached") == 1


def test_a_page_that_is_not_there(live: Server, desk: Page) -> None:
    for path in ("/nonsense", "/no/such/place"):
        answer = desk.goto(live.url + path)
        assert answer is not None and answer.status == 404
        expect(desk.get_by_text("这个地址没有页面")).to_be_visible()


def test_a_broken_line_says_so_in_chinese_and_mends(serve: Serve, desk: Page) -> None:
    server = found(serve())
    desk.goto(server.url)
    settled(desk)
    server.stop()
    expect(desk.get_by_text("连不上了")).to_be_visible(timeout=60_000)
    assert [words for words in english(desk) if words not in ("EN", "EN, English", "streamlit run apppy")] == []
    server.start()
    expect(desk.get_by_text("连不上了")).to_be_hidden(timeout=60_000)
