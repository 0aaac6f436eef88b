"""Each file says what it is for, stays short enough to read, has a name of its own, and names nobody's machine."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.fixtures.run import ROOT
from tests.house.source import Module, committed, modules, nothing, text_of

LONGEST = 350
VAGUE = {"utils", "util", "common", "helpers", "helper", "manager", "misc", "stuff"}
# Folders of a developer's or a builder's machine, and hosts that only a package tool should name.
MACHINE = re.compile(
    r"(?<![\w.])/(?:work|farm|root|home/\w+|Users/\w+)/|/tmp/\w+_jobs|/usr/share/fonts|DejaVu|pypi\.org/simple"
    r"|files\.pythonhosted|registry\.npmjs|deb\.debian\.org|(?<![\w/])/opt/"
)
BESIDE = "../" + "shared"
CACHES = {"cache_data", "cache_resource"}
# What Streamlit may keep for all visitors at once: public things only, keyed on the head of the log. "file:function"
CACHED: set[str] = set()


def docstring(module: Module) -> list[str]:
    said = ast.get_docstring(module.tree) or ""
    return [] if len(said.split()) > 2 else [f"{module.path} does not say in its first line what it is for"]


def too_long(module: Module) -> list[str]:
    lines = module.text.count("\n")
    return [f"{module.path} has {lines} lines, at most {LONGEST}"] if lines > LONGEST else []


def vague(path: str) -> list[str]:
    parts = {Path(part).stem for part in Path(path).parts}
    return [f"{path}: a name that says nothing" for _ in parts & VAGUE]


def shadows(path: str) -> list[str]:
    """`pages/` stands first on sys.path while a script runs: a page named like a module hides it."""
    parts = Path(path).parts
    if parts[0] != "pages" or len(parts) < 2 or parts[1] == "__init__.py":
        return []
    name = parts[1].removesuffix(".py")
    return [f"{path} hides the module {name}"] if name in taken() else []


@cache
def taken() -> frozenset[str]:
    """Names of modules that are there: Python's, the packages' and ours."""
    return sys.stdlib_module_names | set(packages_distributions()) | {"models", "services", "pages", "tests", "app", "manage", "migrations"}


def machine(path: str, text: str) -> list[str]:
    found = [f"{path}: {match[0]}" for match in MACHINE.finditer(text)]
    if BESIDE in text and not path.startswith("tests/"):
        found.append(f"{path}: {BESIDE}")
    return found


def caches(module: Module) -> list[str]:
    """Functions under st.cache_data or st.cache_resource, and calls of them."""
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            marks = [mark.func if isinstance(mark, ast.Call) else mark for mark in node.decorator_list]
            if any(isinstance(mark, ast.Attribute) and mark.attr in CACHES for mark in marks):
                found.append(f"{module.path}:{node.name}")
    uses = sum(isinstance(node, ast.Attribute) and node.attr in CACHES for node in ast.walk(module.tree))
    return found if uses == len(found) else [*found, f"{module.path}: a cache that is no decorator"]


def written() -> list[Module]:
    """What people write and read: the product without the migrations, which Alembic writes, and the tests."""
    tests = [Module.of(str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in sorted((ROOT / "tests").rglob("*.py"))]
    return [module for module in modules() if not module.path.startswith("migrations/versions/")] + tests


def test_each_file_says_what_it_is_for() -> None:
    nothing([line for module in written() for line in docstring(module)])


def test_no_file_is_too_long() -> None:
    nothing([line for module in written() for line in too_long(module)])


def test_names_say_something() -> None:
    nothing([line for path in committed() for line in vague(str(path.relative_to(ROOT)))])


def test_no_page_hides_a_module() -> None:
    nothing([line for module in modules() for line in shadows(module.path)])


def test_locale_is_no_package() -> None:
    """A package of this name would hide the standard module."""
    assert not list((ROOT / "locale").rglob("__init__.py"))


def test_nothing_names_a_machine() -> None:
    this = "tests/house/test_files.py"
    read = {name: text for path in committed() if (name := str(path.relative_to(ROOT))) != this and (text := text_of(path))}
    nothing([line for name, text in read.items() for line in machine(name, text)])


def test_compiled_catalogs_and_data_are_not_committed() -> None:
    nothing([str(path) for path in committed() if path.suffix in {".mo", ".db", ".pyc", ".sqlite"}])


def test_what_streamlit_keeps_for_everybody_is_on_the_list() -> None:
    assert {line for module in modules() for line in caches(module)} == CACHED


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("docs/operations.md", "cd /work/" + "main"),
        ("Makefile", "cp ../" + "shared/data ."),
        ("pages/kit/charts.py", "FONT = '/usr/share/" + "fonts/x.ttf'"),
        ("scripts/x", "/home/" + "someone/yiqi"),
    ],
)
def test_a_machine_is_found(path: str, text: str) -> None:
    assert machine(path, text)


def test_wrong_samples_are_found() -> None:
    assert docstring(Module.of("services/bad.py", "import os"))
    assert too_long(Module.of("services/bad.py", "x = 1\n" * (LONGEST + 1)))
    assert vague("services/utils.py")
    assert vague("pages/common/a.py")
    assert shadows("pages/calendar.py")
    assert shadows("pages/altair.py")
    assert shadows("pages/services.py")
    assert caches(Module.of("pages/bad.py", "@st.cache_data(ttl=5)\ndef numbers():\n    return 1")) == ["pages/bad.py:numbers"]
    assert len(caches(Module.of("pages/bad.py", "numbers = st.cache_resource(load)"))) == 1


def test_right_samples_are_left_alone() -> None:
    assert machine("docs/network.md", "https://a.example/work/list and ./home/x") == []
    assert shadows("pages/meetings.py") == shadows("pages/kit/charts.py") == shadows("services/calendar.py") == []
    assert caches(Module.of("services/good.py", "@cache\ndef engine():\n    return 1")) == []
