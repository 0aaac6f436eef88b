"""What an administrator looks at: roles held, settings, the installation, the log with its newest checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from models.audit import Event, LogHead
from models.community import Community
from models.people import Body, Person, RoleHeld
from models.vocabulary import Role
from services import audit, permission
from services.actors import Actor
from services.db import reading
from services.errors import NotFound, Refusal
from services.reads import checkpoints, searching
from services.reads.checkpoints import Shown
from services.reads.remembered import remembered
from services.reads.subjects import UNSAID, Subject, subjects
from services.rules.community_figures import FIGURES, figure

SIZE = 25


@dataclass(frozen=True)
class Held:
    """A role somebody holds or held."""

    id: str
    person_id: str
    person: str
    role: Role
    body: str
    since: datetime
    granted_by: str
    until: datetime | None


@dataclass(frozen=True)
class Roles:
    """Roles held now and the last that ended; who may hold one and for which body.

    `people` are told apart by the end of their phone number where one is chosen; `names` are the names alone.
    """

    now: tuple[Held, ...]
    past: tuple[Held, ...]
    people: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]
    bodies: tuple[tuple[str, str], ...]
    zone: str


@remembered
def roles(actor: Actor) -> Roles:
    """Raises NotAllowed for whoever grants no roles."""
    with reading(actor.community_id) as db:
        _require(db, actor, "role.grant")
        names = dict(db.exec(select(Person.id, Person.name)).all())
        bodies = {row.id: row.name for row in db.exec(select(Body).order_by(Body.name)).all()}
        rows = db.exec(select(RoleHeld).order_by(col(RoleHeld.since), RoleHeld.id)).all()
        held = [
            Held(row.id, row.person_id, names.get(row.person_id, ""), Role(row.role), bodies.get(row.body_id or "", ""), row.since,
                 names.get(row.granted_by or "", ""), row.until)
            for row in rows
        ]  # fmt: skip
        able = select(Person.id, Person.name, Person.phone).where(col(Person.erased_at).is_(None), col(Person.adult).is_(True))
        adults = db.exec(able.order_by(Person.name, Person.id)).all()
        return Roles(
            now=tuple(each for each in held if each.until is None),
            past=tuple(sorted((each for each in held if each.until), key=lambda each: each.until or each.since, reverse=True)[:20]),
            people=tuple((key, f"{name} {phone[-4:]}".strip()) for key, name, phone in adults),
            names=tuple((key, name) for key, name, _ in adults),
            bodies=tuple(bodies.items()),
            zone=db.get_one(Community, actor.community_id).time_zone,
        )


def _require(db: Session, actor: Actor, action: str) -> None:
    if refusal := permission.why_not(db, actor, action):
        raise refusal


def why_not(actor: Actor, action: str) -> Refusal | None:
    """Whether the reader may do this in their community at all."""
    with reading(actor.community_id) as db:
        return permission.why_not(db, actor, action)


@dataclass(frozen=True)
class Settings:
    """The community's settings: each figure with its least and most."""

    name: str
    slug: str
    federation: str
    office_phone: str
    language: str
    zone: str
    figures: tuple[tuple[str, int, int, int], ...]


def settings(actor: Actor) -> Settings:
    """Raises NotAllowed for whoever may not change them."""
    with reading(actor.community_id) as db:
        _require(db, actor, "community.change")
        row = db.get_one(Community, actor.community_id)
        figures = tuple((name, figure(row.figures, name), least, most) for name, (_, least, most) in FIGURES.items())
        return Settings(row.name, row.slug, row.federation, row.office_phone, row.language, row.time_zone, figures)


@dataclass(frozen=True)
class Line:
    """One act of the log; `who` is a name for whoever may see the log, "" for a visitor or the workspace itself.

    `known`: what the act was about, in words; None where it is gone or has none, and `subject` has to do.
    """

    seq: int
    at: datetime
    actor: str
    who: str
    action: str
    subject: str
    known: Subject | None
    facts: tuple[tuple[str, str], ...]
    rows: int


@dataclass(frozen=True)
class Log:
    """A page of the log, the newest first; `total` fit."""

    lines: tuple[Line, ...]
    total: int
    size: int
    actions: tuple[str, ...]
    checkpoint: Shown | None
    zone: str


def log(actor: Actor, *, action: str = "", who: str = "", page: int = 1) -> Log:
    """The acts of the community; `who` is part of a name. Raises NotAllowed."""
    with reading(actor.community_id) as db:
        _require(db, actor, "evidence.export")
        if actor.community_id is None:
            raise NotFound()
        here = Event.community_id == actor.community_id
        fits = [here]
        if action:
            fits.append(Event.action == action)
        for word in searching.words(who):
            fits.append(col(Event.actor).in_(select(Person.id).where(searching.says(word, Person.name))))  # type: ignore[arg-type]
        total = db.exec(select(func.count()).select_from(Event).where(*fits)).one()
        wanted = select(Event).where(*fits).order_by(col(Event.seq).desc()).offset((max(page, 1) - 1) * SIZE).limit(SIZE)
        rows = db.exec(wanted).all()
        named = select(Person.id, Person.name).where(col(Person.id).in_({row.actor for row in rows}))
        names = {str(person_id): str(name) for person_id, name in db.exec(named).all()}
        head = db.get(LogHead, actor.community_id)
        known = subjects(db, (row.subject for row in rows if row.action not in UNSAID))
        return Log(
            lines=tuple(_line(row, names, None if row.action in UNSAID else known.get(row.subject)) for row in rows),
            total=total,
            size=head.size if head else 0,
            actions=tuple(sorted(db.exec(select(Event.action).where(here).distinct()).all())),
            checkpoint=checkpoints.newest(db, actor.community_id),
            zone=db.get_one(Community, actor.community_id).time_zone,
        )


def _line(row: Event, names: dict[str, str], known: Subject | None) -> Line:
    facts = tuple((name, str(value)) for name, value in sorted(audit.facts_of(row).items()) if value is not None)
    return Line(row.seq, row.at, row.actor, names.get(row.actor, ""), row.action, row.subject, known, facts, row.line.count('"table":'))
