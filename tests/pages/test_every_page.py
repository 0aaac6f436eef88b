"""Every page of the navigation as every role in both languages, on the real case in the middle of its second round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from models.meeting import Meeting
from models.vocabulary import Role
from pages.kit.frame import NAV
from pages.kit.words import speaking
from services import clock, i18n, roles
from services.actors import system
from services.db import reading
from services.work import do
from tests.fixtures.apptest import html, seen
from tests.fixtures.case import Case, play
from tests.fixtures.moment import around
from tests.fixtures.run import ROOT
from tests.house.test_catalogs import catalogs, entries

PEOPLE = ("", "li", "wang", "wei", "huang", "chen", "zhao", "sun", "admin")
HELD = {"wang": Role.OWNERS_COMMITTEE}  # nobody in the case sits on one
# Page → the query with which it shows most; "$name" is an id of the case, "$code" the code of its second meeting.
PAGES: dict[str, dict[str, str]] = {
    "home": {}, "me": {}, "inbox": {}, "review": {}, "concern": {"id": "$concern"}, "proposals": {}, "proposal_new": {"step": "1"},
    "register": {}, "proposal": {"id": "$round1"}, "meetings": {}, "meeting": {"id": "$meeting1"}, "meeting_new": {}, "polls": {},
    "poll": {"id": "$poll1"}, "prepare": {"proposal": "$round2"}, "notices": {}, "progress": {}, "project": {"id": "$project1"},
    "admin": {}, "outcomes": {}, "chair": {"m": "$code"}, "screen": {"m": "$code"},
}  # fmt: skip
# What only some may see or do there: page → the Chinese words, and who finds them.
ONLY = {
    "proposal": ("李秀英", {"li", "wang", "wei", "huang", "chen", "zhao", "sun", "admin"}), "project": ("验收通过", {"sun"}),
    "me": ("我的房子", {"li", "wang", "wei", "huang", "chen", "zhao", "sun", "admin"}), "register": ("51 人", {"wei", "chen", "admin"}),
}  # fmt: skip
HEADING = re.compile('<h1|role="heading" aria-level="1"')
WHOLE = {"proposal": "选它 ", "project": "178,420.00", "outcomes": "办成", "meetings": "开过 2 场", "polls": "旧车位线"}


@pytest.fixture(autouse=True)
def _clock(on_sqlite: Engine) -> Iterator[None]:
    yield
    clock.follow(timedelta)


def phrases(language: str) -> set[str]:
    """Whole sentences of the other language, that nobody could have typed: those of the catalog that take no values."""
    found = set()
    for catalog in catalogs("zh-CN").values():
        for _, name, forms, _ in entries(catalog):
            said = name if language == "zh-CN" else forms[0]
            if "{" not in said and len(said) >= (18 if language == "zh-CN" else 6):
                found.add(said)
    return found


def rounds(case: Case, who: str, language: str) -> Iterator[tuple[str, AppTest]]:
    """One browser of this person that goes to every page."""
    with reading(case.community_id) as db:
        code = db.get_one(Meeting, case.ids["meeting2"]).code
    at = AppTest.from_file(str(ROOT / "pages/shell.py"), default_timeout=60)
    at.user = {"sub": case.login(who) if who else "visitor:somebody"}
    at.context = {"locale": language, "timezone": "Asia/Shanghai"}
    at.run()
    for item in NAV:
        at.switch_page(item.file)
        at.query_params.clear()
        for name, value in PAGES[item.name].items():
            at.query_params[name] = code if value == "$code" else case.ids[value[1:]] if value.startswith("$") else value
        with speaking(language):  # AppTest asks for the words of a list outside of the page
            yield item.name, at.run()


@pytest.mark.parametrize("language", i18n.LANGS)
@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_as_every_role(who: str, language: str) -> None:
    case = play("at: 2026-05-13T09:00")
    if who in HELD:
        do(system(case.community_id), roles.grant, case.people[who], HELD[who])
    moment = case.moment + timedelta(hours=1)
    around(moment)
    foreign = phrases(language)
    for page, at in rounds(case, who, language):
        said = seen(at)
        assert not at.exception, (page, at.exception)
        assert (at.get("bidi_component") if page == "screen" else len(said) > 15), (page, said)  # the wall is a drawing of its own
        if page not in ("screen", "chair") or not at.get("bidi_component"):  # the wall and the chair's tablet are drawn by a component, heading and all
            assert len(HEADING.findall(html(at))) == 1, page
        assert "出了点问题" not in said and "went wrong" not in said, (page, said)
        assert not (strange := {each for each in foreign if each in said}), (page, strange)
        if language == "zh-CN" and page in ONLY:
            words, people = ONLY[page]
            assert (words in said) is (who in people), (page, words)
        if language == "zh-CN" and page in WHOLE:
            assert WHOLE[page] in said, page


def test_no_role_is_left_out() -> None:
    case = play("at: 2026-05-13T09:00")
    assert {role for who in PEOPLE if who for role in case.actor(who).roles} | set(HELD.values()) == set(Role)


def test_no_page_is_left_out() -> None:
    assert set(PAGES) == {item.name for item in NAV}
    assert {re.sub(r"\.py$", "", item.file) for item in NAV} == {path.stem for path in (ROOT / "pages").glob("[a-z]*.py")} - {"shell"}
