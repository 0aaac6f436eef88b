"""Objections that wait for their ruling: while there is one, its notice does not end."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.notice import Objection

UNSETTLED = (col(Objection.ruled_at).is_(None), col(Objection.withdrawn_at).is_(None))


def unsettled(notice_id: str) -> SelectOfScalar[Objection]:
    """Those against this notice, the first one lodged first."""
    return select(Objection).where(Objection.notice_id == notice_id, *UNSETTLED).order_by(col(Objection.at), Objection.id)
