"""会议纪要: begun by the workspace with what it noted itself, finished by the chair, fixed when confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.meeting import AgendaItem, Meeting, Minutes
from models.poll import Poll
from models.proposal import Proposal
from models.vocabulary import AgendaKind, MeetingState
from services import i18n
from services.checks import Checks
from services.errors import Conflict, Invalid, WrongStage
from services.i18n import N_
from services.messages import tell
from services.permission import require
from services.reads.called_off import Lost, votes_lost
from services.reads.outcomes import outcome_of
from services.reads.revealed import explained
from services.reads.seats import minutes_of, quorum
from services.reads.table import promises, ways
from services.work import Work

LOST = (
    N_("Called off with {n} ballot in; it is not counted. Reason: {reason}"),
    N_("Called off with {n} ballots in; they are not counted. Reason: {reason}"),
)


def begin(work: Work, meeting: Meeting) -> Minutes:
    """The minutes of a meeting that was just closed: a draft in the community's language. Part of `meetings.close`, which records it."""
    found = minutes_of(work.db, meeting.id)
    if found is not None:
        return found
    made = Minutes(
        id=work.new_id(),
        community_id=work.community_id,
        meeting_id=meeting.id,
        text=draft(work.db, meeting, work.community.language, work.community.time_zone)[:8000],
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
    words = check.text("text", text, 8000, least=10)
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


def draft(db: Session, meeting: Meeting, lang: str, zone: str) -> str:
    """What the workspace noted, as text: when and where, who came by party, each item with its options and outcome, commitments."""

    t = partial(i18n.text, lang)

    opened = meeting.opened_at or meeting.starts_at
    seats = [t("{party} {n}", party=row.label, n=row.came) for row in quorum(db, meeting.id) if row.came]
    lines = [
        t("{day}, {place}.", day=opened.astimezone(ZoneInfo(zone)), place=meeting.place),
        t("There were: {parties}.", parties=seats) if seats else "",
    ]
    told: set[str] = set()
    voted: set[str | None] = set()
    items = db.exec(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(col(AgendaItem.position))).all()
    for place, item in enumerate(items, 1):
        lines += ["", f"{place}. {item.title}"]
        if item.kind is AgendaKind.VOTE:
            lost = votes_lost(db, meeting.id, item.proposal_id) if item.proposal_id not in voted else ()
            voted.add(item.proposal_id)
            lines += _outcome(db, item, lost, t, partial(i18n.text_n, lang))
        elif item.kind is AgendaKind.DISCUSSION and item.proposal_id and item.proposal_id not in told:
            told.add(item.proposal_id)
            lines += _options(db, item.proposal_id, t, partial(i18n.word, lang))
    if made := promises(db, meeting.id):
        lines += ["", t("Who does what by when:")]
        lines += [t("– {who}: {deed}, by {day}", who=each.label, deed=each.deed, day=each.due_on) for each in made]
    return "\n".join(lines).strip()


def _options(db: Session, proposal_id: str, t: Callable[..., str], word: Callable[..., str]) -> list[str]:
    lines = []
    for way in ways(db, proposal_id):
        lines.append(t("– Option “{title}”", title=way.title))
        for said, message in ((way.pros, N_("  For: {reasons}")), (way.cons, N_("  Against: {reasons}"))):
            if said:
                reasons = [t("{reason} ({party})", reason=text, party=word(party)) if party else text for text, party in said]
                lines.append(t(message, reasons=t("; ").join(reasons)))
    return lines


def _outcome(db: Session, item: AgendaItem, lost: Sequence[Lost], t: Callable[..., str], tn: Callable[..., str]) -> list[str]:
    lines = []
    for each in lost:
        lines.append(t("Vote {number}: {question}", number=each.number, question=each.question))
        lines.append(tn(*LOST, each.received, reason=each.reason))
    poll = db.get(Poll, item.poll_id) if item.poll_id else None
    said = outcome_of(poll) if poll is not None else None
    if poll is None or said is None:
        return lines or [t("No vote was taken.")]
    return [*lines, t("Vote {number}: {question}", number=poll.number, question=poll.question), *explained(said, t)]
