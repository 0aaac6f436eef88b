"""The first page: the one thing to do now, what else waits, one's matters; the desk's numbers; what is open to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from models.community import Community
from models.concern import Concern
from models.evaluation import Evaluation
from models.meeting import Meeting
from models.notice import Notice, Objection
from models.people import Residence
from models.poll import Poll
from models.project import Project
from models.proposal import Proposal, ProposalSupport
from models.vocabulary import ConcernStage, MeetingState, NoticeState, PollState, ProjectState, Role, Stage
from services import clock
from services.actors import Actor
from services.db import reading
from services.reads import counts
from services.reads.counts import Received
from services.reads.days import DayClock, day_clock
from services.reads.open_objections import UNSETTLED
from services.reads.remembered import remembered
from services.reads.waiting import Judged, Todo, blocked, judged, objected, to_convene, to_prepare, waiting
from services.reads.who import Names
from services.reads.whose_turn import Now, now
from services.rules.board import LATE

MINE, OPEN = 4, 4


@dataclass(frozen=True)
class Mine:
    """A matter or concern of the reader's: where it stands. `now` for proposals, `due_at` for a concern without an answer."""

    title: str
    href: str
    stage: Stage | None = None
    concern: ConcernStage | None = None
    due_at: datetime | None = None
    now: Now | None = None


@dataclass(frozen=True)
class Desk:
    """The desk's numbers."""

    waiting: int
    late: int
    review: int
    objections: int
    convene: int
    prepare: int
    publish: int
    start: int
    close: int
    works_late: int
    claims: int
    """Homes that somebody says are theirs and that nobody has confirmed yet."""


@dataclass(frozen=True)
class Shown:
    """Something open to everybody: how many voices a vote has `received`; `going` says of a meeting that it is being held.

    `waits` is what it waits for when its end is no longer the point: "ruling" (an objection is open), "start" (of the works) or
    "acceptance" (of finished ones). `by_day` is the clock of works that go on.
    """

    title: str
    href: str
    at: datetime | None
    received: Received | None = None
    going: bool = False
    waits: str = ""
    by_day: DayClock | None = None


@dataclass(frozen=True)
class Home:
    """The page. `works` is how many projects are under way; the four lists are for those who only look."""

    zone: str
    todos: tuple[Todo, ...]
    judged: tuple[Judged, ...]
    mine: tuple[Mine, ...]
    desk: Desk | None
    works: int
    meetings: tuple[Shown, ...]
    votes: tuple[Shown, ...]
    notices: tuple[Shown, ...]
    projects: tuple[Shown, ...]


@remembered
def home(actor: Actor) -> Home:
    """The first page for this reader."""
    with reading(actor.community_id) as db:
        community = db.get(Community, actor.community_id)
        zone = community.time_zone if community else "Asia/Shanghai"
        works = db.exec(select(Project).where(Project.state != ProjectState.ACCEPTED).order_by(col(Project.due_on), Project.id)).all()
        return Home(
            zone, waiting(db, actor, zone), judged(db, actor), _mine(db, actor),
            _desk(db, zone) if actor.holds(Role.COMMITTEE, Role.GRID_WORKER) else None,
            len(works), _meetings(db), _votes(db), _notices(db), tuple(_work(each, zone) for each in works[:OPEN]),
        )  # fmt: skip


def _mine(db: Session, actor: Actor) -> tuple[Mine, ...]:
    """The reader's own and supported matters and own concerns, what moved last on top."""
    me_ = actor.person_id
    if me_ is None:
        return ()
    supported = select(ProposalSupport.proposal_id).where(ProposalSupport.person_id == me_, col(ProposalSupport.withdrawn_at).is_(None))
    matters = db.exec(
        select(Proposal)
        .where((col(Proposal.author_id) == me_) | col(Proposal.id).in_(supported), Proposal.stage != Stage.WITHDRAWN)
        .order_by(col(Proposal.stage_since).desc())
        .limit(MINE)
    ).all()
    concerns = db.exec(
        select(Concern)
        .where(Concern.author_id == me_)  # whoever supports one may not open it
        .where(col(Concern.stage).in_((ConcernStage.OPEN, ConcernStage.ANSWERED)))
        .order_by(col(Concern.filed_at).desc())
        .limit(MINE)
    ).all()
    names = Names(db, actor, [each.author_id for each in matters])
    found = [(each.stage_since, Mine(each.title, f"/proposal?id={each.id}", each.stage, now=now(db, names, each))) for each in matters]
    found += [
        (each.filed_at, Mine(each.text, f"/concern?id={each.id}", concern=each.stage, due_at=None if each.answered_at else each.due_at))
        for each in concerns
    ]
    return tuple(mine for _, mine in sorted(found, key=lambda pair: pair[0], reverse=True)[: MINE + 1])


def _desk(db: Session, zone: str) -> Desk:
    def count(kind: type, *where: object) -> int:
        return db.exec(select(func.count()).select_from(kind).where(*where)).one()  # type: ignore[arg-type]

    moment = clock.now()
    shown = select(Notice.id).where(Notice.state == NoticeState.SHOWN)
    open_ = (col(Objection.notice_id).in_(shown), *UNSETTLED)
    ended = select(Notice.proposal_id).where(Notice.state != NoticeState.SENT_BACK, Notice.ends_at <= moment)
    over = select(Evaluation.proposal_id).where(col(Evaluation.closed_at).is_(None), Evaluation.ends_at <= moment)
    return Desk(
        count(Concern, Concern.stage == ConcernStage.OPEN), count(Concern, Concern.stage == ConcernStage.OPEN, Concern.due_at <= moment),
        count(Proposal, Proposal.stage == Stage.ENDORSED), count(Objection, *open_), count(Proposal, *to_convene()),
        count(Proposal, *to_prepare()), count(Proposal, Proposal.stage == Stage.ADOPTED),
        count(Proposal, Proposal.stage == Stage.NOTICE, col(Proposal.id).in_(ended), col(Proposal.id).not_in(blocked())),
        count(Proposal, Proposal.stage == Stage.EVALUATING, col(Proposal.id).in_(over)),
        count(Project, Project.state == ProjectState.RUNNING, Project.due_on < clock.today(zone)),
        count(Residence, col(Residence.confirmed_at).is_(None), col(Residence.ended_at).is_(None)),
    )  # fmt: skip


def _meetings(db: Session) -> tuple[Shown, ...]:
    """Those being held, then those called: one that should have begun today still counts."""
    found: list[Shown] = []
    for going in (True, False):
        state = MeetingState.HELD if going else MeetingState.CONVENED
        wanted = select(Meeting).where(Meeting.state == state, Meeting.starts_at > clock.now() - LATE)
        rows = db.exec(wanted.order_by(col(Meeting.starts_at), Meeting.id).limit(OPEN)).all()
        found += [Shown(each.title, f"/meeting?id={each.id}", each.starts_at, going=going) for each in rows]
    return tuple(found[:OPEN])


def _votes(db: Session) -> tuple[Shown, ...]:
    running = select(Poll).where(Poll.state == PollState.OPEN, col(Poll.closes_at) > clock.now())
    rows = db.exec(running.order_by(col(Poll.closes_at), Poll.id).limit(OPEN)).all()
    came = counts.received_by_poll(db, rows)
    return tuple(Shown(each.question, f"/poll?id={each.id}", each.closes_at, came[each.id]) for each in rows)


def _notices(db: Session) -> tuple[Shown, ...]:
    shown = (
        select(Notice, Proposal.title)
        .join(Proposal, col(Proposal.id) == Notice.proposal_id)
        .where(Notice.state == NoticeState.SHOWN)
    )
    rows = db.exec(shown.order_by(col(Notice.ends_at), col(Notice.id)).limit(OPEN)).all()
    moment, waiting = clock.now(), set(db.exec(objected()).all())

    def waits(row: Notice) -> str:
        return "" if row.ends_at > moment else "ruling" if row.id in waiting else "start"

    return tuple(Shown(title, f"/proposal?id={each.proposal_id}", each.ends_at, waits=waits(each)) for each, title in rows)


def _work(each: Project, zone: str) -> Shown:
    if each.state is ProjectState.COMPLETED:
        return Shown(each.title, f"/project?id={each.id}", None, waits="acceptance")
    return Shown(each.title, f"/project?id={each.id}", clock.end_of(each.due_on, zone), by_day=day_clock(each.due_on, zone))
