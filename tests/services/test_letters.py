"""Letters, accounts made with them, lost passwords, data taken away and erased: on both databases."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlmodel import select

from models.account import Account, Letter, Message
from models.audit import EventRow
from models.community import Unit
from models.people import Person, Residence
from models.vocabulary import LetterKind, Role
from services import accounts, actors, clock, db, letters, logins, passwords, privacy, register, residences, roles
from services.errors import Conflict, Invalid, NotAllowed, Refusal, Several
from services.reads import administration, home, own, tampering
from services.rules import note
from services.work import do, working
from tests.fixtures.neighbours import COMMUNITY, PASSWORD, Neighbours

GIVEN = {"name": "小周", "phone": "13700000001", "password": PASSWORD, "tie": "tenant"}


def registered(neighbours: Neighbours, **other: str) -> str:
    code = do(neighbours.actor("committee"), letters.issue, neighbours.units[2])
    do(neighbours.system, accounts.register, letter_code=code, **GIVEN | other)
    return code


def test_from_letter_to_voter(neighbours: Neighbours) -> None:
    code = do(neighbours.actor("grid_worker"), letters.issue, neighbours.units[0])
    opened = letters.read(code.lower(), "10.0.0.1")
    assert (opened.kind, opened.building, opened.number) == (LetterKind.HOUSEHOLD, "1", "101")
    do(neighbours.system, accounts.register, letter_code=code, **GIVEN)
    who_token = logins.sign_in("13700000001", PASSWORD)
    with db.reading(COMMUNITY) as session:
        claim = session.exec(
            select(Residence).where(Residence.person_id == select(Person.id).where(Person.name == "小周").scalar_subquery())
        ).one()
        told = session.exec(
            select(Message).where(Message.person_id == neighbours.people["grid_worker"], Message.about == f"residence:{claim.id}")
        )
        assert told.one().values_ == {"building": "1", "number": "101"}
    assert claim.confirmed_at is None
    do(neighbours.actor("grid_worker"), residences.confirm, claim.id)
    assert logins.resolve(who_token)


@pytest.mark.parametrize("gone", ["grid", "role"])
def test_a_claim_that_no_grid_worker_sees_is_told_to_the_committee(neighbours: Neighbours, gone: str) -> None:
    """A home of a roll file has no grid; and a grid may be left by its worker."""
    if gone == "grid":
        with working(neighbours.system) as work:
            unit = work.fetch(Unit, neighbours.units[2])
            unit.grid_id = None
            work.record("register.change", unit)
    else:
        held = next(each for each in administration.roles(neighbours.actor("administrator")).now if each.person == "李师傅")
        do(neighbours.actor("administrator"), roles.end, held.id)
    registered(neighbours)
    with db.reading(COMMUNITY) as session:
        told = session.exec(select(Message).where(Message.message == accounts.TO_CONFIRM)).all()
        assert {each.person_id for each in told} == {neighbours.people["committee"], neighbours.people["second"]}
        assert {each.address for each in told} == {"/register?part=confirm"}
    desk = home.home(neighbours.actor("committee")).desk
    assert desk is not None and desk.claims == 2  # with the newcomer of this community


def test_the_one_entered_by_the_committee_is_found_again(neighbours: Neighbours) -> None:
    code = do(neighbours.actor("committee"), letters.issue, neighbours.units[1])
    with working(neighbours.actor("committee")) as work:
        register.change_person(work, neighbours.people["neighbour"], name="赵先生", phone="136 0000 0001", adult=True, organisation_id=None)
    account = do(
        neighbours.system, accounts.register, letter_code=code, **GIVEN | {"name": "赵先生", "phone": "13600000001", "tie": "owner"}
    )
    assert account.person_id == neighbours.people["neighbour"]
    assert neighbours.actor("neighbour").verified


def test_somebody_with_a_role_does_not_come_in_by_the_letter_of_a_home(neighbours: Neighbours) -> None:
    """What one grid worker hands out is not enough to become an administrator who has no account yet."""
    made = do(neighbours.actor("committee"), register.add_person, name="新主任", phone="13712340000")
    do(neighbours.actor("committee"), register.add_residence, person_id=made.id, unit_id=neighbours.units[2])
    do(neighbours.actor("administrator"), roles.grant, made.id, Role.ADMINISTRATOR)
    code = do(neighbours.actor("grid_worker"), letters.issue, neighbours.units[2])
    given = GIVEN | {"name": "新主任", "phone": "137 1234 0000"}
    with pytest.raises(Conflict, match="second person"):
        do(neighbours.system, accounts.register, letter_code=code, **given)
    mine = do(neighbours.actor("committee"), letters.renew, made.id)
    with db.reading(COMMUNITY) as session:
        letter = session.exec(select(Letter).where(Letter.person_id == made.id)).one().id
    do(neighbours.actor("second"), letters.second, letter)
    do(neighbours.system, letters.set_password, mine, GIVEN["password"], "13712340000")
    assert Role.ADMINISTRATOR in actors.of_login(logins.resolve(logins.sign_in("13712340000", GIVEN["password"]))).roles


def test_a_home_has_six_uses_and_a_new_letter_replaces_the_old(neighbours: Neighbours) -> None:
    code = do(neighbours.actor("committee"), letters.issue, neighbours.units[0])
    for n in range(letters.USES):
        do(neighbours.system, accounts.register, letter_code=code, **GIVEN | {"phone": f"1370000001{n}"})
    with pytest.raises(Conflict, match="used"):
        letters.read(code)
    with pytest.raises(Conflict):
        do(neighbours.system, accounts.register, letter_code=code, **GIVEN | {"phone": "13700000099"})
    old = do(neighbours.actor("committee"), letters.issue, neighbours.units[1])
    do(neighbours.actor("committee"), letters.issue, neighbours.units[1])
    with pytest.raises(Conflict, match="newer"):
        letters.read(old)


def test_a_letter_runs_out(neighbours: Neighbours) -> None:
    code = do(neighbours.actor("committee"), letters.issue, neighbours.units[0])
    with clock.at(clock.now() + timedelta(days=30)), pytest.raises(Conflict, match="run out"):
        letters.read(code)


@pytest.mark.parametrize("code", ["", "zzz", "0" * 20, "U" * 20, "ab cd" * 60])
def test_codes_that_are_none(neighbours: Neighbours, code: str) -> None:
    with pytest.raises(Invalid):
        letters.read(code, "10.0.0.1")


def test_all_that_is_wrong_is_said_at_once(neighbours: Neighbours) -> None:
    code = do(neighbours.actor("committee"), letters.issue, neighbours.units[0])
    with pytest.raises(Several) as several:
        do(neighbours.system, accounts.register, letter_code=code, name="", phone="1380000000", password="short", tie="none")
    assert [reason.field for reason in several.value.reasons] == ["name", "phone", "password", "tie"]
    assert str(several.value.reasons[1]) == "One digit short; it takes 11."
    assert letters.read(code)  # nothing was used up
    registered(neighbours)
    with pytest.raises(Conflict, match="account already"):
        registered(neighbours)


@pytest.mark.parametrize("password", ["1234567", "12345678", "aaaaaaaaaa", "13700000001", "x" * 201])
def test_passwords_that_are_too_weak(neighbours: Neighbours, password: str) -> None:
    with pytest.raises(Invalid):
        registered(neighbours, password=password)


def test_who_may_issue(neighbours: Neighbours) -> None:
    for who in ("resident", "chair", "executor", "administrator"):
        with pytest.raises(NotAllowed):
            do(neighbours.actor(who), letters.issue, neighbours.units[0])
    with pytest.raises(NotAllowed):
        do(neighbours.system, letters.issue, neighbours.units[0])
    with pytest.raises(Invalid):
        do(neighbours.actor("committee"), letters.issue_many, [])


def test_a_lost_password(neighbours: Neighbours) -> None:
    token = neighbours.token("resident")
    code = do(neighbours.actor("grid_worker"), letters.renew, neighbours.people["resident"])
    assert letters.read(code).person == "王阿姨"
    account_id = do(neighbours.system, letters.set_password, code, "another word 9")
    assert logins.resolve(token) is None
    with db.reading(COMMUNITY) as session:
        number = session.get_one(Account, account_id).phone
    assert logins.sign_in(number, "another word 9")
    with pytest.raises(Conflict):
        do(neighbours.system, letters.set_password, code, "another word 10")
    with pytest.raises(NotAllowed):
        do(neighbours.actor("grid_worker"), letters.renew, neighbours.people["grid_worker"])


def test_a_privileged_one_needs_a_second_person(neighbours: Neighbours) -> None:
    code = do(neighbours.actor("committee"), letters.renew, neighbours.people["chair"])
    with db.reading(COMMUNITY) as session:
        letter_id = session.exec(select(Letter.id).where(Letter.person_id == neighbours.people["chair"])).one()
    for use in (lambda: letters.read(code), lambda: do(neighbours.system, letters.set_password, code, PASSWORD, "13700000001")):
        with pytest.raises(Conflict, match="second"):
            use()
    with pytest.raises(NotAllowed, match="somebody else"):
        do(neighbours.actor("committee"), letters.second, letter_id)
    with pytest.raises(NotAllowed):
        do(neighbours.actor("chair"), letters.second, letter_id)
    do(neighbours.actor("second"), letters.second, letter_id)
    assert not letters.read(code).has_account
    do(neighbours.system, letters.set_password, code, PASSWORD, "13700000001")
    assert logins.sign_in("13700000001", PASSWORD)


def test_taking_ones_data_away(neighbours: Neighbours) -> None:
    neighbours.account("resident")
    with pytest.raises(NotAllowed):
        privacy.export(neighbours.actor("neighbour"), neighbours.people["resident"], "en")
    made = privacy.export(neighbours.actor("resident"), neighbours.people["resident"], "zh-CN")
    with zipfile.ZipFile(io.BytesIO(made.content)) as pack:
        data = json.loads(pack.read("data.json"))
        page = pack.read("index.html").decode()
    assert data["person"]["name"] == "王阿姨" and "王阿姨" in page
    assert {"account", "residence", "unit"} <= set(data["tables"])
    assert "password_hash" not in json.dumps(data) and "赵先生" not in json.dumps(data, ensure_ascii=False)


def test_erasing_leaves_a_chain_that_verifies(neighbours: Neighbours) -> None:
    registered(neighbours)
    with db.reading(COMMUNITY) as session:
        person_id = session.exec(select(Person.id).where(Person.name == "小周")).one()
        who = session.get_one(Person, person_id)
        actor = logins.actors.of_person(session, who)
    with pytest.raises(Invalid):
        do(actor, privacy.erase, person_id)
    with pytest.raises(NotAllowed):
        do(neighbours.actor("neighbour"), privacy.erase, person_id, sure=True)
    do(actor, privacy.erase, person_id, sure=True)
    with db.reading(COMMUNITY) as session:
        person = session.get_one(Person, person_id)
        assert (person.name, person.phone) == (privacy.NAMELESS, "") and person.erased_at
        assert session.exec(select(Account).where(Account.person_id == person_id)).first() is None
        salts = session.exec(
            select(EventRow.salt).where(EventRow.table == "person", EventRow.row_id == person_id).order_by(EventRow.seq)
        ).all()
        assert salts[:-1] == [None] * (len(salts) - 1) and salts[-1]
        assert list(tampering.mismatches(session, COMMUNITY, note.Key(f"yiqi/{COMMUNITY}", bytes(32)))) == []
    with pytest.raises(Invalid):
        logins.sign_in("13700000001", PASSWORD)
    registered(neighbours)  # the number is free again


def test_nobody_with_a_role_is_erased(neighbours: Neighbours) -> None:
    with pytest.raises(Conflict):
        do(neighbours.actor("chair"), privacy.erase, neighbours.people["chair"], sure=True)
    do(neighbours.system, roles.grant, neighbours.people["chair"], Role.SUPERVISOR)
    with db.reading(COMMUNITY) as session:
        assert {each.what: each.count for each in own.stays(session, neighbours.people["chair"])} == {"Roles you held": 2}


def test_a_phone_is_read_as_people_write_it(neighbours: Neighbours) -> None:
    from services import phones

    for typed in ("138 0000 0001", "+86 138-0000-0001", "0086 13800000001", "１３８ 0000 0001"):
        assert phones.cleaned(typed) == "13800000001"
    assert phones.cleaned("+44 20 7946 0000") == "+442079460000"
    for typed in ("", "abc", "1380000000", "138000000012", "23800000001", "+1", "１２"):
        with pytest.raises(Refusal):
            phones.cleaned(typed)
    assert phones.hidden("13812345678") == "138****5678"
    assert passwords.fits("x", None) is False
