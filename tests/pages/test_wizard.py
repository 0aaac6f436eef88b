"""The wizard for proposals: nothing is lost by reload, restart or another device; every reason in its place; filed once, completed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from models.file import StoredFile
from models.proposal import Proposal, ProposalDraft, ProposalSupport
from models.vocabulary import Stage
from services import clock, communities, concerns, db, drafts, files, filing, proposals
from services.reads.filing import draft_files
from services.work import do
from tests.fixtures.apptest import html
from tests.fixtures.intake import NOON, PDF, WISH, Look, address, press, rows, said, seen, wished
from tests.fixtures.moment import around
from tests.fixtures.neighbours import Neighbours
from tests.services.test_files import picture

LANGUAGES = ("zh-CN", "en")


@pytest.fixture(autouse=True)
def _noon(neighbours_sqlite: Neighbours) -> Iterator[None]:
    around(NOON)
    yield
    clock.follow(timedelta)


@pytest.fixture
def look(neighbours_sqlite: Neighbours) -> Look:
    return Look(neighbours_sqlite)


def fill(at: AppTest, **typed: str) -> AppTest:
    for name, value in typed.items():
        areas = {each.key: each for each in (*at.text_input, *at.text_area)}
        areas[f"new_{name}"].set_value(value).run()
        assert not at.exception
    return at


def test_four_steps_with_a_reload_and_a_restart_in_the_middle(neighbours_sqlite: Neighbours, look: Look) -> None:
    n = neighbours_sqlite
    at = look("proposal_new.py", "resident")
    assert "第 1 步，共 4 步" in seen(at)
    fill(at, title=WISH["title"])
    assert rows(ProposalDraft)[0].content["title"] == WISH["title"], "kept while it is typed"
    press(at, "new_next")
    assert "至少" in seen(at) or "空着" in seen(at)
    assert address(at, "step") in ("", "1"), "not on without the second field"
    press(fill(at, problem=WISH["problem"]), "new_next")
    assert address(at, "step") == "2"
    fill(at, plan=WISH["plan"])
    filing.take_in(n.actor("resident"), about="draft:proposal", uploads=[("报价.pdf", PDF)])
    db.engine().dispose()
    at = look("proposal_new.py", "resident", step="2")
    assert at.text_area(key="new_plan").value == WISH["plan"] and "报价.pdf" in seen(at), "a reload finds everything"
    press(at, "new_back_2")
    assert at.text_input(key="new_title").value == WISH["title"] and at.text_area(key="new_problem").value == WISH["problem"]
    press(press(at, "new_next"), "new_next")
    assert address(at, "step") == "3"
    press(at, "new_next")
    assert address(at, "step") == "3" and seen(at).count("请选一项") == 1
    fill(at, place=WISH["place"], cost="很多", beneficiaries="老人", carried_out_by="物业")
    press(at, "new_next")
    assert "请填多少元" in seen(at)
    with_category(at)
    press(fill(at, cost="1860.5"), "new_next")
    assert address(at, "step") == "4" and "1,860.50 元" in seen(at)
    press(at, "new_send")
    made = rows(Proposal)[0]
    assert (made.title, made.cost_fen, made.estate_id) == (WISH["title"], 186_050, n.estate)
    assert address(at, "done") == made.id and rows(ProposalDraft) == []
    assert rows(StoredFile)[0].about == f"proposal:{made.id}"
    text = seen(at)
    assert made.number.rpartition("-")[2] in text and "还要 9 户附议" in text and "社区 7 天内审核" in text
    assert len(at.get("page_link")) > 2, "the bar at the foot stands there too, though the page ends early"


def with_category(at: AppTest) -> AppTest:
    """Choose the category, whichever widget shows it."""
    for group in (*at.pills, *at.segmented_control) if hasattr(at, "pills") else at.get("button_group"):
        if getattr(group, "key", "") == "new_category":
            group.set_value("space").run()
    assert not at.exception
    return at


def test_another_device_asks_whether_to_go_on(neighbours_sqlite: Neighbours, look: Look) -> None:
    fill(look("proposal_new.py", "resident"), title="给小花园添椅子")
    at = look("proposal_new.py", "resident")
    assert "您上次还没写完" in seen(at) and "给小花园添椅子" in seen(at)
    press(at, "go_on")
    assert at.text_input(key="new_title").value == "给小花园添椅子"
    at = press(look("proposal_new.py", "resident"), "anew")
    assert at.text_input(key="new_title").value == "" and not any(each.content.get("title") for each in rows(ProposalDraft))
    assert "您上次还没写完" not in seen(look("proposal_new.py", "neighbour")), "somebody else's draft is theirs"


def test_of_a_concern_and_locked_with_its_reasons(neighbours_sqlite: Neighbours, look: Look) -> None:
    concern = said(neighbours_sqlite)
    at = look("proposal_new.py", "resident", concern=concern.id)
    assert at.text_area(key="new_problem").value == concern.text and concern.number in seen(at)
    at = look("proposal_new.py", "resident", concern=concern.id, step="4")
    assert at.button(key="new_send").disabled and "一句话说清楚：" in seen(at) and "打算怎么办：" in seen(at)
    assert concern.text not in seen(look("proposal_new.py", "neighbour", concern=concern.id, step="1"))


def test_the_photos_of_its_concern_come_along_with_a_press(neighbours_sqlite: Neighbours, look: Look) -> None:
    n = neighbours_sqlite
    concern = do(n.actor("resident"), concerns.file, category="space", text="小花园没有地方坐，老人站着。", place="小花园")
    at = look("proposal_new.py", "resident", concern=concern.id)
    press(fill(at, title=WISH["title"]), "new_next")
    assert address(at, "step") == "2" and not [each for each in at.button if each.key == "new_along"], "it has none"
    do(n.actor("resident"), files.add, about=f"concern:{concern.id}", name="花园.jpg", content=picture())
    at = look("proposal_new.py", "resident", step="2")
    assert "大家就都能看到" in seen(at)
    press(at, "new_along")
    assert "花园" in seen(at) and not [each for each in at.button if each.key == "new_along"]
    assert [each.name for each in draft_files(n.actor("resident"), "proposal")] == ["花园.jpg"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_said_the_same_is_supported_instead(neighbours_sqlite: Neighbours, look: Look, language: str) -> None:
    made = wished(neighbours_sqlite, "neighbour")
    at = fill(look("proposal_new.py", "resident", language), title="小花园添椅子", problem="老人没有地方歇脚，坐在花坛边。")
    assert made.number in seen(at)
    at.button(key=f"support_{made.id}").click().run()
    assert not at.exception and {each.person_id for each in rows(ProposalSupport)} >= {neighbours_sqlite.people["resident"]}
    assert rows(ProposalDraft), "what was typed stays"


def test_a_returned_proposal_is_completed(neighbours_sqlite: Neighbours, look: Look) -> None:
    n = neighbours_sqlite
    do(n.actor("administrator"), communities.change, figures={"supporters_needed": 1})
    made = wished(n)
    at = look("proposal_new.py", "resident", id=made.id)
    assert "别的步骤" in seen(at) or "这件事" in seen(at), "it has not come back"
    do(n.actor("committee"), proposals.send_back, proposal_id=made.id, reason="请写清楚尺寸。")
    at = look("proposal_new.py", "resident", id=made.id)
    assert f'href="/propose?id={made.id}"' in html(at), "the one-page twin completes it too"
    assert "请写清楚尺寸" in seen(at) and at.text_input(key="new_title").value == WISH["title"]
    at = fill(look("proposal_new.py", "resident", id=made.id, step="2"), plan="长椅 1.5 米长，两把，带扶手。")
    at = press(look("proposal_new.py", "resident", id=made.id, step="4"), "new_send")
    assert address(at, "done") == made.id
    again = rows(Proposal)[0]
    assert (again.stage, again.version, again.plan) == (Stage.ENDORSED, 2, "长椅 1.5 米长，两把，带扶手。")


def written(n: Neighbours, concern: object, step: int) -> None:
    content = WISH | {"form": "a" * 16, "concern_id": concern.id, "concern": concern.number, "estate_id": n.estate}  # type: ignore[attr-defined]
    do(n.actor("resident"), drafts.save, kind="proposal", content=content, step=step)


def closed(n: Neighbours, concern: object) -> None:
    do(n.actor("committee"), concerns.answer, concern_id=concern.id, text="已经处理好了，谢谢。")  # type: ignore[attr-defined]
    do(n.actor("committee"), concerns.close, concern_id=concern.id, text="修好了。")  # type: ignore[attr-defined]


def test_the_news_that_its_concern_is_closed_stays_until_it_is_sent(neighbours_sqlite: Neighbours, look: Look) -> None:
    n = neighbours_sqlite
    concern = said(n, "resident")
    written(n, concern, 1)
    closed(n, concern)
    at = look("proposal_new.py", "resident", "en", step="1")
    assert "filed without it" in seen(at)
    fill(at, title="小花园添三把椅子")
    assert "filed without it" in seen(at) and "comes of concern" not in seen(at)
    at.button(key="new_next").click().run()
    assert "filed without it" in seen(at) and "What should be done" in seen(at)


def test_a_concern_that_is_closed_while_the_last_step_is_read_is_told_before_anything_is_sent(
    neighbours_sqlite: Neighbours, look: Look
) -> None:
    n = neighbours_sqlite
    concern = said(n, "resident")
    written(n, concern, 4)
    at = look("proposal_new.py", "resident", "en", step="4")
    closed(n, concern)
    at.button(key="new_send").click().run()
    assert not rows(Proposal) and "filed without it" in seen(at) and "This concern is closed" in seen(at)
    at.button(key="new_send").click().run()
    (made,) = rows(Proposal)
    assert made.concern_id is None and made.title == WISH["title"]
