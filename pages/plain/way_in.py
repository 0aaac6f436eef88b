"""Signing in and out: phone and password, the demo's one-press entrances, what to do without a password."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import BaseRoute

from models.vocabulary import Role
from pages.kit.html import m, user_line
from pages.kit.words import N_, t, word
from pages.plain import fields
from pages.plain.door import Asked, go, own_path, route
from pages.plain.page import page
from pages.plain.parts import card, heading, note, say
from services import addresses, installation, logins
from services.work import do

LOGIN_DAYS = logins.ABSOLUTE.days
LETTER_COOKIE = "yiqi-letter"
ENTRANCES: dict[Role | None, str] = {
    None: N_("files, supports, votes and judges"),
    Role.GRID_WORKER: N_("answers concerns, confirms homes, hands out letters"),
    Role.CHAIR: N_("leads the meeting, opens and reveals the vote"),
    Role.COMMITTEE: N_("answers, reviews, convenes, publishes"),
    Role.SUPERVISOR: N_("looks over the works and accepts them"),
    Role.EXECUTOR: N_("carries out the works and reports"),
    Role.ADMINISTRATOR: N_("keeps roles and settings"),
}
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("HuaweiBrowser", "Huawei"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def host(asked: Asked) -> str:
    """The name and port that the reader asked for."""
    return urlsplit(asked.base_url).netloc.lower()


def device(agent: str) -> str:
    """ "WeChat, Android": enough to recognise one's own browser in a list."""
    found = [next((name for sign, name in signs if sign in agent), "") for signs in (_BROWSERS, _MACHINES)]
    return ", ".join(name for name in found if name)


def with_login(answer: Response, asked: Asked, token: str) -> Response:
    """The answer with the cookie of a new login."""
    at = host(asked)
    line = addresses.set_cookie(addresses.cookie(addresses.LOGIN, at), token, at, seconds=LOGIN_DAYS * 86400)
    answer.headers.append("set-cookie", line)
    return answer


def without(answer: Response, asked: Asked, base: str) -> Response:
    """The answer, and the private cookie `base` taken away."""
    at = host(asked)
    answer.headers.append("set-cookie", addresses.set_cookie(addresses.cookie(base, at), "", at, seconds=0))
    return answer


def line_is_open(asked: Asked) -> bool:
    """Plain http to another machine: what is typed can be read on the way."""
    return not addresses.secure(host(asked)) and urlsplit(asked.base_url).hostname not in ("localhost", "127.0.0.1", "::1")


# ---- sign in


def show_login(asked: Asked) -> Markup:
    there = own_path(asked.query.get("next", "/"))
    if asked.actor.person_id is not None:
        return page(
            t("Sign in"),
            say(m("{who}", who=user_line(asked.actor.name))),
            fields.end(fields.way(t("Go on"), there), fields.form("/auth/logout", asked.token, fields.button(t("Sign out"), quiet=True))),
            here=asked.here,
            heading=t("You are signed in"),
        )
    parts = [_demo(asked, there)] if installation.one_press() else []
    if line_is_open(asked):
        parts.append(
            note(
                t("This line is open."),
                t("Others on the same network could read what you type. Ask the community for an address that begins with https."),
            )
        )
    own = fields.form(
        f"/auth/login?next={quote(there, safe='')}",
        asked.token,
        fields.field("phone", t("Phone number"), kind="tel", required=True, maxlength=40, autocomplete="username", inputmode="tel"),
        fields.field("password", t("Password"), kind="password", required=True, maxlength=200, autocomplete="current-password"),
        fields.end(fields.button(t("Sign in"), quiet=bool(parts) and installation.one_press())),
    )
    ways = Markup("").join(
        m('<a href="{to}"><span><b>{title}</b><span class="s">{about}</span></span></a>', to=to, title=title, about=about)
        for to, title, about in (
            ("/letter", t("I have a letter with a code"), t("Register, or set a new password")),
            ("/auth/lost", t("I have no password, or lost it"), t("What to do, without e-mail")),
            ("/privacy", t("What is kept about me, and who sees it"), t("Privacy, in plain words")),
        )
    )
    return page(t("Sign in"), *parts, own, m('<div class="rw">{ways}</div>', ways=ways), here=asked.here)


def _demo(asked: Asked, there: str) -> Markup:
    rows = Markup("").join(
        fields.button(
            t("Come in as {role}", role=_title(role)), name="as", value=role.value if role else "resident", quiet=role is not None
        )
        + m('<p class="s c" style="padding-bottom:.7rem">{about}</p>', about=t(about))
        for role, about in ENTRANCES.items()
    )
    return card(
        m(
            '<p><b>{said}</b></p><p class="s" style="padding-bottom:.7rem">{about}</p>',
            said=t("This is a demo."),
            about=t("One press, no password. The people are made up; nothing you do here reaches anybody."),
        ),
        fields.form(f"/auth/demo?next={quote(there, safe='')}", asked.token, m('<div class="en">{rows}</div>', rows=rows)),
    ) + heading(t("Or with phone number and password"))


def _title(role: Role | None) -> str:
    return word(role) if role else t("Resident", context="entrance")


def login(asked: Asked) -> Response:
    token = logins.sign_in(asked.get("phone"), asked.get("password"), device=device(asked.agent), client=asked.client)
    return with_login(go(asked.query.get("next", "/")), asked, token)


def enter(asked: Asked) -> Response:
    """The demo's one press."""
    chosen = asked.get("as")
    role = next((each for each in ENTRANCES if each is not None and each.value == chosen), None)
    token = logins.enter_demo(role, device=device(asked.agent))
    return with_login(go(asked.query.get("next", "/")), asked, token)


def logout(asked: Asked) -> Response:
    if asked.actor.login_id:
        do(asked.actor, logins.end, asked.actor.login_id)
    return without(go("/"), asked, addresses.LOGIN)


def to_login(asked: Asked) -> Response:
    return go(f"/auth/login?next={quote(own_path(asked.query.get('next', '/')), safe='')}")


# ---- without a password


def show_lost(asked: Asked) -> Markup:
    steps = [
        t("Go to the community office, or tell your grid worker."),
        t("They know you, or see your card, and hand you a letter with a code."),
        t("Scan the code, or type it here. Then choose a new password."),
    ]
    return page(
        t("No password? A letter opens the door"),
        m('<ol class="li">{rows}</ol>', rows=Markup("").join(m("<li>{said}</li>", said=said) for said in steps)),
        say(
            t(
                "Nothing is sent by e-mail or text message, so nobody can catch it on the way. "
                "For somebody with a role two people of the committee confirm the letter."
            )
        ),
        fields.end(fields.way(t("I have a letter with a code"), "/letter"), fields.way(t("Back to sign in"), "/auth/login", quiet=True)),
        here=asked.here,
    )


routes: list[BaseRoute] = [
    route("/auth/login", show_login, login),
    route("/auth/logout", to_login, logout),
    route("/auth/demo", show_login, enter),
    route("/auth/lost", show_lost),
]
