"""公示: publish a decision for N days, lodge and rule on objections, end the period."""

from __future__ import annotations

from sqlmodel import col, func, select

from models.notice import Notice, Objection
from models.poll import Poll
from models.proposal import Proposal
from models.vocabulary import Move, NoticeState, PollState, Ruling, Stage
from services import clock
from services.checks import Checks
from services.errors import Conflict, WrongStage
from services.i18n import N_
from services.messages import tell
from services.numbers import next_number
from services.permission import require
from services.rules.community_figures import figure
from services.stages import move
from services.work import Work

MOST_DAYS = 60


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
    mine = select(Objection.id).where(
        Objection.notice_id == notice.id,
        Objection.author_id == work.actor.person_id,
        col(Objection.ruled_at).is_(None),
        col(Objection.withdrawn_at).is_(None),
    )
    if work.db.exec(mine).first():
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
    objection = work.fetch(Objection, objection_id, lock=True)
    require(work, "objection.withdraw", objection)
    if objection.ruled_at is not None or objection.withdrawn_at is not None:
        raise Conflict("This objection has ended already.")
    objection.withdrawn_at = work.moment
    work.record("objection.withdraw", objection)
    return objection


def rule(work: Work, *, objection_id: str, ruling: str, reply: str) -> Objection:
    """Rule on an objection with reasons: upheld sends the matter back to deliberation, it deletes nothing."""
    objection = work.fetch(Objection, objection_id, lock=True)
    notice = work.fetch(Notice, objection.notice_id, lock=True)
    proposal = work.fetch(Proposal, notice.proposal_id, lock=True)
    require(work, "objection.rule", objection)
    if objection.ruled_at is not None or objection.withdrawn_at is not None:
        raise Conflict("This objection has ended already.")
    check = Checks()
    how = check.choice("ruling", ruling, Ruling)
    words = check.text("reply", reply, 1000, least=4)
    check.done()
    objection.ruling, objection.reply = how, words
    objection.ruled_at, objection.ruled_by = work.moment, work.actor.person_id
    if how is Ruling.UPHELD:
        notice.state, notice.ended_at = NoticeState.SENT_BACK, work.moment
        move(work, proposal, Move.SEND_BACK, reason=words, objection=objection.id)
    work.record("objection.rule", objection, ruling=how.value)
    about = f"notice:{notice.id}"
    tell(
        work,
        objection.author_id,
        N_("Your objection to notice {number} has an answer."),
        f"/proposal?id={notice.proposal_id}",
        about=about,
        number=notice.number,
    )
    return objection


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
    work.record("notice.end", notice)
    return notice


def open_objections(work: Work, notice: Notice) -> int:
    """How many objections to this notice still wait for a ruling."""
    waiting = select(func.count()).select_from(Objection)
    return work.db.exec(
        waiting.where(Objection.notice_id == notice.id, col(Objection.ruled_at).is_(None), col(Objection.withdrawn_at).is_(None))
    ).one()


def must_have_ended(work: Work, proposal: Proposal) -> Notice:
    """The notice behind a matter that may begin; ends it if its time is over. Raises WrongStage with what is missing."""
    notice = work.db.exec(select(Notice).where(Notice.proposal_id == proposal.id).order_by(col(Notice.starts_at).desc())).first()
    if notice is None or proposal.stage is not Stage.NOTICE:
        raise WrongStage("This matter is at another stage now. Open it again to see where it stands.")
    return end(work, notice_id=notice.id)
