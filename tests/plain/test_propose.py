"""Filing a proposal on one page: every field, every reason in its place, nothing typed lost, sent once; completed when it came back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.file import StoredFile
from models.proposal import Proposal, ProposalDraft
from models.vocabulary import Stage
from pages.plain import front, propose, stored_files
from services import assets, communities, concerns, files, filing, proposals
from services.errors import Conflict
from services.guard import Guard
from services.work import do, working
from tests.fixtures.neighbours import Neighbours
from tests.plain.test_report import hidden, photo, rows

ROUTES = [*front.routes, *propose.routes, *stored_files.routes]
LIMIT = 15_000
KEEP = len(assets.all_assets()["keep.js"].body)
GIVEN = {
    "title": "小花园添两把椅子",
    "problem": "老人散步没有地方歇脚，常坐在花坛边上。",
    "plan": "在小花园东侧装两把带扶手的长椅。",
    "place": "小花园东侧",
    "category": "space",
    "cost_fen": "1,860.50",
    "beneficiaries": "60 岁以上老人",
    "carried_out_by": "物业",
}


@pytest.fixture
def web(neighbours_sqlite: Neighbours) -> TestClient:
    app = Guard(Starlette(routes=ROUTES), ROUTES)
    made = TestClient(app, base_url="http://localhost:8501", follow_redirects=False, headers={"accept": "text/html"})
    made.cookies.set("yiqi", neighbours_sqlite.token("resident"))
    return made


@pytest.fixture(params=["zh-CN", "en"])
def lang(request: pytest.FixtureRequest, web: TestClient) -> str:
    web.cookies.set("yiqi-lang", request.param)
    return str(request.param)


def send(web: TestClient, neighbours: Neighbours, address: str = "/propose", files: list[tuple[str, bytes]] | None = None, **given: str):
    page = web.get(address)
    assert page.status_code == 200, page.text
    attached = [("file", (name, content, "image/jpeg")) for name, content in files or []]
    return web.post(address, data={**hidden(page.text), "estate_id": neighbours.estate, "do": "send", **given}, files=attached or None)


def test_small_whole_and_in_both_languages(web: TestClient, neighbours_sqlite: Neighbours, lang: str) -> None:
    page = web.get("/propose")
    assert page.status_code == 200 and f'<html lang="{lang}"' in page.text and len(page.content) + KEEP <= LIMIT
    assert page.text.count("<script") == page.text.count('<script src="/assets/keep.js?') == 1
    assert ("写一份提案" in page.text) == (lang == "zh-CN")
    assert f'value={neighbours_sqlite.estate} selected' in page.text, "one's own estate"
    done = send(web, neighbours_sqlite, files=[("现场.jpg", photo())], **GIVEN)
    made = rows(Proposal)[0]
    assert done.headers["location"] == f"/propose/{made.id}" and made.cost_fen == 186_050
    assert rows(StoredFile)[0].about == f"proposal:{made.id}" and rows(ProposalDraft) == []
    receipt = web.get(done.headers["location"])
    assert made.number.rpartition("-")[2] in receipt.text and len(receipt.content) <= LIMIT
    assert ("还要 9 户附议" in receipt.text.replace("\u00a0", " ")) == (lang == "zh-CN")


def test_every_reason_in_its_place_and_nothing_lost(web: TestClient, neighbours_sqlite: Neighbours, lang: str) -> None:
    typed = GIVEN | {"title": "椅子", "plan": "<script>alert(1)</script>", "cost_fen": "很多", "category": "", "place": ""}
    done = send(web, neighbours_sqlite, files=[("坏.jpg", photo())], **typed)
    assert done.status_code == 422 and rows(Proposal) == []
    for field in ("title", "cost_fen", "category", "place"):
        assert f'id="{field}-e"' in done.text, field
    assert "很多" in done.text and "<script>" not in done.text and "&lt;script&gt;" in done.text
    again = web.get("/propose").text
    assert "很多" in again and "60 岁以上老人" in again.replace("\u00a0", " ") and "坏.jpg" in again, "kept in the database"


def test_kept_for_later_without_a_check(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    done = send(web, neighbours_sqlite, title="椅", do="keep")
    assert done.headers["location"] == "/propose?kept=1" and rows(Proposal) == []
    assert 'value="椅"' in web.get("/propose").text and rows(ProposalDraft)[0].content["title"] == "椅"


def test_a_refused_file_by_name(web: TestClient, neighbours_sqlite: Neighbours, lang: str) -> None:
    done = send(web, neighbours_sqlite, files=[("病毒.pdf", b"MZ"), ("好.jpg", photo())], **GIVEN)
    assert done.status_code == 422 and "病毒.pdf" in done.text and "1,860.50" in done.text and rows(Proposal) == []
    assert [each.name for each in rows(StoredFile)] == ["好.jpg"]
    kept = rows(StoredFile)[0].id
    assert send(web, neighbours_sqlite, do=f"drop:{kept}").status_code == 303 and rows(StoredFile)[0].removed_at


def test_sent_twice_filed_once(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    form = {**hidden(web.get("/propose").text), **GIVEN, "estate_id": neighbours_sqlite.estate, "do": "send"}
    attached = [("file", ("现场.jpg", photo(), "image/jpeg"))]
    first, second = (web.post("/propose", data=form, files=attached) for _ in range(2))
    assert first.headers["location"] == second.headers["location"] and len(rows(Proposal)) == 1 and rows(ProposalDraft) == []
    made = rows(Proposal)[0]
    assert [each.about for each in rows(StoredFile)] == [f"proposal:{made.id}"] and "现场" not in web.get("/propose").text
    web.post("/propose", data={**hidden(web.get("/propose").text), "title": "给车棚装一盏灯", "do": "keep"})
    assert web.post("/propose", data=form, files=attached).headers["location"] == f"/propose/{made.id}"
    assert "给车棚装一盏灯" in web.get("/propose").text, "what was begun since stays"


def test_the_same_words_from_another_tab_lead_to_the_receipt_of_the_first(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    open_tab = hidden(web.get("/propose").text)
    first = send(web, neighbours_sqlite, **GIVEN)
    (made,) = rows(Proposal)
    late = web.post("/propose", data={**open_tab, "form": "another", "estate_id": neighbours_sqlite.estate, "do": "send", **GIVEN})
    assert late.headers["location"] == first.headers["location"] == f"/propose/{made.id}"
    assert len(rows(Proposal)) == 1 and not rows(ProposalDraft)


def test_other_words_from_another_device_are_never_lost(web: TestClient, neighbours_sqlite: Neighbours, lang: str) -> None:
    base = {**hidden(web.get("/propose").text), **GIVEN, "estate_id": neighbours_sqlite.estate}
    web.post("/propose", data=base | {"do": "keep"})
    computer, phone = (hidden(web.get("/propose").text) | GIVEN | {"estate_id": neighbours_sqlite.estate} for _ in range(2))
    assert computer["form"] == phone["form"], "one draft on two devices"
    first = web.post("/propose", data=computer | {"do": "send"})
    other = phone | {"plan": "在电话上另写的一段：东侧和西侧各装一把。"}
    assert web.post("/propose", data=other | {"do": "keep"}).headers["location"] == "/propose?kept=1"
    assert "在电话上另写的一段" in web.get("/propose").text, "kept, although the form has been sent in other words"
    assert web.post("/propose", data=computer | {"do": "send"}).headers["location"] == first.headers["location"]
    assert "在电话上另写的一段" in web.get("/propose").text, "a second press of the first leaves them"
    late = web.post("/propose", data=other | {"do": "send", "told": "1"}, files=[("file", ("新图.jpg", photo(), "image/jpeg"))])
    assert late.headers["location"] != first.headers["location"] and len(rows(Proposal)) == 2
    made = late.headers["location"].rpartition("/")[2]
    assert [each.about for each in rows(StoredFile)] == [f"proposal:{made}"]
    dropped = web.post("/propose", data=other | {"plan": "第三个写法，也有十来个字。", "do": f"drop:{rows(StoredFile)[0].id}"})
    assert dropped.status_code == 404 and rows(StoredFile)[0].removed_at is None, "what was sent keeps its photo"


def test_of_two_presses_at_once_the_second_leaves_nothing(
    web: TestClient, neighbours_sqlite: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {**hidden(web.get("/propose").text), **GIVEN, "estate_id": neighbours_sqlite.estate, "do": "send"}
    attached = [("file", ("现场.jpg", photo(), "image/jpeg"))]
    inner, keep = [], filing.keep

    def slow(*args: Any, **kwargs: Any) -> None:
        """The other press arrives and is done while this one is about to keep what came with it."""
        if not inner:
            inner.append(True)
            inner.append(web.post("/propose", data=form, files=attached))
        keep(*args, **kwargs)

    monkeypatch.setattr(filing, "keep", slow)
    outer = web.post("/propose", data=form, files=attached)
    assert outer.headers["location"] == inner[1].headers["location"] and len(rows(Proposal)) == 1 and rows(ProposalDraft) == []
    assert [each.about for each in rows(StoredFile) if each.removed_at is None] == [f"proposal:{rows(Proposal)[0].id}"]


def test_completed_once_however_often_it_is_sent(web: TestClient, neighbours_sqlite: Neighbours, lang: str) -> None:
    send(web, neighbours_sqlite, **GIVEN)
    made, committee = rows(Proposal)[0], neighbours_sqlite.actor("committee")
    do(committee, proposals.send_back, proposal_id=made.id, reason="请写清楚尺寸。")
    address, attached = f"/propose?id={made.id}", [("file", ("尺寸.jpg", photo(), "image/jpeg"))]
    form = {**hidden(web.get(address).text), **GIVEN, "plan": "长椅 1.5 米长，两把。", "estate_id": neighbours_sqlite.estate, "do": "send"}
    for _ in range(2):
        done = web.post(address, data=form, files=attached)
        assert (done.status_code, done.headers.get("location")) == (303, f"/propose/{made.id}")
    assert rows(Proposal)[0].version == 2 and rows(ProposalDraft) == []
    assert [each.about for each in rows(StoredFile)] == [f"proposal:{made.id}"]
    web.cookies.set("yiqi", neighbours_sqlite.token("neighbour"))
    assert web.post(address, data=form | {"token": hidden(web.get("/propose").text)["token"]}).status_code == 404, "for its author alone"
    web.cookies.set("yiqi", neighbours_sqlite.token("resident"))
    do(committee, proposals.send_back, proposal_id=made.id, reason="还要写清楚颜色。")
    late = web.post(address, data=form | {"plan": "长椅 1.6 米长，两把，绿色。", "token": hidden(web.get(address).text)["token"]})
    assert late.status_code == 409 and "1.6 米长" in late.text.replace("\u00a0", " ") and hidden(late.text)["seen"] == "2"
    assert ("又退回来了" if lang == "zh-CN" else "came back once more") in late.text and rows(Proposal)[0].version == 2


def test_completed_in_two_windows_in_other_words(web: TestClient, neighbours_sqlite: Neighbours, lang: str) -> None:
    send(web, neighbours_sqlite, **GIVEN)
    made = rows(Proposal)[0]
    committee = neighbours_sqlite.actor("administrator")
    do(committee, communities.change, figures={"supporters_needed": 1})
    do(neighbours_sqlite.actor("committee"), proposals.send_back, proposal_id=made.id, reason="还要写清楚尺寸。")
    address = f"/propose?id={made.id}"
    form = {**hidden(web.get(address).text), **GIVEN, "estate_id": neighbours_sqlite.estate, "do": "send"}
    one = form | {"plan": "长椅 1.5 米长，两把，带扶手。"}
    assert [web.post(address, data=one).headers["location"] for _ in range(2)] == [f"/propose/{made.id}"] * 2
    two = web.post(address, data=form | {"plan": "长椅 1.2 米长，三把，不带扶手。"})
    assert two.status_code == 409 and "三把" in two.text and "1.5 米" in rows(Proposal)[0].plan
    with pytest.raises(Conflict):
        do(neighbours_sqlite.actor("resident"), proposals.resubmit, proposal_id=made.id, seen=1, plan="长椅 1.2 米长，三把，不带扶手。")


def test_of_a_concern(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    concern = do(neighbours_sqlite.actor("resident"), concerns.file, category="space", text="小花园没有地方坐，老人站着。", place="小花园")
    page = web.get(f"/propose?concern={concern.id}")
    assert "小花园没有地方坐" in page.text and concern.number in page.text
    given = {**hidden(page.text), **GIVEN, "estate_id": neighbours_sqlite.estate, "do": "send"}
    assert web.post("/propose", data=given).status_code == 303 and rows(Proposal)[0].concern_id == concern.id
    other = do(neighbours_sqlite.actor("neighbour"), concerns.file, category="space", text="这是别人写的，不给看。")
    assert "别人写的" not in web.get(f"/propose?concern={other.id}").text


def test_its_photos_come_along_when_asked_and_typed_words_stay(web: TestClient, neighbours_sqlite: Neighbours, lang: str) -> None:
    resident = neighbours_sqlite.actor("resident")
    concern = do(resident, concerns.file, category="space", text="小花园没有地方坐，老人站着。", place="小花园")
    do(resident, files.add, about=f"concern:{concern.id}", name="花园.jpg", content=photo())
    page = web.get(f"/propose?concern={concern.id}")
    assert "花园.jpg" in page.text and len(page.content) + KEEP <= LIMIT
    assert ("大家就都能看到" if lang == "zh-CN" else "everybody can see") in page.text.replace("\u00a0", " ")
    typed = hidden(page.text) | GIVEN | {"title": "给小花园添两把椅子"}
    assert web.post("/propose", data=typed | {"do": "along"}).status_code == 303
    page = web.get("/propose")
    taken = next(each for each in rows(StoredFile) if each.about == "draft:proposal")
    assert "给小花园添两把椅子" in page.text and f"drop:{taken.id}" in page.text and 'value="along"' not in page.text
    web.post("/propose", data=typed | {"title": "给小花园添三把椅子", "do": f"drop:{taken.id}"})
    page = web.get("/propose").text
    assert "给小花园添三把椅子" in page and 'value="along"' in page, "taking a photo away keeps what was typed"


def test_completed_when_it_came_back(web: TestClient, neighbours_sqlite: Neighbours, lang: str) -> None:
    do(neighbours_sqlite.actor("administrator"), communities.change, figures={"supporters_needed": 1})
    send(web, neighbours_sqlite, **GIVEN)
    made = rows(Proposal)[0]
    address = f"/propose?id={made.id}"
    assert web.get(address).status_code == 409, "it has not come back"
    do(neighbours_sqlite.actor("committee"), proposals.send_back, proposal_id=made.id, reason="请写清楚尺寸。")
    page = web.get(address)
    assert "请写清楚尺寸" in page.text and "1860.50" in page.text and "小花园东侧" in page.text
    done = send(web, neighbours_sqlite, address, **GIVEN | {"plan": "长椅 1.5 米长，两把，带扶手。"})
    assert done.headers["location"] == f"/propose/{made.id}"
    assert (rows(Proposal)[0].stage, rows(Proposal)[0].version) == (Stage.ENDORSED, 2)
    web.cookies.set("yiqi", neighbours_sqlite.token("neighbour"))
    assert web.get(address).status_code == 404 and web.get(f"/propose/{made.id}").status_code == 404


@pytest.mark.parametrize("who", ["newcomer", "chair", ""])
def test_who_may_not_is_told_so(web: TestClient, neighbours_sqlite: Neighbours, who: str) -> None:
    web.cookies.set("yiqi", neighbours_sqlite.token(who) if who else "")
    page = web.get("/propose")
    assert page.status_code == 403 and ("网格员" in page.text if who else "登录" in page.text)


def test_the_same_said_before_is_shown(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    given = {name: value for name, value in GIVEN.items() if name != "cost_fen"}
    made = do(neighbours_sqlite.actor("neighbour"), proposals.submit, **given, estate_id=neighbours_sqlite.estate)
    page = send(web, neighbours_sqlite, **GIVEN | {"place": ""})
    assert f"/proposal?id={made.id}" in page.text and re.search("1.人说过相近的事", page.text)


def test_a_wrong_amount_and_a_false_picture_are_told_at_once_and_the_good_one_stays(
    web: TestClient, neighbours_sqlite: Neighbours, lang: str
) -> None:
    sent = send(web, neighbours_sqlite, files=[("a.jpg", photo()), ("b.jpg", b"not a picture")], **(GIVEN | {"cost_fen": "many"}))
    assert sent.status_code == 422 and "b.jpg" in sent.text and not rows(Proposal)
    assert 'id="cost_fen-e"' in sent.text and 'id="file-e"' in sent.text and 'value="many"' in sent.text
    assert [each.name for each in rows(StoredFile)] == ["a.jpg"]


def test_files_that_are_too_many_or_too_large_are_named_and_cost_nothing_else(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    given = [(f"照片{n}.jpg", photo()) for n in range(1, 10)] + [("太大.jpg", photo() + bytes(6 * 1024 * 1024))]
    done = send(web, neighbours_sqlite, files=given, **GIVEN)
    assert done.status_code == 422 and "照片9.jpg 放不下了" in done.text and "太大.jpg 超过 5 MB" in done.text
    assert GIVEN["plan"] in done.text and GIVEN["plan"] in web.get("/propose").text and len(rows(StoredFile)) == 8


def test_who_writes_the_same_is_shown_it_before_it_is_sent(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    """As in the four steps; whoever has seen it and means another matter presses once more."""
    send(web, neighbours_sqlite, **GIVEN)
    web.cookies.set("yiqi", neighbours_sqlite.token("neighbour"))
    first = send(web, neighbours_sqlite, **GIVEN)
    assert first.headers["location"] == "/propose?like=1" and len(rows(Proposal)) == 1
    page = web.get("/propose?like=1").text
    assert "还没交。先看看" in page and rows(Proposal)[0].number in page and GIVEN["problem"] in page
    assert page.index("还没交") < page.index("<form")
    second = send(web, neighbours_sqlite, "/propose?like=1", **GIVEN)
    assert second.status_code == 303 and len(rows(Proposal)) == 2 and second.headers["location"].startswith("/propose/")


@pytest.mark.parametrize(("language", "says", "never"), [("zh-CN", "请补充后再交", "社区 7 天内审核"), ("en", "It came back to be completed", "reads it")])
def test_the_receipt_says_where_it_stands_now(web: TestClient, neighbours_sqlite: Neighbours, language: str, says: str, never: str) -> None:
    """Also for somebody who files from another window what has come back meanwhile."""
    web.cookies.set("yiqi-lang", language)
    at = send(web, neighbours_sqlite, **GIVEN).headers["location"]
    first = web.get(at).text.replace("\u00a0", " ")
    assert never in first and says not in first
    (made,) = rows(Proposal)
    with working(neighbours_sqlite.system) as work:
        work.fetch(Proposal, made.id).supporters_needed = 1
        work.record("community.change", work.community)
    do(neighbours_sqlite.actor("neighbour"), proposals.support, proposal_id=made.id)
    do(neighbours_sqlite.actor("committee"), proposals.send_back, proposal_id=made.id, reason="请补上费用来源。")
    again = send(web, neighbours_sqlite, **GIVEN, told="1")
    assert again.headers["location"] == at and len(rows(Proposal)) == 1
    receipt = web.get(at).text.replace("\u00a0", " ")
    assert says in receipt and "审核" not in receipt and never not in receipt and f"/proposal?id={made.id}" in receipt
    other = send(web, neighbours_sqlite, **GIVEN | {"cost_fen": "9,999"}, told="1")
    assert other.headers["location"] != at and [each.cost_fen for each in rows(Proposal)].count(999_900) == 1


def test_the_same_words_with_a_photo_are_shown_what_is_like_them_first(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    send(web, neighbours_sqlite, **GIVEN)
    again = send(web, neighbours_sqlite, files=[("现场.jpg", photo())], **GIVEN)
    assert again.headers["location"] == "/propose?like=1" and len(rows(Proposal)) == 1
