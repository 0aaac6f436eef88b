"""The story up to the outcome: concern, filing, review, meetings, votes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlmodel import Session, col, func, select

from models.concern import Concern, ConcernSupport
from models.meeting import AgendaItem, Meeting, Minutes
from models.poll import Poll
from models.proposal import Proposal, StageChange
from models.vocabulary import MeetingState, Move, PollState, Role, Step
from services import clock
from services.noted import own_words
from services.reads import counts
from services.reads.called_off import called_off, moved_from
from services.reads.outcomes import answers, outcome_of
from services.reads.polls import state_now
from services.reads.seats import quorum
from services.reads.story_entries import Endorsed, Entry, Filed, Met, Moved, NoVote, Off, Round, Said, Voted
from services.reads.table import Promise, Way, promises, ways
from services.reads.who import Names
from services.rules import board as rules

_TOLD = {Move.RESUBMIT, Move.ACCEPT, Move.RETURN, Move.DECLINE, Move.WITHDRAW}


def concern(db: Session, names: Names, proposal: Proposal) -> Iterator[Entry]:
    """The first word; told once, in round one."""
    found = db.get(Concern, proposal.concern_id) if proposal.concern_id and proposal.round == 1 else None
    if found is None:
        return
    supporters = db.exec(select(func.count()).select_from(ConcernSupport).where(ConcernSupport.concern_id == found.id)).one()
    answered = found.answered_at
    yield Said(
        at=found.filed_at, step=Step.CONCERN, who=names.who(found.author_id, found.filed_at), concern_id=found.id, number=found.number,
        text=found.text, place=found.place, supporters=supporters,
        minutes=(answered - found.filed_at) // timedelta(minutes=1) if answered else None,
        answered_by=names.who(found.answered_by, answered, Role.GRID_WORKER) if answered else None, answer=found.answer, key=True,
    )  # fmt: skip


def _was(change: StageChange) -> dict[str, str]:
    return dict(change.details.get("was") or {})


def _plan_before(completed: list[StageChange], proposal: Proposal) -> str:
    """The plan as it stood before these completions: the first of them that changed it knows, else it is the one of now."""
    return next((_was(each)["plan"] for each in completed if "plan" in _was(each)), proposal.plan)


def moves(db: Session, names: Names, proposal: Proposal, changes: list[StageChange]) -> Iterator[Entry]:
    """Filed, endorsed, returned, filed again, accepted, declined; rounds before and after. That it has enough supporters is told once."""
    endorsed, again = False, [each for each in changes if each.move is Move.RESUBMIT]
    for each in changes:
        who = names.who(each.by_id, each.at)
        if each.move is Move.SUBMIT:
            yield Filed(
                at=each.at, step=Step.PROPOSAL, who=who, number=proposal.number, plan=_plan_before(again, proposal), key=True
            )
        elif each.move is Move.ENDORSE:
            homes = int(each.details.get("homes", 0))
            if not endorsed:
                yield Endorsed(at=each.at, step=Step.PROPOSAL, homes=homes, needed=proposal.supporters_needed)
            endorsed = True
        elif each.move in _TOLD:
            yield Moved(at=each.at, step=Step.PROPOSAL, who=who, why=each.reason, move=each.move, key=each.move is Move.DECLINE,
                        plan=_plan_before(again[again.index(each) + 1 :], proposal) if "plan" in _was(each) else "",
                        version=again.index(each) + 2 if each in again else 0)  # fmt: skip
        elif each.move is Move.CANCEL_POLL and (poll := db.get(Poll, str(each.details.get("poll", "")))):
            # Who calls a vote off says why; without a reason its opening was taken back, and it waits to be opened again.
            off = Off.OPEN if each.reason else Off.TAKEN_BACK
            yield NoVote(
                at=each.at, step=Step.DECISION, who=who, why=each.reason, off=off, poll_id=poll.id, number=poll.number,
                question=poll.question,
            )  # fmt: skip
        elif each.move in (Move.REOPEN, Move.NEXT_ROUND):
            forward = each.move is Move.REOPEN
            other = db.get(Proposal, str(each.details.get("next" if forward else "previous", "")))
            if other is not None:
                yield Round(
                    at=each.at, step=Step.PROPOSAL, who=who, why=each.reason, proposal_id=other.id, number=other.number, title=other.title,
                    round=other.round, forward=forward, key=True,
                )  # fmt: skip


def meetings(db: Session, names: Names, proposal: Proposal) -> Iterator[Entry]:
    """The meetings on this matter, each with what was weighed when it closed; what an earlier one weighed just so is not told again."""
    at_table = select(AgendaItem.meeting_id).where(AgendaItem.proposal_id == proposal.id)
    found = db.exec(select(Meeting).where(col(Meeting.id).in_(at_table)).order_by(col(Meeting.starts_at), Meeting.id)).all()
    told: tuple[Way, ...] = ()
    for each in found:
        if each.state is MeetingState.CANCELLED:
            # Told on the day it was called off: the planned one may still be ahead. Without a log it is told as it was called.
            at, by = called_off(db, each) or (each.convened_at, each.convened_by)
            yield Met(
                at=at, step=Step.DELIBERATION, who=names.who(by, at), why=each.cancelled_reason,
                meeting_id=each.id, title=each.title, place=each.place, state=each.state, seats=(), ways=(), promises=(), minutes="",
                planned=each.starts_at,
            )  # fmt: skip
            continue
        held, gone = each.opened_at is not None, rules.missed(each.state, each.starts_at, clock.now())
        minutes = db.exec(select(Minutes).where(Minutes.meeting_id == each.id)).first()
        own = own_words(db, each, minutes, minutes.text) if minutes and minutes.confirmed_at else ""
        weighed = ways(db, proposal.id, each.closed_at) if held else ()
        yield Met(
            at=each.opened_at or each.starts_at, step=Step.DELIBERATION, who=names.who(each.chair_id, each.starts_at, Role.CHAIR),
            meeting_id=each.id, title=each.title, place=each.place, state=each.state, seats=tuple(quorum(db, each.id)),
            ways=tuple(way for way in weighed if way not in told), promises=_promised(db, each, proposal),
            minutes=own, key=held, ahead=each.state is MeetingState.CONVENED and not gone, missed=gone, moved=moved_from(db, each),
        )  # fmt: skip
        told += weighed


def _promised(db: Session, meeting: Meeting, proposal: Proposal) -> tuple[Promise, ...]:
    return tuple(each for each in promises(db, meeting.id) if each.proposal_id == proposal.id)


def votes(db: Session, names: Names, proposal: Proposal) -> Iterator[Entry]:
    """The votes on this matter. Of a running one nothing is told but how many ballots came in; one that was called off while it was
    open is among the moves."""
    for poll in db.exec(select(Poll).where(Poll.proposal_id == proposal.id).order_by(col(Poll.prepared_at), Poll.id)).all():
        if poll.state is PollState.CANCELLED and poll.opened_at is None:
            at, by = called_off(db, poll) or (poll.prepared_at, poll.prepared_by)
            yield NoVote(
                at=at, step=Step.DECISION, who=names.who(by, at), why=poll.cancelled_reason, off=Off.PREPARED, poll_id=poll.id,
                number=poll.number, question=poll.question,
            )  # fmt: skip
        if poll.state in (PollState.PREPARED, PollState.CANCELLED) or poll.opened_at is None:
            continue
        outcome = outcome_of(poll)
        yield Voted(
            at=poll.revealed_at or poll.opened_at, step=Step.DECISION,
            who=names.who(poll.revealed_by or poll.opened_by, poll.opened_at, Role.CHAIR), poll_id=poll.id, number=poll.number,
            question=poll.question, state=state_now(poll), received=counts.received(db, poll), answers=answers(db, poll), outcome=outcome,
            closes_at=poll.closes_at, key=outcome is not None,
        )  # fmt: skip
