"""The pages about people, as every role and in both languages: my page, the register, administration, the demo's clock."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.account import Login
from services import db, logins, messages
from services.work import do, working
from tests.fixtures.neighbours import CAST, COMMUNITY, Neighbours
from tests.fixtures.run import ROOT

LANGUAGES = ("zh-CN", "en")
EVERYBODY = ("visitor", *CAST)


def look(neighbours: Neighbours, page: str, who: str = "visitor", language: str = "zh-CN", login: str = "", **query: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "pages/shell.py"), default_timeout=30)
    at.user = {"sub": login or ("visitor:somebody" if who == "visitor" else neighbours.login(who))}
    at.context = {"locale": language, "timezone": "Asia/Shanghai"}
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    at.switch_page(page).run()
    assert not at.exception, at.exception
    return at


def seen(at: AppTest) -> str:
    """All the text of a page, tags taken off."""
    html = " ".join(str(getattr(each, "body", "") or getattr(each, "value", "")) for each in at.get("html"))
    rest = " ".join(
        [*(each.label for each in at.button), *(str(each.value) for each in at.markdown), *(each.label for each in at.text_input)]
    )
    return re.sub(r"\s+", " ", re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.S) + rest).replace("\u00a0", " ")


def button(at: AppTest, word: str):
    return next(each for each in at.button if word in each.label)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", EVERYBODY)
def test_my_page_as_everybody(neighbours_sqlite: Neighbours, who: str, language: str) -> None:
    said = seen(look(neighbours_sqlite, "me.py", who, language))
    if who == "visitor":
        assert ("要登录" in said) if language == "zh-CN" else ("Please sign in" in said)
    else:
        assert CAST[who][0] in said
        assert ("我的房子" in said) if language == "zh-CN" else ("My homes" in said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_are_read_and_logins_ended(neighbours_sqlite: Neighbours, language: str) -> None:
    with working(neighbours_sqlite.system) as work:
        messages.tell(work, neighbours_sqlite.people["resident"], "Your role “{role}” has ended.", "/me", "x", role="<b>x</b>")
    other = neighbours_sqlite.login("resident")
    at = look(neighbours_sqlite, "me.py", "resident", language)
    assert "<b>x</b>" not in "".join(str(each.body) for each in at.get("html"))
    button(at, "都看过了" if language == "zh-CN" else "read them all").click().run()
    assert do(neighbours_sqlite.actor("resident"), messages.read) == 0
    at.button(key=f"me_end_{other}").click().run()
    with db.reading(COMMUNITY) as session:
        assert session.get_one(Login, other).ended_at is not None
        assert len(session.exec(select(Login).where(Login.ended_at.is_(None))).all()) == 1
    neighbours_sqlite.login("resident")
    at.run()
    button(at, "这里以外" if language == "zh-CN" else "everywhere but here").click().run()
    assert len(logins.own(neighbours_sqlite.people["resident"], COMMUNITY)) == 1


def test_a_login_that_ended_elsewhere_shows_nothing(neighbours_sqlite: Neighbours) -> None:
    login = neighbours_sqlite.login("resident")
    at = look(neighbours_sqlite, "me.py", login=login)
    assert "王阿姨" in seen(at)
    do(neighbours_sqlite.system, logins.end, login)
    assert "王阿姨" not in seen(at.run())
