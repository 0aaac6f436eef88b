"""A meeting in the hand, its invitations, minutes and calendar, as plain pages: every way in, every screen, small, and nothing leaks."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from docx import Document
from icalendar import Calendar
from sqlalchemy import Engine
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.audit import Checkpoint
from models.meeting import Attendance, Invitation, Meeting, Minutes
from models.poll import Poll
from models.vocabulary import MeetingState
from pages.plain import front, invitations, minutes, room_reasons
from pages.plain import room as pages
from services import addresses, ballots, clock, db, meetings, polls
from services import minutes as written
from services.guard import Guard
from tests.fixtures import room as rooms
from tests.fixtures.room import BEGINS, HOME, STAGES, Room

ROUTES = [*front.routes, *pages.routes, *room_reasons.routes, *minutes.routes, *invitations.routes]
LIMIT = 15_000


@pytest.fixture(autouse=True)
def _a_morning(on_sqlite: Engine) -> Iterator[None]:
    with clock.at(BEGINS):
        yield


def browser(language: str = "zh-CN", login: str = "") -> TestClient:
    app = Guard(Starlette(routes=ROUTES), ROUTES)
    headers = {"accept": "text/html", "accept-language": language}
    made = TestClient(app, base_url="http://localhost:8501", follow_redirects=False, headers=headers)
    if login:
        made.cookies.set(addresses.LOGIN, login)
    made.get("/lang/" + language)
    return made


def of(room: Room, name: str, language: str = "zh-CN") -> TestClient:
    return browser(language, rooms.signed_in(room, name, BEGINS)[1])


def token(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found, page
    return found[1]


def one(kind: Any, /, **where: object) -> Any:
    with db.reading(HOME) as session:
        asked = select(kind)
        for name, value in where.items():
            asked = asked.where(getattr(kind, name) == value)
        return session.exec(asked).first()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("stage", STAGES)
def test_every_screen_in_the_hand_is_small_whole_and_names_nobody(stage: str, language: str) -> None:
    room = rooms.now_at(stage, BEGINS)
    for phone in (browser(language), of(room, "王阿姨", language)):
        page = phone.get(f"/j/{room.code}")
        assert page.status_code == 200 and len(page.content) < LIMIT
        text = re.sub(r"<[^>]+>", " ", page.text).replace("\u00a0", " ")
        assert not [name for name in rooms.PEOPLE if name in text]
        assert f'data-head="{phone.get(f"/j/{room.code}/head").text}"' in page.text
        if stage in ("lobby", "briefing", "item", "vote"):
            assert "通过" not in text and "Adopted" not in text
        if stage == "closing":
            assert "通过" in text or "Adopted" in text
        if language == "en":
            assert 'lang="en"' in page.text
    words = {
        "vote": ("4 张票里收到 0 张", "0 of 4 votes received"),
        "result": ("通过", "Adopted"),
        "closing": ("重画 26 个车位", "重画 26 个车位"),
        "closed": ("通过", "Adopted"),
    }
    if stage in words:
        assert words[stage][language == "en"] in text


def test_the_vote_leads_to_the_ballot_of_the_reader() -> None:
    room = rooms.now_at("vote", BEGINS)
    assert f'href="/ballot/{room.poll}"' in of(room, "王阿姨").get(f"/j/{room.code}").text
    assert 'href="/b"' in browser().get(f"/j/{room.code}").text


def test_somebody_signed_in_is_there_with_one_tap() -> None:
    room = rooms.invited(rooms.convened())
    phone = of(room, "王阿姨")
    page = phone.get(f"/j/{room.code}").text
    assert "请您坐居民代表席" in page
    done = phone.post(f"/j/{room.code}", data={"token": token(page)})
    assert (done.status_code, done.headers["location"]) == (303, f"/j/{room.code}")
    assert one(Attendance).seat == 1
    page = phone.get(f"/j/{room.code}").text
    assert "您坐 1 号席" in page.replace("\u00a0", " ")
    phone.post(f"/j/{room.code}", data={"token": token(page), "act": "leave"})
    assert one(Attendance).left_at is not None


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_meeting_that_nobody_opened_says_so_in_the_hand_and_can_still_begin(language: str) -> None:
    room = rooms.invited(rooms.convened())
    gone, before = ("没有开成", "开会前") if language == "zh-CN" else ("did not take place", "Before we start")
    with clock.at(BEGINS + timedelta(hours=13)):
        for phone in (browser(language), of(room, "王阿姨", language)):
            page = phone.get(f"/j/{room.code}").text
            assert gone in page and before not in page
        assert "<details " in page
        phone.post(f"/j/{room.code}", data={"token": token(page)})
        assert one(Attendance).seat == 1


def test_without_the_token_nothing_is_done() -> None:
    room = rooms.invited(rooms.convened())
    phone = of(room, "王阿姨")
    assert phone.post(f"/j/{room.code}", data={}).status_code == 422
    assert one(Attendance) is None


def test_who_looks_on_has_no_seat_and_is_told_how_to_get_one() -> None:
    room = rooms.invited(rooms.convened())
    for phone in (browser(), of(room, "小陈")):
        page = phone.get(f"/j/{room.code}").text
        assert "您在旁听" in page
        held = token(phone.get("/j").text)
        assert phone.post(f"/j/{room.code}", data={"token": held}).status_code == 403
    assert "/auth/login?next=" in browser().get(f"/j/{room.code}").text
    assert one(Attendance) is None


def test_a_personal_invitation_needs_no_login_and_works_once() -> None:
    room = rooms.invited(rooms.convened())
    codes = {each.name: each.code for each in room.do("周主任", meetings.invitation_codes, at=BEGINS, meeting_id=room.meeting)}
    code = codes["赵奶奶"] if "赵奶奶" in codes else codes["王阿姨"]
    phone = browser()
    assert phone.head(f"/i/{code}").status_code == 204  # a chat that looks at links must not use it up
    came = phone.get(f"/i/{code.replace(' ', '')}")
    assert (came.status_code, came.headers["location"]) == (303, f"/j/{room.code}")
    assert "httponly" in came.headers["set-cookie"].lower()
    page = phone.get(f"/j/{room.code}").text
    phone.post(f"/j/{room.code}", data={"token": token(page)})
    assert one(Attendance).person_id == room.people["王阿姨"]
    assert phone.get(f"/i/{code}").headers["location"] == f"/j/{room.code}"  # the same sheet on the same phone
    other = browser().get(f"/i/{code}")
    assert other.status_code == 409 and "这个码用过了" in other.text
    for wrong in ("ABCD", "0" * 20, "x" * 300):
        refused = browser().get(f"/i/{wrong}")
        assert refused.status_code in (422, 404) and f'name="code" type="text" value="{wrong[:40]}"' in refused.text


def test_loading_the_printed_invitations_again_leaves_them_alone() -> None:
    room = rooms.invited(rooms.convened())
    desk, to = of(room, "周主任"), f"/invitations/{room.meeting}"

    def given(page: str) -> dict[str, str]:
        word = re.search(r'name="form" value="([^"]+)"', page)
        assert word, page
        return {"token": token(page), "form": word[1]}

    def kept() -> list[str]:
        with db.reading(HOME) as session:
            return sorted(str(each) for each in session.exec(select(Invitation.code_sha256)).all())

    first = given(desk.get(to).text)
    assert (done := desk.post(to, data=first)).status_code == 200 and 'class="inv"' in done.text
    before = kept()
    again = desk.post(to, data=first)
    assert again.status_code == 409 and kept() == before, "what lies printed on the table still opens the meeting"
    assert re.search(r"已经在.*\d\d:\d\d做好了", again.text)
    assert desk.post(to, data=given(again.text)).status_code == 200 and kept() != before


def test_sheets_are_offered_for_those_without_one_and_for_one_person() -> None:
    room = rooms.invited(rooms.convened())
    desk, to = of(room, "周主任"), f"/invitations/{room.meeting}"
    assert 'name="missing"' not in (page := desk.get(to).text) and "以前印的码" not in page
    room.do("周主任", meetings.invitation_codes, meeting_id=room.meeting, person_id=room.people["王阿姨"])
    page = desk.get(to).text
    assert 'name="missing"' in page and "照样能用" in page
    made = desk.post(to, data={"token": token(page), "form": "a word", "missing": "1"})
    assert made.status_code == 200 and "王阿姨" not in made.text and "郑工" in made.text
    one = desk.get(f"{to}?who={room.people['王阿姨']}").text
    assert "印王阿姨的请柬" in one and "马上作废" in one
    again = desk.post(to, data={"token": token(one), "form": "another", "who": room.people["王阿姨"]})
    assert again.text.count('class="inv"') == 1 and "王阿姨" in again.text
    nobody = desk.post(to, data={"token": token(one), "form": "a third", "missing": "1"})
    assert nobody.status_code == 409 and "没有人要新码" in nobody.text


def test_a_ticket_opens_its_own_table_only() -> None:
    room = rooms.invited(rooms.convened())
    code = next(
        each.code for each in room.do("周主任", meetings.invitation_codes, at=BEGINS, meeting_id=room.meeting) if each.name == "王阿姨"
    )
    phone = browser()
    phone.get(f"/i/{code}")
    first = room.code
    rooms.invited(rooms.convened(room, title="另一场会"))
    assert "您在旁听" in phone.get(f"/j/{room.code}").text
    assert "请您坐" in phone.get(f"/j/{first}").text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_code_typed_by_hand(language: str) -> None:
    room = rooms.convened()
    phone = browser(language)
    page = phone.get("/j")
    assert len(page.content) < LIMIT
    done = phone.post("/j", data={"token": token(page.text), "code": f" {room.code.lower()} "})
    assert done.headers["location"] == f"/j/{room.code}"
    for wrong in ("", "zzzz", "12", "一二三四", "<b>x</b>"):
        back = phone.post("/j", data={"token": token(page.text), "code": wrong})
        assert back.status_code == 422 and "<b>x" not in back.text
    lost = phone.get("/j/ZZZZ")
    assert lost.status_code == 404 and 'name="code" type="text" value="ZZZZ"' in lost.text and 'class="er"' in lost.text
    assert phone.get("/j/ZZZZ/head").status_code == 404
    assert phone.get("/j/ZZZZ/say").status_code == 404


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("stage", ["lobby", "item", "result", "closing", "closed"])
def test_minutes_on_paper(stage: str, language: str) -> None:
    room = rooms.now_at(stage, BEGINS)
    page = browser(language).get(f"/minutes/{room.meeting}")
    assert page.status_code == 200 and not [name for name in rooms.PEOPLE if name in page.text]
    if stage in ("result", "closing", "closed"):
        assert ("通过" if language == "zh-CN" else "Adopted") in page.text
    if stage in ("closing", "closed"):
        assert one(Checkpoint) is not None
        link = re.search(r'src="data:image', page.text)
        assert link and ("记录校验码" if language == "zh-CN" else "Check digits") in page.text
    assert "停车线议事会" in _docx(room)
    docx = browser(language).get(f"/minutes/{room.meeting}.docx")
    assert b"Noto Sans CJK SC" in _part(docx.content, "word/styles.xml")


def _docx(room: Room) -> str:
    content = browser().get(f"/minutes/{room.meeting}.docx").content
    return "\n".join(each.text for each in Document(io.BytesIO(content)).paragraphs)


def test_minutes_tell_of_a_vote_that_was_called_off() -> None:
    """With its number, its reason and the ballots that are not counted: on the page, on paper, and in what the chair begins with."""
    room = rooms.now_at("vote", BEGINS)
    for name in ("王阿姨", "李师傅"):
        room.do(name, ballots.cast, at=BEGINS, poll_id=room.poll, choice="yes")
    room.do("吴主持", polls.cancel, at=BEGINS, poll_id=room.poll, reason="问题写错了，要重新准备。")
    while one(Meeting).state is not MeetingState.CLOSED:
        room.do("吴主持", meetings.next, at=BEGINS, meeting_id=room.meeting, seen=one(Meeting).position)
    for said in (browser().get(f"/minutes/{room.meeting}").text, _docx(room), one(Minutes).text):
        assert "已交 2 张票，都不计。理由：问题写错了，要重新准备。" in said.replace("\u00a0", " ")
        assert one(Poll).number in said and "没有表决" not in said
    assert "好处：车位看得清楚（居民代表）" in one(Minutes).text  # from which party, there as well
    assert "主持人的话" not in browser().get(f"/minutes/{room.meeting}").text  # the chair has said nothing yet that does not stand above
    words = one(Minutes).text + "\n散会后又量了一遍。"
    room.do("吴主持", written.write, at=BEGINS + timedelta(minutes=9), meeting_id=room.meeting, text=words)
    room.do("吴主持", written.confirm, at=BEGINS + timedelta(minutes=10), meeting_id=room.meeting)
    assert "主持人的话" in (told := browser().get(f"/minutes/{room.meeting}").text) and "散会后又量了一遍。" in told


def _part(content: bytes, name: str) -> bytes:
    from zipfile import ZipFile

    return ZipFile(io.BytesIO(content)).read(name)


def test_a_kept_code_shows_later_that_the_record_was_not_changed() -> None:
    room = rooms.now_at("closed", BEGINS)
    mark = one(Checkpoint)
    good = f"/minutes/{room.meeting}?size={mark.size}&root={mark.root[:32]}"
    assert "对得上" in browser().get(good).text
    for wrong in (
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        f"/minutes/{room.meeting}?size=x&root={mark.root}",
        f"/minutes/{room.meeting}?size=9999999999999&root={mark.root}",
    ):
        assert "对不上" in browser().get(wrong).text
    assert browser().get("/minutes/0000000000000000").status_code == 404
    assert browser().get("/minutes/x.docx").status_code == 404


def test_invitations_on_paper() -> None:
    room = rooms.invited(rooms.convened())
    desk = of(room, "周主任")
    page = desk.get(f"/invitations/{room.meeting}")
    assert "请带上您的想法" in page.text and room.code in page.text
    made = desk.post(f"/invitations/{room.meeting}", data={"token": token(page.text)})
    assert made.status_code == 200 and all(name in made.text for name in rooms.SEATS)
    assert made.text.count('class="inv"') == len(rooms.SEATS)
    for name in ("王阿姨", "管理员"):
        assert of(room, name).get(f"/invitations/{room.meeting}").status_code == 403
    assert browser().get(f"/invitations/{room.meeting}").status_code == 403
    assert desk.get("/invitations/0000000000000000").status_code == 404


def test_the_calendar() -> None:
    room = rooms.convened()
    feed = browser().get("/feeds/meetings.ics")
    assert feed.headers["content-type"].startswith("text/calendar")
    events = list(Calendar.from_ical(feed.content).walk("VEVENT"))
    assert [str(each["SUMMARY"]) for each in events] == ["停车线议事会"]
    assert events[0].decoded("DTSTART") == BEGINS
    sent = events[0]["SEQUENCE"], events[0].decoded("LAST-MODIFIED")
    for n, (command, given) in enumerate(((meetings.change, {"place": "小广场"}), (meetings.cancel, {"reason": "下雨，改天"})), 1):
        room.do("周主任", command, at=BEGINS - timedelta(days=1, minutes=-n), meeting_id=room.meeting, **given)
        events = list(Calendar.from_ical(browser().get(f"/feeds/meetings.ics?id={room.meeting}").content).walk("VEVENT"))
        now = events[0]["SEQUENCE"], events[0].decoded("LAST-MODIFIED")
        assert now > sent and now[0] == n and now[1] == BEGINS - timedelta(days=1, minutes=-n), "a calendar that has it takes the newer one"
        sent = now
    assert str(events[0]["STATUS"]) == "CANCELLED"
    assert "这场会取消了。下雨，改天" in _docx(room).replace("\n", "")
    assert browser().get("/feeds/meetings.ics?id=0000000000000000").status_code == 404
    assert one(Meeting).state is MeetingState.CANCELLED
    page = browser().get(f"/j/{room.code}").text
    assert "这场会取消了" in page and "下雨，改天" in page


def test_following_costs_one_small_answer() -> None:
    room = rooms.now_at("item", BEGINS)
    phone = browser()
    before = phone.get(f"/j/{room.code}/head")
    assert len(before.content) < 12 and before.headers["cache-control"] == "no-store"
    room.do("吴主持", meetings.extend, at=BEGINS + timedelta(minutes=1), meeting_id=room.meeting, minutes=2)
    assert phone.get(f"/j/{room.code}/head").text != before.text
