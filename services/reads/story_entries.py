"""What a story is made of: one kind of entry for each thing that can happen to a matter, gathered from the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from models.vocabulary import MeetingState, Move, NoticeState, PollState, Ruling, Step, Verdict
from services.errors import Refusal
from services.reads.called_off import Planned
from services.reads.counts import Received
from services.reads.outcomes import Answer, Outcome
from services.reads.table import Promise, Way
from services.reads.who import Who
from services.rules.board import Seats


@dataclass(frozen=True, kw_only=True)
class Entry:
    """When it happened, at which of the eight steps, by whom, and why in their own words. `key`: a turning point."""

    at: datetime
    step: Step
    who: Who | None = None
    why: str = ""
    key: bool = False
    ahead: bool = False


@dataclass(frozen=True)
class Attached:
    """A file that hangs on something; `picture` can be shown."""

    id: str
    name: str
    picture: bool
    size: int


@dataclass(frozen=True, kw_only=True)
class Said(Entry):
    """The first word: a concern, who saw it too, how many minutes the first answer took (None: there is none)."""

    concern_id: str
    number: str
    text: str
    place: str
    supporters: int
    minutes: int | None
    answered_by: Who | None
    answer: str


@dataclass(frozen=True, kw_only=True)
class Filed(Entry):
    """The proposal as it was first filed."""

    number: str
    plan: str


@dataclass(frozen=True, kw_only=True)
class Moved(Entry):
    """A move that needs no more than its reason: returned, filed again, accepted, declined, withdrawn.

    Filed again it has its `version`, 2 or later, and its `plan` where that was changed.
    """

    move: Move
    plan: str = ""
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class Endorsed(Entry):
    """Enough homes support it."""

    homes: int
    needed: int


@dataclass(frozen=True, kw_only=True)
class Met(Entry):
    """A meeting: parties with who came, options with their reasons, who promised what; the minutes once they are confirmed.

    `planned`: when one that was called off was to begin, None for any other. `moved`: when and where one that was moved was first called
    for. `missed`: nobody opened it.
    """

    meeting_id: str
    title: str
    place: str
    state: MeetingState
    seats: tuple[Seats, ...]
    ways: tuple[Way, ...]
    promises: tuple[Promise, ...]
    minutes: str
    planned: datetime | None = None
    moved: Planned | None = None
    missed: bool = False


@dataclass(frozen=True, kw_only=True)
class Voted(Entry):
    """A vote: before its reveal only how many ballots came in; after it the outcome with its reasons."""

    poll_id: str
    number: str
    question: str
    state: PollState
    received: Received
    answers: tuple[Answer, ...]
    outcome: Outcome | None
    closes_at: datetime | None


class Off(StrEnum):
    """How a vote came to nothing: called off once it was open, or before; its opening taken back before anybody had voted."""

    OPEN = "open"
    PREPARED = "prepared"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, kw_only=True)
class NoVote(Entry):
    """A vote that came to nothing, for now or for good; why stands in `why`, but for an opening that was taken back."""

    off: Off
    poll_id: str
    number: str
    question: str


@dataclass(frozen=True)
class Objected:
    """An objection and its ruling; `mine` when the reader lodged it, `withdraw` why it cannot be taken back now."""

    id: str
    at: datetime
    who: Who | None
    text: str
    ruling: Ruling | None
    reply: str
    ruled_at: datetime | None
    withdrawn: bool
    mine: bool
    withdraw: Refusal | None = None
    rule: Refusal | None = None

    @property
    def open(self) -> bool:
        return self.ruling is None and not self.withdrawn


@dataclass(frozen=True, kw_only=True)
class Published(Entry):
    """A decision on notice, with the objections against it."""

    notice_id: str
    number: str
    days: int
    ends_at: datetime
    state: NoticeState
    objections: tuple[Objected, ...]


@dataclass(frozen=True, kw_only=True)
class Started(Entry):
    """The works begin."""

    project_id: str
    number: str
    title: str
    executor: Who | None
    organisation: str
    budget_fen: int
    starts_on: date
    due_on: date
    tasks: int
    milestones: int


@dataclass(frozen=True, kw_only=True)
class Reported(Entry):
    """A report of the works, with photos."""

    text: str
    spent_fen: int | None
    files: tuple[Attached, ...]


@dataclass(frozen=True, kw_only=True)
class Reached(Entry):
    """A milestone is done; `days_late` below zero is early."""

    title: str
    done_on: date
    days_late: int


@dataclass(frozen=True, kw_only=True)
class Finished(Entry):
    """The works are reported finished, `days_ahead` of the plan (below zero: late); `spent_fen` None where nobody said what was spent."""

    days_ahead: int
    budget_fen: int
    spent_fen: int | None


@dataclass(frozen=True, kw_only=True)
class Inspected(Entry):
    """Accepted or refused by a supervisor, with reasons in `why`."""

    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class Rated(Entry):
    """What the homes say. Figures are None until the evaluation is over, so that nobody is led by them.

    `days_early`: how many days before its last one it was ended, 0 on that day itself; None unless it was ended before its time.
    `overtaken`: the round whose opening ended it, if one did.
    """

    evaluation_id: str
    asked: int
    answered: int
    satisfied: int | None
    mean: Fraction | None
    solved: int | None
    opens_at: datetime
    ends_at: datetime
    over: bool
    closed: bool
    days_early: int | None
    days_left: int | None
    overtaken: int | None
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KeptUp(Entry):
    """Who looks after it from now on."""

    upkeep_id: str
    label: str
    deed: str
    every_days: int
    next_on: date
    ended: bool


@dataclass(frozen=True, kw_only=True)
class Round(Entry):
    """Another round was opened (`forward`), or this one was opened on top of an earlier one."""

    proposal_id: str
    number: str
    title: str
    round: int
    forward: bool


def in_order(entries: Iterator[Entry]) -> tuple[Entry, ...]:
    """By moment; what happened at the same moment keeps the order of the eight steps. The opening of the next round comes last: it ends
    the evaluation that still runs."""
    steps = list(Step)

    def place(each: Entry) -> int:
        return len(steps) if isinstance(each, Round) and each.forward else steps.index(each.step)

    return tuple(sorted(entries, key=lambda each: (each.ahead, each.at, place(each))))
