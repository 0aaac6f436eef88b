"""The record of one meeting as minutes print it, and the meetings of a community as a calendar takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from models.audit import Event
from models.community import Community
from models.meeting import AgendaItem, Meeting
from models.vocabulary import AgendaKind, MeetingState
from services import clock
from services.actors import Actor
from services.db import reading
from services.errors import NotFound
from services.noted import own_words
from services.reads import checkpoints
from services.reads.board import Board, Found, board, head
from services.reads.called_off import Lost, votes_lost
from services.reads.checkpoints import Shown
from services.reads.revealed import Result, result
from services.reads.seats import chairs_text, minutes_of
from services.reads.table import Way, vote_of, ways

PAST = timedelta(days=180)


@dataclass(frozen=True)
class Item:
    """One agenda item: options where it was talked over, the outcome where it was voted on, and the votes on it that were called off."""

    kind: AgendaKind
    title: str
    ways: tuple[Way, ...]
    poll_number: str
    question: str
    result: Result | None
    lost: tuple[Lost, ...] = ()


@dataclass(frozen=True)
class Protocol:
    """All that minutes say; `text` is the chair's part as far as the reader may read it, `mark` the newest checkpoint of the log.

    `open`: whether the reader may read them at all; to those of other communities they open when they are confirmed.
    """

    found: Found
    board: Board
    items: tuple[Item, ...]
    text: str
    confirmed_at: datetime | None
    mark: Shown | None
    open: bool


def protocol(found: Found, *readers: Actor) -> Protocol:
    """The minutes as they stand; before the meeting is over, what has been noted so far. `readers`: who reads, as login and guest."""
    with reading(found.community_id) as db:
        meeting = db.get_one(Meeting, found.meeting_id)
        written = minutes_of(db, meeting.id)
        community = db.get_one(Community, found.community_id)
        return Protocol(
            found,
            board(db, meeting, head(db, meeting.id)),
            tuple(_items(db, meeting, community)),
            own_words(db, meeting, written, chairs_text(db, meeting, written, *readers)),
            written.confirmed_at if written else None,
            checkpoints.newest(db, found.community_id),
            any(each.community_id == found.community_id for each in readers) or (written is not None and written.confirmed_at is not None),
        )


def _items(db: Session, meeting: Meeting, community: Community) -> list[Item]:
    """The agenda with what came of it; of a closed meeting as it was then, whatever the next one on the same matter did."""
    rows = db.exec(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(col(AgendaItem.position))).all()
    told: set[str] = set()
    voted: set[str | None] = set()
    made = []
    for row in rows:
        poll = vote_of(db, row, meeting)
        shown: tuple[Way, ...] = ()
        if row.kind is AgendaKind.DISCUSSION and row.proposal_id and row.proposal_id not in told:
            told.add(row.proposal_id)
            shown = ways(db, row.proposal_id, meeting.closed_at)
        said = result(db, poll, community) if poll else None
        lost: tuple[Lost, ...] = ()
        if row.kind is AgendaKind.VOTE and row.proposal_id not in voted:
            voted.add(row.proposal_id)
            lost = votes_lost(db, meeting.id, row.proposal_id, meeting.closed_at)
        made.append(Item(row.kind, row.title, shown, poll.number if poll else "", poll.question if poll else "", said, lost))
    return made


@dataclass(frozen=True)
class Entry:
    """A meeting in a calendar; `changes`: how often it was changed or called off since it was convened."""

    id: str
    code: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    changes: int
    cancelled: bool


@dataclass(frozen=True)
class Calendar:
    """The meetings of one community, those of the last half year and all ahead."""

    community: str
    zone: str
    rows: tuple[Entry, ...]


def calendar(community_id: str | None, meeting_id: str = "") -> Calendar:
    """For the feed; `meeting_id` picks one. Raises NotFound where there is no community or no such meeting."""
    with reading(community_id or "") as db:
        community = db.get(Community, community_id) if community_id else None
        if community is None:
            raise NotFound()
        wanted = select(Meeting).where(Meeting.starts_at > clock.now() - PAST).order_by(col(Meeting.starts_at), col(Meeting.id))
        if meeting_id:
            wanted = select(Meeting).where(Meeting.id == meeting_id)
        rows = db.exec(wanted).all()
        if meeting_id and not rows:
            raise NotFound()
        changed = _changes(db, [row.id for row in rows])
        return Calendar(community.name, community.time_zone, tuple(_entry(db, row, changed) for row in rows))


def _changes(db: Session, ids: Sequence[str]) -> dict[str, tuple[int, datetime]]:
    """How often each of these meetings was changed or called off, and when last; those that never were are left out."""
    acts = col(Event.action).in_(("meeting.change", "meeting.cancel"))
    found = select(Event.subject, func.count(), func.max(Event.at)).where(acts, col(Event.subject).in_([f"meeting:{each}" for each in ids]))
    return {subject.partition(":")[2]: (n, at) for subject, n, at in db.exec(found.group_by(col(Event.subject))).all()}


def _entry(db: Session, row: Meeting, changes: Mapping[str, tuple[int, datetime]]) -> Entry:
    minutes = sum(db.exec(select(AgendaItem.minutes).where(AgendaItem.meeting_id == row.id)).all())
    ends = row.closed_at or row.starts_at + timedelta(minutes=max(30, minutes))
    times, last = changes.get(row.id, (0, None))
    changed = max(each for each in (row.convened_at, row.opened_at, row.closed_at, last) if each)
    return Entry(row.id, row.code, row.title, row.place, row.starts_at, ends, changed, times, row.state is MeetingState.CANCELLED)
