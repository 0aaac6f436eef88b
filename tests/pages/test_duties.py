"""Duties on the pages: another chair named while a meeting runs, an evaluation that another round has ended, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from models.meeting import Meeting
from models.people import RoleHeld
from models.vocabulary import Role
from services import clock, proposals, roles
from tests.fixtures import room as rooms
from tests.fixtures.apptest import seen
from tests.fixtures.case import play
from tests.pages.test_room import LANGUAGES, look, one, press


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_committee_names_another_chair_while_the_meeting_runs(on_sqlite: Engine, language: str) -> None:
    room = rooms.now_at("item")
    at = look(room, "meeting.py", "周主任", language, id=room.meeting)
    nobody = "没有别的主持人了" if language == "zh-CN" else "Nobody else holds the chair’s role."
    assert nobody in seen(at)
    room.do("管理员", roles.grant, person_id=room.people["刘书记"], role="chair")
    room.do("管理员", roles.end, held_id=one(RoleHeld, person_id=room.people["吴主持"], role=Role.CHAIR).id)
    said = seen(look(room, "meeting.py", "王阿姨", language, id=room.meeting))
    lost = "这场会现在没有主持人" if language == "zh-CN" else "Nobody chairs this meeting now."
    assert lost not in said
    at = look(room, "chair.py", "吴主持", language, m=room.code)
    assert not any(str(each.key).startswith("next-") for each in at.button)
    at = look(room, "meeting.py", "周主任", language, id=room.meeting)
    assert lost in seen(at)
    press(at, "hand_over")
    assert one(Meeting).chair_id == room.people["刘书记"]
    assert lost not in seen(look(room, "meeting.py", "周主任", language, id=room.meeting))
    at = look(room, "chair.py", "刘书记", language, m=room.code)
    press(at, "next-2")
    assert one(Meeting).position == 3


def test_who_made_the_roll_is_refused_in_place(on_sqlite: Engine) -> None:
    room = rooms.now_at("vote", datetime.now(UTC) - timedelta(minutes=1))
    room.do("管理员", roles.grant, person_id=room.people["周主任"], role="chair")
    at = look(room, "meeting.py", "刘书记", id=room.meeting)
    press(at, "hand_over")
    assert "造的人不能计票" in seen(at) and one(Meeting).chair_id == room.people["吴主持"]


@pytest.mark.parametrize(("language", "told"), [("zh-CN", "开启了第 3 轮"), ("en", "Round 3 was opened meanwhile")])
def test_the_story_tells_that_another_round_ended_the_evaluation(on_sqlite: Engine, language: str, told: str) -> None:
    from tests.pages.test_after import look as look_after

    case = play("at: 2026-06-01T09:00")
    with case.later(minutes=5):
        case.do(
            "wei", proposals.reopen, proposal_id=case.ids["round2"], title="车位线再议", problem="画好的线太窄，有的车还是停不进去。",
            plan="请大家再坐下来商量一次。", reason="住户说还是难停。",
        )  # fmt: skip
        at = look_after(case, "proposal.py", "li", language, id=case.ids["round2"])
        assert told in seen(at), clock.now()
