"""Style and types: what `make check` prints, as tests, so that one command proves everything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.run import ROOT


def run(*command: str, cwd: Path = ROOT) -> str:
    """What the tool complains of, one finding a line; empty when it is content."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    return "\n".join(line for line in (done.stdout + done.stderr).splitlines() if ": note: " not in line)


def test_style() -> None:
    if wrong := run("ruff", "check", "--output-format", "concise", "."):
        pytest.fail("\n" + wrong, pytrace=False)


def test_types() -> None:
    if wrong := run("mypy"):
        pytest.fail("\n" + wrong, pytrace=False)


def test_both_can_fail(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("import os\n\n\ndef f(x):\n    return x\n")
    settings = str(ROOT / "pyproject.toml")
    assert "F401" in run("ruff", "check", "--config", settings, "bad.py", cwd=tmp_path)
    assert "no-untyped-def" in run("mypy", "--config-file", settings, "--cache-dir", str(tmp_path / "kept"), "bad.py", cwd=tmp_path)
