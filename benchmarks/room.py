"""A room votes: 300 fresh phones within ten seconds, while a projector follows and 20 Streamlit sessions are live."""

from __future__ import annotations

import asyncio
import os
import random
import re
import sys
import time
from datetime import timedelta
from pathlib import Path

from benchmarks.line import Phone
from benchmarks.report import Goal, Report, arguments, ms, p95
from benchmarks.servers import Server, demo, running
from benchmarks.session import Session, entered

PHONES, WITHIN, SESSIONS = 300, 10.0, 20
ARRIVE = 8.0
"""Seconds over which the phones come in."""
FOLLOWS = 2.0
PRESSES = 5.0
DESKS = ("/", "/polls", "/proposals", "/inbox", "/progress")


def codes_of_a_running_vote(data: Path, homes: int) -> tuple[list[str], str]:
    """Bring a meeting of the demo in `data` to its vote, with `homes` on the roll: their one-time codes, and the meeting's code."""
    os.environ["YIQI_DATA_DIR"] = str(data)
    from sqlmodel import col, func, select

    from models.community import Unit
    from models.meeting import AgendaItem, Meeting
    from models.people import Person, RoleHeld
    from models.proposal import Proposal
    from models.vocabulary import MeetingState, Role, Stage, UnitKind
    from services import actors, attendance, clock, db, meetings, polls, steering
    from services.settings import settings
    from services.work import do

    settings.cache_clear()
    db.engine.cache_clear()
    with db.reading(db.EVERYWHERE) as session:
        large = select(Unit.community_id).where(Unit.kind == UnitKind.HOME).group_by(Unit.community_id).having(func.count() >= homes)
        ready = select(Proposal).where(Proposal.stage == Stage.ACCEPTED, col(Proposal.community_id).in_(large))
        proposal = session.exec(ready.order_by(col(Proposal.number), Proposal.id)).first()
        assert proposal is not None
    with db.reading(proposal.community_id) as session:

        def holder(role: Role) -> actors.Actor:
            held = session.exec(select(RoleHeld.person_id).where(RoleHeld.role == role).order_by(RoleHeld.person_id)).first()
            return actors.of_person(session, session.get_one(Person, held))

        committee, chair = holder(Role.COMMITTEE), holder(Role.CHAIR)
        units = session.exec(select(Unit.id).where(Unit.kind == UnitKind.HOME).order_by(Unit.id).limit(homes)).all()
    assert chair.person_id and committee.person_id and len(units) == homes
    meeting = do(
        committee, meetings.convene, proposal_ids=[proposal.id], title="大会", place="礼堂", starts_at=clock.now() + timedelta(minutes=5),
        chair_id=chair.person_id, parties=[{"party": "community", "label": "社区", "need": 1}],
        agenda=[{"kind": "vote", "title": "表决", "minutes": 120}],
    )  # fmt: skip
    do(committee, meetings.invite, meeting_id=meeting.id, person_id=committee.person_id, label="社区")
    with db.reading(proposal.community_id) as session:
        item = session.exec(select(AgendaItem.id).where(AgendaItem.meeting_id == meeting.id)).one()
    poll = do(
        committee, polls.prepare, proposal_id=proposal.id, question="旧车位线，留还是重画？", method="choose_one", rule="residents_households",
        scope="units:" + ",".join(units), agenda_item_id=item,
        options=[{"title": "留旧线", "consequence": "不花钱，车位不变"}, {"title": "重新画", "consequence": "约 3 800 元，一天画完，24 个车位"}],
    )  # fmt: skip
    made = [code for _, code in do(committee, polls.codes, poll_id=poll.id)]
    do(committee, attendance.attend, meeting_id=meeting.id)
    do(chair, steering.open, meeting_id=meeting.id)
    with db.reading(proposal.community_id) as session:
        assert session.get_one(Meeting, meeting.id).state is MeetingState.HELD
    db.engine().dispose()
    return made, meeting.code


class Room:
    """What happens in the room, and when: ballots that are in, and what the wall showed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.came: list[float] = []
        self.got: list[float] = []
        self.put: list[float] = []
        self.errors: list[str] = []
        self.wall: list[tuple[float, int]] = []
        self.live: list[float] = []
        self.pressed: list[float] = []
        self.over = False

    async def phone(self, code: str, after: float, began: float) -> None:
        """One fresh phone: the code, the ballot paper, the ballot."""
        await asyncio.sleep(max(0.0, began + after - time.perf_counter()))
        phone = Phone(self.port)
        try:
            start = time.perf_counter()
            status, headers, page = await phone.ask("GET", f"/b/{code}")
            if status == 303:
                status, headers, page = await phone.ask("GET", headers["location"])
            self.got.append(time.perf_counter() - start)
            token, paper = (re.search(rb"name=%b value=\"?([^\">]+)" % name, page) for name in (b"token", b"paper"))
            if status != 200 or token is None or paper is None:
                self.errors.append(f"GET {status}")
                return
            start = time.perf_counter()
            choice = random.choice("aab")
            form = {"token": token[1].decode(), "paper": paper[1].decode(), "choice": choice}
            status, headers, page = await phone.ask("POST", "/b", form)
            self.put.append(time.perf_counter() - start)
            if status != 303 or "/receipt/" not in headers.get("location", ""):
                self.errors.append(f"POST {status}")
                return
            self.came.append(time.perf_counter())
        except (OSError, ValueError, IndexError) as broken:
            self.errors.append(type(broken).__name__)

    async def projector(self, code: str) -> None:
        """The wall: asks for its live part each second, as the browser does, and notes how many it shows."""
        session = Session(self.port, f"/screen?m={code}")
        await session.open()
        while not self.over:
            began = time.perf_counter()
            await session.refresh()
            text = b"".join(each.SerializeToString() for each in session.seen)
            if shown := re.search(rb'big got num[^>]*>(\d+)', text):
                self.wall.append((time.perf_counter(), int(shown[1])))
            await asyncio.sleep(max(0.0, (session.every or 1.0) - (time.perf_counter() - began)))
        await session.close()

    async def watcher(self, session: Session) -> None:
        """Somebody whose page counts along: its live part runs again by itself, as often as the page says."""
        await asyncio.sleep(random.random() * session.every)
        while not self.over:
            self.live.append(took := await session.refresh())
            await asyncio.sleep(max(0.0, session.every - took))

    async def desk(self, session: Session) -> None:
        """Somebody at work on another page: a press every five seconds, and the whole page runs again."""
        await asyncio.sleep(random.random() * PRESSES)
        while not self.over:
            self.pressed.append(await session.rerun())
            await asyncio.sleep(PRESSES * (0.5 + random.random()))

    def delays(self) -> list[float]:
        """For each ballot, how long until the wall showed at least as many as were in by then."""
        found = []
        for number, moment in enumerate(sorted(self.came), 1):
            shown = next((at for at, count in self.wall if count >= number and at >= moment), None)
            if shown is not None:
                found.append(shown - moment)
        return found


async def measure(server: Server, codes: list[str], meeting: str, report: Report) -> None:
    room = Room(server.port)
    cookies = await entered(server.port, "committee")
    poll = server.one(f"SELECT id FROM poll WHERE meeting_id = (SELECT id FROM meeting WHERE code = '{meeting}')")
    slug = server.one(f"SELECT slug FROM community WHERE id = (SELECT community_id FROM poll WHERE id = '{poll}')")
    watchers = [Session(server.port, f"/poll?id={poll}", {"yiqi-place": slug}) for _ in range(SESSIONS // 2)]
    desks = [Session(server.port, DESKS[at % len(DESKS)], cookies) for at in range(SESSIONS - len(watchers))]
    for session in (*watchers, *desks):
        await session.open()
    assert all(session.every for session in watchers), "the page of a running vote has a live part"
    beside = [
        asyncio.create_task(room.projector(meeting)),
        *(asyncio.create_task(room.watcher(session)) for session in watchers),
        *(asyncio.create_task(room.desk(session)) for session in desks),
    ]
    await asyncio.sleep(5)
    began = time.perf_counter()
    await asyncio.gather(*(room.phone(code, random.random() * ARRIVE, began) for code in codes))
    span = (max(room.came) if room.came else time.perf_counter()) - began
    await asyncio.sleep(5)
    room.over = True
    faults = [fault for fault in await asyncio.gather(*beside, return_exceptions=True) if isinstance(fault, BaseException)]
    await asyncio.gather(*(session.close() for session in (*watchers, *desks)), return_exceptions=True)
    stored = int(server.one(f"SELECT count(*) FROM ballot WHERE poll_id = '{poll}'"))
    twice = stored - int(server.one(f"SELECT count(DISTINCT entry_id) FROM ballot WHERE poll_id = '{poll}'"))
    delays = room.delays()
    report.figures |= {
        "phones": len(codes), "ballots stored": stored, "errors": room.errors[:20],
        "sessions that broke": [repr(fault) for fault in faults][:5],
        "GET (code and paper)": ms(room.got), "POST": ms(room.put), "wall behind a ballot": ms(delays),
        "10 sessions that watch the vote, their live part": ms(room.live), "10 sessions at desks, a press": ms(room.pressed),
    }  # fmt: skip
    report.goals += [
        Goal("phones served", stored, len(codes), True, "ballots"),
        Goal("from the first phone to the last ballot", span, WITHIN, False, "s"),
        Goal("errors", len(room.errors) + len(faults), 0, False, "errors"),
        Goal("faults that the server wrote down", server.faults(), 0, False, "faults"),
        Goal("duplicates", twice, 0, False, "ballots"),
        Goal("the wall follows, 95 of 100", p95(delays) if len(delays) == len(room.came) and delays else float("inf"), FOLLOWS, False, "s"),
    ]


def main() -> int:
    args = arguments(__doc__ or "").parse_args()
    report = Report("room", figures={"quick": args.quick})
    with demo() as folder:
        codes, meeting = codes_of_a_running_vote(folder / "var", 60 if args.quick else PHONES)
        with running(folder) as server:
            server.warm()
            asyncio.run(measure(server, codes, meeting, report))
    return report.end(args)


if __name__ == "__main__":
    sys.exit(main())
