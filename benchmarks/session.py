"""One visitor of a Streamlit page without a browser: the websocket and the messages that Streamlit's own frontend would send."""

from __future__ import annotations

import asyncio
import re
import time
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.line import Phone

ENDS = {ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY, ForwardMsg.ScriptFinishedStatus.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}
NOTHING = '<p class="fctr">'
"""What `door.nothing` and `door.only` show in place of a page."""


class Broken(RuntimeError):
    """A run ended with an exception on the page, or not at all."""


class Session:
    """`address`: path with query, for example "/poll?id=…". Use `open`, then `rerun` as often as wanted."""

    def __init__(self, port: int, address: str, cookies: dict[str, str] | None = None) -> None:
        self.port, self.address = port, address
        self.cookies = cookies or {}
        parts = urlsplit(address)
        self.page, self.query = parts.path.strip("/"), parts.query
        self.script_hash = ""
        self.fragment = ""
        self.every = 0.0
        self.seen: list[ForwardMsg] = []

    async def open(self) -> float:
        """Connect and run the page for the first time; seconds until it stood."""
        began = time.perf_counter()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        self.line = await websockets.connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=f"http://localhost:{self.port}",  # type: ignore[arg-type]
            additional_headers=headers | {"Host": f"localhost:{self.port}"},
            max_size=None, open_timeout=60, ping_interval=None, compression=None,
        )  # fmt: skip
        await self._run(self._message(first=True))
        return time.perf_counter() - began

    async def rerun(self) -> float:
        """Run the page again; seconds until it was finished."""
        began = time.perf_counter()
        await self._run(self._message())
        return time.perf_counter() - began

    async def refresh(self) -> float:
        """Run its live part again, as the browser does by itself."""
        began = time.perf_counter()
        await self._run(self._message(fragment=True))
        return time.perf_counter() - began

    def _message(self, *, first: bool = False, fragment: bool = False) -> BackMsg:
        made = BackMsg()
        asked = made.rerun_script
        asked.query_string = self.query
        if first:
            asked.page_name = self.page
        asked.page_script_hash = self.script_hash
        if fragment:
            asked.fragment_id, asked.is_auto_rerun = self.fragment, True
        asked.context_info.url = f"http://localhost:{self.port}{self.address}"
        asked.context_info.timezone = "Asia/Shanghai"
        asked.context_info.locale = "zh-CN"
        return made

    async def _run(self, message: BackMsg) -> None:
        self.seen = []
        await self.line.send(message.SerializeToString())
        while True:
            raw = await asyncio.wait_for(self.line.recv(), 120)
            got = ForwardMsg()
            got.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
            kind = got.WhichOneof("type")
            self.seen.append(got)
            if kind == "new_session":
                self.script_hash = got.new_session.page_script_hash or self.script_hash
            elif kind == "navigation":  # the page that was chosen; the session itself only knows the script around all pages
                self.script_hash = got.navigation.page_script_hash or self.script_hash
            elif kind == "auto_rerun":
                self.fragment, self.every = got.auto_rerun.fragment_id, got.auto_rerun.interval
            elif kind == "page_not_found":
                raise Broken(f"{self.address}: no such page")
            elif kind == "delta" and got.delta.new_element.WhichOneof("type") == "exception":
                raise Broken(f"{self.address}: {got.delta.new_element.exception.message}")
            elif kind == "delta" and NOTHING in got.delta.new_element.html.body:
                raise Broken(f"{self.address}: a refusal instead of the page")
            elif kind == "script_finished" and got.script_finished in ENDS:
                return

    async def close(self) -> None:
        await self.line.close()


async def entered(port: int, role: str) -> dict[str, str]:
    """The cookies of somebody who came in with the demo's one press ("resident", "committee" …)."""
    phone = Phone(port)
    _, _, page = await phone.ask("GET", "/auth/login")
    token = re.search(rb'name="?token"?[^>]*value="([^"]+)"', page)
    if token is None:
        raise Broken("the login page has no form")
    status, _, said = await phone.ask("POST", "/auth/demo?next=%2F", {"token": token[1].decode(), "as": role})
    if status != 303 or "yiqi" not in phone.cookies:
        raise Broken(f"the one press was refused with {status}: {said[:200]!r}")
    return phone.cookies
