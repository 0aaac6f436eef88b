"""The first run: an empty installation becomes a community, with the code that the terminal printed, or a demo."""

from __future__ import annotations

import re
import sys
import threading
from dataclasses import dataclass

from sqlmodel import select

from models.account import Account
from models.community import Community
from models.vocabulary import Role
from services import accounts, actors, attempts, communities, db, installation, logs, passwords, phones, register, roles
from services.checks import Checks
from services.errors import Conflict, Invalid, NotAllowed, Refusal
from services.settings import settings
from services.work import Work, new_id, working

DOOR = "first_run"
FULL = "There is a community here already. Sign in."


_OPEN = re.compile(r"^/(first-run(/demo)?$|lang/|size/|assets/|static/|_stcore/|healthz$|favicon)")


def instead(path: str) -> str:
    """While no community exists every page leads to the first-run page; "" where this one may be shown."""
    return "/first-run" if not _OPEN.match(path) and installation.empty() else ""


def announce() -> None:
    """At the start of the server: where there is no community yet, say so in the terminal, with the code for the first-run page."""
    if installation.empty():
        code = installation.first_run_code()
        sys.stdout.write(f"\n  Yiqi has no community yet. Open /first-run in the browser and type this code:\n\n      {code}\n\n")
        sys.stdout.flush()


def set_up(
    *, code: str, community: str, time_zone: str, name: str, phone: str, password: str, language: str, client: str = ""
) -> tuple[str, str]:
    """The door: the code, then community, first person and account in one transaction. Returns community id and account id.

    Raises Invalid or Several for what was typed, Conflict when somebody else was faster.
    """
    counted = attempts.marks("", client)
    attempts.refuse_guessing(DOOR, counted)
    with db.reading(db.EVERYWHERE) as session:
        right = installation.code_fits(session, code)
    if not right:
        attempts.failed(DOOR, counted)
        raise Invalid("This is not the code in the terminal. Each start of the server prints a new one.", field="code")
    if not installation.empty():
        raise Conflict(FULL)
    hashed = None if passwords.why_not(password, phone) else passwords.hashed(password)
    community_id = new_id()
    with working(actors.system(community_id)) as work:
        account = _found(work, community, time_zone, name, phone, hashed or password, language)
    return community_id, account.id


def _found(work: Work, community: str, time_zone: str, name: str, phone: str, password: str, language: str) -> Account:
    first = installation.row(work.db, lock=True)
    if work.db.exec(select(Community.id)).first() is not None:
        raise Conflict(FULL)
    checks = Checks()
    checks.text("community", community, 80, least=2)
    number = ""
    try:
        number = phones.cleaned(phone, time_zone)
    except Refusal as refusal:
        checks.reasons.append(refusal)
    checks.text("name", name, 40, least=2)
    weak = None if isinstance(password, passwords.Hashed) else passwords.why_not(password, number)
    checks.reasons += [weak] if weak else []
    checks.done()
    communities.found(work, slug=communities.slug_for(community, work), name=community, time_zone=time_zone, language=language)
    person = register.add_person(work, name=name, phone=number)
    account = accounts.make(work, person, number, passwords.hashed(password, number))
    for role in (Role.ADMINISTRATOR, Role.COMMITTEE):
        roles.grant(work, person.id, role)
    first.first_run_sha256 = ""
    work.db.flush()
    return account


# ---- the demo


@dataclass
class Making:
    """How far the demo is: `done` of `total` steps, or why it could not be made."""

    done: int = 0
    total: int = 1
    over: bool = False
    refusal: Refusal | None = None
    error: str = ""


_making: Making | None = None
_guard = threading.Lock()


def making() -> Making | None:
    """The demo that this process is making or has made; None when nobody asked for one."""
    return _making


def make_demo() -> Making:
    """Begin to make the demo beside the server; asked twice it is made once.

    Raises NotAllowed unless YIQI_DEMO is on, Conflict where there is a community already.
    """
    global _making
    if not settings().demo:
        raise NotAllowed("To look at the demo, start the server with YIQI_DEMO=true.")
    with _guard:
        if _making is not None and not _making.over:
            return _making
        if not installation.empty():
            raise Conflict(FULL)
        _making = Making()
        threading.Thread(target=_make, args=(_making,), name="demo", daemon=True).start()
        return _making


def _make(state: Making) -> None:
    """In a thread of its own: nothing may escape, whoever waits for it is told."""
    from services.demo import play

    def step(done: int, total: int) -> None:
        state.done, state.total = done, max(total, 1)

    try:
        play.make(step)
    except Refusal as refusal:
        state.refusal = refusal
    except Exception as fault:  # noqa: BLE001 the page shows the number, the log has the details
        state.error = logs.bug(fault, "demo")
    finally:
        state.over = True
        installation.refresh()
