"""What somebody is typing, saved as they type: nothing is lost by a reload, a restart or a broken line."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import select

from models.proposal import ProposalDraft
from services.errors import Invalid, NotAllowed
from services.work import Work

LONGEST = 200_000


def save(work: Work, *, kind: str, content: dict[str, Any], step: int = 1) -> ProposalDraft:
    """Keep `content` as this owner's draft of `kind`. Not recorded: a draft is private.

    JSON of 200 000 characters at most: a field may hold too much until it is shortened.
    """
    if not work.actor.owner:
        raise NotAllowed("Please sign in first.")
    if sum(len(str(value)) for value in content.values()) > LONGEST:
        raise Invalid("This has become too long to keep. Please shorten it.", field="text")
    # In one statement: of two presses at once the second writes over the first, instead of meeting it at the unique key.
    insert = sqlite.insert if work.alone else postgresql.insert
    told = {"content": content, "step": step, "saved_at": work.moment}
    row = {"id": work.new_id(), "community_id": work.community_id, "owner": work.actor.owner, "kind": kind, **told}
    kept = insert(ProposalDraft).values(row).on_conflict_do_update(index_elements=["community_id", "owner", "kind"], set_=told)
    return work.db.scalars(kept.returning(ProposalDraft), execution_options={"populate_existing": True}).one()


def find(work: Work, kind: str) -> ProposalDraft | None:
    """This owner's draft of `kind`, or None."""
    if not work.actor.owner:
        return None
    return work.db.exec(select(ProposalDraft).where(ProposalDraft.owner == work.actor.owner, ProposalDraft.kind == kind)).first()


def discard(work: Work, kind: str) -> None:
    """Forget this owner's draft of `kind`, where there is one."""
    if draft := find(work, kind):
        work.db.delete(draft)
        work.db.flush()
