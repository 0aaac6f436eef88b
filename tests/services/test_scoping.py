"""A query cannot forget its community: every form of statement is kept to it; one without a community is refused."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import aliased
from sqlmodel import exists, func, select, union_all

from models.community import Community, Estate, Unit
from models.people import Person, Residence
from services import actors, db
from services.errors import NotFound
from services.work import working


@pytest.fixture
def two(engine):
    """Two communities with one estate, unit, person and residence each."""
    made = {}
    for slug in PLACES:
        with working(actors.system(slug)) as work:
            work.add(Community(id=slug, slug=slug, name=slug, created_at=work.moment))
            estate = Estate(id=work.new_id(), community_id=slug, name="E")
            work.add(estate)
            unit = Unit(id=work.new_id(), community_id=slug, estate_id=estate.id, building="1", number="1", area=db_area())
            person = Person(id=work.new_id(), community_id=slug, name=slug, created_at=work.moment)
            work.add(unit)
            work.add(person)
            work.add(
                Residence(
                    id=work.new_id(), community_id=slug, person_id=person.id, unit_id=unit.id, tie="owner", claimed_at=work.moment
                )
            )
            work.record("register.change", estate)
            made[slug] = (estate, unit, person)
    return made


def db_area():
    from decimal import Decimal

    return Decimal("50.00")


PLACES = ("here", "there", "beyond")
OTHER = aliased(Unit)
INNER = select(Unit.id).where(Unit.building == "1")
LISTED = select(Person.name, Person.community_id).subquery()

STATEMENTS = {
    "rows": select(Unit),
    "columns": select(Unit.id),
    "count": select(func.count()).select_from(Unit),
    "max": select(func.max(Unit.number)).where(Unit.building == "1"),
    "join": select(Unit.id).join(Estate, Estate.id == Unit.estate_id),
    "join of the other side": select(Estate.id).join(Unit, Estate.id == Unit.estate_id),
    "outer join": select(Estate.id, Unit.id).outerjoin(Unit, Unit.estate_id == Estate.id),
    "alias": select(OTHER.id),
    "alias joined": select(Estate.id, OTHER.id).join(OTHER, OTHER.estate_id == Estate.id),
    "in a subquery": select(Residence.unit_id).where(Residence.unit_id.in_(INNER)),
    "exists": select(Person.id).where(exists().where(Residence.person_id == Person.id)),
    "from a subquery": select(LISTED.c.name),
    "scalar subquery": select(select(func.count(Unit.id)).scalar_subquery()),
    "two tables": select(Unit.id, Residence.person_id).where(Residence.unit_id == Unit.id),
    "distinct": select(func.count(func.distinct(Unit.id))),
    "cte": select(select(Unit.id).cte("listed").c.id),
}


@pytest.mark.parametrize("form", STATEMENTS)
def test_every_form_sees_its_own_community_only(two, form):
    statement = STATEMENTS[form]
    with db.reading(db.EVERYWHERE) as session:
        everything = session.execute(statement).all()
    for slug in (*PLACES, *reversed(PLACES)):
        with db.reading(slug) as session:
            own = session.execute(statement).all()
        mine = {each.id for each in two[slug]} | {slug}
        foreign = {each.id for other in two if other != slug for each in two[other]}
        said = {value.id if hasattr(value, "id") else value for row in own for value in row}
        assert said and not said & foreign, form
        assert len(own) <= len(everything)
        if form in ("count", "scalar subquery", "distinct"):
            assert own[0][0] == 1 and everything[0][0] == 3
        elif form != "max":
            assert said & mine


def test_get_and_fetch_find_nothing_foreign(two):
    estate, unit, person = two["there"]
    with db.reading("here") as session:
        assert session.get(Unit, unit.id) is None
    with working(actors.system("here")) as work, pytest.raises(NotFound):
        work.fetch(Unit, unit.id)


def test_a_session_without_a_community_is_refused(two):
    with db.session(None) as session, pytest.raises(RuntimeError):
        session.exec(select(Unit)).all()


def test_a_union_is_refused_because_it_cannot_be_kept(two):
    with db.reading("here") as session, pytest.raises(RuntimeError):
        session.execute(union_all(select(Unit.id), select(Unit.id))).all()


def test_the_community_is_never_the_one_a_statement_was_first_made_for(engine):
    """Twenty communities ask ten kinds of statement in another order each: what was compiled for one serves the others."""
    from random import Random

    slugs = [f"place{number}" for number in range(20)]
    for slug in slugs:
        with working(actors.system(slug)) as work:
            work.add(Community(id=slug, slug=slug, name=slug, created_at=work.moment))
            work.add(Estate(id=f"e-{slug}", community_id=slug, name="E"))
            work.record("register.change")
    other = aliased(Estate)
    forms = [
        lambda name: select(Estate.id).where(Estate.name == name),
        lambda name: select(other.id).where(other.name == name),
        lambda name: select(Estate.id).join(other, other.id == Estate.id).where(other.name == name),
        lambda name: select(Estate.id).where(Estate.id.in_(select(other.id).where(other.name == name))),
    ]
    chance = Random(7)
    for _ in range(200):
        slug, form = chance.choice(slugs), chance.choice(forms)
        with db.reading(slug) as session:
            assert session.execute(form("E")).scalars().all() == [f"e-{slug}"]
            assert session.get(Estate, f"e-{slug}") is not None
            assert session.get(Estate, f"e-{chance.choice([each for each in slugs if each != slug])}") is None
