"""What stays of it: one story a round with everything in order, each leading to the other, and a bundle that anybody can check."""

from __future__ import annotations

import os
import subprocess
import sys

from playwright.sync_api import expect

from tests.browser.walk import before, both_rounds, notice, round_one
from tests.browser.walk.cast import Cast
from tests.fixtures import run


def both_stories(cast: Cast) -> None:
    """Anybody reads them, on a phone, without signing in."""
    reader = cast.device("passer-by")
    reader.open(f"/proposal?id={cast.noted['one']}")
    in_order(
        cast, before.PUDDLE, before.PLAN, before.MORE, round_one.MEETING, round_one.RACKS, notice.OBJECTION, notice.REPLY,
        "三处排水口清通了", both_rounds.HOLE, both_rounds.FLAT, both_rounds.LESSONS, "雨季前清排水口",
    )  # fmt: skip
    expect(reader.page.get_by_role("link", name=reader.say("See round {n}", n=2)).first).to_be_visible()
    reader.follow(reader.say("See round {n}", n=2)).sees(both_rounds.LINES)
    in_order(cast, both_rounds.WHY, both_rounds.LINES, both_rounds.REDRAW, "24 个车位画完", "24 个车位线齐，间距够。", both_rounds.LESSONS_2)
    expect(reader.page.get_by_role("link", name=reader.say("See round {n}", n=1)).first).to_be_visible()


def in_order(cast: Cast, *parts: str) -> None:
    """Each of these stands in the story, one after the other."""
    reader = cast.device("passer-by").sees(parts[-1])
    told = reader.page.locator("[class*=st-key-story_line]").inner_text().replace("\u00a0", " ")
    at = -1
    for part in parts:
        following = told.find(part, at + 1)
        assert following > at, f"{part} is not where it belongs in the story:\n{told}"
        at = following


def the_bundle_fits(cast: Cast) -> None:
    """The evidence, taken out and checked without the database."""
    bundle = cast.folder / "evidence.zip"
    told = command(cast, "export", str(bundle))
    assert "2 polls" in told, told
    assert "Everything fits." in command(cast, "verify", str(bundle))


def command(cast: Cast, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, str(run.ROOT / "manage.py"), *words], cwd=cast.server.folder, capture_output=True, text=True, check=False,
        env=os.environ | {"YIQI_DATA_DIR": str(cast.server.data)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
