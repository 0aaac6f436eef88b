"""Which of the eight steps a matter took: those behind it that it was spared are not among the done ones."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from models.vocabulary import Step
from services import clock, concerns, polls, proposals
from services.reads import story
from tests.fixtures import room as rooms
from tests.fixtures.case import play
from tests.fixtures.room import BEGINS, Room

GIVEN = {
    "title": "楼道灯不亮", "problem": "楼道的灯坏了三盏，晚上摸黑上楼，老人摔过一次。", "plan": "请电工把三盏灯都换成声控灯。",
    "place": "70 号楼道", "category": "safety",
}  # fmt: skip


def skipped(room: Room, proposal_id: str) -> tuple[Step, ...]:
    with clock.at(BEGINS):
        return story.story(room.actor("周主任"), proposal_id).skipped


def test_a_proposal_filed_without_a_concern_was_spared_that_step(on_sqlite: Engine) -> None:
    room = rooms.now_at("closed", BEGINS)
    assert skipped(room, room.proposal) == (Step.CONCERN,)
    said = room.do("王阿姨", concerns.file, text="楼道灯坏了，晚上看不见。", estate_id=room.estate, category="safety")
    made = room.do("王阿姨", proposals.submit, **GIVEN, estate_id=room.estate, concern_id=said.id)
    assert skipped(room, made.id) == ()
    with clock.at(BEGINS):
        assert [each.step for each in story.story(room.actor("周主任"), made.id).steps] == [Step.CONCERN, Step.PROPOSAL]


def test_a_vote_without_a_meeting_was_spared_that_step(on_sqlite: Engine) -> None:
    room = rooms.convened(rooms.community())
    later = BEGINS + timedelta(hours=13)
    poll = room.do(
        "周主任", polls.prepare, at=later, proposal_id=room.proposal, question="旧车位线重画吗？", method="yes_no", rule="custom",
        scope=f"estate:{room.estate}",
    )  # fmt: skip
    assert skipped(room, room.proposal) == (Step.CONCERN,)
    room.do("吴主持", polls.open, at=later, poll_id=poll.id, minutes=60)
    assert skipped(room, room.proposal) == (Step.CONCERN, Step.DELIBERATION)


def test_the_case_left_nothing_out_in_either_round(on_sqlite: Engine) -> None:
    case = play()
    with case.later(days=1):
        assert [story.story(case.actor("li"), case.ids[name]).skipped for name in ("round1", "round2")] == [(), ()]
