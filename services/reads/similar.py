"""What has been said already: concerns and proposals that are close to a text, so that neighbours support one in place of filing two.

A stranger is shown where and how often, never what somebody else wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from models.community import Estate
from models.concern import Concern, ConcernSupport
from models.proposal import Proposal, ProposalSupport
from models.vocabulary import ConcernStage, Stage
from services import permission
from services.actors import Actor
from services.db import reading
from services.errors import Refusal
from services.rules.lifecycle import ENDED
from services.rules.similar import Index

CLOSE = 0.3
_made: dict[str, tuple[Any, Index]] = {}


@dataclass(frozen=True)
class Alike:
    """A matter that is close. `kind` is "concern" or "proposal"; `title` is "" for whom it is not shown; `voices` have said it so far.

    `supported`: the reader is one of them. `why_not`: why this reader cannot support it, None where they can.
    """

    kind: str
    id: str
    number: str
    title: str
    estate: str
    voices: int
    shared: tuple[str, ...]
    stage: Stage | ConcernStage
    mine: bool
    supported: bool
    why_not: Refusal | None


def alike(
    actor: Actor, text: str, *, estate_id: str = "", kinds: Sequence[str] = ("concern", "proposal"), but: Sequence[str] = (), most: int = 3
) -> tuple[Alike, ...]:
    """The closest matters that still run, best first; `estate_id` keeps to one estate where it is known; `but` are ids to leave out."""
    if len(text.strip()) < 4:
        return ()
    with reading(actor.community_id) as db:
        found = []
        for match in _index(db, str(actor.community_id)).nearest(text, most * 4, CLOSE):
            kind, _, row_id = match.key.partition(":")
            if kind in kinds and row_id not in but and (one := _one(db, actor, kind, row_id, match.shared, estate_id)):
                found.append(one)
        return tuple(found[:most])


def _index(db: Session, community: str) -> Index:
    """The texts of this community, compared anew only after one was added or changed."""
    concerns = db.exec(select(func.count(), func.max(Concern.filed_at)).select_from(Concern)).one()
    proposals = db.exec(select(func.count(), func.max(Proposal.filed_at), func.sum(Proposal.version)).select_from(Proposal)).one()
    mark = (str(db.get_bind().url), tuple(map(str, concerns)), tuple(map(str, proposals)))  # type: ignore[union-attr]
    kept = _made.get(community)
    if kept is None or kept[0] != mark:
        texts = [
            (f"concern:{row_id}", f"{text} {place}") for row_id, text, place in db.exec(select(Concern.id, Concern.text, Concern.place))
        ]
        rows = db.exec(select(Proposal.id, Proposal.title, Proposal.problem, Proposal.place)).all()
        texts += [(f"proposal:{row_id}", f"{title} {problem} {place}") for row_id, title, problem, place in rows]
        kept = _made[community] = (mark, Index(texts))
    return kept[1]


def _one(db: Session, actor: Actor, kind: str, row_id: str, shared: tuple[str, ...], estate_id: str) -> Alike | None:
    row = db.get(Concern, row_id) if kind == "concern" else db.get(Proposal, row_id)
    if row is None or row.stage in ENDED or row.stage is ConcernStage.CLOSED:
        return None
    if estate_id and row.estate_id and row.estate_id != estate_id:
        return None
    estate = db.get(Estate, row.estate_id) if row.estate_id else None
    mine = actor.person_id is not None and row.author_id == actor.person_id
    if isinstance(row, Concern):
        if row.stage is ConcernStage.PROPOSED:
            return None  # the proposal that came of it stands for it
        voices = 1 + db.exec(select(func.count()).select_from(ConcernSupport).where(ConcernSupport.concern_id == row.id)).one()
        title = row.text if actor.person_id else ""
        refusal = permission.why_not(db, actor, "concern.support", row)
    else:
        live = (ProposalSupport.proposal_id == row.id, col(ProposalSupport.withdrawn_at).is_(None))
        voices = db.exec(select(func.count()).select_from(ProposalSupport).where(*live)).one()
        title = row.title
        refusal = permission.why_not(db, actor, "proposal.support", row)
    return Alike(
        kind, row.id, row.number, title, estate.name if estate else "", voices, shared, row.stage, mine,
        _supported(db, actor, kind, row.id), refusal,
    )  # fmt: skip


def _supported(db: Session, actor: Actor, kind: str, row_id: str) -> bool:
    if actor.person_id is None:
        return False
    if kind == "concern":
        own = select(ConcernSupport.id).where(ConcernSupport.concern_id == row_id, ConcernSupport.person_id == actor.person_id)
    else:
        live = (ProposalSupport.proposal_id == row_id, col(ProposalSupport.withdrawn_at).is_(None))
        own = select(ProposalSupport.id).where(*live, ProposalSupport.person_id == actor.person_id)
    return db.exec(own).first() is not None


def supported(actor: Actor, kind: str, row_id: str) -> bool:
    """Whether this reader supports the concern or the proposal already."""
    with reading(actor.community_id) as db:
        return _supported(db, actor, kind, row_id)


def voices(actor: Actor, concern_id: str | None) -> int:
    """How many people have said this concern so far, its author with them; 0 for an unknown one."""
    with reading(actor.community_id) as db:
        row = db.get(Concern, concern_id) if concern_id else None
        if row is None:
            return 0
        return 1 + db.exec(select(func.count()).select_from(ConcernSupport).where(ConcernSupport.concern_id == row.id)).one()
