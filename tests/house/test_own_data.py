"""Every table that names a person is somebody's own, by a named column, or named as not theirs with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.base import Stored
from models.concern import Concern, ConcernHolding
from models.people import Person
from services.db import SCOPED
from services.reads import own
from tests.house.source import nothing


def naming(kind: type[Stored]) -> set[str]:
    """The columns of a table that refer to a person."""
    columns = kind.__table__.columns  # type: ignore[attr-defined]
    return {column.key for column in columns if "person.id" in {key.target_fullname for key in column.foreign_keys}}


def undecided(
    kinds: Iterable[type[Stored]], own_: Mapping[type[Stored], tuple[str, ...]], not_theirs: Mapping[type[Stored], str]
) -> list[str]:
    found = []
    for kind in kinds:
        name = kind.__name__
        if naming(kind) and (kind in own_) == (kind in not_theirs):
            found.append(f"{name} names a person: put it on OWN or on NOT_THEIRS in services/reads/own.py")
        if wrong := set(own_.get(kind, ())) - naming(kind):
            found.append(f"{name}: {', '.join(sorted(wrong))} names no person")
        if kind in not_theirs and not naming(kind):
            found.append(f"{name} is on NOT_THEIRS and names no person")
    return found


def test_every_table_that_names_a_person_is_decided_on() -> None:
    nothing(
        undecided(SCOPED, own.OWN, own.NOT_THEIRS) + [f"{kind.__name__} gives no reason" for kind, why in own.NOT_THEIRS.items() if not why]
    )


def test_what_is_missing_twice_or_wrong_is_found() -> None:
    assert len(undecided([Concern], {}, {})) == 1
    assert len(undecided([Concern], {Concern: ("author_id",)}, {Concern: "why"})) == 1
    assert len(undecided([Concern], {Concern: ("number",)}, {})) == 1
    assert len(undecided([Person], {}, {Person: "why"})) == 1
    assert not undecided([Concern, ConcernHolding, Person], {Concern: ("author_id",)}, {ConcernHolding: "why"})
