"""The real case from the first word to the last, as evidence: exported, verified by a stranger, and forged in the database."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlmodel import col

import manage
from models.audit import Checkpoint, Event, EventRow
from models.evaluation import EvaluationAnswer
from models.meeting import Commitment
from models.people import RoleHeld
from models.poll import Ballot, Poll, RollEntry
from models.project import Project, Task, Upkeep
from models.proposal import Proposal
from services import audit, checkpoints, db, privacy, roles
from services.reads import tampering
from services.rules import chain
from services.work import do, working
from tests.evidence.rows import key
from tests.fixtures.case import play

FORGERIES = {
    "a ballot": (Ballot, {"choice": "no"}),
    "a ballot's time": (Ballot, {"cast_at": datetime.fromisoformat("2026-01-01T00:00:00+00:00")}),
    "the area of a home on the roll": (RollEntry, {"area": Decimal("999.99")}),
    "an outcome": (Poll, {"outcome": {"outcome": "rejected", "winners": [], "conditions": [], "totals": {}, "readings": []}}),
    "a rule": (Poll, {"rule": {"name": "custom", "approve": [{"of": "persons", "op": ">", "share": "0/1"}]}}),
    "a proposal": (Proposal, {"title": "别的"}),
    "a budget": (Project, {"budget_fen": 1}),
}


def verdict(bundle: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, object]]:
    bundle.unlink(missing_ok=True)
    assert manage.main(["export", str(bundle), "--json"]) == 0
    capsys.readouterr()
    status = manage.main(["verify", str(bundle), "--json", *more])
    return status, json.loads(capsys.readouterr().out)


def test_the_real_case_as_evidence(engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    play()
    bundle, older = tmp_path / "evidence.zip", tmp_path / "older.txt"
    with db.reading(db.EVERYWHERE) as session:
        first = session.scalars(select(Checkpoint).order_by(Checkpoint.size)).first()
        revealed = session.scalars(select(Poll).where(Poll.poll_digest != "")).all()
    assert first is not None and len(revealed) == 2, "both rounds were voted on, and the openings were signed"
    older.write_text(first.note, encoding="utf-8")
    given = ("--key", checkpoints.fingerprint(), "--checkpoint", str(older))
    status, told = verdict(bundle, capsys, *given)
    assert (status, told["findings"]) == (0, []) and told["key_given"] is True and told["older"] == 1
    assert isinstance(told["logs"], list) and told["logs"][0]["polls"] == 2 and told["logs"][0]["events"] > 400
    with db.reading(db.EVERYWHERE) as session:
        assert list(tampering.mismatches(session, first.community_id, key(first.community_id))) == []
    for what, (kind, values) in FORGERIES.items():
        with engine.begin() as connection:
            row = connection.execute(select(kind)).first()
            before = {name: getattr(row, name) for name in values}
            assert before != values
            connection.execute(update(kind).where(kind.id == row.id).values(values))  # type: ignore[union-attr, attr-defined]
        status, told = verdict(bundle, capsys, *given)
        assert status == 1, what
        with engine.begin() as connection:
            connection.execute(update(kind).where(kind.id == row.id).values(before))  # type: ignore[union-attr, attr-defined]
    assert verdict(bundle, capsys, *given)[0] == 0


CUT: dict[str, tuple[str, Any, set[str]]] = {
    "a task that was promised": ("do: projects.report", Commitment.person_id, {"person", "residence", "commitment", "task"}),
    "an upkeep": ("", Upkeep.keeper_id, {"person", "upkeep"}),
    "an answer to an evaluation": ("", EvaluationAnswer.person_id, {"person", "residence", "evaluation_answer"}),
}


@pytest.mark.parametrize("what", CUT)
def test_what_an_erasure_cuts_is_not_put_together_again_and_the_evidence_still_fits(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    """Who kept a row and the salt of its digest could try all people in the place that is empty now, until the digest fits."""
    until, named, tables = CUT[what]
    case = play(until)
    place, who = named.class_, "li"
    if until:  # a resident's promise, as if it had been made in the room: its task is theirs
        with working(case.system) as work:
            task = work.db.exec(select(Task).where(col(Task.done_at).is_(None))).scalars().first()
            assert task is not None and task.commitment_id is not None
            task.person_id = work.fetch(Commitment, task.commitment_id).person_id = case.people[who]
            work.record("meeting.commitment", task)
    elif place is Upkeep:
        with db.reading(case.community_id) as session:
            keeper = session.scalars(select(Upkeep.keeper_id)).first()
            held = session.scalars(select(RoleHeld.id).where(RoleHeld.person_id == keeper, col(RoleHeld.until).is_(None))).all()
        who = next(name for name, person_id in case.people.items() if person_id == keeper)
        for each in held:
            do(case.actor("admin"), roles.end, each)

    def guessed() -> set[str]:
        """Everybody whose id, put into a row of that table, gives a digest of the log."""
        with db.reading(case.community_id) as session:
            kept = session.scalars(select(EventRow).where(EventRow.table == place.__tablename__, col(EventRow.salt).is_not(None))).all()
            now = {row.id: audit.contents(row) for row in session.scalars(select(place)).all()}
        return {
            name
            for each in kept
            for name, person_id in case.people.items()
            if each.row_id in now
            and chain.row_digest(bytes.fromhex(str(each.salt)), now[each.row_id] | {named.key: person_id}) == each.digest
        }

    assert who in guessed()
    with case.later(minutes=1):
        case.do(who, privacy.erase, person_id=case.people[who], sure=True)
    assert who not in guessed()
    with db.reading(case.community_id) as session:
        act = session.scalars(select(Event).where(Event.action == "person.erase")).one()
        changed = session.scalars(select(EventRow).where(EventRow.seq == act.seq)).all()
        assert tables <= {each.table for each in changed}
        for each in changed:
            older = session.scalars(select(EventRow.salt).where(EventRow.row_id == each.row_id, EventRow.seq < act.seq)).all()
            assert older and set(older) == {None} and each.salt, each.table
        assert list(tampering.mismatches(session, case.community_id, key(case.community_id))) == []
    assert verdict(tmp_path / "evidence.zip", capsys)[0] == 0


def test_one_community_or_all(engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.evidence.rows import fill

    fill("c000000000000001", 1)
    fill("c000000000000002", 2)
    bundle = tmp_path / "one.zip"
    assert manage.main(["export", str(bundle)]) == 0
    assert manage.main(["verify", str(bundle), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out.partition("\n{")[2].join(("{", "")))["logs"]) == 2
    assert manage.main(["export", str(bundle), "--community", "c000000000000002", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["file"] == str(bundle) and told["fingerprint"] == checkpoints.fingerprint()
    assert manage.main(["verify", str(bundle), "--json"]) == 0
    assert [log["origin"] for log in json.loads(capsys.readouterr().out)["logs"]] == ["yiqi/c000000000000002"]
    assert manage.main(["export", str(tmp_path / "none.zip"), "--community", "nowhere"]) == 2
    assert "There is no community nowhere" in capsys.readouterr().err and not (tmp_path / "none.zip").exists()
    assert manage.main(["export", str(tmp_path / "bundle.tar")]) == 2
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".zip"] == ["one.zip"]
