"""The long forms of votes and meetings keep every field, revert nothing that is newer, and look away from what is no longer there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.account import Message
from models.meeting import Meeting, Minutes, Option
from models.poll import Poll, RollEntry
from services import clock, drafts, i18n, meetings
from services.db import reading
from services.reads import filing
from services.work import do, working
from tests.fixtures import room as rooms
from tests.fixtures.apptest import seen
from tests.fixtures.moment import onward_from
from tests.fixtures.room import HOME, Room
from tests.fixtures.run import ROOT
from tests.fixtures.village import Village, village

MEANWHILE = i18n.text("zh-CN", "It was changed meanwhile. What you had typed and not sent:")
WRITTEN = "Somebody else has written these minutes meanwhile. Copy your text, load the page again, and put both together."
PLACE = "新地点：老年活动室"


@pytest.fixture(autouse=True)
def _a_morning(on_sqlite: Engine) -> Iterator[None]:
    onward_from(rooms.BEGINS)
    yield
    clock.follow(timedelta)


@pytest.fixture
def place() -> Village:
    made = village(4)
    made.sign_in(made.wei)
    return made


@pytest.fixture
def room() -> Room:
    return rooms.convened(rooms.community(rooms.BEGINS + timedelta(days=3)))


def window(sub: str, page: str, **query: str) -> AppTest:
    """A browser window with this page: another one, a reload, a change of language, a server that began anew."""
    at = AppTest.from_file(str(ROOT / "pages/shell.py"), default_timeout=60)
    at.user = {"sub": sub}
    at.context = {"locale": "zh-CN", "timezone": "Asia/Shanghai"}
    at.run()
    at.switch_page(page)
    for name, value in query.items():
        at.query_params[name] = value
    return again(at.run())


def again(at: AppTest) -> AppTest:
    assert not at.exception, at.exception
    return at


def choose(at: AppTest, key: str, value: str) -> AppTest:
    field = next(each for each in at.get("button_group") if each.key == key)
    return again(field.set_value([value] if isinstance(field.value, list) else value).run())


def chosen(at: AppTest, key: str) -> Any:
    value = next(each for each in at.get("button_group") if each.key == key).value
    return value[0] if isinstance(value, list) else value


# ---- a vote


def voting(place: Village) -> AppTest:
    return window(place.more[place.wei], "prepare.py", proposal=place.proposal_id)


def kept_vote(place: Village) -> dict[str, Any]:
    left = filing.draft(place.actor(place.wei), f"poll:{place.proposal_id}")
    return dict(left.content) if left else {}


def save_vote(place: Village, **content: Any) -> None:
    do(place.actor(place.wei), drafts.save, kind=f"poll:{place.proposal_id}", content=content)


def test_who_votes_and_by_which_figures_is_as_chosen_after_a_reload(place: Village) -> None:
    at = voting(place)
    choose(at, "vote_where", "units")
    again(at.multiselect(key="vote_homes").set_value(place.homes[:2]).run())
    again(at.selectbox(key="vote_rule_yes_no").set_value("custom").run())
    again(at.selectbox(key="vote_turnout").set_value(">= 2/3").run())
    again(at.text_input(key="vote_yes_yes").set_value("三天修好").run())
    at = voting(place)
    assert chosen(at, "vote_where") == "units" and at.multiselect(key="vote_homes").value == place.homes[:2]
    assert at.selectbox(key="vote_rule_yes_no").value == "custom" and at.selectbox(key="vote_turnout").value == ">= 2/3"
    again(at.text_input(key="vote_question").set_value("院里的路修不修？").run())
    again(at.button(key="vote_prepare").click().run())
    with reading(place.community_id) as db:
        poll = db.exec(select(Poll)).one()
        assert poll.scope == "units" and len(db.exec(select(RollEntry).where(RollEntry.poll_id == poll.id)).all()) == 2
    assert kept_vote(place) == {}


def test_a_building_is_kept_and_none_is_chosen_by_itself(place: Village) -> None:
    at = choose(voting(place), "vote_where", "building")
    assert at.selectbox(key="vote_building").value is None
    again(at.button(key="vote_prepare").click().run())
    assert i18n.text("zh-CN", "Choose who votes: an estate, a building, or single homes.") in seen(at)
    again(at.selectbox(key="vote_building").set_value("70").run())
    at = voting(place)
    assert chosen(at, "vote_where") == "building" and at.selectbox(key="vote_building").value == "70"


def test_what_is_not_there_any_more_is_passed_over(place: Village) -> None:
    save_vote(
        place, vote_question="院里的路修不修？", vote_where="units", vote_homes=["gone", place.homes[1]], vote_estate="gone",
        vote_meeting="gone", vote_building="gone", vote_rule_yes_no="gone", vote_method="gone", vote_turnout="gone", vote_nothing="x",
    )  # fmt: skip
    at = voting(place)
    assert at.text_input(key="vote_question").value == "院里的路修不修？" and at.multiselect(key="vote_homes").value == [place.homes[1]]
    assert (at.selectbox(key="vote_estate").value, at.selectbox(key="vote_meeting").value) == (place.estate_id, "")
    save_vote(place, vote_where="building", vote_building="gone")
    assert voting(place).selectbox(key="vote_building").value is None


def test_answers_that_are_out_of_sight_are_not_lost(place: Village) -> None:
    at = choose(voting(place), "vote_method", "choose_one")
    for n, said in enumerate(("铺地砖", "铺沥青")):
        again(at.text_input(key=f"vote_title_{n}").set_value(said).run())
    again(at.button(key="vote_more").click().run())
    again(at.text_input(key="vote_title_2").set_value("先不修").run())
    again(at.button(key="vote_fewer").click().run())
    choose(at, "vote_method", "yes_no")
    again(at.text_input(key="vote_question").set_value("院里的路修不修？").run())
    at = choose(voting(place), "vote_method", "choose_one")
    assert [at.text_input(key=f"vote_title_{n}").value for n in (0, 1)] == ["铺地砖", "铺沥青"]
    again(at.button(key="vote_more").click().run())
    assert at.text_input(key="vote_title_2").value == "先不修"


def test_a_new_option_on_the_table_is_among_the_answers_and_what_was_typed_is_shown(place: Village) -> None:
    at = choose(voting(place), "vote_method", "choose_one")
    again(at.text_input(key="vote_title_0").set_value("铺地砖，红的").run())
    again(at.text_input(key="vote_question").set_value("路怎么铺？").run())
    with working(place.system) as work:
        for n, title in enumerate(("铺沥青", "铺石子")):
            row = Option(
                id=work.new_id(), community_id=place.community_id, proposal_id=place.proposal_id, title=title, description="", position=n,
                added_by=place.huang, at=work.moment,
            )  # fmt: skip
            work.add(row)
            work.record("option.add", row)
    at = voting(place)
    assert [at.text_input(key=f"vote_title_{n}").value for n in (0, 1)] == ["铺沥青", "铺石子"]
    assert at.text_input(key="vote_question").value == "路怎么铺？"
    assert MEANWHILE in seen(at) and "铺地砖，红的" in seen(at)


def test_a_vote_that_is_only_looked_at_keeps_nothing(place: Village) -> None:
    again(voting(place).run())
    assert kept_vote(place) == {}


# ---- a meeting


def changing(room: Room, who: str = "周主任") -> AppTest:
    return window(rooms.signed_in(room, who)[0], "meeting_new.py", id=room.meeting)


def calling(room: Room) -> AppTest:
    return window(rooms.signed_in(room, "周主任")[0], "meeting_new.py")


def moved(room: Room) -> None:
    room.do("吴主持", meetings.change, at=clock.now(), meeting_id=room.meeting, place=PLACE, starts_at=room.begins + timedelta(days=2))


def meeting(room: Room) -> Meeting:
    with reading(HOME) as db:
        return db.get_one(Meeting, room.meeting)


def told(room: Room) -> int:
    with reading(HOME) as db:
        return len(db.exec(select(Message).where(Message.about == f"meeting:{room.meeting}")).all())


def test_an_old_draft_of_a_meeting_reverts_nothing(room: Room) -> None:
    rooms.invited(room)
    at = changing(room)
    again(at.text_input(key="title").set_value("停车线，再议").run())
    again(at.text_input(key="place").set_value("小广场").run())
    moved(room)
    before, at = told(room), changing(room)
    assert at.text_input(key="title").value == "停车线，再议", "nobody else has touched the title"
    assert at.text_input(key="place").value == PLACE and at.date_input(key="day").value == date(2026, 3, 7)
    assert MEANWHILE in seen(at) and "小广场" in seen(at)
    again(at.button(key="convene").click().run())
    now = meeting(room)
    assert (now.title, now.place, now.starts_at) == ("停车线，再议", PLACE, room.begins + timedelta(days=2)) and told(room) == before
    assert filing.draft(room.actor("周主任"), f"meeting:{room.meeting}") is None


def test_a_window_that_lies_open_reverts_nothing_either(room: Room) -> None:
    at = changing(room)
    moved(room)
    again(at.text_input(key="title").set_value("停车线，再议").run())
    assert at.text_input(key="place").value == PLACE
    again(at.button(key="convene").click().run())
    now = meeting(room)
    assert (now.title, now.place, now.starts_at) == ("停车线，再议", PLACE, room.begins + timedelta(days=2))


def test_an_agenda_changed_by_two_is_not_mixed(room: Room) -> None:
    at = changing(room)
    again(at.text_input(key="item_1").set_value("先听划线师傅说").run())
    items = [{"kind": "briefing", "title": "新加的一项", "minutes": 5}, *rooms.AGENDA]
    room.do("吴主持", meetings.change, at=clock.now(), meeting_id=room.meeting, agenda=items)
    at = changing(room)
    assert [at.text_input(key=f"item_{n}").value for n in range(4)] == [each["title"] for each in items]
    assert "先听划线师傅说" in seen(at)


def test_every_field_of_a_meeting_is_there_after_a_reload(room: Room) -> None:
    at = changing(room)
    again(at.date_input(key="day").set_value(date(2026, 3, 20)).run())
    again(at.time_input(key="time").set_value(time(15, 15)).run())
    again(at.selectbox(key="party_2").set_value("experts").run())
    again(at.number_input(key="need_0").set_value(4).run())
    again(at.button(key="agenda_more").click().run())
    again(at.text_input(key="item_3").set_value("下一步").run())
    again(at.number_input(key="minutes_3").set_value(20).run())
    at = changing(room)
    assert (at.date_input(key="day").value, at.time_input(key="time").value) == (date(2026, 3, 20), time(15, 15))
    assert (at.selectbox(key="party_2").value, at.number_input(key="need_0").value) == ("experts", 4)
    assert (at.text_input(key="item_3").value, at.number_input(key="minutes_3").value) == ("下一步", 20)
    again(at.button(key="convene").click().run())
    assert meeting(room).starts_at == clock.utc(rooms.BEGINS.replace(day=20, hour=7, minute=15))


def test_a_meeting_that_is_only_looked_at_keeps_nothing(room: Room) -> None:
    again(changing(room).run())
    again(calling(room).run())
    wei = room.actor("周主任")
    assert filing.draft(wei, f"meeting:{room.meeting}") is None and filing.draft(wei, "meeting") is None


def test_people_and_matters_that_are_gone_are_passed_over(room: Room) -> None:
    content = {"chair": "gone", "matters": ["gone"], "place": "小广场", "about_0": "gone"}
    do(room.actor("周主任"), drafts.save, kind="meeting", content=content)
    at = calling(room)
    assert at.selectbox(key="chair").value == room.people["吴主持"] and at.multiselect(key="matters").value == []
    assert at.text_input(key="place").value == "小广场"


# ---- minutes


def test_minutes_that_another_window_has_written_come_in_where_nobody_typed_and_are_never_written_over(on_sqlite: Engine) -> None:
    room = rooms.now_at("closed", rooms.BEGINS)

    def writing() -> AppTest:
        return window(rooms.signed_in(room, "吴主持")[0], "meeting.py", id=room.meeting)

    def write(at: AppTest, words: str) -> AppTest:
        at.text_area(key="minutes_text").set_value(words)
        return again(at.button(key="minutes_save").click().run())

    quiet, busy = writing(), writing()
    again(busy.text_area(key="minutes_text").set_value("我这边写的另一段话，很长。").run())
    write(writing(), "大家同意先公示，再动工。")
    again(quiet.run())
    assert quiet.text_area(key="minutes_text").value == "大家同意先公示，再动工。"
    write(quiet, "大家同意先公示，再动工，停三天车。")
    write(quiet, "大家同意先公示，再动工，停两天车。")
    assert stored(room) == "大家同意先公示，再动工，停两天车。"
    write(busy, "我这边写的另一段话，很长，再加一句。")
    assert stored(room) == "大家同意先公示，再动工，停两天车。"
    assert i18n.text("zh-CN", WRITTEN) in seen(busy)


def stored(room: Room) -> str:
    with reading(HOME) as db:
        return db.exec(select(Minutes).where(Minutes.meeting_id == room.meeting)).one().text


# ---- the chair's table


def test_who_promises_and_by_when_is_there_after_a_reload(on_sqlite: Engine) -> None:
    room = rooms.now_at("item", rooms.BEGINS)

    def table() -> AppTest:
        return window(rooms.signed_in(room, "吴主持")[0], "chair.py", m=room.code)

    at = again(table().run())
    name = f"meeting.table:{room.meeting}"
    assert filing.draft(room.actor("吴主持"), name) is None
    choose(at, "deed_who", "施工方")
    again(at.date_input(key="deed_due").set_value(date(2026, 4, 1)).run())
    choose(at, "reason_side", "con")
    at = table()
    assert (chosen(at, "deed_who"), at.date_input(key="deed_due").value) == ("施工方", date(2026, 4, 1)) and chosen(
        at, "reason_side"
    ) == "con"
    gone = {"deed_who": "gone", "deed_due": {"day": "2026-01-01"}, "deed_text": "贴出图来", "reason_option": "gone", "deed_matter": "gone"}
    do(room.actor("吴主持"), drafts.save, kind=name, content=gone)
    at = table()
    assert at.text_input(key="deed_text").value == "贴出图来" and chosen(at, "deed_who") == "居民代表"
    assert at.date_input(key="deed_due").value == date(2026, 1, 1), "a day that was typed stays; the command refuses it"
