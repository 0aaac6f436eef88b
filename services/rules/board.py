"""The screens of a meeting in their order, what the chair's one button does at each, what may be taken back, quorum, countdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.vocabulary import AgendaKind, MeetingState, Party, PollState, Screen
from services.rules.sentences import Sentence, say

DOORS_OPEN = timedelta(hours=3)
"""How long before its time a meeting lets people sign in."""
LATE = timedelta(hours=12)
"""For how long after its time a meeting that has not begun still counts as ahead."""
OVER = (MeetingState.CLOSED, MeetingState.CANCELLED)
"""The states in which nothing more happens at its table."""


@dataclass(frozen=True)
class Item:
    """One agenda item as this rule sees it: what kind it is, for how many minutes, and its poll's state (None: no poll yet).

    `why_none`: why none can be prepared either.
    """

    kind: AgendaKind
    minutes: int
    poll: PollState | None = None
    ballots: int = 0
    why_none: Sentence | None = None


@dataclass(frozen=True)
class Scene:
    """One screen of the room; `item` is the place of its agenda item, from 0, None for lobby and closing."""

    screen: Screen
    item: int | None = None


class Act(StrEnum):
    """What happens when the chair presses next."""

    OPEN = "open"
    SHOW = "show"
    OPEN_POLL = "open_poll"
    SKIP = "skip"
    REVEAL = "reveal"
    CLOSE = "close"


@dataclass(frozen=True)
class Seats:
    """Who is there of one party, how many are needed, how many were invited, how many came at all."""

    party: Party
    label: str
    have: int
    need: int
    invited: int = 0
    came: int = 0

    @property
    def missing(self) -> int:
        return max(0, self.need - self.have)


def missed(state: MeetingState, starts_at: datetime, now: datetime) -> bool:
    """Whether a meeting did not take place: called, its time over by more than LATE, and nobody opened it. Its chair still may."""
    return state is MeetingState.CONVENED and starts_at <= now - LATE


def scenes(items: Sequence[AgendaKind]) -> tuple[Scene, ...]:
    """Lobby, one screen an item (two for a vote: the vote, then its result), closing. `position` of a meeting counts in this list."""
    made = [Scene(Screen.LOBBY)]
    for place, kind in enumerate(items):
        if kind is AgendaKind.VOTE:
            made += [Scene(Screen.VOTE, place), Scene(Screen.RESULT, place)]
        else:
            made.append(Scene(Screen.ITEM, place))
    return (*made, Scene(Screen.CLOSING))


def scene_at(items: Sequence[Item], position: int) -> Scene:
    """The screen at `position`; a position beyond the list (the agenda was another one) is the closing page."""
    every = scenes([item.kind for item in items])
    return every[min(max(position, 0), len(every) - 1)]


def passed_over(items: Sequence[Item], scene: Scene) -> bool:
    """Whether this is a screen of a vote that does not take place: none is prepared, or it was called off."""
    return scene.screen in (Screen.VOTE, Screen.RESULT) and scene.item is not None and items[scene.item].poll in (None, PollState.CANCELLED)


def following(items: Sequence[Item], position: int) -> int:
    """The position `next` goes to: the screens of a vote that does not take place are passed over."""
    every = scenes([item.kind for item in items])
    position += 1
    while position < len(every) - 1 and passed_over(items, every[position]):
        position += 1
    return position


def preceding(items: Sequence[Item], position: int) -> int:
    """The position `undo` goes back to: never to a result that was not shown, nor to a vote that was not opened."""
    every = scenes([item.kind for item in items])
    position = min(position, len(every)) - 1
    while position > 0 and (place := every[position].item) is not None:
        poll, screen = items[place].poll, every[position].screen
        unshown = screen is Screen.RESULT and poll is not PollState.REVEALED
        unopened = screen is Screen.VOTE and poll in (None, PollState.CANCELLED, PollState.PREPARED)
        if not unshown and not unopened:
            break
        position -= 1
    return max(0, position)


def act(items: Sequence[Item], position: int, *, closed: bool = False) -> Act | None:
    """What `next` does at `position`: None when the meeting is over."""
    if closed:
        return None
    every = scenes([item.kind for item in items])
    if position >= len(every) - 1:
        return Act.CLOSE
    if every[position].screen is Screen.LOBBY and position == 0:
        return Act.OPEN
    if every[position].screen is Screen.VOTE and not passed_over(items, every[position]):
        return Act.REVEAL
    target = following(items, position)
    if every[target].screen is Screen.VOTE:
        return Act.OPEN_POLL
    return Act.SHOW if target == position + 1 else Act.SKIP


def hindrance(items: Sequence[Item], position: int, quorum: Sequence[Seats], *, closed: bool = False) -> Sentence | None:
    """Why `next` cannot be done yet, or None."""
    step = act(items, position, closed=closed)
    if step is None:
        return say("This meeting is over.")
    if step is Act.OPEN and (short := waiting_for(quorum)):
        return short
    here = scene_at(items, position)
    if here.screen is Screen.VOTE and here.item is not None and items[here.item].poll is PollState.PREPARED:
        return say("A new vote is prepared for this item. Take the last step back, then open it.")
    return None


def undo_hindrance(items: Sequence[Item], position: int, *, closed: bool = False) -> Sentence | None:
    """Why the last step cannot be taken back, or None. A reveal is public, and ballots that were cast are not thrown away."""
    if closed:
        return say("This meeting is over.")
    if position <= 0:
        return say("This is the first screen.")
    here = scene_at(items, position)
    if here.screen is Screen.RESULT and not passed_over(items, here):
        return say("The result has been shown to everyone. That cannot be taken back.")
    if here.screen is Screen.VOTE and here.item is not None:
        item = items[here.item]
        if item.ballots:
            return say("Votes have come in already ({n}). They cannot be taken back.", n=item.ballots)
        if item.poll not in (PollState.OPEN, PollState.PREPARED, PollState.CANCELLED, None):
            return say("This vote has ended. Go on and show the result.")
    return None


def waiting_for(quorum: Sequence[Seats]) -> Sentence | None:
    """Who is missing in one sentence ("再到 1 位施工方，就开会"), or None when every party has its number."""
    short = [seats for seats in quorum if seats.missing]
    if not short:
        return None
    if len(short) == 1:
        return say("{n} more from {party} and we start.", n=short[0].missing, party=short[0].label)
    return say("Still missing: {who}. Then we start.", who=tuple(say("{party} {n}", party=seats.label, n=seats.missing) for seats in short))


def time_left(ends_at: datetime | None, now: datetime, paused_at: datetime | None = None) -> timedelta | None:
    """What the clock of the screen shows: never below zero; it stands still while the screen is paused. None: no clock."""
    if ends_at is None:
        return None
    return max(timedelta(0), ends_at - (paused_at or now))


def extended(ends_at: datetime | None, now: datetime, minutes: int) -> datetime:
    """The new end after adding minutes: counted from now where the time is over already."""
    return max(ends_at or now, now) + timedelta(minutes=minutes)


def resumed(ends_at: datetime | None, paused_at: datetime, now: datetime) -> datetime | None:
    """The new end when a pause is over: later by as long as it lasted."""
    return None if ends_at is None else ends_at + (now - paused_at)
