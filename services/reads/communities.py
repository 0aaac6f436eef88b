"""The communities of this installation, for whoever has not signed in and wants to look at another one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from sqlmodel import select

from models.community import Community
from services.actors import Actor
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


def slug_of(community_id: str | None) -> str:
    """The slug of a community, "" for none."""
    return next((each.slug for each in choices() if each.id == community_id), "")


def way(community_id: str, path: str, actor: Actor) -> str:
    """The way to a page of a community: through its own door for a visitor whose browser looks at another one."""
    if actor.community_id == community_id or actor.person_id is not None:
        return path
    slug = slug_of(community_id)
    return f"/c/{slug}?next={quote(path, safe='')}" if slug else path


def known(slug: str) -> bool:
    """Whether a community has this slug."""
    with reading(EVERYWHERE) as db:
        return db.exec(select(Community.id).where(Community.slug == slug)).first() is not None
