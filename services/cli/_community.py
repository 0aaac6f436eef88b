"""Which community a command means: the one that was named, or the only one there is."""

from __future__ import annotations

from sqlmodel import col, select

from models.community import Community
from services import db
from services.errors import Invalid


def community(slug: str | None) -> tuple[str, str]:
    """Id and short name. Raises Invalid where there is none, none of this name, or several and none was named."""
    with db.reading(db.EVERYWHERE) as session:
        rows = session.exec(select(Community).order_by(col(Community.created_at), Community.id)).all()
        known = {row.slug: row.id for row in rows}
    if not known:
        raise Invalid("There is no community yet. Start the server and open /first-run.")
    if slug is None and len(known) > 1:
        raise Invalid("There are several communities; name one with --community: {names}.", names=", ".join(known))
    chosen = slug or next(iter(known))
    if chosen not in known:
        raise Invalid("There is no community {slug}; there are: {names}.", slug=chosen, names=", ".join(known))
    return known[chosen], chosen
