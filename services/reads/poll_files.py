"""A vote as files: poll.json to recount it, the roll as rows; each only for whom it is meant."""

from __future__ import annotations

import json
from dataclasses import dataclass

from models.poll import Poll
from models.vocabulary import PollState, VotesBy
from services import permission
from services.actors import Actor
from services.db import reading
from services.errors import NotFound, WrongStage
from services.reads import counts, polls
from services.rules.thresholds import plain


@dataclass(frozen=True)
class Sheet:
    """Rows of a table for a file: `heads` are message ids, a cell is text or yes or no; `name` is the file's without its ending."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | bool, ...], ...]


def poll_json(actor: Actor, poll_id: str) -> tuple[str, str]:
    """(file name, text) of the poll/1 document of a revealed vote. Raises NotFound, NotAllowed, WrongStage."""
    with reading(actor.community_id) as db:
        poll = db.get(Poll, poll_id) if poll_id else None
        if poll is None:
            raise NotFound()
        if refusal := permission.why_not(db, actor, "poll.recount", poll):
            raise refusal
        if poll.state is not PollState.REVEALED:
            raise WrongStage("The ballots can be recounted after the reveal.")
        return f"{poll.number}.json", json.dumps(counts.document(db, poll), ensure_ascii=False, indent=1) + "\n"


def roll(actor: Actor, poll_id: str) -> Sheet:
    """The roll as rows. Raises NotFound, also for whom the roll is not shown."""
    found = polls.page(actor, poll_id)
    if found.roll is None:
        raise NotFound()
    by_area = found.votes_by is VotesBy.OWNER
    heads = ("Home number", *(("Area, m²",) if by_area else ()), *(("There when it opened",) if found.counts_present else ()))
    rows = (
        (each.label, *((plain(each.area),) if by_area else ()), *((each.present,) if found.counts_present else ())) for each in found.roll
    )
    return Sheet(f"{found.number}-roll", heads, tuple(rows))
