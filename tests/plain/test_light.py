"""Plain pages stay light whatever was written: at the longest texts a field takes they say the most in short and keep all of it on sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from markupsafe import escape
from sqlalchemy import Engine

from pages.plain import ballots as ballot_pages
from pages.plain import parts
from services import clock, deliberation, meetings, polls
from services.work import do
from tests.fixtures import room as rooms
from tests.fixtures.room import BEGINS, Room
from tests.fixtures.village import Village, village
from tests.plain import test_ballots, test_room
from tests.plain.test_room import browser, of, token

LIMIT = 15_000
WORDS = {"chinese": "路面高低不平，雨天积水很深，老人推车过不去；", "signs": "\"<&>'"}
"""What a text is made of: three bytes a sign, or signs that need up to six bytes on a page."""


@pytest.fixture(autouse=True)
def _a_morning(on_sqlite: Engine) -> Iterator[None]:
    with clock.at(BEGINS):
        yield


def long(made_of: str, most: int, first: str = "") -> str:
    return (first + WORDS[made_of] * most)[:most]


def fit(page: Any) -> str:
    assert page.status_code == 200 and len(page.content) < LIMIT, len(page.content)
    return str(page.text)


def all_of(phone: Any, first: str) -> str:
    """Every sheet from `first` on, by the link to the next one."""
    text = fit(phone.get(first))
    whole = text
    while found := re.search(r'href="([^"]+sheet=\d+)">(?:后一页|The next sheet)<', text):
        text = fit(phone.get(found[1].replace("&amp;", "&")))
        whole += text
    return whole


# ---- pieces on sheets


def test_sheets_hold_every_piece_once_in_order_and_none_is_empty_or_too_full() -> None:
    pieces = [length * 37 % 2900 for length in range(200)]
    made = parts.sheets(pieces, lambda piece: piece)
    assert [piece for sheet in made for piece in sheet] == pieces
    assert all(sheet and sum(sheet) <= parts.SHEET for sheet in made) and len(made) > 5
    assert parts.sheets([], lambda piece: piece) == []
    assert parts.sheets([parts.SHEET * 2, 1], lambda piece: piece) == [[parts.SHEET * 2], [1]]


@pytest.mark.parametrize(("asked", "at"), [("", 1), ("2", 2), ("0", 1), ("-1", 1), ("9", 3), ("99999999999", 1), ("x", 1), ("²", 1)])
def test_any_number_in_an_address_leads_to_a_sheet_there_is(asked: str, at: int) -> None:
    assert parts.sheet_at(asked, 3) == at


# ---- the meeting


def crowded(made_of: str) -> Room:
    """A discussion with 14 options, each as long as a field takes, and 40 reasons."""
    room = rooms.now_at("item", BEGINS)
    options = [
        room.do(
            "吴主持", deliberation.add_option, at=BEGINS, proposal_id=room.proposal, title=long(made_of, 40, f"{n}号"),
            description=long(made_of, 1000), cost_fen=10**9, days=3650,
        )
        for n in range(12)
    ]  # fmt: skip
    for n in range(40):
        text = long(made_of, 400, f"第{n:02}条")
        room.do("王阿姨", deliberation.add_argument, at=BEGINS, option_id=options[n % 3].id, side="pro" if n % 2 else "con", text=text)
    return room


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("made_of", WORDS)
def test_a_crowded_table_is_named_in_short_and_read_on_sheets(made_of: str, language: str) -> None:
    room = crowded(made_of)
    phone = of(room, "王阿姨", language)
    said = fit(phone.get(f"/j/{room.code}"))
    assert f'href="/j/{room.code}/table"' in said and "第07条" not in said
    assert ("还有 2 个方案" if language == "zh-CN" else "2 more options") in said.replace("\u00a0", " ")
    whole = all_of(phone, f"/j/{room.code}/table")
    assert [whole.count(f"第{n:02}条") for n in range(40)] == [1] * 40
    assert all(str(escape(long(made_of, 40, f"{n}号"))) in whole for n in range(12))
    assert whole.count(str(escape(long(made_of, 1000)))) == 12
    assert len(re.findall("全部重画", whole)) == 1


def test_a_small_table_is_whole_on_the_page_and_on_one_sheet() -> None:
    room = rooms.now_at("item", BEGINS)
    said = fit(browser().get(f"/j/{room.code}"))
    assert "车位看得清楚" in said and "/table" not in said
    sheet = fit(browser().get(f"/j/{room.code}/table"))
    assert "车位看得清楚" in sheet and "要停三天车" in sheet and "sheet=" not in sheet


def test_an_empty_table_says_so_and_an_unknown_one_is_refused() -> None:
    empty = rooms.convened()
    assert "桌上还没有方案" in fit(browser().get(f"/j/{empty.code}/table"))
    assert browser().get("/j/ZZZZ/table").status_code == 404


@pytest.mark.parametrize("made_of", WORDS)
def test_in_the_lobby_the_way_leads_to_the_table(made_of: str) -> None:
    room = crowded(made_of)
    room.do("吴主持", meetings.undo, at=BEGINS, meeting_id=room.meeting, seen=2)
    room.do("吴主持", meetings.undo, at=BEGINS, meeting_id=room.meeting, seen=1)
    assert f'href="/j/{room.code}/table"' in fit(of(room, "王阿姨").get(f"/j/{room.code}"))


@pytest.mark.parametrize("made_of", WORDS)
def test_a_reason_for_a_crowded_table_begins_with_the_option(made_of: str) -> None:
    room = crowded(made_of)
    phone = of(room, "王阿姨")
    listed = all_of(phone, f"/j/{room.code}/say")
    assert len(set(re.findall(r'href="(/j/[^"]+\?option=\w+)"', listed))) == 14
    assert len(set(re.findall(r'href="(/j/[^"]+/back/\w+)"', listed))) == 41, "what one has said can still be taken back"
    one = re.search(r'href="(/j/[^"]+\?option=(\w+))"', listed)
    form = fit(phone.get(one[1]))
    assert form.count('name="option"') == 1 and "checked" in form
    given = {"token": token(form), "option": one[2], "side": "pro"}
    again = phone.post(f"/j/{room.code}/say", data=given | {"text": ""})
    assert again.status_code == 422 and again.text.count('name="option"') == 1, "the choice of the option stays"
    assert phone.post(f"/j/{room.code}/say", data=given | {"text": "我也说一句"}).headers["location"] == f"/j/{room.code}"


def test_a_reason_for_an_option_that_has_left_the_table_stays_before_its_writer() -> None:
    room = crowded("chinese")
    phone = of(room, "王阿姨")
    form = fit(phone.get(re.search(r'href="(/j/[^"]+\?option=\w+)"', all_of(phone, f"/j/{room.code}/say"))[1]))
    given = {"token": token(form), "option": "gone0000000000gone", "side": "pro", "text": "车位看得清楚，我赞成。"}
    refused = phone.post(f"/j/{room.code}/say", data=given)
    assert refused.status_code == 422 and 'role="alert"' in refused.text and "车位看得清楚，我赞成。" in refused.text
    other = re.search(r'<option value=(\w{16})\b', refused.text)
    assert other and phone.post(f"/j/{room.code}/say", data=given | {"option": other[1]}).status_code == 303


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("made_of", WORDS)
def test_at_the_end_the_first_commitments_and_the_minutes(made_of: str, language: str) -> None:
    room = crowded(made_of)
    for seen in (2, 3, 4):
        if seen == 4:
            for n in range(20):
                room.do(
                    "吴主持", deliberation.commit, at=BEGINS, meeting_id=room.meeting, proposal_id=room.proposal, party="builder",
                    label=long(made_of, 40), deed=long(made_of, 200, f"{n}事"), due_on=(BEGINS + timedelta(days=20 + n)).date(),
                )  # fmt: skip
        room.do("吴主持", meetings.next, at=BEGINS, meeting_id=room.meeting, seen=seen)
    said = fit(of(room, "王阿姨", language).get(f"/j/{room.code}"))
    assert "0事" in said and "19事" not in said
    assert said.count(f'href="/minutes/{room.meeting}"') == 2


# ---- the ballot


def paper_of(made_of: str) -> Village:
    place = village()
    options = [{"title": long(made_of, 60, f"{n}号"), "consequence": long(made_of, 200, f"{n}后果")} for n in range(9)]
    place.open(
        question=long(made_of, 120, "怎么铺？"), explanation=long(made_of, 1000, "说明。"), method="choose_one", options=options
    )  # fmt: skip
    return place


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("made_of", WORDS)
def test_the_fullest_ballot(made_of: str, language: str) -> None:
    place = paper_of(made_of)
    phone = test_ballots.browser(language)
    phone.get(f"/b/{do(place.actor(place.wei), polls.codes, poll_id=place.poll_id)[0][1]}")
    paper = fit(phone.get("/b"))
    assert paper.count("type=radio") == 10
    about = re.search(r'href="(/b\?about=1[^"]+)"', paper)
    whole = paper if about is None else all_of(phone, about[1].replace("&amp;", "&"))
    assert "说明。" in whole and [whole.count(f"{n}后果") for n in range(9)] == [1] * 9
    phone.cookies.set("yiqi", place.sign_in(place.adults[0]))
    own = fit(phone.get(f"/ballot/{place.poll_id}"))
    assert own.count("type=radio") == 10
    if made_of == "signs":
        own_about = re.search(rf'href="(/ballot/{place.poll_id}\?about=1[^"]+)"', own)
        assert about and own_about and "8后果" in all_of(phone, own_about[1].replace("&amp;", "&"))
        back = re.search(r'href="(/b\?paper=\w+)"', all_of(phone, about[1].replace("&amp;", "&")))
        assert phone.get(back[1]).text.count("type=radio") == 10


def test_an_owner_of_many_homes_finds_each_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    place = village()
    place.open()
    phone = test_ballots.browser()
    phone.cookies.set("yiqi", place.sign_in(place.adults[0]))
    seen = ballot_pages.reads.of_person

    def many(actor: Any, poll_id: str) -> list[Any]:
        from dataclasses import replace

        (only,) = seen(actor, poll_id)
        return [replace(only, key=f"k{n:03}", label=f"{n}-101") for n in range(300)]

    monkeypatch.setattr(ballot_pages.reads, "of_person", many)
    listed = all_of(phone, f"/ballot/{place.poll_id}")
    assert len(set(re.findall(r"paper=(k\d+)", listed))) == 300
    assert fit(phone.get(f"/ballot/{place.poll_id}?paper=k123")).count(f'href="/ballot/{place.poll_id}"') == 1


def test_the_limits_are_one() -> None:
    assert parts.LIGHT == LIMIT == test_room.LIMIT
