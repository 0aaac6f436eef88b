"""What the form that prepares a vote offers: estates, buildings, homes, the options on the table, meetings that wait for a vote."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, or_, select

from models.community import Community, Estate, Unit
from models.meeting import AgendaItem, Meeting, Option
from models.proposal import Proposal
from models.vocabulary import AgendaKind, MeetingState, UnitKind
from services import permission
from services.actors import Actor
from services.db import reading
from services.errors import NotFound, Refusal
from services.rules.roll import natural, unit_label


@dataclass(frozen=True)
class Ground:
    """What a vote can be prepared on: the matter, estates with buildings and homes, options on the table, meetings that wait for a vote."""

    proposal_id: str
    number: str
    title: str
    why_not: Refusal | None
    estate_id: str
    estates: tuple[tuple[str, str], ...]
    buildings: dict[str, tuple[str, ...]]
    homes: dict[str, tuple[tuple[str, str], ...]]
    options: tuple[tuple[str, str, str], ...]
    meetings: tuple[tuple[str, str], ...]
    zone: str


def ground(actor: Actor, proposal_id: str | None) -> Ground:
    """For the form that prepares a vote. Raises NotFound."""
    with reading(actor.community_id) as db:
        proposal = db.get(Proposal, proposal_id) if proposal_id else None
        if proposal is None:
            raise NotFound()
        units = db.exec(select(Unit)).all()
        buildings: dict[str, set[str]] = {}
        homes: dict[str, list[tuple[str, str]]] = {}
        for unit in units:
            if unit.kind is UnitKind.HOME:
                buildings.setdefault(unit.estate_id, set()).add(unit.building)
                homes.setdefault(unit.estate_id, []).append((unit.id, unit_label(unit.building, unit.stairwell, unit.number)))
        table = select(Option).where(Option.proposal_id == proposal.id, col(Option.withdrawn_at).is_(None)).order_by(col(Option.position))
        waiting = (
            select(Meeting.id, Meeting.title)
            .join(AgendaItem, col(AgendaItem.meeting_id) == Meeting.id)
            .where(
                AgendaItem.kind == AgendaKind.VOTE, col(AgendaItem.poll_id).is_(None),
                or_(AgendaItem.proposal_id == proposal.id, col(AgendaItem.proposal_id).is_(None)),
                col(Meeting.state).in_((MeetingState.CONVENED, MeetingState.HELD)),
            )  # fmt: skip
            .distinct()
        )
        return Ground(
            proposal.id, proposal.number, proposal.title, permission.why_not(db, actor, "poll.prepare", proposal), proposal.estate_id,
            tuple((each.id, each.name) for each in db.exec(select(Estate).order_by(Estate.name)).all()),
            {estate: tuple(sorted(names, key=natural)) for estate, names in buildings.items()},
            {estate: tuple(sorted(rows, key=lambda row: natural(row[1]))) for estate, rows in homes.items()},
            tuple((each.id, each.title, each.description) for each in db.exec(table).all()),
            tuple(db.exec(waiting).all()),
            db.get_one(Community, proposal.community_id).time_zone,
        )  # fmt: skip


def kind(proposal_id: str) -> str:
    """Under which name what is typed for a vote on this matter is kept."""
    return f"poll:{proposal_id}"
