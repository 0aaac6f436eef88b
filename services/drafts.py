"""What somebody is typing, saved as they type: nothing is lost by a reload, a restart or a broken line."""

from __future__ import annotations

from typing import Any

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
    draft = find(work, kind)
    if draft is None:
        draft = ProposalDraft(
            id=work.new_id(),
            community_id=work.community_id,
            owner=work.actor.owner,
            kind=kind,
            content=content,
            step=step,
            saved_at=work.moment,
        )
        work.add(draft)
    else:
        draft.content, draft.step, draft.saved_at = dict(content), step, work.moment
    return draft


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
