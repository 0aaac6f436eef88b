"""The rules that ship: their figures, their sources, and what a superseded one asks for."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from services.errors import Invalid, Several
from services.exchange import poll_json
from services.rules import rule_texts
from services.rules.rule_texts import BY_KEY, MATTERS, TEXTS, Confirmation, check_usable, rule_text, why_not_usable

TODAY = date(2026, 3, 2)
OLD = rule_text("residents_meeting_2018")


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.key)
def test_every_text_is_a_rule_that_can_be_read(text: rule_texts.RuleText) -> None:
    rule = poll_json.rule(text.poll_rule())
    assert rule.name == text.key
    assert poll_json.rule_json(rule) == text.poll_rule()
    assert (text.status == "own") == (text.in_force_from is None)
    assert (text.status == "superseded") == (text.until is not None)
    assert text.status == "own" or text.article


def test_keys_are_unique() -> None:
    assert len(BY_KEY) == len(TEXTS)
    with pytest.raises(Invalid, match="no such rule"):
        rule_text("nothing")


def test_the_figures_of_article_278() -> None:
    for key, op, share in (("owners_ordinary", ">", Fraction(1, 2)), ("owners_major", ">=", Fraction(3, 4))):
        rule = poll_json.rule(rule_text(key).poll_rule())
        assert {(each.of, each.op, each.share) for each in rule.turnout} == {(of, ">=", Fraction(2, 3)) for of in ("area", "persons")}
        assert {(each.of, each.op, each.share) for each in rule.approve} == {("area", op, share), ("persons", op, share)}
        assert rule.base == "participating"


def test_items_six_to_eight_are_major_and_the_use_of_funds_is_not() -> None:
    assert [each.item for each in MATTERS] == list(range(1, 10))
    assert [each.item for each in MATTERS if each.major] == [6, 7, 8]
    assert MATTERS[4].rule == "owners_ordinary"


def test_a_rule_is_a_fresh_copy() -> None:
    rule_text("custom").poll_rule()["approve"].clear()
    assert rule_text("custom").poll_rule()["approve"]
    assert rule_text("residents_households").poll_rule(choose_one=True)["max_choices"] == 1


def test_a_superseded_rule_needs_a_name_and_either_the_text_or_ones_own_rule() -> None:
    with pytest.raises(Several) as refused:
        check_usable(OLD, TODAY)
    assert [each.field for each in refused.value.reasons] == ["confirmed_by", "article", "figure", "date"]
    check_usable(OLD, TODAY, Confirmation("Wang", "Article 21", "more than half", date(2026, 1, 1)))
    check_usable(OLD, TODAY, Confirmation("Wang", own_rule=True))
    with pytest.raises(Invalid, match="vouch for them by name"):
        check_usable(OLD, TODAY, Confirmation("  ", own_rule=True))
    with pytest.raises(Invalid, match="not in force yet"):
        check_usable(OLD, TODAY, Confirmation("Wang", "Article 21", "more than half", date(2026, 4, 1)))


def test_a_vote_before_the_day_of_replacement_needs_nobody_to_vouch() -> None:
    assert OLD.until is not None
    assert why_not_usable(OLD, OLD.until - timedelta(days=1)) == []
    assert len(why_not_usable(OLD, OLD.until)) == 4


def test_one_in_force_needs_nobody_but_its_day() -> None:
    check_usable(rule_text("owners_major"), TODAY)
    check_usable(rule_text("residents_households"), TODAY)
    assert [each.field for each in why_not_usable(rule_text("owners_major"), date(2020, 12, 31))] == ["rule"]
