"""The desk's inbox: concerns with their clocks, late first; figures of the month; who can take one over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from statistics import median
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from models.community import Community, Estate, Grid
from models.concern import Concern, ConcernSupport
from models.people import Person, RoleHeld
from models.vocabulary import Category, ConcernStage, Role
from services import clock, permission
from services.actors import Actor
from services.db import reading
from services.errors import Refusal
from services.reads import searching
from services.reads.remembered import remembered
from services.rules import due

SETS = ("waiting", "late", "today", "answered", "ended")
"""What the inbox shows: no answer yet, among them late and due today, answered, ended (closed, or a proposal came of it)."""


@dataclass(frozen=True)
class Row:
    """A concern on the list. `clock` is None once it has its first answer; `holder` is "" where nobody has taken it."""

    id: str
    number: str
    text: str
    place: str
    estate: str
    category: Category
    stage: ConcernStage
    filed_at: datetime
    due_at: datetime
    answered_at: datetime | None
    supporters: int
    holder: str
    clock: due.Clock | None


@dataclass(frozen=True)
class Figures:
    """Five figures: without an answer, late, due today; median of the first answers of this month (None: none yet); answered of all."""

    waiting: int
    late: int
    today: int
    median: timedelta | None
    answered: int
    all: int

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.answered, self.all) if self.all else None


@dataclass(frozen=True)
class Holder:
    """Somebody who can hold a concern, and the grids they look after."""

    id: str
    name: str
    grids: tuple[str, ...]


@dataclass(frozen=True)
class Inbox:
    """One page of concerns that fit, and what stands around it."""

    rows: tuple[Row, ...]
    total: int
    figures: Figures
    desk: tuple[Holder, ...]
    zone: str
    now: datetime


def why_not(actor: Actor) -> Refusal | None:
    """Why somebody may not see the inbox."""
    with reading(actor.community_id) as db:
        return permission.why_not(db, actor, "concern.see_inbox")


@remembered
def counts(actor: Actor, *, category: str = "", estate_id: str = "", search: str = "", holder: str = "") -> Mapping[str, int]:
    """How many of each set fit the filters. Raises NotAllowed."""
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "concern.see_inbox"):
            raise refusal
        zone = db.get_one(Community, str(actor.community_id)).time_zone
        return MappingProxyType(_counts(db, _where(actor, category, estate_id, search, holder), clock.now(), zone))


def _counts(db: Session, where: list[Any], now: datetime, zone: str) -> dict[str, int]:
    end = clock.end_of(clock.day_of(now, zone), zone)
    return {name: db.exec(select(func.count()).select_from(Concern).where(*where, *_in(name, now, end))).one() for name in SETS}


def whole(
    actor: Actor,
    *,
    within: str = "waiting",
    category: str = "",
    estate_id: str = "",
    search: str = "",
    holder: str = "",
    page: int = 1,
    size: int = 8,
) -> Inbox:
    """A page of the inbox, the most pressing first, read anew: for files, which hold all of it. `holder`: "me", "nobody" or "".

    Raises NotAllowed.
    """
    with reading(actor.community_id) as db:
        if refusal := permission.why_not(db, actor, "concern.see_inbox"):
            raise refusal
        community = db.get_one(Community, str(actor.community_id))
        now = clock.now()
        end = clock.end_of(clock.day_of(now, community.time_zone), community.time_zone)
        where = _where(actor, category, estate_id, search, holder)
        chosen = within if within in SETS else "waiting"
        total = db.exec(select(func.count()).select_from(Concern).where(*where, *_in(chosen, now, end))).one()
        at = max(1, min(page, -(-total // size)))
        found = db.exec(
            select(Concern).where(*where, *_in(chosen, now, end)).order_by(*_order(chosen)).offset((at - 1) * size).limit(size)
        ).all()
        estates = dict(db.exec(select(Estate.id, Estate.name)).all())
        return Inbox(_rows(db, found, estates, now), total, _figures(db, now, end, community.time_zone), desk(db), community.time_zone, now)


inbox = remembered(whole)
"""The same, kept until something changes: for pages."""


def _where(actor: Actor, category: str, estate_id: str, search: str, holder: str) -> list[Any]:
    where: list[Any] = []
    if category in {each.value for each in Category}:
        where.append(Concern.category == Category(category))
    if estate_id:
        where.append(Concern.estate_id == estate_id)
    if holder == "me":
        where.append(Concern.holder_id == actor.person_id)
    elif holder == "nobody":
        where.append(col(Concern.holder_id).is_(None))
    spots = (Concern.text, Concern.place, Concern.number, Concern.visitor_name)
    return [*where, *(searching.says(word, *spots) for word in searching.words(search))]


def _in(name: str, now: datetime, end_of_today: datetime) -> list[Any]:
    waits = Concern.stage == ConcernStage.OPEN
    match name:
        case "late":
            return [waits, col(Concern.due_at) <= now]
        case "today":
            return [waits, col(Concern.due_at) > now, col(Concern.due_at) < end_of_today]
        case "answered":
            return [Concern.stage == ConcernStage.ANSWERED]
        case "ended":
            return [col(Concern.stage).in_((ConcernStage.CLOSED, ConcernStage.PROPOSED))]
    return [waits]


def _order(name: str) -> tuple[Any, ...]:
    if name in ("answered", "ended"):
        return (func.coalesce(Concern.answered_at, Concern.filed_at).desc(), col(Concern.number).desc())
    return (col(Concern.due_at), Concern.number)


def _rows(db: Session, found: Any, estates: dict[str, str], now: datetime) -> tuple[Row, ...]:
    ids = [each.id for each in found]
    voices = select(ConcernSupport.concern_id, func.count()).where(col(ConcernSupport.concern_id).in_(ids))
    counts = dict(db.exec(voices.group_by(ConcernSupport.concern_id)).all())
    people = {each.holder_id for each in found if each.holder_id}
    names = dict(db.exec(select(Person.id, Person.name).where(col(Person.id).in_(people))).all())
    return tuple(
        Row(
            each.id, each.number, each.text, each.place, estates.get(each.estate_id or "", ""), each.category, each.stage, each.filed_at,
            each.due_at, each.answered_at, counts.get(each.id, 0), names.get(each.holder_id or "", ""),
            due.clock(each.due_at, now) if each.stage is ConcernStage.OPEN else None,
        )
        for each in found
    )  # fmt: skip


def _figures(db: Session, now: datetime, end_of_today: datetime, zone: str) -> Figures:
    def count(*where: Any) -> int:
        return db.exec(select(func.count()).select_from(Concern).where(*where)).one()

    first = clock.utc(now.astimezone(ZoneInfo(zone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0))
    took = [
        int((answered - filed).total_seconds())
        for filed, answered in db.exec(select(Concern.filed_at, Concern.answered_at).where(col(Concern.answered_at) >= first)).all()
        if answered
    ]
    return Figures(
        count(*_in("waiting", now, end_of_today)), count(*_in("late", now, end_of_today)), count(*_in("today", now, end_of_today)),
        timedelta(seconds=int(median(took))) if took else None, count(col(Concern.answered_at).is_not(None)), count(),
    )  # fmt: skip


def desk(db: Session) -> tuple[Holder, ...]:
    """Those who can hold a concern: grid workers by their grids, then the committee."""
    held = db.exec(
        select(RoleHeld.person_id, RoleHeld.role).where(
            col(RoleHeld.role).in_((Role.GRID_WORKER, Role.COMMITTEE)), col(RoleHeld.until).is_(None)
        )
    ).all()
    workers = {person for person, role in held if role is Role.GRID_WORKER}
    names = dict(db.exec(select(Person.id, Person.name).where(col(Person.id).in_({person for person, _ in held}))).all())
    grids: dict[str, list[str]] = {}
    for worker, name in db.exec(select(Grid.worker_id, Grid.name).where(col(Grid.worker_id).is_not(None)).order_by(Grid.name)):
        grids.setdefault(str(worker), []).append(name)
    rows = [Holder(key, names[key], tuple(grids.get(key, ()))) for key in names]
    return tuple(sorted(rows, key=lambda row: (row.id not in workers, row.grids, row.name)))


def people(actor: Actor) -> tuple[Holder, ...]:
    """As `desk`, for a page that shows one concern."""
    with reading(actor.community_id) as db:
        return desk(db) if permission.why_not(db, actor, "concern.see_inbox") is None else ()
