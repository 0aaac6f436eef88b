"""A community of many estates, as a sub-district of 110 000 people has them: the forms that ask which one stay light."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.plain import front, propose, report
from pages.plain.parts import LIGHT
from services import register
from services.guard import Guard
from services.work import working
from tests.fixtures.neighbours import Neighbours

ROUTES = [*front.routes, *report.routes, *propose.routes]
MANY = 60


@pytest.mark.parametrize("address", ["/report", "/propose"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_forms_that_ask_for_the_estate(neighbours_sqlite: Neighbours, language: str, address: str) -> None:
    with working(neighbours_sqlite.system) as work:
        for n in range(MANY):
            register.add_estate(work, name=f"华亭路{n:02d}弄第二小区")
        work.record("register.change")
    web = TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", headers={"accept": "text/html"})
    web.cookies.set("yiqi", neighbours_sqlite.token("resident"))
    web.cookies.set("yiqi-lang", language)
    page = web.get(address)
    assert page.text.count("<option") > MANY and len(page.content) <= LIGHT, len(page.content)
