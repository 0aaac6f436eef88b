"""What lies on the table of a meeting, in the hand: in full where that is light, else in short, and all of it on sheets of its own."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from models.vocabulary import MeetingState, Screen
from pages.kit.html import m, user_line, user_text
from pages.kit.room_words import argument_words
from pages.kit.words import joined, money, t, tn
from pages.plain import parts
from pages.plain.door import Asked
from pages.plain.page import page
from services.reads import board
from services.reads.board import Board, Found
from services.reads.table import Way

IN_SHORT = 12
"""Options named on the meeting's page where all of them with their reasons would be too heavy."""


@dataclass(frozen=True)
class _Line:
    """One piece of the table that stays whole: the beginning of an option, or one reason about it."""

    matter: str
    way: Way
    text: Markup
    begins: bool = False


def on_table(view: Board, found: Found, brief: bool) -> list[Markup]:
    """The options with what speaks for and against them; outside an item, of every matter. `brief`: how many, and the way to all of it."""
    if view.state is MeetingState.CANCELLED or view.screen in (Screen.VOTE, Screen.RESULT):
        return []
    at_item = view.screen is Screen.ITEM
    shown = ((view.item_title, view.ways),) if at_item else board.matters(found)
    if not any(options for _, options in shown):
        return []
    made = []
    if brief:
        made = [parts.heading(t("On the table"))] + (_in_short(view.ways) if at_item else [])
        made.append(m('<p><br><a class="go sec" href="/j/{code}/table">{word}</a></p>', code=view.code, word=t("Everything on the table")))
    else:
        for title, options in shown:
            if options:
                made.append(parts.heading(t("On the table") if at_item else user_line(title)))
                made += [_whole(each) for each in options]
    if not view.closed:
        made.append(
            m('<p><br><a class="go sec" href="/j/{code}/say">{word}</a></p>', code=view.code, word=t("Say what speaks for or against"))
        )
    return made


def _in_short(ways: tuple[Way, ...]) -> list[Markup]:
    rows = [(user_line(way.title), joined(t("{n} for", n=len(way.pros)), t("{n} against", n=len(way.cons)))) for way in ways[:IN_SHORT]]
    left = len(ways) - IN_SHORT
    return [parts.rows(rows), *([parts.say(tn("{n} more option", "{n} more options", left), small=True)] if left > 0 else [])]


def _whole(way: Way) -> Markup:
    return parts.card(_beginning(way), _reasons(_said(way)) or _silent())


def _beginning(way: Way) -> Markup:
    facts = joined(money(way.cost_fen) if way.cost_fen is not None else "", tn("{n} day", "{n} days", way.days) if way.days else "")
    return m(
        "<b>{title}</b>{facts}{about}",
        title=user_line(way.title),
        facts=m('<p class="s n">{facts}</p>', facts=facts) if facts else "",
        about=m("<p class=q>{about}</p>", about=user_text(way.description)) if way.description else "",
    )


def _said(way: Way) -> list[Markup]:
    """Each reason as one row."""
    lines = [(t("For"), *each) for each in way.pros] + [(t("Against"), *each) for each in way.cons]
    return [
        m("<div><b>{side}</b><span>{said}</span></div>", side=side, said=argument_words(text, party)) for side, text, party in lines
    ]


def _reasons(rows: list[Markup]) -> Markup:
    return m('<div class="rw rs">{rows}</div>', rows=Markup("").join(rows)) if rows else Markup("")


def _silent() -> Markup:
    return parts.say(t("Nobody has said anything on it yet."), small=True)


# ---- all of it, sheet by sheet


def all_sheets(asked: Asked, found: Found) -> Markup:
    """`/j/{code}/table?sheet=`: every option of every matter with every reason, on as many light sheets as it takes."""
    lines = []
    for title, options in board.matters(found):
        for way in options:
            lines.append(_Line(title, way, _beginning(way), begins=True))
            lines += [_Line(title, way, row) for row in _said(way)]
    sheets = parts.sheets(lines, lambda line: len((line.text + line.way.title).encode()) + 60)
    at = parts.sheet_at(asked.query.get("sheet", ""), len(sheets))
    shown = [_sheet(sheets[at - 1])] if sheets else [parts.say(t("Nothing is on the table yet."))]
    back = m('<p class="c"><a href="/j/{code}">{word}</a></p>', code=found.code, word=t("Back to the meeting"))
    return page(t("On the table"), *shown, parts.turn(asked.path, at, len(sheets)), back, here=asked.here)


def _sheet(lines: list[_Line]) -> Markup:
    """The lines of one sheet: under the title of their matter, one card an option; what goes on from the sheet before says whose it is."""
    made, matter, at = Markup(""), "", 0
    while at < len(lines):
        first = lines[at]
        own = [line for line in lines[at:] if line.way.id == first.way.id]
        if first.matter != matter:
            matter = first.matter
            made += parts.heading(user_line(matter))
        begin = first.text if first.begins else m("<b>{title}</b>", title=user_line(first.way.title))
        rows = [line.text for line in own if not line.begins]
        silent = not (first.way.pros or first.way.cons)
        made += parts.card(begin, _silent() if silent else _reasons(rows))
        at += len(own)
    return made
