"""DOCX out: minutes, notices, results as a text document whose Chinese glyphs are named, so that every office program finds them."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import segno
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LATIN, EAST_ASIAN = "Arial", "Noto Sans CJK SC"


@dataclass(frozen=True)
class Part:
    """A heading with lines and a table below it."""

    title: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Paper:
    """A document in the reader's words. `subject` goes into its properties; `link` becomes a QR code at the end of the last part."""

    title: str
    subject: str
    state: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = ()
    link: str = ""


def document(paper: Paper, lang: str) -> bytes:
    """The file; its properties carry the title and the number of what it is about, and nobody's name."""
    made = Document()
    made.core_properties.title = paper.title
    made.core_properties.author = ""
    made.core_properties.subject = paper.subject
    made.core_properties.language = lang
    for name in ("Normal", "Title", "Heading 1", "List Bullet"):
        _glyphs(made.styles[name])
    made.add_heading(paper.title, 0)
    if paper.state:
        made.add_paragraph(paper.state)
    _rows(made, paper.facts)
    for part in paper.parts:
        made.add_heading(part.title, 1)
        for line in part.lines:
            made.add_paragraph(line)
        _rows(made, part.rows)
    if paper.link:
        picture = BytesIO()
        segno.make(paper.link, error="m").save(picture, kind="png", scale=6, border=2)
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
