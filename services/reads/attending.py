"""How one person stands to a meeting: on its list, at which seat, what they may do; for a phone in the room."""

from __future__ import annotations

from dataclasses import dataclass

from models.meeting import Meeting, MeetingParty
from models.poll import Poll
from models.vocabulary import PollState
from services import clock, permission
from services.actors import Actor
from services.db import reading
from services.errors import NotAllowed, Refusal, WrongStage
from services.i18n import N_
from services.reads import polls, rolls
from services.reads.board import Found
from services.reads.remembered import remembered
from services.reads.seats import invitation_of, sitting
from services.reads.table import Matter, Reason, matters
from services.reads.table import reasons as on_table
from services.rules import access
from services.rules.board import DOORS_OPEN, OVER

NO_OPTION = N_("No option is on the table yet. As soon as there is one, say here what speaks for or against it.")


@dataclass(frozen=True)
class Seat:
    """How somebody stands to a meeting: on its list for `party`, at seat number `seat`; why not sign in, why not speak.

    `on_roll`: may answer in the vote that runs; `absent`: why, all the same, no home of this person can answer there.
    """

    invited: bool
    seat: int | None
    party: str
    chairs: bool
    attend: Refusal | None
    argue: Refusal | None
    on_roll: bool
    absent: Refusal | None = None


def seat(actor: Actor, found: Found, poll_id: str = "") -> Seat:
    """How this person stands to the meeting, and to the vote at which it stands; somebody of another community may look on."""
    if actor.community_id != found.community_id or actor.person_id is None:
        refusal = NotAllowed(access.NOT_INVITED)
        return Seat(False, None, "", False, refusal, refusal, False)
    with reading(found.community_id) as db:
        meeting = db.get_one(Meeting, found.meeting_id)
        mine = invitation_of(db, meeting.id, actor.person_id)
        there = sitting(db, meeting.id, actor.person_id)
        attend = permission.why_not(db, actor, "meeting.attend", meeting)
        if attend is None and mine is None:
            attend = NotAllowed(access.NOT_INVITED)
        if attend is None and clock.now() < meeting.starts_at - DOORS_OPEN:
            attend = WrongStage("Signing in starts three hours before the meeting.")
        if meeting.state in OVER:
            attend = WrongStage("This meeting is over.")
        poll = db.get(Poll, poll_id) if poll_id else None
        running = poll if poll is not None and poll.state is PollState.OPEN else None
        votes = running is not None and access.ON_ROLL in permission.standing(db, actor, running, frozenset({access.ON_ROLL}))
        places = polls.mine(db, actor.person_id, running) if running is not None and votes else ()
        absent = places[0].absent if places and all(each.absent for each in places) else None
        if running is not None and not votes:
            late = rolls.why_late(db, actor.person_id, running)
            absent = late if late and late.message != rolls.CAME_LATER else None  # else a code of the home helps
        party = db.get_one(MeetingParty, mine.party_id).label if mine else ""
        chairs = access.CHAIR_OF in permission.standing(db, actor, meeting, permission.TABLE_WORDS)
        argue = _why_silent(matters(db, meeting, actor), chairs or there is not None)
        return Seat(mine is not None, there.seat if there else None, party, chairs, attend, argue, votes, absent)


def _why_silent(rows: list[Matter], sits: bool) -> Refusal | None:
    """Why no reason can be added to any of these matters now, or None. `sits`: at the table, where it may have no matter at all."""
    if any(each.may_add is None and each.ways for each in rows):
        return None
    if any(each.may_add is None for each in rows) or (sits and not rows):
        return WrongStage(NO_OPTION)
    return rows[0].may_add if rows else NotAllowed(access.ONLY_ATTENDING)


def open_ways(actor: Actor, found: Found) -> list[tuple[str, str, str]]:
    """Options to which this person may add a reason now: (id, matter, title)."""
    with reading(found.community_id) as db:
        rows = matters(db, db.get_one(Meeting, found.meeting_id), actor)
        return [(way.id, row.title, way.title) for row in rows if row.may_add is None for way in row.ways]


@remembered
def reasons(actor: Actor, found: Found) -> tuple[Reason, ...]:
    """What was said at this table and can be taken back by this person now: all of it by the chair, by others what they said themselves."""
    if actor.community_id != found.community_id or actor.person_id is None:
        return ()
    with reading(found.community_id) as db:
        return on_table(db, db.get_one(Meeting, found.meeting_id), actor)
