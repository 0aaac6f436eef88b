"""Reporting a concern from a phone: photo and one sentence, the same said before, the receipt, the answer; nothing typed is lost."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.concern import Concern, ConcernSupport
from models.file import StoredFile
from models.proposal import ProposalDraft
from pages.plain import front, report, stored_files
from services import assets, concerns, db, filing
from services.guard import Guard
from services.work import do
from tests.fixtures.neighbours import COMMUNITY, Neighbours

ROUTES = [*front.routes, *report.routes, *stored_files.routes]
LIMIT = 15_000
MB = 1024 * 1024
KEEP = len(assets.all_assets()["keep.js"].body)
GIVEN = {"text": "坡道口停满外卖车，轮椅上不去", "place": "坡道口", "category": "safety", "do": "send"}


@pytest.fixture
def web(neighbours_sqlite: Neighbours) -> TestClient:
    return browser()


def browser() -> TestClient:
    app = Guard(Starlette(routes=ROUTES), ROUTES)
    made = TestClient(app, base_url="http://localhost:8501", follow_redirects=False, headers={"accept": "text/html"})
    made.get("/healthz")
    return made


@pytest.fixture(params=["zh-CN", "en"])
def lang(request: pytest.FixtureRequest, web: TestClient) -> str:
    web.cookies.set("yiqi-lang", request.param)
    return str(request.param)


def photo(colour: str = "green") -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), colour).save(drawn, "JPEG")
    return drawn.getvalue()


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def send(web: TestClient, address: str = "/report", files: list[tuple[str, bytes]] | None = None, **given: str):
    page = web.get(address)
    assert page.status_code == 200, page.text
    attached = [("file", (name, content, "image/jpeg")) for name, content in files or []]
    return web.post(address, data={**hidden(page.text), **given}, files=attached or None)


def rows(kind: type) -> list:
    with db.reading(COMMUNITY) as session:
        return list(session.exec(select(kind)).all())


def test_pages_are_small_and_whole(web: TestClient, lang: str) -> None:
    page = web.get("/report")
    assert page.status_code == 200 and f'<html lang="{lang}"' in page.text
    assert page.text.count("<script") == page.text.count('<script src="/assets/keep.js?') == 1
    assert len(page.content) + KEEP <= LIMIT
    assert ("看到什么了" in page.text) == (lang == "zh-CN")
    done = send(web, files=[("a.jpg", photo())], **GIVEN)
    assert done.status_code == 303
    receipt = web.get(done.headers["location"])
    assert receipt.status_code == 200 and len(receipt.content) <= LIMIT and "<script" not in receipt.text
    han = re.findall(r"[\u4e00-\u9fff]", re.sub(r"坡道口停满外卖车，轮椅上不去|坡道口|华亭\w*|号院", "", receipt.text))
    assert (len(han) > 20) == (lang == "zh-CN"), "".join(han)


def test_a_visitor_gets_a_receipt_and_later_the_answer(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    done = send(web, files=[("坡道.jpg", photo()), ("b.jpg", photo("red"))], visitor_name="小哥", visitor_phone="138 0000 0000", **GIVEN)
    concern = rows(Concern)[0]
    assert done.headers["location"] == f"/concern/{concern.receipt}?new=1"
    assert (concern.author_id, concern.visitor_name, concern.visitor_phone) == (None, "小哥", "138 0000 0000")
    assert {each.about for each in rows(StoredFile)} == {f"concern:{concern.id}"} and rows(ProposalDraft) == []
    page = web.get(f"/concern/{concern.receipt.lower()}").text.replace("\u00a0", " ")
    assert "我们收到了" in page and "C-2026" in page.replace(concern.number[:6], "C-2026") and "最晚" not in page
    assert "138" not in page and page.count('<img src="/files/') == 2
    assert web.get(f"/files/{rows(StoredFile)[0].id}").status_code == 200
    stranger = browser()
    assert stranger.get(f"/files/{rows(StoredFile)[0].id}").status_code == 404
    assert "坡道口停满外卖车" in stranger.get(f"/concern/{concern.receipt}").text
    do(neighbours_sqlite.actor("grid_worker"), concerns.answer, concern_id=concern.id, text="今天起画禁停线。")
    assert "今天起画禁停线" in web.get(f"/concern/{concern.receipt}").text
    assert web.get(f"/concern/{concern.receipt}.png").headers["content-type"] == "image/png"


def test_every_field_says_what_is_wrong_and_keeps_what_was_typed(web: TestClient, lang: str) -> None:
    done = send(web, text="坏", place="三号楼<b>", category="", visitor_phone="打给我", do="send")
    assert done.status_code == 422 and rows(Concern) == []
    for field in ("text", "category", "visitor_phone"):
        assert f'id="{field}-e"' in done.text, field
    assert "三号楼&lt;b&gt;" in done.text and ">\n坏</textarea>" in done.text
    assert "三号楼&lt;b&gt;" in web.get("/report").text, "the draft is kept"


def test_a_refused_photo_costs_nothing_else(web: TestClient, lang: str) -> None:
    disguised = b"<html><script>alert(1)</script>"
    done = send(web, files=[("好的.jpg", photo()), ("假的.jpg", disguised)], **GIVEN)
    assert done.status_code == 422 and "假的.jpg" in done.text and "坡道口停满外卖车" in done.text
    assert [each.name for each in rows(StoredFile)] == ["好的.jpg"] and rows(Concern) == []
    large = send(web, files=[("大的.jpg", b"\xff\xd8\xff" + bytes(5 * 1024 * 1024))], **GIVEN)
    assert large.status_code == 422 and "大的.jpg" in large.text and "坡道口停满外卖车" in large.text
    assert send(web, **GIVEN).status_code == 303
    assert rows(StoredFile)[0].about.startswith("concern:")


def padded(size: int) -> bytes:
    """A photo of so many bytes."""
    return photo() + bytes(size - len(photo()))


def kept_words(web: TestClient, answer: Any) -> bool:
    """Whether what was typed is on the page that came back, and in the draft."""
    return "坡道口停满外卖车" in answer.text and "坡道口停满外卖车" in web.get("/report").text


def test_as_many_and_as_large_photos_as_the_form_says_are_taken(web: TestClient) -> None:
    assert "最多 8 张，每张不超过 5 MB" in web.get("/report").text.replace("\u00a0", " ")
    done = send(web, files=[(f"{n}.jpg", padded(5 * MB)) for n in range(8)], **GIVEN)
    assert done.status_code == 303 and len(rows(StoredFile)) == 8


def test_five_photos_of_a_camera_are_taken(web: TestClient) -> None:
    assert send(web, files=[(f"{n}.jpg", padded(int(4.3 * MB))) for n in range(5)], **GIVEN).status_code == 303
    assert len(rows(StoredFile)) == 5 and len(rows(Concern)) == 1


def test_the_ninth_photo_is_refused_by_its_name_and_costs_nothing_else(web: TestClient, lang: str) -> None:
    done = send(web, files=[(f"照片{n}.jpg", photo()) for n in range(1, 10)], **GIVEN)
    assert done.status_code == 422 and "照片9.jpg" in done.text and "照片1.jpg 放" not in done.text and kept_words(web, done)
    assert [each.name for each in rows(StoredFile)] == [f"照片{n}.jpg" for n in range(1, 9)] and len(done.content) <= LIMIT
    assert send(web, **GIVEN).status_code == 303


@pytest.mark.parametrize("size", [6, 25, 44])
def test_a_photo_that_is_too_large_is_refused_by_its_name_and_costs_nothing_else(web: TestClient, size: int) -> None:
    done = send(web, files=[("一.jpg", photo()), ("太大.jpg", padded(size * MB)), ("二.jpg", photo("red"))], **GIVEN)
    assert done.status_code == 422 and "太大.jpg 超过 5 MB" in done.text and kept_words(web, done)
    assert [each.name for each in rows(StoredFile)] == ["一.jpg", "二.jpg"] and rows(Concern) == []
    assert send(web, **GIVEN).status_code == 303


def test_more_than_all_photos_together_is_one_clear_sentence(web: TestClient) -> None:
    done = send(web, files=[("太大.jpg", padded(60 * MB))], **GIVEN)
    assert done.status_code == 413 and "54 MB" in done.text


def test_back_and_another_matter_in_the_same_form_is_another_concern(web: TestClient) -> None:
    form = {**hidden(web.get("/report").text), **GIVEN}
    first = web.post("/report", data=form)
    other = form | {"text": "三号楼电梯停在半层，有人困在里面。", "category": "hazard"}
    second = web.post("/report", data=other, files=[("file", ("电梯.jpg", photo(), "image/jpeg"))])
    assert second.headers["location"] != first.headers["location"] and len(rows(Concern)) == 2
    assert web.post("/report", data=form).headers["location"] == first.headers["location"]
    assert web.post("/report", data=other).headers["location"] == second.headers["location"] and len(rows(Concern)) == 2
    assert len(rows(StoredFile)) == 1


def test_a_photo_is_taken_away_and_all_is_begun_anew(web: TestClient) -> None:
    send(web, files=[("a.jpg", photo()), ("b.html", b"no")], **GIVEN)
    kept = rows(StoredFile)[0]
    assert f'value="drop:{kept.id}"' in web.get("/report").text
    changed = GIVEN | {"text": "坡道口又停满外卖车，轮椅下不来。", "do": f"drop:{kept.id}"}
    assert send(web, **changed).status_code == 303 and rows(StoredFile)[0].removed_at is not None
    assert "坡道口又停满外卖车" in web.get("/report").text, "taking a photo away keeps what was typed"
    assert send(web, do="forget").status_code == 303 and "外卖车" not in web.get("/report").text
    assert rows(ProposalDraft) == []


def test_a_second_press_makes_no_second_concern(web: TestClient) -> None:
    form, attached = {**hidden(web.get("/report").text), **GIVEN}, [("file", ("坡道.jpg", photo(), "image/jpeg"))]
    first, second = (web.post("/report", data=form, files=attached) for _ in range(2))
    assert first.headers["location"] == second.headers["location"] == f"/concern/{rows(Concern)[0].receipt}?new=1"
    assert len(rows(Concern)) == 1 and rows(ProposalDraft) == [] and "坡道" not in web.get("/report").text
    assert [each.about for each in rows(StoredFile)] == [f"concern:{rows(Concern)[0].id}"]
    stranger = browser()
    other = stranger.post("/report", data=form | hidden(stranger.get("/report").text) | {"form": form["form"]})
    assert other.headers["location"] == "/report/similar", "the receipt is for who made it"


def test_of_two_presses_at_once_the_second_leaves_nothing(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    form, attached = {**hidden(web.get("/report").text), **GIVEN}, [("file", ("坡道.jpg", photo(), "image/jpeg"))]
    inner, keep = [], filing.keep

    def slow(*args: Any, **kwargs: Any) -> None:
        """The other press arrives and is done while this one is about to keep what came with it."""
        if not inner:
            inner.append(True)
            inner.append(web.post("/report", data=form, files=attached))
        keep(*args, **kwargs)

    monkeypatch.setattr(filing, "keep", slow)
    outer = web.post("/report", data=form, files=attached)
    assert outer.headers["location"] == inner[1].headers["location"] == f"/concern/{rows(Concern)[0].receipt}?new=1"
    assert len(rows(Concern)) == 1 and rows(ProposalDraft) == []
    assert [each.about for each in rows(StoredFile) if each.removed_at is None] == [f"concern:{rows(Concern)[0].id}"]


def test_a_second_press_beside_the_same_said_before(web: TestClient, neighbours_sqlite: Neighbours) -> None:
    text = "坡道口总是停满外卖车，老人轮椅推不上去"
    said = do(neighbours_sqlite.actor("neighbour"), concerns.file, category="safety", text=text, estate_id=neighbours_sqlite.estate)
    web.cookies.set("yiqi", neighbours_sqlite.token("resident"))
    assert send(web, **GIVEN).headers["location"] == "/report/similar"
    form = hidden(web.get("/report/similar").text)
    for _ in range(2):
        voice = web.post("/report/similar", data=form | {"do": f"concern:{said.id}"})
        assert voice.headers["location"] == f"/report/supported?concern={said.id}" and len(rows(ConcernSupport)) == 1
    assert send(web, **GIVEN).headers["location"] == "/report/similar"
    form = hidden(web.get("/report/similar").text) | {"do": "send"}
    first, second = web.post("/report/similar", data=form), web.post("/report/similar", data=form)
    assert first.headers["location"] == second.headers["location"] and first.headers["location"].startswith("/concern/")
    assert len(rows(Concern)) == 2 and rows(ProposalDraft) == []


def test_who_said_the_same_is_shown_and_supported(web: TestClient, neighbours_sqlite: Neighbours, lang: str) -> None:
    estate = neighbours_sqlite.estate
    said = do(
        neighbours_sqlite.actor("neighbour"),
        concerns.file,
        category="safety",
        text="坡道口总是停满外卖车，老人轮椅推不上去",
        estate_id=estate,
    )
    assert send(web, **GIVEN).headers["location"] == "/report/similar"
    page = web.get("/report/similar")
    assert len(page.content) <= LIMIT and "老人轮椅推不上去" not in page.text, "a stranger does not read what a neighbour wrote"
    assert said.number in page.text and "concern:" not in page.text
    assert send(web, "/report/similar", do="send").headers["location"].startswith("/concern/")
    web.cookies.set("yiqi", neighbours_sqlite.token("resident"))
    assert send(web, **GIVEN).headers["location"] == "/report/similar"
    page = web.get("/report/similar")
    assert "老人轮椅推不上去" in page.text
    done = send(web, "/report/similar", do=f"concern:{said.id}")
    assert done.headers["location"] == f"/report/supported?concern={said.id}" and len(rows(ConcernSupport)) == 1
    assert "2" in web.get(done.headers["location"]).text and rows(ProposalDraft) == []
    assert web.get("/report/similar").headers["location"] == "/report"


def test_receipts_that_are_nobodys(web: TestClient) -> None:
    for receipt in ("nothing", "0" * 20, "7K3M4821"):
        page = web.get(f"/concern/{receipt}")
        assert page.status_code == 404 and "这一页打不开" in page.text


def test_a_form_of_another_site_is_refused(web: TestClient) -> None:
    assert web.post("/report", data=GIVEN | {"token": "forged"}).status_code == 422 and rows(Concern) == []


def test_missing_words_and_a_false_picture_are_told_at_once(web: TestClient, lang: str) -> None:
    sent = send(web, files=[("a.jpg", photo()), ("b.jpg", b"not a picture")], category="hygiene", text="")
    assert sent.status_code == 422 and "b.jpg" in sent.text and not rows(Concern)
    assert 'id="text-e"' in sent.text and 'id="file-e"' in sent.text
