"""Several processes: on SQLite a second server is refused; on PostgreSQL a vote taken by one shows on the other's wall within 2 s."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy import Engine

from services import polls, steering
from tests.fixtures import run
from tests.fixtures.postgres import free_port
from tests.fixtures.room import seated
from tests.fixtures.server import Serve

LATEST = 2.0


def test_a_second_server_on_sqlite_is_refused_in_one_line(serve: Serve, tmp_path: Path) -> None:
    first = serve()
    command = [sys.executable, "-m", "streamlit", "run", str(run.ROOT / "app.py"), "--server.port", str(free_port())]
    second = subprocess.run(
        command, cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "YIQI_DATA_DIR": str(first.data)}, capture_output=True, text=True, timeout=60
    )
    said = second.stdout + second.stderr
    assert second.returncode == 1
    assert f"another server (process {first.pid}) already serves this data folder" in said and "Traceback" not in said
    assert first.answers()
    first.stop()
    first.start()  # the place is free again after a stop
    first.kill()
    first.start()  # and after a power cut


def test_a_vote_taken_by_one_process_shows_on_the_wall_of_the_other(
    on_postgresql: Engine, serve: Serve, projector: Page, phone: Page
) -> None:
    room = seated()
    poll = room.do(
        "周主任", polls.prepare,
        proposal_id=room.proposal, meeting_id=room.meeting, question="旧车位线，留还是重画？", method="yes_no",
        rule="residents_households", votes_by="household", scope=f"estate:{room.estate}",
    )  # fmt: skip
    code = dict(room.do("周主任", polls.codes, poll_id=poll.id))
    now = datetime.now(UTC)
    room.do("吴主持", steering.open, at=now, meeting_id=room.meeting)
    for seen in (1, 2):
        room.do("吴主持", steering.next, at=now, meeting_id=room.meeting, seen=seen)
    url = on_postgresql.url.render_as_string(hide_password=False)
    one = serve(data=tmp_shared(on_postgresql), YIQI_DATABASE_URL=url)
    other = serve(data=one.data, YIQI_DATABASE_URL=url)
    projector.goto(f"{other.url}/screen?m={room.code}")
    projector.locator(".got", has_text="0").wait_for(timeout=30_000)
    phone.goto(f"{one.url}/b/{next(iter(code.values()))}")
    phone.get_by_label("同意", exact=True).first.check()
    phone.get_by_role("button").last.click()
    cast = time.monotonic()
    projector.locator(".got", has_text="1").wait_for(timeout=10_000)
    assert time.monotonic() - cast <= LATEST


def tmp_shared(engine: Engine) -> Path:
    """The data folder that both processes share: files and the signing key lie there."""
    from services.settings import settings

    return settings().data_dir
