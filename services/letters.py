"""Letters: sheets with a QR code and a one-time code, handed to a home as its way in, or to a person in place of a lost password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, func, select

from models.account import Account, Letter
from models.community import Community, Estate, Unit
from models.people import Person, Residence, RoleHeld
from models.vocabulary import LetterKind
from services import attempts, clock, db, installation, logins, once, permission, phones
from services.errors import Conflict, Invalid, NotAllowed
from services.i18n import N_
from services.passwords import hashed
from services.rules import codes
from services.rules.community_figures import figure
from services.rules.roll import number_label
from services.work import Work

DOOR = "letter"
USES = 6
"""How many people of a home can register with one letter."""
RENEWAL = timedelta(days=7)
NO_LETTER = N_("This code opens nothing. Compare it with the letter, or ask your grid worker for another.")
USED = N_("This code is used. Ask your grid worker for another.")
TOO_OLD = N_("This letter has run out. Ask your grid worker for another.")
TAKEN_BACK = N_("A newer letter has taken the place of this one. Use the newest, or ask your grid worker.")
NEEDS_SECOND = N_("A second person has to confirm this letter first. Ask the committee.")


def issue(work: Work, unit_id: str) -> str:
    """A letter for a home; earlier ones stop working. Returns the code, which is kept nowhere else."""
    return issue_many(work, [unit_id])[unit_id]


def issue_many(work: Work, unit_ids: list[str], form: str = "") -> dict[str, str]:
    """Letters for several homes in one act: unit id → code. The same `form` sent again changes nothing. Raises Conflict."""
    permission.require(work, "letter.issue")
    units = [work.fetch(Unit, unit_id, lock=True) for unit_id in sorted(set(unit_ids))]
    if not units:
        raise Invalid("Choose at least one home.", field="unit")
    first = _first(work, form)
    _take_back(work, select(Letter).where(col(Letter.unit_id).in_([unit.id for unit in units])))
    days = figure(work.community.figures, "letter_days")
    made = {unit.id: _new(work, LetterKind.HOUSEHOLD, timedelta(days=days), USES, unit_id=unit.id) for unit in units}
    made[units[0].id][0].id = first
    work.add(*(letter for letter, _ in made.values()))
    work.record("letter.issue", next(iter(made.values()))[0], letters=len(made))
    return {unit_id: code for unit_id, (_, code) in made.items()}


def renew(work: Work, person_id: str, form: str = "") -> str:
    """A letter that sets a new password, handed over in person. For somebody with a role a second person must confirm it.

    The same `form` sent again changes nothing. Raises Conflict.
    """
    person = work.fetch(Person, person_id, lock=True)
    permission.require(work, "letter.renew", person)
    if person.erased_at is not None:
        raise Conflict("This person's data was erased.")
    first = _first(work, form)
    _take_back(work, select(Letter).where(Letter.person_id == person.id))
    letter, code = _new(work, LetterKind.RENEWAL, RENEWAL, 1, person_id=person.id)
    letter.id = first
    work.add(letter)
    work.record("letter.renew", letter, needs_second=privileged(work, person.id))
    return code


def from_terminal(work: Work, person_id: str) -> str:
    """A renewal letter for whoever stands at the server (`manage.py admin`): it needs no second person. Only the workspace itself."""
    if not work.actor.system:
        raise NotAllowed("This letter comes from the terminal of the server only.")
    person = work.fetch(Person, person_id)
    _take_back(work, select(Letter).where(Letter.person_id == person.id))
    letter, code = _new(work, LetterKind.RENEWAL, RENEWAL, 1, person_id=person.id)
    letter.second_by = person.id
    work.add(letter)
    work.record("letter.renew", letter, terminal=True)
    return code


def second(work: Work, letter_id: str) -> Letter:
    """Confirm a letter for somebody with a role: by somebody else than its issuer and its receiver."""
    letter = work.fetch(Letter, letter_id, lock=True)
    person = work.fetch(Person, letter.person_id)
    permission.require(work, "letter.renew", person)
    if letter.issued_by == work.actor.person_id:
        raise NotAllowed("The second person has to be somebody else. Ask a colleague.")
    if refusal := why_closed(letter, work.moment):
        raise refusal
    if letter.second_by is None:
        letter.second_by = work.actor.person_id
        work.record("letter.renew", letter, second=True)
    return letter


def privileged(work: Work, person_id: str) -> bool:
    """Whether a lost password of this person needs two others: they hold a role."""
    return work.db.exec(select(RoleHeld.id).where(RoleHeld.person_id == person_id, col(RoleHeld.until).is_(None))).first() is not None


def _first(work: Work, form: str) -> str:
    """The id of the first letter of a form; Conflict where that form made its letters already."""
    first = once.name(work, form)
    if earlier := work.db.get(Letter, first):
        raise once.printed(work, earlier.issued_at)
    return first


def _new(
    work: Work, kind: LetterKind, lasts: timedelta, uses: int, *, unit_id: str | None = None, person_id: str | None = None
) -> tuple[Letter, str]:
    issuer = work.actor.person_id or person_id  # the terminal's letter for an administrator names its receiver
    if issuer is None:
        raise NotAllowed("A letter is issued by a person who answers for it.")
    code = installation.one_time_code()
    letter = Letter(
        id=work.new_id(), community_id=work.community_id, kind=kind, unit_id=unit_id, person_id=person_id,
        code_sha256=installation.digest(code), issued_by=issuer, issued_at=work.moment,
        ends_at=work.moment + lasts, uses_left=uses,
    )  # fmt: skip
    return letter, code


def _take_back(work: Work, of: object) -> None:
    for letter in work.db.exec(of).all():  # type: ignore[call-overload]
        if letter.withdrawn_at is None and letter.uses_left > 0:
            letter.withdrawn_at = work.moment


def why_closed(letter: Letter, now: datetime) -> Conflict | None:
    """Why a letter opens nothing any more, or None."""
    if letter.withdrawn_at is not None:
        return Conflict(TAKEN_BACK, field="code")
    if letter.uses_left < 1:
        return Conflict(USED, field="code")
    return Conflict(TOO_OLD, field="code") if now >= letter.ends_at else None


# ---- what a letter opens


@dataclass(frozen=True)
class Opened:
    """What somebody with the code may know: whose home, or who is to set a password."""

    id: str
    community_id: str
    community: str
    kind: LetterKind
    estate: str = ""
    building: str = ""
    number: str = ""
    person: str = ""
    has_account: bool = False
    ends_at: datetime | None = None


def read(code: str, client: str = "") -> Opened:
    """What the code opens. Raises Invalid for a slip in typing or an unknown code, Conflict for one that is used up or too old."""
    counted = attempts.marks("", client)
    attempts.refuse_guessing(DOOR, counted)
    typed = codes.read(code, codes.ONE_TIME)
    with db.reading(db.EVERYWHERE) as session:
        letter = session.exec(select(Letter).where(Letter.code_sha256 == installation.digest(typed))).first()
        found = _opened(session, letter) if letter else None
    if found is None:
        attempts.failed(DOOR, counted)
        raise Invalid(NO_LETTER, field="code")
    return found


def _opened(session: db.Scoped, letter: Letter) -> Opened:

    if refusal := why_closed(letter, clock.now()):
        raise refusal
    community = session.get_one(Community, letter.community_id)
    about = {"id": letter.id, "community_id": community.id, "community": community.name, "kind": letter.kind, "ends_at": letter.ends_at}
    if letter.unit_id:
        unit = session.get_one(Unit, letter.unit_id)
        estate = session.get_one(Estate, unit.estate_id)
        return Opened(**about, estate=estate.name, building=unit.building, number=number_label(unit.stairwell, unit.number))  # type: ignore[arg-type]
    person = session.get_one(Person, letter.person_id)
    held = session.exec(select(RoleHeld.id).where(RoleHeld.person_id == person.id, col(RoleHeld.until).is_(None))).first()
    if held and letter.second_by is None:
        raise Conflict(NEEDS_SECOND, field="code")
    account = session.exec(select(Account.id).where(Account.person_id == person.id)).first()
    return Opened(**about, person=person.name, has_account=account is not None)  # type: ignore[arg-type]


def use(work: Work, code: str, kind: LetterKind) -> Letter:
    """Take one use of a letter, under its lock, so that the last one is used once."""
    letter = work.db.exec(
        select(Letter).where(Letter.code_sha256 == installation.digest(code), Letter.kind == kind).with_for_update()
    ).first()
    if letter is None:
        raise Invalid(NO_LETTER, field="code")
    if refusal := why_closed(letter, work.moment):
        raise refusal
    letter.uses_left -= 1
    letter.used_at = work.moment
    work.db.flush()
    return letter


def has_just_made(code: str, name: str, phone: str) -> bool:
    """Whether the last use of this household letter made the account with this name, as kept, and this number, as typed."""
    with db.reading(db.EVERYWHERE) as session:
        made = (
            select(Account.id)
            .join(Person, col(Person.id) == Account.person_id)
            .join(Residence, col(Residence.person_id) == Person.id)
            .join(Letter, (col(Letter.unit_id) == Residence.unit_id) & (col(Letter.used_at) == Account.created_at))
            .where(Letter.code_sha256 == installation.digest(codes.normal(code)), Letter.kind == LetterKind.HOUSEHOLD)
            .where(Person.name == name, Account.phone == phones.loose(phone))
        )
        return session.exec(made).first() is not None


def set_password(work: Work, letter_code: str, password: str, phone: str = "") -> str:
    """Use a renewal letter: a new password, and an account with `phone` for somebody who had none. Returns the account's id.

    Every login of the account ends and its failures are forgotten.
    """
    permission.require(work, "person.register")
    letter = use(work, letter_code, LetterKind.RENEWAL)
    person = work.fetch(Person, letter.person_id)
    if privileged(work, person.id) and letter.second_by is None:
        raise Conflict(NEEDS_SECOND, field="code")
    account = work.db.exec(select(Account).where(Account.person_id == person.id)).first()
    if account is None:
        number = free_phone(work, phone)
        account = Account(
            id=work.new_id(), community_id=work.community_id, person_id=person.id, phone=number, password_hash="", created_at=work.moment
        )
        person.phone = number
    account.password_hash = hashed(password, account.phone)
    account.disabled_at = None
    work.add(account)
    logins.end_all(work, person.id)
    attempts.forgive(work, logins.DOOR, account.phone)
    work.record("letter.renew", account, used=True)
    return account.id


def free_phone(work: Work, phone: str) -> str:
    """The number as kept, when no account of the installation has it."""
    number = phones.cleaned(phone, work.community.time_zone)
    if not work.alone:  # who registers the same number at this moment is waited for; then its account is found below
        work.db.exec(select(func.pg_advisory_xact_lock(func.hashtextextended(f"account {number}", 0)))).one()
    with db.reading(db.EVERYWHERE) as session:
        taken = session.exec(select(Account.id).where(Account.phone == number)).first()
    if taken or work.db.exec(select(Account.id).where(Account.phone == number)).first():
        raise Conflict(
            "This number has an account already. Sign in with it, or ask your grid worker for a new password letter.", field="phone"
        )
    return number
