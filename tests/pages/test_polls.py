"""The pages of votes, as every role and in both languages: what each sees, what is locked and why, what is never shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from models.vocabulary import PollState, Role
from services import actors, ballots, clock, i18n, polls, register, roles
from services.reads import poll_ground
from services.reads import polls as reads
from services.rules.access import FOR_CHAIRS, SIGN_IN
from services.work import do, working
from tests.fixtures.apptest import opened, seen
from tests.fixtures.moment import around
from tests.fixtures.village import BEGINS, Village, village

OPTIONS = [{"title": "铺地砖", "consequence": "21.5 万元，32 天"}, {"title": "铺沥青", "consequence": "17 万元，20 天"}]
LANGUAGES = ("zh-CN", "en")
TYPED = "铺地砖|铺沥青|院里的路[怎么铺要修]*|万元|天|华亭社区|号院|居民|议起|中文|字"
"""Words of the community itself, the same in every language."""


@pytest.fixture
def place(on_sqlite: Engine) -> Village:
    with clock.at(BEGINS):
        return village(4)


@pytest.fixture(autouse=True)
def _a_morning(on_sqlite: Engine) -> Iterator[None]:
    around(BEGINS)
    yield
    clock.follow(timedelta)


def look(place: Village, page: str, person: str = "", language: str = "zh-CN", **query: str) -> AppTest:
    return opened(place.more[person] if person else "visitor:somebody", page, language, **query)


def everybody(place: Village) -> dict[str, str]:
    """One person of every kind, signed in."""
    with working(place.system) as work:
        people = {"resident": place.adults[0], "committee": place.wei, "chair": place.huang}
        for role in (Role.GRID_WORKER, Role.SUPERVISOR, Role.EXECUTOR, Role.ADMINISTRATOR, Role.OWNERS_COMMITTEE):
            people[role.value] = register.add_person(work, name=role.value).id
            roles.grant(work, people[role.value], role)
    for person in people.values():
        place.sign_in(person)
    return people | {"visitor": ""}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_role_sees_every_state_in_both_languages(place: Village, language: str) -> None:
    people = everybody(place)
    for state in PollState:
        if state is PollState.PREPARED:
            place.prepare(method="choose_one", options=OPTIONS)
        elif state is PollState.OPEN:
            do(place.actor(place.huang), polls.open, poll_id=place.poll_id, minutes=60)
            for person, choice in zip(place.adults, ["a", "a", "a", "b"], strict=True):
                do(place.actor(person), ballots.cast, poll_id=place.poll_id, choice=choice)
        elif state is PollState.CLOSED:
            do(place.actor(place.huang), polls.close, poll_id=place.poll_id)
        elif state is PollState.REVEALED:
            do(place.actor(place.huang), polls.reveal, poll_id=place.poll_id)
        else:
            break
        for kind, person in people.items():
            text = seen(look(place, "poll.py", person, language, id=place.poll_id))
            assert "铺沥青" in text, (state, kind)
            han = re.findall(r"[\u4e00-\u9fff]", re.sub(TYPED, "", text))
            assert (len(han) > 20) == (language == "zh-CN"), (state, kind, "".join(han)[:80])
            if state is not PollState.REVEALED:
                told = re.sub(r"\s", "", text)  # receipts and digests may hold any digits, a share has its sign
                assert "75.0%" not in told and "3/4" not in told, (state, kind)
            elif kind == "committee":
                assert "75.0%" in re.sub(r"\s", "", text), "or the line above looks for something that no page says"
        seen(look(place, "polls.py", people["resident"], language))


def test_nothing_of_the_trend_is_on_any_page_before_the_reveal(place: Village) -> None:
    """Two polls that differ in nothing but the answers look alike to everybody but the voter."""
    people = everybody(place)
    place.open(method="choose_one", options=OPTIONS, minutes=10 * 24 * 60)
    texts: dict[str, set[str]] = {kind: set() for kind in people if kind != "resident"}
    for choice in ("a", "b"):
        for person in place.adults:
            do(place.actor(person), ballots.cast, poll_id=place.poll_id, choice=choice)
        for kind in texts:
            texts[kind].add(seen(look(place, "poll.py", people[kind], id=place.poll_id)))
            texts[kind].add(seen(look(place, "polls.py", people[kind])))
    assert {kind: len(found) for kind, found in texts.items()} == dict.fromkeys(texts, 2)


def test_which_homes_have_used_their_codes_is_for_those_who_hand_them_out(place: Village) -> None:
    """Until voting is over, so that a lost one can be replaced; to everybody else only how many have answered, then and later."""
    people = everybody(place)
    place.prepare(method="choose_one", options=OPTIONS)
    slips = do(place.actor(place.wei), polls.codes, poll_id=place.poll_id)
    do(place.actor(place.huang), polls.open, poll_id=place.poll_id, minutes=60)
    do(actors.visitor(place.community_id), ballots.exchange, code=slips[0][1])

    def told() -> dict[str, set[str]]:
        found = {}
        for kind, person in people.items():
            actor = place.actor(person) if person else actors.visitor(place.community_id)
            found[kind] = {line.code for line in reads.page(actor, place.poll_id).roll or ()}
            text = seen(look(place, "poll.py", person, "en", id=place.poll_id))
            assert ("code used" in text or "code handed out" in text) == (found[kind] == {"used", "out"}), kind
        return found

    nothing = {kind: set() if kind == "visitor" else {""} for kind in people}
    assert told() == nothing | {"committee": {"used", "out"}}
    for act in (polls.close, polls.reveal):
        do(place.actor(place.huang), act, poll_id=place.poll_id)
        assert told() == nothing


def test_the_committee_prepares_and_the_chair_opens_closes_and_reveals(place: Village) -> None:
    people = everybody(place)
    assert "院里的路要修" in seen(look(place, "polls.py", people["committee"]))
    at = look(place, "prepare.py", people["committee"], proposal=place.proposal_id)
    at.text_input(key="vote_question").set_value("院里的路修不修？").run()
    at.button(key="vote_prepare").click().run()
    assert not at.exception
    place.poll_id = at.query_params["id"][0] if isinstance(at.query_params["id"], list) else at.query_params["id"]
    assert place.poll().question == "院里的路修不修？"
    at = look(place, "poll.py", people["chair"], id=place.poll_id)
    at.button(key="do_poll.open").click().run()
    assert place.poll().state is PollState.OPEN
    at = look(place, "poll.py", people["committee"], id=place.poll_id)
    assert at.button(key="locked_poll.close").disabled and i18n.text("zh-CN", FOR_CHAIRS) in seen(at)
    at = look(place, "poll.py", people["chair"], id=place.poll_id)
    at.button(key="do_poll.close").click().run()
    assert place.poll().state is PollState.CLOSED
    at = look(place, "poll.py", people["chair"], id=place.poll_id)
    at.button(key="do_poll.reveal").click().run()
    assert place.poll().state is PollState.REVEALED
    assert "参加的不够" in seen(look(place, "poll.py", "", id=place.poll_id))


@pytest.mark.parametrize(
    ("language", "off", "closes", "heading"), [("zh-CN", "已取消", "几时截止", "这一票不计入"), ("en", "Called off", "Closes", "This ballot is not counted.")]
)
def test_a_vote_that_was_called_off_says_when_and_no_longer_when_it_closes(
    place: Village, language: str, off: str, closes: str, heading: str
) -> None:
    with clock.at(BEGINS):
        place.open(method="choose_one", options=OPTIONS)
        do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice="a")
    with clock.at(BEGINS + timedelta(minutes=7)):
        do(place.actor(place.wei), polls.cancel, poll_id=place.poll_id, reason="题目写错了")
        read = reads.page(place.actor(place.adults[0]), place.poll_id)
    assert read.cancelled_at == BEGINS + timedelta(minutes=7)
    place.sign_in(place.adults[0])
    said = seen(look(place, "poll.py", place.adults[0], language, id=place.poll_id))
    assert off in said and "09:07" in said and closes not in said and heading in said and "题目写错了" in said


@pytest.mark.parametrize("method", ["yes_no", "choose_one"])
def test_whoever_prepares_a_vote_anew_finds_the_words_of_the_one_called_off(place: Village, method: str) -> None:
    people = everybody(place)
    given = OPTIONS if method == "choose_one" else [{"code": "yes", "consequence": "21.5 万元"}, {"code": "no", "consequence": "路照旧"}]
    place.open(question="院里的路修不修？", explanation="先修东头。", method=method, options=given)
    number = place.poll().number
    do(place.actor(place.wei), polls.cancel, poll_id=place.poll_id, reason="题目写错了")
    at = look(place, "prepare.py", people["committee"], proposal=place.proposal_id)
    assert number in seen(at) and at.text_area(key="vote_explanation").value == "先修东头。"
    keys = ("vote_title_1", "vote_about_1") if method == "choose_one" else ("vote_yes_yes", "vote_yes_no")
    assert [at.text_input(key=key).value for key in keys] == (["铺沥青", "17 万元，20 天"] if method == "choose_one" else ["21.5 万元", "路照旧"])
    at.text_input(key="vote_question").set_value("院里的路怎么修？").run()
    at.button(key="vote_prepare").click().run()
    made = at.query_params["id"]
    asked = reads.page(place.actor(place.wei), made[0] if isinstance(made, list) else made)
    assert (asked.question, asked.explanation, asked.method.value) == ("院里的路怎么修？", "先修东头。", method)
    assert [(each.title, each.consequence) for each in asked.answers][:2] == [
        (each.get("title", ""), each["consequence"]) for each in given
    ]  # fmt: skip
    do(place.actor(place.huang), polls.open, poll_id=asked.id, minutes=60)
    do(place.actor(place.huang), polls.close, poll_id=asked.id)
    do(place.actor(place.huang), polls.reveal, poll_id=asked.id)
    assert poll_ground.ground(place.actor(place.wei), place.proposal_id).before is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_choice_says_what_agreeing_is(place: Village, language: str) -> None:
    said = i18n.text(language, "Who chooses an option agrees to it.")
    place.prepare(method="choose_one", options=OPTIONS)
    assert said in seen(look(place, "poll.py", "", language, id=place.poll_id))
    do(place.actor(place.wei), polls.cancel, poll_id=place.poll_id, reason="题目写错了")
    place.prepare()
    assert said not in seen(look(place, "poll.py", "", language, id=place.poll_id))


def test_a_double_press_keeps_a_vote_open_once_longer(place: Village) -> None:
    people = everybody(place)
    place.open(minutes=60)
    before = place.poll().closes_at
    at = look(place, "poll.py", people["chair"], id=place.poll_id)
    button = at.button(key=f"do_poll.extend-{before}")
    for _ in range(2):  # the second was pressed on what the first has done away with
        button.click().run()
        assert not at.exception and place.poll().closes_at == before + timedelta(hours=24)
    at.button(key=f"do_poll.extend-{before + timedelta(hours=24)}").click().run()
    assert place.poll().closes_at == before + timedelta(hours=48)


@pytest.mark.parametrize(("language", "says"), [("zh-CN", "投票截止了，等您揭晓"), ("en", "its result is not shown yet")])
def test_a_vote_that_is_over_stands_first_on_the_page_of_its_chair(place: Village, language: str, says: str) -> None:
    people = everybody(place)
    place.open(minutes=60)
    assert says not in seen(look(place, "home.py", people["chair"], language))
    do(place.system, polls.close, poll_id=place.poll_id)
    for kind in ("chair", "committee", "resident"):
        assert (says in seen(look(place, "home.py", people[kind], language))) == (kind == "chair"), kind


def test_what_was_typed_is_kept_and_every_reason_stands_at_its_field(place: Village) -> None:
    people = everybody(place)
    at = look(place, "prepare.py", people["committee"], proposal=place.proposal_id)
    at.text_input(key="vote_question").set_value("啊").run()
    at.button(key="vote_prepare").click().run()
    assert i18n.text("zh-CN", "A little longer, please: at least {least} characters.", least=4) in seen(at)
    assert at.text_input(key="vote_question").value == "啊"
    again = look(place, "prepare.py", people["committee"], proposal=place.proposal_id)
    assert again.text_input(key="vote_question").value == "啊"


@pytest.mark.parametrize(("language", "says"), [("zh-CN", "您是之后才登记到这一户的"), ("en", "before you were registered with your home")])
def test_who_is_registered_after_the_opening_reads_why(place: Village, language: str, says: str) -> None:
    place.open()
    do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice="yes")
    with working(place.actor(place.wei)) as work:
        late = register.add_person(work, name="新邻居").id
        register.add_residence(work, person_id=late, unit_id=place.homes[0])
    for person, told in ((late, True), (place.adults[0], False), (place.wei, False)):
        place.sign_in(person)
        assert (says in seen(look(place, "poll.py", person, language, id=place.poll_id))) is told


def test_addresses_that_are_nobodys(place: Village) -> None:
    everybody(place)
    for page, query in (("poll.py", {"id": "nothing"}), ("poll.py", {}), ("prepare.py", {"proposal": "x"})):
        assert "这一页打不开" in seen(look(place, page, place.wei, **query))
    assert i18n.text("zh-CN", SIGN_IN) in seen(look(place, "prepare.py", "", proposal=place.proposal_id))


def test_empty_and_filtered_lists_say_what_to_do(place: Village) -> None:
    everybody(place)
    assert "还没有表决" in seen(look(place, "polls.py"))
    place.prepare()
    at = look(place, "polls.py")
    at.text_input(key="votes_q").set_value("没有的").run()
    assert "没有符合的" in seen(at)
    at.text_input(key="votes_q").set_value("路怎么铺").run()
    assert place.poll().number in seen(at)
