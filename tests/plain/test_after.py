"""After the vote on plain pages: evaluation for old phones, notices for paper, the feed, a story for paper, files of the outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.evaluation import Evaluation, EvaluationAnswer
from pages.plain import communities, evaluate, front, matter_sheet, notice, outcome_files, way_in
from services import assets, clock, notices
from services.db import reading
from services.exchange.atom import SPACE
from services.guard import Guard
from tests.fixtures.case import Case, play
from tests.fixtures.moment import around

ROUTES = [*front.routes, *communities.routes, *way_in.routes, *evaluate.routes, *notice.routes, *matter_sheet.routes, *outcome_files.routes]


@pytest.fixture(autouse=True)
def _clock(on_sqlite: Engine) -> Iterator[None]:
    yield
    clock.follow(timedelta)


def at(moment: datetime) -> None:
    around(moment)


def browser(case: Case, who: str = "", language: str = "zh-CN") -> TestClient:
    headers = {"accept": "text/html", "accept-language": language}
    made = TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", follow_redirects=False, headers=headers)
    made.get("/lang/" + language)
    if who:
        made.cookies.set("yiqi", case.token(who), domain="localhost.local", path="/")
    return made


def token(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found, page
    return found[1]


def evaluation(case: Case) -> str:
    with reading(case.community_id) as db:
        return db.exec(select(Evaluation.id).where(Evaluation.proposal_id == case.ids["round1"])).one()


def test_an_evaluation_on_an_old_phone() -> None:
    case = play("at: 2026-05-17T00:00")
    at(case.moment + timedelta(hours=1))
    address = f"/evaluate/{evaluation(case)}"
    assert browser(case).get(address).status_code == 403
    assert browser(case, "zhao").get(address).status_code == 403
    assert browser(case, "cao").get("/evaluate/nothing000000000").status_code == 404
    web = browser(case, "xiao")
    page = web.get(address)
    assert page.status_code == 200 and len(page.content) + len(assets.all_assets()["keep.js"].body) <= 15_000
    assert page.text.count("<script") == page.text.count('<script src="/assets/keep.js?') == 1
    empty = web.post(address, data={"token": token(page.text), "text": "路平了。", "home": case.actor("xiao").units[0]})
    assert empty.status_code == 422 and empty.text.count('class="er"') == 2 and "路平了。" in empty.text
    given = {"token": token(page.text), "score": "4", "solved": "yes", "text": "路平了。", "home": case.actor("xiao").units[0]}
    sent = web.post(address, data=given)
    assert sent.status_code == 303 and sent.headers["location"].startswith(f"{address}?done=1")
    assert "谢谢您" in web.get(sent.headers["location"]).text
    assert 'value="4" checked' in web.get(address).text
    with reading(case.community_id) as db:
        row = db.exec(select(EvaluationAnswer).where(EvaluationAnswer.person_id == case.people["xiao"])).one()
        assert (row.score, row.solved, row.text) == (4, True, "路平了。")
    at(case.moment + timedelta(days=20))
    assert "评价已经截止" in web.get(address).text
    late = web.post(address, data=given)
    assert late.status_code == 409 and "路平了。" in late.text and "评价已经截止" in late.text
    english = browser(case, "du", "en").get(address)
    assert "This evaluation has ended." in english.text


def test_a_notice_for_paper_names_nobody_and_carries_the_digits() -> None:
    case = play("do: notices.rule")
    at(case.moment + timedelta(hours=1))
    for language in ("zh-CN", "en"):
        page = browser(case, "li", language).get(f"/notice/{case.ids['notice1']}")
        assert page.status_code == 200 and "陈玉梅" not in page.text and "晾衣架离一楼窗户太近。" in page.text
        assert ("校验码" if language == "zh-CN" else "check digits") in page.text and "<script" not in page.text
        assert f'lang="{language}"' in page.text
    assert browser(case).get("/notice/nothing000000000").status_code == 404


def test_a_notice_for_paper_says_that_an_objection_waits_and_where_the_matter_is_found() -> None:
    case = play("do: notices.rule")
    at(case.moment + timedelta(days=30))
    for language, waits in (("zh-CN", "天数已到，还有异议在答复"), ("en", "its days are over; an objection is being ruled on")):
        page = browser(case, "li", language).get(f"/notice/{case.ids['notice1']}").text
        assert waits in page and "/proposal?id=" in page.partition("<footer>")[2]


def test_the_feed_is_sound_and_names_its_community() -> None:
    case = play()
    at(case.moment + timedelta(days=1))
    answer = browser(case).get("/feeds/decisions.atom?c=huating")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{{{SPACE}}}entry")
    assert len(entries) == 4 and len({each.findtext(f"{{{SPACE}}}id") for each in entries}) == 4
    assert all((each.find(f"{{{SPACE}}}link").get("href") or "").startswith("http://localhost:8501/c/huating?next=/") for each in entries)  # type: ignore[union-attr]
    assert browser(case).get("/feeds/decisions.atom?c=nowhere").status_code == 404


@pytest.mark.parametrize(("language", "says", "why"), [("zh-CN", "公示撤回，退回再议：", "采纳了一条异议"), ("en", "Taken back", "was upheld on")])
def test_the_feed_says_that_a_decision_was_taken_back(language: str, says: str, why: str) -> None:
    case = play("do: notices.rule")
    at(case.moment + timedelta(hours=1))
    case.do("wei", notices.rule, objection_id=case.ids["objection1"], ruling="upheld", reply="确实太近，再议一次。")
    feed = ElementTree.fromstring(browser(case, "", language).get("/feeds/decisions.atom?c=huating").content)
    newest = feed.findall(f"{{{SPACE}}}entry")[0]
    assert (newest.findtext(f"{{{SPACE}}}title") or "").startswith(says)
    said = newest.findtext(f"{{{SPACE}}}summary") or ""
    assert why in said and "24:00" not in said


def test_the_story_for_paper() -> None:
    case = play()
    at(case.moment + timedelta(days=1))
    page = browser(case).get(f"/paper/proposal/{case.ids['round1']}")
    assert page.status_code == 200 and "李秀英" not in page.text and "李**" in page.text and "校验码" in page.text
    assert "李秀英" in browser(case, "wang").get(f"/paper/proposal/{case.ids['round1']}").text
    assert browser(case).get("/paper/proposal/nothing000000000").status_code == 404


def test_the_rows_behind_the_outcomes_as_files() -> None:
    case = play()
    at(case.moment + timedelta(days=1))
    web = browser(case)
    lines = web.get("/export/outcomes.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3 and lines[1].startswith("T-2026-0002,停车线怎么画") and lines[0].startswith("编号")
    assert len(web.get("/export/outcomes.csv?period=2025").content.decode("utf-8-sig").splitlines()) == 1
    sheet = load_workbook(BytesIO(web.get("/export/outcomes.xlsx").content)).active
    assert sheet is not None and (sheet.max_row, sheet.cell(3, 1).value) == (3, "T-2026-0001")
