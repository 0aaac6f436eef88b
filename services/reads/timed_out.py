"""Matters whose notice or evaluation is over by the clock: the stage moves on with the next act, and until then lists say so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from models.evaluation import Evaluation
from models.notice import Notice, Objection
from models.proposal import Proposal
from models.vocabulary import Stage
from services import clock
from services.reads.open_objections import UNSETTLED


def timed_out(db: Session, proposals: Iterable[Proposal]) -> set[str]:
    """The ids of those whose notice, with no objection open, or whose evaluation has no time left; as `whose_turn.now` has it for one."""
    stages = {each.id: each.stage for each in proposals if each.stage in (Stage.NOTICE, Stage.EVALUATING)}
    if not stages:
        return set()
    shown = select(Notice).where(col(Notice.proposal_id).in_([key for key, stage in stages.items() if stage is Stage.NOTICE]))
    notices = {each.proposal_id: each for each in db.exec(shown.order_by(col(Notice.starts_at))).all()}  # the last one of each
    waiting = select(Objection.notice_id).where(col(Objection.notice_id).in_([each.id for each in notices.values()]), *UNSETTLED)
    open_ = set(db.exec(waiting).all()) if notices else set()
    ends: dict[str, datetime] = {key: each.ends_at for key, each in notices.items() if each.id not in open_}
    asked = select(Evaluation).where(col(Evaluation.proposal_id).in_([key for key, stage in stages.items() if stage is Stage.EVALUATING]))
    ends |= {each.proposal_id: each.ends_at for each in db.exec(asked).all()}
    return {key for key, at in ends.items() if clock.now() >= at}
