"""Votes from the roll to the outcome: who may do what, what is refused and why, what stays hidden, what a recount gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from models.meeting import Attendance, Meeting, MeetingParty
from models.poll import BallotCode, RollEntry, RollUnit
from models.vocabulary import PollState, Stage
from services import ballots, clock, polls, register, roles, rolls
from services.db import reading
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Several, WrongStage
from services.exchange import poll_json
from services.exchange.bundle import poll_digest
from services.reads import counts
from services.rules.tally import count
from services.work import do, working
from tests.fixtures.village import BEGINS, village

OPTIONS = [{"title": "铺地砖", "consequence": "21.5 万元，32 天"}, {"title": "铺沥青", "consequence": "17 万元，20 天"}]


@pytest.fixture(autouse=True)
def _a_morning() -> Iterator[None]:
    with clock.at(BEGINS):
        yield


def test_a_vote_from_preparing_to_adoption(engine: Engine) -> None:
    place = village()
    place.open()
    assert place.proposal().stage is Stage.DECIDING
    for person, choice in zip(place.adults, ["yes", "yes", "yes", "no"], strict=False):
        do(place.actor(person), ballots.cast, poll_id=place.poll_id, choice=choice)
    do(place.actor(place.huang), polls.close, poll_id=place.poll_id)
    do(place.actor(place.huang), polls.reveal, poll_id=place.poll_id)
    poll = place.poll()
    assert (poll.state, poll.outcome["outcome"], place.proposal().stage) == (PollState.REVEALED, "adopted", Stage.ADOPTED)
    assert poll.outcome["totals"]["yes"]["persons"] == 3
    assert place.events("poll.reveal")[0]["facts"] == {"outcome": "adopted", "poll_digest": poll.poll_digest}


def test_the_stored_outcome_is_what_anybody_recounts(engine: Engine) -> None:
    place = village(4, ["100.10", "50.20", "80.30", "0.40"])
    place.open(rule="owners_ordinary")
    for person, choice in zip(place.adults, ["yes", "no", "yes"], strict=False):
        do(place.actor(person), ballots.cast, poll_id=place.poll_id, choice=choice)
    do(place.system, polls.close, poll_id=place.poll_id)
    do(place.system, polls.reveal, poll_id=place.poll_id)
    poll = place.poll()
    with reading(place.community_id) as db:
        document = counts.document(db, poll)
    again = poll_json.read(json.dumps(document))
    assert poll_json.answer(count(again)) == counts.stored_outcome(poll)
    assert poll_digest(document) == poll.poll_digest
    assert poll.outcome["conditions"][0] == {"name": "turnout area", "figure": "230.60/231.00", "op": ">=", "threshold": "2/3", "met": True}


@pytest.mark.parametrize(
    ("choices", "outcome", "stage"),
    [
        (["a", "a", "a", "b", "abstain"], "elected", Stage.ADOPTED),
        (["a", "b", "a", "b"], "rejected", Stage.REJECTED),
        (["a", "b"], "no_quorum", Stage.DELIBERATING),
    ],
)
def test_a_choice(engine: Engine, choices: list[str], outcome: str, stage: Stage) -> None:
    place = village()
    place.open(method="choose_one", options=OPTIONS)
    for person, choice in zip(place.adults, choices, strict=False):
        do(place.actor(person), ballots.cast, poll_id=place.poll_id, choice=choice)
    do(place.system, polls.close, poll_id=place.poll_id)
    do(place.system, polls.reveal, poll_id=place.poll_id)
    assert (place.poll().outcome["outcome"], place.proposal().stage) == (outcome, stage)


def test_a_tie_under_most_votes_is_undecided(engine: Engine) -> None:
    place = village()
    place.open(method="choose_one", options=OPTIONS, rule="residents_households_most")
    for person, choice in zip(place.adults, ["a", "b", "铺沥青", "铺地砖"], strict=False):
        do(place.actor(person), ballots.cast, poll_id=place.poll_id, choice=choice)
    do(place.system, polls.close, poll_id=place.poll_id)
    do(place.system, polls.reveal, poll_id=place.poll_id)
    outcome = place.poll().outcome
    assert (outcome["outcome"], outcome["winners"], place.proposal().stage) == ("tie", ["a", "b"], Stage.DELIBERATING)


def test_who_made_the_roll_does_not_count(engine: Engine) -> None:
    place = village()
    place.open()
    with working(place.system) as work:
        roles.grant(work, place.wei, "chair")
    with pytest.raises(NotAllowed, match="Who made the roll"):
        do(place.actor(place.wei), polls.close, poll_id=place.poll_id)
    do(place.actor(place.huang), polls.close, poll_id=place.poll_id)
    with pytest.raises(NotAllowed, match="Who made the roll"):
        do(place.actor(place.wei), polls.reveal, poll_id=place.poll_id)


def test_a_reveal_closes_what_is_due_and_waits_for_what_is_not(engine: Engine) -> None:
    place = village()
    place.open(minutes=10)
    with pytest.raises(WrongStage, match="still open"):
        do(place.actor(place.huang), polls.reveal, poll_id=place.poll_id)
    with clock.at(BEGINS + timedelta(minutes=11)):
        do(place.actor(place.huang), polls.reveal, poll_id=place.poll_id)
    assert place.poll().outcome["outcome"] == "no_quorum"
    assert len(place.events("poll.close")) == 1


def test_extended_it_takes_ballots_longer(engine: Engine) -> None:
    place = village()
    place.open(minutes=10)
    do(place.actor(place.huang), polls.extend, poll_id=place.poll_id, minutes=5)
    with clock.at(BEGINS + timedelta(minutes=14)):
        do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice="yes")
    for wrong in (0, 721):
        with pytest.raises(Invalid) as refused:
            do(place.actor(place.huang), polls.extend, poll_id=place.poll_id, hours=wrong)
        assert refused.value.field == "hours" and refused.value.values["most"] == 720
    do(place.actor(place.huang), polls.extend, poll_id=place.poll_id, hours=2)
    with clock.at(BEGINS + timedelta(minutes=134)):
        do(place.actor(place.adults[1]), ballots.cast, poll_id=place.poll_id, choice="yes")


def test_a_double_press_extends_once_and_an_old_page_says_so(engine: Engine) -> None:
    place = village()
    place.open(minutes=10)
    seen = place.poll().closes_at
    for _ in range(2):
        kept = do(place.actor(place.huang), polls.extend, poll_id=place.poll_id, hours=24, seen=seen)
        assert kept.closes_at == place.poll().closes_at == seen + timedelta(hours=24)
    assert len(place.events("poll.extend")) == 1
    with pytest.raises(Conflict, match="is open until"):
        do(place.actor(place.huang), polls.extend, poll_id=place.poll_id, hours=48, seen=seen)
    assert place.poll().closes_at == seen + timedelta(hours=24)
    do(place.actor(place.huang), polls.extend, poll_id=place.poll_id, hours=24, seen=seen + timedelta(hours=24))
    assert place.poll().closes_at == seen + timedelta(hours=48)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"question": " "}, "This is empty"),
        ({"question": "铺" * 121}, "too many"),
        ({"method": "guess"}, "Please choose one"),
        ({"rule": "nonsense"}, "no such rule"),
        ({"scope": "moon:1"}, "Choose who votes"),
        ({"scope": "building:{estate}:71"}, "No home is registered"),
        ({"scope": "estate:nowhere"}, "Choose who votes"),
        ({"method": "choose_one"}, "A choice has 2 to 9"),
        ({"method": "choose_one", "options": [{"title": "一"}, {"title": "一"}]}, "same name"),
        ({"method": "choose_one", "options": [{"title": "一", "option": "gone"}, {"title": "二"}]}, "no longer on the table"),
        ({"rule": "owners_major", "votes_by": "household"}, "other voters"),
        ({"rule": "villagers_meeting_2018"}, "other voters"),
        ({"rule": "residents_meeting_2018"}, "were replaced"),
        ({"rule": {"key": "custom", "approve": [{"of": "persons", "op": ">", "share": "half"}]}}, "cannot be used"),
        ({"rule": {"key": "custom", "approve": [{"of": "area", "op": ">", "share": "1/2"}]}}, "one by one"),
        ({"rule": {"key": "custom", "approve": [{"of": "persons", "op": ">=", "share": "3/2"}]}}, "not above everyone"),
        ({"agenda_item_id": "nowhere"}, "Nothing to show"),
    ],
)
def test_what_cannot_be_prepared(engine: Engine, changes: dict, says: str) -> None:
    place = village(2)
    changes = {name: value.format(estate=place.estate_id) if isinstance(value, str) else value for name, value in changes.items()}
    with pytest.raises((Invalid, Several, NotFound)) as refused:
        place.prepare(**changes)
    assert says in " ".join(str(each) for each in getattr(refused.value, "reasons", (refused.value,)))


def test_all_reasons_come_at_once(engine: Engine) -> None:
    place = village(2)
    with pytest.raises(Several) as refused:
        place.prepare(question="", method="choose_one", rule="owners_major", votes_by="household", scope="x")
    assert {each.field for each in refused.value.reasons} == {"question", "rule", "options", "scope"}


def test_only_the_committee_prepares_and_one_vote_at_a_time(engine: Engine) -> None:
    place = village(2)
    given = {
        "proposal_id": place.proposal_id, "question": "可以吗？", "method": "yes_no", "rule": "residents_households",
        "scope": f"estate:{place.estate_id}",
    }  # fmt: skip
    for person in (place.adults[0], place.huang):
        with pytest.raises(NotAllowed):
            do(place.actor(person), polls.prepare, **given)
    place.prepare()
    with pytest.raises(Conflict, match="not finished"):
        place.prepare()
    do(place.actor(place.wei), polls.cancel, poll_id=place.poll_id, reason="问题写错了。")
    place.prepare()


def test_a_superseded_rule_needs_a_name(engine: Engine) -> None:
    place = village(2)
    own = {"key": "custom", "turnout": [], "approve": [{"of": "persons", "op": ">=", "share": "2/3"}]}
    place.prepare(rule=own)
    assert place.poll().rule["name"] == "household_custom"
    do(place.actor(place.wei), polls.cancel, poll_id=place.poll_id, reason="另换一种规则。")
    confirmed = {"confirmed_by": "魏红", "article": "第九条", "figure": "过半", "date": "2026-01-01"}
    with pytest.raises(Invalid, match="needs a meeting"):
        place.prepare(rule="residents_meeting_2018", rule_confirmation=confirmed)


def test_cancelling_leads_back_and_needs_a_reason(engine: Engine) -> None:
    place = village()
    place.open()
    do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice="yes")
    with pytest.raises(Invalid):
        do(place.actor(place.huang), polls.cancel, poll_id=place.poll_id, reason=" ")
    do(place.actor(place.huang), polls.cancel, poll_id=place.poll_id, reason="名册漏了一户。")
    assert place.proposal().stage is Stage.DELIBERATING
    with pytest.raises(WrongStage):
        do(place.actor(place.huang), polls.cancel, poll_id=place.poll_id, reason="再来一次。")
    with pytest.raises(WrongStage, match="called off"):
        do(place.actor(place.adults[1]), ballots.cast, poll_id=place.poll_id, choice="yes")


def test_an_opening_is_taken_back_only_without_ballots(engine: Engine) -> None:
    place = village()
    place.open()
    do(place.actor(place.huang), polls.take_back, poll_id=place.poll_id)
    assert (place.poll().state, place.proposal().stage) == (PollState.PREPARED, Stage.DELIBERATING)
    do(place.actor(place.huang), polls.open, poll_id=place.poll_id, minutes=5)
    do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice="yes")
    with pytest.raises(Conflict):
        do(place.actor(place.huang), polls.take_back, poll_id=place.poll_id)


def test_the_roll_follows_the_register_until_the_opening(engine: Engine) -> None:
    place = village(3)
    place.prepare()
    do(place.actor(place.wei), polls.codes, poll_id=place.poll_id)
    with working(place.system) as work:
        register.add_unit(work, estate_id=place.estate_id, building="71", number="101", area="70.00")
    assert len(place.rows(RollEntry)) == 3
    assert do(place.actor(place.wei), rolls.renew, poll_id=place.poll_id) == 4
    assert place.rows(BallotCode) == [] and len(place.rows(RollUnit)) == 4
    do(place.actor(place.huang), polls.open, poll_id=place.poll_id, minutes=5)
    digest = place.poll().roll_digest
    assert len(digest) == 64
    with pytest.raises(WrongStage):
        do(place.actor(place.wei), rolls.renew, poll_id=place.poll_id)


def test_an_owner_of_two_homes_is_one_person_with_both_areas(engine: Engine) -> None:
    place = village(3, ["100.01", "50.02", "80.03"])
    with working(place.system) as work:
        shop = register.add_unit(work, estate_id=place.estate_id, building="70", number="S1", area="33.30", kind="shop")
        register.add_residence(work, person_id=place.adults[0], unit_id=shop.id)
    place.open(rule="owners_major")
    roll = {each.label: str(each.area) for each in place.rows(RollEntry)}
    assert len(roll) == 3 and "133.31" in roll.values()
    do(place.actor(place.adults[0]), ballots.cast, poll_id=place.poll_id, choice="yes", unit_id=shop.id)
    with working(place.system) as work:
        tenant = register.add_person(work, name="租客").id
        register.add_residence(work, person_id=tenant, unit_id=place.homes[1], tie="tenant")
    with pytest.raises(NotAllowed):
        do(place.actor(tenant), ballots.cast, poll_id=place.poll_id, choice="yes")


def test_a_rule_that_counts_those_present(engine: Engine) -> None:
    """A replaced rule with a name under it: only homes that signed in to the meeting vote, and they are the base."""
    place = village(5)
    confirmed = {"confirmed_by": "魏红", "article": "第九条", "figure": "过半", "date": "2026-01-01"}
    with working(place.system) as work:
        meeting = Meeting(
            id=work.new_id(), community_id=place.community_id, code="7K3M", title="议事会", place="一楼", starts_at=BEGINS,
            chair_id=place.huang, convened_by=place.wei, convened_at=BEGINS,
        )  # fmt: skip
        work.add(meeting)
        party = MeetingParty(id=work.new_id(), community_id=place.community_id, meeting_id=meeting.id, party="residents", label="居民")
        work.add(party)
        for seat, person in enumerate(place.adults[:3], 1):
            work.add(
                Attendance(
                    id=work.new_id(), community_id=place.community_id, meeting_id=meeting.id, party_id=party.id, person_id=person,
                    seat=seat, at=BEGINS,
                )  # fmt: skip
            )
        work.record("meeting.convene", meeting)
    with pytest.raises(Several, match="vouch"):
        place.prepare(rule="residents_meeting_2018", meeting_id=meeting.id)
    place.open(rule="residents_meeting_2018", meeting_id=meeting.id, rule_confirmation=confirmed)
    assert place.poll().rule_source["confirmation"]["confirmed_by"] == "魏红"
    with pytest.raises(NotAllowed, match="those who were there"):
        do(place.actor(place.adults[4]), ballots.cast, poll_id=place.poll_id, choice="yes")
    for person in place.adults[:2]:
        do(place.actor(person), ballots.cast, poll_id=place.poll_id, choice="yes")
    with reading(place.community_id) as db:
        assert counts.received(db, place.poll()) == counts.Received(2, 3, 5)
    do(place.system, polls.close, poll_id=place.poll_id)
    do(place.system, polls.reveal, poll_id=place.poll_id)
    assert place.poll().outcome["outcome"] == "adopted"
    assert place.poll().outcome["conditions"][1]["figure"] == "2/3"
