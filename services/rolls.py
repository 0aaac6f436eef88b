"""名册: made from the register when a poll is prepared, made anew on request, frozen with its digest when the poll opens."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

from sqlmodel import col, select

from models.community import Estate, Unit
from models.meeting import Attendance
from models.people import Person, Residence
from models.poll import BallotCode, Poll, RollEntry, RollUnit, RollVoter
from models.vocabulary import PollState, Tie, UnitKind, VotesBy
from services.errors import Conflict, Invalid, WrongStage
from services.permission import require
from services.reads import rolls as reads
from services.rules import roll
from services.rules.chain import canonical
from services.rules.thresholds import plain
from services.work import Work


def make(work: Work, poll: Poll, scope: roll.Scope, by_area: bool) -> list[RollEntry]:
    """Write the roll of a prepared poll. Raises Invalid: nobody in the scope, a unit without area where the rule counts areas."""
    ground = _ground(work, poll.votes_by, scope)
    if not ground:
        raise Invalid("No home is registered there yet. Enter the homes first, then prepare the vote.", field="scope")
    if by_area and (bare := [unit.label for unit in ground if unit.area <= 0]):
        raise Invalid("{unit} has no floor area in the register. Enter it first: this rule counts areas.", field="scope", unit=bare[0])
    made: list[RollEntry] = []
    entries = roll.entries(ground, poll.votes_by)
    for entry in entries:
        row = RollEntry(
            id=work.new_id(), community_id=work.community_id, poll_id=poll.id, label=entry.label, person_id=entry.person_id,
            area=entry.area, weight=Decimal(1),
        )  # fmt: skip
        made.append(row)
        work.db.add(row)
    work.db.flush()
    work.add(
        *(
            RollUnit(
                id=work.new_id(), community_id=work.community_id, poll_id=poll.id, entry_id=row.id,
                unit_id=unit.id, area=unit.area,
            )  # fmt: skip
            for row, entry in zip(made, entries, strict=True)
            for unit in entry.units
        )
    )
    return made


def renew(work: Work, *, poll_id: str) -> int:
    """Make the roll anew from the register as it is now, before the opening; codes already handed out no longer hold.

    Returns how many are on it.
    """
    poll = work.fetch(Poll, poll_id, lock=True)
    require(work, "poll.renew_roll", poll)
    if poll.state is not PollState.PREPARED:
        raise WrongStage("The roll was frozen when the vote opened. Nothing is changed in it any more.")
    scope = again(work, poll)
    for kind in (BallotCode, RollUnit, RollEntry):
        for row in work.db.exec(select(kind).where(kind.poll_id == poll.id)).all():
            work.db.delete(row)
        work.db.flush()
    count = len(make(work, poll, scope, counts_area(poll)))
    work.record("poll.renew_roll", poll, voters=count)
    work.touch(f"poll:{poll.id}")
    return count


def again(work: Work, poll: Poll) -> roll.Scope:
    """The scope of a poll that has a roll."""
    if poll.scope != "units":
        return roll.scope(poll.scope)
    units = work.db.exec(select(RollUnit.unit_id).where(RollUnit.poll_id == poll.id)).all()
    return roll.Scope("units", unit_ids=tuple(units))


def counts_area(poll: Poll) -> bool:
    """Whether the poll's rule has a condition on floor area."""
    return any(each["of"] == "area" for kind in ("turnout", "approve") for each in poll.rule[kind])


def freeze(work: Work, poll: Poll) -> str:
    """Note who may answer for what, and who is present where the rule asks for it; hex SHA-256 of it all, canonical JSON.

    The digest covers ids, labels, units, areas and the ids of the voters, which mean nothing to who has no database.
    Raises Conflict where owners have changed so that the roll counts other persons than there are.
    """
    rows = reads.entries(work.db, poll.id)
    units: dict[str, list[list[str]]] = {row.id: [] for row in rows}
    for each in work.db.exec(select(RollUnit).where(RollUnit.poll_id == poll.id)).all():
        units[each.entry_id].append([each.unit_id, plain(each.area)])
    if poll.votes_by is VotesBy.OWNER:
        _still_so(work, [frozenset(unit for unit, _ in each) for each in units.values()])
    voters = _note_voters(work, poll, rows)
    if poll.rule.get("base") == "present":
        _note_presence(work, poll, rows, voters)
    lines = [
        {
            "id": row.id, "label": row.label, "area": plain(row.area), "weight": plain(row.weight), "present": row.present,
            "units": sorted(units[row.id]), "voters": voters[row.id],
        }  # fmt: skip
        for row in sorted(rows, key=lambda row: row.id)
    ]
    return sha256(canonical(lines)).hexdigest()


def thaw(work: Work, poll: Poll) -> None:
    """Undo `freeze`, with the opening that is taken back."""
    for row in work.db.exec(select(RollVoter).where(RollVoter.poll_id == poll.id)).all():
        work.db.delete(row)
    work.db.flush()


def _still_so(work: Work, roll_now: list[frozenset[str]]) -> None:
    """Several units of one owner are one person, so a sale can part an entry or join two."""
    ground = _ground(work, VotesBy.OWNER, roll.Scope("units", unit_ids=tuple(unit for units in roll_now for unit in units)))
    if {frozenset(unit.id for unit in each.units) for each in roll.entries(ground, VotesBy.OWNER)} != set(roll_now):
        raise Conflict("Homes have changed owners since this roll was made. Make the roll anew, then open the vote.")


def _note_voters(work: Work, poll: Poll, rows: list[RollEntry]) -> dict[str, list[str]]:
    """Write down who may answer for each entry, as the register has them now; entry to people."""
    people = _people(work, owners=poll.votes_by is VotesBy.OWNER)
    behind: dict[str, set[str]] = {row.id: set() for row in rows}
    for unit in work.db.exec(select(RollUnit).where(RollUnit.poll_id == poll.id)).all():
        behind[unit.entry_id].update(people.get(unit.unit_id, ()))
    found = {entry_id: sorted(each) for entry_id, each in behind.items()}
    for row in rows:
        if poll.votes_by is VotesBy.OWNER:  # the one home of a sole owner may have been sold since the roll was made
            row.person_id = found[row.id][0] if len(found[row.id]) == 1 else None
        work.db.add_all(
            RollVoter(id=work.new_id(), community_id=work.community_id, poll_id=poll.id, entry_id=row.id, person_id=person_id)
            for person_id in found[row.id]
        )
    work.db.flush()
    return found


def _note_presence(work: Work, poll: Poll, rows: list[RollEntry], voters: dict[str, list[str]]) -> None:
    there = select(Attendance.person_id).where(Attendance.meeting_id == poll.meeting_id, col(Attendance.left_at).is_(None))
    people = set(work.db.exec(there).all())
    for row in rows:
        row.present = not people.isdisjoint(voters[row.id])
    work.db.flush()
    if not any(row.present for row in rows):
        raise Invalid("Nobody on the roll has signed in to the meeting. This rule counts those present.")


def _ground(work: Work, votes_by: VotesBy, scope: roll.Scope) -> list[roll.Ground]:
    wanted = select(Unit)
    if scope.kind == "units":
        wanted = wanted.where(col(Unit.id).in_(scope.unit_ids))
    else:
        if work.db.get(Estate, scope.estate_id) is None:
            raise Invalid("Choose who votes: an estate, a building, or single homes.", field="scope")
        wanted = wanted.where(Unit.estate_id == scope.estate_id)
        if scope.kind == "building":
            wanted = wanted.where(Unit.building == scope.building)
    if votes_by is VotesBy.HOUSEHOLD:
        wanted = wanted.where(Unit.kind == UnitKind.HOME)
    units = work.db.exec(wanted).all()
    if len(units) > roll.MOST_UNITS:
        raise Invalid("{n} homes are too many for one vote; at most {most}.", field="scope", n=len(units), most=roll.MOST_UNITS)
    if scope.kind == "units" and len(units) != len(scope.unit_ids):
        raise Invalid("One of these homes is not in the register, or has no vote in this kind of poll.", field="scope")
    labels = _labels(work, list(units))
    owners = _people(work, owners=True) if votes_by is VotesBy.OWNER else {}
    return [roll.Ground(unit.id, labels[unit.id], unit.area, tuple(owners.get(unit.id, ()))) for unit in units]


def _labels(work: Work, units: list[Unit]) -> dict[str, str]:
    """"70-1-302"; with the estate before it where two estates would otherwise look the same."""
    named = {unit.id: roll.unit_label(unit.building, unit.stairwell, unit.number) for unit in units}
    if len(set(named.values())) == len(named):
        return named
    estates = {estate.id: estate.name for estate in work.db.exec(select(Estate)).all()}
    return {unit.id: f"{estates[unit.estate_id][:24]} {named[unit.id]}" for unit in units}


def _people(work: Work, *, owners: bool) -> dict[str, list[str]]:
    """The confirmed adults of each home, or its confirmed adult owners, as `reads.registered` has them; in the order of their ids.

    Flat questions, put together here: right after an import PostgreSQL has no statistics and joins thousands of homes by nested loops.
    """
    grown = set(work.db.exec(select(Person.id).where(*reads.GROWN)).all())
    lives = select(Residence.unit_id, Residence.person_id).where(
        col(Residence.confirmed_at).is_not(None), col(Residence.ended_at).is_(None), *([Residence.tie == Tie.OWNER] if owners else [])
    )
    found: dict[str, list[str]] = {}
    for unit_id, person_id in sorted(work.db.exec(lives).all()):
        if person_id in grown:
            found.setdefault(unit_id, []).append(person_id)
    return found
