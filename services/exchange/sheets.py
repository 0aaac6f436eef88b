"""Tables as files: CSV and XLSX, in which no cell runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Font

Cell = str | int | Decimal | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_file(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark that spreadsheets want; a text that would run as a formula begins with an apostrophe."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([harmless(head) for head in heads])
    table.writerows([[harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def xlsx_file(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """One sheet, the head bold and fixed; texts are texts, whatever they begin with."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "".join(sign for sign in title if sign not in "[]:*?/\\")[:31] or "Yiqi"
    for at_row, row in enumerate([heads, *rows], start=1):
        for at_column, value in enumerate(row, start=1):
            cell = sheet.cell(at_row, at_column)
            if isinstance(value, str):
                cell.value = "".join(sign for sign in value if sign.isprintable() or sign == "\n")
                cell.data_type = "s"  # else "=…" would be a formula
            else:
                cell.value = value
            if at_row == 1:
                cell.font = Font(bold=True)
    for at_column, head in enumerate(heads, start=1):
        longest = max([len(head), *(len(str(row[at_column - 1] or "")) for row in rows[:200])])
        sheet.column_dimensions[sheet.cell(1, at_column).column_letter].width = min(60, 2 * longest + 2)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
