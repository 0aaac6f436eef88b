"""`manage.py admin`: a way in for the last administrator, from the terminal alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.vocabulary import Role
from services import letters, logins
from services.work import do
from tests.fixtures.neighbours import Neighbours
from tests.plain.test_command_line import manage


@pytest.fixture
def place(neighbours_sqlite: Neighbours, data_dir: Path) -> Path:
    return data_dir.parent


def test_a_new_password_for_the_last_one(neighbours_sqlite: Neighbours, place: Path) -> None:
    said = manage(place, "admin", "--name", "卫管理", "--json")
    assert (said.returncode, said.stderr) == (0, "")
    made = json.loads(said.stdout)
    assert not made["new"] and made["person"] == neighbours_sqlite.people["administrator"]
    assert letters.read(made["code"]).person == "卫管理"
    do(neighbours_sqlite.system, letters.set_password, made["code"], "another word 9", "13811112222")
    assert logins.sign_in("13811112222", "another word 9")


def test_somebody_new(neighbours_sqlite: Neighbours, place: Path) -> None:
    made = json.loads(manage(place, "admin", "--name", "新管理", "--phone", "13811112222", "--json").stdout)
    assert made["new"]
    neighbours_sqlite.people["new"] = made["person"]
    assert neighbours_sqlite.actor("new").holds(Role.ADMINISTRATOR)


@pytest.mark.parametrize("given", [("--name", "x", "--community", "nope"), ("--name", ""), ("--name", "新", "--phone", "123"), ()])
def test_what_cannot_be_used(place: Path, given: tuple[str, ...]) -> None:
    said = manage(place, "admin", *given)
    assert said.returncode == 2 and len(said.stderr.splitlines()) == 1 and said.stdout == ""


def test_an_empty_house(tmp_path: Path) -> None:
    said = manage(tmp_path, "admin", "--name", "谁")
    assert said.returncode == 2 and "/first-run" in said.stderr


def test_two_of_one_name(neighbours_sqlite: Neighbours, place: Path) -> None:
    from services import register

    for phone in ("13800000001", "13800000002"):
        do(neighbours_sqlite.actor("committee"), register.add_person, name="王同名", phone=phone)
    assert "--phone" in manage(place, "admin", "--name", "王同名").stderr
    assert manage(place, "admin", "--name", "王同名", "--phone", "13800000002").returncode == 0
