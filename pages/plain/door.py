"""The door of plain pages: reads what was asked, runs the handler in a thread, turns a refusal into a page.

A handler is a plain function `(asked) -> page markup or Response`. A refused POST shows the form's own page again with
everything that was typed and the sentence under its field; other refusals become one friendly page. Bugs go on to the guard.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from hashlib import sha256
from hmac import compare_digest
from typing import cast
from urllib.parse import quote, urlsplit

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from pages.kit import words
from pages.kit.html import user_text
from pages.kit.words import LANG_COOKIE, N_, SIZE_COOKIE, t
from pages.plain import fields
from pages.plain.page import page
from pages.plain.parts import note
from services import actors, files, i18n
from services.actors import Actor
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, WrongStage
from services.exchange import pdf
from services.rules.access import SIGN_IN
from services.rules.plain_text import one_line

MOST_FILE = files.MOST_BYTES
MOST_BODY = (files.MOST_FILES + 2) * MOST_FILE
"""Most bytes of a form: all the files that there is room for and one too many, so that this one is refused by its name."""
MOST_PARTS = 200
STATUS: tuple[tuple[type[Refusal], int], ...] = ((NotFound, 404), (NotAllowed, 403), (Conflict, 409), (WrongStage, 409))
ON_PAPER = ' class="paper">'
WRITTEN = (
    "text", "title", "problem", "plan", "place", "cost_fen", "beneficiaries", "carried_out_by", "visitor_name", "visitor_phone", "name",
    "phone", "community",
)  # fmt: skip
"""The fields into which people write, on all plain pages; passwords and codes, and what was only chosen or came with the page, are none."""
OLD_PAGE = N_("This page was open for too long, or the browser keeps no cookies. What you wrote is still here: send it once more.")
QUIET = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
LIVELY = QUIET + "; script-src 'self'; connect-src 'self'"


@dataclass(frozen=True)
class Upload:
    """A file as it came in; nothing about it is trusted yet. Of one that is too large `start` holds enough to see that it is."""

    field: str
    filename: str
    start: bytes

    @property
    def content(self) -> bytes:
        """All of it. Raises Invalid for one that is too large."""
        if len(self.start) > MOST_FILE:
            raise Invalid("{name} is larger than 5 MB. Choose a smaller one.", field=self.field, name=one_line(self.filename)[:60])
        return self.start


@dataclass(frozen=True)
class Asked:
    """What somebody asked for, read once: handlers need nothing of the server."""

    method: str
    path: str
    query: Mapping[str, str]
    params: Mapping[str, str]
    cookies: Mapping[str, str]
    client: str
    base_url: str
    values: Mapping[str, tuple[str, ...]] = made(default_factory=dict)
    files: Mapping[str, tuple[Upload, ...]] = made(default_factory=dict)
    agent: str = ""
    user: str = ""

    @property
    def actor(self) -> Actor:
        """Who asks, as the guard found out and the database says now; asked once. A cached_property of 3.11 would let readers queue."""
        if "found" not in self.__dict__:
            self.__dict__["found"] = actors.of_login(self.user)
        return cast(Actor, self.__dict__["found"])

    @property
    def token(self) -> str:
        """What a form of this reader carries, so that no other site can send it: the login's own, else one of this browser's."""
        own = "" if self.user.startswith("visitor:") else self.actor.form_token
        return own or sha256(f"form {self.user}".encode()).hexdigest()

    def get(self, name: str, default: str = "") -> str:
        """The first value of a form field, as typed."""
        given = self.values.get(name)
        return given[0] if given else default

    @property
    def here(self) -> str:
        """The page's own address with its query, for the switches and for coming back."""
        return self.path + ("?" + "&".join(f"{quote(k)}={quote(v)}" for k, v in self.query.items()) if self.query else "")


Handler = Callable[[Asked], Markup | Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def door(show: Handler, act: Handler | None = None, again: Handler | None = None) -> Endpoint:
    """The endpoint for a route: `show` answers GET, `act` answers POST (usually with `go`); a refused POST shows `show` again.

    `again`: the page with the field for what the address brought, such as a code; it is shown where that is what was refused.
    """

    async def endpoint(request: Request) -> Response:
        asked, early = await _read(request)
        language = i18n.pick(asked.cookies.get(LANG_COOKIE), request.headers.get("accept-language"))
        return await run_in_threadpool(_answer, asked, early, language, words.pick_size(asked.cookies.get(SIZE_COOKIE)), show, act, again)

    return endpoint


def route(path: str, show: Handler, act: Handler | None = None, again: Handler | None = None) -> Route:
    """The route for a page, with a form behind it or without."""
    return Route(path, door(show, act, again), methods=["GET", "POST"] if act else ["GET"])


def _answer(
    asked: Asked, early: Refusal | None, language: str, size: int, show: Handler, act: Handler | None, again: Handler | None
) -> Response:
    with words.speaking(language, size):
        try:
            if asked.method != "POST" or act is None:
                made_page = show(asked)
                wants_pdf = asked.query.get("as") == "pdf" and not isinstance(made_page, Response) and ON_PAPER in made_page
                return _as_pdf(made_page) if wants_pdf else _sent(made_page)
            if early is not None:
                raise early
            if not compare_digest(asked.get("token").encode(), asked.token.encode()):
                raise Invalid(OLD_PAGE)
            return _sent(act(asked))
        except Refusal as no:
            refusal = no
        if again is not None and asked.method == "GET" and refusal.field in asked.params:
            typed = {name: (one_line(value)[:40],) for name, value in asked.params.items()}
            with fields.refilled(typed, refusal):
                return _sent(again(asked), status_of(refusal))
        if asked.method == "POST" and act is not None:
            try:
                with fields.refilled(asked.values, refusal):
                    return _sent(show(asked), status_of(refusal))
            except Refusal as no:
                refusal = no
        return _sent(refused_page(refusal, asked.here, asked.values, known=asked.actor.person_id is not None), status_of(refusal))


def status_of(refusal: Refusal) -> int:
    """404, 403, 409, else 422."""
    return next((status for kind, status in STATUS if isinstance(refusal, kind)), 422)


def refused_page(refusal: Refusal, here: str, typed: Mapping[str, tuple[str, ...]] | None = None, *, known: bool = False) -> Markup:
    """One friendly page: what is the matter, a way on, and what was typed, however short, so that nothing is lost.

    `known`: the reader is signed in, so that signing in is no way on.
    """
    titles = {
        404: N_("Nothing here"),
        403: N_("This is not open to you"),
        409: N_("This cannot be done now"),
        422: N_("Something is not right yet"),
    }
    status = status_of(refusal)
    on = [fields.way(t("To the front page"), "/", quiet=status == 403 and not known)]
    if status == 403 and not known:
        on.insert(0, fields.way(t("Sign in"), f"/auth/login?next={quote(here)}"))
    said = [each for each in fields.reasons_of(refusal) if each.message != SIGN_IN or known]  # the heading asks for that
    sentences = Markup("").join(Markup('<p class="q">{}</p>').format(fields.sentence(each)) for each in said)
    kept = [text for name, texts in (typed or {}).items() if name in WRITTEN for text in texts if text.strip()]
    if kept:
        sentences += note(t("Nothing you wrote is lost. Copy it from here:"), Markup("<br>").join(user_text(text) for text in kept))
    asks = len(said) < len(fields.reasons_of(refusal)) and not known
    title = t("Please sign in to see this page.") if asks else t(titles[status])
    return page(title, sentences, fields.end(*on), here=here)


def _as_pdf(made_page: object) -> Response:
    """A print view as a PDF, with `?as=pdf` behind its address: the same page, the same permission."""
    headers = {"content-disposition": "attachment", "cache-control": "no-store"}
    return Response(pdf.from_html(str(made_page)), media_type="application/pdf", headers=headers)


def _sent(made_page: Markup | Response, status: int = 200) -> Response:
    if isinstance(made_page, Response):
        return made_page
    lively = "<script src=" in made_page
    return HTMLResponse(str(made_page), status, {"content-security-policy": LIVELY if lively else QUIET, "cache-control": "no-store"})


def go(to: str, cookies: Mapping[str, str] | None = None) -> Response:
    """On to one of our own pages after something was done (303). `cookies` are public choices, readable and kept for a year."""
    answer = RedirectResponse(own_path(to), 303)
    for name, value in (cookies or {}).items():
        answer.set_cookie(name, value, max_age=365 * 86400, path="/", samesite="lax")
    return answer


def own_path(to: str, otherwise: str = "/") -> str:
    """`to` if it is a path on this site, else `otherwise`: nobody is sent away by a link that somebody else made."""
    try:
        parts = urlsplit(to) if to.isprintable() and "\\" not in to and len(to) < 1000 else None
    except ValueError:  # such as "//["
        parts = None
    if parts is None or parts.scheme or parts.netloc or not to.startswith("/") or to.startswith("//"):
        return otherwise
    return to


async def _read(request: Request) -> tuple[Asked, Refusal | None]:
    """What was asked; a body that is too large or broken comes with the refusal to show."""
    early: Refusal | None = None
    values: dict[str, tuple[str, ...]] = {}
    given: dict[str, tuple[Upload, ...]] = {}
    if request.method == "POST":
        try:
            length = request.headers.get("content-length", "")
            if not length.isdecimal() or int(length) > MOST_BODY:
                raise Invalid("This is more than can be sent at once. Choose fewer or smaller files.")
            form = await request.form(max_files=MOST_PARTS, max_fields=MOST_PARTS, max_part_size=1024 * 1024)
            values, given = await _unpack(form)
            await form.close()
        except Refusal as no:
            early = no
        except (MultiPartException, HTTPException, ClientDisconnect):
            early = Invalid("It did not arrive whole. Please send it once more.")
    asked = Asked(
        method=request.method,
        path=request.url.path,
        query=dict(request.query_params),
        params={name: str(value) for name, value in request.path_params.items()},
        cookies=dict(request.cookies),
        client=request.client.host if request.client else "",
        base_url=str(request.base_url),
        values=values,
        files=given,
        agent=request.headers.get("user-agent", "")[:200],
        user=request.headers.get("x-yiqi-user", ""),
    )
    return asked, early


async def _unpack(form: FormData) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[Upload, ...]]]:
    values: dict[str, tuple[str, ...]] = {}
    given: dict[str, tuple[Upload, ...]] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                one = Upload(name, value.filename[:200], await value.read(MOST_FILE + 1))
                given[name] = (*given.get(name, ()), one)
        elif "\x00" not in value:
            values[name] = (*values.get(name, ()), value)
    return values, given
