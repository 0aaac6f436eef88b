"""Whose turn it is in a matter, found in the tables: for its story, for lists, for the first page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from models.community import Community
from models.evaluation import Evaluation
from models.meeting import AgendaItem, Meeting
from models.notice import Notice
from models.people import Organisation
from models.poll import Poll
from models.project import Project, Upkeep
from models.proposal import Proposal, ProposalSupport
from models.vocabulary import MeetingState, Party, PollState, Stage
from services import clock
from services.reads.days import DayClock, day_clock
from services.reads.open_objections import unsettled
from services.reads.polls import state_now
from services.reads.seats import missed
from services.reads.who import Names
from services.rules import turns
from services.rules.turns import Holder, Turn


@dataclass(frozen=True)
class Now:
    """Whose turn it is: `party` for the disc, `name` where it is one person or firm, `deadline` if there is one, `n` of `m` done.

    `by_day` is the clock where the deadline is a day of work; what is finished has none.
    """

    turn: Turn
    party: Party | None = None
    name: str = ""
    deadline: datetime | None = None
    n: int = 0
    m: int = 0
    href: str = ""
    by_day: DayClock | None = None


def supporters(db: Session, proposal: Proposal) -> int:
    """Homes that support a proposal; supporters without a home here count one each."""
    live = select(ProposalSupport.unit_id).where(ProposalSupport.proposal_id == proposal.id, col(ProposalSupport.withdrawn_at).is_(None))
    units = db.exec(live).all()
    return len({unit for unit in units if unit}) + sum(1 for unit in units if not unit)


def now(db: Session, names: Names, proposal: Proposal) -> Now:
    """Whose turn it is, from the tables."""
    have = supporters(db, proposal) if proposal.stage is Stage.FILED else 0
    meeting = _meeting(db, proposal)
    poll = db.exec(
        select(Poll).where(Poll.proposal_id == proposal.id, Poll.state != PollState.CANCELLED).order_by(col(Poll.prepared_at).desc())
    ).first()
    notice = db.exec(select(Notice).where(Notice.proposal_id == proposal.id).order_by(col(Notice.starts_at).desc())).first()
    evaluation = db.exec(select(Evaluation).where(Evaluation.proposal_id == proposal.id)).first()
    kept = db.exec(
        select(Upkeep).where(Upkeep.proposal_id == proposal.id, col(Upkeep.ended_at).is_(None)).order_by(col(Upkeep.since).desc())
    ).first()
    project = db.exec(select(Project).where(Project.proposal_id == proposal.id)).first()
    objections = _waiting(db, notice)
    ends = {Stage.NOTICE: notice and notice.ends_at, Stage.EVALUATING: evaluation and evaluation.ends_at}.get(proposal.stage)
    over = bool(ends and clock.now() >= ends)
    found = turns.turn(
        turns.Facts(
            proposal.stage, max(1, proposal.supporters_needed - have), meeting.state if meeting else None,
            state_now(poll) if poll else None, objections, over, kept.deed if kept else "",
            held=proposal.stage is Stage.DELIBERATING and _held(db, proposal),
        )
    )  # fmt: skip
    made = Now(found, _PARTY.get(found.holder))
    match found.action:
        case "proposal.support":
            return replace(made, n=have, m=proposal.supporters_needed)
        case "meeting.attend" if meeting:
            return replace(made, deadline=meeting.starts_at, href=f"/meeting?id={meeting.id}")
        case "poll.cast" | "poll.reveal" | "poll.open" if poll:
            return replace(made, deadline=poll.closes_at if found.action == "poll.cast" else None, href=f"/poll?id={poll.id}")
        case "objection.lodge" if notice:
            return replace(made, deadline=notice.ends_at)
        case "project.report" | "project.accept" if project:
            zone = db.get_one(Community, proposal.community_id).time_zone
            firm = db.get(Organisation, project.organisation_id) if project.organisation_id else None
            name = (firm.name if firm else names.name(project.executor_id)) if found.action == "project.report" else ""
            made = replace(made, name=name, href=f"/project?id={project.id}")
            if found.action == "project.accept":
                return made
            return replace(made, deadline=clock.end_of(project.due_on, zone), by_day=day_clock(project.due_on, zone))
        case "evaluation.answer" if evaluation:
            return replace(made, m=evaluation.asked_units, deadline=evaluation.ends_at, href=f"/evaluate/{evaluation.id}")
    if found.holder is Holder.KEEPER and kept:
        zone = db.get_one(Community, proposal.community_id).time_zone
        return replace(made, name=kept.label, deadline=clock.end_of(kept.next_on, zone), by_day=day_clock(kept.next_on, zone))
    return replace(made, name=names.name(proposal.author_id) if found.holder is Holder.AUTHOR else "")


_PARTY = {
    Holder.NEIGHBOURS: Party.RESIDENTS, Holder.AUTHOR: Party.RESIDENTS, Holder.VOTERS: Party.RESIDENTS, Holder.HOMES: Party.RESIDENTS,
    Holder.TABLE: Party.RESIDENTS, Holder.SUPERVISORS: Party.RESIDENTS, Holder.COMMITTEE: Party.COMMUNITY, Holder.CHAIR: Party.COMMUNITY,
    Holder.KEEPER: Party.COMMUNITY, Holder.EXECUTOR: Party.BUILDER,
}  # fmt: skip


def _meeting(db: Session, proposal: Proposal) -> Meeting | None:
    """The last meeting on this matter that was not called off, and that did not just pass without anybody opening it."""
    at_table = select(AgendaItem.meeting_id).where(AgendaItem.proposal_id == proposal.id)
    found = select(Meeting).where(col(Meeting.id).in_(at_table), Meeting.state != MeetingState.CANCELLED, ~missed())
    return db.exec(found.order_by(col(Meeting.starts_at).desc(), Meeting.id)).first()


def _held(db: Session, proposal: Proposal) -> bool:
    """Whether a meeting on this matter was opened: another round is another proposal."""
    at_table = select(AgendaItem.meeting_id).where(AgendaItem.proposal_id == proposal.id)
    return db.exec(select(Meeting.id).where(col(Meeting.id).in_(at_table), col(Meeting.opened_at).is_not(None))).first() is not None


def _waiting(db: Session, notice: Notice | None) -> int:
    return len(db.exec(unsettled(notice.id)).all()) if notice else 0
