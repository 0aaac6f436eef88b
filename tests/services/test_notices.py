"""Decisions on notice, on both databases: shown for their days, objected to, ruled on, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.account import Message
from models.audit import Event
from models.community import Community
from models.notice import Notice, Objection
from models.poll import Poll
from models.vocabulary import NoticeState, Ruling, Stage
from services import clock, notices, projects
from services.db import reading
from services.errors import Conflict, NotAllowed, Several, WrongStage
from services.messages import shown
from services.reads import home, revealed, story
from services.reads import notices as notice_pages
from services.reads.story_entries import Published
from tests.fixtures.case import Case, fields, play, row, stage


@pytest.fixture
def adopted(engine: Engine) -> Iterator[Case]:
    case = play("do: notices.publish")
    with case.later(hours=1):
        yield case


@pytest.fixture
def noticed(engine: Engine) -> Iterator[Case]:
    case = play("do: notices.rule")
    with case.later(hours=1):
        yield case


def lodged(case: Case, who: str, text: str = "离窗户太近了。") -> str:
    return case.do(who, notices.lodge, notice_id=case.ids["notice1"], text=text).id


def test_a_notice_says_all_that_is_wrong_and_ends_at_midnight(adopted: Case) -> None:
    with pytest.raises(NotAllowed):
        adopted.do("li", notices.publish, proposal_id=adopted.ids["round1"], text="我来公示。")
    with pytest.raises(Several) as refused:
        adopted.do("wei", notices.publish, proposal_id=adopted.ids["round1"], text=" ", days=0)
    assert fields(refused.value) == {"text", "days"}
    made = adopted.do("wei", notices.publish, proposal_id=adopted.ids["round1"], text="公示七天。")
    local = made.ends_at.astimezone(clock.ZoneInfo("Asia/Shanghai"))
    first = clock.day_of(made.starts_at, "Asia/Shanghai")
    assert (local.hour, local.minute, local.date()) == (0, 0, first + timedelta(days=8))
    assert (made.days, stage(adopted)) == (7, Stage.NOTICE)
    with pytest.raises(WrongStage):
        adopted.do("wei", notices.publish, proposal_id=adopted.ids["round1"], text="再公示一次。")


def test_a_result_says_for_how_many_days_its_own_decision_is_shown(adopted: Case) -> None:
    def said() -> int:
        with reading(adopted.community_id) as db:
            poll = db.get_one(Poll, adopted.ids["poll1"])
            found = revealed.result(db, poll, db.get_one(Community, adopted.community_id))
            assert found is not None
            return found.notice_days

    assert said() == 7
    adopted.do("wei", notices.publish, proposal_id=adopted.ids["round1"], text="公示十天。", days=10)
    assert said() == 10


def test_objections_are_taken_to_the_last_second_and_not_after(noticed: Case) -> None:
    ends = row(noticed, Notice, noticed.ids["notice1"]).ends_at
    with pytest.raises(NotAllowed):
        lodged(noticed, "zhao")
    with clock.at(ends - timedelta(seconds=1)):
        mine = lodged(noticed, "du")
        with pytest.raises(Conflict):
            lodged(noticed, "du")
    with clock.at(ends):
        with pytest.raises(WrongStage):
            lodged(noticed, "cao")
        with pytest.raises(WrongStage, match="waits"):
            noticed.do("wei", notices.end, notice_id=noticed.ids["notice1"])
    with pytest.raises(NotAllowed):
        noticed.do("li", notices.withdraw, objection_id=mine)
    noticed.do("du", notices.withdraw, objection_id=mine)
    with pytest.raises(Conflict):
        noticed.do("du", notices.withdraw, objection_id=mine)
    with pytest.raises(Conflict):
        noticed.do("wei", notices.rule, objection_id=mine, ruling="answered", reply="已经撤回了。")


def test_a_ruling_needs_its_kind_and_reasons_and_is_final(noticed: Case) -> None:
    objection = noticed.ids["objection1"]
    with pytest.raises(NotAllowed):
        noticed.do("li", notices.rule, objection_id=objection, ruling="answered", reply="我来答复。")
    with pytest.raises(Several) as refused:
        noticed.do("wei", notices.rule, objection_id=objection, ruling="", reply="")
    assert fields(refused.value) == {"ruling", "reply"}
    noticed.do("wei", notices.rule, objection_id=objection, ruling="answered", reply="图纸上离窗 1.5 米。")
    assert stage(noticed) is Stage.NOTICE
    with pytest.raises(Conflict):
        noticed.do("wei", notices.rule, objection_id=objection, ruling="upheld", reply="改主意了。")
    ends = row(noticed, Notice, noticed.ids["notice1"]).ends_at
    with clock.at(ends - timedelta(seconds=1)), pytest.raises(WrongStage):
        noticed.do("wei", notices.end, notice_id=noticed.ids["notice1"])
    with clock.at(ends):
        for _ in range(2):
            noticed.do("wei", notices.end, notice_id=noticed.ids["notice1"])
    ended = row(noticed, Notice, noticed.ids["notice1"])
    assert (ended.state, ended.ended_at) == (NoticeState.ENDED, ends)


@pytest.mark.parametrize("last", ["answered", "taken back"])
def test_what_waited_for_its_last_objection_ends_with_it(noticed: Case, last: str) -> None:
    """Whoever rules sees at once that the notice has ended, not after the next tick."""
    mine = lodged(noticed, "du")
    with clock.at(row(noticed, Notice, noticed.ids["notice1"]).ends_at + timedelta(hours=1)):
        noticed.do("wei", notices.rule, objection_id=noticed.ids["objection1"], ruling="answered", reply="图纸上离窗 1.5 米。")
        assert row(noticed, Notice, noticed.ids["notice1"]).state is NoticeState.SHOWN
        if last == "answered":
            noticed.do("wei", notices.rule, objection_id=mine, ruling="answered", reply="也不近。")
        else:
            noticed.do("du", notices.withdraw, objection_id=mine)
        ended = row(noticed, Notice, noticed.ids["notice1"])
        assert (ended.state, ended.ended_at) == (NoticeState.ENDED, clock.now())
    with reading(noticed.community_id) as db:
        assert db.exec(select(Event.actor).where(Event.action == "notice.end")).all() == ["system"]  # by the rules, not by who objected


def test_an_upheld_objection_sends_the_matter_back_and_deletes_nothing(noticed: Case) -> None:
    noticed.do("wei", notices.rule, objection_id=noticed.ids["objection1"], ruling="upheld", reply="确实太近，再议一次。")
    assert stage(noticed) is Stage.DELIBERATING
    assert row(noticed, Notice, noticed.ids["notice1"]).state is NoticeState.SENT_BACK
    assert row(noticed, Objection, noticed.ids["objection1"]).text
    with pytest.raises(WrongStage):
        lodged(noticed, "cao")
    with clock.at(noticed.moment + timedelta(days=20)), pytest.raises(WrongStage):
        noticed.do(
            "wei", projects.start, proposal_id=noticed.ids["round1"], title="铺路", executor_id=noticed.people["zhao"],
            supervisor_ids=[noticed.people["sun"]], budget_fen=18640000, starts_on=date(2026, 5, 1), due_on=date(2026, 5, 31),
            milestones=[{"title": "铺沥青"}],
        )  # fmt: skip


@pytest.mark.parametrize(("ruling", "says"), [("upheld", "was upheld"), ("adjusted", "was taken up"), ("answered", "was not upheld")])
def test_who_objected_is_told_which_way_it_went(noticed: Case, ruling: str, says: str) -> None:
    objection = row(noticed, Objection, noticed.ids["objection1"])
    noticed.do("wei", notices.rule, objection_id=objection.id, ruling=ruling, reply="看过现场，这样定了。")
    with reading(noticed.community_id) as db:
        lines = db.exec(select(Message).where(Message.person_id == objection.author_id)).all()
        told = [each for each in lines if "Your objection" in each.message]
        assert [says in each.message for each in told] == [True] and "您对公示" in shown("zh-CN", told[0].message, told[0].values_)


def test_the_other_objections_end_with_the_notice_and_their_authors_are_told(noticed: Case) -> None:
    other, taken_back = lodged(noticed, "du", "我也反对，太吵。"), lodged(noticed, "cao")
    noticed.do("cao", notices.withdraw, objection_id=taken_back)
    noticed.do("wei", notices.rule, objection_id=noticed.ids["objection1"], ruling="upheld", reply="确实太近，再议一次。")
    ended = row(noticed, Objection, other)
    assert (ended.ruling, ended.ruled_at, ended.ruled_by) == (Ruling.ANSWERED, clock.now(), None)  # nobody weighed it
    assert "另一条异议被采纳" in ended.reply and row(noticed, Notice, noticed.ids["notice1"]).number in ended.reply
    assert row(noticed, Objection, taken_back).ruling is None
    with reading(noticed.community_id) as db:
        told = db.exec(select(Message.message).where(Message.person_id == noticed.people["du"])).all()
        assert [each for each in told if "another objection was upheld" in each]
        assert not [each for each in told if "Your objection to notice" in each]
        theirs = db.exec(select(Message.message).where(Message.person_id == noticed.people["cao"])).all()
        assert not [each for each in theirs if "another objection was upheld" in each]
        subject = select(Event).where(Event.action == "objection.rule", Event.subject == f"objection:{noticed.ids['objection1']}")
        assert other in db.exec(subject).one().line
    assert notice_pages.listed(noticed.actor("wei")).waiting == 0
    (shown,) = [each for each in story.story(noticed.actor("du"), noticed.ids["round1"]).entries if isinstance(each, Published)]
    assert not [each for each in shown.objections if each.open]
    with pytest.raises(WrongStage):
        noticed.do("du", notices.withdraw, objection_id=other)


def test_what_an_objection_blocks_is_not_ready_for_the_next_step(noticed: Case) -> None:
    with clock.at(row(noticed, Notice, noticed.ids["notice1"]).ends_at):
        desk = home.home(noticed.actor("wei")).desk
        assert desk is not None and (desk.objections, desk.start) == (1, 0)
        noticed.do("wei", notices.rule, objection_id=noticed.ids["objection1"], ruling="answered", reply="图纸上离窗 1.5 米。")
        desk = home.home(noticed.actor("wei")).desk
        assert desk is not None and (desk.objections, desk.start) == (0, 1)
