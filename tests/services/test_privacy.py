"""What a person takes away, what somebody else does not read in it, and who cannot be erased yet; on both databases."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, func, select

from models.account import Login, Message
from models.audit import Event, EventRow
from models.community import Unit
from models.concern import Concern
from models.meeting import Commitment
from models.people import Person, RoleHeld
from models.project import Task, Upkeep
from models.proposal import Proposal, ProposalDraft, StageChange
from models.vocabulary import Stage
from scripts import documents
from services import (
    actors,
    attendance,
    clock,
    communities,
    concerns,
    deliberation,
    evaluations,
    log_words,
    meetings,
    notices,
    privacy,
    projects,
    proposals,
    register,
    reminders,
    roles,
)
from services.db import reading
from services.errors import NotAllowed, NotFound, Refusal
from services.messages import tell
from services.reads import meetings as reads
from services.reads import own, works
from services.reads import proposals as review
from services.rules.community_figures import FIGURES
from services.work import do, working
from tests.fixtures import room as rooms
from tests.fixtures.case import Case, play, row
from tests.fixtures.intake import wished
from tests.fixtures.neighbours import COMMUNITY, Neighbours


def taken(case: Case | Neighbours, reader: str, whose: str) -> tuple[dict[str, Any], str]:
    """data.json and the page, as `reader` gets them of `whose` data."""
    made = privacy.export(case.actor(reader), case.people[whose], "en")
    with zipfile.ZipFile(io.BytesIO(made.content)) as pack:
        return json.loads(pack.read("data.json")), pack.read("index.html").decode()


def test_an_administrator_reads_no_ballot_before_the_reveal(engine: Engine) -> None:
    case = play("as: [tian, dong, pan, yuan], do: ballots.cast")
    with case.later(minutes=1):
        mine, _ = taken(case, "li", "li")
        assert mine["tables"]["ballot"][0]["choice"] and mine["left_out"] == []
        seen, page = taken(case, "admin", "li")
    assert set(mine["tables"]["ballot"][0]) - set(seen["tables"]["ballot"][0]) == {"choice"}
    assert own.BALLOTS_LEFT_OUT in seen["left_out"] and own.BALLOTS_LEFT_OUT in page
    assert "message" not in seen["tables"] and own.THEIRS_LEFT_OUT in page


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_copy_is_read_in_words(engine: Engine, lang: str) -> None:
    case = play("at: 2026-05-17T00:00")
    with case.later(minutes=1):
        made = privacy.export(case.actor("li"), case.people["li"], lang)
    with zipfile.ZipFile(io.BytesIO(made.content)) as pack:
        page = pack.read("index.html").decode()
    heads = re.findall(r"<th>(.*?)</th>", page) + re.findall(r"<h2>(.*?)</h2>", page)
    acts = [each.split(" ", 1)[1] for each in re.findall(r"<li>(.*?)</li>", page)]
    assert heads and acts and not [each for each in heads + acts if "_" in each or re.fullmatch(r"[a-z_]+\.[a-z_]+", each)]
    if lang == "zh-CN":
        assert not [each for each in heads + acts if re.search("[a-z]", each)]
    assert ("<td>True</td>" in page) is False and ("投票" if lang == "zh-CN" else "cast") in page


def test_every_column_and_every_act_has_its_words() -> None:
    columns = {name for kind in (*own.OWN, Login, ProposalDraft, Unit, Person) for name in kind.model_fields} - own.SECRET
    assert columns <= set(log_words.FIELDS)
    assert {str(kind.__tablename__) for kind in own.OWN} <= set(log_words.TABLES)
    facts = {name for names in documents.recorded().values() for name in names} | set(FIGURES)
    assert facts <= set(log_words.FIELDS), facts - set(log_words.FIELDS)
    assert set(documents.recorded()) <= set(log_words.ACTS)
    assert log_words.field("zh-CN", "no_such_column") == "no such column"


def test_after_the_reveal_the_answer_is_part_of_the_copy_and_a_running_evaluation_is_not(engine: Engine) -> None:
    case = play("at: 2026-05-17T00:00")
    with case.later(minutes=1):
        mine, _ = taken(case, "li", "li")
        seen, page = taken(case, "admin", "li")
    assert seen["tables"]["ballot"][0]["choice"] == mine["tables"]["ballot"][0]["choice"]
    assert own.BALLOTS_LEFT_OUT not in seen["left_out"]
    assert mine["tables"]["evaluation_answer"][0]["score"] == 5
    assert not {"score", "solved", "text"} & set(seen["tables"]["evaluation_answer"][0])
    assert own.SCORES_LEFT_OUT in page


def test_all_that_is_somebodys_goes_or_is_listed_as_staying() -> None:
    listed = {column.class_ for _, _, columns in own.LEFT for column in columns}
    assert listed | own.GOES == set(own.OWN) and not listed & own.GOES


def test_name_and_number_of_a_visitor_are_taken_off_for_good(neighbours: Neighbours) -> None:
    visitor = actors.visitor(COMMUNITY, "visitor:x")
    made = do(visitor, concerns.file, category="safety", text="路灯坏了", visitor_name="过路人", visitor_phone="138 0000 0000")
    with pytest.raises(NotAllowed):
        do(neighbours.actor("resident"), privacy.forget_visitor, concern_id=made.id)
    for _ in range(2):  # twice is once
        do(neighbours.actor("grid_worker"), privacy.forget_visitor, concern_id=made.id)
    with reading(COMMUNITY) as db:
        left = db.get_one(Concern, made.id)
        assert (left.visitor_name, left.visitor_phone, left.text) == ("", "", "路灯坏了")
        rows = db.exec(select(EventRow).where(EventRow.row_id == made.id).order_by(col(EventRow.seq))).all()
        assert [row.salt is None for row in rows] == [True, False]
        assert db.exec(select(func.count()).select_from(Event).where(Event.action == "concern.forget")).one() == 1


@pytest.mark.parametrize(("until", "whose", "ends"), [
    ("do: projects.report", Task.person_id, Task.done_at), ("", Upkeep.keeper_id, Upkeep.ended_at),
])  # fmt: skip
def test_what_is_still_to_be_done_goes_back_when_somebody_is_erased(engine: Engine, until: str, whose: Any, ends: Any) -> None:
    """A task to whoever carries the works out, an upkeep to the committee, which is reminded of it."""
    case = play(until)
    with reading(case.community_id) as db:
        held = db.exec(select(whose).where(whose != case.people["wei"], col(ends).is_(None))).first()
        who = next(name for name, person_id in case.people.items() if person_id == held)
        mine = select(RoleHeld.id).where(RoleHeld.person_id == held, col(RoleHeld.until).is_(None))
        roles_held = list(db.exec(mine).all())
    for each in roles_held:
        do(case.actor("admin"), roles.end, each)
    if until:
        due_on = works.page(case.actor("wei"), case.ids["project1"]).due_on
        others = {"executor_id": case.people["hua_xian"], "supervisor_ids": [case.people["meng"]], "due_on": due_on}
        case.do("wei", projects.change, project_id=case.ids["project1"], reason="赵师傅搬走了，换人接着做。", **others)
    with case.later(minutes=1):
        case.do(who, privacy.erase, person_id=held, sure=True)
    with reading(case.community_id) as db:
        assert db.exec(select(whose).where(whose == held, col(ends).is_(None))).first() is None
    if not until:
        with case.later(days=200):
            do(case.system, reminders.remind)
        with reading(case.community_id) as db:
            told = set(db.exec(select(Message.person_id).where(Message.message == "Upkeep is due: {deed}")).all())
            assert case.people["wei"] in told


def test_a_proposal_that_only_its_author_can_complete_is_withdrawn_with_them(neighbours: Neighbours) -> None:
    """Nobody could move it any more; one that the review can still read stays on its way."""
    who = neighbours.actor("resident")
    still, made = (wished(neighbours, title=title) for title in ("小花园添三把椅子", "楼道里装扶手"))
    do(neighbours.actor("committee"), proposals.send_back, proposal_id=made.id, reason="请附照片。")
    do(who, privacy.erase, person_id=who.person_id, sure=True)
    with reading(COMMUNITY) as db:
        stages = {each.title: each.stage for each in db.exec(select(Proposal)).all()}
        left = db.exec(select(StageChange).where(StageChange.proposal_id == made.id).order_by(col(StageChange.at).desc())).first()
    assert stages == {"小花园添三把椅子": Stage.FILED, "楼道里装扶手": Stage.WITHDRAWN}
    assert left is not None and left.reason == "该来补充的人注销了资料。"
    with pytest.raises(NotAllowed, match="nobody could complete it"):
        do(neighbours.actor("committee"), proposals.send_back, proposal_id=still.id, reason="请附照片。")
    refusal = review.read(neighbours.actor("committee"), still.id)
    assert refusal is not None and refusal.doors["proposal.return"] is not None and refusal.doors["proposal.decline"] is None
    do(neighbours.actor("committee"), proposals.decline, proposal_id=still.id, reason="没有人来补充了。")


def test_somebody_erased_is_given_nothing_and_told_nothing(engine: Engine) -> None:
    room = rooms.now_at("closing", rooms.BEGINS)
    gone, at = room.people["王阿姨"], room.begins
    promise: dict[str, Any] = {
        "meeting_id": room.meeting, "proposal_id": room.proposal, "party": "residents", "due_on": (at + timedelta(days=10)).date(),
        "person_id": gone,
    }  # fmt: skip
    made = [room.do("吴主持", deliberation.commit, at=at, deed=deed, **promise).id for deed in ("贴公告", "量车位")]
    struck = room.do("吴主持", deliberation.commit, at=at, deed="说过又收回的", **promise).id
    room.do("吴主持", deliberation.withdraw_commitment, at=at, commitment_id=struck)
    room.do("王阿姨", privacy.erase, at=at, person_id=gone, sure=True)
    with reading(rooms.HOME) as db:
        assert [db.get_one(Commitment, each).person_id for each in (*made, struck)] == [None, None, gone]
    with pytest.raises(Refusal, match="was erased"):
        room.do("吴主持", deliberation.commit, at=at, deed="再贴一次", **promise)
    room.do("吴主持", meetings.next, at=at, meeting_id=room.meeting, seen=5)
    room.do("周主任", notices.publish, at=at, proposal_id=room.proposal, text="公示七天，有异议请写在这里。")
    with working(actors.system(rooms.HOME)) as work:  # as it stood in databases before an erasure took it off
        old = work.fetch(Commitment, made[0])
        old.person_id = gone
        work.record("meeting.commitment", old)
    late = at + timedelta(days=9)
    given: dict[str, Any] = {
        "proposal_id": room.proposal, "title": "重画车位线", "executor_id": room.people["郑工"], "supervisor_ids": [room.people["孙工"]],
        "budget_fen": 100, "starts_on": late.date(), "due_on": (late + timedelta(days=30)).date(), "milestones": [{"title": "画线"}],
    }  # fmt: skip
    for field, named in (("executor_id", gone), ("supervisor_ids", [gone])):
        with pytest.raises(Refusal, match="was erased") as refused:
            room.do("周主任", projects.start, at=late, **given | {field: named})
        assert refused.value.field == field
    project = room.do("周主任", projects.start, at=late, **given)
    with pytest.raises(Refusal, match="was erased"):
        change = {name: given[name] for name in ("executor_id", "due_on")} | {"supervisor_ids": [gone], "reason": "换人监督。"}
        room.do("周主任", projects.change, at=late, project_id=project.id, **change)
    with working(actors.system(rooms.HOME)) as work:
        tell(work, gone, "The vote “{question}” is open.", question="？")
    with clock.at(at + timedelta(days=20)):
        do(actors.system(rooms.HOME), reminders.remind)
    with reading(rooms.HOME) as db:
        tasks = db.exec(select(Task).where(Task.project_id == project.id)).all()
        assert {"贴公告", "量车位"} <= {each.deed for each in tasks} and gone not in {each.person_id for each in tasks}
        assert db.exec(select(Message.message).where(Message.person_id == gone)).all() == []


def test_an_upkeep_is_given_to_nobody_erased(engine: Engine) -> None:
    case = play("do: evaluations.keep_up")
    with case.later(minutes=1):
        case.do("tian", privacy.erase, person_id=case.people["tian"], sure=True)
        with pytest.raises(Refusal, match="was erased"):
            case.do(
                "wei", evaluations.keep_up, proposal_id=case.ids["round1"], label="邻居", deed="每月看一次", every_days=30,
                next_on=(case.moment + timedelta(days=30)).date(), keeper_id=case.people["tian"],
            )  # fmt: skip


@pytest.mark.parametrize("scanned", [False, True])
def test_the_printed_code_of_somebody_erased_opens_no_table(engine: Engine, scanned: bool) -> None:
    room = rooms.invited(rooms.convened())
    gone = room.people["王阿姨"]
    sheets = room.do("周主任", meetings.invitation_codes, meeting_id=room.meeting)
    code = next(each.code for each in sheets if each.name == "王阿姨")
    visitor = actors.visitor(rooms.HOME)
    with clock.at(rooms.BEGINS):
        secret = do(visitor, meetings.exchange, code=code).secret if scanned else ""
        assert (attendance.guest(secret, room.meeting) is not None) is scanned
        room.do("王阿姨", privacy.erase, at=rooms.BEGINS, person_id=gone, sure=True)
        with pytest.raises(Refusal, match="No meeting belongs to this code"):
            do(visitor, meetings.exchange, code=code)
        assert attendance.guest(secret, room.meeting) is None and attendance.fits(secret, code) is None
        assert gone not in {each.person_id for each in reads.page(room.actor("周主任"), room.meeting).guests or ()}
    for command, given in ((meetings.invite, {"label": "居民代表"}), (meetings.attend_for, {})):
        who = "周主任" if given else "吴主持"
        with pytest.raises(Refusal, match="was erased|not on the list"):
            room.do(who, command, at=rooms.BEGINS, meeting_id=room.meeting, person_id=gone, **given)


def test_an_invitation_that_outlived_its_person_seats_nobody(engine: Engine) -> None:
    """As databases have it in which somebody was erased before their invitations went with them."""
    room = rooms.invited(rooms.convened())
    gone = room.people["王阿姨"]
    code = next(each.code for each in room.do("周主任", meetings.invitation_codes, meeting_id=room.meeting) if each.name == "王阿姨")
    with clock.at(rooms.BEGINS), working(actors.system(rooms.HOME)) as work:
        person = work.fetch(Person, gone)
        person.erased_at = work.moment
        work.record("person.erase", person)
    with clock.at(rooms.BEGINS):
        secret = do(actors.visitor(rooms.HOME), meetings.exchange, code=code).secret
        assert attendance.guest(secret, room.meeting) is None
    with pytest.raises(Refusal, match="was erased"):
        room.do("吴主持", meetings.attend_for, at=rooms.BEGINS, meeting_id=room.meeting, person_id=gone)
    assert "—" not in [each.name for each in room.do("周主任", meetings.invitation_codes, meeting_id=room.meeting)]


def test_who_was_erased_elsewhere_is_as_unknown_as_nobody(engine: Engine) -> None:
    room = rooms.now_at("closing", rooms.BEGINS)
    with working(actors.system("other00000000000")) as work:
        communities.found(work, slug="other", name="别处")
        theirs = register.add_person(work, name="甲", phone="13900000001").id
    with working(actors.system("other00000000000")) as work:
        privacy.erase(work, theirs, sure=True)
    promise = {"meeting_id": room.meeting, "proposal_id": room.proposal, "party": "residents", "deed": "贴公告"}
    due = (rooms.BEGINS + timedelta(days=9)).date()
    for who in (theirs, "nobody0000000000"):
        with pytest.raises(NotFound):
            room.do("吴主持", deliberation.commit, at=rooms.BEGINS, due_on=due, person_id=who, **promise)


def test_a_promise_that_was_kept_stays_under_the_number(engine: Engine) -> None:
    case = play("at: 2026-05-07T10:00+08:00, as: wei, do: proposals.reopen")
    with working(case.system) as work:
        task = work.db.exec(select(Task).where(col(Task.done_at).is_not(None))).first()
        assert task is not None
        promise = work.fetch(Commitment, task.commitment_id)
        task.person_id = promise.person_id = case.people["tian"]
        work.record("meeting.commitment", promise)
        kept = task.id, promise.id
    with case.later(minutes=1):
        case.do("tian", privacy.erase, person_id=case.people["tian"], sure=True)
    assert row(case, Task, kept[0]).person_id == row(case, Commitment, kept[1]).person_id == case.people["tian"]


def test_a_grid_worker_takes_no_concern_of_others_along(neighbours: Neighbours) -> None:
    visitor = actors.visitor(COMMUNITY)
    do(
        visitor, concerns.file, category="environment", text="楼道的灯坏了。", estate_id=neighbours.estate, visitor_name="过路人",
        visitor_phone="13800000009",
    )  # fmt: skip
    data, page = taken(neighbours, "grid_worker", "grid_worker")
    assert not {"concern", "concern_holding", "grid"} & set(data["tables"])
    assert "过路人" not in page and "13800000009" not in page
    mine = do(neighbours.actor("resident"), concerns.file, category="environment", text="院里积水。", estate_id=neighbours.estate)
    data, _ = taken(neighbours, "resident", "resident")
    assert [row["id"] for row in data["tables"]["concern"]] == [mine.id]
