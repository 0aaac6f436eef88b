"""/communities and /c/{slug}: which community a visitor looks at; somebody signed in stays in their own."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response

from pages.kit.words import t
from pages.plain import fields, parts
from pages.plain.door import Asked, go, own_path, route
from pages.plain.page import page
from services import addresses
from services.errors import NotFound
from services.reads import communities


def show(asked: Asked) -> Markup:
    here = parts.badge(t("You are here"))
    rows = [
        (f"/c/{each.slug}", each.name, each.federation, here if each.id == asked.actor.community_id else Markup(""))
        for each in communities.choices()
    ]
    said = t("You are signed in: you stay in your own community.") if asked.actor.person_id else t("Choose the one you want to look at.")
    return page(t("Communities"), parts.say(said), parts.links(rows), fields.end(fields.way(t("To the front page"), "/")), here=asked.here)


def choose(asked: Asked) -> Response:
    """Keep the choice in a cookie; it is a preference, not a permission."""
    if not communities.known(asked.params["slug"]):
        raise NotFound()
    return go(own_path(asked.query.get("next", "/")), {addresses.PLACE: asked.params["slug"]})


routes = [route("/communities", show), route("/c/{slug}", choose)]
