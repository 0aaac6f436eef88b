"""Intake in real browsers: a concern from a phone; a proposal through the wizard with reload and restart, returned, completed, accepted."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from services import addresses, communities, db
from services.settings import settings
from services.work import do
from tests.fixtures import database, neighbours
from tests.fixtures.axe import Axe
from tests.fixtures.browser import Open, settled
from tests.fixtures.server import Server

CAST = ("resident", "neighbour", "committee", "grid_worker")
TITLE = "小花园添两把椅子"
KNOWN = {
    "list": ("stSidebarNav",),
    "listitem": ("st-emotion-cache",),
    "aria-dialog-name": ("stToast",),
    "nested-interactive": ("stFileUploader",),
    "presentation-role-conflict": ("stFileUploader",),
}


class House:
    """A live server on the small community; `enter(page, who)` signs a browser in."""

    def __init__(self, server: Server, tokens: dict[str, str]) -> None:
        self.server, self.tokens = server, tokens

    def page(self, open_context: Open, device: str, who: str = "") -> Page:
        context = open_context(device)
        if who:
            context.add_cookies([{"name": addresses.LOGIN, "value": self.tokens[who], "url": self.server.url}])
        return context.new_page()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    data = tmp_path / "var"
    database.empty_sqlite(data)
    monkeypatch.setenv("YIQI_DATA_DIR", str(data))
    settings.cache_clear()
    db.engine.cache_clear()
    made = neighbours.settle()
    do(made.actor("administrator"), communities.change, figures={"supporters_needed": 2})
    tokens = {who: made.token(who) for who in CAST}
    db.engine().dispose()
    server = Server(tmp_path / "server", data).start()
    yield House(server, tokens)
    server.close()
    db.engine.cache_clear()
    settings.cache_clear()


def photo(folder: Path, name: str) -> Path:
    drawn = BytesIO()
    Image.new("RGB", (640, 480), "seagreen").save(drawn, "JPEG")
    (folder / name).write_bytes(drawn.getvalue())
    return folder / name


def test_a_concern_from_a_phone_to_its_answer(house: House, open_context: Open, tmp_path: Path, axe: Axe) -> None:
    phone = house.page(open_context, "phone")
    phone.goto(house.server.url + "/report")
    phone.get_by_label("写一句").fill("坡道口停满外卖车，轮椅上不去")
    phone.get_by_label("在哪里").fill("坡道口")
    phone.locator("input[type=file]").set_input_files(photo(tmp_path, "坡道.jpg"))
    assert axe(phone) == []
    phone.get_by_role("button", name="交上去").last.click()
    expect(phone.get_by_label("写一句")).to_have_value("坡道口停满外卖车，轮椅上不去")  # the browser asks for the category first
    phone.get_by_role("radio", name="公共安全").check()
    phone.get_by_role("button", name="交上去").last.click()
    expect(phone.get_by_text("我们收到了")).to_be_visible()
    assert phone.url.startswith(house.server.url + "/concern/") and axe(phone) == []
    expect(phone.locator("img.qr")).to_be_visible()
    expect(phone.locator(".ph img")).to_be_visible()
    phone.wait_for_function("document.querySelector('.ph img').naturalWidth === 640")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")

    desk = house.page(open_context, "desk", "committee")
    desk.goto(house.server.url + "/inbox")
    settled(desk)
    expect(desk.get_by_role("heading", name="1 件等答复")).to_be_visible()
    assert not (wrong := axe(desk, KNOWN)), "\n".join(wrong)
    desk.get_by_label("首次答复").fill("今天起画禁停线，保安中午值守。")
    desk.get_by_role("button", name="发出答复").click()
    expect(desk.get_by_text("答复了，已经告诉本人")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("今天起画禁停线")).to_be_visible()


def on(page: Page, step: int) -> None:
    """To step `step`, once everything typed has arrived."""
    settled(page)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text(f"第 {step} 步，共 4 步")).to_be_visible()
    settled(page)


def test_what_is_typed_is_kept_at_each_pause_though_the_field_is_never_left(house: House, open_context: Open) -> None:
    phone = house.page(open_context, "phone", "resident")
    phone.goto(house.server.url + "/proposal_new")
    settled(phone)
    field = phone.get_by_label("是什么事", exact=True)
    for words in ("老人散步", "没有地方歇脚", "，常坐在花坛边上。"):
        field.press_sequentially(words, delay=60)
        phone.wait_for_timeout(1700)  # somebody thinks; meanwhile the page is drawn anew
    expect(field).to_have_value("老人散步没有地方歇脚，常坐在花坛边上。")
    expect(field).to_be_focused()
    phone.reload()
    expect(settled(phone).get_by_label("是什么事", exact=True)).to_have_value("老人散步没有地方歇脚，常坐在花坛边上。")


def test_the_wizard_loses_nothing_and_the_review_returns_and_accepts(house: House, open_context: Open, tmp_path: Path, axe: Axe) -> None:
    url = house.server.url
    phone = house.page(open_context, "phone", "resident")
    phone.goto(url + "/proposal_new")
    settled(phone)
    phone.get_by_label("一句话说清楚").press_sequentially(TITLE, delay=30)
    phone.get_by_label("是什么事", exact=True).fill("老人散步没有地方歇脚，常坐在花坛边上。")
    phone.get_by_label("是什么事", exact=True).blur()
    on(phone, 2)
    phone.get_by_label("打算怎么办").fill("在小花园东侧装两把带扶手的长椅。")
    phone.get_by_label("打算怎么办").blur()
    settled(phone)
    phone.locator("input[type=file]").set_input_files(photo(tmp_path, "现场.jpg"))
    expect(phone.get_by_role("link", name="现场.jpg")).to_be_visible()
    assert not (wrong := axe(phone, KNOWN)), "\n".join(wrong)

    house.server.stop()  # a restart in the middle, then a reload
    house.server.start()
    phone.goto(phone.url)
    settled(phone)
    expect(phone.get_by_label("打算怎么办")).to_have_value("在小花园东侧装两把带扶手的长椅。")
    expect(phone.get_by_role("link", name="现场.jpg")).to_be_visible()
    phone.get_by_role("button", name="返回").click()
    settled(phone)
    expect(phone.get_by_label("一句话说清楚")).to_have_value(TITLE)
    on(phone, 2)
    on(phone, 3)
    phone.get_by_label("在哪里").fill("小花园东侧")
    phone.get_by_role("radio", name="空间营造").or_(phone.get_by_role("button", name="空间营造")).first.click()
    settled(phone)
    phone.get_by_label("大概花多少").fill("1860")
    on(phone, 4)
    expect(phone.get_by_text("1,860.00 元")).to_be_visible()
    phone.get_by_role("button", name="交上去").click()
    expect(phone.get_by_text("您的提案收到了")).to_be_visible()
    proposal = phone.url.rpartition("done=")[2]
    assert not (wrong := axe(phone, KNOWN)), "\n".join(wrong)

    other = house.page(open_context, "phone", "neighbour")
    other.goto(url + "/proposal_new?step=1")
    settled(other)
    other.get_by_label("一句话说清楚").fill("小花园添椅子")
    other.get_by_label("是什么事", exact=True).fill("老人没有地方歇脚，坐在花坛边。")
    other.get_by_label("是什么事", exact=True).blur()
    other.get_by_role("button", name="改为附议这一件").click()
    other.wait_for_url(f"**/proposal?id={proposal}")

    desk = house.page(open_context, "desk", "committee")
    desk.goto(url + "/review")
    settled(desk)
    expect(desk.get_by_role("heading", name="1 份提案等您审核")).to_be_visible()
    desk.get_by_label("理由").fill("请写清楚椅子的尺寸。")
    desk.get_by_role("button", name="退回补充").click()
    expect(desk.get_by_text("退回提案人补充了")).to_be_visible()

    phone.goto(f"{url}/proposal_new?id={proposal}&step=2")
    settled(phone)
    expect(phone.get_by_text("请写清楚椅子的尺寸")).to_be_visible()
    phone.get_by_label("打算怎么办").fill("在小花园东侧装两把带扶手的长椅，各 1.5 米长。")
    phone.get_by_label("打算怎么办").blur()
    on(phone, 3)
    on(phone, 4)
    phone.get_by_role("button", name="再交上去").click()
    expect(phone.get_by_text("您的提案收到了")).to_be_visible()

    desk.goto(f"{url}/review?id={proposal}")
    settled(desk)
    assert not (wrong := axe(desk, KNOWN)), "\n".join(wrong)
    desk.get_by_role("button", name="立案", exact=True).click()
    expect(desk.get_by_text("立案了。接下来召集议事会")).to_be_visible()
    desk.goto(url + "/proposals?set=talk")
    settled(desk)
    expect(desk.get_by_role("link", name=TITLE)).to_be_visible()
    assert not (wrong := axe(desk, KNOWN)), "\n".join(wrong)
