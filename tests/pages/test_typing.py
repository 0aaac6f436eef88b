"""What `forms.typing` keeps of a form: only what this window changed, never in place of something newer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from services import clock, i18n, register
from services.actors import Actor
from services.reads import filing
from services.work import do
from tests.fixtures.apptest import seen
from tests.fixtures.village import BEGINS, village

NAME = "meeting.minutes:some"
MEANWHILE = i18n.text("zh-CN", "It was changed meanwhile. What you had typed and not sent:")


@pytest.fixture
def wei(on_sqlite: Engine) -> Iterator[Actor]:
    with clock.at(BEGINS):
        place = village(2)
        yield place.actor(place.wei)


def form(actor, name, stored):  # no hints: its source runs by itself
    import streamlit as st

    from pages.kit import forms
    from pages.kit.words import speaking

    with speaking("zh-CN"):
        forms.emptied()
        with forms.typing(actor, name, "words", begins=None if stored is None else {"words": stored}):
            st.text_area("words", key="words")


def window(actor: Actor, stored: str | None = None) -> AppTest:
    """A browser window in which the form is open."""
    at = AppTest.from_function(form, kwargs={"actor": actor, "name": NAME, "stored": stored}, default_timeout=30).run()
    assert not at.exception, at.exception
    return at


def typed(at: AppTest, words: str) -> AppTest:
    at.text_area(key="words").set_value(words).run()
    assert not at.exception, at.exception
    return at


def test_what_was_typed_is_there_in_another_window(wei: Actor) -> None:
    typed(window(wei), "下水口堵了三天")
    assert window(wei).text_area(key="words").value == "下水口堵了三天"


def test_a_form_that_is_only_looked_at_keeps_nothing(wei: Actor) -> None:
    assert window(wei, "昨天的纪要").text_area(key="words").value == "昨天的纪要"
    assert filing.draft(wei, NAME) is None
    assert window(wei, "今天改过的纪要").text_area(key="words").value == "今天改过的纪要"


def test_what_is_newer_stands_and_what_was_typed_is_shown_to_be_copied(wei: Actor) -> None:
    typed(window(wei, "昨天的纪要"), "昨天的纪要，再加一句")
    assert window(wei, "昨天的纪要").text_area(key="words").value == "昨天的纪要，再加一句"
    later = window(wei, "主持人改过的纪要")
    assert later.text_area(key="words").value == "主持人改过的纪要"
    assert MEANWHILE in seen(later) and "再加一句" in seen(later)
    typed(later, "主持人改过的纪要，再加一句")
    assert MEANWHILE not in seen(window(wei, "主持人改过的纪要"))


def test_a_window_that_lies_open_does_not_write_its_empty_fields_over_the_words(wei: Actor) -> None:
    laptop = window(wei)
    typed(window(wei), "在平板上写了很长一段")
    laptop.run()
    assert window(wei).text_area(key="words").value == "在平板上写了很长一段"


@pytest.mark.parametrize("stored", [None, "原来的话"])
def test_taking_everything_back_leaves_no_draft(wei: Actor, stored: str | None) -> None:
    at = typed(window(wei, stored), "写了又不要")
    assert filing.draft(wei, NAME) is not None
    typed(at, stored or "")
    assert filing.draft(wei, NAME) is None


def test_words_are_their_own_persons(wei: Actor) -> None:
    typed(window(wei), "只给自己看")
    other = do(wei, register.add_person, name="别人").id
    assert window(Actor(wei.community_id, other)).text_area(key="words").value == ""
