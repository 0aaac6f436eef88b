"""A notice whose days are over says so wherever the matter stands, in the same words: the stage moves on with the next act only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.meeting import Meeting
from models.notice import Notice, Objection
from pages.plain.routes import ROUTES
from services import addresses, clock
from services.actors import system
from services.guard import Guard
from services.reads.proposals import listed
from services.work import working
from tests.fixtures import room as rooms
from tests.fixtures.apptest import opened, seen
from tests.fixtures.case import Case, play
from tests.fixtures.moment import around


@pytest.fixture
def case(on_sqlite: Engine) -> Iterator[Case]:
    """The real case some days after its notice ended, before the works were started."""
    case = play("at: 2026-04-08T10:00")
    around(datetime(2026, 4, 8, 1, 50, tzinfo=UTC))
    yield case
    clock.follow(timedelta)


@pytest.mark.parametrize(("language", "over", "not_so"), [("zh-CN", "公示期满", "公示中"), ("en", "notice ended", "Notice")])
@pytest.mark.parametrize("page", ["home.py", "me.py", "proposals.py", "proposal.py", "outcomes.py"])
def test_a_notice_that_is_over_says_so_on_every_page(case: Case, page: str, language: str, over: str, not_so: str) -> None:
    to = {"id": case.ids["round1"]} if page == "proposal.py" else {}
    said = seen(opened(case.login("li"), page, language, **to)).replace("\u00a0", " ").lower()
    assert over in said, said
    if page in ("me.py", "proposals.py"):
        assert f">{not_so.lower()}<" not in said and (language == "en" or not_so not in said)


def over(case: Case) -> bool:
    (row,) = [row for row in listed(case.actor("li")).rows if row.id == case.ids["round1"]]
    return row.over


def test_not_before_its_time_and_not_while_an_objection_waits(case: Case) -> None:
    assert over(case)
    around(datetime(2026, 4, 1, 1, 50, tzinfo=UTC))
    assert not over(case)
    with working(case.system) as work:
        notice = work.fetch(Notice, case.ids["notice1"])
        work.add(
            Objection(
                id=work.new_id(), community_id=case.community_id, notice_id=notice.id, author_id=case.people["du"],
                text="离窗户太近了。", at=datetime(2026, 4, 1, tzinfo=UTC),
            )  # fmt: skip
        )
        work.record("objection.lodge")
    around(datetime(2026, 4, 8, 1, 50, tzinfo=UTC))
    assert not over(case)


@pytest.mark.parametrize("file", ["proposals.csv", "outcomes.csv"])
def test_files_say_it_too(case: Case, file: str) -> None:
    desk = TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", headers={"accept-language": "zh-CN"})
    desk.cookies.set(addresses.LOGIN, case.token("wei"))
    text = desk.get(f"/export/{file}").text
    assert "公示期满" in text and "公示中" not in text


@pytest.mark.parametrize(("language", "begins"), [("zh-CN", "明天 00:00 开始"), ("en", "tomorrow 00:00")])
def test_what_begins_at_midnight_begins_on_the_new_day(on_sqlite: Engine, language: str, begins: str) -> None:
    room = rooms.seated()
    around(rooms.BEGINS)
    with working(system(rooms.HOME)) as work:
        work.fetch(Meeting, room.meeting).starts_at = datetime.combine(rooms.BEGINS.date(), time(16), UTC)  # 24:00 in Shanghai
        work.record("meeting.change")
    said = seen(opened(rooms.signed_in(room, "王阿姨", rooms.BEGINS)[0], "home.py", language)).replace("\u00a0", " ")
    clock.follow(timedelta)
    assert begins in said and "24:00" not in said
