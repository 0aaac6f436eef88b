"""/privacy: the privacy page of the documents as a page of the software: what is kept, why, who sees it, how long, what one can do."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from pages.kit.html import m
from pages.kit.words import lang, t
from pages.plain import fields, parts
from pages.plain.door import Asked, route
from pages.plain.page import page
from services.settings import HOME

FILES = {"zh-CN": "privacy.zh-CN.md", "en": "privacy.md"}


def show(asked: Asked) -> Markup:
    title, body = told(lang())
    return page(title, body, fields.end(fields.way(t("To the front page"), "/")), here=asked.here)


@cache
def told(language: str) -> tuple[str, Markup]:
    """Title and body of the document in this language; a table's rows become cards, because a phone is too narrow for four columns."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse((HOME / "docs" / FILES[language]).read_text(encoding="utf-8"))
    title, body, heads, cells, inside = "", Markup(""), [""], [Markup("")], ""
    for place, token in enumerate(tokens):
        if token.type == "inline":
            said = _inline(reader, token)
            if inside == "h1":
                title = said.striptags()
            elif inside == "h2":
                body += parts.heading(said)
            elif inside == "th":
                heads.append(said.striptags())
            elif inside == "td":
                cells.append(said)
            elif not _leads_to_the_other_language(token):
                body += m("<p>{said}</p>", said=said) if tokens[place - 1].level == 0 else m('<p class="li1">{said}</p>', said=said)
        elif token.type == "table_open":
            heads = []
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells:
            body += _row(heads, cells)
        if token.nesting == 1 and token.tag in ("h1", "h2", "th", "td", "p", "li"):
            inside = token.tag
    return title, body


def _row(heads: list[str], cells: list[Markup]) -> Markup:
    rest = Markup("").join(
        m('<p class="s"><b>{head}</b> {cell}</p>', head=t("{label}:", label=head), cell=cell)
        for head, cell in zip(heads[1:], cells[1:], strict=True)
    )
    return parts.card(m("<b>{what}</b>", what=cells[0]), rest)


def _inline(reader: MarkdownIt, token: Token) -> Markup:
    assert isinstance(reader.renderer, RendererHTML)  # which every reader has that is not given another one
    said = reader.renderer.renderInline(token.children or [], reader.options, {})
    return Markup(said.replace("\n", "" if lang() == "zh-CN" else " "))  # a line's end in the file is no gap between Chinese signs


def _leads_to_the_other_language(token: Token) -> bool:
    """The line below the title of the document; a page has its switch."""
    return any(child.type == "link_open" and str(child.attrGet("href")) in FILES.values() for child in token.children or [])


routes = [route("/privacy", show)]
