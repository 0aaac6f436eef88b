"""What lies on the table of a meeting: its proposals with their options, the reasons for and against, and who promised what by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from models.meeting import AgendaItem, Argument, Commitment, Meeting, Option
from models.poll import Poll
from models.project import Project
from models.proposal import Proposal
from models.vocabulary import Party, Role, Side, Stage
from services import permission
from services.actors import Actor
from services.errors import Conflict, Refusal, WrongStage
from services.reads.seats import minutes_of
from services.rules import access
from services.rules.board import OVER


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
class Reason:
    """One reason on the table, for whoever may take it back: to which option, which way, from which party, whether the reader's own."""

    id: str
    option_id: str
    option: str
    side: Side
    text: str
    party: Party | None
    mine: bool


@dataclass(frozen=True)
class Promise:
    """Who does what by when; `about` is the proposal's title. `person_id` is for the chair's table: the room sees the party alone."""

    id: str
    party: Party
    label: str
    deed: str
    due_on: date
    about: str
    proposal_id: str
    person_id: str | None


@dataclass(frozen=True)
class Matter:
    """A proposal on the table with its options. `may_add`: why not an option or a reason now; `may_promise`: why not a commitment."""

    id: str
    number: str
    title: str
    stage: Stage
    round: int
    ways: tuple[Way, ...]
    may_add: Refusal | None
    may_promise: Refusal | None


def stood(kind: type[Option] | type[Argument] | type[Commitment], until: datetime | None) -> ColumnElement[bool]:
    """Which rows hold: now, or held when a meeting closed; what came or went since changes nothing of what it noted."""
    if until is None:
        return col(kind.withdrawn_at).is_(None)
    return (col(kind.at) <= until) & (col(kind.withdrawn_at).is_(None) | (col(kind.withdrawn_at) > until))


def ways(db: Session, proposal_id: str, until: datetime | None = None) -> tuple[Way, ...]:
    """The options of a proposal that are on the table, in the order they came, each with its reasons; `until`: as it was then."""
    options = db.exec(select(Option).where(Option.proposal_id == proposal_id, stood(Option, until)).order_by(col(Option.position))).all()
    said = db.exec(
        select(Argument)
        .where(col(Argument.option_id).in_([each.id for each in options]), stood(Argument, until))
        .order_by(col(Argument.at), Argument.id)
    ).all()

    def of(option: Option, side: Side) -> tuple[tuple[str, Party | None], ...]:
        return tuple((each.text, each.party) for each in said if each.option_id == option.id and each.side is side)

    return tuple(
        Way(each.id, each.title, each.description, each.cost_fen, each.days, of(each, Side.PRO), of(each, Side.CON)) for each in options
    )


def matters(db: Session, meeting: Meeting, actor: Actor) -> list[Matter]:
    """The proposals of the agenda, in its order, and what the reader may add to each now."""
    made = []
    standing = permission.standing(db, actor, meeting)
    for each in _about(db, meeting.id):
        row = db.get_one(Proposal, each)
        refusal = access.why_not("meeting.option", standing, row.stage)
        if refusal is None and meeting.state in OVER:
            refusal = WrongStage("This meeting is over.")
        settled = access.why_not("meeting.commitment", standing, row.stage) or why_settled(db, meeting.id, row.id)
        made.append(Matter(row.id, row.number, row.title, row.stage, row.round, ways(db, row.id, meeting.closed_at), refusal, settled))
    return made


def _about(db: Session, meeting_id: str) -> list[str]:
    """The ids of the proposals of an agenda, in its order."""
    rows = db.exec(select(AgendaItem.proposal_id).where(AgendaItem.meeting_id == meeting_id).order_by(col(AgendaItem.position))).all()
    return list(dict.fromkeys(each for each in rows if each))


def why_fixed(db: Session, meeting_id: str) -> Refusal | None:
    """Why nothing of a meeting changes any more: its minutes are confirmed."""
    written = minutes_of(db, meeting_id)
    fixed = written is not None and written.confirmed_at is not None
    return WrongStage("The minutes are confirmed; they do not change any more.") if fixed else None


def noted_in(db: Session, option: Option) -> tuple[str, ...]:
    """The closed meetings on whose table this option lay when they closed: their minutes name it."""
    at_table = select(Meeting.id).join(AgendaItem, col(AgendaItem.meeting_id) == Meeting.id).distinct()
    closed = (AgendaItem.proposal_id == option.proposal_id, col(Meeting.closed_at) >= option.at)
    gone = option.withdrawn_at
    return tuple(db.exec(at_table.where(*closed, *([col(Meeting.closed_at) < gone] if gone else []))).all())


def vote_of(db: Session, item: AgendaItem, meeting: Meeting) -> Poll | None:
    """The vote of an agenda item; none where it was opened only after the meeting had closed."""
    poll = db.get(Poll, item.poll_id) if item.poll_id else None
    late = poll is not None and meeting.closed_at is not None and poll.opened_at is not None and poll.opened_at > meeting.closed_at
    return None if late else poll


def why_settled(db: Session, meeting_id: str, proposal_id: str) -> Refusal | None:
    """Why the commitments to a proposal stand as they are: the minutes are confirmed, or the works took them over as their tasks."""
    if fixed := why_fixed(db, meeting_id):
        return fixed
    if db.exec(select(Project.id).where(Project.proposal_id == proposal_id)).first() is None:
        return None
    return WrongStage("The works have begun with these commitments as their tasks. Write what was agreed since into the minutes.")


def arranges(db: Session, actor: Actor, meeting: Meeting | None) -> bool:
    """Whether this is the chair of the meeting, or the committee: they tidy up the table, and note what others say there."""
    if actor.system or actor.holds(Role.COMMITTEE):
        return True
    return meeting is not None and access.CHAIR_OF in permission.standing(db, actor, meeting, frozenset({access.CHAIR_OF}))


def why_stays(db: Session, actor: Actor, said: Argument) -> Refusal | None:
    """Why this reader cannot take this reason back; None where it can be done."""
    if refusal := permission.why_not(db, actor, "meeting.argument", said):
        return refusal
    if actor.person_id != said.person_id and not arranges(db, actor, db.get(Meeting, said.meeting_id) if said.meeting_id else None):
        return Conflict("Only the one who wrote this, or the chair, can take it back.")
    return why_fixed(db, said.meeting_id) if said.meeting_id else None


def reasons(db: Session, meeting: Meeting, actor: Actor) -> tuple[Reason, ...]:
    """What was said for and against the options of a meeting and can be taken back by this reader now, in the order it was said."""
    if meeting.state in OVER:
        return ()
    rows = db.exec(
        select(Argument, Option)
        .join(Option, col(Option.id) == Argument.option_id)
        .where(col(Option.proposal_id).in_(_about(db, meeting.id)))
        .where(col(Option.withdrawn_at).is_(None), col(Argument.withdrawn_at).is_(None))
        .order_by(col(Argument.at), col(Argument.id))
    ).all()
    stays: dict[tuple[str, str | None, bool], Refusal | None] = {}  # it hangs on no more of a reason than this
    made = []
    for said, option in rows:
        mine = said.person_id == actor.person_id
        kind = (option.proposal_id, said.meeting_id, mine)
        if kind not in stays:
            stays[kind] = why_stays(db, actor, said)
        if stays[kind] is None:
            made.append(Reason(said.id, option.id, option.title, said.side, said.text, said.party, mine))
    return tuple(made)


def promises(db: Session, meeting_id: str, until: datetime | None = None) -> tuple[Promise, ...]:
    """Who does what by when, the nearest day first; `until`: as it stood then, for they are noted until the minutes are confirmed."""
    rows = db.exec(
        select(Commitment, Proposal.title)
        .join(Proposal, col(Proposal.id) == Commitment.proposal_id)
        .where(Commitment.meeting_id == meeting_id, stood(Commitment, until))
        .order_by(col(Commitment.due_on), col(Commitment.at), col(Commitment.id))
    ).all()
    return tuple(
        Promise(row.id, row.party, row.label, row.deed, row.due_on, title, row.proposal_id, row.person_id) for row, title in rows
    )
