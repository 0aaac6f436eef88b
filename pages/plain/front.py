"""Small doors without a page: language, size of type, health, our own static files."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from services import addresses, assets, health, i18n
from services.settings import VERSION


def _back(request: Request) -> str:
    """Where the reader came from: `next`, else the page that linked here, always one of ours."""
    if asked := request.query_params.get("next"):
        return addresses.local(asked)
    return addresses.came_from(request.headers.get("referer", ""), request.headers.get("host", ""))


def _choose(request: Request, cookie: str, value: str) -> Response:
    answer = RedirectResponse(_back(request), 303)
    host = request.headers.get("host", "")
    answer.headers.append("set-cookie", addresses.set_cookie(cookie, value, host, seconds=addresses.YEAR, hidden=False))
    return answer


async def language(request: Request) -> Response:
    """`/lang/zh-CN`, `/lang/en`: kept in a cookie, back to where one was."""
    code = request.path_params["code"]
    return _choose(request, addresses.LANG, code) if code in i18n.LANGS else _absent()


async def size(request: Request) -> Response:
    """`/size/1`, `/size/2`, `/size/3`: 18, 22 or 26 px."""
    n = request.path_params["n"]
    return _choose(request, addresses.SIZE, n) if n in addresses.SIZES else _absent()


def _absent() -> Response:
    return Response("Not Found", 404, media_type="text/plain")


async def healthz(_: Request) -> Response:
    """For whoever watches the server: 200, or 503 with a reason when the database does not answer within 5 s."""
    reason = await health.ailing_within(5)
    headers = {"cache-control": "no-store"}
    if reason:
        return JSONResponse({"status": "ailing", "reason": reason, "version": VERSION}, 503, headers)
    return JSONResponse({"status": "ok", "version": VERSION}, headers=headers)


async def asset(request: Request) -> Response:
    """One of our own files; kept for a year when asked for by its digest."""
    found = assets.all_assets().get(request.path_params["name"])
    if found is None:
        return _absent()
    lasting = request.query_params.get("v") == found.digest
    keep = "public, immutable, max-age=31536000" if lasting else "no-cache"
    return Response(found.body, media_type=found.kind, headers={"cache-control": keep, "etag": f'"{found.digest}"'})


async def favicon(_: Request) -> Response:
    return RedirectResponse(assets.address("mark.svg"), 302)


async def home(_: Request) -> Response:
    """The first page has one address only."""
    return RedirectResponse("/", 301)


routes = [
    Route("/home", home),
    Route("/healthz", healthz),
    Route("/lang/{code}", language),
    Route("/size/{n}", size),
    Route("/assets/{name}", asset),
    Route("/favicon.ico", favicon),
]
