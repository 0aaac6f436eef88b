"""who may answer for a place on a roll

Votes opened by an older version asked the register each time. Who could answer at their opening is found again as far as the
register still tells: who was confirmed by then and had not left (in owners' votes the owners, minors never), beside whoever
cast the ballot. A tie that was changed since, or taken up again, is read as it stands today. No vote is open at an upgrade
(`services/schema.py`), so this is for reading only; each community's log names the rows, as "poll.voters" by the workspace.
"""

import json
import secrets
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = "5aca0d70bfcb"
down_revision = "816d08bd98dd"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roll_voter",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("community_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("poll_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("entry_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_roll_voter_community_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["roll_entry.id"], name=op.f("fk_roll_voter_entry_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_roll_voter_person_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_roll_voter_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_voter")),
        sa.UniqueConstraint("entry_id", "person_id", name=op.f("uq_roll_voter_entry_id_person_id")),
    )
    with op.batch_alter_table("roll_voter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roll_voter_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_voter_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_voter_poll_id"), ["poll_id"], unique=False)
    _fill(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("roll_voter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roll_voter_poll_id"))
        batch_op.drop_index(batch_op.f("ix_roll_voter_person_id"))
        batch_op.drop_index(batch_op.f("ix_roll_voter_community_id"))

    op.drop_table("roll_voter")


# As they are at this revision: the models speak of the newest schema.
def _table(name: str, *columns: str, **typed: Any) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns), *(sa.column(column, kind) for column, kind in typed.items()))


POLL = _table("poll", "id", "community_id", "votes_by", opened_at=models.base.Moment())
UNIT = _table("roll_unit", "poll_id", "entry_id", "unit_id")
LIVES = _table("residence", "person_id", "unit_id", "tie", confirmed_at=models.base.Moment(), ended_at=models.base.Moment())
PERSON = _table("person", "id", adult=sa.Boolean())
BALLOT = _table("ballot", "poll_id", "entry_id", "cast_by")
VOTER = _table("roll_voter", "id", "community_id", "poll_id", "entry_id", "person_id")
HEAD = _table("log_head", "community_id", size=sa.Integer(), frontier=sa.JSON())
EVENT = _table("event", "community_id", "seq", "actor", "action", "subject", "line", at=models.base.Moment())
EVENT_ROW = _table("event_row", "community_id", "seq", "table", "row_id", "op", "digest", "salt")


def _fill(db: sa.Connection) -> None:
    made: dict[str, list[dict[str, str]]] = {}
    for poll in db.execute(sa.select(POLL).where(POLL.c.opened_at.is_not(None)).order_by(POLL.c.id)).all():
        for entry_id, person_id in sorted(_then(db, poll.id, poll.opened_at, owners=poll.votes_by == "owner")):
            row = {"id": _new_id(), "community_id": poll.community_id, "poll_id": poll.id, "entry_id": entry_id, "person_id": person_id}
            made.setdefault(poll.community_id, []).append(row)
    for community_id, rows in sorted(made.items()):
        db.execute(sa.insert(VOTER), rows)
        _log(db, community_id, rows)


def _then(db: sa.Connection, poll_id: str, opened_at: datetime, *, owners: bool) -> set[tuple[str, str]]:
    """(entry, person) at the opening."""
    found = (
        sa.select(UNIT.c.entry_id, LIVES.c.person_id)
        .join(LIVES, LIVES.c.unit_id == UNIT.c.unit_id)
        .join(PERSON, PERSON.c.id == LIVES.c.person_id)
        .where(UNIT.c.poll_id == poll_id, PERSON.c.adult.is_(True), LIVES.c.confirmed_at <= opened_at)
        .where(sa.or_(LIVES.c.ended_at.is_(None), LIVES.c.ended_at > opened_at))
    )
    if owners:
        found = found.where(LIVES.c.tie == "owner")
    cast = sa.select(BALLOT.c.entry_id, BALLOT.c.cast_by).where(BALLOT.c.poll_id == poll_id, BALLOT.c.cast_by.is_not(None))
    return {(entry, person) for query in (found, cast) for entry, person in db.execute(query).all()}


# The log as it is written at this revision (services/audit.py, services/rules/chain.py): a row without a trace would look like a forgery.
def _log(db: sa.Connection, community_id: str, rows: list[dict[str, str]]) -> None:
    head = db.execute(sa.select(HEAD).where(HEAD.c.community_id == community_id)).one()
    digests = []
    for row in sorted(rows, key=lambda row: row["id"]):
        salt = secrets.token_bytes(16)
        digest = sha256(salt + _canonical(row)).hexdigest()
        digests.append({"table": "roll_voter", "row_id": row["id"], "op": "insert", "digest": digest, "salt": salt.hex()})
    at: datetime = op.get_context().config.attributes["moment"]  # type: ignore[union-attr]
    told = {"actor": "system", "action": "poll.voters", "subject": ""}
    named = [{"table": each["table"], "id": each["row_id"], "op": each["op"], "digest": each["digest"]} for each in digests]
    when = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    line = _canonical({**told, "seq": head.size, "at": when, "facts": {"voters": len(rows)}, "rows": named})
    here = {"community_id": community_id, "seq": head.size}
    db.execute(sa.insert(EVENT), [{**told, **here, "at": at, "line": line.decode()}])
    db.execute(sa.insert(EVENT_ROW), [{**each, **here} for each in digests])
    grown = {"size": head.size + 1, "frontier": _grown(head.size, head.frontier, line)}
    db.execute(sa.update(HEAD).where(HEAD.c.community_id == community_id).values(grown))


def _grown(size: int, frontier: list[str], line: bytes) -> list[str]:
    peaks, top = list(frontier), sha256(b"\x00" + line).digest()
    while size & 1:
        top, size = sha256(b"\x01" + bytes.fromhex(peaks.pop()) + top).digest(), size >> 1
    return [*peaks, top.hex()]


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _new_id() -> str:
    return "".join(secrets.choice("0123456789abcdefghjkmnpqrstvwxyz") for _ in range(16))
