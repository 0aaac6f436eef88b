"""Decisions on notice, now and before, with their objections; one of them for paper; the feed of decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.community import Community, Estate
from models.notice import Notice, Objection
from models.poll import Poll
from models.proposal import Proposal
from models.vocabulary import NoticeState, PollState, Role
from services import clock
from services.actors import Actor
from services.db import reading
from services.errors import NotFound
from services.reads import checkpoints, searching
from services.reads.counts import Received, received
from services.reads.decided import decided
from services.reads.open_objections import UNSETTLED
from services.reads.outcomes import Answer, Outcome, answers, outcome_of
from services.reads.story_after import objections
from services.reads.story_entries import Objected
from services.reads.who import Names, Who

SIZE = 10
FEED = 50


@dataclass(frozen=True)
class Row:
    """A notice. `shown` while objections can be lodged, which is until its days are over; `waiting` objections have no ruling."""

    id: str
    number: str
    proposal_id: str
    proposal_number: str
    title: str
    estate: str
    text: str
    days: int
    starts_at: datetime
    ends_at: datetime
    state: NoticeState
    shown: bool
    by: Who | None
    decided: str
    objections: tuple[Objected, ...]
    zone: str

    @property
    def waiting(self) -> int:
        return sum(1 for each in self.objections if each.open)


@dataclass(frozen=True)
class Listed:
    """One page of notices; how many are shown now, how many ended, how many objections wait."""

    rows: tuple[Row, ...]
    total: int
    shown: int
    past: int
    waiting: int
    zone: str


def listed(actor: Actor, *, past: bool = False, search: str = "", page: int = 1, size: int = SIZE) -> Listed:
    """Notices that have not ended, the one that ends first on top; or past ones, the newest first.

    One whose days are over has not ended while an objection against it waits.
    """
    with reading(actor.community_id) as db:
        found = db.exec(select(Notice).order_by(col(Notice.ends_at), Notice.id)).all()
        now = [each for each in found if each.state is NoticeState.SHOWN]
        before = [each for each in reversed(found) if each.state is not NoticeState.SHOWN]
        titles = {key: f"{title} {number}" for key, title, number in db.exec(select(Proposal.id, Proposal.title, Proposal.number)).all()}
        fit = [
            each
            for each in (before if past else now)
            if searching.within(search, f"{each.number} {each.text} {titles[each.proposal_id]}")
        ]
        open_ones = select(Objection.id).join(Notice, col(Notice.id) == Objection.notice_id).where(Notice.state == NoticeState.SHOWN)
        waiting = db.exec(open_ones.where(*UNSETTLED)).all()
        rows = tuple(row(db, actor, each) for each in fit[(page - 1) * size : page * size])
        community = db.get(Community, actor.community_id)
        zone = community.time_zone if community else "Asia/Shanghai"
        return Listed(rows, len(fit), len(now), len(before), len(waiting), zone)


def _shown(notice: Notice) -> bool:
    return notice.state is NoticeState.SHOWN and clock.now() < notice.ends_at


def row(db: Session, actor: Actor, notice: Notice) -> Row:
    """A notice with everything that hangs on it."""
    proposal = db.get_one(Proposal, notice.proposal_id)
    poll = db.get(Poll, notice.poll_id) if notice.poll_id else None
    authors = db.exec(select(Objection.author_id).where(Objection.notice_id == notice.id)).all()
    names = Names(db, actor, [notice.published_by, *authors])
    return Row(
        notice.id, notice.number, proposal.id, proposal.number, proposal.title, db.get_one(Estate, proposal.estate_id).name, notice.text,
        notice.days, notice.starts_at, notice.ends_at, notice.state, _shown(notice),
        names.who(notice.published_by, notice.starts_at, Role.COMMITTEE), decided(db, poll) if poll else "",
        objections(db, actor, names, notice), db.get_one(Community, notice.community_id).time_zone,
    )  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A notice for paper: with the count behind it, the community, and the check digits of the log."""

    notice: Row
    community: str
    slug: str
    office_phone: str
    outcome: Outcome | None
    answers: tuple[Answer, ...]
    received: Received | None
    checkpoint: checkpoints.Shown | None


def sheet(actor: Actor, notice_id: str) -> Sheet:
    """The notice as it hangs at the door: objectors are named there to nobody. Raises NotFound."""
    with reading(actor.community_id) as db:
        notice = db.get(Notice, notice_id)
        if notice is None:
            raise NotFound()
        community = db.get_one(Community, notice.community_id)
        poll = db.get(Poll, notice.poll_id) if notice.poll_id else None
        stranger = Actor(actor.community_id)
        return Sheet(
            row(db, stranger, notice), community.name, community.slug, community.office_phone, outcome_of(poll) if poll else None,
            answers(db, poll) if poll else (), received(db, poll) if poll else None, checkpoints.newest(db, notice.community_id),
        )  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """Something decided, for the feed: an outcome that was shown, or a notice, which has a `state`. `kind` "vote" or "notice"."""

    kind: str
    id: str
    at: datetime
    title: str
    number: str
    proposal_id: str
    outcome: Outcome | None
    text: str
    ends_at: datetime | None
    state: NoticeState | None = None


@dataclass(frozen=True)
class Feed:
    """The newest decisions of a community, newest first."""

    community: str
    slug: str
    zone: str
    decisions: tuple[Decision, ...]


def feed(community_id: str | None) -> Feed:
    """The feed of a community, the newest FEED decisions. Raises NotFound."""
    with reading(community_id) as db:
        community = db.get(Community, community_id) if community_id else None
        if community is None:
            raise NotFound()
        polls = db.exec(
            select(Poll).where(Poll.state == PollState.REVEALED).order_by(col(Poll.revealed_at).desc(), Poll.id).limit(FEED)
        ).all()
        shown = db.exec(select(Notice).order_by(col(Notice.starts_at).desc(), Notice.id).limit(FEED)).all()
        titles = {str(key): title for key, title in db.exec(select(Proposal.id, Proposal.title)).all()}
        found = [
            Decision("vote", each.id, each.revealed_at, each.question, each.number, each.proposal_id, outcome_of(each), "", None)
            for each in polls
            if each.revealed_at
        ]
        found += [
            Decision("notice", each.id, each.ended_at or each.starts_at, titles[each.proposal_id], each.number, each.proposal_id, None,
                     each.text, each.ends_at, each.state)
            for each in shown
        ]  # fmt: skip
        found.sort(key=lambda each: (each.at, each.id), reverse=True)
        return Feed(community.name, community.slug, community.time_zone, tuple(found[:FEED]))

