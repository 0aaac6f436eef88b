"""One room in real browsers on a live server: projector, chair's tablet and three phones at once; the wall follows within two seconds."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import select

from models.meeting import Commitment, Meeting, Option
from models.people import RoleHeld
from models.vocabulary import Role
from services import addresses, clock, db, deliberation, meetings, roles
from services.actors import system
from services.reads import board
from services.settings import settings
from services.work import working
from tests.browser.walk.device import Device
from tests.fixtures import database
from tests.fixtures import room as rooms
from tests.fixtures.browser import Open
from tests.fixtures.room import Room
from tests.fixtures.server import Server
from tests.fixtures.wall import TICKS, in_time

PHONES = ("王阿姨", "李师傅", "郑工")
SAYS = "text => document.querySelector('.wall')?.innerText.replace(/\\s+/g, ' ').includes(text)"
WATCH = """() => { window.seen = []; const wall = document.querySelector('.wall');
 new MutationObserver(() => window.seen.push(wall.children.length))
 .observe(wall, {childList: true, subtree: true, characterData: true}); }"""


class Hall:
    """A live server and the room on it."""

    def __init__(self, server: Server, room: Room, logins: dict[str, str]) -> None:
        self.server, self.room, self.logins = server, room, logins

    def enter(self, context: BrowserContext, name: str) -> BrowserContext:
        context.add_cookies([{"name": addresses.LOGIN, "value": self.logins[name], "url": self.server.url}])
        return context

    def head(self) -> int:
        """How often what the room sees has changed."""
        with db.reading(rooms.HOME) as session:
            return board.head(session, self.room.meeting)

    @property
    def wall(self) -> str:
        return f"{self.server.url}/screen?m={self.room.code}"

    @property
    def table(self) -> str:
        return f"{self.server.url}/chair?m={self.room.code}"

    @property
    def door(self) -> str:
        return f"{self.server.url}/j/{self.room.code}"


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Hall]]:
    """A server whose database holds a meeting at the stage asked for."""
    servers: list[Server] = []

    def open_at(stage: str) -> Hall:
        data = tmp_path / "var"
        database.empty_sqlite(data)
        monkeypatch.setenv("YIQI_DATA_DIR", str(data))
        settings.cache_clear()
        db.engine.cache_clear()
        if stage == "empty lobby":
            begins = datetime.now(UTC) + timedelta(minutes=20)
            room = rooms.invited(rooms.convened(rooms.community(begins), agenda=[rooms.AGENDA[1], rooms.AGENDA[2]]))
        else:
            room = rooms.now_at(stage)
        logins = {name: rooms.signed_in(room, name)[1] for name in ("吴主持", "刘书记", *PHONES)}
        db.engine().dispose()
        servers.append(Server(tmp_path / "server", data).start())
        return Hall(servers[-1], room, logins)

    yield open_at
    for server in servers:
        server.close()
    settings.cache_clear()
    db.engine.cache_clear()
    assert os.environ.get("YIQI_DATA_DIR")


def tablet(place: Hall, open_context: Open) -> Page:
    """The chair's tablet, signed in."""
    page = place.enter(open_context("desk"), "吴主持").new_page()
    page.set_viewport_size({"width": 1180, "height": 820})
    return page


def follows(place: Hall, wall: Page, text: str, act: Callable[[], None]) -> None:
    """Do something, and see that the wall shows `text` within two seconds of its commit."""
    before = place.head()
    act()
    end = time.monotonic() + 15
    while place.head() == before and time.monotonic() < end:
        time.sleep(0.02)
    in_time(wall, lambda: wall.wait_for_function(SAYS, arg=text, timeout=20000), text)


def press(chair: Page, words: str) -> Callable[[], None]:
    """Press a button of the chair's, once it can be pressed."""

    def do() -> None:
        button = chair.get_by_role("button", name=words)
        expect(button).to_be_enabled()
        button.click()

    return do


def of_new_load(phone: Page) -> str:
    """The rules that this page would bring if it were loaded now."""
    found = re.search("<style>(.*?)</style>", phone.request.get(phone.url, headers={"accept": "text/html"}).text(), re.DOTALL)
    assert found
    return found[1]


def test_a_meeting_with_everybody_in_the_room(hall: Callable[[str], Hall], open_context: Open) -> None:
    place = hall("empty lobby")
    wall = open_context("projector").new_page()
    chair = tablet(place, open_context)
    phones = {name: place.enter(open_context("phone"), name).new_page() for name in PHONES}
    wall.goto(place.wall)
    expect(wall.locator(".pj")).to_contain_text("还差")
    wall.evaluate(TICKS)
    wall.evaluate(WATCH)
    chair.goto(place.table)
    expect(chair.get_by_role("button", name="开会")).to_be_disabled()
    for name, phone in phones.items():
        phone.goto(place.door)
        sign_in = phone.get_by_role("button", name="我到了")
        if name == "李师傅":
            follows(place, wall, "人够了", sign_in.click)
        else:
            sign_in.click()
        expect(phone.locator("main")).to_contain_text("号席")
    # somebody without a phone
    chair.get_by_role("tab", name="替人签到").click()
    chair.get_by_role("button", name="刘书记").click()
    follows(place, wall, "各方人数够了", chair.get_by_role("button", name="签到", exact=True).click)
    # what is being typed outlasts the page's refreshing, and a step of the chair
    chair.get_by_role("tab", name="加方案").click()
    chair.get_by_label("方案", exact=True).fill("全部重画")
    time.sleep(3)
    follows(place, wall, "议题 1 / 2", press(chair, "开会"))
    for phone in phones.values():
        expect(phone.locator("#room")).to_contain_text("旧车位线", timeout=25000)
    expect(chair.get_by_label("方案", exact=True)).to_have_value("全部重画")
    follows(place, wall, "全部重画", chair.get_by_role("button", name="放到桌上").click)
    # a phone speaks
    phone = phones["王阿姨"]
    expect(phone.locator("#room")).to_contain_text("全部重画", timeout=25000)
    # what came while it was open is dressed as after a new load: a page brings only the rules that it needs
    expect(phone.locator("#room .cd").first).to_have_css("border-top-style", "solid")
    assert phone.locator("style").inner_text() == of_new_load(phone)
    phone.get_by_role("link", name="我来说一条").click()
    phone.get_by_role("radio", name="好处").check()
    phone.get_by_label("您的理由").fill("车位看得清楚")
    follows(place, wall, "好处 1", phone.get_by_role("button", name="放到桌上").click)
    # one step too far is taken back; the wall never stood empty
    follows(place, wall, "扫码签到", press(chair, "撤回上一步"))
    follows(place, wall, "议题 1 / 2", press(chair, "开会"))
    assert 0 not in wall.evaluate("() => window.seen")


def test_from_the_vote_to_the_end(hall: Callable[[str], Hall], open_context: Open) -> None:
    place = hall("item")
    wall = open_context("projector").new_page()
    chair = tablet(place, open_context)
    phone = place.enter(open_context("phone"), "王阿姨").new_page()
    wall.goto(place.wall)
    expect(wall.locator(".pj")).to_contain_text("全部重画")
    wall.evaluate(TICKS)
    chair.goto(place.table)
    phone.goto(place.door)
    follows(place, wall, "/ 4 户已交", press(chair, "开始投票"))
    expect(phone.get_by_role("link", name="去投票")).to_be_visible(timeout=25000)
    phone.get_by_role("link", name="去投票").click()
    phone.get_by_text("同意", exact=True).first.click()
    follows(place, wall, "1 / 4 户已交", phone.get_by_role("button").last.click)
    assert "同意" not in wall.locator(".pj").inner_text()
    press(chair, "揭晓结果")()
    expect(chair.get_by_role("button", name="再按一次：还差 3 票，现在就揭晓")).to_be_enabled()
    time.sleep(1)  # a double tap ends no vote
    follows(place, wall, "不够数", press(chair, "再按一次"))
    follows(place, wall, "谁来做，几号前", press(chair, "谁来做"))
    expect(wall.locator(".sl img")).to_be_visible()
    chair.get_by_role("tab", name="记承诺").click()
    chair.get_by_label("做什么").fill("门口贴出划线图")
    follows(place, wall, "门口贴出划线图", chair.get_by_role("button", name="记下承诺").click)
    press(chair, "散会")()
    expect(chair.get_by_role("link", name="确认会议纪要")).to_be_visible()
    phone.goto(place.door)
    phone.get_by_role("link", name="会议纪要").click()
    expect(phone.locator("main")).to_contain_text("门口贴出划线图")


def test_the_day_typed_last_is_the_day_that_is_taken(hall: Callable[[str], Hall], open_context: Open) -> None:
    """On a slow tablet the calendar hands in its day after the press that closes it: the press has to wait for it."""
    place = hall("item")
    chair = Device(tablet(place, open_context), place.server.url)
    chair.open(f"/chair?m={place.room.code}").page.get_by_role("tab", name="记承诺").click()
    chair.page.context.new_cdp_session(chair.page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    asked = {f"第{n}件事": date.today() + timedelta(days=10 + n) for n in range(4)}
    for deed, due in asked.items():
        chair.on("几号前", due).fill("做什么", deed).press("记下承诺")
        expect(chair.field("做什么")).to_have_value("")
        chair.sees(deed)
    with db.reading(rooms.HOME) as session:
        assert {each.deed: each.due_on for each in session.exec(select(Commitment)) if each.deed in asked} == asked


def test_a_reason_from_a_phone_comes_to_the_table(hall: Callable[[str], Hall], open_context: Open) -> None:
    """The chair, who may have to take it back, touches nothing for it."""
    place = hall("item")
    chair = tablet(place, open_context)
    chair.goto(place.table)
    chair.get_by_role("tab", name="记理由").click()
    with db.reading(rooms.HOME) as session:
        option = session.exec(select(Option.id).order_by(Option.position)).first()
    place.room.do("王阿姨", deliberation.add_argument, at=clock.now(), option_id=option, side="con", text="轮椅过不去")
    expect(chair.get_by_text("轮椅过不去")).to_be_visible(timeout=8000)
    chair.get_by_role("button", name="撤回", exact=True).last.click()
    expect(chair.get_by_role("button", name="先留着")).to_be_visible()


def test_a_chair_whose_role_has_ended_steers_nothing(hall: Callable[[str], Hall], open_context: Open) -> None:
    """Their tablet lies open: within two of its looks it shows the way in instead, and a press before that does nothing."""
    place = hall("item")
    chair = tablet(place, open_context)
    chair.goto(place.table)
    expect(chair.get_by_role("button", name="暂停")).to_be_enabled()
    with db.reading(rooms.HOME) as session:
        held = session.exec(select(RoleHeld.id).where(RoleHeld.person_id == place.room.people["吴主持"], RoleHeld.role == Role.CHAIR)).one()
    place.room.do("管理员", roles.end, at=clock.now(), held_id=held)
    expect(chair.get_by_role("button", name="暂停")).to_have_count(0, timeout=8000)
    expect(chair.locator("[data-testid=stMain]")).to_contain_text("登录")
    with db.reading(rooms.HOME) as session:
        assert session.get_one(Meeting, place.room.meeting).position == 2


def test_a_broken_line_is_loud_and_the_room_resumes(hall: Callable[[str], Hall], open_context: Open) -> None:
    place = hall("item")
    wall = open_context("projector").new_page()
    wall.goto(place.wall)
    expect(wall.locator(".pj")).to_contain_text("议题 2 / 3")
    place.server.kill()
    expect(wall.locator(".cutband")).to_contain_text("线路断了", timeout=9000)
    assert wall.locator(".pj").inner_text().count("议题 2 / 3") == 1
    place.server.start()
    expect(wall.locator(".cutband")).to_be_hidden(timeout=30000)
    expect(wall.locator(".pj")).to_contain_text("议题 2 / 3")
    wall.evaluate(TICKS)
    chair = place.enter(open_context("desk"), "吴主持").new_page()
    chair.goto(place.table)
    follows(place, wall, "/ 4 户已交", press(chair, "开始投票"))


@pytest.mark.parametrize("stage", ["lobby", "item", "vote", "result", "closing"])
def test_nothing_stands_out_of_the_wall(hall: Callable[[str], Hall], open_context: Open, stage: str) -> None:
    place = hall(stage)
    outside = """() => [...document.querySelectorAll('.pj *')].filter(e => { const r = e.getBoundingClientRect();
      return r.width && (r.right > innerWidth + 1 || r.bottom > innerHeight + 1) && !e.closest('li,.tt,.why,.ab')
      }).map(e => e.className)"""
    for language in ("zh-CN", "en"):
        page = open_context("projector", language=language, color_scheme="dark").new_page()
        page.goto(place.wall)
        page.wait_for_selector(".pj .bar")
        assert page.evaluate(outside) == [], language
        assert page.evaluate("getComputedStyle(document.querySelector('.pj')).backgroundColor") == "rgb(255, 255, 255)"  # light in dark mode
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(400)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, language


def test_the_tablet_of_who_chairs_no_longer_says_so_by_itself(hall: Callable[[str], Hall], open_context: Open) -> None:
    """Handed over while it lies open: within a few seconds, without a touch, it says who chairs now."""
    place = hall("item")
    room = place.room
    chair = tablet(place, open_context)
    chair.goto(place.table)
    expect(chair.get_by_role("button", name="开始投票")).to_be_enabled()
    with working(system(rooms.HOME)) as work:
        row = RoleHeld(id=work.new_id(), community_id=rooms.HOME, person_id=room.people["小陈"], role=Role.CHAIR, since=work.moment)
        work.add(row)
        work.record("role.grant", row, role=row.role.value)
    room.do("周主任", meetings.hand_over, at=clock.now(), meeting_id=room.meeting, chair_id=room.people["小陈"])
    expect(chair.get_by_text("这场会现在由小陈主持。")).to_be_visible(timeout=8000)
    expect(chair.get_by_role("link", name="这场会的页面")).to_be_visible()
    expect(chair.get_by_role("button", name="开始投票")).to_have_count(0)
