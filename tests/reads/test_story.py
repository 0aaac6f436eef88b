"""The story and what hangs on it: complete, in order, masked for strangers, silent about a running vote; figures as the case says."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine

from models.vocabulary import ProjectState, Stage, Step
from services import actors, clock, proposals
from services.errors import NotFound, WrongStage
from services.exchange import atom
from services.exchange.scenario import load
from services.reads import effect, evaluating, home, notices, progress, story, works
from services.reads import story_entries as e
from services.reads.progress import Kept
from services.reads.waiting import Kind
from services.rules.turns import Holder
from tests.fixtures.case import FILE, play
from tests.fixtures.village import village

NAMES = [str(each["name"]) for each in load(FILE).people.values()]


def everything(value: object) -> str:
    """All texts in a frozen view."""
    if dataclasses.is_dataclass(value):
        return " ".join(everything(getattr(value, field.name)) for field in dataclasses.fields(value))
    if isinstance(value, dict):
        return " ".join(everything(each) for each in value.values())
    if isinstance(value, list | tuple):
        return " ".join(everything(each) for each in value)
    return str(value)


def test_the_whole_case_as_a_story(engine: Engine) -> None:
    case = play()
    with case.later(days=1):
        one, two = (story.story(case.actor("li"), case.ids[name]) for name in ("round1", "round2"))
        kinds = [type(each) for each in one.entries]
        order = [e.Said, e.Filed, e.Endorsed, e.Met, e.Voted, e.Published, e.Started, e.Reported, e.Finished, e.Inspected, e.Rated]
        order.append(e.KeptUp)
        assert [kinds.index(kind) for kind in order] == sorted(kinds.index(kind) for kind in order)
        assert [each.at for each in one.entries] == sorted(each.at for each in one.entries)
        said = next(each for each in one.entries if isinstance(each, e.Said))
        assert (said.minutes, said.supporters, said.who.name if said.who else "") == (22, 12, "李秀英")
        met = next(each for each in one.entries if isinstance(each, e.Met))
        assert ([seat.came for seat in met.seats], len(met.ways), len(met.promises)) == ([9, 2, 2], 3, 3)
        assert all(way.pros and way.cons for way in met.ways) and met.minutes
        voted = next(each for each in one.entries if isinstance(each, e.Voted))
        assert voted.outcome is not None and sorted(voted.outcome.totals.values()) == [1, 4, 9, 24]
        published = next(each for each in one.entries if isinstance(each, e.Published))
        assert [each.reply for each in published.objections] == ["改为离窗 1.5 米，图纸今天换掉。"]
        assert [each.days_ahead for each in one.entries if isinstance(each, e.Finished)] == [5, 4]
        rated = next(each for each in one.entries if isinstance(each, e.Rated))
        assert (rated.asked, rated.answered, rated.satisfied, rated.solved) == (42, 36, 35, 36)
        assert one.card is not None and one.card.title == "沥青加晾衣架" and one.card.holds_from == date(2026, 4, 4)
        assert [each.step for each in one.steps] == list(Step)
        assert (one.began, one.ended, one.finished) == (date(2026, 3, 2), date(2026, 5, 13), True)
        assert one.now.turn.holder is Holder.KEEPER and one.now.name == "网格员和两位楼组长"
        assert one.following is not None and one.following.id == two.id and one.previous is None
        assert two.previous is not None and two.previous.decided == "沥青加晾衣架" and two.previous.why
        _strangers(case.community_id, case.ids)
        _works(case)
        _figures(case)


def _strangers(community: str, ids: dict[str, str]) -> None:
    stranger = actors.visitor(community)
    seen = everything(story.story(stranger, ids["round1"])) + everything(works.page(stranger, ids["project1"]))
    seen += everything(notices.listed(stranger, past=True)) + everything(progress.listed(stranger)) + everything(home.home(stranger))
    assert [name for name in NAMES if name in seen and name != "管理员"] == []
    assert "李**" in seen
    for wrong in (None, "", "nothing000000000", ids["project1"]):
        with pytest.raises(NotFound):
            story.story(stranger, wrong)
        with pytest.raises(NotFound):
            works.page(stranger, wrong if wrong != ids["project1"] else ids["round1"])


def _works(case) -> None:  # type: ignore[no-untyped-def]
    page = works.page(case.actor("zhao"), case.ids["project1"])
    assert (page.state, page.spent_fen, page.budget_fen - page.spent_fen) == (ProjectState.ACCEPTED, 17842000, 798000)
    assert [each.days_late for each in page.stretches] == [-1, -4, -5]
    assert all(each.met for each in page.conditions) and len(page.duties) == 3 and len(page.reports) == 5
    listed = progress.listed(case.actor(""))
    assert (listed.total, listed.counts[Kept.DONE], listed.rows[0].done) == (2, 2, listed.rows[0].steps)
    assert progress.listed(case.actor(""), search="车位").total == 1 and progress.listed(case.actor(""), kept=Kept.LATE).rows == ()


def _figures(case) -> None:  # type: ignore[no-untyped-def]
    found = effect.effect(case.actor(""))
    assert (found.done, found.done_share, found.days, found.on_time) == (2, Fraction(1), [11, 72], (2, 2))
    assert (found.concerns, found.answered_in_time, found.proposed) == (1, 1, 1)
    assert found.answers == 73 and found.score == Fraction(5 * 28 + 4 * 7 + 3 + 5 * 30 + 4 * 6 + 2, 73)
    assert effect.effect(case.actor(""), period="2025").matters == () and effect.effect(case.actor(""), period="2026-q1").done == 1
    assert effect.median([1, 2, 5, 9]) == Fraction(7, 2) and effect.median([]) is None
    feed = notices.feed(case.community_id)
    assert [each.kind for each in feed.decisions].count("vote") == 2 and len(feed.decisions) == 4
    items = [atom.Item(each.id, each.title, "/x", each.at, "a\x00<b>&\x0b") for each in feed.decisions]
    made = ElementTree.fromstring(atom.feed("t", "urn:x", "/", "/f", "c", "zh-CN", items))
    assert len(made.findall(f"{{{atom.SPACE}}}entry")) == 4 and made.find(f".//{{{atom.SPACE}}}summary").text == "a<b>&"  # type: ignore[union-attr]
    sheet = notices.sheet(case.actor("li"), case.ids["notice1"])
    assert sheet.checkpoint is not None and "陈玉梅" not in everything(sheet) and sheet.outcome is not None


@pytest.mark.parametrize(
    ("until", "stage", "holder", "action"),
    [
        ("as: [wuy, xush, sunh], do: proposals.support", Stage.FILED, Holder.NEIGHBOURS, "proposal.support"),
        ("do: proposals.send_back", Stage.ENDORSED, Holder.COMMITTEE, "proposal.accept"),
        ("do: proposals.resubmit", Stage.RETURNED, Holder.AUTHOR, "proposal.resubmit"),
        ("save: meeting1}", Stage.ACCEPTED, Holder.COMMITTEE, "meeting.convene"),
        ("do: steering.open, with: {meeting_id: $meeting1}, refused", Stage.DELIBERATING, Holder.TABLE, "meeting.attend"),
        ("save: poll1}", Stage.DELIBERATING, Holder.COMMITTEE, "poll.prepare"),
        ("do: polls.open", Stage.DELIBERATING, Holder.CHAIR, "poll.open"),
        ("choice: abstain", Stage.DECIDING, Holder.VOTERS, "poll.cast"),
        ("do: polls.reveal, with: {poll_id: $poll1}", Stage.DECIDING, Holder.CHAIR, "poll.reveal"),
        ("do: notices.publish", Stage.ADOPTED, Holder.COMMITTEE, "notice.publish"),
        ("do: notices.lodge", Stage.NOTICE, Holder.NEIGHBOURS, "objection.lodge"),
        ("do: notices.rule", Stage.NOTICE, Holder.COMMITTEE, "objection.rule"),
        ("save: project1}", Stage.NOTICE, Holder.COMMITTEE, "project.start"),
        ("at: 2026-04-17T17:00", Stage.EXECUTING, Holder.EXECUTOR, "project.report"),
        ("at: 2026-05-13T09:00", Stage.INSPECTING, Holder.SUPERVISORS, "project.accept"),
        ("at: 2026-05-17T00:00", Stage.EVALUATING, Holder.HOMES, "evaluation.answer"),
    ],
)
def test_whose_turn_it_is_at_every_stage(on_sqlite: Engine, until: str, stage: Stage, holder: Holder, action: str) -> None:
    case = play(until)
    with case.later(minutes=5):
        found = story.story(case.actor(""), case.ids["round1"])
        assert (found.stage, found.now.turn.holder, found.now.turn.action) == (stage, holder, action)
        if stage is Stage.DECIDING:
            running = [each for each in found.entries if isinstance(each, e.Voted)]
            assert [each.outcome for each in running] == [None] and found.card is None
            assert running[0].received.n in (37, 38)
            assert "totals" not in everything(found)
        if stage is Stage.FILED:
            assert (found.now.n, found.now.m) == (9, 10)


def test_an_open_evaluation_tells_no_figures_and_a_late_project_is_late(on_sqlite: Engine) -> None:
    case = play("at: 2026-05-17T00:00")
    with case.later(hours=1):
        rated = story.story(case.actor("li"), case.ids["round1"]).evaluation
        assert rated is not None and (rated.answered, rated.satisfied, rated.mean, rated.over) == (28, None, None, False)
        assert effect.effect(case.actor("")).score is None
        sheet = evaluating.sheet(case.actor("xiao"), rated.evaluation_id)
        assert [each.score for each in sheet.homes] == [0] and sheet.closed is None
    with clock.at(rated.ends_at):
        late = evaluating.sheet(case.actor("xiao"), rated.evaluation_id)
        assert isinstance(late.closed, WrongStage)
        assert effect.effect(case.actor("")).score is not None


def test_a_running_project_is_late_from_the_first_midnight_on(on_sqlite: Engine) -> None:
    case = play("at: 2026-05-07T10:00")
    for days, kept, late in ((0, Kept.RUNNING, 0), (16, Kept.LATE, 1)):
        with clock.at(case.moment + timedelta(days=days)):
            page = works.page(case.actor("zhao"), case.ids["project1"])
            assert (progress.listed(case.actor("")).rows[0].kept, page.days_late > 0) == (kept, bool(late))
    with clock.at(clock.end_of(date(2026, 5, 17), "Asia/Shanghai") - timedelta(seconds=1)):
        assert works.page(case.actor("zhao"), case.ids["project1"]).days_late == 0
    with clock.at(clock.end_of(date(2026, 5, 17), "Asia/Shanghai")):
        page = works.page(case.actor("zhao"), case.ids["project1"])
        assert page.days_late == 1 and page.level.value == "blue" and page.doors["project.complete"] is not None
        assert isinstance(works.page(case.actor("li"), case.ids["project1"]).doors["project.report"], Exception)


def test_another_community_sees_nothing(on_sqlite: Engine) -> None:
    case = play("at: 2026-04-17T17:00")
    other = village(slug="linjiang", name="临江社区")
    me = other.actor(other.adults[0])
    for ask, key in ((story.story, "round1"), (works.page, "project1"), (notices.sheet, "notice1")):
        with pytest.raises(NotFound):
            ask(me, case.ids[key])  # type: ignore[operator]
    assert progress.listed(me).total == 0 and notices.listed(me, past=True).total == 0
    assert "院里的路不再积水" not in everything(home.home(me)) + everything(effect.effect(me))


def test_home_says_what_to_do_now(on_sqlite: Engine) -> None:
    case = play("choice: abstain")
    with case.later(minutes=5):
        voter, done = home.home(case.actor("du")), home.home(case.actor("li"))
        assert voter.todos[0].kind is Kind.POLL and not [each for each in done.todos if each.kind is Kind.POLL]
        assert done.mine and home.home(case.actor("")).votes[0].received is not None


def test_home_shows_a_meeting_that_goes_on_and_what_a_passed_end_waits_for(on_sqlite: Engine) -> None:
    case = play("do: deliberation.add_option")
    with case.later(minutes=1):
        assert [each.going for each in home.home(case.actor("")).meetings] == [True]
    with case.later(days=1):
        assert home.home(case.actor("")).meetings == ()


@pytest.mark.parametrize(("until", "waits"), [("do: notices.rule", "ruling"), ("do: projects.start", "start")])
def test_home_says_what_a_passed_end_waits_for(on_sqlite: Engine, until: str, waits: str) -> None:
    case = play(until)
    with case.later(minutes=1):
        assert [each.waits for each in home.home(case.actor("")).notices] == [""]
    with case.later(days=30):
        assert [each.waits for each in home.home(case.actor("")).notices] == [waits]


def test_the_next_round_is_opened_after_the_evaluation_that_it_ends(on_sqlite: Engine) -> None:
    case = play("at: 2026-06-01T09:00")
    again = {"title": "车位线再议", "problem": "画好的线太窄，有的车还是停不进去。", "plan": "请大家再坐下来商量一次。"}
    with case.later(minutes=5):
        case.do("wei", proposals.reopen, proposal_id=case.ids["round2"], reason="住户说还是难停。", **again)
        one = story.story(case.actor("li"), case.ids["round2"])
        rated, opened = one.entries[-2:]
        assert isinstance(rated, e.Rated) and isinstance(opened, e.Round) and opened.forward and rated.at == opened.at
