"""What one says at a table from the phone: `/j/{code}/say` for a reason, `/j/{code}/back/{reason}` to take one's own back."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from pages.kit.html import m, user_line, user_text
from pages.kit.words import N_, joined, t, word
from pages.plain import fields, parts
from pages.plain.door import Asked, go, route
from pages.plain.fields import Option
from pages.plain.page import page
from pages.plain.room import holder, meeting_of
from services import deliberation
from services.errors import NotFound
from services.reads import attending
from services.reads.board import Found
from services.reads.table import Reason
from services.work import do

Line = tuple[str, str | Markup, str | Markup, Markup]
"""A row that is a link: address, title, one line about it, badge."""
GONE = N_("This reason is not on the table any more.")


def say(asked: Asked) -> Markup:
    """One reason for or against one option; below, what this person has said already. Too much for one page: first which option."""
    found = meeting_of(asked)
    actor, seat = holder(asked, found)
    if seat.argue is not None:
        raise seat.argue
    ways = attending.open_ways(actor, found)
    said_before = _said_before(asked, found)
    made = _form(asked, found, ways, parts.heading(t("What you have said")) + parts.links(said_before) if said_before else Markup(""))
    if parts.light(made) or len(ways) < 2:
        return made
    picked = asked.get("option") or asked.query.get("option", "")
    only = [way for way in ways if way[0] == picked]
    if only or fields.refused():  # what was typed stays before its writer, though the option may have left the table meanwhile
        return _form(asked, found, only or ways, Markup(""), brief=not only)
    return _which(asked, found, ways, said_before)


def _form(asked: Asked, found: Found, ways: Sequence[tuple[str, str, str]], below: Markup, brief: bool = False) -> Markup:
    """`brief`: the options in a list to choose from, which weighs least."""
    several = len({matter for _, matter, _ in ways}) > 1
    cards = [Option(key, title, matter if several else "") for key, matter, title in ways]
    named = [(key, f"{title} · {matter}" if several else title) for key, matter, title in ways]
    sides = [Option("pro", t("It speaks for it")), Option("con", t("It speaks against it"))]
    here = f"/j/{found.code}/say"
    form = fields.form(
        here,
        asked.token,
        fields.select("option", t("About which option"), named, blank=t("Choose one"))
        if brief
        else fields.cards("option", t("About which option"), cards, value=ways[0][0] if len(ways) == 1 else "", shown=True, required=False),
        fields.tags("side", t("Which way"), sides),
        fields.textarea(
            "text",
            t("Your reason"),
            hint=t("One sentence is enough. Everybody in the room can read it, with your party, without your name."),
        ),
        fields.end(fields.button(t("Put it on the table")), _back_to(found)),
    )
    return page(t("What speaks for or against"), form, below, here=asked.here)


def _which(asked: Asked, found: Found, ways: Sequence[tuple[str, str, str]], said_before: list[Line]) -> Markup:
    """The options as links, then what this person has said, on as many light sheets as it takes."""
    here = f"/j/{found.code}/say"
    lines = [(f"{here}?option={key}", user_line(title), user_line(matter), Markup("")) for key, matter, title in ways] + said_before
    sheets = parts.sheets(lines, lambda line: len(m("{a}{b}{c}{d}", a=line[0], b=line[1], c=line[2], d=line[3]).encode()) + 80)
    at = parts.sheet_at(asked.query.get("sheet", ""), len(sheets))
    options = [line for line in sheets[at - 1] if line not in said_before]
    own = [line for line in sheets[at - 1] if line in said_before]
    shown = parts.heading(t("About which option")) + parts.links(options) if options else Markup("")
    shown += parts.heading(t("What you have said")) + parts.links(own) if own else Markup("")
    return page(t("What speaks for or against"), shown, parts.turn(here, at, len(sheets)), _back_to(found), here=asked.here)


def said(asked: Asked) -> Response:
    """The reason that was written."""
    found = meeting_of(asked)
    actor, _ = holder(asked, found)
    ways = {key for key, _, _ in attending.open_ways(actor, found)}
    deliberation.look_over(option=asked.get("option") in ways, side=asked.get("side"), text=asked.get("text"))
    do(actor, deliberation.add_argument, option_id=asked.get("option"), side=asked.get("side"), text=asked.get("text"))
    return go(f"/j/{found.code}")


def back(asked: Asked) -> Markup:
    """Asks once more before one's own reason is taken back."""
    found = meeting_of(asked)
    reason = next((each for each in _own(asked, found) if each.id == asked.params["reason"]), None)
    if reason is None:
        raise NotFound(GONE)
    form = fields.form(
        asked.path,
        asked.token,
        parts.card(m('<p class="s">{about}</p><p>{text}</p>', about=_about(reason), text=user_text(reason.text))),
        fields.end(t("It leaves the table; nobody in the room reads it any more."), fields.button(t("Take it back")), _back_to(found)),
    )
    return page(t("Take this reason back?"), form, here=asked.path)


def taken_back(asked: Asked) -> Response:
    """The reason leaves the table."""
    found = meeting_of(asked)
    actor, _ = holder(asked, found)
    do(actor, deliberation.withdraw_argument, argument_id=asked.params["reason"])
    return go(f"/j/{found.code}")


def _own(asked: Asked, found: Found) -> list[Reason]:
    """What whoever holds the phone has said; others' words the chair takes back at the chair's table."""
    return [each for each in attending.reasons(holder(asked, found)[0], found) if each.mine]


def _said_before(asked: Asked, found: Found) -> list[Line]:
    to = f"/j/{found.code}/back/"
    return [(to + each.id, user_line(each.text), _about(each), parts.badge(t("Take back"))) for each in _own(asked, found)]


def _about(reason: Reason) -> Markup:
    return user_line(joined(word(reason.side), reason.option))


def _back_to(found: Found) -> Markup:
    return m('<p class="c"><a href="/j/{code}">{word}</a></p>', code=found.code, word=t("Back"))


routes: list[Route] = [
    route("/j/{code}/say", say, said),
    route("/j/{code}/back/{reason}", back, taken_back),
]
