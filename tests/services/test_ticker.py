"""The ticker closes, ends, reminds and signs what is due, once, also after a stop; a second holder waits for the lease."""

from datetime import timedelta

from sqlmodel import func, select

from models.account import Login, Message
from models.audit import Checkpoint, Event
from models.notice import Notice
from models.poll import Poll
from models.vocabulary import NoticeState, PollState
from services import clock, db, drafts, files, logins, notices, polls, ticker
from services.reads import filing
from services.reads.open_objections import unsettled
from services.work import do
from tests.fixtures.case import Case, play
from tests.fixtures.village import BEGINS, village


def saved(played: Case, kind, name: str):
    with db.reading(played.community_id) as session:
        return session.get_one(kind, played.ids[name])


def test_a_poll_is_closed_after_a_stop_once(engine):
    played = play("do: ballots.cast, with: {poll_id: $poll1, choice: 铺地砖}, refused")
    poll = saved(played, Poll, "poll1")
    late = clock.utc(poll.closes_at) + timedelta(days=3)
    with clock.at(late):
        assert ticker.tick("one")["closed"] == 1
        assert ticker.tick("one")["closed"] == 0
    with db.reading(played.community_id) as session:
        assert session.get_one(Poll, poll.id).state is PollState.CLOSED


def test_a_notice_ends_at_midnight_of_the_community_not_before(engine):
    played = play("as: system, do: notices.end, with: {notice_id: $notice1}")
    notice = saved(played, Notice, "notice1")
    assert notice.ends_at.astimezone(clock.ZoneInfo("Asia/Shanghai")).isoformat() == "2026-04-04T00:00:00+08:00"
    with clock.at(notice.ends_at - timedelta(seconds=1)):
        assert ticker.tick("one")["ended"] == 0
    with clock.at(notice.ends_at):
        assert ticker.tick("one")["ended"] == 1
    with db.reading(played.community_id) as session:
        assert session.get_one(Notice, notice.id).state is NoticeState.ENDED


def test_a_notice_that_waits_for_a_ruling_costs_no_write_until_then(engine):
    case = play("do: notices.rule")
    notice = saved(case, Notice, "notice1")
    with clock.at(notice.ends_at - timedelta(hours=1)):
        case.do("li", notices.lodge, notice_id=notice.id, text="离窗户太近了。")
    with clock.at(notice.ends_at + timedelta(hours=1)):
        assert ticker.due(case.community_id) is False and ticker.tick("one")["ended"] == 0
        for objection in [row.id for row in waiting(case, notice)]:
            case.do("wei", notices.rule, objection_id=objection, ruling="answered", reply="已经说明过了。")
        assert saved(case, Notice, "notice1").state is NoticeState.ENDED


def waiting(case, notice):
    with db.reading(case.community_id) as session:
        return session.exec(unsettled(notice.id)).all()


def test_reminders_are_said_once_and_checkpoints_each_hour(engine):
    played = play("do: ballots.cast, with: {poll_id: $poll1, choice: 铺地砖}, refused")
    closes_at = saved(played, Poll, "poll1").closes_at
    with clock.at(closes_at - timedelta(hours=2)):
        said = ticker.tick("one")
        assert said["reminded"] >= 4
    with clock.at(closes_at - timedelta(hours=1)):
        assert ticker.tick("one")["reminded"] == 0
    with db.reading(played.community_id) as session:
        closing = select(func.count()).select_from(Message).where(Message.message.startswith("The vote"), Message.message.contains("within a day"))
        assert session.exec(closing).one() == 4  # 42 homes on the roll, 38 answered
        assert session.exec(select(func.count()).select_from(Checkpoint)).one() >= 1


def test_a_second_holder_waits_until_the_first_is_silent(engine):
    start = clock.now()
    with clock.at(start):
        assert ticker.tick("one") != {}
        assert ticker.tick("two") == {}
    with clock.at(start + ticker.HOLDS + timedelta(seconds=1)):
        assert ticker.tick("two") != {}
        assert ticker.tick("one") == {}


def test_drafts_that_nobody_came_back_to_are_forgotten_with_their_files(engine):
    with clock.at(BEGINS):
        place = village(2)
        do(place.actor(place.wei), drafts.save, kind="old", content={"text": "半年前写的"})
        for kind in ("old", "young"):
            do(place.actor(place.wei), files.add, about=f"draft:{kind}", name="a.pdf", content=b"%PDF-1.4 %%EOF")
    with clock.at(BEGINS + timedelta(days=179)):
        do(place.actor(place.wei), drafts.save, kind="young", content={"text": "刚写的"})
        ticker.tick()
        assert filing.draft(place.actor(place.wei), "old") is not None
    with clock.at(BEGINS + timedelta(days=181)):
        ticker.tick()
        assert filing.draft(place.actor(place.wei), "old") is None
        assert filing.draft(place.actor(place.wei), "young") is not None
        assert not filing.draft_files(place.actor(place.wei), "old")
        assert len(filing.draft_files(place.actor(place.wei), "young")) == 1


def test_logins_that_are_over_are_forgotten_and_no_others(neighbours):
    """As docs/privacy.md promises: 30 days unused, 90 at most; and soon, who has signed out."""

    def left(day: float) -> set[str]:
        with clock.at(BEGINS + timedelta(days=day)):
            for _ in range(2):
                ticker._tidy()
            with db.reading(db.EVERYWHERE) as session:
                return {name for name, each in opened.items() if session.get(Login, each)}

    with clock.at(BEGINS):
        opened = {name: neighbours.login(who) for name, who in (("ended", "resident"), ("unused", "neighbour"))}
        token = neighbours.token("newcomer")
        opened["used"] = logins.resolve(token) or ""
        assert left(0) == {"ended", "unused", "used"}
        do(neighbours.actor("resident"), logins.end, opened["ended"])
    assert left(0) == {"unused", "used"}
    for day in (29, 31, 58, 87):
        with clock.at(BEGINS + timedelta(days=day)):
            assert logins.resolve(token) == opened["used"]
        assert left(day) == ({"unused", "used"} if day < 30 else {"used"})
    assert left(89.9) == {"used"} and left(90) == set()
    with db.reading(db.EVERYWHERE) as session:
        coming = select(func.count()).select_from(Event).where(Event.action == "person.sign_in")
        assert session.exec(coming).one() == 3, "that somebody came and went stays in the log"


def test_a_community_that_fails_stops_no_other(engine, monkeypatch, caplog):
    first, second = village(2, slug="a", name="甲"), village(2, slug="b", name="乙")
    with clock.at(BEGINS):
        for place in (first, second):
            place.open(minutes=10)
    close_due = polls.close_due

    def broken(work):
        if work.community_id == first.community_id:
            raise RuntimeError("a broken row")
        return close_due(work)

    monkeypatch.setattr(polls, "close_due", broken)
    with clock.at(BEGINS + timedelta(minutes=10)), caplog.at_level("ERROR"):
        assert ticker.tick("one")["closed"] == 1
    assert (first.poll().state, second.poll().state) == (PollState.OPEN, PollState.CLOSED)
    assert [each.fields["place"] for each in caplog.records if each.message == "bug"] == [f"tick of {first.community_id}"]


def test_a_lease_written_by_a_clock_that_was_ahead_holds_nobody_up(engine):
    with clock.at(BEGINS + timedelta(days=1)):
        assert ticker.tick("before the clock was put right") != {}
    with clock.at(BEGINS):
        assert ticker.tick("after") != {}
        assert ticker.tick("another") == {}
    with clock.at(BEGINS + timedelta(seconds=5)):
        assert ticker.tick("another") == {}
