"""Tables that somebody else keeps, as rows of text: CSV in UTF-8 or GB 18030, or the first sheet of an XLSX."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
import zlib
from datetime import datetime

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from services.errors import Invalid
from services.exchange.sheets import FORMULA

MOST_LINES, MOST_BYTES, MOST_COLUMNS = 5000, 2_000_000, 60
MOST_UNPACKED = 50_000_000
ZIP = b"PK\x03\x04"
# What openpyxl was seen to raise for files that are no workbook; a broken XML is a SyntaxError.
NO_WORKBOOK = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, KeyError, ValueError, TypeError, AttributeError, IndexError,
    EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip


def rows(content: bytes) -> list[list[str]]:
    """All rows with the head, cells trimmed; row n of the table stands at n - 1. Raises Invalid for what is no table, or too long."""
    if len(content) > MOST_BYTES:
        raise Invalid("This file is too large: at most 2 MB.", field="file")
    found = _sheet(content) if content.startswith(ZIP) else _csv(content)
    while found and not any(found[-1]):
        found.pop()
    if len(found) > MOST_LINES + 1:
        raise Invalid("More than {most} lines. Split the file.", field="file", most=MOST_LINES)
    return found


def _csv(content: bytes) -> list[list[str]]:
    text = _text(content)
    head = text.split("\n", 1)[0]

    class Found(csv.excel):
        delimiter = max(",;\t", key=head.count)

    try:
        return [[_typed(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), dialect=Found)]
    except csv.Error:
        raise Invalid("This is not a table in text. Save it as CSV first.", field="file") from None


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid("This is not a table in text. Save it as CSV first.", field="file")


def _typed(cell: str) -> str:
    """A cell without the apostrophe by which our own files, and spreadsheets, keep a text from running as a formula."""
    kept = cell.strip()
    return kept[1:] if kept.startswith("'") and kept[1:].startswith(FORMULA) else kept


def _sheet(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_UNPACKED:
                raise Invalid("This file is too large: at most 2 MB.", field="file")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations, which nobody here asks for
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            found = sheet.iter_rows(max_row=MOST_LINES + 2, max_col=MOST_COLUMNS, values_only=True)
            return [[_shown(cell) for cell in row] for row in found]
    except NO_WORKBOOK:
        raise Invalid("This workbook cannot be read. Save it anew as XLSX, or as CSV.", field="file") from None


def _shown(cell: object) -> str:
    """A cell as somebody would type it: 101 for 101.0, a day as 2026-03-01."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat()
    return str(cell).strip()
