"""Everything that is kept about one person: for the file they can take away, and for what an erasure leaves and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, or_, select

from models.account import Account, Letter, Login, Message
from models.audit import Event
from models.base import Stored
from models.community import Grid, Unit
from models.concern import Concern, ConcernHolding, ConcernSupport
from models.evaluation import Evaluation, EvaluationAnswer
from models.file import StoredFile
from models.meeting import Argument, Attendance, Commitment, Invitation, Meeting, Minutes, Option
from models.notice import Notice, Objection
from models.people import Person, Residence, RoleHeld
from models.poll import Ballot, BallotCode, Poll, RollEntry, RollVoter
from models.project import Acceptance, Milestone, ProgressReport, Project, ProjectChange, Supervision, Task, Upkeep
from models.proposal import Proposal, ProposalDraft, ProposalSupport, StageChange
from models.vocabulary import MeetingState, PollState, ProjectState
from services import audit, permission
from services.actors import Actor
from services.db import reading
from services.errors import NotFound
from services.i18n import N_

SECRET = frozenset({"password_hash", "token_sha256", "form_token", "code_sha256", "ticket_sha256"})
"""Never handed out: digests of secrets."""

OWN: Mapping[type[Stored], tuple[str, ...]] = {
    Acceptance: ("by_id",), Account: ("person_id",), Argument: ("person_id",), Attendance: ("person_id",), Ballot: ("cast_by",),
    Commitment: ("person_id",), Concern: ("author_id",), ConcernSupport: ("person_id",), EvaluationAnswer: ("person_id",),
    Invitation: ("person_id",), Letter: ("person_id",), Message: ("person_id",), Minutes: ("written_by",), Objection: ("author_id",),
    Option: ("added_by",), ProgressReport: ("by_id",), Project: ("executor_id",),
    ProjectChange: ("by_id",), Proposal: ("author_id",), ProposalSupport: ("person_id",),
    Residence: ("person_id",), RoleHeld: ("person_id",), RollEntry: ("person_id",), RollVoter: ("person_id",),
    StoredFile: ("by_id",), Supervision: ("person_id",), Task: ("person_id",), Upkeep: ("keeper_id",),
}  # fmt: skip
"""Whose a row is: a column that says who wrote, gave or promised it, or whom it is about. Who only handled it does not own it."""
NOT_THEIRS: Mapping[type[Stored], str] = {
    BallotCode: "somebody else's vote; who printed the code has handled it",
    ConcernHolding: "somebody else's concern; who held it has handled it",
    Evaluation: "the round belongs to the matter; who closed it stands in the acts",
    Grid: "the ground belongs to the community; that somebody works there stands in their roles",
    Meeting: "the meeting belongs to the community; who called or chaired it stands in the acts",
    Milestone: "a step of the works; who ticked it stands in the acts",
    Notice: "the notice belongs to the community; who published it stands in the acts",
    Poll: "the vote belongs to the community; who prepared, opened or revealed it stands in the acts",
    StageChange: "a step of the matter; who took it stands in the acts",
}
"""Tables that name a person and yet hold nothing of theirs, with the reason."""
ONLY_FOR_THEM: tuple[type[Stored], ...] = (Login, Message, ProposalDraft)
"""What nobody but the person themself is shown, as docs/privacy.md says."""


@dataclass(frozen=True)
class Kept:
    """All that is a person's: rows by table, as plain JSON values; ids of their files; the acts recorded under their name.

    `left_out` are message ids: what the person would have found, and somebody else does not.
    """

    person: dict[str, Any]
    tables: dict[str, list[dict[str, Any]]]
    files: tuple[tuple[str, str], ...]
    acts: tuple[dict[str, Any], ...]
    left_out: tuple[str, ...] = ()


BALLOTS_LEFT_OUT = N_("The answers on ballots of votes that are not revealed are left out: only the voter reads them.")
SCORES_LEFT_OUT = N_("What was answered in evaluations that still run is left out: only who answered reads it.")
THEIRS_LEFT_OUT = N_("Drafts, notes and sign-ins are left out: only the person they belong to reads them.")


def kept(db: Session, person_id: str, reader_id: str | None) -> Kept:
    """Everything of this community that is a person's, as `reader_id` may read it: somebody else reads no answer that still
    counts, no draft, no note. Raises NotFound.
    """
    person = db.get(Person, person_id)
    if person is None:
        raise NotFound()
    theirs = reader_id == person_id
    left_out: set[str] = set() if theirs else {THEIRS_LEFT_OUT}
    tables = {}
    for kind, rows in _tables(db, person):
        if theirs:
            shown = [_plain(row) for row in rows]
        elif kind in ONLY_FOR_THEM:
            continue
        else:
            shown = [_seen_by_others(db, row, left_out) for row in rows if not _drafted(row)]
        if shown:
            tables[str(kind.__tablename__)] = shown
    files = db.exec(select(StoredFile).where(StoredFile.by_id == person_id, col(StoredFile.removed_at).is_(None))).all()
    acts = db.exec(select(Event).where(Event.community_id == person.community_id, Event.actor == person_id).order_by(col(Event.seq)))
    return Kept(
        person=audit.contents(person),
        tables=tables,
        files=tuple((each.id, each.name) for each in files if theirs or not _drafted(each)),
        acts=tuple({"number": act.seq, "at": audit.plain(act.at), "action": act.action, "subject": act.subject} for act in acts.all()),
        left_out=tuple(sorted(left_out)),
    )


def _tables(db: Session, person: Person) -> Iterator[tuple[type[Stored], list[Stored]]]:
    found: dict[type[Stored], Any] = {
        kind: select(kind).where(or_(*(getattr(kind, name) == person.id for name in names))) for kind, names in OWN.items()
    }
    found[Login] = select(Login).where(col(Login.account_id).in_(select(Account.id).where(Account.person_id == person.id)))
    found[ProposalDraft] = select(ProposalDraft).where(ProposalDraft.owner == f"person:{person.id}")
    found[Unit] = select(Unit).where(col(Unit.id).in_(select(Residence.unit_id).where(Residence.person_id == person.id)))
    for kind in sorted(found, key=lambda each: str(each.__tablename__)):
        yield kind, list(db.exec(found[kind]).all())


def _drafted(row: Stored) -> bool:
    return isinstance(row, StoredFile) and row.about.startswith("draft:")


def _seen_by_others(db: Session, row: Stored, left_out: set[str]) -> dict[str, Any]:
    hidden: tuple[str, ...] = ()
    if isinstance(row, Ballot) and db.get_one(Poll, row.poll_id).state is not PollState.REVEALED:
        hidden = ("choice",)
        left_out.add(BALLOTS_LEFT_OUT)
    elif isinstance(row, EvaluationAnswer) and db.get_one(Evaluation, row.evaluation_id).closed_at is None:
        hidden = ("score", "solved", "text")
        left_out.add(SCORES_LEFT_OUT)
    return {name: value for name, value in _plain(row).items() if name not in hidden}


def _plain(row: Stored) -> dict[str, Any]:
    return {name: value for name, value in audit.contents(row).items() if name not in SECRET}


@dataclass(frozen=True)
class Stays:
    """Something that an erasure leaves, without the name: `what` and `why` are message ids."""

    what: str
    count: int
    why: str


DECIDED = N_("They belong to decisions of the community, which must stay countable. Your name is taken off.")
SIGNED = N_("Whoever reads the record must see that an authorised person acted. It names a number, no longer you.")
SHARED = N_("Others have answered, supported and worked on them. Your name is taken off.")
HOMES = N_("They were given for a home. The home stays, you do not.")
LETTERS = N_("The record shows which letters were handed out. None of them works any more.")
VOICE = N_("Whether a home had a voice in a vote must stay readable. Your homes end, and your name is taken off.")

LEFT: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
    (N_("Concerns, proposals and objections you wrote"), SHARED, (Concern.author_id, Proposal.author_id, Objection.author_id)),
    (N_("Votes and supports you gave"), DECIDED, (Ballot.cast_by, ProposalSupport.person_id, ConcernSupport.person_id)),
    (N_("Votes in which you might answer for a home"), DECIDED, (RollVoter.person_id, RollEntry.person_id)),
    (N_("Homes you lived in or owned"), VOICE, (Residence.person_id,)),
    (N_("Answers to evaluations"), HOMES, (EvaluationAnswer.person_id,)),
    (N_("Meetings you came to"), DECIDED, (Attendance.person_id,)),
    (N_("Meetings you were invited to"), DECIDED, (Invitation.person_id,)),
    (N_("Options, reasons and promises you put on the table"), DECIDED, (Option.added_by, Argument.person_id, Commitment.person_id)),
    (N_("Photos and papers you gave for a matter"), SHARED, (StoredFile.by_id,)),
    (
        N_("Minutes, reports, acceptances and projects you answered for"),
        SIGNED,
        (Minutes.written_by, Minutes.confirmed_by, ProgressReport.by_id, Acceptance.by_id, Project.executor_id, ProjectChange.by_id),
    ),
    (N_("Tasks, upkeeps and supervision you took on"), SIGNED, (Task.person_id, Upkeep.keeper_id, Supervision.person_id)),
    (N_("Roles you held"), SIGNED, (RoleHeld.person_id,)),
    (N_("Letters that were made out to you"), LETTERS, (Letter.person_id,)),
)
"""What an erasure leaves: what it is, why it stays, and the columns that name the person."""
GOES: frozenset[type[Stored]] = frozenset({Account, Message})
"""What is theirs and goes; logins and drafts with them."""


def stays(db: Session, person_id: str) -> list[Stays]:
    """What an erasure would leave, with how many rows and why; only what there is."""

    def count(columns: tuple[Any, ...]) -> int:
        by_table: dict[type[Stored], list[Any]] = {}
        for column in columns:
            by_table.setdefault(column.class_, []).append(col(column) == person_id)
        return sum(db.exec(select(func.count()).select_from(kind).where(or_(*named))).one() for kind, named in by_table.items())

    found = [Stays(what, count(columns), why) for what, why, columns in LEFT]
    return [each for each in found if each.count]


def answers_for(db: Session, person_id: str) -> bool:
    """Whether works or a meeting still wait for this person: carries out or supervises what is not accepted, chairs what is not over.

    A task, a promise or an upkeep does not hold them: an erasure gives it back.
    """
    watched = select(Supervision.project_id).where(Supervision.person_id == person_id, col(Supervision.ended_at).is_(None))
    works = select(Project.id).where(
        or_(col(Project.executor_id) == person_id, col(Project.id).in_(watched)), Project.state != ProjectState.ACCEPTED
    )
    chaired = select(Meeting.id).where(
        Meeting.chair_id == person_id, col(Meeting.state).in_((MeetingState.CONVENED, MeetingState.HELD))
    )
    return any(db.exec(each).first() is not None for each in (works, chaired))


@dataclass(frozen=True)
class Summary:
    """What the page about one's data says."""

    name: str
    erased: bool
    holds_role: bool
    answers_for: bool
    stays: tuple[Stays, ...]


def summary(actor: Actor, person_id: str) -> Summary:
    """For the person, or for an administrator. Raises NotFound, NotAllowed."""
    with reading(actor.community_id) as db:
        person = db.get(Person, person_id)
        if person is None:
            raise NotFound()
        if refusal := permission.why_not(db, actor, "person.export", person):
            raise refusal
        held = db.exec(select(RoleHeld.id).where(RoleHeld.person_id == person_id, col(RoleHeld.until).is_(None))).first()
        return Summary(person.name, person.erased_at is not None, held is not None, answers_for(db, person_id), tuple(stays(db, person_id)))
