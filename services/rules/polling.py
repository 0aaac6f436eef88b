"""When ballots are taken: the state of a vote and its closing time decide, whether or not anything has closed it yet."""

from __future__ import annotations

from datetime import datetime

from models.vocabulary import Channel, PollState
from services.errors import Conflict, NotAllowed, Refusal, WrongStage

SIGNED = "Somebody of this home voted signed in, and that vote stands. It can be changed by signing in only, not with a code."
VOTED = "This home voted before this code was made, and that vote stands. To change it, sign in, or use the phone that cast it."


def over(closes_at: datetime | None, moment: datetime) -> bool:
    """Whether the time is over: at `closes_at` itself it is."""
    return closes_at is not None and moment >= closes_at


def why_closed(state: PollState, closes_at: datetime | None, moment: datetime) -> Refusal | None:
    """Why no ballot is taken at this moment, or None."""
    if state is PollState.PREPARED:
        return WrongStage("This vote has not begun yet.")
    if state is PollState.CANCELLED:
        return WrongStage("This vote was called off.")
    if state is not PollState.OPEN or over(closes_at, moment):
        return WrongStage("Voting is over. Nothing is taken any more.")
    return None


def why_absent(base: str, present: bool) -> Refusal | None:
    """Why no ballot is taken for a place on the roll that was not present when the vote opened, or None; `base`: what its rule counts."""
    if base == "present" and not present:
        return NotAllowed("This vote counts those who were there when it opened, and nobody of your home was.")
    return None


def why_not_by_code(channel: Channel, cast_at: datetime, issued_at: datetime) -> Refusal | None:
    """Why the code made at `issued_at` cannot change the ballot of its home, or None.

    Whoever makes codes could otherwise vote over others: over who had voted before, and over who signs in at all.
    """
    if channel is Channel.WEB:
        return Conflict(SIGNED)
    return Conflict(VOTED) if cast_at < issued_at else None


def require_open(state: PollState, closes_at: datetime | None, moment: datetime) -> None:
    """Raise what `why_closed` finds."""
    if refusal := why_closed(state, closes_at, moment):
        raise refusal
