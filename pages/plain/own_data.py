"""One's own data: taken away as one zip, or erased, with what stays and why."""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import BaseRoute

from pages.kit.html import m
from pages.kit.words import lang, number, t
from pages.plain import fields
from pages.plain.door import Asked, go, route
from pages.plain.page import page
from pages.plain.parts import heading, note, rows, say
from pages.plain.way_in import without
from services import addresses, privacy
from services.errors import NotAllowed
from services.reads import own
from services.work import do


def _person(asked: Asked) -> str:
    """Whose data: one's own, or for an administrator somebody else's."""
    if asked.actor.person_id is None:
        raise NotAllowed("Please sign in first.")
    return asked.query.get("person") or asked.actor.person_id


def show(asked: Asked) -> Markup:
    person_id = _person(asked)
    found = own.summary(asked.actor, person_id)
    query = f"?person={quote(person_id)}" if person_id != asked.actor.person_id else ""
    away = fields.form(
        f"/auth/data{query}",
        asked.token,
        fields.button(t("Take it away as a file")),
        say(t("One zip: readable pages, the same as data, and the files."), small=True),
    )
    if found.erased:
        return page(t("This person's data was erased."), here=asked.here)
    stays = rows([(number(each.count), m("<b>{what}</b><br>{why}", what=t(each.what), why=t(each.why))) for each in found.stays])
    erase = fields.form(
        f"/auth/erase{query}",
        asked.token,
        fields.tick("sure", t("I am sure. It cannot be brought back.")),
        fields.button(t("Erase it for good"), quiet=True),
    )
    return page(
        t("My data") if not query else t("Data of {name}", name=found.name),
        say(t("Everything that is kept about a person here can be taken away at any time.")),
        away,
        heading(t("Erase")),
        say(
            t(
                "Name, phone number, account, notes and drafts go; your homes end. "
                "What could show that an entry of the record was about you goes too."
            )
        ),
        heading(t("What stays, and why")) + stays if found.stays else Markup(""),
        _not_yet(found) or erase,
        here=asked.here,
    )


def _not_yet(found: own.Summary) -> Markup:
    """Why this person cannot be erased yet, or nothing."""
    if found.holds_role:
        return note(t("Not yet."), t("This person holds a role. It has to end first; an administrator can do that."))
    return note(t("Not yet."), t(privacy.ANSWERS)) if found.answers_for else Markup("")


def take_away(asked: Asked) -> Response:
    made = privacy.export(asked.actor, _person(asked), lang())
    kept = {"content-disposition": f'attachment; filename="{made.name}"', "cache-control": "no-store"}
    return Response(made.content, media_type="application/zip", headers=kept)


def erase(asked: Asked) -> Response:
    person_id = _person(asked)
    do(asked.actor, privacy.erase, person_id, sure=asked.get("sure") == "yes")
    if person_id != asked.actor.person_id:
        return go("/register?part=people")
    return without(go("/auth/erased"), asked, addresses.LOGIN)


def show_erased(asked: Asked) -> Markup:
    return page(
        t("Your data is erased"),
        say(t("You are signed out. What the community decided with you stays, without your name.")),
        fields.end(fields.way(t("To the front page"), "/")),
        here=asked.here,
    )


routes: list[BaseRoute] = [
    route("/auth/data", show, take_away),
    route("/auth/erase", show, erase),
    route("/auth/erased", show_erased),
]
