"""What the acts of a whole case were about, in words: numbers, titles and names, and never who signed in, voted, or spoke for what."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlmodel import col, select

from models.audit import Event
from services import db
from services.reads import administration
from services.reads.subjects import subjects
from tests.fixtures.case import play

APART = {"account", "letter", "ballot", "argument"}


def test_every_act_of_a_case_is_about_something_with_a_name(engine: Engine) -> None:
    case = play()
    with db.reading(case.community_id) as session:
        marks = {mark for mark in session.exec(select(Event.subject).order_by(col(Event.seq))).all() if mark}
        found = subjects(session, marks)
        nowhere = subjects(session, ["proposal:0000000000000000", "poll:", "meeting", "no_table:1", "lease:x", ""])
    without = {mark.partition(":")[0] for mark in marks - found.keys()}
    assert "proposal" in {mark.partition(":")[0] for mark in found} and without <= APART | {"stored_file"}
    assert not nowhere and not {mark.partition(":")[0] for mark in found} & APART
    assert all(mark.partition(":")[2] not in said.label for mark, said in found.items())
    first = found[f"proposal:{case.ids['round1']}"]
    assert (first.label, first.path) == ("T-2026-0001 院里的路不再积水", f"/proposal?id={case.ids['round1']}")
    polls = [said for mark, said in found.items() if mark.startswith("poll:")]
    assert len(polls) == 2 and all(said.path.startswith("/poll?id=") for said in polls)
    reports = [said.label for mark, said in found.items() if mark.startswith("progress_report:")]
    assert reports and all(label in {said.label for mark, said in found.items() if mark.startswith("project:")} for label in reports)


def test_nothing_of_another_community_is_named(engine: Engine) -> None:
    case = play()
    with db.reading("another000000000") as session:
        assert subjects(session, [f"proposal:{case.ids['round1']}"]) == {}


def test_the_log_does_not_put_a_name_beside_an_answer(engine: Engine) -> None:
    """An evaluation promises so; the log has the act, without the matter."""
    case = play()
    lines = administration.log(case.actor("wei"), action="evaluation.answer").lines
    assert lines and all(line.known is None for line in lines)
    assert all(line.known for line in administration.log(case.actor("wei"), action="evaluation.close").lines)
