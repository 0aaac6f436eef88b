"""Imports every table file, so that the metadata is whole; names what is not audited and what belongs to no community."""

from models import account, audit, community, concern, evaluation, file, meeting, notice, people, poll, project, proposal
from models.base import Stored

MODULES = (account, audit, community, concern, evaluation, file, meeting, notice, people, poll, project, proposal)
metadata = Stored.metadata

# Not audited, each for its reason.
EXEMPT = {
    "log_head": "the log itself",
    "event": "the log itself",
    "event_row": "the log itself",
    "checkpoint": "the log itself",
    "head": "a counter for live views",
    "lease": "who ticks now",
    "login": "its coming and going is recorded as events; its last use is nobody's evidence",
    "attempt": "failures at a door, kept for an hour",
    "proposal_draft": "private until it is filed",
    "installation": "one row about this machine, older than any log; the acts that change it are recorded as events",
    "message": "made from recorded acts; losing one changes nothing",
}

# Belongs to no community.
INSTALLATION_WIDE = {"community", "attempt", "head", "lease", "installation", "log_head", "event", "event_row", "checkpoint"}
