"""Everything that is kept about one person: for the file they can take away, and for what an erasure leaves and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, or_, select

from models.account import Account, Login
from models.audit import Event
from models.base import Stored
from models.community import Unit
from models.concern import Concern, ConcernSupport
from models.evaluation import EvaluationAnswer
from models.file import StoredFile
from models.meeting import Attendance, Minutes
from models.notice import Objection
from models.people import Person, Residence, RoleHeld
from models.poll import Ballot
from models.project import Acceptance, ProgressReport, Project
from models.proposal import Proposal, ProposalDraft, ProposalSupport
from services import audit, permission
from services.actors import Actor
from services.db import SCOPED, reading
from services.errors import NotFound
from services.i18n import N_

SECRET = frozenset({"password_hash", "token_sha256", "form_token", "code_sha256", "ticket_sha256"})
"""Never handed out: digests of secrets."""


@dataclass(frozen=True)
class Kept:
    """All that names a person: rows by table, as plain JSON values; ids of their files; the acts recorded under their name."""

    person: dict[str, Any]
    tables: dict[str, list[dict[str, Any]]]
    files: tuple[tuple[str, str], ...]
    acts: tuple[dict[str, Any], ...]


def kept(db: Session, person_id: str) -> Kept:
    """Everything of this community that points at a person. Raises NotFound."""
    person = db.get(Person, person_id)
    if person is None:
        raise NotFound()
    tables = {name: rows for name, rows in _tables(db, person) if rows}
    files = db.exec(select(StoredFile.id, StoredFile.name).where(StoredFile.by_id == person_id, col(StoredFile.removed_at).is_(None)))
    acts = db.exec(select(Event).where(Event.community_id == person.community_id, Event.actor == person_id).order_by(col(Event.seq)))
    return Kept(
        person=audit.contents(person),
        tables=tables,
        files=tuple((str(file_id), str(name)) for file_id, name in files.all()),
        acts=tuple({"number": act.seq, "at": audit.plain(act.at), "action": act.action, "subject": act.subject} for act in acts.all()),
    )


def _tables(db: Session, person: Person) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    own_accounts = select(Account.id).where(Account.person_id == person.id)
    for kind in sorted(SCOPED, key=lambda each: str(each.__tablename__)):
        if kind is Login:
            wanted = select(Login).where(col(Login.account_id).in_(own_accounts))
        elif kind is ProposalDraft:
            wanted = select(ProposalDraft).where(ProposalDraft.owner == f"person:{person.id}")  # type: ignore[assignment]
        elif kind is Unit:
            homes = select(Residence.unit_id).where(Residence.person_id == person.id)
            wanted = select(Unit).where(col(Unit.id).in_(homes))  # type: ignore[assignment]
        elif named := [column for column in kind.__table__.columns if "person.id" in {key.target_fullname for key in column.foreign_keys}]:  # type: ignore[attr-defined]
            wanted = select(kind).where(or_(*(getattr(kind, column.key) == person.id for column in named)))  # type: ignore[assignment]
        else:
            continue
        yield str(kind.__tablename__), [_plain(row) for row in db.exec(wanted).all()]


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


def stays(db: Session, person_id: str) -> list[Stays]:
    """What an erasure would leave, with how many rows and why; only what there is."""

    def count(kind: type[Stored], *columns: Any) -> int:
        return db.exec(select(func.count()).select_from(kind).where(or_(*(col(column) == person_id for column in columns)))).one()

    found = [
        Stays(N_("Concerns, proposals and objections you wrote"),
              count(Concern, Concern.author_id) + count(Proposal, Proposal.author_id) + count(Objection, Objection.author_id), SHARED),
        Stays(N_("Votes and supports you gave"),
              count(Ballot, Ballot.cast_by) + count(ProposalSupport, ProposalSupport.person_id)
              + count(ConcernSupport, ConcernSupport.person_id),
              DECIDED),
        Stays(N_("Answers to evaluations"), count(EvaluationAnswer, EvaluationAnswer.person_id), HOMES),
        Stays(N_("Meetings you came to"), count(Attendance, Attendance.person_id), DECIDED),
        Stays(N_("Minutes, reports, acceptances and projects you answered for"),
              count(Minutes, Minutes.written_by, Minutes.confirmed_by) + count(ProgressReport, ProgressReport.by_id)
              + count(Acceptance, Acceptance.by_id) + count(Project, Project.executor_id), SIGNED),
        Stays(N_("Roles you held"), count(RoleHeld, RoleHeld.person_id), SIGNED),
    ]  # fmt: skip
    return [each for each in found if each.count]


@dataclass(frozen=True)
class Summary:
    """What the page about one's data says."""

    name: str
    erased: bool
    holds_role: bool
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
        return Summary(person.name, person.erased_at is not None, held is not None, tuple(stays(db, person_id)))
