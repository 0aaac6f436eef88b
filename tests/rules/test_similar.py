"""Near-duplicates among made-up proposals in Chinese and English, and what a text must not do to it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.similar import Index, shared_words

TEXTS = {
    "lamp": "楼道灯不亮，晚上摸黑上楼",
    "bins": "垃圾房门关不严，味道进屋",
    "ramp": "外卖车停在坡道口，轮椅上不去",
    "bench": "想给小花园添两把带扶手的椅子",
    "road": "大院路面坑洼不平，下雨积水，老人容易摔倒，希望重新铺装",
    "bays": "院子里停车线不清楚，车位歪歪斜斜，希望重新画线",
    "garage": "地下车库太暗，建议多装几盏",
    "stairs": "Street lamp in the stairwell is broken",
    "flood": "The courtyard road floods when it rains",
    "lines": "Please repaint the parking lines in the yard",
}
INDEX = Index(TEXTS.items())


@pytest.mark.parametrize(
    ("typed", "key", "word"),
    [
        ("楼道的灯坏了，晚上上楼看不见", "lamp", "楼道"),
        ("楼道灯坏了", "lamp", "楼道灯"),
        ("电动车堵住坡道，轮椅过不去", "ramp", "轮椅"),
        ("花园里没有椅子", "bench", "椅子"),
        ("院里的路坑坑洼洼，一下雨就积水", "road", "积水"),
        ("停车位重新画线", "bays", "重新画线"),
        ("stairwell lamps are broken", "stairs", "stairwell"),
        ("STAIRWELL LAMP", "stairs", "stairwell"),
        ("rain water on the road in our courtyard", "flood", "courtyard"),
        ("the parkng lines in the yard", "lines", "lines"),
    ],
)
def test_the_one_that_says_the_same_comes_first(typed: str, key: str, word: str) -> None:
    first = INDEX.nearest(typed)[0]
    assert first.key == key
    assert word in first.shared
    assert 0.25 <= first.score <= 1


@pytest.mark.parametrize("typed", ["", " ", "。", "x", "我们小区想办一个读书会", "We want a reading club", "希望大家", "please", "🏮"])
def test_what_nobody_said_has_no_neighbour(typed: str) -> None:
    assert INDEX.nearest(typed) == []


def test_the_text_itself_scores_one_and_can_be_left_out() -> None:
    assert INDEX.nearest(TEXTS["road"])[0].score == pytest.approx(1)
    assert "road" not in [each.key for each in INDEX.nearest(TEXTS["road"], but=["road"])]


def test_no_more_than_asked_and_best_first() -> None:
    many = Index((str(n), f"楼道灯不亮 {n}") for n in range(20))
    found = many.nearest("楼道灯不亮", most=3)
    assert len(found) == 3
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_full_width_and_capitals_are_the_same() -> None:
    assert INDEX.nearest("ＳＴＡＩＲＷＥＬＬ ｌａｍｐ")[0].key == "stairs"


def test_an_empty_index_and_empty_texts() -> None:
    assert Index([]).nearest("楼道灯") == []
    assert Index([("a", ""), ("b", "。。")]).nearest("楼道灯") == []
    assert len(Index([("a", "one"), ("a", "two")])) == 1


def test_shared_words_are_whole_and_longest_first() -> None:
    assert shared_words("停车位重新画线", TEXTS["bays"]) == ("重新画线", "停车", "车位")
    assert shared_words("the lamp of the road", "a road and a lamp") == ("lamp", "road")
    assert shared_words("的了是", "的了是") == ()


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("70 号院的路，雨天积水", "70号院的路雨天积水", ("70 号院的路", "雨天积水")),
        ("华亭路 70 号院的路面", "修一修 70 号院的路", ("70 号院的路",)),
        ("花园在 70 号", "70 个车位", ()),
        ("70 号院积水", "170 号院积水", ("积水",)),
        ("2.5 米宽的门", "门宽 2.5 米", ("2.5 米",)),
        ("修 B2 栋的灯，要 30 天", "B2 栋门口 30", ("b2",)),
        ("house 70, lamp 70", "lamp at 70", ("lamp",)),
    ],
)
def test_a_figure_and_the_words_around_it_are_one_phrase(one: str, other: str, shared: tuple[str, ...]) -> None:
    assert shared_words(one, other) == shared


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.lists(st.text(max_size=60), max_size=5))
def test_any_text_gives_scores_between_nought_and_one(typed: str, texts: list[str]) -> None:
    index = Index((str(n), text) for n, text in enumerate(texts))
    for each in index.nearest(typed, at_least=0.0):
        assert 0 <= each.score <= 1
        assert len(set(each.shared)) == len(each.shared) <= 4
