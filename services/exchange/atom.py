"""An Atom feed (RFC 4287) from plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as xml

SPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class Item:
    """One entry: `id` is an IRI that never changes, `summary` plain text."""

    id: str
    title: str
    link: str
    updated: datetime
    summary: str


def feed(title: str, feed_id: str, link: str, own: str, author: str, language: str, items: Sequence[Item]) -> bytes:
    """The feed as UTF-8 XML; signs that XML cannot hold are left out. `updated` is that of the newest item."""
    xml.register_namespace("", SPACE)
    root = xml.Element(f"{{{SPACE}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})
    _add(root, "title", title)
    _add(root, "id", feed_id)
    _add(root, "link", "", href=link)
    _add(root, "link", "", href=own, rel="self", type="application/atom+xml")
    _add(root, "updated", _at(max((each.updated for each in items), default=datetime(2026, 1, 1, tzinfo=UTC))))
    _add(_add(root, "author", ""), "name", author)
    for each in items:
        entry = _add(root, "entry", "")
        _add(entry, "title", each.title)
        _add(entry, "id", each.id)
        _add(entry, "link", "", href=each.link)
        _add(entry, "updated", _at(each.updated))
        _add(entry, "summary", each.summary)
    made: bytes = xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _add(parent: xml.Element, name: str, text: str, **attributes: str) -> xml.Element:
    made = xml.SubElement(parent, f"{{{SPACE}}}{name}", attributes)
    made.text = "".join(sign for sign in text if sign in "\t\n\r" or " " <= sign <= "\ud7ff" or "\ue000" <= sign <= "\ufffd"
                        or sign > "\uffff") or None  # fmt: skip
    return made


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
