"""The first run: what an empty installation shows instead of everything else."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute

from pages.kit.html import m
from pages.kit.words import N_, lang, t
from pages.plain import fields
from pages.plain.door import Asked, go, route
from pages.plain.letter_way import EASY, OPEN_LINE
from pages.plain.page import page
from pages.plain.parts import heading, note, say
from pages.plain.way_in import device, line_is_open, with_login
from services import actors, first_run, i18n, installation, logins
from services.errors import Conflict
from services.settings import settings
from services.work import do

DEMO = "YIQI_DEMO=true streamlit run app.py"
BAR = "width:100%;height:1rem;margin:1.4rem 0 .7rem;accent-color:var(--fill)"
NAMED = {"Asia/Shanghai": N_("Beijing time (Asia/Shanghai)"), "UTC": N_("UTC, the time of Greenwich")}
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei", "Asia/Singapore", "Europe/Berlin", "UTC")


def show(asked: Asked) -> Markup | Response:
    if not installation.empty() and not fields.refused():
        return go("/")
    zones = [(name, i18n.zone_place(lang(), name) if name not in NAMED else t(NAMED[name])) for name in ZONES]
    return page(
        t("A house for your community"),
        _demo(asked),
        heading(t("Set up a community")),
        note(t(OPEN_LINE)) if line_is_open(asked) else Markup(""),
        fields.form(
            "/first-run",
            asked.token,
            fields.field(
                "code", t("The code in the terminal"), hint=t("Whoever started the server reads it there."), required=True, maxlength=60
            ),
            fields.field("community", t("Name of the community"), required=True, autocomplete="organization"),
            fields.select(
                "time_zone", t("Time zone"), zones, value=ZONES[0], hint=t("Days end at 24:00 there. It cannot be changed later.")
            ),
            fields.field("name", t("Your name"), required=True, autocomplete="name"),
            fields.field("phone", t("Phone number"), kind="tel", required=True, maxlength=40, autocomplete="tel", inputmode="tel"),
            fields.field(
                "password",
                t("Choose a password"),
                kind="password",
                hint=t(EASY),
                required=True,
                maxlength=200,
                autocomplete="new-password",
            ),
            fields.end(fields.button(t("Set it up")), t("You become its administrator and a member of its committee.")),
        ),
        here=asked.here,
        sub=t("Nobody lives here yet. It takes two minutes."),
    )


def _demo(asked: Asked) -> Markup:
    if not settings().demo:
        how = m("<code>{command}</code>", command=DEMO)
        said = t("Only want to look at a demo with made-up people? Stop the server and type:")
        return say(m("{said} {how}", said=said, how=how), small=True)
    return fields.form(
        "/first-run/demo",
        asked.token,
        m('<div style="height:1rem"></div>'),
        fields.button(t("Look at the demo first"), quiet=True),
        m('<p class="s c">{said}</p>', said=t("Three made-up communities; half a minute. This installation stays a demo.")),
    )


def set_up(asked: Asked) -> Response:
    community_id, account_id = first_run.set_up(
        code=asked.get("code"),
        community=asked.get("community"),
        time_zone=asked.get("time_zone"),
        name=asked.get("name"),
        phone=asked.get("phone"),
        password=asked.get("password"),
        language=lang(),
        client=asked.client,
    )
    token = do(actors.system(community_id), logins.open, account_id, device=device(asked.agent))
    return with_login(go("/register"), asked, token)


# ---- the demo


def begin_demo(asked: Asked) -> Response:
    first_run.make_demo()
    return go("/first-run/demo")


def show_demo(asked: Asked) -> Markup | Response:
    state = first_run.making()
    if state is None:
        return go("/first-run")
    if state.refusal is not None:
        raise state.refusal
    if state.error:
        raise Conflict("The demo could not be made. The log of the server has the details under {id}.", id=state.error)
    if state.over:
        return go("/auth/login")
    shown = page(
        t("The demo is being made"),
        m(
            '<progress max="{total}" value="{done}" aria-label="{label}" style="{style}"></progress>',
            total=state.total,
            done=state.done,
            label=t("Progress"),
            style=BAR,
        ),
        say(
            t("{done} of {total} steps. This page goes on by itself.", done=state.done, total=state.total)
            if state.done
            else t("It begins. This page goes on by itself.")
        ),
        fields.end(fields.way(t("Load again"), "/first-run/demo", quiet=True)),
        here="/first-run/demo",
        sub=t("Three communities, their people and their matters."),
    )
    return HTMLResponse(str(shown), headers={"refresh": "2", "cache-control": "no-store"})


routes: list[BaseRoute] = [
    route("/first-run", show, set_up),
    route("/first-run/demo", show_demo, begin_demo),
]
