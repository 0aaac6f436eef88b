"""What acts of the log were about, in words: the number and title of a matter, the name of a person, and where each can be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.base import Stored
from models.community import Community, Estate, Grid
from models.concern import Concern
from models.evaluation import Evaluation, EvaluationAnswer
from models.meeting import Commitment, Meeting, Minutes, Option
from models.notice import Notice, Objection
from models.people import Body, Organisation, Person, Residence, RoleHeld
from models.poll import Poll
from models.project import Acceptance, Milestone, ProgressReport, Project, ProjectChange, Supervision, Task, Upkeep
from models.proposal import Proposal


@dataclass(frozen=True)
class Subject:
    """`label`: a number, title or name as people know it; `path`: its page, "" where it has none."""

    label: str
    path: str = ""


# The columns that name a row, and those with a page of their own.
_NAMED: dict[type[Stored], tuple[str, ...]] = {
    Proposal: ("number", "title"), Concern: ("number",), Poll: ("number", "question"), Meeting: ("title",), Project: ("number", "title"),
    Notice: ("number",), Person: ("name",), Estate: ("name",), Grid: ("name",), Body: ("name",), Organisation: ("name",),
    Community: ("name",), Option: ("title",), Commitment: ("deed",), Task: ("deed",), Milestone: ("title",), Upkeep: ("deed",),
}  # fmt: skip
_PAGES: dict[type[Stored], str] = {
    Proposal: "/proposal?id=", Poll: "/poll?id=", Meeting: "/meeting?id=", Project: "/project?id=", Notice: "/notice/"
}  # fmt: skip
# A row without a name of its own is known by the one that it belongs to. Not so accounts, letters, ballots and reasons: who signed in,
# voted, or spoke for what is in the log for those who check it, and is not to be read off a screen.
_OF: dict[type[Stored], str] = {
    Evaluation: "proposal", EvaluationAnswer: "evaluation", ProgressReport: "project",
    Acceptance: "project", ProjectChange: "project", Supervision: "project", Objection: "notice", Minutes: "meeting",
    Residence: "person", RoleHeld: "person",
}  # fmt: skip
UNSAID = {"evaluation.answer"}
"""Acts for which the matter is left out too: the form promises that no name stands beside an answer."""
_ALL: tuple[type[Stored], ...] = (*_NAMED, *_OF)
_KINDS = {str(kind.__tablename__): kind for kind in _ALL}


def subjects(db: Session, marks: Iterable[str]) -> dict[str, Subject]:
    """By mark ("proposal:…", as the log names it) the words for it; without those that are gone, erased, or have no words."""
    wanted: dict[str, set[str]] = {}
    for mark in set(marks):
        table, _, key = mark.partition(":")
        if table in _KINDS:
            wanted.setdefault(table, set()).add(key)
    found: dict[str, Subject] = {}
    parents: dict[str, str] = {}
    for table, keys in wanted.items():
        kind = _KINDS[table]
        for row in db.exec(select(kind).where(col(kind.id).in_(keys))).all():  # type: ignore[attr-defined]
            mark = f"{table}:{row.id}"  # type: ignore[attr-defined]
            if above := _OF.get(kind):
                parents[mark] = f"{above}:{getattr(row, f'{above}_id')}"
            elif label := " ".join(str(getattr(row, name)) for name in _NAMED[kind]).strip():
                found[mark] = Subject(label, f"{path}{row.id}" if (path := _PAGES.get(kind)) else "")  # type: ignore[attr-defined]
    known = subjects(db, parents.values()) if parents else {}
    return found | {mark: known[above] for mark, above in parents.items() if above in known}
