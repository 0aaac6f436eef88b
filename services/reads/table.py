"""What lies on the table of a meeting: its proposals with their options, the reasons for and against, and who promised what by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.meeting import AgendaItem, Argument, Commitment, Meeting, Option
from models.proposal import Proposal
from models.vocabulary import Party, Side, Stage
from services import permission
from services.actors import Actor
from services.errors import Refusal, WrongStage
from services.rules import access
from services.rules.board import OVER


@dataclass(frozen=True)
class Way:
    """An option on the table: its reasons for and against, as written, with the party each came from."""

    id: str
    title: str
    description: str
    cost_fen: int | None
    days: int | None
    pros: tuple[tuple[str, Party | None], ...] = ()
    cons: tuple[tuple[str, Party | None], ...] = ()


@dataclass(frozen=True)
class Promise:
    """Who does what by when; `about` is the proposal's title."""

    id: str
    party: Party
    label: str
    deed: str
    due_on: date
    about: str


@dataclass(frozen=True)
class Matter:
    """A proposal on the table with its options."""

    id: str
    number: str
    title: str
    stage: Stage
    round: int
    ways: tuple[Way, ...]
    may_add: Refusal | None


def ways(db: Session, proposal_id: str) -> tuple[Way, ...]:
    """The options of a proposal that are on the table, in the order they came, each with its reasons."""
    options = db.exec(
        select(Option).where(Option.proposal_id == proposal_id, col(Option.withdrawn_at).is_(None)).order_by(col(Option.position))
    ).all()
    said = db.exec(
        select(Argument)
        .where(col(Argument.option_id).in_([each.id for each in options]), col(Argument.withdrawn_at).is_(None))
        .order_by(col(Argument.at), Argument.id)
    ).all()

    def of(option: Option, side: Side) -> tuple[tuple[str, Party | None], ...]:
        return tuple((each.text, each.party) for each in said if each.option_id == option.id and each.side is side)

    return tuple(
        Way(each.id, each.title, each.description, each.cost_fen, each.days, of(each, Side.PRO), of(each, Side.CON)) for each in options
    )


def matters(db: Session, meeting: Meeting, actor: Actor) -> list[Matter]:
    """The proposals of the agenda, in its order. `may_add`: whether the reader may put options and reasons on the table now."""
    ids = list(
        dict.fromkeys(
            each
            for each in db.exec(
                select(AgendaItem.proposal_id).where(AgendaItem.meeting_id == meeting.id).order_by(col(AgendaItem.position))
            ).all()
            if each
        )
    )
    made = []
    standing = permission.standing(db, actor, meeting)
    for each in ids:
        row = db.get_one(Proposal, each)
        refusal = access.why_not("meeting.option", standing, row.stage)
        if refusal is None and meeting.state in OVER:
            refusal = WrongStage("This meeting is over.")
        made.append(Matter(row.id, row.number, row.title, row.stage, row.round, ways(db, row.id), refusal))
    return made


def promises(db: Session, meeting_id: str) -> tuple[Promise, ...]:
    """Who does what by when, the nearest day first."""
    rows = db.exec(
        select(Commitment, Proposal.title)
        .join(Proposal, col(Proposal.id) == Commitment.proposal_id)
        .where(Commitment.meeting_id == meeting_id, col(Commitment.withdrawn_at).is_(None))
        .order_by(col(Commitment.due_on), col(Commitment.at), col(Commitment.id))
    ).all()
    return tuple(Promise(row.id, row.party, row.label, row.deed, row.due_on, title) for row, title in rows)
