"""What the roles of real people amount to: each role of a small community × each act, on both databases."""

from __future__ import annotations

import pytest

from services import actors, db, permission
from services.rules import access
from tests.fixtures.neighbours import CAST, COMMUNITY, Neighbours
from tests.rules.test_access import WANTED


def test_every_role_may_what_is_stated(neighbours: Neighbours) -> None:
    for who, (_, roles) in CAST.items():
        actor = neighbours.actor(who)
        holds = {"anyone", "signed_in", *(role.value for role in roles)} | ({"resident"} if actor.verified else set())
        with db.reading(COMMUNITY) as session:
            assert permission.standing(session, actor) == holds
            for act, (may, _, at) in WANTED.items():
                refusal = permission.why_not(session, actor, act)
                assert (refusal is None) == (bool(may & holds) and not at), (who, act)


def test_a_visitor_may_what_anybody_may(neighbours: Neighbours) -> None:
    with db.reading(COMMUNITY) as session:
        may = {act for act in access.TABLE if permission.why_not(session, actors.visitor(COMMUNITY, "visitor:x"), act) is None}
    assert may == {act for act, (who, _, _) in WANTED.items() if "anyone" in who}


def test_a_role_that_ended_gives_nothing(neighbours: Neighbours) -> None:
    from services import roles
    from services.reads import administration
    from services.work import do

    held = next(each for each in administration.roles(neighbours.actor("administrator")).now if each.person == "吴委员")
    do(neighbours.actor("administrator"), roles.end, held.id)
    assert neighbours.actor("second").roles == frozenset()
    with pytest.raises(permission.Refusal):
        administration.log(neighbours.actor("second"))


def test_nobody_stands_in_another_community(neighbours: Neighbours) -> None:
    """A person of one community has no standing towards a row of another: it is not even found."""
    from models.people import Person
    from services import communities, register
    from services.errors import NotFound
    from services.work import working

    other = actors.system("bishahu000000000")
    with working(other) as work:
        communities.found(work, slug="bishahu", name="碧沙湖社区")
        stranger = register.add_person(work, name="外人").id
    with pytest.raises(NotFound), working(neighbours.actor("administrator")) as work:
        work.fetch(Person, stranger)
