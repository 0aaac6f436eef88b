"""One HTTP request and its answer, as the guard lets it through: refused, served from our store, or passed on and dressed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services import addresses, caller, headers, i18n, logs, shell, sorry

USER = b"x-yiqi-user"
SCRIPT = b"x-yiqi-script"
MB = 1_000_000
FORM_LIMIT, FILES_LIMIT, UPLOAD_LIMIT = 256_000, 54 * MB, 6 * MB
"""Most bytes of a plain form, of a form with files, of one file of Streamlit's; the limit of each file is the page's own."""

_CLOSED = re.compile(r"^/_stcore/(metrics|agent)(/|$)|^/(auth/callback|oauth2callback)$")
_UPLOAD = re.compile(r"^/_stcore/upload_file(/|$)")
_OWN = re.compile(r"^/(_stcore|static|media|component|app)(/|$)")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


Instead = Callable[[str], str]
"""Path → the address of the page that must come first, "" for none."""


class _TooLarge(Exception):
    """The body of a request went past its limit."""


class Answer:
    """One HTTP request and its answer."""

    def __init__(
        self,
        app: ASGIApp,
        routes: Sequence[BaseRoute],
        scope: Scope,
        receive: Receive,
        send: Send,
        instead: Instead | None = None,
        pages: Collection[str] | None = None,
    ) -> None:
        self.app, self.routes, self.instead, self.pages = app, routes, instead, pages
        self.scope, self._receive, self._send = scope, receive, send
        self.headers = Headers(scope=scope)
        self.cookies = HTTPConnection(scope).cookies
        self.path: str = scope["path"]
        self.method: str = scope["method"]
        self.host = self.headers.get("host", "").lower()
        self.lang = i18n.pick(self.cookies.get(addresses.LANG), self.headers.get("accept-language"))
        self.px = addresses.type_px(self.cookies)
        self.html = self.method in ("GET", "HEAD", "POST") and "text/html" in self.headers.get("accept", "")
        self.plain, self.template = self._route()
        self.newcomer = addresses.new_secret()
        self.began = time.perf_counter()
        self.started = False
        self.status = 0
        self.held: list[Message] | None = None
        self.swallow = False

    def _route(self) -> tuple[bool, str]:
        """Whether a route of ours answers, and the name of the address for the access line: what nobody knows here may be a code."""
        for route in self.routes:
            match, _ = route.matches(self.scope)
            if match is not Match.NONE:
                return True, str(getattr(route, "path", "/***"))
        if _UPLOAD.match(self.path):
            return False, "/_stcore/upload_file/***"
        if own := _OWN.match(self.path):
            return False, f"/{own[1]}/***"
        return False, self.path if self.path[1:] in {"", *(self.pages or ())} else "/***"

    async def give(self) -> None:
        try:
            if not await self._refused() and not await self._static() and not await self._led_elsewhere():
                await self._pass_on()
        except _TooLarge:
            await self._say(413, sorry.TOO_LARGE, n=str(self._limit() // MB or 1))
        except ClientDisconnect:
            self.status = self.status or 499
        except Exception as error:  # noqa: BLE001 - the outermost door: recorded with a number, answered with one sentence
            await self._broken(error)
        finally:
            if self.template != "/static/***":
                logs.ACCESS.info(
                    "access",
                    extra={
                        "fields": {
                            "method": self.method,
                            "path": self.template,
                            "status": self.status,
                            "ms": round((time.perf_counter() - self.began) * 1000),
                        }
                    },
                )

    async def _refused(self) -> bool:
        """Answers what does not come in at all."""
        port = caller.port(self.scope)
        ours = self.host in addresses.hosts(port)
        origin = self.headers.get("origin")
        if _CLOSED.match(self.path):
            await self._say(404, sorry.NO_PAGE)
        elif "\x00" in self.path or b"%00" in self.scope.get("query_string", b""):  # no address of ours has one, and PostgreSQL takes none
            await self._say(404, sorry.NO_PAGE)
        elif not ours and self.html and self.path != "/healthz":
            address = addresses.origins(port)[0]
            here = address + (addresses.local(self.path) if self.method != "POST" else "/")
            await self._say(421, sorry.NOT_HERE, why=sorry.NOT_HERE_WHY, way=(sorry.HOME, here), address=address, name=self.host[:80])
        elif self.method not in _SAFE and origin is not None and origin not in addresses.origins(port):
            await self._say(403, sorry.ELSEWHERE)
        elif int(self.headers.get("content-length", "0") if self.headers.get("content-length", "0").isdecimal() else "0") > self._limit():
            raise _TooLarge
        elif not self.plain and not _OWN.match(self.path) and "/" in self.path.strip("/") and "/_stcore/" not in self.path:
            await self._say(404, sorry.NO_PAGE)
        elif self.html and not self._known():
            await self._say(404, sorry.NO_PAGE)
        else:
            return False
        return True

    def _known(self) -> bool:
        """Whether something stands at this address; Streamlit would show its first page at any other."""
        name = self.path.strip("/")
        return self.plain or self.pages is None or not name or name in self.pages or bool(_OWN.match(self.path))

    async def _static(self) -> bool:
        """Streamlit's own files, compressed."""
        if not self.path.startswith("/static/") or self.method not in ("GET", "HEAD") or "range" in self.headers:
            return False
        how = shell.coding(self.headers.get("accept-encoding", ""))
        kind = shell.compressed().kind(self.path) if how else None
        if not kind:
            return False
        body = shell.compressed().held(self.path, how) or await run_in_threadpool(shell.compressed().get, self.path, how)
        fields = [
            (b"content-type", kind.encode()),
            (b"content-encoding", how.encode()),
            (b"vary", b"accept-encoding"),
            (b"cache-control", b"public, immutable, max-age=31536000"),
        ]
        await self._whole(200, body or b"", fields)
        return True

    async def _led_elsewhere(self) -> bool:
        """A page that cannot be shown yet leads to the one that must come first."""
        if self.instead is None or not self.html or self.method == "POST":
            return False
        address = self.instead(self.path)  # no hop to another thread: only an empty installation looks into its database
        if address:
            await self._whole(303, b"", [(b"location", address.encode()), (b"cache-control", b"no-store")])
        return bool(address)

    async def _pass_on(self) -> None:
        asked = list(self.scope["headers"])
        if self.plain or _UPLOAD.match(self.path):
            name = "visitor:" if self.path == "/healthz" else await self._who()
            asked.append((USER, name.encode()))
            if not self.plain and name.startswith("visitor:"):
                await self._say(401, sorry.SIGN_IN)
                return
        if self._document():
            drop = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
            asked = [(k, v) for k, v in asked if k not in drop]
        await self.app({**self.scope, "headers": asked}, self._limited(), self._out)
        if self.held:
            await self._let_go()

    async def _who(self) -> str:
        """Whoever carries a login is looked up in a thread; a visitor has a name at once."""
        if addresses.private_cookie(self.cookies, addresses.LOGIN, self.host):
            return await run_in_threadpool(caller.who, self.cookies, self.host, self.newcomer)
        return caller.who(self.cookies, self.host, self.newcomer)

    def _document(self) -> bool:
        return not self.plain and not _OWN.match(self.path) and self.method in ("GET", "HEAD")

    def _limit(self) -> int:
        if not self.plain:
            return UPLOAD_LIMIT
        return FILES_LIMIT if self.headers.get("content-type", "").startswith("multipart/") else FORM_LIMIT

    def _limited(self) -> Receive:
        taken, limit = 0, self._limit()

        async def receive() -> Message:
            nonlocal taken
            message = await self._receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise _TooLarge
            return message

        return receive

    # ---- the way out

    async def _out(self, message: Message) -> None:
        """Looks at the head of an answer: bare errors are held back, the first document is replaced, headers are added."""
        if message["type"] == "http.response.start":
            fields = [(k.lower(), v) for k, v in message.get("headers", [])]
            status = int(message["status"])
            bare = dict(fields).get(b"content-type", b"").startswith(b"text/plain")
            if status >= 400 and bare and (status >= 500 or self.html):
                self.held = [message]
                return
            if self._document() and status == 200 and shell.is_shell(fields):
                self.swallow = True
                await self._first_document()
                return
            await self._start(status, fields)
        elif self.held is not None:
            self.held.append(message)
        elif not self.swallow:
            await self._send(message)

    async def _first_document(self) -> None:
        how = shell.coding(self.headers.get("accept-encoding", ""))
        body = shell.packed_document(self.lang, self.px, how)
        fields = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-language", self.lang.encode()),
            (b"cache-control", b"no-cache"),
            (b"vary", b"accept-encoding, accept-language, cookie"),
        ]
        if how:
            fields.append((b"content-encoding", how.encode()))
        await self._whole(200, body, fields)

    async def _let_go(self) -> None:
        """An error that some layer wrote as bare words: in our own words where a person reads them."""
        first, *rest = self.held or []
        self.held = None
        status = int(first["status"])
        if self.html and status < 500:
            said = {404: sorry.NO_PAGE, 400: sorry.UNREADABLE, 413: sorry.TOO_LARGE}.get(status, sorry.NOT_SO)
            await self._say(status, said, n=str(self._limit() // MB or 1))
            return
        await self._start(status, [(k.lower(), v) for k, v in first.get("headers", [])])
        for message in rest:
            await self._send(message)

    async def _broken(self, error: Exception) -> None:
        number = logs.bug(error, self.template)
        self.held, self.swallow = None, False
        if not self.started:
            await self._say(500, sorry.BROKEN, id=number)

    async def _say(self, status: int, message: str, *, why: str = "", way: tuple[str, str] | None = None, **values: str) -> None:
        if self.started:
            return
        self.held = None
        if self.html:
            body, kind = sorry.page(self.lang, message, px=self.px, why=why, way=way, **values), b"text/html; charset=utf-8"
        else:
            body, kind = sorry.plain(self.lang, message, **values), b"text/plain; charset=utf-8"
        self.plain = True
        fields = [(b"content-type", kind), (b"cache-control", b"no-store"), (b"content-language", self.lang.encode())]
        await self._whole(status, body, fields)

    async def _whole(self, status: int, body: bytes, fields: list[tuple[bytes, bytes]]) -> None:
        await self._start(status, [*fields, (b"content-length", str(len(body)).encode())])
        await self._send({"type": "http.response.body", "body": b"" if self.method == "HEAD" else body})

    async def _start(self, status: int, fields: list[tuple[bytes, bytes]]) -> None:
        self.started, self.status = True, status
        await self._send({"type": "http.response.start", "status": status, "headers": self._dressed(fields)})

    def _dressed(self, fields: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """The headers of an answer with ours: they replace what a layer below set under the same names."""
        have = dict(fields)
        lively = have.get(SCRIPT) == b"self" or b"script-src 'self'" in have.get(b"content-security-policy", b"")
        kind: headers.Kind = "rich" if not self.plain else "live" if lively else "still"
        kept = headers.dressed([(k, v) for k, v in fields if k != SCRIPT], kind, https=addresses.secure(self.host))
        if self.plain and b"cache-control" not in have:
            kept.append((b"cache-control", b"private, no-cache"))
        known = addresses.private_cookie(self.cookies, addresses.VISITOR, self.host)
        if not known and have.get(b"content-type", b"").startswith(b"text/html"):
            name = addresses.cookie(addresses.VISITOR, self.host)
            line = addresses.set_cookie(name, self.newcomer, self.host, seconds=addresses.YEAR)
            kept.append((b"set-cookie", line.encode()))
        return kept
