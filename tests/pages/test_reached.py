"""Where phones cannot open the addresses that are handed out, those who call a meeting are told before anybody comes."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from services import addresses
from tests.fixtures import room as rooms
from tests.fixtures.apptest import seen
from tests.pages.test_room import _a_morning, look

__all__ = ["_a_morning"]


@pytest.mark.parametrize(("url", "warned"), [("", True), ("http://192.168.1.20:8501", False)])
def test_who_calls_a_meeting_is_told_that_phones_cannot_open_its_address(
    on_sqlite: Engine, monkeypatch: pytest.MonkeyPatch, url: str, warned: bool
) -> None:
    room = rooms.convened()
    given = addresses.settings().model_copy(update={"public_url": (url,) if url else ()})
    monkeypatch.setattr(addresses, "settings", lambda: given)
    for name, told in (("周主任", warned), ("王阿姨", False)):
        assert ("YIQI_PUBLIC_URL" in seen(look(room, "meeting.py", name, id=room.meeting))) is told
