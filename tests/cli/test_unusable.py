"""Unusable input of any command that reads or writes a file: status 2, nothing on standard output, one line that names the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import func, select

import manage
from models.audit import Event
from models.community import Community
from services import db
from services.settings import HOME

HUATING = (HOME / "scenarios" / "huating.yaml").read_text(encoding="utf-8")
READERS = [["replay"], ["verify"], ["import"], ["import", "roll"], ["recount"]]
SCENARIOS = {
    "no clock": ("scenario: x\n", "line 1: the part clock is missing"),
    "no yaml": ("scenario: [x\n", "line 2: "),
    "no utf-8": (b"scenario: x\nsource: \xff\xfe\n", "line 2: expected text in UTF-8"),
    "a number that is none": ("scenario: !!int x\n", "line 1: not YAML"),
    "far too deep": ("[" * 100_000, "line 1: "),
    "no such command": (HUATING.replace("do: concerns.file", "do: concerns.fill", 1), ": no command is called concerns.fill"),
    "a home of no estate": (HUATING.replace("{estate: court", "{estate: yard", 1), "line 27: expected 'yard', which is not there"),
    "a word for a person": (HUATING.replace("{name:", "{nome:", 1), "line 16: does not fit: "),
}


def once(capsys: pytest.CaptureFixture[str], arguments: list[str], file: Path) -> str:
    assert manage.main([*arguments, str(file)]) == 2, arguments
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and "Traceback" not in said.err and "Something in the program" not in said.err
    assert str(file) in said.err, said.err
    return said.err


@pytest.mark.parametrize("arguments", READERS, ids=" ".join)
def test_files_that_are_not_there_or_something_else(
    on_sqlite: Engine, arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if arguments[0] == "import":
        from services import actors, communities, register
        from services.work import do, working

        with working(actors.system("first")) as work:
            communities.found(work, slug="first", name="华亭社区")
        do(actors.system("first"), register.add_estate, name="梧桐里")
    once(capsys, arguments, tmp_path / "none.zip")
    once(capsys, arguments, tmp_path)
    for content in (b"", b"\x00\xff\xfe", b"PK\x03\x04 nothing", b"nonsense\n"):
        file = tmp_path / "some.pb"
        file.write_bytes(content)
        once(capsys, arguments, file)


@pytest.mark.parametrize("what", SCENARIOS)
def test_a_broken_scenario_names_file_and_line(
    on_sqlite: Engine, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, says = SCENARIOS[what]
    file = tmp_path / "bad.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    said = once(capsys, ["replay"], file)
    assert said.startswith(f"{file}: line ") and says in said
    with db.reading(db.EVERYWHERE) as session:
        assert session.exec(select(func.count()).select_from(Community)).one() == 0
        assert session.exec(select(func.count()).select_from(Event)).one() == 0


def test_a_bundle_that_cannot_be_written(on_sqlite: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.evidence.rows import fill

    fill("c000000000000001", 1)
    once(capsys, ["export"], tmp_path / "no such folder" / "bundle.zip")
    (tmp_path / "folder.zip").mkdir()
    once(capsys, ["export"], tmp_path / "folder.zip")
    once(capsys, ["export"], tmp_path / "bundle.tar")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".zip" or path.name.startswith(".")] == ["folder.zip"]
