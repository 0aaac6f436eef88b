"""Upkeep after a finished round: its keeper notes it, the committee ends it; a notice is never shorter than the community's figure."""

from datetime import timedelta

import pytest

from services import clock, evaluations, notices
from services.errors import Conflict, Invalid, NotAllowed
from services.exchange import scenario
from services.reads import upkeep
from services.settings import HOME
from services.work import do
from tests.fixtures.case import play


def test_the_keeper_notes_it_and_the_committee_ends_it(engine):
    played = play()
    keeper, clerk, neighbour = (played.actor(each) for each in ("chen", "wei", "li"))
    round1 = played.ids["round1"]
    (running,) = upkeep.running(keeper, round1)
    assert (running.may_note, running.may_end) == (True, False)
    assert [each.may_note for each in upkeep.running(neighbour, round1)] == [False]
    later = clock.end_of(running.next_on, "Asia/Shanghai") + timedelta(days=3)
    with clock.at(later):
        assert upkeep.running(keeper, round1)[0].late == 4
        with pytest.raises(NotAllowed):
            do(neighbour, evaluations.kept, upkeep_id=running.id)
        do(keeper, evaluations.kept, upkeep_id=running.id)
        again = upkeep.running(keeper, round1)[0]
        assert again.late == 0 and (again.next_on - clock.today("Asia/Shanghai")).days == running.every_days
        with pytest.raises(NotAllowed):
            do(keeper, evaluations.end_upkeep, upkeep_id=running.id)
        do(clerk, evaluations.end_upkeep, upkeep_id=running.id)
        assert upkeep.running(keeper, round1) == ()
        with pytest.raises(Conflict):
            do(keeper, evaluations.kept, upkeep_id=running.id)


def test_a_notice_is_not_shorter_than_the_communitys_figure(engine):
    played = play("do: notices.publish, with: {proposal_id: $round1")
    with clock.at(clock.utc(scenario.load(HOME / "scenarios" / "huating.yaml").clock) + timedelta(days=30)), pytest.raises(Invalid) as refused:
        do(played.actor("wei"), notices.publish, proposal_id=played.ids["round1"], text="公示一天就够了吧。", days=1)
    assert refused.value.field == "days"
