"""Which community a command means: the one that was named, or the only one there is."""

from __future__ import annotations

from services import db
from services.errors import Invalid
from services.reads import evidence
from services.reads.evidence import Known


def community(named: str | None) -> Known:
    """The community of this id, short name or name. Raises Invalid where there is none, or several and none was named."""
    with db.reading(db.EVERYWHERE) as session:
        known = evidence.communities(session)
    names = ", ".join(each.slug for each in known)
    if not known:
        raise Invalid("There is no community yet. Start the server and open /first-run.")
    if named is None and len(known) > 1:
        raise Invalid("There are several communities; name one with --community: {names}.", names=names)
    found = next((each for each in known if named in (None, each.id, each.slug, each.name)), None)
    if found is None:
        raise Invalid("There is no community {slug}; there are: {names}.", slug=named, names=names)
    return found
