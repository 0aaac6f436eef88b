"""The rows behind the outcomes as files: /export/outcomes.csv and .xlsx, with the filters of the page."""

from __future__ import annotations

from decimal import Decimal

from starlette.responses import Response
from starlette.routing import Route

from pages.kit.stages import stage_word
from pages.kit.words import t, word
from pages.plain.door import Asked, route
from services.exchange import sheets
from services.i18n import rounded
from services.reads import effect
from services.reads.effect import Matter


def _row(each: Matter) -> list[sheets.Cell]:
    on_time = "" if each.on_time is None else t("yes") if each.on_time else t("no")
    score: Decimal | None = rounded(each.score, 2) if each.score is not None else None
    return [
        each.number, each.title, each.estate, word(each.category), each.round, stage_word(each.stage, each.over), each.filed_on.isoformat(),
        each.finished_on.isoformat() if each.finished_on else "", each.days, on_time, each.answers, score, each.satisfied,
    ]  # fmt: skip


def _heads() -> list[str]:
    return [
        t("Number"), t("Matter"), t("Estate"), t("Kind"), t("Round"), t("State"), t("Filed"), t("Finished"), t("Days"), t("On time"),
        t("Answers"), t("Mean of 1 to 5"), t("Satisfied"),
    ]  # fmt: skip


def _rows(asked: Asked) -> list[list[sheets.Cell]]:
    asks = asked.query
    found = effect.effect(
        asked.actor, estate_id=asks.get("estate", ""), category=asks.get("category", ""), period=asks.get("period", "")
    )
    return [_row(each) for each in found.matters]


def csv_file(asked: Asked) -> Response:
    """The rows as CSV."""
    return _sent(sheets.csv_file(_heads(), _rows(asked)), "csv", "text/csv; charset=utf-8")


def xlsx_file(asked: Asked) -> Response:
    """The rows as a spreadsheet."""
    return _sent(sheets.xlsx_file(t("Outcomes"), _heads(), _rows(asked)), "xlsx", sheets.XLSX)


def _sent(body: bytes, ending: str, kind: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="outcomes.{ending}"', "cache-control": "no-store"}
    return Response(body, media_type=kind, headers=headers)


routes: list[Route] = [route("/export/outcomes.csv", csv_file), route("/export/outcomes.xlsx", xlsx_file)]
