"""The chair's hand on the meeting: open, next, undo, extend, pause, close; one step at a time, and a second press does nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, func, select

from models.audit import Event
from models.meeting import AgendaItem, Meeting
from models.poll import Ballot, Poll
from models.vocabulary import MeetingState, PollState, Screen
from services import minutes, polls
from services.audit import facts_of
from services.errors import Conflict, NotAllowed, Refusal, WrongStage
from services.permission import require
from services.reads import duties
from services.reads.seats import quorum
from services.rules import board
from services.rules.board import Act
from services.rules.sentences import Sentence
from services.work import Work

MOST_EXTENSION = 60


def open(work: Work, *, meeting_id: str) -> Meeting:
    """Leave the lobby, once every party has its number. Opening an open meeting does nothing."""
    meeting = _steered(work, meeting_id)
    if meeting.state is MeetingState.CONVENED:
        _forward(work, meeting)
    return meeting


def next(work: Work, *, meeting_id: str, seen: int) -> Meeting:
    """Go to the next screen; at the last one close the meeting. `seen`: the position the chair saw; from another one nothing happens.

    Entering a vote opens its poll, leaving it closes the poll and reveals the result; a vote that is not prepared, or was called off, is
    passed over. Raises WrongStage with what hinders.
    """
    meeting = _steered(work, meeting_id)
    if meeting.position == seen and meeting.state is not MeetingState.CLOSED:
        _forward(work, meeting)
    return meeting


def undo(work: Work, *, meeting_id: str, seen: int) -> Meeting:
    """Take the last step back, as long as nothing public or cast would be lost by it."""
    meeting = _steered(work, meeting_id)
    if meeting.position != seen:
        return meeting
    items, rows = agenda_of(work, meeting)
    if why := board.undo_hindrance(items, meeting.position, closed=meeting.state is MeetingState.CLOSED):
        raise _refusal(why)
    here = board.scene_at(items, meeting.position)
    if here.screen is Screen.VOTE and here.item is not None:
        poll = work.db.get(Poll, rows[here.item].poll_id) if rows[here.item].poll_id else None
        if poll is not None and poll.state is PollState.OPEN:
            polls.take_back(work, poll_id=poll.id)
    left = _left_before(work, meeting)
    _show(work, meeting, board.preceding(items, meeting.position), left)
    work.record("meeting.steer", meeting, act="undo", position=meeting.position)
    return meeting


def extend(work: Work, *, meeting_id: str, minutes: int, seen: datetime | None = None) -> Meeting:
    """Give the item or the running vote more time, counted from now where it is over already.

    `seen`: the end that the chair saw; where another one stands now, nothing happens.
    """
    meeting = _steered(work, meeting_id)
    if not 1 <= minutes <= MOST_EXTENSION:
        raise Conflict("Between 1 and {most} minutes can be added at a time.", most=MOST_EXTENSION)
    items, rows = agenda_of(work, meeting)
    here = board.scene_at(items, meeting.position)
    if meeting.state is not MeetingState.HELD or here.screen not in (Screen.ITEM, Screen.VOTE) or here.item is None:
        raise WrongStage("No clock runs on this screen.")
    if here.screen is Screen.VOTE:
        poll_id = rows[here.item].poll_id
        if poll_id is None:
            raise WrongStage("No clock runs on this screen.")
        if seen is not None and seen != work.fetch(Poll, poll_id, lock=True).closes_at:
            return meeting
        polls.extend(work, poll_id=poll_id, minutes=minutes)
        meeting.ends_at = work.fetch(Poll, poll_id).closes_at
    elif seen is not None and seen != meeting.ends_at:
        return meeting
    else:
        meeting.ends_at = board.extended(meeting.ends_at, meeting.paused_at or work.moment, minutes)
    work.record("meeting.steer", meeting, act="extend", minutes=minutes)
    return meeting


def pause(work: Work, *, meeting_id: str, seen: bool | None = None) -> Meeting:
    """Stop the clock of the room, or let it go on. A running vote ends at its stated time and cannot be stopped.

    `seen`: whether the chair saw it stopped; where that has changed, nothing happens.
    """
    meeting = _steered(work, meeting_id)
    items, _ = agenda_of(work, meeting)
    if meeting.state is not MeetingState.HELD:
        raise WrongStage("The meeting does not run now.")
    if seen is not None and seen != (meeting.paused_at is not None):
        return meeting
    if meeting.paused_at is None:
        if board.scene_at(items, meeting.position).screen is Screen.VOTE:
            raise WrongStage("A running vote cannot be paused. Give it more time instead.")
        meeting.paused_at = work.moment
    else:
        _resume(work, meeting)
    work.record("meeting.steer", meeting, act="pause", paused=meeting.paused_at is not None)
    return meeting


def close(work: Work, *, meeting_id: str) -> Meeting:
    """End the meeting from its closing page; the minutes begin with what the workspace noted itself."""
    meeting = _steered(work, meeting_id)
    items, _ = agenda_of(work, meeting)
    if meeting.state is MeetingState.CLOSED:
        return meeting
    if meeting.state is not MeetingState.HELD or board.act(items, meeting.position) is not Act.CLOSE:
        raise WrongStage("The agenda is not through yet. Go on to the closing page first.")
    _close(work, meeting)
    return meeting


# ---- what the rule needs to know


def agenda_of(work: Work, meeting: Meeting) -> tuple[list[board.Item], list[AgendaItem]]:
    """The agenda as the rule sees it, and its rows, in order."""
    rows = list(work.db.exec(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(col(AgendaItem.position))).all())
    items = []
    for row in rows:
        poll = work.db.get(Poll, row.poll_id) if row.poll_id else None
        count = work.db.exec(select(func.count()).select_from(Ballot).where(Ballot.poll_id == row.poll_id)).one() if poll else 0
        items.append(board.Item(row.kind, row.minutes, poll.state if poll else None, count))
    return items, rows


# ---- the steps


def _steered(work: Work, meeting_id: str) -> Meeting:
    meeting = work.fetch(Meeting, meeting_id, lock=True)
    require(work, "meeting.steer", meeting)
    if meeting.state is MeetingState.CANCELLED:
        raise WrongStage("This meeting has been called off.")
    work.touch(f"meeting:{meeting.id}")
    return meeting


def _forward(work: Work, meeting: Meeting) -> None:
    items, rows = agenda_of(work, meeting)
    if why := board.hindrance(items, meeting.position, quorum(work.db, meeting.id)):
        raise _refusal(why)
    step = board.act(items, meeting.position)
    if step is Act.CLOSE:
        _close(work, meeting)
        return
    target = board.following(items, meeting.position)
    here, there = board.scene_at(items, meeting.position), board.scene_at(items, target)
    if here.screen is Screen.VOTE and here.item is not None:
        _reveal(work, rows[here.item])
    if there.screen is Screen.VOTE and there.item is not None and items[there.item].poll is PollState.PREPARED:
        poll = work.fetch(Poll, rows[there.item].poll_id)
        if work.actor.person_id in duties.roll_keepers(work.db, poll):  # would be opened, and then nobody here could show its result
            raise NotAllowed(
                "You made the roll of this vote or its codes, and who does so does not count. "
                "Let the committee name another chair for this meeting, or call the vote off; then go on."
            )
        polls.open(work, poll_id=poll.id, minutes=items[there.item].minutes)
    if meeting.state is MeetingState.CONVENED:
        meeting.state, meeting.opened_at = MeetingState.HELD, work.moment
    end, stands = meeting.ends_at, meeting.paused_at or work.moment
    left = int((end - stands).total_seconds()) if here.screen is Screen.ITEM and end else None
    _show(work, meeting, target)
    work.record("meeting.steer", meeting, act=str(step), position=meeting.position, left=left)
    if there.screen is Screen.CLOSING:
        work.checkpoint("meeting.closing")


def _reveal(work: Work, row: AgendaItem) -> None:
    if row.poll_id is None:
        return
    poll = work.fetch(Poll, row.poll_id)
    if poll.state is PollState.OPEN:
        polls.close(work, poll_id=poll.id)
    if poll.state is PollState.CLOSED:
        polls.reveal(work, poll_id=poll.id)


def _left_before(work: Work, meeting: Meeting) -> timedelta | None:
    """What the clock had left when the chair came to this screen: the log knows, the meeting keeps the clock of one screen only."""
    steps = select(Event).where(Event.subject == f"meeting:{meeting.id}", Event.action == "meeting.steer").order_by(col(Event.seq).desc())
    for facts in map(facts_of, work.db.exec(steps)):
        if facts.get("position") == meeting.position and facts.get("act") != "undo":
            left = facts.get("left")
            return timedelta(seconds=left) if isinstance(left, int) else None
    return None


def _show(work: Work, meeting: Meeting, position: int, left: timedelta | None = None) -> None:
    """Enter a screen: its clock begins anew, or with what it had `left` where the chair comes back to it."""
    items, rows = agenda_of(work, meeting)
    scene = board.scene_at(items, position)
    meeting.position, meeting.position_since, meeting.paused_at, meeting.ends_at = position, work.moment, None, None
    if scene.item is None:
        return
    if scene.screen is Screen.ITEM:
        meeting.ends_at = work.moment + (timedelta(minutes=items[scene.item].minutes) if left is None else left)
    elif scene.screen is Screen.VOTE and rows[scene.item].poll_id:
        meeting.ends_at = work.fetch(Poll, rows[scene.item].poll_id).closes_at


def _resume(work: Work, meeting: Meeting) -> None:
    if meeting.paused_at is not None:
        meeting.ends_at, meeting.paused_at = board.resumed(meeting.ends_at, meeting.paused_at, work.moment), None


def _close(work: Work, meeting: Meeting) -> None:
    meeting.state, meeting.closed_at, meeting.paused_at, meeting.ends_at = MeetingState.CLOSED, work.moment, None, None
    work.db.flush()
    minutes.begin(work, meeting)
    work.record("meeting.steer", meeting, act="close", position=meeting.position)
    work.checkpoint("meeting.close")


def _refusal(why: Sentence) -> Refusal:
    """The sentence of the rule as a refusal; sentences inside it become words there."""
    values: dict[str, Any] = dict(why.values)
    for name, value in why.values.items():
        if isinstance(value, tuple):
            values[name] = [spoken_part(each) for each in value]
    return WrongStage(why.message, **values)


def spoken_part(part: object) -> object:
    """A part of a list in a sentence, in words that are the same in every language (a name and a figure)."""
    return part.message.format(**part.values) if isinstance(part, Sentence) else part
