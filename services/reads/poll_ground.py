"""What the form that prepares a vote offers: estates, buildings, homes, the options on the table, meetings that wait for a vote."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from models.community import Community, Estate, Unit
from models.meeting import AgendaItem, Meeting, Option
from models.poll import Poll, PollOption
from models.proposal import Proposal
from models.vocabulary import AgendaKind, MeetingState, PollMethod, PollState, UnitKind
from services import permission
from services.actors import Actor
from services.db import reading
from services.errors import Conflict, NotFound, Refusal
from services.reads.seats import missed
from services.rules import access
from services.rules.poll import ABSTAIN
from services.rules.roll import natural, unit_label
from services.rules.sentences import Sentence, say

LIVE = (PollState.PREPARED, PollState.OPEN, PollState.CLOSED)


@dataclass(frozen=True)
class Before:
    """The words of the vote on this matter that was called off last: `answers` as (code, title, what follows), without the abstention."""

    number: str
    question: str
    explanation: str
    method: PollMethod
    answers: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Ground:
    """What a vote can be prepared on: the matter, the estates, options on the table, meetings that wait for a vote.

    `meeting_id` and `item_id`: the meeting and the item of its agenda that one came from, "" for none or where no vote is waited for there;
    `item_title`: what that item is called, or the only one that waits for a vote in the meeting that is next. `unfinished_id`: the vote
    that has to end first.
    """

    proposal_id: str
    number: str
    title: str
    why_not: Refusal | None
    estate_id: str
    estates: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str, str], ...]
    meetings: tuple[tuple[str, str], ...]
    meeting_id: str
    item_id: str
    item_title: str
    zone: str
    before: Before | None
    unfinished_id: str


def ground(actor: Actor, proposal_id: str | None, meeting_id: str | None = None, item_id: str | None = None) -> Ground:
    """For the form that prepares a vote. Raises NotFound."""
    with reading(actor.community_id) as db:
        proposal = db.get(Proposal, proposal_id) if proposal_id else None
        if proposal is None:
            raise NotFound()
        table = select(Option).where(Option.proposal_id == proposal.id, col(Option.withdrawn_at).is_(None)).order_by(col(Option.position))
        waits = select(AgendaItem).where(
            AgendaItem.kind == AgendaKind.VOTE, col(AgendaItem.poll_id).is_(None),
            or_(AgendaItem.proposal_id == proposal.id, col(AgendaItem.proposal_id).is_(None)),
        )  # fmt: skip
        items = {each.id: each for each in db.exec(waits).all()}
        ahead = select(Meeting.id, Meeting.title).where(
            col(Meeting.id).in_({each.meeting_id for each in items.values()}),
            col(Meeting.state).in_((MeetingState.CONVENED, MeetingState.HELD)), ~missed(),
        )  # fmt: skip
        soonest = ahead.order_by(col(Meeting.state) != MeetingState.HELD, col(Meeting.starts_at), col(Meeting.id))
        meetings = tuple(db.exec(soonest).all())
        item, open_for = items.get(item_id or ""), {each for each, _ in meetings}
        if item is not None and (item.meeting_id not in open_for or meeting_id not in (None, "", item.meeting_id)):
            item = None
        nearest = meeting_id if meeting_id in open_for else next((each for each, _ in meetings), "")
        named = [each.title for each in items.values() if each.meeting_id == nearest] if item is None else [item.title]
        other = unfinished(db, proposal.id)
        return Ground(
            proposal.id, proposal.number, proposal.title, _why_not(db, actor, proposal, other), proposal.estate_id,
            tuple((each.id, each.name) for each in db.exec(select(Estate).order_by(Estate.name)).all()),
            tuple((each.id, each.title, each.description) for each in db.exec(table).all()),
            meetings,
            item.meeting_id if item else meeting_id if meeting_id in open_for and meeting_id else "",
            item.id if item else "",
            named[0] if len(named) == 1 else "",
            db.get_one(Community, proposal.community_id).time_zone,
            _before(db, proposal.id),
            other.id if other else "",
        )  # fmt: skip


def buildings(actor: Actor, estate_id: str) -> tuple[str, ...]:
    """The buildings of an estate that have homes, in the order of their labels."""
    with reading(actor.community_id) as db:
        found = db.exec(select(Unit.building).where(Unit.estate_id == estate_id, Unit.kind == UnitKind.HOME).distinct()).all()
        return tuple(sorted(found, key=natural))


def homes(actor: Actor, estate_id: str) -> tuple[tuple[str, str], ...]:
    """(id, label) of the homes of an estate, in the order of their labels."""
    with reading(actor.community_id) as db:
        units = db.exec(select(Unit).where(Unit.estate_id == estate_id, Unit.kind == UnitKind.HOME)).all()
        found = [(unit.id, unit_label(unit.building, unit.stairwell, unit.number)) for unit in units]
        return tuple(sorted(found, key=lambda row: natural(row[1])))


def _before(db: Session, proposal_id: str) -> Before | None:
    """What the last vote on this matter asked, if it was called off: whoever prepares it anew mends its words and need not type them."""
    last = select(Poll).where(Poll.proposal_id == proposal_id).order_by(col(Poll.prepared_at).desc(), col(Poll.number).desc())
    poll = db.exec(last).first()
    if poll is None or poll.state is not PollState.CANCELLED:
        return None
    rows = db.exec(select(PollOption).where(PollOption.poll_id == poll.id).order_by(col(PollOption.position))).all()
    answers = tuple((each.code, each.title, each.consequence) for each in rows if each.code != ABSTAIN)
    return Before(poll.number, poll.question, poll.explanation, poll.method, answers)


def _why_not(db: Session, actor: Actor, proposal: Proposal, other: Poll | None) -> Refusal | None:
    """Said before somebody fills in the form, not after."""
    if refusal := permission.why_not(db, actor, "poll.prepare", proposal):
        return refusal
    return busy(other) if other else None


def unfinished(db: Session, proposal_id: str) -> Poll | None:
    """The vote on a matter that is not over: there is one at a time."""
    return db.exec(select(Poll).where(Poll.proposal_id == proposal_id, col(Poll.state).in_(LIVE))).first()


def busy(poll: Poll) -> Conflict:
    """Why no other vote on this matter is prepared."""
    return Conflict("Vote {number} on this matter is not finished. Cancel it first, or go on with it.", number=poll.number)


def why_none(db: Session, item: AgendaItem) -> Sentence | None:
    """Why no vote can be prepared for this item of an agenda, whoever asks; None where one can."""
    proposal = db.get(Proposal, item.proposal_id) if item.proposal_id and item.kind is AgendaKind.VOTE else None
    if proposal is None or item.poll_id is not None:
        return None
    if other := unfinished(db, proposal.id):
        return say("Vote {number} on this matter is not finished.", number=other.number)
    if proposal.stage in (access.TABLE["poll.prepare"].at or ()):
        return None
    shown = (Poll.meeting_id == item.meeting_id, Poll.proposal_id == proposal.id, Poll.state == PollState.REVEALED)
    if db.exec(select(Poll.id).where(*shown)).first():
        return say("This matter has been decided in this meeting.")
    return say("This matter is at another stage now.")


def kind(proposal_id: str) -> str:
    """Under which name what is typed for a vote on this matter is kept."""
    return f"poll:{proposal_id}"
