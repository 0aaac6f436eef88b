"""What is reported, filed, answered and judged on a phone stays light too; only the writer's own words come on top, in the form that gives them back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from markupsafe import escape
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.plain import parts
from pages.plain.routes import ROUTES
from services import addresses, concerns, proposals
from services.guard import Guard
from services.work import do
from tests.fixtures.intake import said, wished
from tests.fixtures.neighbours import Neighbours
from tests.plain.test_light import LIMIT, WORDS, all_of, fit, long

RECEIPT = {"category": "safety", "place": "坡" * 120}


def browser(language: str = "zh-CN") -> TestClient:
    headers = {"accept": "text/html", "accept-language": language}
    made = TestClient(Guard(Starlette(routes=ROUTES), ROUTES), base_url="http://localhost:8501", follow_redirects=False, headers=headers)
    made.get("/lang/" + language)
    return made


@pytest.fixture
def phone(neighbours_sqlite: Neighbours) -> Any:
    made = browser()
    made.cookies.set(addresses.LOGIN, neighbours_sqlite.token("resident"))
    return made


def words(page: str) -> str:
    return re.sub(r"\s|\u00a0", "", unescape(re.sub(r"<[^>]+>", "", page)))


def bare(typed: str) -> str:
    return re.sub(r"\s|\u00a0", "", typed)


def given(page: Any, **fields: str) -> dict[str, str]:
    hidden = dict(re.findall(r'name="(token|form)" value="([^"]+)"', page.text))
    return hidden | fields


@pytest.mark.parametrize(
    "typed", ["", "一句。", "没有句号的话" * 900, "one two three " * 300, "。" * 900, "行\n" * 700, "\"<&>'" * 400, "a" * 2000]
)
def test_what_is_cut_is_whole_again_and_every_part_fits(typed: str) -> None:
    made = parts.cut(typed)
    assert "".join(made) == typed and all(0 < len(escape(each).encode()) <= parts.SHEET for each in made)


def test_it_is_cut_after_a_sentence_or_between_words() -> None:
    assert all(each.endswith("。") for each in parts.cut(("一" * 150 + "。") * 40))
    assert all(each.endswith(" ") for each in parts.cut("word " * 4000))


@pytest.mark.parametrize("made_of", WORDS)
def test_what_others_said_the_same(phone: Any, neighbours_sqlite: Neighbours, made_of: str) -> None:
    told = [long(made_of, 2000, f"{n}坡道口停满外卖车轮椅上不去") for n in range(3)]
    for text in told:
        said(neighbours_sqlite, "neighbour", text=text)
    form = phone.get("/report")
    mine = long(made_of, 2000, "坡道口停满外卖车轮椅上不去")
    sent = phone.post("/report", data=given(form, text=mine, do="send", estate_id=neighbours_sqlite.estate, **RECEIPT))
    assert sent.headers["location"] == "/report/similar"
    page = fit(phone.get("/report/similar"))
    assert page.count("…") == 4
    ways = re.findall(r'href="(/report/similar\?read=\w+)"', page)
    assert len(ways) == 3
    shown = [words("".join(re.findall(r'class="ut"[^>]*>(.*?)</span>', all_of(phone, way), re.S))) for way in ways]
    assert sorted(shown) == sorted(bare(text) for text in told)


@pytest.mark.parametrize("made_of", WORDS)
def test_ones_own_draft_is_all_that_comes_on_top(phone: Any, neighbours_sqlite: Neighbours, made_of: str) -> None:
    mine = long(made_of, 2000)
    form = phone.get("/report")
    phone.post("/report", data=given(form, text=mine, do="send", estate_id="", category="", place="坡" * 120))
    page = phone.get("/report")
    assert str(escape(mine)) in page.text.replace("\u00a0", " ")
    assert len(page.content) - len(escape(mine).encode()) < LIMIT


@pytest.mark.parametrize("made_of", WORDS)
def test_ones_own_proposal_that_came_back(phone: Any, neighbours_sqlite: Neighbours, made_of: str) -> None:
    n = neighbours_sqlite
    own = {"problem": long(made_of, 2000), "plan": long(made_of, 2000), "title": long(made_of, 60), "place": long(made_of, 120)}
    made = wished(n, **own)
    why = long(made_of, 1000)
    do(n.actor("committee"), proposals.send_back, proposal_id=made.id, reason=why)
    page = phone.get(f"/propose?id={made.id}")
    assert page.status_code == 200
    assert len(page.content) - sum(len(escape(text).encode()) for text in own.values()) < LIMIT
    way = re.search(r'href="(/propose\?id=\w+&amp;reason=1)"', page.text)
    assert way, "the rest of the reason is a link away"
    shown = "".join(re.findall(r'class="ut"[^>]*>(.*?)</span>', all_of(phone, way[1].replace("&amp;", "&")), re.S))
    assert words(shown) == bare(why)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("made_of", WORDS)
def test_a_receipt_with_a_long_answer(neighbours_sqlite: Neighbours, made_of: str, language: str) -> None:
    n = neighbours_sqlite
    text, answer = long(made_of, 2000, "问"), long(made_of, 2000, "答")
    concern = said(n, "resident", text=text)
    do(n.actor("committee"), concerns.answer, concern_id=concern.id, text=answer)
    phone = browser(language)
    page = fit(phone.get(f"/concern/{concern.receipt}"))
    way = re.search(r'href="(/concern/\w+\?all=1)"', page)
    assert way and page.count("…") == 2
    shown = "".join(re.findall(r'class="ut"[^>]*>(.*?)</span>', all_of(phone, way[1]), re.S))
    assert words(shown) == bare(answer) + bare(text)


def test_a_short_one_needs_no_sheets(neighbours_sqlite: Neighbours) -> None:
    concern = said(neighbours_sqlite, "resident")
    page = fit(browser().get(f"/concern/{concern.receipt}"))
    assert "?all=1" not in page and "坡道口停满外卖车" in page
