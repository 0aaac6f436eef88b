"""会议纪要: begun by the workspace with what it noted itself, finished by the chair, fixed when confirmed."""

from __future__ import annotations

from sqlmodel import col, select

from models.meeting import AgendaItem, Meeting, Minutes
from models.proposal import Proposal
from models.vocabulary import MeetingState
from services.checks import Checks
from services.errors import Conflict, Invalid, WrongStage
from services.i18n import N_
from services.messages import tell
from services.noted import MOST, draft
from services.permission import require
from services.reads.seats import minutes_of
from services.work import Work


def begin(work: Work, meeting: Meeting) -> Minutes:
    """The minutes of a meeting that was just closed: a draft in the community's language. Part of `meetings.close`, which records it."""
    found = minutes_of(work.db, meeting.id)
    if found is not None:
        return found
    made = Minutes(
        id=work.new_id(),
        community_id=work.community_id,
        meeting_id=meeting.id,
        text=draft(work.db, meeting, work.community.language, work.community.time_zone)[:MOST],
        written_by=meeting.chair_id,
        written_at=work.moment,
    )
    work.add(made)
    return made


def write(work: Work, *, meeting_id: str, text: str, before: str | None = None) -> Minutes:
    """Write the chair's words; possible until the minutes are confirmed. `before`: the text that was there when the writer began.

    Raises Conflict where somebody else has written meanwhile: neither overwrites the other unseen.
    """
    meeting, made = _fetched(work, meeting_id)
    require(work, "meeting.minutes", meeting)
    if made.confirmed_at is not None:
        raise WrongStage("The minutes are confirmed; they do not change any more.")
    check = Checks()
    words = check.text("text", text, MOST, least=10)
    check.done()
    if words == made.text:
        return made
    if before is not None and before.strip() != made.text.strip():
        raise Conflict("Somebody else has written these minutes meanwhile. Copy your text, load the page again, and put both together.")
    made.text, made.written_by, made.written_at = words, str(work.actor.person_id), work.moment
    work.record("meeting.minutes", meeting)
    work.touch(f"meeting:{meeting.id}")
    return made


def confirm(work: Work, *, meeting_id: str) -> Minutes:
    """Confirm the minutes: from here on they do not change."""
    meeting, made = _fetched(work, meeting_id)
    require(work, "meeting.confirm_minutes", meeting)
    if made.confirmed_at is not None:
        raise Conflict("The minutes are confirmed already.")
    if not made.text.strip():
        raise Invalid("The minutes are empty. Write what was said and agreed.", field="text")
    made.confirmed_by, made.confirmed_at = work.actor.person_id, work.moment
    work.record("meeting.confirm_minutes", meeting)
    work.checkpoint("meeting.confirm_minutes")
    work.touch(f"meeting:{meeting.id}")
    named = select(AgendaItem.proposal_id).where(AgendaItem.meeting_id == meeting.id, col(AgendaItem.proposal_id).is_not(None))
    for proposal in work.db.exec(select(Proposal).where(col(Proposal.id).in_(named)).order_by(Proposal.number)).all():
        tell(
            work,
            proposal.author_id,
            N_("The minutes of the meeting on {number} can be read."),
            f"/minutes/{meeting.id}",
            about=f"meeting:{meeting.id}",
            number=proposal.number,
        )
    return made


def _fetched(work: Work, meeting_id: str) -> tuple[Meeting, Minutes]:
    meeting = work.fetch(Meeting, meeting_id, lock=True)
    made = minutes_of(work.db, meeting.id)
    if meeting.state is not MeetingState.CLOSED or made is None:
        raise WrongStage("The minutes begin when the meeting is over.")
    return meeting, made
