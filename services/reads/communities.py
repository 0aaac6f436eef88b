"""The communities of this installation, for whoever has not signed in and wants to look at another one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import select

from models.community import Community
from services.db import EVERYWHERE, reading


@dataclass(frozen=True)
class Choice:
    """A community that can be looked at."""

    id: str
    slug: str
    name: str
    federation: str


def choices() -> tuple[Choice, ...]:
    """All communities, by federation and name."""
    with reading(EVERYWHERE) as db:
        rows = db.exec(select(Community).order_by(Community.federation, Community.name)).all()
        return tuple(Choice(row.id, row.slug, row.name, row.federation) for row in rows)


def known(slug: str) -> bool:
    """Whether a community has this slug."""
    with reading(EVERYWHERE) as db:
        return db.exec(select(Community.id).where(Community.slug == slug)).first() is not None
