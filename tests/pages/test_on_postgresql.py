"""Every page of the navigation on PostgreSQL too, which refuses what SQLite lets through; the other tests of pages run on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from pages.kit.frame import NAV
from services import clock
from tests.fixtures.apptest import seen
from tests.fixtures.case import play
from tests.fixtures.moment import around
from tests.fixtures.run import ROOT
from tests.pages.test_every_page import rounds

ODD = ("\x00", "²", "x" * 300, "' OR 1=1 --", "%", "99999999999999999999")


@pytest.fixture(autouse=True)
def _clock(on_postgresql: Engine) -> Iterator[None]:
    yield
    clock.follow(timedelta)


@pytest.mark.parametrize("who", ["", "li", "wei", "huang", "sun", "admin"])
def test_every_page_opens(who: str) -> None:
    case = play("at: 2026-05-13T09:00")
    around(case.moment + timedelta(hours=1))
    for page, at in rounds(case, who, "zh-CN"):
        assert not at.exception and "出了点问题" not in seen(at), page


def test_odd_words_in_an_address_are_answered_by_every_page() -> None:
    case = play("at: 2026-05-13T09:00")
    around(case.moment + timedelta(hours=1))
    at = AppTest.from_file(str(ROOT / "pages/shell.py"), default_timeout=60)
    at.user = {"sub": case.login("wei")}
    at.context = {"locale": "zh-CN", "timezone": "Asia/Shanghai"}
    at.run()
    for item in NAV:
        for odd in ODD:
            at.switch_page(item.file)
            at.query_params.clear()
            for name in ("id", "m", "proposal", "meeting", "item", "concern", "search", "page", "step", "part", "do"):
                at.query_params[name] = odd
            at.run()
            assert not at.exception and "出了点问题" not in seen(at), (item.name, odd)
