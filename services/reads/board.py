"""What the room sees: one frozen view a screen, without any name; made anew only when the meeting's head number has grown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models.audit import Checkpoint, Head
from models.community import Community
from models.meeting import AgendaItem, Argument, Commitment, Meeting, Option
from models.poll import Poll
from models.proposal import Proposal
from models.vocabulary import AgendaKind, MeetingState, Party, PollState, Screen, Side, VotesBy
from services.db import EVERYWHERE, engine, reading
from services.reads import checkpoints, counts
from services.reads.outcomes import Condition, Outcome, answers, outcome_of
from services.reads.seats import quorum
from services.rules import board as rules
from services.rules import codes
from services.rules.board import Item, Seats
from services.rules.community_figures import figure
from services.rules.sentences import english, spoken


@dataclass(frozen=True)
class Way:
    """An option on the table: its reasons for and against, as written, with the party each came from."""

    id: str
    title: str
    description: str
    cost_fen: int | None
    days: int | None
    pros: tuple[tuple[str, Party | None], ...] = ()
    cons: tuple[tuple[str, Party | None], ...] = ()


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
class Bar:
    """One line of a result: what was counted of what, the share it needs (None: none), whether it is the chosen one or reached it."""

    label: str
    measure: str
    figure: Decimal
    base: Decimal
    share: Fraction | None
    at_least: bool
    good: bool


@dataclass(frozen=True)
class Result:
    """A revealed outcome: what the count said, the bars that show it, the text it was decided under."""

    said: Outcome
    votes_by: VotesBy
    chosen: str
    bars: tuple[Bar, ...]
    source: str
    article: str
    notice_days: int


@dataclass(frozen=True)
class Scene:
    """One screen of the agenda strip: what it is, and the title of its item."""

    screen: Screen
    kind: AgendaKind | None
    title: str


@dataclass(frozen=True)
class Promise:
    """Who does what by when; `about` is the proposal's title."""

    id: str
    party: Party
    label: str
    deed: str
    due_on: date
    about: str


@dataclass(frozen=True)
class Board:
    """All that the wall may show of one meeting at one moment of its log (`head`)."""

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

    @property
    def there(self) -> int:
        return sum(row.have for row in self.seats)

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
        return tuple((each.title, ways(db, each.id)) for each in _matters(db, rows))


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
            Scene(each.screen, kinds[each.item] if each.item is not None else None, rows[each.item].title if each.item is not None else "")
            for each in rules.scenes(kinds)
        ),
        starts_at=meeting.starts_at,
        opened_at=meeting.opened_at,
        closed_at=meeting.closed_at,
        since=meeting.position_since,
        ends_at=poll.closes_at if poll is not None and scene.screen is Screen.VOTE else meeting.ends_at,
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
    )


def _item(db: Session, row: AgendaItem) -> Item:
    poll = db.get(Poll, row.poll_id) if row.poll_id else None
    return Item(row.kind, row.minutes, poll.state if poll else None, counts.received(db, poll).n if poll else 0)


def _matters(db: Session, rows: list[AgendaItem]) -> list[Proposal]:
    ids = list(dict.fromkeys(row.proposal_id for row in rows if row.proposal_id))
    found = {each.id: each for each in db.exec(select(Proposal).where(col(Proposal.id).in_(ids))).all()}
    return [found[each] for each in ids if each in found]


def ways(db: Session, proposal_id: str) -> tuple[Way, ...]:
    """The options of a proposal that are on the table, in the order they came, each with its reasons."""
    options = db.exec(
        select(Option).where(Option.proposal_id == proposal_id, col(Option.withdrawn_at).is_(None)).order_by(col(Option.position))
    ).all()
    said = db.exec(
        select(Argument)
        .where(col(Argument.option_id).in_([each.id for each in options]), col(Argument.withdrawn_at).is_(None))
        .order_by(col(Argument.at), Argument.id)
    ).all()

    def of(option: Option, side: Side) -> tuple[tuple[str, Party | None], ...]:
        return tuple((each.text, each.party) for each in said if each.option_id == option.id and each.side is side)

    return tuple(
        Way(each.id, each.title, each.description, each.cost_fen, each.days, of(each, Side.PRO), of(each, Side.CON)) for each in options
    )


def promises(db: Session, meeting_id: str) -> tuple[Promise, ...]:
    """Who does what by when, the nearest day first."""
    rows = db.exec(
        select(Commitment, Proposal.title)
        .join(Proposal, col(Proposal.id) == Commitment.proposal_id)
        .where(Commitment.meeting_id == meeting_id, col(Commitment.withdrawn_at).is_(None))
        .order_by(col(Commitment.due_on), col(Commitment.at), col(Commitment.id))
    ).all()
    return tuple(Promise(row.id, row.party, row.label, row.deed, row.due_on, title) for row, title in rows)


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


def result(db: Session, poll: Poll, community: Community) -> Result | None:
    """The outcome of a revealed poll as the wall shows it; None before the reveal, whatever the ballots say."""
    said = outcome_of(poll)
    if said is None:
        return None
    titles = {each.code: each.title for each in answers(db, poll)}
    winners = [titles[code] for code in said.winners if titles.get(code)]
    return Result(
        said=said,
        votes_by=poll.votes_by,
        chosen=winners[0] if len(winners) == 1 else "",
        bars=_bars(said, titles),
        source=str(poll.rule_source.get("source") or ""),
        article=str(poll.rule_source.get("article") or ""),
        notice_days=figure(community.figures, "notice_days"),
    )


def _bars(said: Outcome, titles: Mapping[str, str]) -> tuple[Bar, ...]:
    """What decided: turnout where too few took part, else a bar a condition of the majority, or a bar an option."""
    if said.outcome == "no_quorum" or not any(titles.values()):
        kind = "turnout" if said.outcome == "no_quorum" else "approve"
        return tuple(_bar("", each) for each in said.conditions if each.kind == kind)
    made = []
    for code, title in titles.items():
        if not title:
            continue
        need = next((each for each in said.conditions if each.kind == "approve" and each.option == code and each.of == "persons"), None)
        made.append(
            Bar(
                title,
                "persons",
                Decimal(said.totals.get(code, 0)),
                need.whole if need else Decimal(said.took_part),
                need.share if need else None,
                need is not None and need.op == ">=",
                said.outcome == "elected" and code in said.winners,
            )
        )
    return tuple(sorted(made, key=lambda bar: -bar.figure))


def _bar(label: str, each: Condition) -> Bar:
    return Bar(label, each.of, each.part, each.whole, each.share, each.op == ">=", each.met)


def explained(said: Outcome, words: Callable[..., str] = english) -> list[str]:
    """Why it came out so, each reason put into words by `words` (such as `t`)."""
    return [spoken(each, words) for each in said.sentences]
