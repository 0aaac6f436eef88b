"""What waits for somebody, as pages say it: the words of each kind, and one row of a list."""

from __future__ import annotations

from markupsafe import Markup

from pages.kit import judged
from pages.kit import pieces as p
from pages.kit.html import user_line
from pages.kit.words import N_, deadline, near, opening, t
from services import clock
from services.reads.waiting import Judged, Kind, Todo

# What waits, in a few words, and what its button says.
WAITS = {
    Kind.POLL: (N_("Waits for your vote"), N_("Go and vote")),
    Kind.MEETING: (N_("You are expected at a meeting"), N_("Open the meeting")),
    Kind.REVEAL: (N_("A vote is over; its result is not shown yet"), N_("Count it and show it")),
    Kind.MINUTES: (N_("A meeting is over; its minutes are not confirmed yet"), N_("Confirm the minutes")),
    Kind.INSPECT: (N_("Finished works wait for you"), N_("Look and accept")),
    Kind.RETURNED: (N_("Your proposal came back"), N_("Complete it")),
    Kind.CONCERN: (N_("A neighbour waits for your answer"), N_("Answer it")),
    Kind.RULING: (N_("An objection waits for its ruling"), N_("Rule on it")),
    Kind.REVIEW: (N_("A proposal waits for review"), N_("Review it")),
    Kind.CONVENE: (N_("An accepted proposal waits for its meeting"), N_("Call the meeting")),
    Kind.PREPARE: (N_("It has been talked about; the vote is not prepared"), N_("Prepare the vote")),
    Kind.OPEN: (N_("A vote is prepared and not open yet"), N_("Open the vote")),
    Kind.PUBLISH: (N_("A decision is not shown yet"), N_("Show the decision")),
    Kind.START: (N_("A notice has ended"), N_("Start the works")),
    Kind.EVALUATION: (N_("How did it turn out?"), N_("Say how it turned out")),
    Kind.TASK: (N_("You promised this"), N_("See the works")),
    Kind.CLOSE: (N_("An evaluation has ended"), N_("Close the evaluation")),
    Kind.REGISTER: (N_("Nobody can vote before the homes are there"), N_("Open the register")),
}


def title(each: Todo) -> Markup | str:
    """What it is about."""
    return user_line(each.title) if each.title else t("Begin with an estate and its homes")


def left_of(each: Todo) -> Markup:
    """How long it still waits, or how late it is."""
    if each.by_day is not None:
        return p.day_clock(each.by_day)
    return p.clock(each.deadline - clock.now()) if each.deadline else Markup("")


def done(each: Judged, zone: str) -> p.ListRow:
    """One row: what the reader's homes have judged, with which points, and that it may be changed."""
    change = t("Until {when} you may change it.", when=deadline(each.deadline, zone))
    return p.ListRow(each.href, user_line(each.title), (judged.said(each.homes), change), p.badge(t("Answered"), p.Tone.OK))


def waits(each: Todo, zone: str) -> p.ListRow:
    """One row: what it is about, what is asked, how long it still waits; of a meeting when it begins."""
    begins = each.deadline if each.kind is Kind.MEETING else None
    left = left_of(each) if each.deadline and not begins else Markup("")
    return p.ListRow(each.href, title(each), (t(WAITS[each.kind][0]),), left, opening(near(begins, zone)) if begins else "")
