"""Accounts: made by people themselves with the letter that came to their home."""

from __future__ import annotations

from sqlmodel import col, select

from models.account import Account
from models.community import Grid, Unit
from models.people import Person, Residence
from models.vocabulary import LetterKind, Tie
from services import actors, letters, logins, passwords, permission, residences
from services.checks import Checks
from services.errors import Conflict, NotAllowed, Refusal
from services.i18n import N_
from services.messages import tell
from services.reads import duties
from services.rules import codes
from services.rules.roll import number_label
from services.work import Work, do

TO_CONFIRM = N_("Somebody has registered for building {building}, number {number}. Please confirm who lives there.")

IN_PERSON = N_("You hold a role here already: that takes a letter made out to you, which a second person confirms. Ask the committee.")


def come_in(
    code: str, *, name: str, phone: str, password: str, tie: str, visitor: str = "", device: str = "", client: str = ""
) -> str:  # fmt: skip
    """The door of registering: the account, then a login in this browser. Returns the cookie's new token. Raises Refusal.

    Where this very letter has just made the account with this name and number, it is a second press, and the password signs in.
    """
    try:
        opened = letters.read(code, client)
        ready = password if passwords.why_not(password, phone) else passwords.hashed(password)  # outside the transaction
        given = {"letter_code": codes.normal(code), "name": name, "phone": phone, "password": ready, "tie": tie}
        account = do(actors.visitor(opened.community_id, visitor), register, **given)
    except Refusal:
        if not letters.has_just_made(code, Checks().text("name", name, 40, least=2), phone):
            raise
        return logins.sign_in(phone, password, device=device, client=client)
    return do(actors.system(opened.community_id), logins.open, account.id, device=device)


def register(work: Work, *, letter_code: str, name: str, phone: str, password: str, tie: str = Tie.OWNER) -> Account:
    """An account with a household letter. The home counts once a grid worker has confirmed it.

    Somebody of the same name and phone whom the committee has entered for this home already is that person, confirmed as before;
    where they hold a role, what a single grid worker hands out is not enough. Raises Conflict.
    `password` is plain, or hashed beforehand so that the 80 ms are not spent inside the transaction.
    """
    permission.require(work, "person.register")
    letter = letters.use(work, letter_code, LetterKind.HOUSEHOLD)  # first, because its lock keeps a double click from making two accounts
    checks = Checks()
    kept_name = checks.text("name", name, 40, least=2)
    number = ""
    try:
        number = letters.free_phone(work, phone)
    except Refusal as refusal:
        checks.reasons.append(refusal)
    hashed = password if isinstance(password, passwords.Hashed) else None
    weak = None if hashed else passwords.why_not(password, number)
    checks.reasons += [weak] if weak else []
    kept_tie = checks.choice("tie", tie, Tie)
    checks.done()
    unit = work.fetch(Unit, letter.unit_id)
    person = _known(work, unit, kept_name, number)
    if person is not None and letters.privileged(work, person.id):
        raise Conflict(IN_PERSON, field="code")
    if person is None:
        person = Person(id=work.new_id(), community_id=work.community_id, name=kept_name, phone=number, created_at=work.moment)
        work.add(person)
    account = make(work, person, number, hashed or passwords.hashed(password, number))
    claim = _claimed(work, person, unit, kept_tie)
    work.record("person.register", account, confirmed=claim.confirmed_at is not None)
    return account


def make(work: Work, person: Person, phone: str, password: passwords.Hashed) -> Account:
    """The account row of a person: `phone` as kept and free. A part of registering, which records it."""
    account = Account(
        id=work.new_id(), community_id=work.community_id, person_id=person.id, phone=phone, password_hash=password, created_at=work.moment
    )
    work.add(account)
    return account


def add_home(work: Work, *, letter_code: str, tie: str) -> Residence:
    """Another home for somebody who is signed in, with the letter that came to it; it counts once confirmed."""
    permission.require(work, "person.register")
    if work.actor.person_id is None:
        raise NotAllowed("Please sign in first.")
    letter = letters.use(work, letter_code, LetterKind.HOUSEHOLD)
    checks = Checks()
    kept_tie = checks.choice("tie", tie, Tie)
    checks.done()
    claim = _claimed(work, work.fetch(Person, work.actor.person_id), work.fetch(Unit, letter.unit_id), kept_tie)
    work.record("person.register", claim, confirmed=claim.confirmed_at is not None)
    return claim


def _claimed(work: Work, person: Person, unit: Unit, tie: Tie) -> Residence:
    """The claim to a home. Its grid worker is told; where it has none who serves now, the committee."""
    claim = residences.claim(work, person, unit, tie)
    if claim.confirmed_at is None:
        serving = select(Grid.worker_id).where(Grid.id == unit.grid_id, col(Grid.worker_id).in_(duties.grid_workers()))
        worker = work.db.exec(serving).first()
        for each in [worker] if worker else duties.committee(work.db):
            tell(
                work, each, TO_CONFIRM, "/register?part=confirm", f"residence:{claim.id}", building=unit.building,
                number=number_label(unit.stairwell, unit.number),
            )  # fmt: skip
    return claim


def _known(work: Work, unit: Unit, name: str, phone: str) -> Person | None:
    """Whom the committee has entered for this home with the same name and phone, and who has no account yet."""
    found = (
        select(Person)
        .join(Residence, col(Residence.person_id) == Person.id)
        .outerjoin(Account, col(Account.person_id) == Person.id)
        .where(Residence.unit_id == unit.id, col(Residence.ended_at).is_(None), Person.name == name, Person.phone == phone)
        .where(col(Account.id).is_(None), col(Person.erased_at).is_(None), col(Person.adult).is_(True))
    )
    return work.db.exec(found.order_by(col(Person.created_at), col(Person.id)).limit(1)).first()
