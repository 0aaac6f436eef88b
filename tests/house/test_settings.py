"""Documentation as a contract: every setting and every command is in docs/operations.md, and nothing else claims to be one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from manage import about, commands
from services.settings import Settings
from tests.fixtures.run import ROOT
from tests.house.source import committed, nothing, text_of

MANUAL = ROOT / "docs" / "operations.md"
NAME = re.compile(r"(?<![\w-])YIQI_[A-Z][A-Z0-9_]*\b")
COMMAND = re.compile(r"manage\.py ([a-z]+)")
# Tests of unknown settings need one.
MADE_UP = {"YIQI_X", "YIQI_NO_SUCH"}


def known() -> set[str]:
    return {f"YIQI_{name.upper()}" for name in Settings.model_fields}


def undocumented(names: Iterable[str], manual: str) -> list[str]:
    """A name counts as documented where it stands in code marks."""
    return [name for name in sorted(names) if f"`{name}" not in manual]


def test_every_setting_is_documented() -> None:
    nothing(undocumented(known(), MANUAL.read_text(encoding="utf-8")))


def test_no_other_setting_is_named_anywhere() -> None:
    found = []
    for path in committed():
        names = set(NAME.findall(text_of(path) or "")) - known() - MADE_UP
        found += [f"{path.relative_to(ROOT)}: {name}" for name in sorted(names)]
    nothing(found)


def test_every_command_is_documented() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    nothing(sorted(set(commands()) - set(COMMAND.findall(manual))))
    nothing([f"{name} does not say what it does" for name, path in commands().items() if len(about(path)) < 10])


def test_no_document_names_a_command_that_is_not_there() -> None:
    found = []
    for path in committed():
        if path.suffix in {".md", ".toml", ".yml", ""} and (text := text_of(path)):
            found += [f"{path.relative_to(ROOT)}: manage.py {name}" for name in sorted(set(COMMAND.findall(text)) - set(commands()))]
    nothing(found)


def test_a_missing_setting_is_found() -> None:
    assert undocumented({"YIQI_DEMO", "YIQI_X"}, "`YIQI_DEMO` makes …, YIQI_X too") == ["YIQI_X"]
