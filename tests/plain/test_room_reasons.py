"""What one says at a table from the phone: a reason, with the party it came from, and taking one's own back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from models.meeting import Argument
from services import clock, deliberation, meetings
from tests.fixtures import room as rooms
from tests.fixtures.room import BEGINS
from tests.plain.test_room import LIMIT, browser, of, one, token


@pytest.fixture(autouse=True)
def _a_morning(on_sqlite: Engine) -> Iterator[None]:
    with clock.at(BEGINS):
        yield


def test_a_reason_from_the_table() -> None:
    room = rooms.now_at("item", BEGINS)
    phone = of(room, "王阿姨")
    page = phone.get(f"/j/{room.code}/say")
    assert len(page.content) < LIMIT
    option = re.search(r'name="option" value="([^"]+)"', page.text)
    assert option
    given = {"token": token(page.text), "option": option[1], "side": "con", "text": "停车不方便"}
    back = phone.post(f"/j/{room.code}/say", data=given | {"text": ""})
    assert back.status_code == 422 and "checked" in back.text
    assert " required" not in page.text, "what is missing is said by the page, in the reader's language, not by the browser"
    back = phone.post(f"/j/{room.code}/say", data=given | {"side": ""})
    assert back.status_code == 422 and "停车不方便" in back.text and "请选一项。" in back.text
    back = phone.post(f"/j/{room.code}/say", data=given | {"option": "0" * 16})
    assert back.status_code == 422 and "停车不方便" in back.text
    assert phone.post(f"/j/{room.code}/say", data=given).headers["location"] == f"/j/{room.code}"
    assert one(Argument, text="停车不方便").party == "residents"
    assert "停车不方便" in browser().get(f"/j/{room.code}").text
    assert of(room, "小陈").get(f"/j/{room.code}/say").status_code == 403
    room.do("吴主持", deliberation.add_option, at=BEGINS, proposal_id=room.proposal, title="<script>x</script>")
    assert "<script>x" not in browser().get(f"/j/{room.code}").text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_ones_own_reason_is_taken_back_after_being_asked(language: str) -> None:
    room = rooms.now_at("item", BEGINS)
    phone = of(room, "王阿姨", language)
    mine, other = one(Argument, text="车位看得清楚").id, one(Argument, text="要停三天车").id
    page = phone.get(f"/j/{room.code}/say")
    assert len(page.content) < LIMIT and f"/j/{room.code}/back/{mine}" in page.text and other not in page.text
    assert ("您说过的" if language == "zh-CN" else "What you have said") in page.text
    to = f"/j/{room.code}/back/{mine}"
    asked = phone.get(to)
    assert asked.status_code == 200 and "车位看得清楚" in asked.text and one(Argument, id=mine).withdrawn_at is None
    given = {"token": token(asked.text)}
    assert phone.post(to, data=given).headers["location"] == f"/j/{room.code}"
    assert one(Argument, id=mine).withdrawn_at is not None and "车位看得清楚" not in phone.get(f"/j/{room.code}").text
    again = phone.post(to, data=given)
    assert again.status_code == 404 and ("已经不在桌上" if language == "zh-CN" else "not on the table any more") in again.text
    assert "/back/" not in phone.get(f"/j/{room.code}/say").text
    foreign = f"/j/{room.code}/back/{other}"
    assert phone.get(foreign).status_code == phone.post(foreign, data=given).status_code == 404
    assert browser(language).get(foreign).status_code == 404 and one(Argument, id=other).withdrawn_at is None


def test_a_guest_with_a_printed_code_takes_a_reason_back_too() -> None:
    room = rooms.invited(rooms.convened())
    codes = {each.name: each.code for each in room.do("周主任", meetings.invitation_codes, at=BEGINS, meeting_id=room.meeting)}
    option = room.do("吴主持", deliberation.add_option, at=BEGINS, proposal_id=room.proposal, title="全部重画").id
    phone = browser()
    phone.get(f"/i/{codes['郑工']}")
    here = f"/j/{room.code}"
    phone.post(here, data={"token": token(phone.get(here).text)})
    given = {"token": token(phone.get(f"{here}/say").text), "option": option, "side": "con", "text": "要停三天车"}
    assert phone.post(f"{here}/say", data=given).status_code == 303
    to = f"{here}/back/{one(Argument).id}"
    assert to in phone.get(f"{here}/say").text
    assert phone.post(to, data={}).status_code == 422 and one(Argument).withdrawn_at is None
    assert phone.post(to, data={"token": token(phone.get(to).text)}).status_code == 303
    assert one(Argument).withdrawn_at is not None


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_short_reason_that_comes_too_late_is_shown_to_be_copied(language: str) -> None:
    room = rooms.now_at("item", BEGINS)
    phone = of(room, "王阿姨", language)
    page = phone.get(f"/j/{room.code}/say").text
    option = re.findall(r'name="option" value="([^"]+)"', page)[0]
    room.do("吴主持", meetings.next, at=BEGINS, meeting_id=room.meeting, seen=2)
    late = phone.post(f"/j/{room.code}/say", data={"token": token(page), "option": option, "side": "con", "text": "太吵了"})
    assert late.status_code == 409 and "太吵了" in late.text and option not in late.text and len(late.content) < LIMIT
    assert ("别的阶段" if language == "zh-CN" else "another stage") in late.text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_who_sits_at_the_table_is_told_the_real_reason(language: str) -> None:
    room = rooms.seated()
    page = of(room, "王阿姨", language).get(f"/j/{room.code}/say")
    assert page.status_code == 409 and ("还没有方案" if language == "zh-CN" else "No option is on the table yet") in page.text
    other = of(room, "小陈", language).get(f"/j/{room.code}/say")
    assert other.status_code == 403 and ("Only those at the table" in other.text) == (language == "en")


def test_leaving_twice_is_the_same_as_once() -> None:
    room = rooms.now_at("item", BEGINS)
    phone = of(room, "王阿姨")
    given = {"token": token(phone.get(f"/j/{room.code}").text), "act": "leave"}
    for _ in range(2):
        assert phone.post(f"/j/{room.code}", data=given).headers["location"] == f"/j/{room.code}"


def test_a_reason_stands_with_the_party_that_gave_it() -> None:
    room = rooms.now_at("item", BEGINS)
    text = re.sub(r"<[^>]+>", " ", browser("en").get(f"/j/{room.code}").text)
    assert re.search(r"车位看得清楚\s+Residents", text) and re.search(r"要停三天车\s+(Builder|Contractor)", text), text
