"""What the forms of a meeting offer: proposals that wait for one, people who may chair it, people who may be invited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, func, select

from models.community import Community
from models.meeting import Invitation, Meeting
from models.people import Person, RoleHeld
from models.proposal import Proposal
from models.vocabulary import Role, Stage
from services import clock, permission
from services.actors import Actor
from services.db import reading
from services.errors import NotFound, Refusal, WrongStage
from services.reads import searching


@dataclass(frozen=True)
class Choices:
    """What can be chosen when a meeting is called: proposals that may be talked about, people who hold the chair's role."""

    proposals: tuple[tuple[str, str, str], ...]
    chairs: tuple[tuple[str, str], ...]
    zone: str
    now: datetime
    refusal: Refusal | None


def choices(actor: Actor) -> Choices:
    """Proposals (id, number, title) accepted or on the table, the longest waiting first; chairs (id, name), who chaired last first."""
    with reading(actor.community_id) as db:
        rows = db.exec(
            select(Proposal)
            .where(col(Proposal.stage).in_((Stage.ACCEPTED, Stage.DELIBERATING)))
            .order_by(col(Proposal.stage), col(Proposal.stage_since), col(Proposal.id))
        ).all()
        held = (
            select(Person)
            .join(RoleHeld, col(RoleHeld.person_id) == Person.id)
            .where(RoleHeld.role == Role.CHAIR, col(RoleHeld.until).is_(None), col(Person.erased_at).is_(None))
            .distinct()
        )
        last = dict(db.exec(select(Meeting.chair_id, func.max(Meeting.starts_at)).group_by(col(Meeting.chair_id))).all())
        never = datetime.min.replace(tzinfo=UTC)
        chairs = sorted(db.exec(held).all(), key=lambda each: (never - last.get(each.id, never), each.name, each.id))
        community = db.get(Community, actor.community_id) if actor.community_id else None
        return Choices(
            tuple((row.id, row.number, row.title) for row in rows),
            tuple((row.id, row.name) for row in chairs),
            community.time_zone if community else "Asia/Shanghai",
            clock.now(),
            may_convene(db, actor),
        )


def may_convene(db: Session, actor: Actor) -> Refusal | None:
    """Whether this actor may call meetings at all; the stage of a proposal is looked at when one is chosen."""
    refusal = permission.why_not(db, actor, "meeting.convene")
    return None if isinstance(refusal, WrongStage) else refusal


def people(actor: Actor, meeting_id: str, search: str, most: int = 30) -> list[tuple[str, str]]:
    """Adults whose name contains `search` and who are not on the list yet: (id, name with the last four figures of the phone)."""
    words = searching.words(search)
    if not words:
        return []
    with reading(actor.community_id) as db:
        meeting = db.get(Meeting, meeting_id)
        if meeting is None:
            raise NotFound()
        if refusal := permission.why_not(db, actor, "meeting.invite", meeting):
            raise refusal
        listed_already = select(Invitation.person_id).where(Invitation.meeting_id == meeting_id, col(Invitation.withdrawn_at).is_(None))
        rows = db.exec(
            select(Person)
            .where(
                *(searching.says(word, Person.name) for word in words),
                col(Person.adult).is_(True),
                col(Person.erased_at).is_(None),
                col(Person.id).not_in(listed_already),
            )
            .order_by(Person.name, Person.id)
            .limit(most)
        ).all()
        return [(row.id, f"{row.name} …{row.phone[-4:]}" if row.phone else row.name) for row in rows]
