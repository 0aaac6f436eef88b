"""What the chair types beside the steering: options, reasons and whose they are, commitments and whose, and how they are taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from models.meeting import Argument, Commitment, Option
from models.vocabulary import Party
from services import clock, meetings
from tests.fixtures import room as rooms
from tests.fixtures.apptest import seen
from tests.fixtures.moment import around, onward_from
from tests.fixtures.room import BEGINS
from tests.pages.test_room import LANGUAGES, again, look, one, press, submit


@pytest.fixture(autouse=True)
def _a_morning(on_sqlite: Engine) -> Iterator[None]:
    onward_from(BEGINS)
    yield
    clock.follow(timedelta)


def pills(at: AppTest, key: str) -> Any:
    return at.button_group(key=key)


def chips(at: AppTest, key: str) -> set[str]:
    """What stands on the buttons of this choice."""
    return set(pills(at, key).options)


def test_what_the_chair_types_is_noted_and_what_is_wrong_is_kept(on_sqlite: Engine) -> None:
    room = rooms.now_at("item", BEGINS)
    at = look(room, "chair.py", "吴主持", m=room.code)
    at.text_area(key="option_about").set_value("一次做完")
    again(submit(at, "放到桌上").run())
    assert "这里是空的" in seen(at) or "请" in seen(at)
    assert at.text_area(key="option_about").value == "一次做完"
    at.text_input(key="option_title").set_value("都不画")
    again(submit(at, "放到桌上").run())
    assert one(Option, title="都不画").description == "一次做完"
    at.text_area(key="reason_text").set_value("省下的钱修路灯")
    again(submit(at, "记下").run())
    assert one(Argument, text="省下的钱修路灯") is None and at.text_area(key="reason_text").value == "省下的钱修路灯", "nobody said it yet"
    pills(at, "reason_who").set_value("居民代表")
    again(submit(at, "记下").run())
    assert one(Argument, text="省下的钱修路灯").party is Party.RESIDENTS and pills(at, "reason_who").value is None
    at.text_input(key="deed_text").set_value("贴出图来")
    again(submit(at, "记下承诺").run())
    made = one(Commitment, deed="贴出图来")
    assert made is not None and made.label == "居民代表"
    press(at, f"strike-{made.id}")
    assert one(Commitment, deed="贴出图来").withdrawn_at is not None


def test_a_promise_is_somebodys_where_the_chair_knows_whose(on_sqlite: Engine) -> None:
    room = rooms.now_at("item", BEGINS)
    at = look(room, "chair.py", "吴主持", m=room.code)
    assert chips(at, "deed_person") == {"王阿姨", "李师傅"}
    pills(at, "deed_person").set_value(room.people["王阿姨"]).run()
    again(pills(at, "deed_who").set_value("施工方").run())
    assert chips(at, "deed_person") == {"郑工"} and pills(at, "deed_person").value is None, "who was chosen is of another party"
    pills(at, "deed_person").set_value(room.people["郑工"])
    at.text_input(key="deed_text").set_value("重画 26 个车位")
    again(submit(at, "记下承诺").run())
    assert one(Commitment).person_id == room.people["郑工"] and "郑工" in seen(at)
    assert pills(at, "deed_person").value is None
    at.text_input(key="deed_text").set_value("先贴出图")
    again(submit(at, "记下承诺").run())
    assert (made := one(Commitment, deed="先贴出图")).person_id is None and made.label == "施工方"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chair_takes_a_reason_back_after_being_asked(on_sqlite: Engine, language: str) -> None:
    room = rooms.now_at("item", BEGINS)
    first = one(Argument, text="车位看得清楚")
    at = look(room, "chair.py", "吴主持", language, m=room.code)
    at.text_area(key="reason_text").set_value("省下的钱修路灯")
    press(at, f"back-{first.id}")
    press(at, f"keep-{first.id}")
    assert one(Argument, id=first.id).withdrawn_at is None
    around(tapped := clock.now())
    press(at, f"back-{first.id}")
    press(at, f"gone-{first.id}")
    assert one(Argument, id=first.id).withdrawn_at is None, "a double tap takes nothing back"
    onward_from(tapped + timedelta(seconds=1))
    press(at, f"gone-{first.id}")
    assert one(Argument, id=first.id).withdrawn_at is not None
    assert f"back-{first.id}" not in {each.key for each in at.button} and "要停三天车" in seen(at)
    assert at.text_area(key="reason_text").value == "省下的钱修路灯"


def test_what_the_chair_has_begun_to_type_survives_a_switch_of_language(on_sqlite: Engine) -> None:
    room = rooms.now_at("item", BEGINS)
    at = look(room, "chair.py", "吴主持", m=room.code)
    at.text_input(key="option_title").set_value("都不画").run()
    at.number_input(key="option_cost").set_value(300).run()
    at.text_input(key="deed_text").set_value("贴出图来").run()
    at = look(room, "chair.py", "吴主持", m=room.code)  # a new page, as after the switch
    kept = (at.text_input(key="option_title").value, at.number_input(key="option_cost").value, at.text_input(key="deed_text").value)
    assert kept == ("都不画", 300, "贴出图来")
    again(submit(at, "放到桌上").run())
    assert look(room, "chair.py", "吴主持", m=room.code).text_input(key="option_title").value == ""


def test_the_tablet_of_a_meeting_that_was_called_off_says_so(on_sqlite: Engine) -> None:
    room = rooms.now_at("lobby", BEGINS)
    at = look(room, "chair.py", "吴主持", m=room.code)
    room.do("周主任", meetings.cancel, at=clock.now(), meeting_id=room.meeting, reason="礼堂停电")
    said = seen(press(at, "next-0"))
    assert "这场会取消了。" in said and "礼堂停电" in said and not [each for each in at.button if (each.key or "").startswith("next")]
