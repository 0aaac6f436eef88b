"""The first command of the README, in a copy of what is under version control, with nothing set: it opens on the demo, and again on what is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.fixtures import run
from tests.fixtures.browser import Open
from tests.fixtures.server import Server


class Made(Server):
    """`make run` in `folder`; `data` is where it goes by itself."""

    def command(self) -> list[str]:
        return ["make", "run", f"PORT={self.port}"]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    """A copy as a clone brings it. The packages are there already: putting them there is what `make test` itself begins with."""
    folder = tmp_path / "yiqi"
    named = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for each in subprocess.run(named, cwd=run.ROOT, capture_output=True, text=True, check=True).stdout.split("\0"):
        if each and (run.ROOT / each).is_file():
            (folder / each).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(run.ROOT / each, folder / each)  # with its age, by which make knows whether to install
    (folder / ".venv").symlink_to(sys.prefix)
    server = Made(folder)
    server.settings = {}
    yield server
    server.close()


def test_it_opens_on_the_demo_and_the_next_time_on_what_is_there(made: Made, open_context: Open) -> None:
    made.start()
    assert "making the database and the demo" in made.log()
    page = open_context("phone").new_page()
    page.goto(f"{made.url}/auth/login")
    expect(page.get_by_text("演示：人和事都是编的。").first).to_be_visible()
    offered = page.locator("button[name=as]").evaluate_all("all => all.map(each => each.value)")
    assert {"resident", "chair", "committee", "supervisor", "administrator"} <= set(offered)
    page.locator("button[name=as][value=resident]").click()
    expect(page.get_by_role("link", name="说一件事").first).to_be_visible()
    born = (made.data / "yiqi.db").stat().st_ino
    made.stop()
    made.printed.unlink()
    made.start()
    assert "First start" not in made.log() and (made.data / "yiqi.db").stat().st_ino == born
    page.goto(made.url)
    expect(page.get_by_role("link", name="说一件事").first).to_be_visible()  # still signed in: the keys are the same
