"""The reasons in Chinese: the words follow the rule, and every sentence that a count can give is translated."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from fractions import Fraction
from functools import partial

import pytest

from services import i18n
from services.exchange import poll_json
from services.rules.poll import Poll, Rule, Silent
from services.rules.sentences import Sentence, from_json, say, spoken
from services.rules.tally import count
from tests.rules import naive
from tests.rules.polls import HOUSEHOLDS, MAJOR, ORDINARY, at, choose, yes_no

ZH = partial(i18n.text, "zh-CN")


def last(poll: Poll) -> str:
    return spoken(count(poll).explanation[-1], ZH)


@pytest.mark.parametrize(
    ("poll", "words"),
    [
        (yes_no(MAJOR, ("yes", ["50"] * 25), ("no", ["50"] * 6)), "人数、面积都到了四分之三，所以通过。"),
        (yes_no(ORDINARY, ("yes", ["50"] * 4), ("no", ["50"] * 3)), "人数、面积都过半，所以通过。"),
        (yes_no(Rule(approve=(at("persons", ">", "2/3"),)), ("yes", ["1"] * 3), ("no", ["1"])), "人数超过三分之二，所以通过。"),
        (yes_no(Rule(approve=(at("persons", ">=", "1/2"),)), ("yes", ["1"] * 3), ("no", ["1"])), "人数到了一半，所以通过。"),
        (yes_no(Rule(approve=(at("persons", ">=", "5/7"),)), ("yes", ["1"] * 3), ("no", ["1"])), "人数到了 7 分之 5，所以通过。"),
        (yes_no(MAJOR, ("yes", ["90"] * 3), ("no", ["98"])), "人数够了，面积差 1.6 个点，所以没通过。"),
        (yes_no(MAJOR, ("yes", ["90", "90", "89.99"]), ("no", ["90"])), "人数够了，面积差 0.0025 m²，所以没通过。"),
        (yes_no(MAJOR, ("yes", ["90"] * 5), ("no", ["10"] * 3)), "面积够了，人数差 1 户，所以没通过。"),
        (yes_no(ORDINARY, ("yes", ["90"] * 2), ("no", ["90"] * 1), ("abstain", ["90"])), "人数、面积都正好一半，没有过半，所以没通过。"),
        (yes_no(ORDINARY, ("yes", ["90"] * 2), ("no", ["90"] * 2)), "同意和不同意一样多，都是 2。票数相同按不通过算，所以没通过。"),
        (yes_no(ORDINARY, ("yes", ["90"] * 2), (None, ["90"] * 3)), "参加的不够：人数差 2 户、面积差 26.7 个点。这次表决不算数。"),
        (choose(HOUSEHOLDS, {"地砖": 19, "沥青": 12}), "“地砖”得 19 票，户数过半，选上了。"),
        (choose(HOUSEHOLDS, {"地砖": 19, "沥青": 19}), "没有一项到了规则的要求，所以都没选上。"),
        (choose(Rule(), {"地砖": 3, "沥青": 3}), "“地砖”、“沥青”票数相同，都是 3 票，还分不出来。"),
    ],
)
def test_a_resident_understands_it(poll: Poll, words: str) -> None:
    assert last(poll) == words


def test_every_sentence_of_thousands_of_counts_is_chinese() -> None:
    chance, missing = random.Random(5), set[str]()

    def text(message: str, /, **values: object) -> str:
        if ("", message) not in i18n.catalog("zh-CN"):
            missing.add(message)
        return i18n.text("zh-CN", message, **values)

    for turn in range(3000):
        poll = poll_json.read(json.dumps(naive.a_poll(chance)))
        if turn % 3 == 0 and poll.rule.base != "present":
            silent = Silent("with_majority", "第十二条", tuple(each.id for each in poll.roll))
            poll = replace(poll, rule=replace(poll.rule, silent=silent, name="owners_of_ours"))
        for sentence in count(poll).explanation:
            assert "{" not in spoken(sentence, text)
            assert from_json(json.loads(json.dumps(sentence.as_json()))) == sentence
    assert missing == set()


def test_lists_and_nested_sentences() -> None:
    assert spoken(say("{short}: not adopted.", short=(say("a"), "b", "c"))) == "A, b and c: not adopted."
    assert spoken(say("{short}: not adopted.", short=())) == ": not adopted."
    assert spoken(Sentence("plain")) == "Plain"


@pytest.mark.parametrize("share", [Fraction(1, 2), Fraction(2, 3)])
def test_shares_in_words_are_those_of_the_house(share: Fraction) -> None:
    from services.rules.reasons import share_words

    assert share_words(share).message == i18n.ratio(share)
