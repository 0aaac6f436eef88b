"""`manage.py`: exit statuses, one line on standard error, one JSON document on standard output, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from manage import commands
from tests.fixtures.run import ROOT


def manage(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command line from a foreign folder, with its data in `folder`."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        cwd=folder, env=os.environ | {"YIQI_DATA_DIR": str(folder / "var")} | settings, capture_output=True, text=True, check=False,
    )


def test_init_makes_the_database_and_is_content_the_second_time(tmp_path: Path) -> None:
    first = manage(tmp_path, "init", "--json")
    assert (first.returncode, first.stderr) == (0, "")
    said = json.loads(first.stdout)
    assert said["database"] == "sqlite"
    assert Path(said["at"]) == tmp_path / "var" / "yiqi.db"
    assert Path(said["at"]).stat().st_size > 0
    assert [each.name for each in (tmp_path / "var").glob("yiqi.db*")] == ["yiqi.db"], "nothing is left beside the file"
    assert manage(tmp_path, "init", "--json").stdout == first.stdout


def test_help_names_every_command(tmp_path: Path) -> None:
    said = manage(tmp_path, "--help")
    assert said.returncode == 0
    for name in commands():
        assert f"\n    {name} " in said.stdout


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_explains_itself(tmp_path: Path, name: str) -> None:
    said = manage(tmp_path, name, "--help")
    assert (said.returncode, said.stderr) == (0, "")
    assert "--json" in said.stdout
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        ((), {}),
        (("no-such-command",), {}),
        (("init", "--no-such-option"), {}),
        (("init",), {"YIQI_NO_SUCH": "1"}),
        (("init",), {"YIQI_TICK_SECONDS": "often"}),
        (("init",), {"YIQI_DATA_DIR": "/dev/null/var"}),
        (("init",), {"YIQI_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}),
    ],
)
def test_unusable_input_is_one_line_and_status_2(tmp_path: Path, arguments: tuple[str, ...], settings: dict[str, str]) -> None:
    said = manage(tmp_path, *arguments, **settings)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.count("\n") == 1
    assert "Traceback" not in said.stderr


def test_words_are_utf_8_wherever_it_runs(tmp_path: Path) -> None:
    folder = tmp_path / "议起"
    said = manage(tmp_path, "init", YIQI_DATA_DIR=str(folder), PYTHONIOENCODING="ascii")
    assert (said.returncode, said.stderr) == (0, "")
    assert str(folder) in said.stdout


def test_a_replayed_scenario_lies_in_one_file(tmp_path: Path) -> None:
    said = manage(tmp_path, "replay", str(ROOT / "scenarios" / "huating.yaml"), "--json")
    assert (said.returncode, said.stderr) == (0, "")
    assert [each.name for each in (tmp_path / "var").glob("yiqi.db*")] == ["yiqi.db"], "nothing is left beside the file"
