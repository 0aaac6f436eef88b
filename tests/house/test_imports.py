"""Imports point one way: models ← rules, reads, commands ← pages ← the doors; and nothing imports in a circle."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable

import pytest

from tests.fixtures.run import ROOT
from tests.house.source import Module, modules, nothing

OURS = ("models", "services", "pages", "migrations", "app", "manage", "tests", "benchmarks")
RULES_THIRD_PARTY = {"numpy"}
# Where Streamlit may be met outside the pages: its effective settings are checked before any script runs.
STREAMLIT_IN_SERVICES = {"services/startup.py"}
DATABASE = ("sqlalchemy", "sqlmodel", "alembic", "psycopg", "sqlite3")

# What reads may ask besides tables and rules: nothing here writes a row for them.
READS_ASK = ("errors", "clock", "db", "settings", "audit", "keys", "installation", "actors", "permission", "i18n.N_", "noted")
READS = tuple(f"services.{name}" for name in READS_ASK)

# (room, what it may import of ours); the first that fits counts.
MAY = [
    ("models/vocabulary.py", ()),
    ("models/", ("models",)),
    ("services/rules/", ("services.rules", "models.vocabulary", "services.errors")),
    ("services/reads/", (*READS, "services.reads", "services.rules", "services.exchange", "models")),
    ("services/", ("services", "models")),
    ("pages/kit/", ("pages.kit", "services", "models.vocabulary")),
    ("pages/plain/", ("pages.plain", "pages.kit", "services", "models.vocabulary")),
    ("pages/", ("pages.kit", "services", "models.vocabulary")),
    ("migrations/", ("models",)),
    ("app.py", ("pages", "services", "models")),
    ("manage.py", ("services",)),
]


def within(name: str, allowed: Iterable[str]) -> bool:
    return any(name == one or name.startswith(one + ".") for one in allowed)


def wrong_imports(module: Module) -> list[str]:
    found = []
    allowed = next(may for room, may in MAY if module.path.startswith(room))
    for name, node in module.imports():
        first = name.partition(".")[0]
        where = f"{module.at(node)} imports {name}"
        if first in OURS and not within(name, allowed):
            found.append(where)
        if first in DATABASE and module.path.startswith(("pages/", "services/rules/")):
            found.append(where)
        no_screen = module.path.startswith(("models/", "services/", "pages/plain/")) and module.path not in STREAMLIT_IN_SERVICES
        if first == "streamlit" and no_screen:
            found.append(where)
        if module.path.startswith(("services/rules/", "models/vocabulary.py")):
            known = first in sys.stdlib_module_names or first in OURS or first in RULES_THIRD_PARTY
            if not known or (first == "numpy" and module.path.startswith("models/")):
                found.append(where)
    return found


def circles(all_modules: Iterable[Module]) -> list[str]:
    """Circles of imports that happen when a file is loaded."""
    by_name = {module.name: module for module in all_modules}
    graph = {
        name: {target for full, _ in module.imports(top=True) for target in (full, full.rpartition(".")[0]) if target in by_name} - {name}
        for name, module in by_name.items()
    }
    found: list[str] = []
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        if name in trail:
            found.append(" → ".join((*trail[trail.index(name):], name)))
        elif name not in done:
            for target in sorted(graph[name]):
                walk(target, (*trail, name))
            done.add(name)

    for name in sorted(graph):
        walk(name, ())
    return found


def test_imports_point_one_way() -> None:
    nothing([line for module in modules() for line in wrong_imports(module)])


def test_no_circles() -> None:
    nothing(circles(modules()))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("models/bad.py", "from services import clock"),
        ("models/vocabulary.py", "import models.base"),
        ("models/vocabulary.py", "import numpy"),
        ("services/rules/bad.py", "from services import clock"),
        ("services/rules/bad.py", "import pandas"),
        ("services/rules/bad.py", "def later():\n    import sqlalchemy"),
        ("services/reads/bad.py", "from services.work import working"),
        ("services/bad.py", "import pages.kit"),
        ("services/bad.py", "import streamlit as st"),
        ("models/bad.py", "from streamlit import cache_data"),
        ("pages/bad.py", "from models.poll import Poll"),
        ("pages/bad.py", "from pages.home import tiles"),
        ("pages/bad.py", "from sqlmodel import Session"),
        ("pages/kit/bad.py", "import sqlalchemy"),
        ("pages/plain/bad.py", "import streamlit as st"),
        ("app.py", "import tests.conftest"),
    ],
)
def test_a_wrong_import_is_found(path: str, line: str) -> None:
    assert wrong_imports(Module.of(path, line))


def test_right_imports_are_left_alone() -> None:
    service = "import sqlmodel\nfrom models.poll import Poll\nfrom services.rules import tally"
    page = "import streamlit as st\nfrom pages.kit import words\nfrom services.reads import board"
    assert wrong_imports(Module.of("services/good.py", service)) == wrong_imports(Module.of("pages/good.py", page)) == []


def test_a_circle_is_found() -> None:
    one = Module.of("services/one.py", "from services import two")
    two = Module.of("services/two.py", "from services.one import thing")
    late = Module.of("services/two.py", "def f():\n    from services.one import thing")
    assert circles([one, two]) == ["services.one → services.two → services.one"]
    assert circles([one, late]) == []


ALONE = """
import importlib, pathlib, sys
for path in sorted(pathlib.Path("services/rules").rglob("*.py")):
    importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
import models.vocabulary
print(sorted({name.partition(".")[0] for name in sys.modules} & {"sqlalchemy", "sqlmodel", "streamlit", "pydantic", "alembic"}))
"""


def test_rules_load_alone() -> None:
    """In a fresh interpreter, without SQLAlchemy or Streamlit."""
    done = subprocess.run([sys.executable, "-c", ALONE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_loading_alone_can_fail() -> None:
    wrong = ALONE.replace("import models.vocabulary", "import models.everything")
    done = subprocess.run([sys.executable, "-c", wrong], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "sqlalchemy" in done.stdout
