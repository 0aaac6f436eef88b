"""/paper/proposal/{id}: the whole story of a matter for paper, from the same pieces as its page."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pages.kit import look, matter
from pages.kit import stages as pieces
from pages.kit.html import h, m, nb_all
from pages.kit.told import entry
from pages.kit.words import lang, moment, t
from pages.plain.door import Asked, route
from services import addresses, clock
from services.reads import checkpoints, story

SHEET = (
    "body{max-width:52rem;margin:1.5rem auto;padding:0 1rem;background:#fff;font-size:16px}.card{border-top:1px solid #999;padding:.8rem 0}"
    "html{color-scheme:light}.st{display:grid!important}.stn{display:none!important}@page{margin:16mm}"
)


def show(asked: Asked) -> Response:
    """Top, outcome, story, plan; when it was printed, where it stands, the check digits of the log."""
    found = story.story(asked.actor, asked.params["id"])
    told = h("{story}", story=pieces.story([entry(each, found.zone) for each in found.entries]))
    parts = [matter.top(found), matter.outcome(found) if found.card else Markup(""), told, matter.plan(found), _foot(asked, found)]
    inside = Markup("").join(m('<div class="card">{part}</div>', part=part) for part in parts if part)
    whole = m(
        '<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<title>{title}</title><link rel="icon" href="data:,"><style>{look}{sheet}</style></head><body>{inside}</body></html>',
        lang=lang(), title=f"{found.number} {found.title}", look=Markup(look.minified("look.css")), sheet=Markup(SHEET), inside=inside,
    )  # fmt: skip
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
    return HTMLResponse(str(nb_all(whole)), headers={"content-security-policy": policy, "cache-control": "no-store"})


def _foot(asked: Asked, found: story.Story) -> Markup:
    mark = checkpoints.of(asked.actor.community_id)
    said = t("As of {when}.", when=moment(clock.now(), found.zone, year=True))
    digits = ""
    if mark is not None:
        digits = t("Log: {size} acts, check digits {digits}, key {key}.", size=mark.size, digits=mark.digits, key=mark.fingerprint)
    return h('<p class="meta">{said} {at} {digits}</p>', said=said, at=f"{addresses.home()}/proposal?id={found.id}", digits=digits)


routes: list[Route] = [route("/paper/proposal/{id}", show)]
