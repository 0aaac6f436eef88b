"""What the house tests read: the project's own files as text and as syntax trees, and samples that are wrong on purpose."""

from __future__ import annotations

import ast
import subprocess
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.fixtures.run import ROOT

ROOMS = ("models", "services", "pages", "migrations")
DOORS = ("app.py", "manage.py")


@dataclass(frozen=True)
class Module:
    """A Python file: `path` relative to the project, its text, its tree."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def of(cls, path: str, text: str) -> Module:
        """A file that need not exist: a sample for a house test."""
        text = textwrap.dedent(text)
        return cls(path, text, ast.parse(text, path))

    @property
    def name(self) -> str:
        """"services.rules.chain"; a package is named by its folder."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    def imports(self, *, top: bool = False) -> Iterator[tuple[str, ast.stmt]]:
        """Full names of what is imported: "services.clock", "sqlmodel.Session"; with `top`, only what loading the file imports."""
        for node in _loaded(self.tree) if top else ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def _loaded(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes outside functions and outside `if TYPE_CHECKING:`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from _loaded(node)


def dotted(node: ast.AST) -> str:
    """"st.sidebar.button" for such an expression, "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


@cache
def modules() -> tuple[Module, ...]:
    """The product's Python files: the rooms and the two doors."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))] + [ROOT / door for door in DOORS]
    return tuple(Module.of(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in paths)


def under(*places: str) -> Iterator[Module]:
    """The files in these folders ("pages/") or with these names ("app.py")."""
    return (module for module in modules() if module.path.startswith(places))


def nothing(found: list[str]) -> None:
    """Fails with one finding a line."""
    if found:
        pytest.fail("\n" + "\n".join(found), pytrace=False)


@cache
def committed() -> tuple[Path, ...]:
    """Every file that git keeps, or would keep when it is added."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    return tuple(path for name in sorted(set(listed.split("\0"))) if name and (path := ROOT / name).is_file())


def text_of(path: Path) -> str | None:
    """The text of a file, None for one that is no text."""
    raw = path.read_bytes()
    if b"\0" in raw:
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
