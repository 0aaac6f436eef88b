"""Files of a vote: poll.json and the roll as CSV, permission checked at each request."""

from __future__ import annotations

import csv
from io import StringIO

from starlette.responses import Response
from starlette.routing import Route

from pages.kit.words import t
from pages.plain.door import Asked, route
from services.reads import poll_files

FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"


def poll_json(asked: Asked) -> Response:
    """The whole vote, for a recount with any program."""
    name, text = poll_files.poll_json(asked.actor, asked.query.get("id", ""))
    return _file(name, text, "application/json; charset=utf-8")


def roll_csv(asked: Asked) -> Response:
    """The roll, with a BOM for spreadsheets; a cell that would run as a formula is text."""
    sheet = poll_files.roll(asked.actor, asked.query.get("id", ""))
    out = StringIO()
    table = csv.writer(out)
    table.writerow([t(head) for head in sheet.heads])
    table.writerows([_cell(cell) for cell in row] for row in sheet.rows)
    return _file(f"{sheet.name}.csv", BOM + out.getvalue(), "text/csv; charset=utf-8")


def _cell(cell: str | bool) -> str:
    if isinstance(cell, bool):
        return t("yes") if cell else t("no")
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _file(name: str, text: str, kind: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(text.encode(), media_type=kind, headers=headers)


routes: list[Route] = [route("/export/poll.json", poll_json), route("/export/roll.csv", roll_csv)]
