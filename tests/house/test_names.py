"""What one file takes from another of ours is there: types are checked in models and services only, and a page is drawn by its tests only."""

from __future__ import annotations

import ast
import importlib
from types import ModuleType

from tests.house.source import Module, modules, nothing

OURS = ("models", "services", "pages")


def _brought(module: Module) -> tuple[dict[str, ModuleType], list[str]]:
    """Modules of ours by the name under which a file has them, and names that are not where they are taken from."""
    known: dict[str, ModuleType] = {}
    missing = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ImportFrom) or (node.module or "").partition(".")[0] not in OURS:
            continue
        source = importlib.import_module(str(node.module))
        for name in node.names:
            found = getattr(source, name.name, None)
            if found is None:
                try:
                    found = importlib.import_module(f"{node.module}.{name.name}")
                except ImportError:
                    missing.append(f"{module.path}:{node.lineno} takes {name.name}, which is not in {node.module}")
            if isinstance(found, ModuleType):
                known[name.asname or name.name] = found
    return known, missing


def absent(module: Module) -> list[str]:
    """Names of ours that a file uses and that nothing stands behind."""
    known, missing = _brought(module)
    own = {name.id for name in ast.walk(module.tree) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}
    own |= {each.arg for each in ast.walk(module.tree) if isinstance(each, ast.arg)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known.keys() - own:
            if not hasattr(known[node.value.id], node.attr):
                missing.append(f"{module.path}:{node.lineno} uses {node.value.id}.{node.attr}, which is not there")
    return missing


def test_what_is_used_is_there() -> None:
    nothing([line for module in modules() for line in absent(module)])


def test_wrong_samples_are_found() -> None:
    source = "from services import clock\nfrom pages.kit import frame\nfrom services.clock import later\nclock.now()\nframe.nowhere(1)\n"
    assert len(absent(Module.of("pages/sample.py", source))) == 2
