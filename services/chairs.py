"""Who chairs a meeting: named from those who hold the chair's role, apart from who makes its rolls; handed over even in mid-meeting."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models.meeting import Meeting
from models.people import Person
from models.poll import Poll
from models.vocabulary import MeetingState, PollState
from services.checks import Checks
from services.errors import Conflict, WrongStage
from services.i18n import N_
from services.messages import outdate, tell
from services.permission import require
from services.reads import duties
from services.reads.seats import CHAIRS, CHAIRS_NO_MORE, may_chair, minutes_of
from services.work import Work

LOST = N_("“{title}” on {day} has no chair any more: the role has ended. Name another one.")
UNCOUNTED = (PollState.PREPARED, PollState.OPEN, PollState.CLOSED)


def hand_over(work: Work, *, meeting_id: str, chair_id: str) -> Meeting:
    """Name another chair, before, during or after a meeting, as long as its minutes are not confirmed. Both are told."""
    meeting = work.fetch(Meeting, meeting_id, lock=True)
    require(work, "meeting.hand_over", meeting)
    if meeting.state is MeetingState.CANCELLED:
        raise WrongStage("This meeting has been called off.")
    written = minutes_of(work.db, meeting.id)
    if written is not None and written.confirmed_at is not None:
        raise WrongStage("The minutes are confirmed; they do not change any more.")
    check = Checks()
    named = chosen(check, work, chair_id)
    if named == meeting.chair_id:
        raise Conflict("This person chairs the meeting already. Choose another one.", field="chair_id")
    counts_apart(check, work, meeting, named)
    check.done()
    before, meeting.chair_id = meeting.chair_id, named
    work.record("meeting.hand_over", meeting)
    work.touch(f"meeting:{meeting.id}")
    tell_both(work, meeting, before)
    return meeting


def tell_both(work: Work, meeting: Meeting, before: str = "") -> None:
    """Tell who chairs a meeting now, and who did `before`; what either was told of it earlier is out of date."""
    about, given = f"meeting:{meeting.id}", {"title": meeting.title, "day": _local(work, meeting)}
    for person_id, message in ((before, CHAIRS_NO_MORE), (meeting.chair_id, CHAIRS)):
        if person_id:
            outdate(work, person_id, about, CHAIRS, CHAIRS_NO_MORE)
            tell(work, person_id, message, f"/meeting?id={meeting.id}", about, **given)


def chosen(check: Checks, work: Work, chair_id: str) -> str:
    """The chair that a form names, or a note: somebody who holds the role."""
    person = work.db.get(Person, chair_id) if chair_id else None
    if person is None or not may_chair(work.db, chair_id):
        check.note("Please choose somebody who holds the chair's role.", "chair_id")
    return chair_id


def counts_apart(check: Checks, work: Work, meeting: Meeting, chair_id: str) -> None:
    """The chair shows the result, so it is not who made the roll, or its codes, of a vote that is still to be counted."""
    with work.db.no_autoflush:
        live = select(Poll).where(Poll.meeting_id == meeting.id, col(Poll.state).in_(UNCOUNTED)).order_by(Poll.number)
        for poll in work.db.exec(live).all():
            if chair_id in duties.roll_keepers(work.db, poll):
                check.note(
                    "This person made the roll or the codes of vote {number} of this meeting, and who does so does not count. "
                    "Choose another chair.",
                    "chair_id", number=poll.number,
                )  # fmt: skip
                return


def role_ended(work: Work, person_id: str) -> None:
    """Tell the committee which meetings have lost their chair, where somebody holds the chair's role no longer."""
    if may_chair(work.db, person_id):
        return
    waiting = (MeetingState.CONVENED, MeetingState.HELD)
    left = select(Meeting).where(Meeting.chair_id == person_id, col(Meeting.state).in_(waiting))
    for meeting in work.db.exec(left.order_by(col(Meeting.starts_at), Meeting.id)).all():
        for each in duties.committee(work.db):
            tell(work, each, LOST, f"/meeting?id={meeting.id}", f"meeting:{meeting.id}", title=meeting.title, day=_local(work, meeting))


def _local(work: Work, meeting: Meeting) -> datetime:
    return meeting.starts_at.astimezone(ZoneInfo(work.community.time_zone))
