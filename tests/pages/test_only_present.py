"""Under a rule that counts those present, the others read why they cannot answer: on the phone, on the paper, on the page of the vote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.plain.routes import ROUTES
from services import addresses, clock
from services.guard import Guard
from tests.fixtures import room as rooms
from tests.fixtures.apptest import opened, seen
from tests.fixtures.moment import around
from tests.fixtures.room import BEGINS
from tests.services.test_only_present import voting


@pytest.fixture(autouse=True)
def _a_morning(on_sqlite: Engine) -> Iterator[None]:
    around(BEGINS)
    yield
    clock.follow(timedelta)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(("name", "there"), [("王阿姨", True), ("赵奶奶", False)])
def test_only_who_was_there_finds_a_way_to_vote(name: str, there: bool, language: str) -> None:
    why = "这次表决只算到会的人，您家没有签到。" if language == "zh-CN" else "your home is not among them."
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
    listed = seen(opened(login, "polls.py", language))
    assert (("您家还没投" if language == "zh-CN" else "Your vote is missing") in listed) is there
