"""Language and size of type: two links on every plain page, kept in cookies; and the script of live pages."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.kit.words import LANG_COOKIE, ROOT_PX, SIZE_COOKIE
from pages.plain.door import Asked, go, route
from pages.plain.page import script
from services.errors import NotFound
from services.i18n import LANGS


def choose_size(asked: Asked) -> Response:
    """Keep a size of type and go back to where the reader was."""
    if asked.params["size"] not in map(str, ROOT_PX):
        raise NotFound()
    return go(asked.query.get("next", "/"), {SIZE_COOKIE: asked.params["size"]})


def choose_lang(asked: Asked) -> Response:
    """Keep a language and go back to where the reader was."""
    if asked.params["lang"] not in LANGS:
        raise NotFound()
    return go(asked.query.get("next", "/"), {LANG_COOKIE: asked.params["lang"]})


async def live_script(request: Request) -> Response:
    """The script of live pages; its address changes with its content, so it is kept for a year."""
    return Response(script(), media_type="text/javascript", headers={"cache-control": "public, max-age=31536000, immutable"})


routes = [
    route("/size/{size}", choose_size),
    route("/lang/{lang}", choose_lang),
    Route("/assets/live.js", live_script),
]
