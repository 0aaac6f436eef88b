"""What a form begins with: the estates to choose from, the sender's own one, and the draft that was left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from models.community import Community, Estate, Unit
from models.concern import Concern
from models.file import StoredFile
from models.proposal import Proposal, ProposalDraft, StageChange
from models.vocabulary import Category, ConcernStage, Move, Stage
from services import permission
from services.actors import Actor
from services.db import reading
from services.errors import NotFound, Refusal
from services.reads.stored_files import Shown, files_of, shown
from services.rules.amounts import typed_of
from services.rules.community_figures import figure
from services.rules.lifecycle import ENDED


@dataclass(frozen=True)
class Draft:
    """What was left: its fields as typed, the step it stood at, when it was kept."""

    content: dict[str, Any]
    step: int
    saved_at: datetime


@dataclass(frozen=True)
class Ground:
    """`estates` are (id, name); `home` is the estate of the sender's own home, or the only one; `files` belong to the draft."""

    community: str
    zone: str
    office_phone: str
    estates: tuple[tuple[str, str], ...]
    home: str
    draft: Draft | None
    files: tuple[Shown, ...]
    answer_hours: int
    supporters_needed: int
    review_days: int
    why_not: Refusal | None = None


@dataclass(frozen=True)
class Origin:
    """The concern that a proposal comes of."""

    id: str
    number: str
    text: str
    place: str
    estate_id: str
    category: str
    files: tuple[Shown, ...] = ()

    def not_in(self, kept: Sequence[Shown]) -> tuple[Shown, ...]:
        """Its files that are not among those that `kept` names."""
        have = {(each.name, each.size) for each in kept}
        return tuple(each for each in self.files if (each.name, each.size) not in have)

    def fields(self, home: str) -> dict[str, str]:
        """What the form of a proposal takes over; `home`: the estate where the concern names none."""
        return {
            "concern_id": self.id,
            "concern": self.number,
            "problem": self.text,
            "place": self.place,
            "category": self.category,
            "estate_id": self.estate_id or home,
        }


@dataclass(frozen=True)
class Returned:
    """A proposal that came back: what it says now, why it came back, who may complete it."""

    id: str
    number: str
    version: int
    fields: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    returned_at: datetime | None = None
    files: tuple[Shown, ...] = ()


def ground(actor: Actor, kind: str, action: str) -> Ground:
    """For a form that keeps its draft under `kind` and ends in `action`. Raises NotFound before a community is set up."""
    with reading(actor.community_id) as db:
        community = db.get(Community, actor.community_id) if actor.community_id else None
        if community is None:
            raise NotFound()
        estates = tuple((each.id, each.name) for each in db.exec(select(Estate).order_by(Estate.name)).all())
        own = select(Unit.estate_id).where(col(Unit.id).in_(actor.units)).order_by(Unit.id)
        home = db.exec(own).first() or (estates[0][0] if len(estates) == 1 else "")
        return Ground(
            community.name, community.time_zone, community.office_phone, estates, home, _draft(db, actor, kind), _files(db, actor, kind),
            figure(community.figures, "first_answer_hours"), figure(community.figures, "supporters_needed"),
            figure(community.figures, "review_days"), permission.why_not(db, actor, action),
        )  # fmt: skip


def draft(actor: Actor, kind: str) -> Draft | None:
    """The draft of `kind` that this reader left."""
    with reading(actor.community_id) as db:
        return _draft(db, actor, kind)


def draft_files(actor: Actor, kind: str) -> tuple[Shown, ...]:
    """The files that this reader kept with the draft of `kind`, oldest first."""
    with reading(actor.community_id) as db:
        return _files(db, actor, kind)


def estates(actor: Actor) -> tuple[tuple[str, str], ...]:
    """(id, name) of the community's estates."""
    with reading(actor.community_id) as db:
        return tuple((each.id, each.name) for each in db.exec(select(Estate).order_by(Estate.name)).all())


def _draft(db: Session, actor: Actor, kind: str) -> Draft | None:
    if not actor.owner:
        return None
    row = db.exec(select(ProposalDraft).where(ProposalDraft.owner == actor.owner, ProposalDraft.kind == kind)).first()
    return Draft(dict(row.content), row.step, row.saved_at) if row else None


def _files(db: Session, actor: Actor, kind: str) -> tuple[Shown, ...]:
    mine = select(StoredFile).where(StoredFile.about == f"draft:{kind}", StoredFile.visitor == actor.owner, StoredFile.visitor != "")
    return shown(list(db.exec(mine.where(col(StoredFile.removed_at).is_(None)).order_by(col(StoredFile.at))).all()))


def origin(actor: Actor, concern_id: str | None) -> Origin | None:
    """The concern that a proposal is to be made of: for its author and the desk, and not once it is closed. Else None."""
    if not concern_id or actor.person_id is None:
        return None
    with reading(actor.community_id) as db:
        row = db.get(Concern, concern_id)
        if row is None or row.stage is ConcernStage.CLOSED:
            return None
        if row.author_id != actor.person_id and permission.why_not(db, actor, "concern.see_inbox"):
            return None
        category = "" if row.category is Category.HAZARD else row.category.value
        return Origin(row.id, row.number, row.text, row.place, row.estate_id or "", category, files_of(db, f"concern:{row.id}"))


def in_these_words(db: Session, actor: Actor, values: dict[str, Any], concern_id: str | None) -> Proposal | None:
    """The reader's own proposal with the very `values` (as `proposals.look_over` gives them) that has not ended; else None."""
    own = select(Proposal).where(Proposal.author_id == actor.person_id, Proposal.concern_id == concern_id)
    same = (getattr(Proposal, name) == value for name, value in values.items())
    own = own.where(col(Proposal.stage).not_in(ENDED), *same)
    return db.exec(own.order_by(col(Proposal.filed_at).desc())).first()


def is_there(actor: Actor, values: dict[str, Any], concern_id: str | None) -> bool:
    """Whether filing this again makes none: there is a proposal `in_these_words`, and the draft brings no files to it."""
    with reading(actor.community_id) as db:
        return not _files(db, actor, "proposal") and in_these_words(db, actor, values, concern_id) is not None


def drafts_of(actor: Actor, action: str, subject: str) -> list[str]:
    """Under which names this reader's forms of an action about a subject are kept: some carry more than the subject in their name."""
    with reading(actor.community_id) as db:
        mine = select(ProposalDraft.kind).where(ProposalDraft.owner == actor.owner)
        kind, name = col(ProposalDraft.kind), f"{action}:{subject}"
        return sorted(db.exec(mine.where(or_(kind == name, kind.startswith(f"{name}:", autoescape=True)))).all())


def returned(actor: Actor, proposal_id: str | None) -> Returned:
    """A proposal that its author may complete now. Raises NotFound, and for its author the refusal that says why not."""
    with reading(actor.community_id) as db:
        row = db.get(Proposal, proposal_id) if proposal_id else None
        if row is None:
            raise NotFound()
        refusal = permission.why_not(db, actor, "proposal.resubmit", row)
        if refusal is not None:
            raise refusal if row.author_id == actor.person_id else NotFound()
        last = db.exec(
            select(StageChange)
            .where(StageChange.proposal_id == row.id, StageChange.move == Move.RETURN)
            .order_by(col(StageChange.at).desc())
        ).first()
        return Returned(
            row.id, row.number, row.version, _fields(row), last.reason if last else "", last.at if last else None,
            files_of(db, f"proposal:{row.id}"),
        )  # fmt: skip


def is_filed(actor: Actor, proposal_id: str) -> bool:
    """Whether there is such a proposal of this reader's own."""
    with reading(actor.community_id) as db:
        return _own(db, actor, proposal_id) is not None


def completed(actor: Actor, proposal_id: str, seen: str) -> dict[str, Any]:
    """The fields with which the reader's own proposal, returned in version `seen`, was filed again; nothing while it was not."""
    with reading(actor.community_id) as db:
        row = _own(db, actor, proposal_id)
        done = row is not None and row.stage is not Stage.RETURNED and str(row.version - 1) == seen
        return _fields(row) if row is not None and done else {}


def _fields(row: Proposal) -> dict[str, Any]:
    names = ("title", "problem", "plan", "place", "estate_id", "beneficiaries", "carried_out_by")
    return {name: getattr(row, name) for name in names} | {"category": row.category.value, "cost": typed_of(row.cost_fen)}


def _own(db: Session, actor: Actor, proposal_id: str | None) -> Proposal | None:
    row = db.get(Proposal, proposal_id) if proposal_id else None
    return row if row is not None and actor.person_id is not None and row.author_id == actor.person_id else None


@dataclass(frozen=True)
class Filed:
    """A proposal that was just filed, or filed again at `filed_at`, for its receipt."""

    id: str
    number: str
    title: str
    stage: Stage
    filed_at: datetime
    stage_since: datetime
    zone: str
    supporters: int
    supporters_needed: int
    review_days: int


def filed(actor: Actor, proposal_id: str | None) -> Filed:
    """The receipt of one's own proposal. Raises NotFound."""
    from services.reads.proposals import supporters_of

    with reading(actor.community_id) as db:
        row = _own(db, actor, proposal_id)
        if row is None:
            raise NotFound()
        community = db.get_one(Community, row.community_id)
        again = select(StageChange.at).where(StageChange.proposal_id == row.id, StageChange.move == Move.RESUBMIT)
        at = db.exec(again.order_by(col(StageChange.at).desc())).first() or row.filed_at
        return Filed(
            row.id, row.number, row.title, row.stage, at, row.stage_since, community.time_zone,
            supporters_of(db, [row.id])[row.id], row.supporters_needed, figure(community.figures, "review_days"),
        )  # fmt: skip
