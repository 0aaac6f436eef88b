"""表决: prepared with question, options, rule and roll; opened, extended, closed, revealed or cancelled, each under the lock of its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models.meeting import AgendaItem
from models.poll import Poll, PollOption, RollEntry
from models.proposal import Proposal
from models.vocabulary import Move, PollMethod, PollState
from services import ballot_paper as paper
from services import ballots, drafts, rolls
from services.checks import Checks
from services.errors import Conflict, Invalid, WrongStage, refuse_all
from services.exchange import poll_json
from services.exchange.bundle import poll_digest
from services.i18n import N_
from services.messages import tell
from services.numbers import next_number
from services.permission import require
from services.reads import counts, duties, poll_ground, to_reveal
from services.reads.rolls import able, people
from services.rules import poll as rules
from services.rules import polling
from services.rules.rule_texts import Confirmation, rule_text, why_not_usable
from services.rules.tally import count
from services.stages import move, wake_tables
from services.work import Work

LONGEST = timedelta(days=60)
OUTCOME_MOVES = {"adopted": Move.ADOPT, "elected": Move.ADOPT, "rejected": Move.REJECT, "no_quorum": Move.UNDECIDED, "tie": Move.UNDECIDED}


def prepare(
    work: Work,
    *,
    proposal_id: str,
    question: str,
    method: str,
    rule: str | Mapping[str, Any],
    scope: str,
    options: Sequence[Mapping[str, Any]] = (),
    votes_by: str | None = None,
    meeting_id: str | None = None,
    agenda_item_id: str | None = None,
    explanation: str = "",
    rule_confirmation: Mapping[str, Any] | Confirmation | None = None,
) -> Poll:
    """Prepare a vote with its roll. All reasons against it are raised at once, each with its field.

    `rule` is the key of a rule text, or own figures: {"key": "custom", "turnout": […], "approve": […]} as in poll/1.
    `options` of a choice: {title, consequence, option}; of a yes/no vote, if wanted: {code: "yes", consequence}.
    """
    proposal = work.fetch(Proposal, proposal_id, lock=True)
    require(work, "poll.prepare", proposal)
    if other := poll_ground.unfinished(work.db, proposal.id):
        raise poll_ground.busy(other)
    meeting, item = paper.at_a_meeting(work, proposal, meeting_id, agenda_item_id)
    check = Checks()
    asked = check.text("question", question, 120, least=4)
    explained = check.text("explanation", explanation, 1000, least=0)
    kind = check.choice("method", method, PollMethod)
    by, figures, source = paper.rule(work, check, rule, kind, votes_by, rule_confirmation, meeting)
    answers = paper.answers(work, check, proposal, kind, options)
    ground = paper.scope(check, scope)
    check.done()
    poll = Poll(
        id=work.new_id(), community_id=work.community_id, number=next_number(work, "B", Poll), proposal_id=proposal.id,
        meeting_id=meeting.id if meeting else None, question=asked, explanation=explained, method=kind, votes_by=by,
        scope=ground.stored, rule=figures, rule_source=source, prepared_by=str(work.actor.person_id), prepared_at=work.moment,
    )  # fmt: skip
    work.add(poll)
    work.add(
        *(
            PollOption(id=work.new_id(), community_id=work.community_id, poll_id=poll.id, position=place, **answer)
            for place, answer in enumerate(answers)
        )
    )
    voters = len(rolls.make(work, poll, ground, rolls.counts_area(poll)))
    if item is not None:
        item.poll_id = poll.id
    drafts.discard(work, poll_ground.kind(proposal.id))
    work.db.flush()
    work.record("poll.prepare", poll, method=kind.value, rule=str(figures["name"]), voters=voters)
    _touch(work, poll)
    return poll


def open(work: Work, *, poll_id: str, minutes: int | None = None, closes_at: datetime | None = None) -> Poll:
    """Open it for `minutes`, or until `closes_at` (aware). From here on question, options, rule and roll do not change."""
    poll = work.fetch(Poll, poll_id, lock=True)
    require(work, "poll.open", poll)
    if poll.state is not PollState.PREPARED:
        raise WrongStage("This vote was opened already, or it has ended.")
    end = _end(work, minutes, closes_at)
    today = work.moment.astimezone(ZoneInfo(work.community.time_zone)).date()
    if poll.rule_source["key"] != "custom":
        vouched = paper.confirmation(Checks(), poll.rule_source.get("confirmation"))
        refuse_all(why_not_usable(rule_text(poll.rule_source["key"]), today, vouched))
    if not work.db.exec(select(RollEntry.id).where(RollEntry.poll_id == poll.id)).first():
        raise Invalid("The roll is empty. Make it anew first.")
    poll.roll_digest = rolls.freeze(work, poll)
    rules.check(counts.plain(work.db, poll))
    poll.state, poll.opened_at, poll.opened_by, poll.closes_at = PollState.OPEN, work.moment, work.actor.person_id, end
    move(work, work.fetch(Proposal, poll.proposal_id), Move.OPEN_POLL, poll=poll.id)
    work.checkpoint("poll.open")
    work.record("poll.open", poll, roll_digest=poll.roll_digest)
    _tell(work, poll, N_("A vote is open for your home: “{question}”. It closes {when}."), here=True, when=_local(work, end))
    _touch(work, poll)
    return poll


def take_back(work: Work, *, poll_id: str) -> Poll:
    """Undo an opening while no ballot is in: the chair pressed too early."""
    poll = work.fetch(Poll, poll_id, lock=True)
    require(work, "poll.take_back", poll)
    polling.require_open(poll.state, poll.closes_at, work.moment)
    if n := counts.received(work.db, poll).n:
        raise Conflict("Votes have come in already ({n}). They cannot be taken back.", n=n)
    poll.state, poll.opened_at, poll.opened_by, poll.closes_at, poll.roll_digest = PollState.PREPARED, None, None, None, ""
    rolls.thaw(work, poll)
    move(work, work.fetch(Proposal, poll.proposal_id), Move.CANCEL_POLL, poll=poll.id)
    work.record("poll.take_back", poll)
    _touch(work, poll)
    return poll


def extend(work: Work, *, poll_id: str, minutes: int = 0, hours: int | None = None, seen: datetime | None = None) -> Poll:
    """Keep it open longer by `minutes`, or by whole `hours`, before its time is over.

    `seen`: the closing time that was seen. Where it was moved by as much already, a second press does nothing; where it was moved
    otherwise, Conflict.
    """
    poll = work.fetch(Poll, poll_id, lock=True)
    require(work, "poll.extend", poll)
    polling.require_open(poll.state, poll.closes_at, work.moment)
    check = Checks()
    asked = "minutes" if hours is None else "hours"
    minutes = check.whole("minutes", minutes, 1, 30 * 24 * 60) if hours is None else check.whole("hours", hours, 1, 30 * 24) * 60
    check.done()
    longer = timedelta(minutes=minutes)
    assert poll.closes_at is not None and poll.opened_at is not None
    if seen is not None and seen != poll.closes_at:
        if seen + longer == poll.closes_at:
            return poll
        raise Conflict("This vote is open until {when} by now. Look again whether that is long enough.", when=_local(work, poll.closes_at))
    if poll.closes_at + longer - poll.opened_at > LONGEST:
        raise Invalid("A vote is open for {days} days at most.", field=asked, days=LONGEST.days)
    poll.closes_at += longer
    work.record("poll.extend", poll, minutes=minutes)
    _touch(work, poll)
    return poll


def close(work: Work, *, poll_id: str) -> Poll:
    """End the voting, before its time or when it is over."""
    poll = work.fetch(Poll, poll_id, lock=True)
    require(work, "poll.close", poll)
    if poll.state is not PollState.OPEN:
        raise WrongStage("This vote is not open.")
    return _close(work, poll)


def close_due(work: Work) -> int:
    """Close every vote of this community whose time is over, and tell who may reveal it; the ticker's part. Returns how many."""
    due = select(Poll.id).where(Poll.state == PollState.OPEN, col(Poll.closes_at) <= work.moment).order_by(Poll.id)
    closed = 0
    for poll_id in work.db.exec(due).all():
        poll = work.fetch(Poll, poll_id, lock=True)
        if poll.state is PollState.OPEN and polling.over(poll.closes_at, work.moment):
            require(work, "poll.close", poll)
            _close(work, poll)
            _ask_for_the_reveal(work, poll)
            closed += 1
    return closed


def reveal(work: Work, *, poll_id: str) -> Poll:
    """Count, keep the outcome with its reasons and the digest of all that a recount needs, and move the matter on."""
    poll = work.fetch(Poll, poll_id, lock=True)
    require(work, "poll.reveal", poll)
    if poll.state is PollState.OPEN and polling.over(poll.closes_at, work.moment):
        _close(work, poll)
    if poll.state is PollState.OPEN:
        raise WrongStage("Voting is still open. Close it first, then show the result.")
    if poll.state is not PollState.CLOSED:
        raise WrongStage("This result has been shown already, or the vote was cancelled.")
    counted = counts.plain(work.db, poll)
    result = count(counted)
    poll.outcome = poll_json.answer(result) | {"sentences": [each.as_json() for each in result.explanation]}
    poll.poll_digest = poll_digest(poll_json.document(counted))
    poll.state, poll.revealed_at, poll.revealed_by = PollState.REVEALED, work.moment, work.actor.person_id
    proposal = work.fetch(Proposal, poll.proposal_id)
    chosen = chosen_option(work, poll)
    move(
        work, proposal, OUTCOME_MOVES[result.outcome], reason=chosen.title if chosen else "",
        poll=poll.id, outcome=result.outcome, option=chosen.option_id if chosen else None,
    )  # fmt: skip
    work.checkpoint("poll.reveal")
    work.record("poll.reveal", poll, outcome=result.outcome, poll_digest=poll.poll_digest)
    _tell(work, poll, N_("The vote “{question}” is counted. See how it came out."), address=f"/poll?id={poll.id}")
    tell(work, proposal.author_id, N_("The vote on your proposal “{title}” is counted."), f"/poll?id={poll.id}", title=proposal.title)
    _touch(work, poll)
    return poll


def cancel(work: Work, *, poll_id: str, reason: str) -> Poll:
    """Call it off before the reveal; what was cast is not counted, and the matter goes back to deliberation."""
    poll = work.fetch(Poll, poll_id, lock=True)
    require(work, "poll.cancel", poll)
    if poll.state not in poll_ground.LIVE:
        raise WrongStage("This result has been shown already, or the vote was cancelled.")
    check = Checks()
    poll.cancelled_reason = check.text("reason", reason, 400, least=4)
    check.done()
    was = poll.state
    poll.state = PollState.CANCELLED
    if was is not PollState.PREPARED:
        move(work, work.fetch(Proposal, poll.proposal_id), Move.CANCEL_POLL, reason=poll.cancelled_reason, poll=poll.id)
    for item in work.db.exec(select(AgendaItem).where(AgendaItem.poll_id == poll.id)).all():
        item.poll_id = None
    work.db.flush()
    work.record("poll.cancel", poll, opened=was is not PollState.PREPARED)
    if was is not PollState.PREPARED:
        _tell(work, poll, N_("The vote “{question}” was called off: {reason}"), reason=poll.cancelled_reason, address=f"/poll?id={poll.id}")
    _touch(work, poll)
    return poll


def codes(work: Work, *, poll_id: str, entry_id: str | None = None, form: str = "") -> list[tuple[str, str]]:
    """New one-time codes for the whole roll, or for one home; the old ones no longer hold. (label, code), to be shown once.

    The same `form` sent again changes nothing. Raises Conflict.
    """
    poll = work.fetch(Poll, poll_id, lock=True)
    require(work, "poll.codes", poll)
    if poll.state not in (PollState.PREPARED, PollState.OPEN) or polling.over(poll.closes_at, work.moment):
        raise WrongStage("Voting is over. No more codes are needed.")
    return ballots.issue(work, poll, entry_id, form)


def chosen_option(work: Work, poll: Poll) -> PollOption | None:
    """The one option that was elected, for those who carry it out."""
    if poll.outcome.get("outcome") != "elected" or len(poll.outcome["winners"]) != 1:
        return None
    return work.db.exec(select(PollOption).where(PollOption.poll_id == poll.id, PollOption.code == poll.outcome["winners"][0])).first()


def _close(work: Work, poll: Poll) -> Poll:
    poll.state = PollState.CLOSED
    poll.closed_at = min(work.moment, poll.closes_at or work.moment)
    work.checkpoint("poll.close")
    work.record("poll.close", poll, ballots=counts.received(work.db, poll).n)
    _touch(work, poll)
    return poll


def _ask_for_the_reveal(work: Work, poll: Poll) -> None:
    """Nobody stands by when the workspace closes a vote, unless a meeting is held on it. Where nobody may reveal it, the committee acts."""
    if to_reveal.at_a_table(work.db, poll, work.moment):
        return
    people, message = to_reveal.asked(work.db, poll), N_("The vote “{question}” is closed. Count it and show the result.")
    if not people:
        people, message = duties.committee(work.db), N_(
            "The vote “{question}” is closed and nobody may show its result: it takes a chair who made neither its roll nor its codes. "
            "Have the administrator appoint one."
        )  # fmt: skip
    for person_id in people:
        tell(work, person_id, message, f"/poll?id={poll.id}", f"poll:{poll.id}", question=poll.question)


def _end(work: Work, minutes: int | None, closes_at: datetime | None) -> datetime:
    if (minutes is None) == (closes_at is None):
        raise Invalid("Say until when the vote is open.", field="closes_at")
    if closes_at is None:
        check = Checks()
        span = check.whole("minutes", minutes, 1, 30 * 24 * 60)
        check.done()
        return work.moment + timedelta(minutes=span)
    if closes_at <= work.moment:
        raise Invalid("This moment has passed. Choose a later one.", field="closes_at")
    if closes_at - work.moment > LONGEST:
        raise Invalid("A vote is open for {days} days at most.", field="closes_at", days=LONGEST.days)
    return closes_at


def _local(work: Work, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(work.community.time_zone))


def _tell(work: Work, poll: Poll, message: str, *, address: str = "", here: bool = False, **values: Any) -> None:
    """A line to everybody who answers for a home on the roll; `here`: where those present are counted, to them alone."""
    for person_id in able(work.db, poll) if here else people(work.db, poll):
        tell(work, person_id, message, address or f"/ballot/{poll.id}", question=poll.question, **values)


def _touch(work: Work, poll: Poll) -> None:
    wake_tables(work, poll.proposal_id)  # whether a vote can still be prepared changes on each of them
    work.touch(f"poll:{poll.id}", f"proposal:{poll.proposal_id}", *([f"meeting:{poll.meeting_id}"] if poll.meeting_id else []))
