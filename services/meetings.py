"""议事会: convene, invite, change, call off. Coming and steering have files of their own; all of it is `meetings.…` to callers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models.meeting import AgendaItem, Attendance, Invitation, Meeting, MeetingParty
from models.people import Person
from models.proposal import Proposal
from models.vocabulary import MeetingState, Move
from services import chairs, drafts, once
from services.agendas import Row, items_given, parties_given, replace_items, replace_parties
from services.attendance import attend, attend_for, exchange, invitation_codes, leave
from services.chairs import hand_over
from services.checks import Checks
from services.db import EVERYWHERE, reading
from services.errors import Conflict, Invalid, WrongStage
from services.i18n import N_
from services.messages import ERASED, erased, outdate, tell
from services.permission import require
from services.reads.seats import CHAIRS
from services.rules import codes
from services.stages import move
from services.steering import close, extend, next, open, pause, undo
from services.work import Work, random_bytes

__all__ = [
    "attend", "attend_for", "cancel", "change", "close", "convene", "exchange", "extend", "hand_over", "invitation_codes", "invite",
    "leave", "next", "open", "pause", "undo", "uninvite",
]  # fmt: skip
YEAR = 366
FAR_MEETING = N_("This day is more than a year away. Please check the year.")


def convene(
    work: Work,
    *,
    proposal_ids: Sequence[str],
    title: str,
    place: str,
    starts_at: datetime,
    chair_id: str,
    parties: Sequence[Row],
    agenda: Sequence[Row],
    invitation: str = "",
    form: str = "",
) -> Meeting:
    """Call a meeting on accepted proposals; the same `form` (its word) calls one, however often it is sent.

    `parties`: rows {party, label, need}; `need` of each make the quorum. `agenda`: rows {kind, title, minutes, proposal}; `proposal`
    may be left out where the meeting is about one. Raises Invalid or Several with every reason at once.
    """
    proposals = [work.fetch(Proposal, each, lock=True) for each in dict.fromkeys(proposal_ids)]
    if not proposals:
        raise Invalid("Choose at least one accepted proposal to talk about.", field="proposal_ids")
    for proposal in proposals:
        require(work, "meeting.convene", proposal)
    meeting_id = once.name(work, form)
    if form and (made := work.db.get(Meeting, meeting_id)):
        drafts.discard(work, "meeting")
        return made
    check = Checks()
    values: dict[str, Any] = {
        "title": check.text("title", title, 60, least=2),
        "place": check.text("place", place, 120, least=2),
        "invitation": check.text("invitation", invitation, 2000, least=0),
        "starts_at": _start(check, work, starts_at),
        "chair_id": chairs.chosen(check, work, chair_id),
    }
    tables = parties_given(check, parties)
    items = items_given(check, agenda, proposals)
    check.done()
    meeting = Meeting(
        id=meeting_id,
        community_id=work.community_id,
        code=_code(work),
        convened_by=str(work.actor.person_id),
        convened_at=work.moment,
        **values,
    )
    work.add(meeting)
    work.add(
        *(
            MeetingParty(id=work.new_id(), community_id=work.community_id, meeting_id=meeting.id, position=n, **row)
            for n, row in enumerate(tables)
        )
    )
    work.add(
        *(
            AgendaItem(id=work.new_id(), community_id=work.community_id, meeting_id=meeting.id, position=n, **row)
            for n, row in enumerate(items)
        )
    )
    for proposal in proposals:
        move(work, proposal, Move.CONVENE, meeting=meeting.id)
    drafts.discard(work, "meeting")
    work.record("meeting.convene", meeting, proposals=len(proposals))
    for proposal in proposals:
        tell(
            work,
            proposal.author_id,
            N_("Your proposal {number} is talked about on {day}. Please come."),
            f"/meeting?id={meeting.id}",
            about=f"meeting:{meeting.id}",
            number=proposal.number,
            day=_local(work, meeting),
        )
    chairs.tell_both(work, meeting)
    return meeting


def invite(work: Work, *, meeting_id: str, person_id: str, label: str) -> Invitation:
    """Ask a person to sit for the party with this label; again for another party moves them there."""
    meeting = _open_for_change(work, meeting_id, "meeting.invite")
    person = work.fetch(Person, person_id)
    party = work.db.exec(select(MeetingParty).where(MeetingParty.meeting_id == meeting.id, MeetingParty.label == label.strip())).first()
    if party is None:
        raise Invalid("Please choose one of the parties of this meeting.", field="label")
    if erased(work, person.id):
        raise Invalid(ERASED, field="person_id")
    if not person.adult:
        raise Invalid("Minors are not invited by name.", field="person_id")
    invitation = _invitation(work, meeting, person_id)
    if invitation is None:
        invitation = Invitation(
            id=work.new_id(), community_id=work.community_id, meeting_id=meeting.id, party_id=party.id, person_id=person.id, at=work.moment
        )
        work.add(invitation)
    elif invitation.withdrawn_at is None and invitation.party_id == party.id:
        return invitation
    else:
        invitation.party_id, invitation.withdrawn_at, invitation.at = party.id, None, work.moment
    work.record("meeting.invite", meeting, party=party.party.value)
    work.touch(f"meeting:{meeting.id}")
    _tell(work, meeting, [person.id], N_("You are invited: “{title}”, {day}."))
    return invitation


def uninvite(work: Work, *, meeting_id: str, person_id: str) -> Invitation:
    """Take an invitation back, as long as the person has not signed in."""
    meeting = _open_for_change(work, meeting_id, "meeting.invite")
    invitation = _invitation(work, meeting, person_id)
    if invitation is None or invitation.withdrawn_at is not None:
        raise Conflict("This person is not on the list.")
    if work.db.exec(select(Attendance.id).where(Attendance.meeting_id == meeting.id, Attendance.person_id == person_id)).first():
        raise Conflict("This person is at the table already. They can leave, but stay on the list.")
    invitation.withdrawn_at, invitation.code_sha256, invitation.ticket_sha256 = work.moment, None, None
    work.record("meeting.uninvite", meeting)
    work.touch(f"meeting:{meeting.id}")
    _tell(work, meeting, [person_id], N_("Your invitation to “{title}” on {day} has been taken back."))
    return invitation


def change(
    work: Work,
    *,
    meeting_id: str,
    title: str | None = None,
    place: str | None = None,
    starts_at: datetime | None = None,
    chair_id: str | None = None,
    invitation: str | None = None,
    parties: Sequence[Row] | None = None,
    agenda: Sequence[Row] | None = None,
) -> Meeting:
    """Change what is given, as long as the meeting has not begun. Guests, authors and the chair are told of another time or place, else of
    another agenda, and both chairs of another chair. The log keeps the time it had before, and that the place was another one; not which,
    for a log holds no texts.

    An agenda row may name its item with `id`; an item with a vote prepared must stay. A party somebody is invited for must stay too.
    """
    meeting = _open_for_change(work, meeting_id, "meeting.change", begun=False)
    check = Checks()
    before, was_at, was_in, about = meeting.chair_id, meeting.starts_at, meeting.place, _about(work, meeting)
    if title is not None:
        meeting.title = check.text("title", title, 60, least=2)
    if invitation is not None:
        meeting.invitation = check.text("invitation", invitation, 2000, least=0)
    if place is not None:
        meeting.place = check.text("place", place, 120, least=2)
    if starts_at is not None and starts_at != meeting.starts_at:
        meeting.starts_at = _start(check, work, starts_at)
    if chair_id is not None and chair_id != meeting.chair_id:
        meeting.chair_id = chairs.chosen(check, work, chair_id)
        chairs.counts_apart(check, work, meeting, chair_id)
    tables = parties_given(check, parties) if parties is not None else None
    items = items_given(check, agenda, _proposals_of(work, meeting)) if agenda is not None else None
    check.done()
    if tables is not None:
        replace_parties(work, meeting, tables)
    if items is not None:
        replace_items(work, meeting, items, [str(row.get("id") or "") for row in agenda or ()])
    drafts.discard(work, f"meeting:{meeting.id}")
    later, elsewhere = meeting.starts_at != was_at, meeting.place != was_in
    work.record("meeting.change", meeting, moved=later or elsewhere, elsewhere=elsewhere, was_at=was_at.isoformat() if later else "")
    work.touch(f"meeting:{meeting.id}")
    same = meeting.chair_id == before
    if later or elsewhere:
        _tell_all(work, meeting, N_("“{title}” has moved: {day}, {place}."), chair=same)
    elif _about(work, meeting) != about:
        _tell_all(work, meeting, N_("What “{title}” on {day} is about has changed. Look at the agenda."), chair=same)
    if not same:
        chairs.tell_both(work, meeting, before)
    return meeting


def cancel(work: Work, *, meeting_id: str, reason: str) -> Meeting:
    """Call a meeting off before it begins; its proposals wait for another one."""
    meeting = _open_for_change(work, meeting_id, "meeting.cancel", begun=False)
    check = Checks()
    meeting.cancelled_reason = check.text("reason", reason, 400, least=4)
    check.done()
    meeting.state = MeetingState.CANCELLED
    work.record("meeting.cancel", meeting)
    work.touch(f"meeting:{meeting.id}")
    outdate(work, meeting.chair_id, f"meeting:{meeting.id}", CHAIRS)
    _tell_all(work, meeting, N_("“{title}” on {day} is called off: {reason}"), reason=meeting.cancelled_reason)
    return meeting


# ---- what the forms hold


def _start(check: Checks, work: Work, starts_at: datetime) -> datetime:
    if starts_at.tzinfo is None:
        raise ValueError("a moment without a zone")
    if starts_at < work.moment:
        check.note("This time has passed. Choose one that is still ahead.", "starts_at")
    elif (starts_at - work.moment).days > YEAR:
        check.note(FAR_MEETING, "starts_at")
    return starts_at


def _code(work: Work) -> str:
    """A short code that no other meeting of the installation has; longer ones when chance finds none free."""
    with reading(EVERYWHERE) as everywhere:
        for length in codes.MEETING_LENGTHS:
            for _ in range(20):
                code = codes.meeting(random_bytes(8), length)
                taken = select(Meeting.id).where(Meeting.code == code)
                if everywhere.exec(taken).first() is None and work.db.exec(taken).first() is None:
                    return code
    raise RuntimeError("no meeting code is free")


# ---- rows behind it


def _open_for_change(work: Work, meeting_id: str, action: str, *, begun: bool = True) -> Meeting:
    meeting = work.fetch(Meeting, meeting_id, lock=True)
    require(work, action, meeting)
    if meeting.state is MeetingState.CANCELLED:
        raise WrongStage("This meeting has been called off.")
    if meeting.state is MeetingState.CLOSED:
        raise WrongStage("This meeting is over.")
    if meeting.state is MeetingState.HELD and not begun:
        raise WrongStage("This meeting has begun. The chair steers it now.")
    return meeting


def _invitation(work: Work, meeting: Meeting, person_id: str) -> Invitation | None:
    return work.db.exec(select(Invitation).where(Invitation.meeting_id == meeting.id, Invitation.person_id == person_id)).first()


def _invited(work: Work, meeting: Meeting) -> list[str]:
    live = (Invitation.meeting_id == meeting.id, col(Invitation.withdrawn_at).is_(None))
    return list(work.db.exec(select(Invitation.person_id).where(*live).order_by(Invitation.person_id)).all())


def _proposals_of(work: Work, meeting: Meeting) -> list[Proposal]:
    named = select(AgendaItem.proposal_id).where(AgendaItem.meeting_id == meeting.id, col(AgendaItem.proposal_id).is_not(None))
    return list(work.db.exec(select(Proposal).where(col(Proposal.id).in_(named)).order_by(Proposal.number)).all())


def _tell(work: Work, meeting: Meeting, people: Sequence[str], message: str, *, address: str = "", **values: object) -> None:
    given = {"title": meeting.title, "day": _local(work, meeting), "place": meeting.place} | values
    for person_id in people:
        tell(work, person_id, message, address or f"/j/{meeting.code}", f"meeting:{meeting.id}", **given)


def _tell_all(work: Work, meeting: Meeting, message: str, chair: bool = True, **values: str) -> None:
    """The guests; then the authors, who were asked to come, and whoever chairs it, unless they did it themselves or are guests."""
    guests = _invited(work, meeting)
    others = {proposal.author_id for proposal in _proposals_of(work, meeting)} | ({meeting.chair_id} if chair else set())
    _tell(work, meeting, guests, message, **values)
    _tell(work, meeting, sorted(others - {work.actor.person_id, *guests}), message, address=f"/meeting?id={meeting.id}", **values)


def _about(work: Work, meeting: Meeting) -> tuple[Any, ...]:
    """What somebody who comes has got ready for: what is done with which matter in which order."""
    rows = work.db.exec(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(col(AgendaItem.position))).all()
    return tuple((row.kind, row.title, row.proposal_id) for row in rows)


def _local(work: Work, meeting: Meeting) -> datetime:
    """When it begins, on the community's wall."""
    return meeting.starts_at.astimezone(ZoneInfo(work.community.time_zone))
