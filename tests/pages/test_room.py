"""The room's pages as every role and in both languages: the wall, the chair's table, the list, one meeting, calling and changing one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.meeting import Attendance, Invitation, Meeting, Minutes
from models.people import RoleHeld
from models.proposal import ProposalDraft
from models.vocabulary import MeetingState, Role
from services import clock, db, meetings, minutes, polls
from services.actors import system
from services.reads import waiting
from services.work import working
from tests.fixtures import room as rooms
from tests.fixtures.apptest import html, opened, seen
from tests.fixtures.moment import around, onward_from
from tests.fixtures.room import BEGINS, HOME, STAGES, Room

LANGUAGES = ("zh-CN", "en")
ROLES = ("visitor", "王阿姨", "小陈", "周主任", "吴主持", "郑工", "孙工", "管理员", "网格员")


@pytest.fixture(autouse=True)
def _a_morning(on_sqlite: Engine) -> Iterator[None]:
    onward_from(BEGINS)
    yield
    clock.follow(timedelta)


def look(room: Room, page: str, who: str = "visitor", language: str = "zh-CN", **query: str) -> AppTest:
    return opened("visitor:somebody" if who == "visitor" else rooms.signed_in(room, who)[0], page, language, **query)


def again(at: AppTest) -> AppTest:
    assert not at.exception, at.exception
    return at


def press(at: AppTest, key: str) -> AppTest:
    return again(at.button(key=key).click().run())


def one(kind: Any, /, **where: object) -> Any:
    with db.reading(HOME) as session:
        asked = select(kind).where(*(getattr(kind, name) == value for name, value in where.items()))
        found = session.exec(asked).first()
        if found is not None:
            session.expunge(found)
        return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", STAGES)
def test_the_wall_is_for_everybody_and_names_nobody(on_sqlite: Engine, stage: str, language: str) -> None:
    from pages.kit import wall, wall_scenes
    from pages.kit.words import speaking
    from services.reads import board

    room = rooms.now_at(stage, BEGINS)
    look(room, "screen.py", language=language, m=room.code)
    found = board.find(room.code)
    assert found is not None
    with speaking(language):
        drawn = str(wall.drawing(board.look(found), clock.now(), board.mark(HOME)))
        nxt = str(wall_scenes.coming(board.look(found)))
    for name in rooms.PEOPLE:
        assert name not in drawn and name not in nxt
    if stage in ("lobby", "briefing", "item", "vote"):
        for trend in ("通过", "Adopted", "75.0"):
            assert trend not in drawn and trend not in nxt
    words = {
        "lobby": ("扫码签到", "Scan to sign in"), "briefing": ("议题 1 / 3", "Item 1 / 3"), "item": ("全部重画", "全部重画"),
        "vote": ("/ 4 户已交", "/ 4 homes have voted"), "result": ("通过", "Adopted"), "closing": ("谁来做", "Who does what"),
        "closed": ("重画 26 个车位", "重画 26 个车位"),
    }  # fmt: skip
    assert words[stage][language == "en"] in drawn.replace("\u00a0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["", "ZZZZ", "<b>x</b>", "7K3M" * 50])
def test_an_unknown_code_is_one_friendly_wall(on_sqlite: Engine, code: str, language: str) -> None:
    room = rooms.community()
    said = seen(look(room, "screen.py", language=language, m=code))
    assert ("没有哪场议事会用这个码" if language == "zh-CN" else "No meeting has this code.") in said
    assert "<b>x" not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ROLES)
def test_the_table_is_the_chairs_alone(on_sqlite: Engine, who: str, language: str) -> None:
    room = rooms.now_at("item", BEGINS)
    said = seen(look(room, "chair.py", who, language, m=room.code))
    mine = ("下一步：开始投票" if language == "zh-CN" else "Next: open the vote") in said
    assert mine == (who == "吴主持")
    if who == "visitor":
        assert ("登录" if language == "zh-CN" else "Sign in") in said


def test_the_chair_takes_the_meeting_from_the_lobby_to_its_minutes(on_sqlite: Engine) -> None:
    room = rooms.now_at("lobby", BEGINS)
    at = look(room, "chair.py", "吴主持", m=room.code)
    press(at, "next-0")
    press(at, "undo-1")
    assert one(Meeting).position == 0
    for seen_at in range(6):
        if seen_at == 3:  # votes are out and there is time left: a double tap ends nothing, a second press does
            tapped = clock.now()
            around(tapped)
            press(at, "next-3")
            press(at, "next-3")
            assert one(Meeting).position == 3 and "再按一次：还差 4 票" in seen(at)
            onward_from(tapped + timedelta(seconds=1))
        press(at, f"next-{seen_at}")
    assert one(Meeting).state is MeetingState.CLOSED and one(Minutes).text
    assert "会开完了" in seen(at)
    keys = {each.key for each in at.button}
    assert f"/meeting?id={room.meeting}" in html(at) and "确认会议纪要" in seen(at)
    assert not [each for each in keys if each and each.startswith(("next-", "undo-", "extend-", "pause-"))]
    with db.reading(HOME) as session:
        waits = waiting.waiting(session, room.actor("吴主持"), "Asia/Shanghai")
    assert [(each.kind, each.href) for each in waits] == [(waiting.Kind.MINUTES, f"/meeting?id={room.meeting}")]
    room.do("吴主持", minutes.confirm, at=clock.now(), meeting_id=room.meeting)
    at = look(room, "chair.py", "吴主持", m=room.code)
    assert f"/minutes/{room.meeting}" in html(at) and "看会议纪要" in seen(at) and "确认会议纪要" not in seen(at)
    with db.reading(HOME) as session:
        assert not waiting.waiting(session, room.actor("吴主持"), "Asia/Shanghai")


def test_time_and_pause_from_the_table(on_sqlite: Engine) -> None:
    room = rooms.now_at("item", BEGINS)
    at = look(room, "chair.py", "吴主持", m=room.code)
    before = one(Meeting).ends_at
    seen_before = at.button(key=f"extend-{before}")
    press(at, f"extend-{before}")
    assert one(Meeting).ends_at == before + timedelta(minutes=2)
    again(seen_before.click().run())  # a double tap: the second was pressed on what the first has done away with
    assert one(Meeting).ends_at == before + timedelta(minutes=2)
    running = at.button(key="pause-None")
    press(at, "pause-None")
    stopped = one(Meeting).paused_at
    again(running.click().run())
    assert stopped is not None and one(Meeting).paused_at == stopped and at.button(key=f"pause-{stopped}").label == "继续"
    press(at, f"pause-{stopped}")
    assert one(Meeting).paused_at is None and at.button(key="pause-None").label == "暂停"


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_the_quorum_the_button_says_why(on_sqlite: Engine, language: str) -> None:
    room = rooms.seated(rooms.invited(rooms.convened(rooms.community(BEGINS + timedelta(minutes=5)))), "郑工")
    at = look(room, "chair.py", "吴主持", language, m=room.code)
    assert at.button(key="next-0").disabled
    assert ("施工方再到 1 位，就开会" if language == "zh-CN" else "1 more from 施工方 and we start.") in seen(at)


def submit(at: AppTest, word: str) -> Any:
    return next(each for each in at.button if each.label == word).click()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ROLES)
def test_the_list_and_one_meeting_as_everybody(on_sqlite: Engine, who: str, language: str) -> None:
    room = rooms.now_at("closed", BEGINS)
    at = look(room, "meetings.py", who, language)
    assert ("还没有" in seen(at) or "眼下没有" in seen(at)) if language == "zh-CN" else "No meeting ahead" in seen(at)
    may_call = who in ("周主任", "吴主持")
    assert any(each.key == "meetings_new" for each in at.button) == may_call
    at = look(room, "meeting.py", who, language, id=room.meeting)
    said = seen(at)
    assert ("通过" if language == "zh-CN" else "Adopted") in said and "车位看得清楚" in said and "重画 26 个车位" in said
    names = [name for name in rooms.SEATS if name in said.replace(who, "")]
    assert bool(names) == (who in ("周主任", "吴主持"))
    writes = any(each.key == "minutes_text" for each in at.text_area)
    assert writes == (who in ("周主任", "吴主持"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("given", ["", "0" * 16, "x", "'; drop table meeting"])
def test_a_meeting_that_is_not_there(on_sqlite: Engine, given: str, language: str) -> None:
    room = rooms.community()
    said = seen(look(room, "meeting.py", "周主任", language, id=given))
    assert ("没有" if language == "zh-CN" else "Nothing to show") in said


def test_a_meeting_of_another_community_is_not_there(on_sqlite: Engine) -> None:
    from services import actors, communities
    from services.work import working

    room = rooms.convened()
    with working(actors.system("other00000000000")) as work:
        communities.found(work, slug="other", name="别的社区")
    with db.reading("other00000000000") as session:
        assert session.get(Meeting, room.meeting) is None


def test_searching_the_list(on_sqlite: Engine) -> None:
    room = rooms.convened(rooms.community(BEGINS + timedelta(days=2)))
    at = look(room, "meetings.py", "王阿姨")
    assert "停车线议事会" in seen(at)
    for needle, there in (("停车线怎么", True), ("活动室", True), (room.code.lower(), True), ("电梯", False), ("%", False)):
        again(at.text_input(key="meetings_q").set_value(needle).run())
        assert ("停车线议事会" in seen(at)) == there


def test_signing_in_on_the_page(on_sqlite: Engine) -> None:
    room = rooms.invited(rooms.convened(rooms.community(BEGINS + timedelta(minutes=30))))
    at = look(room, "meeting.py", "王阿姨", id=room.meeting)
    press(at, "attend")
    assert one(Attendance, person_id=room.people["王阿姨"]).seat == 1
    assert "1 号席" in seen(at)


def test_inviting_taking_off_and_calling_off(on_sqlite: Engine) -> None:
    room = rooms.invited(rooms.convened(rooms.community(BEGINS + timedelta(days=2))))
    at = look(room, "meeting.py", "周主任", id=room.meeting)
    press(at, f"off-{room.people['郑工']}")
    assert one(Invitation, person_id=room.people["郑工"]).withdrawn_at is not None
    again(at.text_input(key="invite_search").set_value("小").run())
    for party in (None, "社区"):  # nobody is of the party that happens to stand first
        at.selectbox(key="invite_party").set_value(party)
        again(submit(at, "邀请").run())
        assert ("请从这场会的各方里选一方" in seen(at)) == (party is None)
    assert one(Invitation, person_id=room.people["小陈"]) is not None
    press(at, "cancel")
    assert at.button(key="cancel_do").label == "取消这场议事会"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_meeting_that_was_called_off(on_sqlite: Engine, language: str) -> None:
    room = rooms.invited(rooms.convened(rooms.community(BEGINS + timedelta(days=2))))
    calendar, came = ("加到我的日历", "谁来") if language == "zh-CN" else ("Into my calendar", "Who c")
    before = seen(look(room, "meeting.py", "王阿姨", language, id=room.meeting))
    assert calendar in before and came in before
    room.do("周主任", meetings.cancel, at=clock.now(), meeting_id=room.meeting, reason="下雨，改天再开。")
    after = seen(look(room, "meeting.py", "王阿姨", language, id=room.meeting))
    assert "下雨，改天再开。" in after and calendar not in after and came not in after


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_after_the_vote_was_called_off(on_sqlite: Engine, language: str) -> None:
    room = rooms.now_at("vote", BEGINS)
    room.do("周主任", polls.cancel, at=clock.now(), poll_id=room.poll, reason="题目写错了")
    at = look(room, "chair.py", "吴主持", language, m=room.code)
    assert at.button(key="next-3").label == ("跳过：表决取消了" if language == "zh-CN" else "Skip: the vote was called off")
    assert at.button(key="extend-None").disabled  # no clock runs: there is none to add to


def chairs_too(room: Room, name: str) -> None:
    with working(system(HOME)) as work:
        row = RoleHeld(id=work.new_id(), community_id=HOME, person_id=room.people[name], role=Role.CHAIR, since=work.moment)
        work.add(row)
        work.record("role.grant", row, role=row.role.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tablet_of_who_chairs_no_longer_says_who_does(on_sqlite: Engine, language: str) -> None:
    room = rooms.now_at("item", BEGINS)
    chairs_too(room, "小陈")
    at = look(room, "chair.py", "吴主持", language, m=room.code)
    room.do("周主任", meetings.hand_over, at=clock.now(), meeting_id=room.meeting, chair_id=room.people["小陈"])
    press(at, "next-2")
    says = "这场会现在由小陈主持。" if language == "zh-CN" else "小陈 chairs this meeting now."
    for tablet in (at, look(room, "chair.py", "吴主持", language, m=room.code), look(room, "chair.py", "周主任", language, m=room.code)):
        said = seen(tablet)
        assert says in said and ("这场会的页面" if language == "zh-CN" else "Page of the meeting") in said
        assert not [each for each in tablet.button if each.key and each.key.startswith(("next", "undo", "extend", "pause"))]
    assert one(Meeting).position == 2
    assert says not in seen(look(room, "chair.py", "王阿姨", language, m=room.code))
    assert says not in seen(look(room, "chair.py", m=room.code))
    press(look(room, "chair.py", "小陈", language, m=room.code), "next-2")
    assert one(Meeting).position == 3


@pytest.mark.parametrize("stage", ["item", "closed"])
def test_nobody_is_signed_in_at_a_table_that_is_closed(on_sqlite: Engine, stage: str) -> None:
    """Commitments are noted until the minutes are confirmed; who was there is known at the close."""
    room = rooms.now_at(stage, BEGINS)
    at = look(room, "chair.py", "吴主持", m=room.code)
    keys = {each.key for each in at.button_group} | {each.key for each in at.button}
    assert ("who_is_there" in keys) == (stage == "item") and "do_deed" in keys


def test_minutes_are_written_and_confirmed_on_the_page(on_sqlite: Engine) -> None:
    room = rooms.now_at("closed", BEGINS)
    at = look(room, "meeting.py", "吴主持", id=room.meeting)
    at.text_area(key="minutes_text").set_value("短")
    press(at, "minutes_save")
    assert one(Minutes).text != "短" and at.text_area(key="minutes_text").value == "短"
    at.text_area(key="minutes_text").set_value("大家同意先公示，再动工，停三天车。")
    press(at, "minutes_confirm")
    assert one(Minutes).confirmed_at is None and "请先勾选" in seen(at)
    at.checkbox(key="minutes_sure").check()
    press(at, "minutes_confirm")
    assert one(Minutes).confirmed_at is not None and one(Minutes).text.startswith("大家同意")
    at = look(room, "meeting.py", "吴主持", id=room.meeting)
    assert not at.text_area and "大家同意先公示" in seen(at)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ROLES)
def test_who_may_call_a_meeting(on_sqlite: Engine, who: str, language: str) -> None:
    room = rooms.community(BEGINS + timedelta(days=9))
    rooms.accepted(room)
    at = look(room, "meeting_new.py", who, language)
    assert any(each.key == "convene" for each in at.button) == (who in ("周主任", "吴主持"))


def test_calling_a_meeting_keeps_what_is_typed_and_says_all_that_is_wrong(on_sqlite: Engine) -> None:
    room = rooms.community(BEGINS + timedelta(days=9))
    room.proposal = rooms.accepted(room)
    at = look(room, "meeting_new.py", "周主任")
    again(at.text_input(key="place").set_value("小广场").run())
    assert one(ProposalDraft, kind="meeting").content["place"] == "小广场"
    press(at, "convene")
    assert one(Meeting) is None
    said = seen(at)
    assert said.count("这里") >= 2 or said.count("请") >= 2
    at = look(room, "meeting_new.py", "周主任")  # a restart: the draft is there
    assert at.text_input(key="place").value == "小广场"
    at.text_input(key="title").set_value("停车线议事会")
    for place, title in enumerate(("通报", "怎么画", "怎么画")):
        at.text_input(key=f"item_{place}").set_value(title)
    again(at.button(key="parties_more").click().run())
    again(at.text_input(key="label_2").set_value("划线师傅").run())
    press(at, "convene")
    made = one(Meeting)
    assert made is not None and made.place == "小广场"
    assert one(ProposalDraft, kind="meeting") is None
    at = look(room, "meeting_new.py", "周主任", id=made.id)
    assert at.text_input(key="title").value == "停车线议事会"
    again(at.text_input(key="title").set_value("停车线，再议").run())
    press(at, "convene")
    assert one(Meeting).title == "停车线，再议"
    room.meeting = made.id
    room.do("周主任", meetings.cancel, at=BEGINS, meeting_id=made.id, reason="下雨了，改天")
    assert "改" not in [each.label for each in look(room, "meeting_new.py", "周主任", id=made.id).button]
