"""Concerns on both databases: each command, each refusal, and that a second press changes nothing."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from sqlmodel import select

from models.account import Message
from models.concern import Concern, ConcernHolding, ConcernSupport
from models.people import RoleHeld
from models.proposal import Proposal
from models.vocabulary import ConcernStage, Role
from services import clock, communities, concerns, proposals, register, roles
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Several, WrongStage
from services.work import do, working
from tests.fixtures.intake import NOON, SAID, WISH, one, reasons, rows, said, visitor
from tests.fixtures.neighbours import Neighbours


def test_a_concern_goes_to_the_grid_worker_with_its_clock(neighbours: Neighbours) -> None:
    with clock.at(NOON):
        made = said(neighbours)
    assert made.due_at - made.filed_at == timedelta(hours=24) and made.holder_id == neighbours.people["grid_worker"]
    assert [each.holder_id for each in rows(ConcernHolding)] == [made.holder_id]
    assert [each.person_id for each in rows(Message) if each.message.startswith("A new concern")] == [made.holder_id]
    assert do(visitor(), concerns.file, **SAID).holder_id is None


def test_the_hours_are_the_communitys(neighbours: Neighbours) -> None:
    do(neighbours.actor("administrator"), communities.change, figures={"first_answer_hours": 4})
    with clock.at(NOON):
        assert said(neighbours).due_at - NOON == timedelta(hours=4)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "坏了"}, "text"),
        ({"text": "坏" * 2001}, "text"),
        ({"category": "nothing"}, "category"),
        ({"place": "里" * 121}, "place"),
        ({"visitor_name": "名" * 41}, "visitor_name"),
        ({"visitor_phone": "打给我吧"}, "visitor_phone"),
    ],
)
def test_what_cannot_be_used_is_named(neighbours: Neighbours, changes: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        do(visitor(), concerns.file, **SAID | changes)
    assert list(reasons(refused)) == [field] and rows(Concern) == []


def test_all_reasons_at_once_and_foreign_estates(neighbours: Neighbours) -> None:
    with pytest.raises(Several) as refused:
        do(visitor(), concerns.file, category="", text="", place="里" * 200)
    assert list(reasons(refused)) == ["text", "place", "category"]
    with pytest.raises(NotFound):
        do(visitor(), concerns.file, **SAID, estate_id="nothing")


def test_a_name_is_kept_of_visitors_only(neighbours: Neighbours) -> None:
    made = do(visitor(), concerns.file, **SAID, visitor_name=" 小\u200b马 ", visitor_phone="138 0000 0000")
    assert (made.visitor_name, made.author_id) == ("小马", None)
    made = said(neighbours, visitor_name="小马", visitor_phone="138 0000 0000")
    assert (made.visitor_name, made.visitor_phone) == ("", "") and made.author_id


def test_the_same_form_makes_one_concern(neighbours: Neighbours) -> None:
    first, second = (do(visitor(), concerns.file, **SAID, form="word") for _ in range(2))
    assert first.id == second.id and len(rows(Concern)) == 1
    assert do(visitor("visitor:other"), concerns.file, **SAID, form="word").id != first.id
    assert do(visitor(), concerns.file, **SAID).receipt != do(visitor(), concerns.file, **SAID).receipt


def test_two_presses_at_once_make_one(neighbours: Neighbours) -> None:
    actor = neighbours.actor("resident")
    found: list[str] = []
    given = WISH | {"estate_id": neighbours.estate, "form": "w"}
    both = [Thread(target=lambda: found.append(do(actor, proposals.submit, **given).id)) for _ in range(4)]
    both += [Thread(target=lambda: found.append(do(actor, concerns.file, **SAID, form="w").id)) for _ in range(4)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(found) == 8 and len(set(found)) == 2 and len(rows(Concern)) == len(rows(Proposal)) == 1


def test_support_of_a_concern(neighbours: Neighbours) -> None:
    made = said(neighbours)
    do(neighbours.actor("neighbour"), concerns.support, concern_id=made.id)
    assert [each.person_id for each in rows(ConcernSupport)] == [neighbours.people["neighbour"]]
    with pytest.raises(Conflict):
        do(neighbours.actor("neighbour"), concerns.support, concern_id=made.id)
    for who in (neighbours.actor("resident"), visitor()):
        with pytest.raises(NotAllowed):
            do(who, concerns.support, concern_id=made.id)
    with pytest.raises(NotFound):
        do(neighbours.actor("neighbour"), concerns.support, concern_id="nothing")


def test_an_answer_is_given_made_better_and_closed(neighbours: Neighbours) -> None:
    with clock.at(NOON):
        made = said(neighbours)
    with pytest.raises(WrongStage):
        do(neighbours.actor("grid_worker"), concerns.close, concern_id=made.id)
    with clock.at(NOON + timedelta(hours=1)):
        do(neighbours.actor("grid_worker"), concerns.answer, concern_id=made.id, text="今天去看。")
    with clock.at(NOON + timedelta(hours=2)):
        kept = do(neighbours.actor("committee"), concerns.answer, concern_id=made.id, text="看过了，周五修好。")
    assert (kept.answered_at, kept.answered_by) == (NOON + timedelta(hours=1), neighbours.people["grid_worker"])
    assert kept.stage is ConcernStage.ANSWERED and kept.answer == "看过了，周五修好。"
    told = [each.message for each in rows(Message) if each.person_id == neighbours.people["resident"]]
    assert told.count("Your concern {number} has an answer.") == 1
    do(neighbours.actor("committee"), concerns.close, concern_id=made.id, text="修好了。")
    assert one(Concern, made.id).stage is ConcernStage.CLOSED and "修好了。" in one(Concern, made.id).answer
    with pytest.raises(Conflict):
        do(neighbours.actor("committee"), concerns.close, concern_id=made.id)
    for command, given in ((concerns.answer, {"text": "再说一遍。"}), (concerns.pass_on, {"holder_id": neighbours.people["committee"]})):
        with pytest.raises(WrongStage):
            do(neighbours.actor("committee"), command, concern_id=made.id, **given)
    with pytest.raises(WrongStage):
        do(neighbours.actor("neighbour"), concerns.support, concern_id=made.id)


@pytest.mark.parametrize("who", ["resident", "neighbour", "chair", "executor", "supervisor", "administrator", "owners_committee", ""])
def test_only_the_desk_acts(neighbours: Neighbours, who: str) -> None:
    made = said(neighbours)
    actor = neighbours.actor(who) if who else visitor()
    for command, given in (
        (concerns.answer, {"text": "好的，知道了。"}),
        (concerns.close, {}),
        (concerns.pass_on, {"holder_id": neighbours.people["committee"]}),
    ):
        with pytest.raises(NotAllowed):
            do(actor, command, concern_id=made.id, **given)
    with pytest.raises(NotAllowed):
        do(actor, concerns.pass_on_all, concern_ids=[made.id], holder_id=neighbours.people["committee"])
    with pytest.raises(NotAllowed):
        do(actor, concerns.take_back, concern_ids=[made.id])


def test_short_answers_and_wrong_holders(neighbours: Neighbours) -> None:
    made = said(neighbours)
    with pytest.raises(Invalid) as refused:
        do(neighbours.actor("committee"), concerns.answer, concern_id=made.id, text="好")
    assert "text" in reasons(refused)
    with pytest.raises(Several) as refused:
        do(neighbours.actor("committee"), concerns.pass_on, concern_id=made.id, holder_id=neighbours.people["neighbour"], note="话" * 401)
    assert list(reasons(refused)) == ["note", "holder_id"]
    with pytest.raises(Invalid) as refused:
        do(neighbours.actor("committee"), concerns.pass_on, concern_id=made.id, holder_id="")
    assert list(reasons(refused)) == ["holder_id"]
    with pytest.raises(NotFound):
        do(neighbours.actor("committee"), concerns.pass_on, concern_id=made.id, holder_id="nothing")
    with pytest.raises(Conflict):
        do(neighbours.actor("committee"), concerns.pass_on, concern_id=made.id, holder_id=neighbours.people["grid_worker"])


def test_several_are_passed_on_and_taken_back(neighbours: Neighbours) -> None:
    desk, to = neighbours.actor("committee"), neighbours.people["second"]
    with clock.at(NOON):
        made = [said(neighbours).id, said(neighbours).id, do(visitor(), concerns.file, **SAID).id]
    with clock.at(NOON + timedelta(hours=1)):
        assert do(desk, concerns.pass_on_all, concern_ids=made, holder_id=to, note="请看一下") == 3
        assert do(desk, concerns.pass_on_all, concern_ids=made, holder_id=to) == 0
    with clock.at(NOON + timedelta(hours=1, minutes=9)):
        assert do(desk, concerns.take_back, concern_ids=made) == 3
        with pytest.raises(Conflict):
            do(neighbours.actor("committee"), concerns.pass_on, concern_id=made[0], holder_id=neighbours.people["grid_worker"])
    assert [one(Concern, each).holder_id for each in made] == [neighbours.people["grid_worker"]] * 2 + [None]
    with clock.at(NOON + timedelta(hours=2)), pytest.raises(Conflict):
        do(desk, concerns.take_back, concern_ids=made)
    with pytest.raises(Invalid):
        do(desk, concerns.pass_on_all, concern_ids=[], holder_id=to)
    with clock.at(NOON + timedelta(hours=3)), pytest.raises(NotFound):
        do(desk, concerns.pass_on_all, concern_ids=[made[0], "nothing"], holder_id=to)
    assert one(Concern, made[0]).holder_id == neighbours.people["grid_worker"], "all or none"


def test_taking_back_twice_takes_back_once(neighbours: Neighbours) -> None:
    desk, to = neighbours.actor("committee"), neighbours.people["second"]
    made = said(neighbours)
    first = one(Concern, made.id).holder_id
    do(desk, concerns.pass_on, concern_id=made.id, holder_id=to)
    assert [do(desk, concerns.take_back, concern_ids=[made.id], holder_id=to) for _ in range(2)] == [1, 0]
    assert one(Concern, made.id).holder_id == first


def test_a_lone_holder_cannot_be_taken_back(neighbours: Neighbours) -> None:
    made = said(neighbours)
    with pytest.raises(Conflict):
        do(neighbours.actor("committee"), concerns.take_back, concern_ids=[made.id])


def test_a_concern_does_not_go_to_a_grid_worker_whose_role_has_ended(neighbours: Neighbours) -> None:
    worker, other = neighbours.people["grid_worker"], neighbours.people["committee"]
    held = next(row for row in rows(RoleHeld) if row.person_id == worker and row.role is Role.GRID_WORKER)
    do(neighbours.actor("administrator"), roles.end, held.id)
    made = said(neighbours)
    told = {each.person_id for each in rows(Message) if each.message.startswith("A new concern")}
    assert made.holder_id is None and other in told and worker not in told
    assert [each.holder_id for each in rows(ConcernHolding)] == [None]
    do(neighbours.actor("administrator"), roles.grant, other, Role.GRID_WORKER)
    do(neighbours.actor("administrator"), register.add_grid, estate_id=neighbours.estate, name="另一个网格", worker_id=other)
    assert said(neighbours).holder_id == other


def test_after_number_9999_of_a_year_comes_10000(neighbours: Neighbours) -> None:
    with clock.at(NOON):
        said(neighbours)
        with working(neighbours.system) as work:
            row = work.db.exec(select(Concern)).one()
            row.number = "C-2026-9998"
            work.record("concern.file", row)
        assert [said(neighbours).number for _ in range(4)] == ["C-2026-9999", "C-2026-10000", "C-2026-10001", "C-2026-10002"]


def test_a_closing_word_is_kept_whole_or_refused_with_the_number_over(neighbours: Neighbours) -> None:
    made, desk = said(neighbours), neighbours.actor("committee")
    do(desk, concerns.answer, concern_id=made.id, text="答" * 1990)
    with pytest.raises(Invalid) as refused:
        do(desk, concerns.close, concern_id=made.id, text="已经修好，谢谢您提醒。")
    assert refused.value.field == "text" and refused.value.values == {"over": 2, "limit": 2000}
    assert one(Concern, made.id).stage is ConcernStage.ANSWERED
    do(desk, concerns.close, concern_id=made.id, text="修好了，谢谢提醒。")
    assert one(Concern, made.id).answer == "答" * 1990 + "\n修好了，谢谢提醒。"
