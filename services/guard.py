"""The outer guard around the whole application: no forged identity, no foreign socket, and one answer for each request."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services import addresses, caller, logs
from services.answer import SCRIPT, USER, Answer, Instead
from services.errors import Refusal


class Guard:
    """The callable that is served. `routes` are our plain ones: they decide the policy and give the access lines their names.

    `instead` says for a path which page must come first: the first-run page of an empty installation. `pages` are the names of the
    pages that Streamlit draws: other addresses are answered with a page that says so. None: not known here.
    """

    def __init__(
        self, app: ASGIApp, routes: Sequence[BaseRoute] = (), instead: Instead | None = None, pages: Collection[str] | None = None
    ) -> None:
        self.app = app
        self.routes = routes
        self.instead = instead
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
            return
        clean = [(k, v) for k, v in scope["headers"] if k.lower().replace(b"_", b"-") not in (USER, SCRIPT)]
        scope = {**scope, "headers": clean, "client": caller.client(scope)}
        if port := caller.port(scope):
            addresses.heard(port)
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await Answer(self.app, self.routes, scope, receive, send, self.instead, self.pages).give()

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes it on; a start that was refused ends with its one line, any other failure with an error id."""

        async def tell(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed":
                message = {**message, "message": ""}
            await send(message)

        try:
            await self.app(scope, receive, tell)
        except Refusal as refused:
            logs.note("not started", reason=str(refused))
            sys.stderr.write(f"Not started: {refused}\n")
        except Exception as error:
            logs.bug(error, "start or stop")
            raise

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = HTTPConnection(scope)
        port = caller.port(scope)
        host = asked.headers.get("host", "").lower()
        if asked.headers.get("origin") not in addresses.origins(port) or host not in addresses.hosts(port):
            logs.note("socket refused", origin_given="origin" in asked.headers)
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        try:
            name = await run_in_threadpool(caller.who, asked.cookies, host, addresses.new_secret())
        except Exception as error:  # noqa: BLE001 - recorded with a number; the browser tries again by itself
            logs.bug(error, "socket")
            await receive()
            await send({"type": "websocket.close", "code": 1011})
            return
        await self.app({**scope, "headers": [*scope["headers"], (USER, name.encode())]}, receive, send)
