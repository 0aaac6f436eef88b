"""The run refuses silent skips: only a listed test may skip, and only for want of the third-party data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.fixtures.no_skips import ABSENT, may_skip, named
from tests.fixtures.run import NAMED, ROOT
from tests.house.source import nothing

SKIPS = """
import pytest
def test_calls(): pytest.skip("no time")
@pytest.mark.skip(reason="later")
def test_marked(): pass
@pytest.mark.skipif(True, reason="not here")
def test_conditional(): pass
@pytest.mark.xfail
def test_known(): assert False
def test_imports(): pytest.importorskip("no_such_module")
"""
MODULE = 'import pytest\npytest.skip("not today", allow_module_level=True)\n'


def test_only_a_listed_test_may_skip() -> None:
    listed = {"tests/real/test_polis.py::test_groups"}
    assert may_skip(listed, "tests/real/test_polis.py::test_groups[london]", f"Skipped: {ABSENT}")
    assert not may_skip(listed, "tests/real/test_polis.py::test_groups", "Skipped: no time")
    assert not may_skip(listed, "tests/real/test_polis.py::test_other", f"Skipped: {ABSENT}")


def test_the_list_names_real_tests() -> None:
    wrong = []
    for node in named():
        file, _, name = node.partition("::")
        path = ROOT / file
        if not path.is_file() or f"def {name.rpartition('::')[2]}(" not in path.read_text(encoding="utf-8"):
            wrong.append(node)
    nothing(wrong)


def test_every_other_skip_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "test_skips.py").write_text(SKIPS)
    (tmp_path / "test_module.py").write_text(MODULE)
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {ROOT}\n")
    environment = {"PATH": "/usr/bin:/bin", NAMED: str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.fixtures.no_skips", "-p", "no:cacheprovider", "--continue-on-collection-errors", "."],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )
    assert done.returncode != 0
    for name in ("test_calls", "test_marked", "test_conditional", "test_known", "test_imports", "test_module"):
        assert f"{name} was skipped" in done.stdout or f"{name}.py was skipped" in done.stdout, done.stdout
