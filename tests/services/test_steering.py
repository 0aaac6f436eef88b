"""The chair's steps with real votes, what the table works out, the minutes: on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.meeting import Argument, Commitment, Meeting, Minutes, Option
from models.people import RoleHeld
from models.poll import Poll
from models.proposal import Proposal
from models.vocabulary import MeetingState, PollState, Role, Screen, Side, Stage
from services import actors, ballots, clock, db, deliberation, meetings, minutes, polls
from services.actors import Actor, visitor
from services.errors import Conflict, Invalid, NotAllowed, Refusal, Several, WrongStage
from services.reads import board, protocol, whose_turn
from services.reads import meetings as reads
from services.reads.who import Names
from services.work import working
from tests.fixtures import room as rooms
from tests.fixtures.room import BEGINS, HOME, HOMES, Room

NOW = BEGINS


@pytest.fixture
def room(engine: Engine) -> Room:
    return rooms.seated()


def one(kind: Any, **where: object) -> Any:
    with db.reading(HOME) as session:
        asked = select(kind)
        for name, value in where.items():
            asked = asked.where(getattr(kind, name) == value)
        found = session.exec(asked).first()
        if found is not None:
            session.expunge(found)
        return found


def prepared(room: Room) -> str:
    made = room.do(
        "周主任", polls.prepare, at=NOW, proposal_id=room.proposal, question="旧车位线重画吗？", method="yes_no", rule="custom",
        scope=f"estate:{room.estate}", meeting_id=room.meeting,
    )  # fmt: skip
    return str(made.id)


def step(room: Room, seen: int, after: int = 0, command: Any = meetings.next) -> Meeting:
    return room.do("吴主持", command, at=NOW + timedelta(minutes=after), meeting_id=room.meeting, seen=seen)  # type: ignore[no-any-return]


def test_a_whole_meeting(room: Room) -> None:
    poll_id = prepared(room)
    opened = room.do("吴主持", meetings.open, at=NOW, meeting_id=room.meeting)
    assert (opened.state, opened.position, opened.opened_at) == (MeetingState.HELD, 1, NOW)
    assert opened.ends_at == NOW + timedelta(minutes=5)
    assert step(room, 1, 5).position == 2
    voting = step(room, 2, 20)
    assert voting.position == 3 and one(Poll).state is PollState.OPEN
    assert voting.ends_at == one(Poll).closes_at == NOW + timedelta(minutes=25)
    for name, choice in zip(HOMES, ("yes", "yes", "yes", "no"), strict=True):
        room.do(name, ballots.cast, at=NOW + timedelta(minutes=21), poll_id=poll_id, choice=choice)
    with pytest.raises(WrongStage, match="come in already"):
        step(room, 3, 22, meetings.undo)
    assert step(room, 3, 22).position == 4
    assert one(Poll).state is PollState.REVEALED and one(Proposal).stage is Stage.ADOPTED
    with pytest.raises(WrongStage, match="cannot be taken back"):
        step(room, 4, 23, meetings.undo)
    assert step(room, 4, 24).position == 5
    room.do(
        "吴主持", deliberation.commit, at=NOW + timedelta(minutes=25), meeting_id=room.meeting, proposal_id=room.proposal, party="builder",
        deed="重画 26 个车位", due_on=date(2026, 3, 20),
    )  # fmt: skip
    closed = step(room, 5, 30)
    assert closed.state is MeetingState.CLOSED
    assert step(room, 5, 31).closed_at == NOW + timedelta(minutes=30)
    text = one(Minutes).text
    for part in ("3 月 2 日", "居民代表 2", "施工方", "重画 26 个车位", "旧车位线重画吗？"):
        assert part in text
    with pytest.raises(WrongStage):
        room.do("王阿姨", meetings.leave, at=NOW + timedelta(minutes=40), meeting_id=room.meeting)


def test_a_second_press_does_nothing(room: Room) -> None:
    assert step(room, 0).position == 1
    assert step(room, 0).position == 1
    assert room.do("吴主持", meetings.open, at=NOW, meeting_id=room.meeting).position == 1
    assert step(room, 1, 1, meetings.undo).position == 0
    assert step(room, 1, 1, meetings.undo).position == 0


def test_nobody_starts_without_the_quorum(engine: Engine) -> None:
    room = rooms.seated(None, "郑工")
    for command, given in ((meetings.open, {}), (meetings.next, {"seen": 0})):
        with pytest.raises(WrongStage) as caught:
            room.do("吴主持", command, at=NOW, meeting_id=room.meeting, **given)
        assert str(caught.value) == "1 more from 施工方 and we start."
    room.do("吴主持", meetings.attend_for, at=NOW, meeting_id=room.meeting, person_id=room.people["郑工"])
    assert room.do("吴主持", meetings.open, at=NOW, meeting_id=room.meeting).position == 1


def test_a_vote_that_is_not_prepared_is_passed_over(room: Room) -> None:
    step(room, 0), step(room, 1)
    assert step(room, 2).position == 5
    assert step(room, 5, 1, meetings.undo).position == 2
    prepared(room)
    assert step(room, 2).position == 3


def test_a_meeting_whose_vote_is_called_off_comes_to_its_end(room: Room) -> None:
    poll_id = prepared(room)
    step(room, 0), step(room, 1), step(room, 2)
    room.do("周主任", polls.cancel, at=NOW, poll_id=poll_id, reason="题目写错了")
    found = board.find(room.code)
    assert found is not None and board.look(found).screen is Screen.VOTE and board.look(found).vote is None
    assert board.look(found).ends_at is None and board.look(found).agenda[2].poll is PollState.CANCELLED
    assert step(room, 3).position == 5
    assert step(room, 5, 1, meetings.undo).position == 2
    prepared(room)
    assert step(room, 2, 2).position == 3 and one(Poll, state=PollState.OPEN) is not None
    assert step(room, 3, 3).position == 4 and step(room, 4, 4).position == 5
    assert step(room, 5, 5).state is MeetingState.CLOSED


def test_a_vote_prepared_anew_is_opened_after_a_step_back(room: Room) -> None:
    poll_id = prepared(room)
    step(room, 0), step(room, 1), step(room, 2)
    room.do("周主任", polls.cancel, at=NOW, poll_id=poll_id, reason="题目写错了")
    prepared(room)
    with pytest.raises(WrongStage, match="step back"):
        step(room, 3)
    assert step(room, 3, 1, meetings.undo).position == 2
    assert step(room, 2, 2).position == 3 and one(Poll, state=PollState.OPEN) is not None


def test_an_opening_by_a_slip_is_taken_back_and_done_again(room: Room) -> None:
    prepared(room)
    step(room, 0), step(room, 1), step(room, 2)
    assert step(room, 3, 1, meetings.undo).position == 2
    assert one(Poll).state is PollState.PREPARED and one(Proposal).stage is Stage.DELIBERATING
    assert step(room, 2, 2).position == 3 and one(Poll).state is PollState.OPEN


def test_time_is_added_and_stands_still(room: Room) -> None:
    poll_id = prepared(room)
    with pytest.raises(WrongStage):
        room.do("吴主持", meetings.extend, at=NOW, meeting_id=room.meeting, minutes=2)
    step(room, 0)
    for wrong in (0, -1, 61):
        with pytest.raises(Conflict):
            room.do("吴主持", meetings.extend, at=NOW, meeting_id=room.meeting, minutes=wrong)
    assert room.do("吴主持", meetings.extend, at=NOW, meeting_id=room.meeting, minutes=2).ends_at == NOW + timedelta(minutes=7)
    room.do("吴主持", meetings.pause, at=NOW + timedelta(minutes=1), meeting_id=room.meeting)
    back = room.do("吴主持", meetings.pause, at=NOW + timedelta(minutes=4), meeting_id=room.meeting)
    assert back.ends_at == NOW + timedelta(minutes=10) and back.paused_at is None
    step(room, 1), step(room, 2, 20)
    with pytest.raises(WrongStage):
        room.do("吴主持", meetings.pause, at=NOW + timedelta(minutes=21), meeting_id=room.meeting)
    longer = room.do("吴主持", meetings.extend, at=NOW + timedelta(minutes=21), meeting_id=room.meeting, minutes=3)
    assert longer.ends_at == one(Poll, id=poll_id).closes_at == NOW + timedelta(minutes=28)


def test_a_second_tap_adds_no_time_and_does_not_turn_the_pause_round(room: Room) -> None:
    prepared(room)
    step(room, 0)
    given = {"at": NOW + timedelta(minutes=1), "meeting_id": room.meeting}
    ends = one(Meeting).ends_at
    for _ in range(2):
        assert room.do("吴主持", meetings.extend, minutes=2, seen=ends, **given).ends_at == ends + timedelta(minutes=2)
    for _ in range(2):
        assert room.do("吴主持", meetings.pause, seen=False, **given).paused_at == NOW + timedelta(minutes=1)
    for _ in range(2):
        assert room.do("吴主持", meetings.pause, seen=True, **given).paused_at is None
    assert one(Meeting).ends_at == ends + timedelta(minutes=2)
    step(room, 1), step(room, 2, 2)
    ends = one(Poll).closes_at
    for _ in range(2):
        assert room.do("吴主持", meetings.extend, minutes=2, seen=ends, **given).ends_at == ends + timedelta(minutes=2)
    assert one(Poll).closes_at == one(Meeting).ends_at == ends + timedelta(minutes=2)


def test_a_vote_whose_time_is_over_is_revealed_all_the_same(room: Room) -> None:
    poll_id = prepared(room)
    step(room, 0), step(room, 1), step(room, 2)
    room.do("王阿姨", ballots.cast, at=NOW, poll_id=poll_id, choice="yes")
    assert step(room, 3, 90).position == 4
    assert one(Poll).state is PollState.REVEALED


def test_nobody_else_steers(room: Room) -> None:
    for name in ("周主任", "王阿姨", "管理员", "孙工"):
        for command, given in (
            (meetings.open, {}), (meetings.next, {"seen": 0}), (meetings.undo, {"seen": 0}),
            (meetings.extend, {"minutes": 2}), (meetings.pause, {}), (meetings.close, {}),
        ):  # fmt: skip
            with pytest.raises(NotAllowed):
                room.do(name, command, at=NOW, meeting_id=room.meeting, **given)
    with pytest.raises(WrongStage):
        room.do("吴主持", meetings.close, at=NOW, meeting_id=room.meeting)


def test_options_and_reasons_for_and_against(room: Room) -> None:
    add = {"at": NOW, "proposal_id": room.proposal}
    option = room.do("吴主持", deliberation.add_option, title="重画", cost_fen=260000, days=3, meeting_id=room.meeting, **add)
    other = room.do("王阿姨", deliberation.add_option, title="保留旧线", **add)
    assert (option.position, other.position, other.meeting_id) == (0, 1, room.meeting)
    with pytest.raises(Invalid):
        room.do("吴主持", deliberation.add_option, title="重画", **add)
    with pytest.raises(Several):
        room.do("吴主持", deliberation.add_option, title="", cost_fen=-1, **add)
    with pytest.raises(NotAllowed):
        room.do("小陈", deliberation.add_option, title="都不要", **add)  # a resident, but not at the table
    said = room.do("王阿姨", deliberation.add_argument, at=NOW, option_id=option.id, side="pro", text="车位看得清楚")
    assert (said.side, said.party) == (Side.PRO, "residents")
    room.do("郑工", deliberation.add_argument, at=NOW, option_id=option.id, side="con", text="要停三天车")
    with pytest.raises(Conflict):
        room.do("王阿姨", deliberation.add_argument, at=NOW, option_id=option.id, side="pro", text="车位看得清楚")
    with pytest.raises(Several):
        room.do("王阿姨", deliberation.add_argument, at=NOW, option_id=option.id, side="both", text="")
    with pytest.raises(Conflict):
        room.do("王阿姨", deliberation.withdraw_argument, at=NOW, argument_id=one(Argument, side=Side.CON).id)
    room.do("吴主持", deliberation.withdraw_argument, at=NOW, argument_id=one(Argument, side=Side.CON).id)
    room.do("王阿姨", deliberation.withdraw_option, at=NOW, option_id=other.id)
    with pytest.raises(WrongStage):
        room.do("王阿姨", deliberation.add_argument, at=NOW, option_id=other.id, side="pro", text="省钱")
    assert room.do("吴主持", deliberation.add_option, title="保留旧线", description="再用两年", **add).id == other.id
    assert len([row for row in [one(Option, title="保留旧线")] if row.withdrawn_at is None]) == 1


def test_commitments_stay_open_until_the_minutes_are_confirmed(room: Room) -> None:
    given = {"at": NOW, "meeting_id": room.meeting, "proposal_id": room.proposal, "party": "community", "deed": "门口贴出划线图"}
    made = room.do("吴主持", deliberation.commit, due_on=date(2026, 3, 8), **given)
    assert made.label == "社区"
    with pytest.raises(Invalid) as caught:
        room.do("吴主持", deliberation.commit, due_on=date(2026, 3, 1), **given)
    assert caught.value.field == "due_on"
    with pytest.raises(NotAllowed):
        room.do("王阿姨", deliberation.commit, due_on=date(2026, 3, 8), **given)
    room.do("吴主持", deliberation.withdraw_commitment, at=NOW, commitment_id=made.id)
    with pytest.raises(Conflict):
        room.do("吴主持", deliberation.withdraw_commitment, at=NOW, commitment_id=made.id)
    assert one(Commitment).withdrawn_at == NOW


def test_minutes_are_written_then_fixed(room: Room) -> None:
    with pytest.raises(WrongStage):
        room.do("吴主持", minutes.write, at=NOW, meeting_id=room.meeting, text="大家都同意先公示再动工。")
    prepared(room)
    for seen in range(6):
        step(room, seen, seen)
    room.do("周主任", minutes.write, at=NOW, meeting_id=room.meeting, text="大家都同意先公示再动工。")
    for wrong in ("", "短", "长" * 8001):
        with pytest.raises(Invalid):
            room.do("吴主持", minutes.write, at=NOW, meeting_id=room.meeting, text=wrong)
    with pytest.raises(Conflict):  # begun before the committee wrote
        room.do("吴主持", minutes.write, at=NOW, meeting_id=room.meeting, text="大家都同意。明天动工。", before="机器起的稿")
    for name, refusal in (("周主任", NotAllowed), ("王阿姨", NotAllowed)):
        with pytest.raises(refusal):
            room.do(name, minutes.confirm, at=NOW, meeting_id=room.meeting)
    room.do("吴主持", minutes.confirm, at=NOW, meeting_id=room.meeting)
    for command, given in (
        (minutes.confirm, {}),
        (minutes.write, {"text": "再改一改，可以吗？可以的吧。"}),
        (deliberation.commit, {"proposal_id": room.proposal, "party": "builder", "deed": "再做一点", "due_on": date(2026, 3, 20)}),
    ):
        with pytest.raises(Refusal):
            room.do("吴主持", command, at=NOW, meeting_id=room.meeting, **given)
    assert one(Minutes).confirmed_at == NOW


def test_the_chair_does_not_prepare_what_the_chair_reveals(room: Room) -> None:
    with clock.at(NOW), working(actors.system(HOME)) as work:
        row = RoleHeld(id=work.new_id(), community_id=HOME, person_id=room.people["吴主持"], role=Role.COMMITTEE, since=NOW)
        work.add(row)
        work.record("role.grant", row, role=row.role.value)
    given = {
        "at": NOW, "proposal_id": room.proposal, "question": "旧车位线重画吗？", "method": "yes_no", "rule": "custom",
        "scope": f"estate:{room.estate}", "meeting_id": room.meeting,
    }  # fmt: skip
    with pytest.raises(NotAllowed, match="Ask a colleague"):
        room.do("吴主持", polls.prepare, **given)
    poll_id = room.do("周主任", polls.prepare, **given).id
    with clock.at(NOW), working(actors.system(HOME)) as work:  # as it could be before this was refused
        work.fetch(Poll, poll_id).prepared_by = room.people["吴主持"]
        work.record("poll.prepare", work.fetch(Poll, poll_id))
    step(room, 0), step(room, 1)
    with pytest.raises(NotAllowed, match="name another chair"):
        step(room, 2)
    assert one(Poll).state is PollState.PREPARED
    room.do("周主任", polls.cancel, at=NOW, poll_id=poll_id, reason="由同事重新准备")
    assert step(room, 2).position == 5


def test_a_commitment_sent_twice_is_noted_once(room: Room) -> None:
    given = {
        "at": NOW, "meeting_id": room.meeting, "proposal_id": room.proposal, "party": "builder", "deed": "重画车位",
        "due_on": date(2026, 3, 20), "form": "word",
    }  # fmt: skip
    made = [room.do("吴主持", deliberation.commit, **given).id for _ in range(2)]
    assert made[0] == made[1]
    room.do("吴主持", deliberation.withdraw_commitment, at=NOW, commitment_id=made[0])
    assert room.do("吴主持", deliberation.commit, **given).id != made[0]


def test_who_reads_the_chairs_words_before_they_are_confirmed(room: Room) -> None:
    step(room, 0), step(room, 1), step(room, 2)
    assert step(room, 5).state is MeetingState.CLOSED
    room.do("吴主持", minutes.write, at=NOW + timedelta(minutes=1), meeting_id=room.meeting, text="郑工答应先公示再动工。")
    found = board.find(room.code)
    assert found is not None

    def read(actor: Actor) -> tuple[str, bool]:
        got = protocol.protocol(found, actor)
        if actor.community_id == HOME:
            assert reads.page(actor, room.meeting).minutes == got.text
        return got.text, got.open

    stranger, other = visitor(HOME, "visitor:x"), visitor("elsewhere", "visitor:y")
    for name in ("吴主持", "周主任", "王阿姨"):
        assert read(room.actor(name)) == ("郑工答应先公示再动工。", True)
    assert read(stranger) == read(room.actor("管理员")) == ("", True) and read(other) == ("", False)
    room.do("吴主持", minutes.confirm, at=NOW + timedelta(minutes=2), meeting_id=room.meeting)
    assert read(stranger) == read(other) == ("郑工答应先公示再动工。", True)


def test_a_meeting_that_nobody_opened_is_no_longer_ahead(engine: Engine) -> None:
    room = rooms.convened(rooms.community())
    who = room.actor("王阿姨")
    for after, ahead in ((timedelta(hours=2), 1), (timedelta(hours=13), 0)):
        with clock.at(BEGINS + after):
            coming, gone = reads.listed(who), reads.listed(who, past=True)
            assert (coming.ahead, coming.total, gone.total, coming.next_at is not None) == (ahead, ahead, 1 - ahead, ahead == 1)
            with db.reading(HOME) as session:
                matter = session.get_one(Proposal, room.proposal)
                turn = whose_turn.now(session, Names(session, who, []), matter).turn
            assert (turn.action == "meeting.attend") == (ahead == 1)
