"""Voting from a phone, as plain pages: code to ticket to ballot to receipt, signed in, by hand, refused; small enough for slow lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.poll import Ballot
from pages.plain import ballots as pages
from pages.plain import code_sheets, front, poll_files
from services import ballots, clock, polls, register
from services.db import reading
from services.exchange import poll_json
from services.guard import Guard
from services.reads import polls as reads
from services.rules import codes
from services.work import do, working
from tests.fixtures.village import BEGINS, Village, village

ROUTES = [*front.routes, *pages.routes, *code_sheets.routes, *poll_files.routes]
STREAMLIT_FIRST_LOAD = 2_700_000
OPTIONS = [
    {"title": "重画 26 个车位", "consequence": "3,200 元，社区出；三天画完"},
    {"title": "留着旧线", "consequence": "不花钱；有 3 个车位偏窄"},
]


@pytest.fixture(autouse=True)
def _a_morning(on_sqlite: Engine) -> Iterator[None]:
    with clock.at(BEGINS):
        yield


def browser(language: str = "zh-CN") -> TestClient:
    app = Guard(Starlette(routes=ROUTES), ROUTES)
    headers = {"accept": "text/html", "accept-language": language}
    made = TestClient(app, base_url="http://localhost:8501", follow_redirects=False, headers=headers)
    made.get("/lang/" + language)
    return made


def token(page: str) -> str:
    found = re.search(r'name="?token"? value="([^"]+)"', page)
    assert found, page
    return found[1]


def form_word(page: str) -> str:
    found = re.search(r'name="?form"? value="([^"]+)"', page)
    assert found, page
    return found[1]


def kept(place: Village) -> list[str]:
    with reading(place.community_id) as db:
        return [each.choice for each in db.exec(select(Ballot)).all()]


@pytest.fixture
def place() -> Village:
    made = village()
    made.open(question="旧车位线，留还是重画？", method="choose_one", options=OPTIONS)
    return made


def new_codes(place: Village) -> list[tuple[str, str]]:
    return do(place.actor(place.wei), polls.codes, poll_id=place.poll_id)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_from_the_code_to_the_receipt(place: Village, language: str) -> None:
    home, code = new_codes(place)[0]
    phone = browser(language)
    first = phone.get(f"/b/{code}")
    assert (first.status_code, first.headers["location"]) == (303, "/b")
    assert "HttpOnly" in first.headers["set-cookie"] and code not in first.headers["set-cookie"]
    page = phone.get("/b")
    assert page.status_code == 200 and " checked" not in page.text
    assert f"<html lang={language} " in page.text and ("弃权" in page.text) == (language == "zh-CN")
    assert home in page.text.replace("\u00a0", " ")
    spent = len(first.content) + len(page.content)
    assert spent <= STREAMLIT_FIRST_LOAD // 500, spent
    assert "<script" not in page.text and "src=" not in page.text
    sent = phone.post("/b", data={"token": token(page.text), "paper": re.search(r'name=paper value="(\w+)"', page.text)[1], "choice": "a"})
    assert sent.status_code == 303 and sent.headers["location"].startswith("/receipt/")
    receipt = phone.get(sent.headers["location"])
    assert receipt.status_code == 200 and len(receipt.content) <= 15_000
    assert "重画" not in receipt.text.replace("旧车位线，留还是重画？", "") and kept(place) == ["a"]
    again = phone.get("/b")
    assert re.search(r'value="a" required checked', again.text)


def test_a_double_tap_is_one_ballot(place: Village) -> None:
    phone = browser()
    phone.get(f"/b/{new_codes(place)[0][1]}")
    page = phone.get("/b").text
    form = {"token": token(page), "paper": re.search(r'name=paper value="(\w+)"', page)[1], "choice": "b"}
    first, second = phone.post("/b", data=form), phone.post("/b", data=form)
    assert first.headers["location"] == second.headers["location"] and kept(place) == ["b"]


def test_a_forgotten_choice_is_said_on_the_paper(place: Village) -> None:
    phone = browser()
    phone.get(f"/b/{new_codes(place)[0][1]}")
    page = phone.get("/b").text
    form = {"token": token(page), "paper": re.search(r'name=paper value="(\w+)"', page)[1]}
    answer = phone.post("/b", data=form)
    assert answer.status_code == 422 and "请先选一项" in answer.text and 'role="alert"' in answer.text
    assert phone.post("/b", data=form | {"token": "forged", "choice": "a"}).status_code == 422
    assert kept(place) == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_used_unknown_misread_and_late_codes_get_one_friendly_page(place: Village, language: str) -> None:
    made = new_codes(place)
    browser().get(f"/b/{made[0][1]}")
    used = browser(language).get(f"/b/{made[0][1]}")
    unknown = browser(language).get("/b/" + codes.make(codes.ONE_TIME, bytes(12)))
    misread = browser(language).get("/b/7K3M4821")
    for page in (used, unknown, misread):
        assert page.status_code == 422 and 'action="/b"' in page.text and 'class="er"' in page.text, "the field to type it again"
        assert ("还有一处不对" if language == "zh-CN" else "Something is not right yet") not in page.text
    with clock.at(BEGINS + timedelta(hours=2)):
        late = browser(language).get(f"/b/{made[1][1]}")
    says = {
        "zh-CN": ["这个码用过了", "没有哪次表决用这个码", "位", "表决已经截止"],
        "en": ["This code is used", "No vote belongs to this code", "the code has 20 characters", "Voting is over"],
    }[language]
    for answer, said in zip((used, unknown, misread, late), says, strict=True):
        assert answer.status_code in (409, 422) and said in answer.text.replace("\u00a0", " "), answer.text
        assert "yiqi-ballot" not in answer.headers.get("set-cookie", "")


def test_the_same_phone_may_scan_its_sheet_again(place: Village) -> None:
    code = new_codes(place)[0][1]
    phone = browser()
    phone.get(f"/b/{code}")
    assert phone.get(f"/b/{code}").status_code == 303
    assert phone.head(f"/b/{new_codes(place)[1][1]}").status_code == 204


def test_two_sheets_on_one_phone_are_two_papers(place: Village) -> None:
    made = new_codes(place)
    phone = browser()
    for _, code in made[:2]:
        phone.get(f"/b/{code}")
    page = phone.get("/b").text
    other = re.search(r'href="(/b\?paper=\w+)"', page)[1]
    assert made[0][0] in phone.get(other).text.replace("\u00a0", " ")
    assert phone.get("/b?paper=stranger").status_code == 404


def test_typed_by_hand(place: Village) -> None:
    phone = browser()
    page = phone.get("/b")
    assert page.status_code == 200 and len(page.content) <= 15_000
    wrong = phone.post("/b", data={"token": token(page.text), "code": "7K3M"})
    assert wrong.status_code == 422 and 'value="7K3M"' in wrong.text
    code = codes.grouped(new_codes(place)[0][1]).lower()
    assert phone.post("/b", data={"token": token(page.text), "code": code}).headers["location"] == "/b"


def test_signed_in_without_a_code(place: Village) -> None:
    phone = browser()
    address = f"/ballot/{place.poll_id}"
    assert phone.get(address).status_code == 403
    phone.cookies.set("yiqi", place.sign_in(place.adults[0]))
    page = phone.get(address)
    assert page.status_code == 200 and len(page.content) <= STREAMLIT_FIRST_LOAD // 500
    paper = re.search(r'name=paper value="(\w+)"', page.text)[1]
    sent = phone.post(address, data={"token": token(page.text), "paper": paper, "choice": "b"})
    assert sent.status_code == 303 and kept(place) == ["b"]
    assert f"/ballot/{place.poll_id}" in phone.get(sent.headers["location"]).text


def test_a_stranger_who_is_signed_in(place: Village) -> None:
    phone = browser()
    phone.cookies.set("yiqi", place.sign_in(place.huang))
    answer = phone.get(f"/ballot/{place.poll_id}")
    assert answer.status_code == 403 and "不在" in answer.text
    assert phone.get("/ballot/nothing").status_code == 404


@pytest.mark.parametrize(("language", "says"), [("zh-CN", "您是之后才登记到这一户的"), ("en", "before you were registered with your home")])
def test_who_is_registered_after_the_opening_is_told_what_to_do(place: Village, language: str, says: str) -> None:
    with working(place.actor(place.wei)) as work:
        late = register.add_person(work, name="新邻居").id
        register.add_residence(work, person_id=late, unit_id=place.homes[0])
    phone = browser(language)
    phone.cookies.set("yiqi", place.sign_in(late))
    answer = phone.get(f"/ballot/{place.poll_id}")
    assert answer.status_code == 403 and says in answer.text and kept(place) == []


def test_a_code_of_a_home_that_voted_signed_in_shows_why_it_takes_nothing(place: Village) -> None:
    do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice="a")
    code = next(code for label, code in new_codes(place) if label.endswith("101"))
    phone = browser()
    phone.get(f"/b/{code}")
    page = phone.get("/b").text
    assert "已经有人登录投过票" in page and "type=radio" not in page and "<form" not in page


def test_after_the_close_the_paper_says_so_and_takes_nothing(place: Village) -> None:
    phone = browser()
    phone.get(f"/b/{new_codes(place)[0][1]}")
    page = phone.get("/b").text
    form = {"token": token(page), "paper": re.search(r'name=paper value="(\w+)"', page)[1], "choice": "a"}
    with clock.at(BEGINS + timedelta(hours=1)):
        answer = phone.post("/b", data=form)
        assert answer.status_code == 409 and "表决已经截止" in answer.text and "<form" not in answer.text
    assert kept(place) == []


def test_receipts_by_number(place: Village) -> None:
    phone = browser()
    assert phone.get("/receipt/00000000").status_code in (404, 422)
    assert phone.get("/receipt/nonsense").status_code == 422
    phone.get(f"/b/{new_codes(place)[0][1]}")
    page = phone.get("/b").text
    paper = re.search(r'name=paper value="(\w+)"', page)[1]
    number = phone.post("/b", data={"token": token(page), "paper": paper, "choice": "a"}).headers["location"][9:]
    stranger = browser().get(f"/receipt/{number.lower()}")
    assert stranger.status_code == 200 and "会计入" in stranger.text and "/b?paper" not in stranger.text
    picture = browser().get(f"/receipt/{number}.png")
    assert picture.headers["content-type"] == "image/png" and "attachment" in picture.headers["content-disposition"]
    do(place.system, polls.close, poll_id=place.poll_id)
    do(place.system, polls.reveal, poll_id=place.poll_id)
    assert "已经计入" in browser().get(f"/receipt/{number}").text


@pytest.mark.parametrize(
    ("language", "heading", "reason"), [("zh-CN", "这一票不计入", "理由：题目写错了"), ("en", "This ballot is not counted.", "The reason: 题目写错了")]
)
def test_paper_and_receipt_of_a_vote_that_was_called_off(place: Village, language: str, heading: str, reason: str) -> None:
    phone = browser(language)
    phone.get(f"/b/{new_codes(place)[0][1]}")
    page = phone.get("/b").text
    paper = re.search(r'name=paper value="(\w+)"', page)[1]
    number = phone.post("/b", data={"token": token(page), "paper": paper, "choice": "a"}).headers["location"][9:]
    assert "<i aria-hidden" in phone.get(f"/receipt/{number}").text and heading not in phone.get(f"/receipt/{number}").text
    do(place.actor(place.wei), polls.cancel, poll_id=place.poll_id, reason="题目写错了")
    assert reason in phone.get("/b").text
    slip = phone.get(f"/receipt/{number}").text
    assert f"<h1>{heading}</h1>" in slip.replace("\u00a0", " ") and "<i class=off aria-hidden" in slip
    assert "您的票收到了" not in slip and "Your vote is in." not in slip and f"/poll?id={place.poll_id}" in slip


def test_slips_for_the_committee_alone(place: Village) -> None:
    address = f"/codes/{place.poll_id}"
    assert browser().get(address).status_code == 403
    office = browser()
    office.cookies.set("yiqi", place.sign_in(place.adults[1]))
    assert office.get(address).status_code == 403
    office.cookies.set("yiqi", place.sign_in(place.wei))
    page = office.get(address)
    sheets = office.post(address, data={"token": token(page.text)})
    assert sheets.status_code == 200 and sheets.text.count('<section class="slip"') == 5
    assert sheets.text.count('lang="en"') >= 5 and "扫" in sheets.text
    found = re.findall(r"<b>([0-9A-Z ]{24})</b>", sheets.text.replace("\u00a0", " "))
    assert len(set(found)) == 5
    assert browser().get(f"/b/{codes.normal(found[0])}").status_code == 303


def test_loading_the_slips_again_leaves_the_printed_codes_alone(place: Village) -> None:
    address, office = f"/codes/{place.poll_id}", browser()
    office.cookies.set("yiqi", place.sign_in(place.wei))
    page = office.get(address).text
    given = {"token": token(page), "form": form_word(page)}
    slips = office.post(address, data=given).text.replace("\u00a0", " ")
    printed = re.findall(r"<b>([0-9A-Z ]{24})</b>", slips)
    told = {"zh-CN": (r"已经在.*\d\d:\d\d做好了", "以前的票码马上作废"), "en": (r"These were made on .*\d\d:\d\d", "Earlier codes stop")}
    for lang, (made, warned) in told.items():
        office.get("/lang/" + lang)
        again = office.post(address, data=given)
        assert again.status_code == 409 and 'class="slip"' not in again.text
        assert re.search(made, again.text) and warned in again.text
    assert browser().get(f"/b/{codes.normal(printed[0])}").status_code == 303
    fresh = office.post(address, data={"token": token(again.text), "form": form_word(again.text)})
    assert fresh.status_code == 200 and fresh.text.count('<section class="slip"') == 5
    assert browser().get(f"/b/{codes.normal(printed[1])}").status_code == 422


def test_a_lost_slip_is_made_anew_for_its_home_alone(place: Village) -> None:
    address, office = f"/codes/{place.poll_id}", browser()
    office.cookies.set("yiqi", place.sign_in(place.wei))
    first = office.post(address, data={"token": token(office.get(address).text)}).text.replace("\u00a0", " ")
    printed = re.findall(r"<b>([0-9A-Z ]{24})</b>", first)
    assert "只丢了一户" in office.get(address).text
    entry = reads.page(place.actor(place.wei), place.poll_id).roll[2]
    one = office.get(f"{address}?home={entry.entry_id}").text
    made = office.post(f"{address}?home={entry.entry_id}", data={"token": token(one), "form": form_word(one)}).text.replace("\u00a0", " ")
    fresh = re.findall(r"<b>([0-9A-Z ]{24})</b>", made)
    assert len(fresh) == 1 and entry.label in made
    assert sorted(browser().get(f"/b/{codes.normal(each)}").status_code for each in [*printed, *fresh]) == [303] * 5 + [422]


def test_files_of_a_vote_for_whom_they_are_meant(place: Village) -> None:
    whole, roll = f"/export/poll.json?id={place.poll_id}", f"/export/roll.csv?id={place.poll_id}"
    resident, outsider = browser(), browser()
    resident.cookies.set("yiqi", place.sign_in(place.adults[0]))
    assert outsider.get(whole).status_code == 403 and outsider.get(roll).status_code == 404
    assert resident.get(whole).status_code == 409
    sheet = resident.get(roll)
    assert sheet.content.startswith(b"\xef\xbb\xbf") and "70-1-101" in sheet.text and sheet.text.count("\n") == 6
    do(place.system, polls.close, poll_id=place.poll_id)
    do(place.system, polls.reveal, poll_id=place.poll_id)
    recounted = poll_json.read(resident.get(whole).content)
    assert len(recounted.roll) == 5 and "70-1-101" not in resident.get(whole).text
    assert outsider.get(whole).status_code == 403 and resident.get("/export/poll.json?id=x").status_code == 404


@pytest.mark.parametrize(("language", "says"), [("zh-CN", "还有别的码"), ("en", "Another code")])
def test_a_second_code_is_typed_on_a_phone_that_holds_one(place: Village, language: str, says: str) -> None:
    made, phone = new_codes(place), browser(language)
    phone.get(f"/b/{made[0][1]}")
    held = phone.get("/b").text
    assert says in held and 'href="/b?another"' in held
    asks = phone.get("/b?another")
    assert 'name="code"' in asks.text and len(asks.content) < 15_000
    wrong = phone.post("/b", data={"token": token(asks.text), "code": "7K3M"})
    assert wrong.status_code == 422 and 'value="7K3M"' in wrong.text and "type=radio" not in wrong.text
    assert phone.post("/b", data={"token": token(asks.text), "code": made[1][1]}).headers["location"] == "/b"
    assert made[1][0] in phone.get("/b").text.replace("\u00a0", " ")


def test_the_switches_keep_the_paper_of_whoever_holds_several(place: Village) -> None:
    made, phone = new_codes(place), browser()
    for _, code in made[:2]:
        phone.get(f"/b/{code}")
    other = re.search(r'href="(/b\?paper=\w+)"', phone.get("/b").text)[1]
    page = phone.get(other).text
    assert made[0][0] in page.replace("\u00a0", " ")
    back = re.findall(r'href="/(?:lang|size)/[^"?]+\?next=([^"]+)"', page)
    assert len(back) == 4 and {unquote(each) for each in back} == {other}
    asks = phone.get("/b?another").text
    assert {unquote(each) for each in re.findall(r'href="/(?:lang|size)/[^"?]+\?next=([^"]+)"', asks)} == {"/b?another"}
