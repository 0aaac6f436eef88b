"""What `forms.typing` keeps of a form: only what this window changed, never in place of something newer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from pages.kit import forms
from services import clock, drafts, i18n, register
from services.actors import Actor
from services.reads import filing
from services.work import do
from tests.fixtures.apptest import seen
from tests.fixtures.moment import onward_from
from tests.fixtures.village import BEGINS, village

NAME = "meeting.minutes:some"
MEANWHILE = i18n.text("zh-CN", "It was changed meanwhile. What you had typed and not sent:")


@pytest.fixture
def wei(on_sqlite: Engine) -> Iterator[Actor]:
    with clock.at(BEGINS):
        place = village(2)
        yield place.actor(place.wei)
    clock.follow(timedelta)


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


def long_form(actor, stands, others):  # no hints: its source runs by itself
    import streamlit as st

    from pages.kit import forms
    from pages.kit.words import speaking

    with speaking("zh-CN"):
        begins = {"day": stands["day"], "who": stands["who"]}
        offers = {"often": others, "list_count": 1}
        with forms.typing(
            actor,
            "long:some",
            "words",
            ("who", "day"),
            "often",
            "list_count",
            "row_0",
            "row_1",
            begins=begins,
            offers=offers,
            chosen=["who"],
        ):
            st.text_input("words", key="words")
            forms.among("who", ["wei", "lin"])
            st.selectbox("who", ["wei", "lin"], None, key="who")
            st.date_input("day", key="day")
            st.number_input("often", 1, 99, key="often")
            for place in range(st.session_state["list_count"]):
                st.text_input("row", key=f"row_{place}")
            forms.rows("list", 1, 2, "more", "fewer")


def long_window(actor: Actor, day: date, who: str = "wei", often: int = 7) -> AppTest:
    given = {"actor": actor, "stands": {"day": day, "who": who}, "others": often}
    at = AppTest.from_function(long_form, kwargs=given, default_timeout=30).run()
    assert not at.exception, at.exception
    return at


MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def test_days_lists_figures_and_rows_come_back_as_they_were(wei: Actor) -> None:
    at = long_window(wei, MONDAY)
    assert filing.draft(wei, "long:some") is None
    at.date_input(key="day").set_value(TUESDAY).run()
    at.selectbox(key="who").set_value("lin").run()
    at.button(key="list_more").click().run()
    at.text_input(key="row_1").set_value("第二行").run()
    at.button(key="list_fewer").click().run()
    at.text_input(key="words").set_value("写了一句").run()
    again = long_window(wei, MONDAY)
    assert (again.date_input(key="day").value, again.selectbox(key="who").value) == (TUESDAY, "lin")
    assert again.text_input(key="words").value == "写了一句" and not [each for each in again.text_input if each.key == "row_1"]
    again.button(key="list_more").click().run()
    assert again.text_input(key="row_1").value == "第二行"


def test_what_stands_together_is_taken_or_shown_together_and_the_rest_stays(wei: Actor) -> None:
    at = long_window(wei, MONDAY)
    at.selectbox(key="who").set_value("lin").run()
    at.text_input(key="words").set_value("写了一句").run()
    again = long_window(wei, TUESDAY)
    assert (again.date_input(key="day").value, again.selectbox(key="who").value) == (TUESDAY, "wei")
    assert again.text_input(key="words").value == "写了一句"
    assert i18n.text("zh-CN", "It was changed meanwhile. Here is what stands now; choose once more.") in seen(again)


def test_what_is_offered_may_be_another_thing_tomorrow_unless_something_was_set(wei: Actor) -> None:
    at = long_window(wei, MONDAY, often=7)
    at.text_input(key="words").set_value("写了一句").run()
    assert long_window(wei, MONDAY, often=9).number_input(key="often").value == 9
    at.number_input(key="often").set_value(8).run()
    again = long_window(wei, MONDAY, often=9)
    assert again.number_input(key="often").value == 8 and MEANWHILE not in seen(again)


def test_an_offer_that_follows_another_field_is_not_put_back_by_what_was_already_on_its_way(wei: Actor) -> None:
    """A press that leaves the browser before the newer offer has come there brings the older one along; nobody typed that."""
    at = long_window(wei, MONDAY, often=7)
    at.kwargs = {**at.kwargs, "others": 9}
    assert at.run().number_input(key="often").value == 9
    assert at.number_input(key="often").set_value(7).run().number_input(key="often").value == 9
    assert at.number_input(key="often").set_value(8).run().number_input(key="often").value == 8
    onward_from(datetime.now(UTC) + forms.ECHO)
    assert at.number_input(key="often").set_value(7).run().number_input(key="often").value == 7, "somebody means it"


def test_who_is_gone_is_passed_over(wei: Actor) -> None:
    do(wei, drafts.save, kind="long:some", content={"who": "gone", "based_on": {"who": "wei", "day": {"day": "2026-03-02"}}, "row_9": "x"})
    assert long_window(wei, MONDAY).selectbox(key="who").value is None
