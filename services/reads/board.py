"""What the room sees: one frozen view a screen, without any name; made anew only when the meeting's head number has grown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models.audit import Checkpoint, Head
from models.community import Community
from models.meeting import AgendaItem, Meeting
from models.poll import Poll
from models.proposal import Proposal
from models.vocabulary import AgendaKind, MeetingState, PollState, Screen, VotesBy
from services import clock
from services.db import EVERYWHERE, engine, reading
from services.reads import checkpoints, counts
from services.reads.called_off import Planned, moved_from
from services.reads.outcomes import answers
from services.reads.poll_ground import why_none
from services.reads.revealed import Result, result
from services.reads.seats import quorum
from services.reads.table import Promise, Way, promises, ways
from services.rules import board as rules
from services.rules import codes
from services.rules.board import Item, Seats


@dataclass(frozen=True)
class Vote:
    """A vote on the wall: what came in of how much, never the trend."""

    poll_id: str
    number: str
    question: str
    votes_by: VotesBy
    state: PollState
    received: int
    voters: int
    opened_at: datetime | None
    closes_at: datetime | None
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """One screen of the agenda strip: what it is, and the title of its item; of a vote what it asks in its own words."""

    screen: Screen
    kind: AgendaKind | None
    title: str
    question: str = ""


@dataclass(frozen=True)
class Board:
    """All that the wall may show of one meeting at one moment of its log (`head`). `planned`: when and where it was first called for, if
    it was moved and has not begun."""

    head: int
    meeting_id: str
    community_id: str
    code: str
    title: str
    place: str
    community: str
    zone: str
    language: str
    state: MeetingState
    screen: Screen
    position: int
    scenes: tuple[Scene, ...]
    starts_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    since: datetime | None
    ends_at: datetime | None
    paused_at: datetime | None
    seats: tuple[Seats, ...]
    round: int
    matter: str
    item: int | None
    items: int
    item_title: str
    item_kind: AgendaKind | None
    minutes: int
    ways: tuple[Way, ...]
    vote: Vote | None
    result: Result | None
    promises: tuple[Promise, ...]
    agenda: tuple[Item, ...]
    why_cancelled: str = ""
    planned: Planned | None = None

    @property
    def there(self) -> int:
        return sum(row.have for row in self.seats)

    @property
    def missed(self) -> bool:
        """Whether it did not take place; asked anew each time, for it comes by the clock alone."""
        return rules.missed(self.state, self.starts_at, clock.now())

    @property
    def closed(self) -> bool:
        return self.state is MeetingState.CLOSED


@dataclass(frozen=True)
class Found:
    """Where a short code leads."""

    community_id: str
    meeting_id: str
    code: str


def find(typed: str) -> Found | None:
    """The meeting with this short code, in whichever community it is; None for an unknown one."""
    code = codes.normal(typed)
    if not 1 <= len(code) <= codes.MEETING_LENGTHS[-1]:
        return None
    with reading(EVERYWHERE) as db:
        row = db.exec(select(Meeting.community_id, Meeting.id).where(Meeting.code == code)).first()
    return Found(row[0], row[1], code) if row else None


def by_id(meeting_id: str) -> Found | None:
    """The same for a meeting's id: links on paper carry it, whoever scans them."""
    with reading(EVERYWHERE) as db:
        row = db.exec(select(Meeting.community_id, Meeting.id, Meeting.code).where(Meeting.id == meeting_id[:16])).first()
    return Found(*row) if row else None


def head_of(found: Found) -> int:
    """The head number alone: what a phone asks every other second."""
    with reading(found.community_id) as db:
        return head(db, found.meeting_id)


def matters(found: Found) -> tuple[tuple[str, tuple[Way, ...]], ...]:
    """Every proposal of the agenda by title, with the options on its table."""
    with reading(found.community_id) as db:
        rows = list(db.exec(select(AgendaItem).where(AgendaItem.meeting_id == found.meeting_id).order_by(col(AgendaItem.position))).all())
        closed_at = db.get_one(Meeting, found.meeting_id).closed_at
        return tuple((each.title, ways(db, each.id, closed_at)) for each in _matters(db, rows))


def kept(found: Found, size: int, root: str) -> bool:
    """Whether the log had this root (hex, or its beginning of at least 16 signs) when it had this size: does a link still hold?"""
    if len(root) < 16:
        return False
    with reading(found.community_id) as db:
        row = db.get(Checkpoint, (found.community_id, size))
        return row is not None and row.root.startswith(root.lower())


def head(db: Session, meeting_id: str) -> int:
    """The number that grows with every change of what the room sees."""
    return db.exec(select(Head.number).where(Head.topic == f"meeting:{meeting_id}")).first() or 0


def look(found: Found) -> Board:
    """The room as it is now. Of many screens on one meeting only the first after a change reads more than one row."""
    with reading(found.community_id) as db:
        number = head(db, found.meeting_id)
    return _kept(found, number, engine())


def mark(community_id: str) -> checkpoints.Shown | None:
    """The newest checkpoint of the community's log, for the closing page and the minutes."""
    with reading(community_id) as db:
        return checkpoints.newest(db, community_id)


@lru_cache(maxsize=128)
def _kept(found: Found, number: int, _: Engine) -> Board:
    with reading(found.community_id) as db:
        return board(db, db.get_one(Meeting, found.meeting_id), number)


def board(db: Session, meeting: Meeting, number: int = 0) -> Board:
    """The view of a meeting at its position."""
    community = db.get_one(Community, meeting.community_id)
    rows = list(db.exec(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(col(AgendaItem.position))).all())
    agenda = tuple(_item(db, row) for row in rows)
    kinds = [row.kind for row in rows]
    scene = rules.scene_at(agenda, meeting.position)
    row = rows[scene.item] if scene.item is not None else None
    poll = db.get(Poll, row.poll_id) if row is not None and row.poll_id else None
    asked = [db.get_one(Poll, each.poll_id).question if each.poll_id else "" for each in rows]
    about = _matters(db, rows)
    matter = next((each for each in about if row is not None and each.id == row.proposal_id), about[0] if about else None)
    return Board(
        head=number,
        meeting_id=meeting.id,
        community_id=meeting.community_id,
        code=meeting.code,
        title=meeting.title,
        place=meeting.place,
        community=community.name,
        zone=community.time_zone,
        language=community.language,
        state=meeting.state,
        screen=scene.screen,
        position=meeting.position,
        scenes=tuple(
            Scene(each.screen, kinds[each.item], rows[each.item].title, asked[each.item])
            if each.item is not None
            else Scene(each.screen, None, "")
            for each in rules.scenes(kinds)
        ),
        starts_at=meeting.starts_at,
        opened_at=meeting.opened_at,
        closed_at=meeting.closed_at,
        since=meeting.position_since,
        ends_at=(poll.closes_at if poll is not None else None) if scene.screen is Screen.VOTE else meeting.ends_at,
        paused_at=meeting.paused_at,
        seats=tuple(quorum(db, meeting.id)),
        round=matter.round if matter else 1,
        matter=matter.title if matter else "",
        item=scene.item,
        items=len(rows),
        item_title=row.title if row is not None else "",
        item_kind=row.kind if row is not None else None,
        minutes=row.minutes if row is not None else 0,
        ways=ways(db, row.proposal_id) if row is not None and row.proposal_id and row.kind is not AgendaKind.BRIEFING else (),
        vote=_vote(db, poll) if poll is not None and scene.screen is Screen.VOTE else None,
        result=result(db, poll, community) if poll is not None and scene.screen is Screen.RESULT else None,
        promises=promises(db, meeting.id),
        agenda=agenda,
        why_cancelled=meeting.cancelled_reason,
        planned=moved_from(db, meeting) if meeting.state is MeetingState.CONVENED else None,
    )


def decided(found: Found) -> list[tuple[str, Result]]:
    """The votes of a meeting whose result has been shown, in the order of its agenda: what was asked, and how it came out."""
    with reading(found.community_id) as db:
        community = db.get_one(Community, found.community_id)
        asked = select(Poll).join(AgendaItem, col(AgendaItem.poll_id) == Poll.id).where(AgendaItem.meeting_id == found.meeting_id)
        polls = db.exec(asked.order_by(col(AgendaItem.position))).all()
        return [(poll.question, said) for poll in polls if (said := result(db, poll, community)) is not None]


def _item(db: Session, row: AgendaItem) -> Item:
    poll = db.get(Poll, row.poll_id) if row.poll_id else None
    if poll is None:
        off = PollState.CANCELLED if _was_cancelled(db, row) else None
        return Item(row.kind, row.minutes, off, why_none=why_none(db, row))
    return Item(row.kind, row.minutes, poll.state, counts.received(db, poll).n)


def _was_cancelled(db: Session, row: AgendaItem) -> bool:
    """Whether the last vote on this matter in this meeting was called off: an item lets go of such a vote."""
    if row.kind is not AgendaKind.VOTE or row.proposal_id is None:
        return False
    states = select(Poll.state).where(Poll.meeting_id == row.meeting_id, Poll.proposal_id == row.proposal_id)
    return db.exec(states.order_by(col(Poll.prepared_at).desc(), col(Poll.id).desc())).first() is PollState.CANCELLED


def _matters(db: Session, rows: list[AgendaItem]) -> list[Proposal]:
    ids = list(dict.fromkeys(row.proposal_id for row in rows if row.proposal_id))
    found = {each.id: each for each in db.exec(select(Proposal).where(col(Proposal.id).in_(ids))).all()}
    return [found[each] for each in ids if each in found]


def _vote(db: Session, poll: Poll) -> Vote:
    came = counts.received(db, poll)
    return Vote(
        poll.id,
        poll.number,
        poll.question,
        poll.votes_by,
        poll.state,
        came.n,
        came.m,
        poll.opened_at,
        poll.closes_at,
        tuple(each.title for each in answers(db, poll) if each.title),
    )
