"""The page to file a proposal and the concern it comes of: never mixed with other words, let go of when it cannot be taken up any more."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from models.concern import Concern
from models.proposal import Proposal, ProposalDraft
from models.vocabulary import ConcernStage
from services import concerns
from services.work import do
from tests.fixtures.intake import one, said
from tests.fixtures.neighbours import Neighbours
from tests.plain.test_propose import GIVEN, send, web  # noqa: F401 - a fixture
from tests.plain.test_report import hidden, rows


@pytest.mark.parametrize(("language", "says"), [("zh-CN", "照样交，不再和它连着"), ("en", "is filed without it")])
def test_a_concern_that_was_closed_meanwhile_is_let_go_of(web: TestClient, neighbours_sqlite: Neighbours, language: str, says: str) -> None:  # noqa: F811
    web.cookies.set("yiqi-lang", language)
    concern = said(neighbours_sqlite, "resident")
    form = hidden(web.get(f"/propose?concern={concern.id}").text) | GIVEN | {"estate_id": neighbours_sqlite.estate}
    assert form["concern_id"] == concern.id
    web.post("/propose", data=form | {"do": "keep"})
    do(neighbours_sqlite.actor("committee"), concerns.answer, concern_id=concern.id, text="已经处理好了，谢谢您。")
    do(neighbours_sqlite.actor("committee"), concerns.close, concern_id=concern.id, text="修好了，谢谢。")
    late = web.post("/propose", data=form | {"do": "send"})
    assert late.status_code == 409 and GIVEN["title"] in late.text and hidden(late.text)["concern_id"] == ""
    page = web.get("/propose").text
    assert says in page and hidden(page)["concern_id"] == "" and GIVEN["title"] in page
    assert send(web, neighbours_sqlite, **GIVEN).status_code == 303
    (made,) = rows(Proposal)
    assert made.concern_id is None and one(Concern, concern.id).stage is ConcernStage.CLOSED


def test_what_was_written_before_is_not_filed_for_another_concern(web: TestClient, neighbours_sqlite: Neighbours) -> None:  # noqa: F811
    send(web, neighbours_sqlite, **GIVEN | {"do": "keep", "place": ""})
    concern = said(neighbours_sqlite, "resident")
    page = web.get(f"/propose?concern={concern.id}").text
    assert hidden(page)["concern_id"] == "" and GIVEN["title"] in page and concern.place not in page
    assert f"从诉求 {concern.number} 重新写" in page.replace("\u00a0", " ")
    again = re.search(r'<form action="([^"]+)"[^>]*><input type="hidden" name="token" value="([^"]+)"><button[^>]*value="forget"', page)
    assert again and again[1] == f"/propose?concern={concern.id}"
    anew = web.post(again[1], data={"token": again[2], "do": "forget"})
    assert anew.headers["location"] == again[1] and not rows(ProposalDraft)
    page = web.get(again[1]).text
    assert hidden(page)["concern_id"] == concern.id and concern.place in page and GIVEN["title"] not in page


def test_a_draft_can_be_thrown_away_and_an_empty_form_offers_nothing_to_throw(web: TestClient, neighbours_sqlite: Neighbours) -> None:  # noqa: F811
    assert 'value="forget"' not in web.get("/propose").text
    send(web, neighbours_sqlite, **GIVEN | {"do": "keep"})
    page = web.get("/propose").text
    assert 'value="forget"' in page
    web.post("/propose", data={"token": hidden(page)["token"], "do": "forget"})
    assert not rows(ProposalDraft) and GIVEN["title"] not in web.get("/propose").text
