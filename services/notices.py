"""公示: publish a decision for N days, lodge and rule on objections, end the period."""

from __future__ import annotations

from sqlmodel import col, select

from models.notice import Notice, Objection
from models.poll import Poll
from models.proposal import Proposal
from models.vocabulary import Move, NoticeState, PollState, Ruling, Stage
from services import clock, i18n
from services.checks import Checks
from services.errors import Conflict, WrongStage
from services.i18n import N_
from services.messages import tell
from services.numbers import next_number
from services.permission import require
from services.reads.open_objections import unsettled
from services.rules.community_figures import figure
from services.stages import move
from services.work import Work

MOST_DAYS = 60
GONE_WITH_IT = N_(
    "Another objection was upheld: notice {number} is taken back, and the matter is talked about again."
    " This objection was not ruled on by itself. Please say its reasons again at that talk."
)
TAKEN_BACK = N_("Notice {number} is taken back: another objection was upheld. The matter is talked about again.")
"""The reply to an objection whose notice ended by another one, and what its author is told."""
ANSWERS = {
    Ruling.UPHELD: N_("Your objection to notice {number} was upheld: the matter goes back to the table."),
    Ruling.ADJUSTED: N_("Your objection to notice {number} was taken up: a detail is changed, the decision stays."),
    Ruling.ANSWERED: N_("Your objection to notice {number} was not upheld. The answer gives the reasons."),
}
"""What the author of an objection is told, by the ruling."""


def publish(work: Work, *, proposal_id: str, text: str, days: int | None = None) -> Notice:
    """Show an adopted decision for `days`, never fewer than the community's own figure, to 24:00 of the last day."""
    proposal = work.fetch(Proposal, proposal_id, lock=True)
    require(work, "notice.publish", proposal)
    check = Checks()
    words = check.text("text", text, 4000, least=4)
    least = figure(work.community.figures, "notice_days")
    length = check.whole("days", least if days is None else days, least, MOST_DAYS)
    check.done()
    poll = work.db.exec(
        select(Poll).where(Poll.proposal_id == proposal.id, Poll.state == PollState.REVEALED).order_by(col(Poll.revealed_at).desc())
    ).first()
    zone = work.community.time_zone
    notice = Notice(
        id=work.new_id(),
        community_id=work.community_id,
        number=next_number(work, "G", Notice),
        proposal_id=proposal.id,
        poll_id=poll.id if poll else None,
        text=words,
        days=length,
        starts_at=work.moment,
        ends_at=clock.end_after(work.moment, length, zone),
        published_by=str(work.actor.person_id),
    )
    work.add(notice)
    move(work, proposal, Move.PUBLISH, notice=notice.id)
    work.checkpoint("notice.publish")
    work.record("notice.publish", notice, days=length)
    work.touch(*([f"meeting:{poll.meeting_id}"] if poll and poll.meeting_id else []))  # its result says for how many days
    return notice


def lodge(work: Work, *, notice_id: str, text: str) -> Objection:
    """Object, as a confirmed resident, while the notice is shown. One open objection a person."""
    notice = work.fetch(Notice, notice_id, lock=True)
    require(work, "objection.lodge", notice)
    if notice.state is not NoticeState.SHOWN or work.moment >= notice.ends_at:
        raise WrongStage("The notice has ended. Talk to the committee if you still object.")
    check = Checks()
    words = check.text("text", text, 1000, least=4)
    check.done()
    if work.db.exec(unsettled(notice.id).where(Objection.author_id == work.actor.person_id)).first():
        raise Conflict("Your objection is here already and waits for its answer.")
    objection = Objection(
        id=work.new_id(),
        community_id=work.community_id,
        notice_id=notice.id,
        author_id=str(work.actor.person_id),
        text=words,
        at=work.moment,
    )
    work.add(objection)
    work.record("objection.lodge", objection)
    tell(
        work,
        notice.published_by,
        N_("An objection to notice {number} waits for a ruling."),
        f"/proposal?id={notice.proposal_id}",
        about=f"notice:{notice.id}",
        number=notice.number,
    )
    return objection


def withdraw(work: Work, *, objection_id: str) -> Objection:
    """Take one's own objection back before it is ruled on."""
    notice = work.fetch(Notice, work.fetch(Objection, objection_id).notice_id, lock=True)
    objection = work.fetch(Objection, objection_id, lock=True)
    require(work, "objection.withdraw", objection)
    if objection.ruled_at is not None or objection.withdrawn_at is not None:
        raise Conflict("This objection has ended already.")
    objection.withdrawn_at = work.moment
    work.record("objection.withdraw", objection)
    _end_if_over(work, notice)
    return objection


def rule(work: Work, *, objection_id: str, ruling: str, reply: str) -> Objection:
    """Rule on an objection with reasons: upheld sends the matter back to deliberation, it deletes nothing.

    The other objections that wait end with the notice, with a reply that says so, and their authors are told.
    """
    notice = work.fetch(Notice, work.fetch(Objection, objection_id).notice_id, lock=True)
    proposal = work.fetch(Proposal, notice.proposal_id, lock=True)
    objection = work.fetch(Objection, objection_id, lock=True)  # last: two rulings at once meet at the notice
    require(work, "objection.rule", objection)
    if objection.ruled_at is not None or objection.withdrawn_at is not None:
        raise Conflict("This objection has ended already.")
    check = Checks()
    how = check.choice("ruling", ruling, Ruling)
    words = check.text("reply", reply, 1000, least=4)
    check.done()
    objection.ruling, objection.reply = how, words
    objection.ruled_at, objection.ruled_by = work.moment, work.actor.person_id
    work.db.flush()
    gone: list[Objection] = []
    if how is Ruling.UPHELD:
        notice.state, notice.ended_at = NoticeState.SENT_BACK, work.moment
        move(work, proposal, Move.SEND_BACK, reason=words, objection=objection.id)
        gone = _end_with(work, notice)
    work.record("objection.rule", objection, ruling=how.value)
    _tell_author(work, notice, objection, ANSWERS[how])
    for each in gone:
        _tell_author(work, notice, each, TAKEN_BACK)
    _end_if_over(work, notice)
    return objection


def _end_if_over(work: Work, notice: Notice) -> None:
    """What waited for this last objection only ends with it, not at the next tick: the page says so at once."""
    work.db.flush()
    if notice.state is NoticeState.SHOWN and work.moment >= notice.ends_at and not open_objections(work, notice):
        end(work, notice_id=notice.id)


def _end_with(work: Work, notice: Notice) -> list[Objection]:
    """End what still waits against a notice that is taken back: explained, by nobody, for nobody has weighed its reasons."""
    rows = work.db.exec(unsettled(notice.id).with_for_update().execution_options(populate_existing=True)).all()
    reply = i18n.text(work.community.language, GONE_WITH_IT, number=notice.number)
    for row in rows:
        row.ruling, row.reply, row.ruled_at = Ruling.ANSWERED, reply, work.moment
    work.db.flush()
    return list(rows)


def _tell_author(work: Work, notice: Notice, objection: Objection, message: str) -> None:
    tell(work, objection.author_id, message, f"/proposal?id={notice.proposal_id}", about=f"notice:{notice.id}", number=notice.number)


def end(work: Work, *, notice_id: str) -> Notice:
    """End a notice whose days are over and whose objections are all ruled on; asked again, it changes nothing."""
    notice = work.fetch(Notice, notice_id, lock=True)
    if notice.state is not NoticeState.SHOWN:
        return notice
    if work.moment < notice.ends_at:
        raise WrongStage("The notice is still shown. It ends at 24:00 of its last day.")
    if open_objections(work, notice):
        raise WrongStage("An objection still waits for its ruling.")
    notice.state, notice.ended_at = NoticeState.ENDED, work.moment
    work.record("notice.end", notice, "system")
    return notice


def open_objections(work: Work, notice: Notice) -> int:
    """How many objections to this notice still wait for a ruling."""
    return len(work.db.exec(unsettled(notice.id)).all())


def must_have_ended(work: Work, proposal: Proposal) -> Notice:
    """The notice behind a matter that may begin; ends it if its time is over. Raises WrongStage with what is missing."""
    notice = work.db.exec(select(Notice).where(Notice.proposal_id == proposal.id).order_by(col(Notice.starts_at).desc())).first()
    if notice is None or proposal.stage is not Stage.NOTICE:
        raise WrongStage("This matter is at another stage now. Open it again to see where it stands.")
    return end(work, notice_id=notice.id)
