"""The one door for markup: templates are ours, every value is escaped, and what users wrote is never more than text."""

from __future__ import annotations

import re
from functools import lru_cache

import streamlit as st
from markupsafe import Markup, escape

from pages.kit import words
from services.rules.plain_text import one_line, plain_text

_TAG = re.compile(r"(<textarea\b.*?</textarea>|<style>.*?</style>|<[^>]*>)", re.S)
_UNIT = re.compile(
    r"(?<=[0-9%]) (?=[\u3400-\u9fff％]|m²|min\b|hours?\b|days?\b|homes?\b)|(?<=第) (?=[0-9])|(?<=[年月]) (?=[0-9])|(?<=CNY) (?=[0-9-])"
)
_BREAK = re.compile(r">\s*\n\s*<")
_CLOSING = re.compile(r"([^\s&;])([，。！？、；：）》」』】…]+)")
_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")
_SHORTCODE = re.compile(r":(?=[\w+/-]+:)")


def nb(text: str) -> str:
    """`text` with no-break spaces between figure and unit ("3 户", "第 3 步", "3 月 2 日")."""
    return _UNIT.sub("\u00a0", text)


def m(template: str, /, **values: object) -> Markup:
    """A fragment of markup: our own `template`, each value escaped unless it is markup already; pieces nest with it."""
    return Markup(template).format(**values)


def h(template: str, /, **values: object) -> Markup:
    """A whole block: `m` inside the class that carries the look, in the reader's language, with `nb`."""
    return block(m(template, **values))


def block(markup: Markup, lang: str | None = None) -> Markup:
    """Wrap a piece so that the sheet, the glyphs and the quotes of its language apply."""
    return Markup('<div class="yq" lang="{lang}">{inside}</div>').format(lang=lang or words.lang(), inside=nb_all(markup))


def nb_all(markup: Markup) -> Markup:
    """`nb` in the texts of some markup; tags and what somebody typed into a text area stay as they are."""
    return Markup("".join(part if part.startswith("<") else nb(part) for part in _TAG.split(_BREAK.sub("><", str(markup)))))


def phrased(text: str | Markup) -> Markup:
    """A heading whose punctuation stays with the sign before it: headings break at punctuation only, and a phrase as wide as the line
    would leave its comma for the next."""
    parts = _TAG.split(str(escape(text)))
    return Markup("".join(part if part.startswith("<") else _CLOSING.sub(r'<span class="np">\1\2</span>', part) for part in parts))


def show(*pieces: Markup, width: str = "stretch") -> None:
    """Send pieces to the screen as one block, with a gap between them. Plain strings are refused: markup comes from `m`, `h` or a piece."""
    for piece in pieces:
        if not isinstance(piece, Markup):
            raise TypeError("show() takes Markup; text goes through m(), h() or user_text()")
    whole = (
        pieces[0]
        if len(pieces) == 1
        else m('<div class="gp">{all}</div>', all=Markup("").join(m("<div>{piece}</div>", piece=piece) for piece in pieces))
    )
    st.html(whole if whole.startswith('<div class="yq" lang=') else block(whole), width=width)  # type: ignore[arg-type]


def user_text(typed: str, lang: str | None = None) -> Markup:
    """What somebody wrote, as text: lines kept, no markup, no links, no invisible or direction characters."""
    language = m(' lang="{lang}"', lang=lang) if lang else ""
    return m('<span class="ut" dir="auto"{language}>{text}</span>', language=language, text=plain_text(typed))


def user_line(typed: str) -> Markup:
    """The same on one line: a title, a name, a place."""
    return m('<span class="ut" dir="auto">{text}</span>', text=one_line(typed))


@lru_cache(maxsize=8192)  # a list of people is drawn anew at every press
def label(typed: str) -> str:
    """What somebody wrote, for a Streamlit label, title, pill or segment: those read Markdown, so every sign of it is escaped.

    The options of `selectbox` and `multiselect` are plain text, which would show the escapes: they take `one_line`.
    """
    return _MARKDOWN.sub(r"\\\1", _SHORTCODE.sub(":\u2060", one_line(typed)))


def escaped(text: str) -> Markup:
    """Our own sentence with its signs escaped."""
    return escape(text)
