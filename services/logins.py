"""Signed-in browsers: opened with phone and password, looked up at every request, listed and ended by their owner."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from models.account import Account, Login
from models.community import Community
from models.people import Person, Residence, RoleHeld
from models.vocabulary import Role
from services import actors, attempts, clock, db, installation, passwords, permission, phones
from services.errors import Invalid, NotAllowed, NotFound
from services.i18n import N_
from services.work import Work, do

IDLE = timedelta(days=30)
ABSOLUTE = timedelta(days=90)
TOUCH = timedelta(minutes=1)
DOOR = "sign_in"
NO_PASSWORD = "!"
WRONG = N_("Phone number and password do not belong together. Check both, or ask your grid worker for a new letter.")


def resolve(token: str) -> str | None:
    """The id of the login whose cookie this is, if it is still good: one indexed read. Its last use is noted once a minute."""
    now = clock.now()
    with db.reading(db.EVERYWHERE) as session:
        login = session.exec(select(Login).where(Login.token_sha256 == _digest(token))).first()
        if login is None or not good(login, now):
            return None
        login_id, community_id, stale = login.id, login.community_id, now - login.seen_at >= TOUCH
    if stale:
        do(actors.system(community_id), _touch, login_id)
    return login_id


def good(login: Login, now: datetime) -> bool:
    """Not ended, used within 30 days, opened within 90."""
    return login.ended_at is None and now < login.ends_at and now - login.seen_at < IDLE


def over(moment: datetime) -> ColumnElement[bool]:
    """The logins that are good no more, and will not be again: `good` as the database asks it."""
    return or_(col(Login.ended_at).is_not(None), col(Login.ends_at) <= moment, col(Login.seen_at) <= moment - IDLE)


def _touch(work: Work, login_id: str) -> None:
    login = work.db.get(Login, login_id)
    if login is not None and work.moment > login.seen_at:  # it may have been ended and cleared away at this very moment
        login.seen_at = work.moment


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def sign_in(phone: str, password: str, *, device: str = "", client: str = "") -> str:
    """The door: limits on failures, the password outside any transaction, then `open`. Returns the cookie's new token.

    Raises Invalid with the same words for an unknown number and a wrong password, NotAllowed when it is time to wait.
    """
    number = phones.loose(phone)
    counted = attempts.marks(number, client)
    attempts.refuse_guessing(DOOR, counted)
    with db.reading(db.EVERYWHERE) as session:
        account = session.exec(select(Account).where(Account.phone == number)).first() if number else None
        found = (account.id, account.community_id, account.password_hash) if account and account.disabled_at is None else None
    if not passwords.fits(password, found[2] if found else None) or found is None:
        attempts.failed(DOOR, counted)
        raise Invalid(WRONG, field="password")
    fresh = passwords.hashed(password) if passwords.outdated(found[2]) and passwords.why_not(password) is None else None
    return do(actors.system(found[1]), open, found[0], device=device, fresh=fresh)


def open(work: Work, account_id: str, *, device: str = "", fresh: passwords.Hashed | None = None) -> str:
    """Open a login for an account whose owner has shown who they are; only the workspace itself does this. Returns the token."""
    account = work.fetch(Account, account_id)
    permission.require(work, "person.sign_in")
    if account.disabled_at is not None:
        raise NotAllowed("This account is closed. Ask the committee.")
    token = secrets.token_urlsafe(32)
    login = Login(
        id=work.new_id(), community_id=work.community_id, account_id=account.id, token_sha256=_digest(token),
        form_token=secrets.token_urlsafe(32), device=device[:80], since=work.moment, seen_at=work.moment, ends_at=work.moment + ABSOLUTE,
    )  # fmt: skip
    work.add(login)
    if fresh is not None:
        account.password_hash = fresh
    attempts.forgive(work, DOOR, account.phone)
    work.record("person.sign_in", account)
    return token


def end(work: Work, login_id: str) -> None:
    """Sign a browser out: one's own, this one or another."""
    login = work.fetch(Login, login_id)
    account = work.db.get(Account, login.account_id)
    if account is None or not (work.actor.system or account.person_id == work.actor.person_id):
        raise NotFound()
    if login.ended_at is None:
        login.ended_at = work.moment
        work.record("person.sign_out", account)


def end_others(work: Work) -> int:
    """Sign out everywhere but here; returns how many."""
    if work.actor.person_id is None:
        raise NotAllowed("Please sign in first.")
    return _end_all(work, work.actor.person_id, but=work.actor.login_id)


def end_all(work: Work, person_id: str) -> int:
    """Sign a person out everywhere: after a change of role or password, so that every token is a new one. Records nothing itself."""
    return _end_all(work, person_id, record=False)


def _end_all(work: Work, person_id: str, *, but: str | None = None, record: bool = True) -> int:
    account = work.db.exec(select(Account).where(Account.person_id == person_id)).first()
    if account is None:
        return 0
    logins = work.db.exec(select(Login).where(Login.account_id == account.id, col(Login.ended_at).is_(None), Login.id != (but or ""))).all()
    for login in logins:
        login.ended_at = work.moment
    work.db.flush()
    if logins and record:
        work.record("person.sign_out", account, browsers=len(logins))
    return len(logins)


@dataclass(frozen=True)
class OwnLogin:
    """A browser in which somebody is signed in."""

    id: str
    device: str
    since: datetime
    seen_at: datetime


def own(person_id: str, community_id: str) -> list[OwnLogin]:
    """The browsers in which a person is signed in now, the last used first."""
    now = clock.now()
    with db.reading(community_id) as session:
        found = select(Login).join(Account, col(Account.id) == Login.account_id).where(Account.person_id == person_id)
        logins = session.exec(found.order_by(col(Login.seen_at).desc())).all()
        return [OwnLogin(login.id, login.device, login.since, login.seen_at) for login in logins if good(login, now)]


# ---- the demo's one-press entrances

ENTRANCES: tuple[Role | None, ...] = (
    None, Role.GRID_WORKER, Role.CHAIR, Role.COMMITTEE, Role.SUPERVISOR, Role.EXECUTOR, Role.ADMINISTRATOR
)  # fmt: skip
"""None is a resident without a role."""


def enter_demo(role: Role | None, *, device: str = "") -> str:
    """Sign in with one press as somebody who holds `role` in the demo's first community. Returns the token.

    Raises NotAllowed unless the database is marked as a demo and YIQI_DEMO is on.
    """
    if not installation.one_press():
        raise NotAllowed("One press is for the demo only. Sign in with phone number and password.")
    if role not in ENTRANCES:
        raise NotFound()
    with db.reading(db.EVERYWHERE) as session:
        person = demo_person(session, role)
        found = (person.community_id, person.id) if person else None
    if found is None:
        raise NotFound()
    return do(actors.system(found[0]), _enter, found[1], device=device)


def demo_person(session: db.Scoped, role: Role | None) -> Person | None:
    """Whom the entrance leads to: of the first community, those with an account first, then the longest registered."""
    first = session.exec(select(Community.id).order_by(col(Community.created_at), col(Community.id)).limit(1)).first()
    found = (
        select(Person)
        .outerjoin(Account, col(Account.person_id) == Person.id)
        .where(Person.community_id == first, col(Person.erased_at).is_(None))
    )
    held = select(RoleHeld.person_id).where(col(RoleHeld.until).is_(None), RoleHeld.community_id == first)
    if role is None:
        lives = select(Residence.person_id).where(col(Residence.confirmed_at).is_not(None), col(Residence.ended_at).is_(None))
        found = found.where(col(Person.id).not_in(held), col(Person.id).in_(lives), col(Person.adult).is_(True))
    else:
        found = found.where(col(Person.id).in_(held.where(RoleHeld.role == role)))
    return session.exec(found.order_by(col(Account.id).is_(None), col(Person.created_at), col(Person.id)).limit(1)).first()


def _enter(work: Work, person_id: str, *, device: str) -> str:
    account = work.db.exec(select(Account).where(Account.person_id == person_id)).first()
    if account is None:
        person = work.fetch(Person, person_id)
        account = Account(
            id=work.new_id(), community_id=work.community_id, person_id=person.id, phone=f"~{person.id}",
            password_hash=NO_PASSWORD, created_at=work.moment,
        )  # fmt: skip
        work.add(account)
    return open(work, account.id, device=device)
