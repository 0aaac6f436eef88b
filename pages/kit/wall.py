"""The wall of a room, drawn from its view and kept up to date: the scene, its frame; the chair's tablet draws the same, smaller."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote

import streamlit as st
from markupsafe import Markup

from models.vocabulary import MeetingState, Screen
from pages.kit.html import m, nb_all, user_line
from pages.kit.marks import dotted
from pages.kit.room_words import source_words
from pages.kit.wall_scenes import called_off, closing, item, lobby, not_held
from pages.kit.wall_votes import panel, revealed, voting
from pages.kit.words import OTHER, hour, lang, t
from services.reads.board import Board
from services.reads.checkpoints import Shown
from services.reads.revealed import Result

HERE = Path(__file__).parent
EVERY = 1.0
"""Seconds between two looks of the wall and the chair's table at the meeting: what is done stands there within two."""


@cache
def _follows(name: str) -> Callable[..., object]:
    """The component that keeps one drawing up to date: built once, then only texts, classes and widths change."""
    script = (HERE / "wall.js").read_text(encoding="utf-8")
    html = f'<div class="{name}"></div>'
    return st.components.v2.component(f"yiqi_{name}", html=html, js=script, isolate_styles=False)


def follow(view: Board, now: datetime, drawn: Markup, *, key: str, kiosk: bool = True) -> None:
    """Show `drawn` and keep it up to date; `kiosk` takes the whole screen. Nothing is replaced that did not change, so nothing flickers,
    and a list somebody has open beside it stays open."""
    _follows("wall" if kiosk else "tablet")(key=key, data=payload(view, now, drawn))


def payload(view: Board, now: datetime, drawn: Markup) -> dict[str, object]:
    """What the component is sent each second: the drawing, the server's clock, the words for a broken line."""
    return {
        "html": str(drawn),
        "now": int(now.timestamp() * 1000),
        "stamp": t("As of {time}", time=hour(now, view.zone, seconds=True)),
        "time": hour(now, view.zone, seconds=True),
        "broken": f"{t('The line is broken')}|{t('stopped at {time}', time='{time}')}",
    }


def drawing(view: Board, now: datetime, mark: Shown | None = None) -> Markup:
    """The whole screen."""
    if view.state is MeetingState.CANCELLED:
        return _framed(view, "off", called_off(view))
    if view.missed:
        return _framed(view, "missed", not_held(view))
    match view.screen:
        case Screen.LOBBY:
            return _framed(view, "lobby", lobby(view))
        case Screen.ITEM:
            return _framed(view, "item", item(view, now))
        case Screen.VOTE:
            return _framed(view, "vote", voting(view, now))
        case Screen.RESULT if view.result is not None:
            return _framed(view, "result", revealed(view.result), css="res", before=panel(view.result), source=view.result)
        case Screen.RESULT:
            return _framed(view, "vote", voting(view, now))
        case _:
            return _framed(view, "closing", closing(view, mark))


def _framed(view: Board, scene: str, inside: Markup, css: str = "", before: Markup = Markup(""), source: Result | None = None) -> Markup:
    about = [user_line(view.community), user_line(view.matter if scene == "lobby" and view.matter else view.title)]
    if source is not None and source.source:
        about = [user_line(view.community), m("{text}", text=source_words(source))]
    other, _, word, name = OTHER[lang()]
    drawn = m(
        '<div class="pj yq {css}" lang="{lang}" data-scene="{scene}-{position}">{before}<div class="in0">{inside}</div>'
        '<div class="bar"><img src="/assets/logo.svg" alt="{brand}"><span class="ab">{about}</span>'
        '<span class="live"><i></i><span>{ok}</span><i class="sep"></i><span data-stamp></span></span>'
        '<a href="/lang/{other}?next={back}" lang="{other}" hreflang="{other}" aria-label="{name}">{word}</a></div></div>',
        css=css,
        lang=lang(),
        scene=scene,
        position=view.position,
        before=before,
        inside=inside,
        brand=t("Yiqi"),
        about=dotted(*about),
        ok=t("Connected"),
        other=other,
        back=quote(f"/screen?m={view.code}", safe=""),
        name=name,
        word=word,
    )
    return nb_all(_in_its_language(drawn, view.language))


def _in_its_language(drawn: Markup, language: str) -> Markup:
    """What people wrote is in the community's language, whichever the reader's is: glyphs and punctuation follow it."""
    if language == lang():
        return drawn
    return Markup(str(drawn).replace('<span class="ut" dir="auto">', f'<span class="ut" dir="auto" lang="{language}">'))


def nobody() -> Markup:
    """The wall of a code that leads nowhere."""
    return m(
        '<div class="pj yq" lang="{lang}" data-scene="none"><div class="in0 mid"><div class="t">{title}</div><p class="q">{said}</p></div>'
        '<div class="bar"><img src="/assets/logo.svg" alt="{brand}"></div></div>',
        lang=lang(),
        title=t("No meeting has this code."),
        said=t("Open the wall from the page of the meeting, or check the four characters of the code."),
        brand=t("Yiqi"),
    )
