"""Convene, invite, change, call off, come, leave: on both databases, and who may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.account import Message
from models.audit import Event, Head
from models.meeting import AgendaItem, Attendance, Invitation, Meeting, MeetingParty
from models.people import RoleHeld
from models.proposal import Proposal
from models.vocabulary import MeetingState, Role, Stage
from services import attempts, attendance, clock, db, meetings, polls, register, reminders
from services.actors import system, visitor
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, Several, WrongStage
from services.reads import story
from services.reads.story_entries import Met
from services.work import do, working
from tests.fixtures import room as rooms
from tests.fixtures.room import AGENDA, BEGINS, HOME, PARTIES, Room


@pytest.fixture
def room(engine: Engine) -> Room:
    return rooms.convened()


def rows(kind: type, **where: object) -> list:  # type: ignore[type-arg]
    with db.reading(HOME) as session:
        asked = select(kind)
        for name, value in where.items():
            asked = asked.where(getattr(kind, name) == value)
        found = list(session.exec(asked).all())
        session.expunge_all()
        return found


def test_convening_lays_everything_out(room: Room) -> None:
    meeting = rows(Meeting)[0]
    assert (meeting.state, meeting.position, len(meeting.code)) == (MeetingState.CONVENED, 0, 4)
    assert [row.label for row in sorted(rows(MeetingParty), key=lambda row: row.position)] == ["居民代表", "社区", "施工方"]
    items = sorted(rows(AgendaItem), key=lambda row: row.position)
    assert [item.kind for item in items] == ["briefing", "discussion", "vote"]
    assert {item.proposal_id for item in items} == {room.proposal}
    assert rows(Proposal)[0].stage is Stage.DELIBERATING
    assert rows(Event, action="meeting.convene")
    told = rows(Message, person_id=room.people["吴主持"])
    assert any(line.message.startswith("You chair the meeting") and "09:30" in line.values_["day"] for line in told)


def test_everything_wrong_is_said_at_once(room: Room) -> None:
    with pytest.raises(Several) as caught:
        rooms.convened(
            room, title="", place="x", starts_at=BEGINS - timedelta(days=30), chair_id=room.people["王阿姨"],
            parties=[{"party": "nobody", "label": "", "need": -1}], agenda=[{"kind": "vote", "title": "", "minutes": 0}],
        )  # fmt: skip
    fields = {reason.field for reason in caught.value.reasons}
    assert fields >= {
        "title", "place", "starts_at", "chair_id", "parties.0.party", "parties.0.label", "parties.0.need",
        "agenda.0.title", "agenda.0.minutes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"parties": []}, "parties"),
        ({"parties": [PARTIES[0], PARTIES[0]]}, "parties.1.label"),
        ({"parties": [{**PARTIES[0], "need": 0}]}, "parties.0.need"),
        ({"agenda": []}, "agenda"),
        ({"agenda": [{**AGENDA[0], "proposal": "0" * 16}]}, "agenda.0.proposal"),
        ({"proposal_ids": []}, "proposal_ids"),
        ({"agenda": [AGENDA[0]] * 21}, "agenda"),
    ],
)
def test_one_thing_wrong_is_said_where_it_is(room: Room, given: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as caught:
        rooms.convened(room, **given)
    reasons = caught.value.reasons if isinstance(caught.value, Several) else (caught.value,)
    assert field in {reason.field for reason in reasons}


def test_who_may_not(room: Room) -> None:
    for name in ("王阿姨", "郑工", "网格员", "管理员", "孙工"):
        for command, given in (
            (meetings.invite, {"person_id": room.people["小陈"], "label": "社区"}),
            (meetings.change, {"title": "别的"}),
            (meetings.cancel, {"reason": "不想开了"}),
            (meetings.open, {}),
            (meetings.next, {"seen": 0}),
            (meetings.attend, {}),
            (meetings.attend_for, {"person_id": room.people["小陈"]}),
            (meetings.invitation_codes, {}),
        ):
            with pytest.raises(NotAllowed):
                room.do(name, command, at=BEGINS, meeting_id=room.meeting, **given)
    with clock.at(BEGINS), pytest.raises(NotAllowed):
        do(visitor(HOME), meetings.attend, meeting_id=room.meeting)
    with clock.at(BEGINS), pytest.raises(NotFound):
        do(visitor("0" * 16), meetings.attend, meeting_id=room.meeting)


def test_an_invitation_is_one_row_and_can_come_back(room: Room) -> None:
    who = {"meeting_id": room.meeting, "person_id": room.people["王阿姨"]}
    first = room.do("周主任", meetings.invite, label="居民代表", **who)
    assert room.do("周主任", meetings.invite, label="居民代表", **who).id == first.id
    moved = room.do("吴主持", meetings.invite, label="社区", **who)
    assert moved.id == first.id and moved.party_id != first.party_id
    room.do("周主任", meetings.uninvite, **who)
    with pytest.raises(Conflict):
        room.do("周主任", meetings.uninvite, **who)
    room.do("周主任", meetings.invite, label="居民代表", **who)
    assert len(rows(Invitation)) == 1
    with pytest.raises(Invalid):
        room.do("周主任", meetings.invite, label="没有这一方", **who)


def test_coming_early_twice_late_and_leaving(room: Room) -> None:
    rooms.invited(room)
    with pytest.raises(WrongStage):
        room.do("王阿姨", meetings.attend, at=BEGINS - timedelta(hours=4), meeting_id=room.meeting)
    first = room.do("王阿姨", meetings.attend, at=BEGINS, meeting_id=room.meeting)
    assert room.do("王阿姨", meetings.attend, at=BEGINS, meeting_id=room.meeting).seat == first.seat == 1
    assert room.do("吴主持", meetings.attend_for, at=BEGINS, meeting_id=room.meeting, person_id=room.people["李师傅"]).seat == 2
    left = room.do("王阿姨", meetings.leave, at=BEGINS, meeting_id=room.meeting).left_at
    assert room.do("王阿姨", meetings.leave, at=BEGINS + timedelta(minutes=1), meeting_id=room.meeting).left_at == left
    with pytest.raises(Conflict):
        room.do("吴主持", meetings.leave, at=BEGINS, meeting_id=room.meeting)
    assert room.do("王阿姨", meetings.attend, at=BEGINS, meeting_id=room.meeting).seat == 1
    with pytest.raises(Conflict):
        room.do("吴主持", meetings.attend, at=BEGINS, meeting_id=room.meeting)
    with pytest.raises(NotAllowed):
        room.do("吴主持", meetings.attend_for, at=BEGINS, meeting_id=room.meeting, person_id=room.people["小陈"])
    with pytest.raises(Conflict):
        room.do("周主任", meetings.uninvite, at=BEGINS, meeting_id=room.meeting, person_id=room.people["王阿姨"])
    assert sorted(row.seat for row in rows(Attendance)) == [1, 2]


def test_a_personal_code_works_once_and_opens_one_table(room: Room) -> None:
    rooms.invited(room)
    made = {each.name: each for each in room.do("周主任", meetings.invitation_codes, meeting_id=room.meeting)}
    assert list(made) == ["李师傅", "王阿姨", "刘书记", "郑工"] or set(made) == set(rooms.SEATS)
    code = made["王阿姨"].code
    with clock.at(BEGINS):
        ticket = attendance.enter(code.lower(), "", "phone")
        assert ticket.meeting_code == room.code
        with pytest.raises(Conflict):
            do(visitor(HOME), meetings.exchange, code=code)
        guest = attendance.guest(ticket.secret, room.meeting)
        assert guest is not None and guest.person_id == room.people["王阿姨"] and not guest.roles and not guest.units
        assert do(guest, meetings.attend, meeting_id=room.meeting).seat == 1
        assert attendance.guest("0" * 64, room.meeting) is None
        assert attendance.guest(ticket.secret, "0" * 16) is None
        assert attendance.fits(ticket.secret, code) == room.code
        assert attendance.fits("0" * 64, code) is None
    with clock.at(BEGINS + timedelta(days=3)):
        assert attendance.guest(ticket.secret, room.meeting) is None
    again = {each.name: each.code for each in room.do("周主任", meetings.invitation_codes, at=BEGINS, meeting_id=room.meeting)}
    assert "王阿姨" not in again and again["李师傅"] != made["李师傅"].code
    for wrong in (made["李师傅"].code, "7K3M", "", "不是码"):
        with clock.at(BEGINS), pytest.raises(Invalid):
            attendance.enter(wrong, "", "phone")


def test_a_guest_who_came_later_or_lost_the_sheet_gets_a_code_alone(room: Room) -> None:
    rooms.invited(room)
    made = {each.name: each.code for each in room.do("周主任", meetings.invitation_codes, meeting_id=room.meeting)}
    with pytest.raises(Conflict, match="Nobody needs a code"):
        room.do("周主任", meetings.invitation_codes, meeting_id=room.meeting, missing=True)
    room.do("周主任", meetings.uninvite, meeting_id=room.meeting, person_id=room.people["李师傅"])
    room.do("周主任", meetings.invite, meeting_id=room.meeting, person_id=room.people["小陈"], label=PARTIES[0]["label"])
    late = room.do("周主任", meetings.invitation_codes, meeting_id=room.meeting, missing=True)
    assert [each.name for each in late] == ["小陈"]
    lost = room.do("周主任", meetings.invitation_codes, meeting_id=room.meeting, person_id=room.people["郑工"])
    assert [each.name for each in lost] == ["郑工"]
    with clock.at(BEGINS):
        for code in (made["王阿姨"], late[0].code, lost[0].code):
            assert attendance.enter(code, "", "phone").meeting_code == room.code
        for ended in (made["郑工"], made["李师傅"]):
            with pytest.raises(Invalid):
                attendance.enter(ended, "", "phone")


def test_codes_that_came_too_late_are_no_guesses(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "CLIENT", attempts.Limit(2, timedelta(minutes=10)))
    rooms.invited(room)
    made = {each.name: each.code for each in room.do("周主任", meetings.invitation_codes, meeting_id=room.meeting)}
    with clock.at(BEGINS):
        attendance.enter(made["王阿姨"], "", "the room")
        for _ in range(3):
            with pytest.raises(Conflict, match="is used"):
                attendance.enter(made["王阿姨"], "", "the room")
        assert attendance.enter(made["李师傅"], "", "the room")
        for wrong in ("0" * 20, "7K3M"):
            with pytest.raises(Invalid):
                attendance.enter(wrong, "", "the room")
        with pytest.raises(NotAllowed, match="Too many tries"):
            attendance.enter(made["郑工"], "", "the room")


def test_a_meeting_that_was_moved_is_said_again_the_day_before(room: Room) -> None:
    rooms.invited(room)

    def reminded(at: datetime) -> int:
        with clock.at(at):
            do(system(HOME), reminders.remind)
        return len([each for each in rows(Message, person_id=room.people["王阿姨"]) if "begins within a day" in each.message])

    assert [reminded(BEGINS - timedelta(hours=hours)) for hours in (20, 19)] == [1, 1]
    later = BEGINS + timedelta(days=7)
    room.do("吴主持", meetings.change, at=BEGINS - timedelta(hours=18), meeting_id=room.meeting, starts_at=later)
    assert [reminded(later - timedelta(hours=hours)) for hours in (30, 20, 19)] == [1, 2, 2]


def test_change_keeps_who_is_invited_and_tells_them(room: Room) -> None:
    rooms.invited(room)
    with pytest.raises(Invalid):
        room.do("周主任", meetings.change, meeting_id=room.meeting, parties=PARTIES[1:])
    room.do(
        "周主任",
        meetings.change,
        meeting_id=room.meeting,
        parties=[{**PARTIES[0], "need": 1}, *PARTIES[1:], {"party": "experts", "label": "划线师傅", "need": 1}],
    )
    assert len(rows(MeetingParty)) == 4
    ids = [item.id for item in sorted(rows(AgendaItem), key=lambda row: row.position)]
    swapped = [
        {**AGENDA[1], "id": ids[1]},
        {**AGENDA[0], "id": ids[0]},
        {**AGENDA[2], "id": ids[2]},
        {"kind": "discussion", "title": "晾衣架", "minutes": 5},
    ]
    room.do("周主任", meetings.change, meeting_id=room.meeting, agenda=swapped, starts_at=BEGINS + timedelta(days=1), place="小广场")
    items = sorted(rows(AgendaItem), key=lambda row: row.position)
    assert [item.id for item in items[:3]] == [ids[1], ids[0], ids[2]] and len(items) == 4
    assert any(line.message.endswith("has moved: {day}, {place}.") for line in rows(Message, person_id=room.people["王阿姨"]))


def test_calling_off_tells_and_ends_it(room: Room) -> None:
    rooms.invited(room)
    room.do("吴主持", meetings.cancel, meeting_id=room.meeting, reason="下雨，改天再开。")
    for command, given in ((meetings.attend, {}), (meetings.leave, {})):
        with pytest.raises((WrongStage, Conflict)):
            room.do("王阿姨", command, at=BEGINS, meeting_id=room.meeting, **given)
    with pytest.raises(WrongStage):
        room.do("周主任", meetings.invite, meeting_id=room.meeting, person_id=room.people["小陈"], label="社区")
    rooms.convened(room)  # the proposal can be called to another one
    assert len(rows(Meeting)) == 2


def chairing(room: Room) -> Room:
    """小陈 may chair too."""
    with clock.at(BEGINS - timedelta(days=6)), working(system(HOME)) as work:
        row = RoleHeld(id=work.new_id(), community_id=HOME, person_id=room.people["小陈"], role=Role.CHAIR, since=work.moment)
        work.add(row)
        work.record("role.grant", row, role=row.role.value)
    return room


def new_to(room: Room, name: str) -> list[str]:
    """What this person has not read yet of chairing."""
    told = [line for line in rows(Message, person_id=room.people[name]) if line.read_at is None and "chair the meeting" in line.message]
    return [line.message.partition(" the meeting")[0] for line in sorted(told, key=lambda line: line.at)]


@pytest.mark.parametrize("command", [meetings.change, meetings.hand_over])
def test_both_chairs_are_told_of_each_handing_over(room: Room, command: Callable[..., Meeting]) -> None:
    chairing(room)
    for there, back in (("小陈", "吴主持"), ("吴主持", "小陈"), ("小陈", "吴主持")):
        room.do("周主任", command, meeting_id=room.meeting, chair_id=room.people[there])
        assert (new_to(room, there), new_to(room, back)) == (["You chair"], ["You no longer chair"])


def test_the_chair_is_told_of_another_time_and_of_the_calling_off(room: Room) -> None:
    rooms.invited(room)

    def told(name: str) -> list[Message]:
        lines = rows(Message, person_id=room.people[name])
        return [line for line in lines if "has moved" in line.message or "is called off" in line.message]

    room.do("周主任", meetings.change, meeting_id=room.meeting, place="小广场")
    room.do("周主任", meetings.cancel, meeting_id=room.meeting, reason="下雨，改天再开。")
    for name in ("吴主持", "王阿姨"):
        moved, off = sorted(told(name), key=lambda line: "called off" in line.message)
        assert "has moved" in moved.message and off.values_["reason"] == "下雨，改天再开。"
    assert not new_to(room, "吴主持")  # nothing to chair any more


def test_a_chair_is_not_told_of_what_the_chair_did(room: Room) -> None:
    room.do("吴主持", meetings.cancel, meeting_id=room.meeting, reason="下雨，改天再开。")
    assert not [line for line in rows(Message, person_id=room.people["吴主持"]) if "called off" in line.message]
    told = [line for line in rows(Message, person_id=room.people["王阿姨"]) if "called off" in line.message]
    assert len(told) == 1 and told[0].address == f"/meeting?id={room.meeting}"  # the author was asked to come, though not by invitation


def test_the_story_tells_a_calling_off_on_its_own_day(room: Room) -> None:
    room.do("吴主持", meetings.cancel, at=BEGINS - timedelta(days=4), meeting_id=room.meeting, reason="下雨，改天再开。")
    with clock.at(BEGINS - timedelta(days=3)):
        met = next(each for each in story.story(room.actor("王阿姨"), room.proposal).entries if isinstance(each, Met))
    assert (met.at, met.planned, met.who and met.who.name) == (BEGINS - timedelta(days=4), BEGINS, "吴主持")


def test_every_change_wakes_the_room(room: Room) -> None:
    rooms.seated(rooms.invited(room))
    number = rows(Head, topic=f"meeting:{room.meeting}")[0].number
    assert number >= len(rooms.SEATS) * 2


def test_a_form_sent_twice_calls_one_meeting(engine: Engine) -> None:
    room = rooms.community()
    made = [rooms.convened(room, form="word").meeting for _ in range(2)]
    assert made[0] == made[1] and len(rows(Meeting)) == 1
    added = [room.do("周主任", register.add_person, name="新来的", form="word").id for _ in range(2)]
    assert added[0] == added[1] != room.do("周主任", register.add_person, name="新来的", form="other").id


def test_a_party_whose_guests_were_all_taken_back_can_go(engine: Engine) -> None:
    room = rooms.convened()
    who = {"meeting_id": room.meeting, "person_id": room.people["王阿姨"]}
    room.do("周主任", meetings.invite, **who, label="居民代表")
    with pytest.raises(Invalid, match="has to stay"):
        room.do("周主任", meetings.change, meeting_id=room.meeting, parties=PARTIES[1:])
    room.do("周主任", meetings.uninvite, **who)
    room.do("周主任", meetings.change, meeting_id=room.meeting, parties=PARTIES[1:])
    assert [row.label for row in rows(MeetingParty)] == ["社区", "施工方"] and not rows(Invitation)


def test_who_made_the_roll_does_not_become_the_chair(engine: Engine) -> None:
    room = rooms.convened()
    room.do(
        "周主任", polls.prepare, at=BEGINS - timedelta(days=1), proposal_id=room.proposal, question="旧车位线重画吗？", method="yes_no",
        rule="custom", scope=f"estate:{room.estate}", meeting_id=room.meeting,
    )  # fmt: skip
    with clock.at(BEGINS - timedelta(days=1)), working(system(HOME)) as work:
        for name in ("周主任", "刘书记"):
            row = RoleHeld(id=work.new_id(), community_id=HOME, person_id=room.people[name], role=Role.CHAIR, since=work.moment)
            work.add(row)
            work.record("role.grant", row, role=row.role.value)
    with pytest.raises(Invalid, match="made the roll or the codes") as caught:
        room.do("周主任", meetings.change, meeting_id=room.meeting, chair_id=room.people["周主任"])
    assert caught.value.field == "chair_id"
    assert room.do("周主任", meetings.change, meeting_id=room.meeting, chair_id=room.people["刘书记"]).chair_id == room.people["刘书记"]
