"""The register takes rolls from a table: broken rows and doubtful ones shown before anything is written; the log hands out the evidence."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.people import Person
from services import db
from services.exchange.sheets import XLSX, xlsx_file
from services.reads import register_ground
from tests.fixtures.apptest import seen
from tests.fixtures.neighbours import COMMUNITY, Neighbours
from tests.fixtures.run import ROOT

LANGUAGES = ("zh-CN", "en")
HEADS = ["楼号", "房号", "面积", "业主", "是否交付"]


def look(neighbours: Neighbours, page: str, who: str, language: str, part: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "pages/shell.py"), default_timeout=30)
    at.user = {"sub": neighbours.login(who)}
    at.context = {"locale": language, "timezone": "Asia/Shanghai"}
    at.run()
    at.switch_page(page)
    at.query_params["part"] = part
    at.run()
    assert not at.exception, at.exception
    return at


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_roll_in_a_workbook(neighbours_sqlite: Neighbours, language: str) -> None:
    committee = neighbours_sqlite.actor("committee")
    at = look(neighbours_sqlite, "register.py", "committee", language, "homes")
    wrong = xlsx_file("名册", HEADS, [["2", "101", Decimal("80.5"), "孙立", "是"], ["1", "101", Decimal("99"), "王阿姨", "是"]])
    at.file_uploader(key="units_file").upload("roll.xlsx", wrong, XLSX).run()
    said = seen(at)
    assert ("不一致" if language == "zh-CN" else "The register has 87.52 m²") in said and "面积" in said
    assert not any(each.key == "units_take" for each in at.button)
    at.file_uploader(key="units_file").set_value(None).run()
    right = xlsx_file("名册", HEADS, [["2", "101", Decimal("80.5"), "孙立", "是"], ["2", "102", Decimal("60"), "何静", "否"]])
    at.file_uploader(key="units_file").upload("roll.xlsx", right, XLSX).run()
    said = seen(at)
    assert "孙立" in said and ("还没有交给" if language == "zh-CN" else "Not handed over to 何静 yet") in said
    assert register_ground.units(committee).total == 3, "a look writes nothing"
    at.button(key="units_take").click().run()
    assert not at.exception and register_ground.units(committee).total == 5
    with db.reading(COMMUNITY) as session:
        names = set(session.exec(select(Person.name)).all())
    assert {"孙立", "建设单位"} <= names and "何静" not in names


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ["committee", "supervisor", "administrator"])
def test_the_log_hands_out_the_evidence(neighbours_sqlite: Neighbours, who: str, language: str) -> None:
    at = look(neighbours_sqlite, "admin.py", who, language, "log")
    said = "".join(str(each.body) for each in at.get("html"))
    assert 'href="/export/evidence.zip"' in said and ("验证" if language == "zh-CN" else "as ZIP") in said
