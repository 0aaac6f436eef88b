"""Communities, register, roles, residences, logins, messages, the demo's clock: on both databases."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlmodel import select

from models.account import Account, Login, Message
from models.community import Community
from models.people import Person, RoleHeld
from models.vocabulary import Role
from services import (
    accounts,
    actors,
    attempts,
    clock,
    communities,
    db,
    demo_clock,
    installation,
    logins,
    messages,
    passwords,
    register,
    residences,
    roles,
    sorry,
)
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, Several
from services.work import do, working

HOME = "huating00000000000"[:16]
PASSWORD = passwords.hashed("kuan yin 70")


@pytest.fixture
def home(engine: Engine) -> actors.Actor:
    """A community with an estate, a flat, and three people; the workspace itself acts."""
    me = actors.system(HOME)
    with working(me) as work:
        communities.found(work, slug="huating", name="华亭社区")
        estate = register.add_estate(work, name="华亭路 70 号院")
        flat = register.add_unit(work, estate_id=estate.id, building="1", number="101", area="87.52")
        for name in ("王阿姨", "李师傅", "周主任"):
            person = register.add_person(work, name=name, phone="138 0000 000" + str(len(name)) if name == "王阿姨" else "")
            if name == "王阿姨":
                register.add_residence(work, person_id=person.id, unit_id=flat.id)
    return me


def person(name: str) -> Person:
    with db.reading(HOME) as session:
        found = session.exec(select(Person).where(Person.name == name)).one()
        session.expunge(found)
    return found


def actor(name: str) -> actors.Actor:
    with db.reading(HOME) as session:
        return actors.of_person(session, session.exec(select(Person).where(Person.name == name)).one())


def account(name: str, phone: str) -> str:
    with working(actors.system(HOME)) as work:
        made = Account(
            id=work.new_id(), community_id=HOME, person_id=person(name).id, phone=phone, password_hash=PASSWORD, created_at=work.moment
        )
        work.add(made)
        work.record("person.register", made)
        return made.id


def test_an_empty_installation_says_so(engine: Engine) -> None:
    assert installation.empty()
    code = installation.first_run_code()
    assert len(code.replace(" ", "")) == 20
    with db.reading(db.EVERYWHERE) as session:
        assert installation.code_fits(session, code.lower().replace(" ", "-"))
        assert not installation.code_fits(session, code[:-1] + ("0" if code[-1] != "0" else "1"))
        assert not installation.code_fits(session, "")


def test_founding_and_registering(home: actors.Actor) -> None:
    assert not installation.empty()
    who = actor("王阿姨")
    assert who.verified and len(who.units) == 1
    assert person("王阿姨").phone == "13800000003"
    with pytest.raises(Conflict):
        do(home, register.add_estate, name="华亭路 70 号院")
    with pytest.raises(Several) as several, working(home) as work:
        communities.found(work, slug="No such", name="", time_zone="Mars/Base")
    assert [reason.field for reason in several.value.reasons] == ["slug", "name", "time_zone"]
    with pytest.raises(NotAllowed):
        do(who, register.add_estate, name="别处")


@pytest.mark.parametrize("area", ["0", "-1", "abc", "", "1.23456", "NaN", "1e9"])
def test_an_area_that_is_none(home: actors.Actor, area: str) -> None:
    with pytest.raises(Invalid), working(home) as work:
        estate = register.add_estate(work, name="x")
        register.add_unit(work, estate_id=estate.id, building="2", number="1", area=area)


def test_an_area_stays_exact(home: actors.Actor) -> None:
    with working(home) as work:
        estate = register.add_estate(work, name="梧桐里")
        unit = register.add_unit(work, estate_id=estate.id, building="2", number="1", area="100.10")
    assert unit.area == Decimal("100.10")


def test_roles_end_logins_and_the_last_administrator_stays(home: actors.Actor) -> None:
    account_id = account("周主任", "13900000001")
    token = do(home, logins.open, account_id, device="desk")
    assert logins.resolve(token)
    held = do(home, roles.grant, person("周主任").id, Role.ADMINISTRATOR)
    assert logins.resolve(token) is None
    assert do(home, roles.grant, person("周主任").id, "administrator").id == held.id
    boss = actor("周主任")
    with pytest.raises(NotAllowed):
        do(boss, roles.grant, boss.person_id, Role.CHAIR)
    with pytest.raises(Conflict):
        do(boss, roles.end, held.id)
    second = do(boss, roles.grant, person("李师傅").id, Role.ADMINISTRATOR)
    do(boss, roles.end, held.id)
    assert actor("周主任").roles == frozenset()
    with pytest.raises(NotAllowed):
        do(boss.__class__(HOME, boss.person_id), roles.end, second.id)
    with db.reading(HOME) as session:
        lines = session.exec(select(Message).where(Message.person_id == person("周主任").id)).all()
        assert len(session.exec(select(RoleHeld)).all()) == 2
        said = {messages.shown("en", line.message, line.values_) for line in lines}
    assert said == {
        "You now hold the role “Administrator”.",
        "Your role “Administrator” has ended.",
    }


def test_a_claim_waits_for_the_grid_worker(home: actors.Actor) -> None:
    do(home, roles.grant, person("李师傅").id, Role.GRID_WORKER)
    with working(home) as work:
        unit = register.add_unit(work, estate_id=work.db.exec(select(register.Estate.id)).one(), building="1", number="102", area="60")
        claim = residences.claim(work, person("周主任"), unit, "tenant")
        work.record("person.register", claim)
    assert not actor("周主任").verified
    with pytest.raises(NotAllowed):
        do(actor("王阿姨"), residences.confirm, claim.id)
    do(actor("李师傅"), residences.confirm, claim.id)
    assert actor("周主任").verified
    with pytest.raises(Conflict):
        do(actor("李师傅"), residences.refuse, claim.id, "搬走了")
    with pytest.raises(NotFound):
        do(actor("李师傅"), residences.confirm, "nothing")


def test_signing_in_and_out(home: actors.Actor) -> None:
    account("王阿姨", "13800000003")
    token = logins.sign_in(" 138-0000 0003", "kuan yin 70", device="phone", client="10.0.0.1")
    login_id = logins.resolve(token)
    assert login_id and logins.resolve(token + "x") is None
    with db.reading(HOME) as session:
        kept = session.get_one(Login, login_id)
        assert token not in str(kept) and len(kept.token_sha256) == 64
    who = actors.of_login(login_id)
    assert who.name == "王阿姨" and who.form_token
    other = logins.sign_in("13800000003", "kuan yin 70", client="10.0.0.2")
    assert len(logins.own(who.person_id or "", HOME)) == 2
    assert do(who, logins.end_others) == 1
    assert logins.resolve(other) is None and logins.resolve(token) == login_id
    with pytest.raises(NotFound):
        do(actor("李师傅"), logins.end, login_id)
    do(who, logins.end, login_id)
    assert logins.resolve(token) is None


def test_a_login_ends_by_itself(home: actors.Actor) -> None:
    account_id = account("王阿姨", "13800000003")
    start = clock.now()
    with clock.at(start):
        token = do(home, logins.open, account_id)
    for days in (29, 58, 87):
        with clock.at(start + timedelta(days=days)):
            assert logins.resolve(token)
    with clock.at(start + timedelta(days=90)):
        assert logins.resolve(token) is None
    with clock.at(start):
        idle = do(home, logins.open, account_id)
    with clock.at(start + timedelta(days=31)):
        assert logins.resolve(idle) is None


def test_guessing_is_slowed_but_nobody_is_locked_out(home: actors.Actor) -> None:
    account("王阿姨", "13800000003")
    start = clock.now()
    with clock.at(start):
        for _ in range(attempts.PAIR.most):
            with pytest.raises(Invalid):
                logins.sign_in("13800000003", "wrong", client="10.0.0.1")
        with pytest.raises(NotAllowed) as wait:
            logins.sign_in("13800000003", "kuan yin 70", client="10.0.0.1")
        assert wait.value.values == {"n": 10}
        assert logins.sign_in("13800000003", "kuan yin 70", client="10.0.0.2")
    with clock.at(start + attempts.PAIR.within):
        assert logins.sign_in("13800000003", "kuan yin 70", client="10.0.0.1")


def test_one_address_cannot_try_every_number(home: actors.Actor) -> None:
    attempt = attempts.marks("", "10.0.0.9")
    for _ in range(attempts.CLIENT.most):
        attempts.failed("sign_in", attempt)
    with pytest.raises(NotAllowed):
        logins.sign_in("13700000000", "whatever1", client="10.0.0.9")


def test_an_unknown_number_and_a_wrong_password_sound_alike(home: actors.Actor) -> None:
    account("王阿姨", "13800000003")
    said: list[str] = []
    for phone in ("13800000003", "13800000009", "not a number", ""):
        with pytest.raises(Refusal) as no:
            logins.sign_in(phone, "wrong password", client=phone)
        said.append(str(no.value))
    assert len(set(said)) == 1


def test_the_demos_clock(home: actors.Actor) -> None:
    who = actor("王阿姨")
    with pytest.raises(NotAllowed):
        do(who, demo_clock.advance, 1)
    with working(home) as work:
        installation.mark_demo(work)
        work.record("community.change", work.community)
    with pytest.raises(Invalid):
        do(who, demo_clock.advance, 0)
    for wrong in (0, 367):
        with pytest.raises(Invalid) as refused:
            do(who, demo_clock.advance, days=wrong)
        assert refused.value.field == "days" and refused.value.values["most"] == 366
    installation.follow_clock()
    try:
        token = do(home, logins.open, account("王阿姨", "13800000003"))
        with working(actors.system("zelsewhere000000")) as work:
            work.add(Community(id="zelsewhere000000", slug="elsewhere", name="别处", created_at=work.moment))
            there = Person(id=work.new_id(), community_id=work.community_id, name="钱先生", created_at=work.moment)
            work.add(there)
            theirs = Account(
                id=work.new_id(), community_id=work.community_id, person_id=there.id, phone="13900000001", password_hash="!",
                created_at=work.moment,
            )  # fmt: skip
            work.add(theirs)
            work.record("community.found", work.community)
        elsewhere = do(actors.system("zelsewhere000000"), logins.open, theirs.id)
        installation.refresh()
        before = clock.now()
        assert do(who, demo_clock.advance, days=40) == timedelta(days=40)
        installation.refresh()
        assert timedelta(days=40) <= clock.now() - before < timedelta(days=40, minutes=1)
        assert logins.resolve(token)
        assert logins.resolve(elsewhere), "one clock for all communities of the demo"
    finally:
        clock.follow(timedelta)


def test_the_guards_own_pages_carry_the_mark_of_a_demo_and_ask_nothing(home: actors.Actor) -> None:
    installation.refresh()
    assert not installation.is_demo() and "演示" not in sorry.page("zh-CN", sorry.NO_PAGE).decode()
    with working(home) as work:
        installation.mark_demo(work)
        work.record("community.change", work.community)
    installation.refresh()
    assert "演示" not in sorry.page("zh-CN", sorry.NO_PAGE).decode(), "what was last read: it comes also where no database answers"
    assert installation.is_demo() and "演示：人和事都是编的" in sorry.page("zh-CN", sorry.NO_PAGE).decode()


def test_one_press_needs_mark_and_setting(home: actors.Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    do(home, roles.grant, person("周主任").id, Role.COMMITTEE)
    with pytest.raises(NotAllowed):
        logins.enter_demo(None)
    with working(home) as work:
        installation.mark_demo(work)
        work.record("community.change", work.community)
    installation.refresh()
    with pytest.raises(NotAllowed):
        logins.enter_demo(None)
    monkeypatch.setenv("YIQI_DEMO", "true")
    installation.settings.cache_clear()
    assert actors.of_login(logins.resolve(logins.enter_demo(None))).name == "王阿姨"
    assert actors.of_login(logins.resolve(logins.enter_demo(Role.COMMITTEE))).holds(Role.COMMITTEE)
    with pytest.raises(NotFound):
        logins.enter_demo(Role.CHAIR)
    with pytest.raises(NotFound):
        logins.enter_demo(Role.GRID_WORKER)


def test_a_message_keeps_its_figures(home: actors.Actor) -> None:
    who = person("王阿姨")
    with working(home) as work:
        for _ in range(2):
            messages.tell(
                work, who.id, "{n} homes, {day}, {role}, {text}", "/me", "x:1", n=3, day=clock.now().date(), role=Role.CHAIR, text="@ <b>"
            )
        messages.tell(work, None, "nobody")
    with db.reading(HOME) as session:
        line = session.exec(select(Message)).one()
        session.expunge(line)
    assert messages.shown("en", line.message, line.values_).startswith("3 homes, ")
    assert messages.shown("en", line.message, line.values_).endswith(", Chair, @ <b>")
    assert do(actor("王阿姨"), messages.read) == 1
    assert do(actor("王阿姨"), messages.read) == 0


def test_passwords_cost_what_owasp_names(home: actors.Actor, costly_passwords: PasswordHasher) -> None:
    assert passwords.hashed("kuan yin 70").startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert passwords.fits("kuan yin 70", passwords.hashed("kuan yin 70")) and not passwords.fits("kuan yin 71", passwords.hashed("kuan yin 70"))
    assert passwords.fits("kuan yin 70", PASSWORD) and passwords.outdated(PASSWORD)


def test_an_older_hash_is_made_anew_when_its_owner_signs_in(home: actors.Actor, costly_passwords: PasswordHasher) -> None:
    with working(home) as work:
        mine = work.db.exec(select(Person).where(Person.name == "王阿姨")).one()
        account = accounts.make(work, mine, "13800000003", PASSWORD)
        work.record("person.register", account)
    logins.sign_in("13800000003", "kuan yin 70")
    with db.reading(HOME) as session:
        kept = session.get_one(Account, account.id).password_hash
    assert kept != PASSWORD and not passwords.outdated(kept)
