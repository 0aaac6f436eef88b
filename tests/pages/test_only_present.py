"""Under a rule that counts those present the others read why they cannot answer, and what is said of such a vote is true everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.kit import wall, words
from pages.plain.routes import ROUTES
from services import addresses, ballots, clock, meetings, notices, polls, register, residences, steering
from services.actors import system
from services.guard import Guard
from services.reads import board
from services.work import working
from tests.fixtures import room as rooms
from tests.fixtures.apptest import opened, seen
from tests.fixtures.moment import around
from tests.fixtures.room import BEGINS, HOME
from tests.services.test_only_present import prepared, voting


@pytest.fixture(autouse=True)
def _a_morning(on_sqlite: Engine) -> Iterator[None]:
    around(BEGINS)
    yield
    clock.follow(timedelta)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(("name", "there"), [("王阿姨", True), ("赵奶奶", False)])
def test_only_who_was_there_finds_a_way_to_vote(name: str, there: bool, language: str) -> None:
    why = "这次表决只算开始那一刻到会的人，那时您家没有人在场。" if language == "zh-CN" else "nobody of your home was."
    room = voting()
    login, cookie = rooms.signed_in(room, name, BEGINS)
    headers = {"accept": "text/html", "accept-language": language}
    phone = TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", headers=headers)
    phone.cookies.set(addresses.LOGIN, cookie)

    def told(text: str) -> bool:
        return why in text.replace("\u00a0", " ")

    table = phone.get(f"/j/{room.code}").text
    assert (f'href="/ballot/{room.poll}"' in table) is there and told(table) is not there
    paper = phone.get(f"/ballot/{room.poll}").text
    assert ("type=radio" in paper) is there and told(paper) is not there
    page = seen(opened(login, "poll.py", language, id=room.poll))
    assert (("去投票" if language == "zh-CN" else "Vote now") in page) is there and told(page) is not there
    story = seen(opened(login, "proposal.py", language, id=room.proposal))
    assert told(story) is not there
    listed = seen(opened(login, "polls.py", language))
    assert (("您家还没投" if language == "zh-CN" else "Your vote is missing") in listed) is there


def shown_result(room: rooms.Room, but: str = "") -> None:
    if but != "王阿姨":
        room.do("王阿姨", ballots.cast, at=BEGINS, poll_id=room.poll, choice="yes")
    room.do("吴主持", polls.close, at=BEGINS, poll_id=room.poll)
    room.do("吴主持", polls.reveal, at=BEGINS, poll_id=room.poll)


def test_homes_are_spoken_of_as_homes_and_the_text_as_what_it_is_here() -> None:
    room = voting()
    shown_result(room)
    login, cookie = rooms.signed_in(room, "周主任", BEGINS)
    page = seen(opened(login, "poll.py", "en", id=room.poll))
    assert "2 of 4 homes are present." in page and "people are present" not in page
    assert "4 homes on the roll" in page and "frozen, 2 present" in page
    phone = TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", headers={"accept-language": "en"})
    phone.cookies.set(addresses.LOGIN, cookie)
    for _ in range(2):
        room.do("吴主持", meetings.next, at=BEGINS, meeting_id=room.meeting, seen=board.look(found(room)).position)
    minutes = phone.get(f"/minutes/{room.meeting}").text.replace("\u00a0", " ")
    assert re.search(r"Own rule after .*Article 9, not the law", minutes)
    with words.speaking("en"):
        drawn = wall.drawing(board.look(found(room)), BEGINS)
    assert "周主任" not in drawn


def found(room: rooms.Room) -> board.Found:
    meeting = board.find(room.code)
    assert meeting is not None
    return meeting


def test_several_homes_each_say_why() -> None:
    room = rooms.seated()
    with working(system(HOME)) as work:
        both = register.add_residence(work, person_id=room.people["赵奶奶"], unit_id=room.units["小陈"])
        if both.confirmed_at is None:
            residences.confirm(work, residence_id=both.id)
    room = voting(room=room)
    phone = TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", headers={"accept-language": "zh-CN"})
    phone.cookies.set(addresses.LOGIN, rooms.signed_in(room, "赵奶奶", BEGINS)[1])
    page = phone.get(f"/ballot/{room.poll}").text
    assert page.count("这次表决只算开始那一刻到会的人，那时您家没有人在场。") == 2 and "还没投" not in page


def test_several_homes_read_after_the_close_which_of_them_voted() -> None:
    room = rooms.seated()
    with working(system(HOME)) as work:
        both = register.add_residence(work, person_id=room.people["王阿姨"], unit_id=room.units["小陈"])
        if both.confirmed_at is None:
            residences.confirm(work, residence_id=both.id)
    room = voting(room=room)
    room.do("王阿姨", ballots.cast, at=BEGINS, poll_id=room.poll, choice="yes", unit_id=room.units["小陈"])
    room.do("吴主持", polls.close, at=BEGINS, poll_id=room.poll)
    phone = TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", headers={"accept-language": "zh-CN"})
    phone.cookies.set(addresses.LOGIN, rooms.signed_in(room, "王阿姨", BEGINS)[1])
    page = phone.get(f"/ballot/{room.poll}").text
    assert page.count("您的票收到了") == page.count("这一户没有投票。") == 1 and "看这场表决" in page
    room.do("吴主持", polls.reveal, at=BEGINS, poll_id=room.poll)
    assert f"/poll?id={room.poll}" in phone.get(f"/ballot/{room.poll}").text


def test_which_homes_were_there_stands_on_the_roll_and_in_its_file() -> None:
    room = voting()
    login, cookie = rooms.signed_in(room, "王阿姨", BEGINS)
    said = seen(opened(login, "poll.py", "en", id=room.poll))
    assert "There when it opened" in said
    desk = TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", headers={"accept-language": "en"})
    desk.cookies.set(addresses.LOGIN, cookie)
    lines = desk.get(f"/export/roll.csv?id={room.poll}").text.lstrip("\ufeff").splitlines()
    assert lines[0] == "Home number,There when it opened" and sorted(line.split(",")[1] for line in lines[1:]) == ["no", "no", "yes", "yes"]


def test_a_guest_of_the_table_votes_with_the_slip_and_finds_back_to_the_meeting() -> None:
    room = rooms.invited(rooms.convened())
    codes = {each.name: each.code for each in room.do("周主任", meetings.invitation_codes, at=BEGINS, meeting_id=room.meeting)}
    headers = {"accept-language": "zh-CN", "accept": "text/html"}
    phone = TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", headers=headers)
    name = next(name for name in ("王阿姨", "李师傅") if name in codes)
    page = phone.get(f"/i/{codes[name].replace(' ', '')}").text
    assert (form := re.search(r'name="token" value="([^"]+)"', page))
    phone.post(f"/j/{room.code}", data={"token": form[1]})
    room = voting(room=rooms.seated(room, name))
    table = phone.get(f"/j/{room.code}").text
    assert 'href="/b"' in table and f"/ballot/{room.poll}" not in table and "用您家那张纸上的码" in table
    slip = dict(room.do("周主任", polls.codes, at=BEGINS, poll_id=room.poll))
    label = next(label for label in slip if label.endswith("101" if name == "王阿姨" else "201"))
    paper = phone.get(f"/b/{slip[label].replace(' ', '')}").text
    given = dict(re.findall(r'name=(token|paper) value="([^"]+)"', paper))
    receipt = phone.post("/b", data=given | {"choice": "yes"})
    assert f'href="/j/{room.code}"' in receipt.text
    shown_result(room, but=name)
    for _ in range(2):
        room.do("吴主持", meetings.next, at=BEGINS, meeting_id=room.meeting, seen=board.look(found(room)).position)
    room.do("吴主持", steering.close, at=BEGINS, meeting_id=room.meeting)
    assert f'href="/j/{room.code}"' not in phone.get(str(receipt.url)).text, "the meeting is over"


def test_the_slips_say_that_one_has_to_be_there_as_long_as_it_helps() -> None:
    early = prepared(rooms.seated())
    phone = TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", headers={"accept-language": "zh-CN"})
    phone.cookies.set(addresses.LOGIN, rooms.signed_in(early, "周主任", BEGINS)[1])
    offered = phone.get(f"/codes/{early.poll}").text
    assert "印 4 个票码" in offered.replace("\u00a0", " ")
    form = dict(re.findall(r'name="(token|form)" value="([^"]+)"', offered))
    slips = phone.post(f"/codes/{early.poll}", data=form).text
    assert slips.count("先到会场签到") == slips.count("Sign in at the meeting first") == 4
    room = voting(room=early)
    assert "印 2 个票码" in phone.get(f"/codes/{room.poll}").text.replace("\u00a0", " ")
    phone = TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", headers={"accept-language": "zh-CN"})
    phone.cookies.set(addresses.LOGIN, rooms.signed_in(room, "周主任", BEGINS)[1])
    form = dict(re.findall(r'name="(token|form)" value="([^"]+)"', phone.get(f"/codes/{room.poll}").text))
    slips = phone.post(f"/codes/{room.poll}", data=form).text
    assert slips.count('class="slip"') == 2 and "先到会场签到" not in slips and "Sign in at the meeting first" not in slips, "it is open: too late"


def test_homes_named_one_by_one_are_counted_where_it_says_who_votes() -> None:
    room = rooms.seated()
    room.poll = room.do(
        "周主任", polls.prepare, at=BEGINS, proposal_id=room.proposal, question="旧车位线重画吗？", method="yes_no",
        rule="residents_households", scope=f"units:{room.units['王阿姨']},{room.units['小陈']}",
    ).id  # fmt: skip
    login, cookie = rooms.signed_in(room, "周主任", BEGINS)
    for language, said in (("zh-CN", "单独选的 2 户"), ("en", "2 homes, named one by one")):
        assert said in seen(opened(login, "poll.py", language, id=room.poll)).replace("\u00a0", " ")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_present_and_voted_are_two_figures_on_every_page(language: str) -> None:
    """Three of four homes are there, two of them vote."""
    room = rooms.invited()
    room.do("周主任", meetings.invite, at=BEGINS, meeting_id=room.meeting, person_id=room.people["赵奶奶"], label="居民代表")
    room.do("赵奶奶", meetings.attend, at=BEGINS, meeting_id=room.meeting)
    room = voting(room=rooms.seated(room))
    for name in ("王阿姨", "李师傅"):
        room.do(name, ballots.cast, at=BEGINS, poll_id=room.poll, choice="yes")
    shown_result(room)
    notice = room.do("周主任", notices.publish, at=BEGINS, proposal_id=room.proposal, text="决定公示：旧车位线重画。")
    login, cookie = rooms.signed_in(room, "周主任", BEGINS)
    headers = {"accept": "text/html", "accept-language": language}
    desk = TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", headers=headers)
    desk.cookies.set(addresses.LOGIN, cookie)
    present, agree = ("到会户数", "同意户数") if language == "zh-CN" else ("Homes present", "Homes that agree")
    came = "到会 3 里的 2，名册共 4" if language == "zh-CN" else "2 of 3 present, 4 on the roll"
    pages = {
        "poll": seen(opened(login, "poll.py", language, id=room.poll)),
        "result": desk.get(f"/result/{room.poll}").text,
        "notice": desk.get(f"/notice/{notice.id}").text,
        "story": seen(opened(login, "proposal.py", language, id=room.proposal)),
    }
    said = {name: re.sub(r"\s+", " ", page.replace("\u00a0", " ")) for name, page in pages.items()}
    for name in ("poll", "result"):
        assert present in said[name] and agree in said[name], name
    for name in ("result", "notice"):
        assert came in said[name], name
    assert ("3 / 4 到会" if language == "zh-CN" else "3 of 4 were present") in said["story"] or "到会 3 / 4" in said["story"]
    for name, page in said.items():
        assert "人数" not in page and "by number" not in page, name
    heads, row = (line.split(",") for line in desk.get("/export/polls.csv").text.lstrip("\ufeff").splitlines()[:2])
    figures = dict(zip(heads, row, strict=True))
    words = ("名册人数", "能投票数", "收到") if language == "zh-CN" else ("On the roll", "Can answer", "Received")
    assert [figures[each] for each in words] == ["4", "3", "2"]
