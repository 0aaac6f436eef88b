"""Numbers people can say on the phone: prefix, local year, counter within the community, for example T-2026-0317."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from models.base import Stored
from services.work import Work


def next_number(work: Work, prefix: str, kind: type[Stored]) -> str:
    """The next free number of `kind` (which has `number` and `community_id`), in the year on the community's wall.

    Two at once meet at the unique key of the table where it has one; on PostgreSQL the community row is locked first.
    """
    community = work.db.get_one(type(work.community), work.community_id, with_for_update=True)
    year = work.moment.astimezone(ZoneInfo(community.time_zone)).year
    start = f"{prefix}-{year}-"
    number = kind.number  # type: ignore[attr-defined]
    longest = (func.length(col(number)).desc(), col(number).desc())  # as text "9999" comes after "10000"
    last = work.db.exec(select(number).where(col(number).startswith(start)).order_by(*longest).limit(1)).first()
    return f"{start}{int(last.removeprefix(start)) + 1 if last else 1:04d}"
