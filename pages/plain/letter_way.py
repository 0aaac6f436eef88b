"""The way in with a letter: its code, the account made with it, another home for an account, a new password."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import BaseRoute

from models.vocabulary import LetterKind, Tie
from pages.kit.html import m, user_line
from pages.kit.words import N_, t, word
from pages.plain import fields
from pages.plain.door import Asked, go, route
from pages.plain.page import page
from pages.plain.parts import card, note, rows, say, steps
from pages.plain.way_in import LETTER_COOKIE, device, host, line_is_open, with_login, without
from services import accounts, actors, addresses, letters, logins, passwords
from services.errors import Invalid, NotFound, Refusal
from services.letters import Opened
from services.rules import codes
from services.work import do

TIES = {
    Tie.OWNER: N_("The home is mine, or mine and others'"),
    Tie.RELATIVE: N_("It belongs to somebody in my family"),
    Tie.TENANT: N_("I rent it"),
}
EASY = N_("At least 8 characters. Three words you like are easy to remember.")
OPEN_LINE = N_("This line is open: others on the same network could read what you type.")


# ---- the code


def show_code(asked: Asked) -> Markup:
    return page(
        t("Your letter"),
        fields.form(
            "/letter",
            asked.token,
            fields.field(
                "code", t("The code on the letter"), hint=t("20 letters and digits, in groups of four. Capital or small does not matter."),
                required=True, maxlength=60, autocomplete="one-time-code",
            ),
            fields.end(fields.button(t("Go on"))),
        ),
        here=asked.here,
        sub=t("Scanning the square code with the camera does the same."),
    )  # fmt: skip


def take_code(asked: Asked) -> Response:
    return _with_code(asked, asked.get("code"))


def open_letter(asked: Asked) -> Response:
    """What the QR code leads to: the code goes from the address into a cookie at once."""
    return _with_code(asked, asked.params["code"])


def _with_code(asked: Asked, code: str) -> Response:
    opened = letters.read(code, asked.client)
    answer = go("/auth/register" if opened.kind is LetterKind.HOUSEHOLD else "/auth/password")
    at = host(asked)
    kept = codes.normal(code)
    answer.headers.append("set-cookie", addresses.set_cookie(addresses.cookie(LETTER_COOKIE, at), kept, at, seconds=3600))
    return answer


def _home(opened: Opened) -> str:
    return t("{estate}, building {building}, number {number}", estate=opened.estate, building=opened.building, number=opened.number)


def _code(asked: Asked) -> str:
    """The code from the cookie; NotFound without one, so that the page asks for it."""
    code = addresses.private_cookie(asked.cookies, LETTER_COOKIE, host(asked))
    if not code:
        raise NotFound("Scan the code on your letter first, or type it in.")
    return code


def _letter(asked: Asked, kind: LetterKind) -> tuple[str, Opened]:
    """The code from the cookie and what it opens."""
    code = _code(asked)
    opened = letters.read(code, asked.client)
    if opened.kind is not kind:
        raise NotFound("Scan the code on your letter first, or type it in.")
    return code, opened


def _ask_again(asked: Asked, kind: LetterKind) -> Opened | Response:
    """What the letter opens, or back to the page that asks for its code."""
    if not addresses.private_cookie(asked.cookies, LETTER_COOKIE, host(asked)):
        return go("/letter")
    return _letter(asked, kind)[1]


# ---- registering


def show_register(asked: Asked) -> Markup | Response:
    opened = _ask_again(asked, LetterKind.HOUSEHOLD)
    if isinstance(opened, Response):
        return opened
    home = card(
        rows([
            (t("Community"), m("{name}", name=user_line(opened.community))),
            (t("Home", context="residence"), _home(opened)),
        ])
    )  # fmt: skip
    tie = fields.cards(
        "tie",
        t("How do you belong to this home?"),
        [fields.Option(each.value, word(each), t(about)) for each, about in TIES.items()],
        shown=True,
    )
    if asked.actor.person_id is not None and asked.actor.community_id == opened.community_id:
        return page(
            t("Add this home"), home, fields.form("/auth/register", asked.token, tie, fields.end(fields.button(t("This is my home too")))),
            here=asked.here, sub=t("You are signed in as {name}.", name=asked.actor.name),
        )  # fmt: skip
    return page(
        t("Register"),
        steps(1, 2, t("Your home and you"), t("Step 1 of 2, then a grid worker confirms")),
        home,
        note(t(OPEN_LINE)) if line_is_open(asked) else Markup(""),
        fields.form(
            "/auth/register",
            asked.token,
            fields.field("name", t("Your name"), hint=t("As your neighbours know you."), required=True, autocomplete="name"),
            fields.field("phone", t("Phone number"), kind="tel", required=True, maxlength=40, autocomplete="tel", inputmode="tel"),
            fields.field(
                "password", t("Choose a password"), kind="password", hint=t(EASY), required=True, maxlength=200, autocomplete="new-password"
            ),
            tie,
            fields.end(
                fields.button(t("Register")),
                t("Those who keep the register, and those who handle a concern of yours, see your number; "
                  "neighbours who are signed in see your name."),
            ),
        ),
        here=asked.here,
    )  # fmt: skip


def register(asked: Asked) -> Response:
    code = _code(asked)
    if asked.actor.person_id is not None and asked.actor.community_id == _letter(asked, LetterKind.HOUSEHOLD)[1].community_id:
        do(asked.actor, accounts.add_home, letter_code=code, tie=asked.get("tie"))
        return without(go("/auth/registered"), asked, LETTER_COOKIE)
    given = {name: asked.get(name) for name in ("name", "phone", "password", "tie")}
    token = accounts.come_in(code, **given, visitor=asked.actor.visitor, device=device(asked.agent), client=asked.client)
    return without(with_login(go("/auth/registered"), asked, token), asked, LETTER_COOKIE)


def show_registered(asked: Asked) -> Markup | Response:
    if asked.actor.person_id is None:
        return go("/auth/login")
    if asked.actor.verified:
        after = say(t("Your home is confirmed. You can propose, support and vote."))
    else:
        after = rows([
            (t("Now"), t("You can report concerns, follow proposals and read everything that is public.")),
            (t("Next"), t("Your grid worker confirms that you live there. You find a note under “My page”.")),
            (t("Then"), t("You can propose, support, vote and judge.")),
        ])  # fmt: skip
    return page(
        t("You are registered"),
        after,
        fields.end(fields.way(t("To the front page"), "/")),
        here=asked.here,
        sub=t("Welcome, {name}.", name=asked.actor.name),
    )


# ---- a new password


def show_password(asked: Asked) -> Markup | Response:
    opened = _ask_again(asked, LetterKind.RENEWAL)
    if isinstance(opened, Response):
        return opened
    number = Markup("")
    if not opened.has_account:
        number = fields.field(
            "phone",
            t("Phone number"),
            kind="tel",
            hint=t("You will sign in with it."),
            required=True,
            maxlength=40,
            autocomplete="tel",
            inputmode="tel",
        )
    return page(
        t("A new password"),
        note(t(OPEN_LINE)) if line_is_open(asked) else Markup(""),
        fields.form(
            "/auth/password",
            asked.token,
            number,
            fields.field(
                "password", t("Choose a password"), kind="password", hint=t(EASY), required=True, maxlength=200, autocomplete="new-password"
            ),
            fields.field("again", t("The same once more"), kind="password", required=True, maxlength=200, autocomplete="new-password"),
            fields.end(fields.button(t("Set the password")), t("You are signed out everywhere else.")),
        ),
        here=asked.here,
        sub=t("For {name}", name=opened.person),
    )  # fmt: skip


def set_password(asked: Asked) -> Response:
    code, opened = _letter(asked, LetterKind.RENEWAL)
    if asked.get("password") != asked.get("again"):
        raise Invalid("The two passwords differ. Type both again.", field="again")
    weak: Refusal | None = passwords.why_not(asked.get("password"), asked.get("phone"))
    if weak:
        raise weak
    ready = passwords.hashed(asked.get("password"))
    house = actors.system(opened.community_id)
    account_id = do(actors.visitor(opened.community_id, asked.actor.visitor), letters.set_password, code, ready, asked.get("phone"))
    token = do(house, logins.open, account_id, device=device(asked.agent))
    return without(with_login(go("/me"), asked, token), asked, LETTER_COOKIE)


routes: list[BaseRoute] = [
    route("/letter", show_code, take_code),
    route("/letter/{code}", open_letter),
    route("/auth/register", show_register, register),
    route("/auth/registered", show_registered),
    route("/auth/password", show_password, set_password),
]
