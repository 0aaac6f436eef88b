"""What never goes together, and that a role which ended gives nothing: chair, roll, works, evaluation, objections; on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.account import Message
from models.audit import Event
from models.evaluation import Evaluation, EvaluationAnswer
from models.meeting import Meeting
from models.people import Body, RoleHeld
from models.poll import Poll
from models.project import ProjectChange, Supervision
from models.proposal import Proposal
from models.vocabulary import BodyKind, MeetingState, PollState, Role, Stage
from services import audit, clock, evaluations, meetings, minutes, notices, polls, projects, proposals, reminders, roles, rolls
from services.db import reading
from services.errors import Conflict, Invalid, NotAllowed, Refusal, WrongStage
from services.reads import meetings as meeting_reads
from services.reads import story
from services.work import do, working
from tests.fixtures import room as rooms
from tests.fixtures.case import Case, play
from tests.fixtures.room import HOME, Room


def grant(room: Room, name: str, role: Role) -> None:
    room.do("管理员", roles.grant, at=room.begins, person_id=room.people[name], role=role.value)


def end(room: Room, name: str, role: Role) -> None:
    with reading(HOME) as db:
        held = db.exec(select(RoleHeld.id).where(RoleHeld.person_id == room.people[name], RoleHeld.role == role)).one()
    room.do("管理员", roles.end, at=room.begins, held_id=held)


def one(kind: type[Any], community: str = HOME, **where: object) -> Any:
    with reading(community) as db:
        return db.exec(select(kind).where(*(getattr(kind, name) == value for name, value in where.items()))).one()


def prepared(room: Room, name: str = "周主任", **given: str) -> str:
    """A yes/no vote of the room's matter; beside the meeting unless `meeting_id` is given."""
    words = {"question": "旧车位线重画吗？", "method": "yes_no", "rule": "custom", "scope": f"estate:{room.estate}"}
    return str(room.do(name, polls.prepare, at=room.begins, proposal_id=room.proposal, **words, **given).id)


# ---- the chair


def test_a_chair_whose_role_ended_steers_nothing(engine: Engine) -> None:
    room = rooms.seated()
    poll = prepared(room, meeting_id=room.meeting)
    end(room, "吴主持", Role.CHAIR)
    before = {"at": room.begins}
    for command, given in (
        (meetings.open, {"meeting_id": room.meeting}),
        (meetings.next, {"meeting_id": room.meeting, "seen": 0}),
        (meetings.change, {"meeting_id": room.meeting, "title": "我还主持"}),
        (meetings.hand_over, {"meeting_id": room.meeting, "chair_id": room.people["刘书记"]}),
        (polls.open, {"poll_id": poll, "minutes": 5}),
        (minutes.write, {"meeting_id": room.meeting, "text": "我来写纪要，行不行？"}),
    ):
        with pytest.raises(Refusal):
            room.do("吴主持", command, **before, **given)
    assert one(Meeting).state is MeetingState.CONVENED and one(Poll).state is PollState.PREPARED


def test_a_meeting_that_lost_its_chair_goes_on_with_another(engine: Engine) -> None:
    room = rooms.now_at("vote", rooms.BEGINS)
    end(room, "吴主持", Role.CHAIR)
    for command in (polls.close, polls.reveal):
        with pytest.raises(NotAllowed):
            room.do("吴主持", command, at=room.begins, poll_id=room.poll)
    with pytest.raises(NotAllowed):
        room.do("吴主持", meetings.next, at=room.begins, meeting_id=room.meeting, seen=3)
    with reading(HOME) as db:
        told = db.exec(select(Message.person_id).where(col(Message.message).contains("has no chair any more"))).all()
    assert set(told) == {room.people["周主任"], room.people["刘书记"]}
    with clock.at(room.begins):
        page = meeting_reads.page(room.actor("周主任"), room.meeting)
    assert page.chairless and page.doors["meeting.hand_over"] is None

    def named(who: str, by: str = "周主任") -> Meeting:
        return room.do(by, meetings.hand_over, at=room.begins, meeting_id=room.meeting, chair_id=room.people[who])

    with pytest.raises(Invalid, match="holds the chair's role"):
        named("刘书记")
    grant(room, "刘书记", Role.CHAIR)
    grant(room, "周主任", Role.CHAIR)
    with pytest.raises(NotAllowed):
        named("刘书记", by="王阿姨")
    with pytest.raises(Invalid, match="does not count") as keeper:  # who made the roll does not become the chair
        named("周主任")
    assert keeper.value.field == "chair_id"
    assert named("刘书记").chair_id == room.people["刘书记"]
    with pytest.raises(Conflict):
        named("刘书记")
    for seen in (3, 4, 5):
        room.do("刘书记", meetings.next, at=room.begins, meeting_id=room.meeting, seen=seen)
    assert one(Poll).state is PollState.REVEALED and one(Meeting).state is MeetingState.CLOSED
    end(room, "刘书记", Role.CHAIR)
    grant(room, "吴主持", Role.CHAIR)
    named("吴主持")  # over, but its minutes still wait for somebody who confirms them
    room.do("吴主持", minutes.confirm, at=room.begins, meeting_id=room.meeting)
    with pytest.raises(WrongStage):
        named("周主任")


# ---- the roll


def test_who_left_the_committee_makes_no_roll_and_prints_no_codes(engine: Engine) -> None:
    room = rooms.convened()
    poll = prepared(room)
    end(room, "周主任", Role.COMMITTEE)
    for command in (rolls.renew, polls.codes):
        with pytest.raises(NotAllowed, match="committee"):
            room.do("周主任", command, at=room.begins, poll_id=poll)
    room.do("刘书记", polls.codes, at=room.begins, poll_id=poll)


@pytest.mark.parametrize("command", [rolls.renew, polls.codes])
def test_who_made_the_roll_anew_or_its_codes_does_not_count(engine: Engine, command: Any) -> None:
    room = rooms.convened()
    grant(room, "刘书记", Role.CHAIR)
    poll = prepared(room)
    room.do("刘书记", command, at=room.begins, poll_id=poll)
    room.do("刘书记", polls.open, at=room.begins, poll_id=poll, minutes=5)
    with pytest.raises(NotAllowed, match="Another chair does it"):
        room.do("刘书记", polls.close, at=room.begins, poll_id=poll)
    room.do("吴主持", polls.close, at=room.begins, poll_id=poll)
    with pytest.raises(NotAllowed, match="Another chair does it"):
        room.do("刘书记", polls.reveal, at=room.begins, poll_id=poll)
    room.do("吴主持", polls.reveal, at=room.begins, poll_id=poll)


@pytest.mark.parametrize("command", [rolls.renew, polls.codes])
def test_who_chairs_the_meeting_keeps_no_roll_of_it(engine: Engine, command: Any) -> None:
    room = rooms.seated()
    grant(room, "吴主持", Role.COMMITTEE)
    grant(room, "刘书记", Role.CHAIR)
    poll = prepared(room, meeting_id=room.meeting)
    with pytest.raises(NotAllowed, match="Ask a colleague"):
        room.do("吴主持", command, at=room.begins, poll_id=poll)
    room.do("刘书记", command, at=room.begins, poll_id=poll)
    for given in (meetings.hand_over, meetings.change):
        with pytest.raises(Invalid, match="Choose another chair"):
            room.do("周主任", given, at=room.begins, meeting_id=room.meeting, chair_id=room.people["刘书记"])
    with clock.at(room.begins), working(room.actor("周主任")) as work:  # as it could be before this was refused
        work.fetch(Meeting, room.meeting).chair_id = room.people["刘书记"]
        work.record("meeting.change", work.fetch(Meeting, room.meeting))
    for seen in (0, 1):
        room.do("刘书记", meetings.next, at=room.begins, meeting_id=room.meeting, seen=seen)
    with pytest.raises(NotAllowed, match="name another chair"):
        room.do("刘书记", meetings.next, at=room.begins, meeting_id=room.meeting, seen=2)


# ---- the works


def given_role(case: Case, who: str, role: Role, body_id: str | None = None) -> None:
    case.do("admin", roles.grant, person_id=case.people[who], role=role.value, body_id=body_id)


def taken(case: Case, who: str, role: Role) -> None:
    with reading(case.community_id) as db:
        held = db.exec(select(RoleHeld.id).where(RoleHeld.person_id == case.people[who], RoleHeld.role == role)).one()
    case.do("admin", roles.end, held_id=held)


def supervised_by(case: Case, who: str) -> None:
    """As it could be before it was refused."""
    with working(case.system) as work:
        row = Supervision(
            id=work.new_id(), community_id=case.community_id, project_id=case.ids["project1"], person_id=case.people[who], since=work.moment
        )
        work.add(row)
        work.record("project.change", row)


def changed(case: Case, **changes: Any) -> dict[str, Any]:
    project = case.ids["project1"]
    return {
        "project_id": project, "executor_id": case.people["hua_xian"], "supervisor_ids": [case.people["meng"]], "reason": "换人接着做。",
        "due_on": clock.today("Asia/Shanghai") + timedelta(days=30),
    } | changes  # fmt: skip


def test_nobody_is_named_to_supervise_what_was_theirs(engine: Engine) -> None:
    case = play("at: 2026-05-12T16:00")
    with case.later(minutes=5):
        for who, why in (("zhao", "carried this out before"), ("qian", "firm or body"), ("wei", "promised a task")):
            with pytest.raises(Invalid, match=why) as refused:
                case.do("wei", projects.change, **changed(case, supervisor_ids=[case.people["meng"], case.people[who]]))
            assert refused.value.field == "supervisor_ids"
        case.do("wei", projects.change, **changed(case))
        for who in ("zhao", "qian"):  # nor later, when the works are in other hands
            with pytest.raises(Invalid):
                case.do("wei", projects.change, **changed(case, supervisor_ids=[case.people[who]], reason="再换一次。"))


def test_a_firm_does_not_supervise_itself_from_the_start(engine: Engine) -> None:
    case = play("as: wei, do: projects.start, with: {proposal_id: $round2")
    with case.later(days=9):
        today = clock.today("Asia/Shanghai")
        with working(case.system) as work:
            council = Body(id=work.new_id(), community_id=case.community_id, name="筑路监理组", kind=BodyKind.COUNCIL)
            work.add(council)
            work.record("register.change", council)
        given_role(case, "zhao", Role.EXECUTOR, council.id)
        given_role(case, "meng", Role.SUPERVISOR, council.id)
        plan = {
            "proposal_id": case.ids["round2"], "title": "重画车位线", "executor_id": case.people["zhao"], "budget_fen": 380000,
            "starts_on": today, "due_on": today, "milestones": [{"title": "放样画线"}],
        }  # fmt: skip
        for who, why in (("qian", "firm or body"), ("meng", "firm or body"), ("hua_xian", "promised a task")):
            with pytest.raises(Invalid, match=why) as refused:
                case.do("wei", projects.start, **plan, supervisor_ids=[case.people[who]])
            assert refused.value.field == "supervisor_ids"
        case.do("wei", projects.start, **plan, supervisor_ids=[case.people["sun"]])


@pytest.mark.parametrize(("who", "why"), [("zhao", "have carried out"), ("qian", "firm or body"), ("wei", "promised a task"), ("huang", "have")])
def test_whoever_had_a_hand_in_the_works_does_not_accept_them(engine: Engine, who: str, why: str) -> None:
    case = play("as: sun, do: projects.refuse")
    with case.later(minutes=5):
        with working(case.system) as work:  # huang carried it out for a while
            row = ProjectChange(
                id=work.new_id(), community_id=case.community_id, project_id=case.ids["project1"], executor_before=case.people["huang"],
                due_before=clock.today("Asia/Shanghai"), reason="换人", by_id=case.people["wei"], at=work.moment,
            )  # fmt: skip
            work.add(row)
            work.record("project.change", row)
        supervised_by(case, who)
        for command in (projects.accept, projects.refuse):
            with pytest.raises(NotAllowed, match=why):
                case.do(who, command, project_id=case.ids["project1"], text="都好，可以验收。")
        case.do("sun", projects.accept, project_id=case.ids["project1"])


def test_a_role_that_ended_takes_its_part_in_the_works_along(engine: Engine) -> None:
    case = play("at: 2026-05-12T16:00")
    with case.later(minutes=5):
        taken(case, "zhao", Role.EXECUTOR)
        taken(case, "sun", Role.SUPERVISOR)
        for who in ("zhao", "sun"):
            with pytest.raises(NotAllowed):
                case.do(who, projects.report, project_id=case.ids["project1"], text="我还在管。")
        case.do("wei", projects.change, **changed(case))
        case.do("hua_xian", projects.report, project_id=case.ids["project1"], text="接手了。")


# ---- how it turned out


@pytest.mark.parametrize("way", ["close", "keep_up", "reopen"])
def test_nobody_ends_the_evaluation_of_their_own_works(engine: Engine, way: str) -> None:
    case = play("at: 2026-06-01T09:00")
    with case.later(minutes=5):
        given_role(case, "hua_xian", Role.COMMITTEE)
        matter, today = case.ids["round2"], clock.today("Asia/Shanghai")
        act, command, given = {
            "close": ("evaluation.close", evaluations.close,
                      {"evaluation_id": one(Evaluation, case.community_id, proposal_id=matter).id, "lessons": "大家都满意。"}),
            "keep_up": ("upkeep.plan", evaluations.keep_up,
                        {"proposal_id": matter, "label": "划线师傅", "deed": "补线", "every_days": 90, "next_on": today, "lessons": "大家满意。"}),
            "reopen": ("proposal.reopen", proposals.reopen, again(case)),
        }[way]  # fmt: skip
        with pytest.raises(NotAllowed, match="carry out or have carried out"):
            case.do("hua_xian", command, **given)
        locked = story.story(case.actor("hua_xian"), matter).doors[act]
        assert isinstance(locked, NotAllowed)
        assert story.story(case.actor("wei"), matter).doors[act] is None
        case.do("wei", command, **given)


def again(case: Case) -> dict[str, str]:
    return {
        "proposal_id": case.ids["round2"], "title": "车位线再议", "problem": "画好的线太窄，有的车还是停不进去。",
        "plan": "请大家再坐下来商量一次。", "reason": "住户说还是难停。",
    }  # fmt: skip


def test_another_round_ends_the_evaluation_that_runs_and_keeps_its_answers(engine: Engine) -> None:
    case = play("at: 2026-06-01T09:00")
    with case.later(minutes=5):
        running = one(Evaluation, case.community_id, proposal_id=case.ids["round2"])
        assert running.closed_at is None and running.ends_at > clock.now()
        case.do("wei", proposals.reopen, **again(case))
        ended = one(Evaluation, case.community_id, proposal_id=case.ids["round2"])
        assert (ended.closed_at, ended.closed_by) == (clock.now(), case.people["wei"])
        assert one(Proposal, case.community_id, id=case.ids["round2"]).stage is Stage.REOPENED
        with reading(case.community_id) as db:
            facts = audit.facts_of(db.exec(select(Event).where(Event.action == "evaluation.overtake")).one())
            assert len(db.exec(select(EvaluationAnswer.id).where(EvaluationAnswer.evaluation_id == running.id)).all()) == 37
        assert (facts["answered"], facts["asked"], facts["round"]) == (37, running.asked_units, 3) and facts["days_early"] is not None
        rated = story.story(case.actor("li"), case.ids["round2"]).evaluation
        assert rated is not None and (rated.closed, rated.overtaken, rated.answered, rated.satisfied) == (True, 3, 37, 36)


def test_nobody_is_reminded_of_an_evaluation_whose_matter_went_on(engine: Engine) -> None:
    case = play("at: 2026-06-01T09:00")
    running = one(Evaluation, case.community_id, proposal_id=case.ids["round2"])

    def asked() -> int:
        with reading(case.community_id) as db:
            about = f"evaluation:{running.id}"
            return len(db.exec(select(Message.id).where(Message.about == about)).all())

    with case.later(minutes=5):
        case.do("wei", proposals.reopen, **again(case))
        with working(case.system) as work:  # as it was left before: never closed
            work.fetch(Evaluation, running.id).closed_at = None
            work.record("evaluation.overtake", work.fetch(Evaluation, running.id))
    with clock.at(running.ends_at - timedelta(days=1)):
        do(case.system, reminders.remind)
    assert asked() == 0


# ---- objections


def test_nobody_rules_on_an_objection_to_their_own_proposal_or_on_their_own(engine: Engine) -> None:
    case = play("do: notices.rule")
    with case.later(minutes=5):
        author = one(Proposal, case.community_id, id=case.ids["round1"]).author_id
        proposer = next(key for key, person in case.people.items() if person == author)
        ruling = {"objection_id": case.ids["objection1"], "ruling": "answered", "reply": "图纸上离窗一米五。"}
        for who, why in ((proposer, "their own proposal"), ("chenyl", "own matter")):
            given_role(case, who, Role.COMMITTEE)
            with pytest.raises(NotAllowed, match=why):
                case.do(who, notices.rule, **ruling)
            assert isinstance(story.story(case.actor(who), case.ids["round1"]).doors["objection.rule"], NotAllowed)
        case.do("wei", notices.rule, **ruling)


def test_an_author_does_not_open_the_next_round_of_their_own_proposal(engine: Engine) -> None:
    case = play("at: 2026-06-01T09:00")
    with case.later(minutes=5):
        author = one(Proposal, case.community_id, id=case.ids["round2"]).author_id
        proposer = next(key for key, person in case.people.items() if person == author)
        given_role(case, proposer, Role.COMMITTEE)
        with pytest.raises(NotAllowed, match="own matter"):
            case.do(proposer, proposals.reopen, **again(case))
