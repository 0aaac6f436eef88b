"""`manage.py admin`: makes an administrator, or a new way in for one, when nobody is left who could: prints a one-time address."""

from __future__ import annotations

import argparse

from sqlmodel import col, select

from models.people import Person, RoleHeld
from models.vocabulary import Role
from services import actors, addresses, db, letters, register, roles, schema
from services.cli import DONE, answer
from services.cli._community import community
from services.errors import Invalid
from services.rules import codes
from services.work import Work, working


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `admin`."""
    parser.add_argument("--community", metavar="NAME", help="the community by short name, name or id; needed where there are several")
    parser.add_argument("--name", required=True, help="the name of the person; a new one is entered in the register")
    parser.add_argument("--phone", default="", help="the phone number: tells people of one name apart, and a new person signs in with it")


def run(args: argparse.Namespace) -> int:
    """0: the person is an administrator, and the address printed sets their password once, within 7 days."""
    schema.upgrade(db.engine())
    chosen = community(args.community)
    with working(actors.system(chosen.id)) as work:
        person, fresh = _person(work, args.name, args.phone)
        roles.grant(work, person.id, Role.ADMINISTRATOR)
        code = letters.from_terminal(work, person.id)
    where = f"{addresses.home()}/letter/{code}"
    value = {"community": chosen.slug, "person": person.id, "new": fresh, "code": codes.grouped(code), "address": where}
    lines = [
        f"{args.name} is an administrator of {chosen.slug}.",
        f"Set the password once, within 7 days: {where}",
        f"or type the code there: {codes.grouped(code)}",
    ]
    answer(args, value, lines)
    return DONE


def _person(work: Work, name: str, phone: str) -> tuple[Person, bool]:
    """Whom the name, and the phone if given, mean; somebody new where nobody fits."""
    wanted = select(Person).where(Person.name == name, col(Person.erased_at).is_(None))
    if phone:
        wanted = wanted.where(Person.phone == phone)
    found = work.db.exec(wanted).all()
    if len(found) > 1:
        held = select(RoleHeld.person_id).where(RoleHeld.role == Role.ADMINISTRATOR, col(RoleHeld.until).is_(None))
        found = [person for person in found if person.id in set(work.db.exec(held).all())]
        if len(found) != 1:
            raise Invalid("Several people have this name; give the phone number with --phone as well.")
    return (found[0], False) if found else (register.add_person(work, name=name, phone=phone), True)
