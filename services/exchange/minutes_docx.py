"""DOCX out: the minutes of a meeting as a text document whose Chinese glyphs are named, so that every office program finds them."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import segno
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from services import addresses
from services.reads.protocol import Protocol

LATIN, EAST_ASIAN = "Arial", "Noto Sans CJK SC"


@dataclass(frozen=True)
class Part:
    """A heading with lines below it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """The minutes in the reader's words."""

    title: str
    facts: tuple[tuple[str, str], ...]
    state: str
    came: tuple[str, tuple[tuple[str, str], ...]]
    items: tuple[Part, ...]
    promises: tuple[str, tuple[tuple[str, str, str], ...]]
    text: tuple[str, str]
    seal: tuple[str, ...]


def document(found: Protocol, words: Words, lang: str) -> bytes:
    """The file; its properties carry the title and the meeting's code, and nobody's name."""
    made = Document()
    made.core_properties.title = words.title
    made.core_properties.author = ""
    made.core_properties.subject = found.board.code
    made.core_properties.language = lang
    for name in ("Normal", "Title", "Heading 1", "List Bullet"):
        _glyphs(made.styles[name])
    made.add_heading(words.title, 0)
    made.add_paragraph(words.state)
    _rows(made, words.facts)
    made.add_heading(words.came[0], 1)
    _rows(made, words.came[1])
    for part in words.items:
        made.add_heading(part.title, 1)
        for line in part.lines:
            made.add_paragraph(line)
    if words.promises[1]:
        made.add_heading(words.promises[0], 1)
        _rows(made, words.promises[1])
    if words.text[1]:
        made.add_heading(words.text[0], 1)
        for line in words.text[1].split("\n"):
            made.add_paragraph(line)
    if words.seal and found.mark is not None:
        made.add_heading(words.seal[0], 1)
        for line in words.seal[1:]:
            made.add_paragraph(line)
        picture = BytesIO()
        link = f"{addresses.home()}/minutes/{found.board.meeting_id}?size={found.mark.size}&root={found.mark.root[:32]}"
        segno.make(link, error="m").save(picture, kind="png", scale=6, border=2)
        picture.seek(0)
        made.add_picture(picture, width=Cm(3.2))
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _glyphs(style: Any) -> None:
    """Latin and Chinese fonts by name: without the second, Chinese falls to whatever the reader's program takes."""
    style.font.name = LATIN
    if style.name == "Normal":
        style.font.size = Pt(11)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(kind), EAST_ASIAN if kind == "w:eastAsia" else LATIN)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _rows(made: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    if not rows:
        return
    table = made.add_table(rows=0, cols=len(rows[0]))
    table.style = "Table Grid"
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
