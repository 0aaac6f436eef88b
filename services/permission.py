"""Who stands how towards a matter, and so: may this actor do this here? One answer for the page's button and the command."""

from __future__ import annotations

from sqlmodel import Session, col, select

from models.base import Stored
from models.community import Unit
from models.concern import Concern
from models.evaluation import Evaluation
from models.file import StoredFile
from models.meeting import Argument, Attendance, Invitation, Meeting, Option
from models.notice import Notice, Objection
from models.people import Person, Residence, RoleHeld
from models.poll import Poll, RollUnit
from models.project import Project, Supervision, Task, Upkeep
from models.proposal import Proposal
from models.vocabulary import PollState, Role, Stage, UnitKind
from services.actors import Actor
from services.errors import Refusal
from services.reads import duties, rolls
from services.rules import access
from services.work import Work


def _proposal_of(db: Session, subject: Stored | None) -> Proposal | None:
    if isinstance(subject, Proposal):
        return subject
    if isinstance(subject, Objection):
        subject = db.get(Notice, subject.notice_id)
    if isinstance(subject, Task):
        subject = db.get(Project, subject.project_id)
    if isinstance(subject, Argument):
        subject = db.get(Option, subject.option_id)
    proposal_id = getattr(subject, "proposal_id", None)
    return db.get(Proposal, proposal_id) if proposal_id else None


TABLE_WORDS = frozenset({access.CHAIR_OF, access.INVITED, access.ATTENDING})
BALLOT_WORDS = frozenset({access.ROLL_KEEPER, access.ON_ROLL})
WORKS_WORDS = frozenset({access.EXECUTOR_OF, access.SUPERVISOR_OF, access.ASKED, "assignee"})
HAND_WORDS = frozenset({access.EXECUTED, access.FELLOW, access.TASKED})


def standing(db: Session, actor: Actor, subject: Stored | None = None, asked: frozenset[str] | None = None) -> frozenset[str]:
    """All words that hold for `actor` towards `subject`: roles, and relations found in the database.

    With `asked`, relations that are not among these words are not looked for.
    """
    if actor.system:
        return frozenset({access.SYSTEM})
    holds: set[str] = {access.ANYONE}
    me = actor.person_id
    if me is None:
        if isinstance(subject, StoredFile) and subject.visitor and subject.visitor == actor.visitor:
            holds.add("owner")
        return frozenset(holds)
    holds |= {access.SIGNED_IN, *(role.value for role in actor.roles)}
    if actor.verified:
        holds.add(access.RESIDENT)
    proposal = _proposal_of(db, subject)
    if getattr(subject, "author_id", None) == me or (isinstance(subject, Poll | Notice) and proposal and proposal.author_id == me):
        holds.add(access.AUTHOR)
    if proposal is not None and proposal.author_id == me:
        holds.add(access.PROPOSER)
    if isinstance(subject, Proposal) and asked is not None and access.ORPHANED in asked and _gone(db, subject.author_id):
        holds.add(access.ORPHANED)
    if (isinstance(subject, Person) and subject.id == me) or (isinstance(subject, RoleHeld | Residence) and subject.person_id == me):
        holds.add("self")
    if isinstance(subject, Concern) and subject.holder_id == me:
        holds.add(access.HOLDER)
    if isinstance(subject, StoredFile) and subject.by_id == me:
        holds.add("owner")
    if isinstance(subject, Upkeep) and subject.keeper_id == me:
        holds.add(access.KEEPER)
    if asked is None or asked & TABLE_WORDS:
        holds |= _at_the_table(db, actor, subject)
    if isinstance(subject, Poll) and (asked is None or asked & BALLOT_WORDS):
        holds |= _at_the_ballot(db, actor, subject, asked)
    if asked is None or asked & WORKS_WORDS:
        holds |= _at_the_works(db, actor, subject, proposal)
    if asked is None or asked & HAND_WORDS:
        holds |= _in_the_works(db, me, _project_of(db, subject, proposal))
    return frozenset(holds)


def _gone(db: Session, person_id: str) -> bool:
    """Whether their data was erased."""
    person = db.get(Person, person_id)
    return person is not None and person.erased_at is not None


def _at_the_table(db: Session, actor: Actor, subject: Stored | None) -> set[str]:
    me = actor.person_id
    meeting = subject if isinstance(subject, Meeting) else None
    if meeting is None and (meeting_id := getattr(subject, "meeting_id", None)):
        meeting = db.get(Meeting, meeting_id)
    if meeting is None:
        return set()
    # Who was named chair of a meeting is so while holding the chair's role, no longer: the committee names another.
    holds = {access.CHAIR_OF, access.INVITED} if meeting.chair_id == me and actor.holds(Role.CHAIR) else set()
    if db.exec(
        select(Invitation.id).where(Invitation.meeting_id == meeting.id, Invitation.person_id == me, col(Invitation.withdrawn_at).is_(None))
    ).first():
        holds.add(access.INVITED)
    if db.exec(
        select(Attendance.id).where(Attendance.meeting_id == meeting.id, Attendance.person_id == me, col(Attendance.left_at).is_(None))
    ).first():
        holds.add(access.ATTENDING)
    return holds


def _at_the_ballot(db: Session, actor: Actor, poll: Poll, asked: frozenset[str] | None) -> set[str]:
    holds: set[str] = set()
    if (asked is None or access.ROLL_KEEPER in asked) and actor.person_id in duties.roll_keepers(db, poll):
        holds.add(access.ROLL_KEEPER)
    if (asked is None or access.ON_ROLL in asked) and rolls.answers_for(db, actor.person_id, poll):
        holds.add(access.ON_ROLL)
    return holds


def _project_of(db: Session, subject: Stored | None, proposal: Proposal | None) -> Project | None:
    if isinstance(subject, Project) or proposal is None:
        return subject if isinstance(subject, Project) else None
    return db.exec(select(Project).where(Project.proposal_id == proposal.id)).first()


def _at_the_works(db: Session, actor: Actor, subject: Stored | None, proposal: Proposal | None) -> set[str]:
    project = _project_of(db, subject, proposal)
    holds: set[str] = set()
    if project is not None:
        if project.executor_id == actor.person_id and not _lost(db, actor, Role.EXECUTOR):
            holds.add(access.EXECUTOR_OF)
        watches = select(Supervision.id).where(
            Supervision.project_id == project.id, Supervision.person_id == actor.person_id, col(Supervision.ended_at).is_(None)
        )
        if db.exec(watches).first() and not _lost(db, actor, Role.SUPERVISOR):
            holds.add(access.SUPERVISOR_OF)
    if isinstance(subject, Task) and subject.person_id == actor.person_id:
        holds.add("assignee")
    if isinstance(subject, Evaluation) and proposal is not None and set(actor.units) & set(units_concerned(db, proposal)):
        holds.add(access.ASKED)
    return holds


def _lost(db: Session, actor: Actor, role: Role) -> bool:
    """Whether somebody held a role that has ended since: being named for works then gives nothing either. Some are named without a role."""
    if actor.holds(role):
        return False
    return db.exec(select(RoleHeld.id).where(RoleHeld.person_id == actor.person_id, RoleHeld.role == role)).first() is not None


def _in_the_works(db: Session, me: str, project: Project | None) -> set[str]:
    if project is None:
        return set()
    holds: set[str] = set()
    executors = duties.executors(db, project)
    if me in executors:
        holds.add(access.EXECUTED)
    elif duties.of_their_house(db, me, executors, project.organisation_id):
        holds.add(access.FELLOW)
    if me in duties.with_tasks(db, project):
        holds.add(access.TASKED)
    return holds


def units_concerned(db: Session, proposal: Proposal) -> list[str]:
    """The homes a matter concerns: those on the roll of its last poll that was revealed, else the homes of its estate.

    A roll of owners has shops and parking bays too; these are asked only where it has nothing else.
    """
    poll = db.exec(
        select(Poll).where(Poll.proposal_id == proposal.id, Poll.state == PollState.REVEALED).order_by(col(Poll.revealed_at).desc())
    ).first()
    if poll is not None:
        rows = db.exec(select(Unit.id, Unit.kind).join(RollUnit, col(RollUnit.unit_id) == Unit.id).where(RollUnit.poll_id == poll.id)).all()
        return [unit for unit, kind in rows if kind is UnitKind.HOME] or [unit for unit, _ in rows]
    return list(db.exec(select(Unit.id).where(Unit.estate_id == proposal.estate_id, Unit.kind == UnitKind.HOME)).all())


def why_not(db: Session, actor: Actor, action: str, subject: Stored | None = None) -> Refusal | None:
    """The refusal, or None: pages ask it to disable a button with its reason."""
    proposal = _proposal_of(db, subject)
    stage: Stage | None = proposal.stage if proposal else None
    rule = access.TABLE[action]
    return access.why_not(action, standing(db, actor, subject, rule.who | rule.never), stage)


def require(work: Work, action: str, subject: Stored | None = None) -> None:
    """Raise the refusal, where there is one: the second beat of every command."""
    if refusal := why_not(work.db, work.actor, action, subject):
        raise refusal
