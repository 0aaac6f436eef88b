"""/export/{what}.csv and .xlsx: one registry of tables; the permission and the filters of the page are asked anew each time."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from starlette.responses import Response
from starlette.routing import BaseRoute

from pages.kit.stages import stage_word
from pages.kit.votes import outcome_said
from pages.kit.words import t, word
from pages.plain.door import Asked, route
from services.errors import NotFound
from services.exchange.sheets import XLSX, Cell, csv_file, xlsx_file
from services.i18n import stamp
from services.reads import inbox, poll_files, polls, progress, proposals

EVERYTHING = 1_000_000
Sheet = tuple[str, list[str], list[list[Cell]]]
"""The title of the sheet, its heads, its rows."""


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / 100


def _proposals(asked: Asked) -> Sheet:
    names = ("within", "category", "estate_id", "search", "order")
    given = {name: asked.query[name] for name in names if asked.query.get(name)}
    found = proposals.listed(asked.actor, **given, mine=asked.query.get("mine") == "1", size=EVERYTHING)  # type: ignore[arg-type]
    heads = [
        t("Number"),
        t("Title"),
        t("Stage"),
        t("Category"),
        t("Estate"),
        t("Place"),
        t("Cost in yuan"),
        t("Homes that support it"),
        t("Homes it needs"),
        t("Round"),
        t("Filed"),
        t("At this stage since"),
    ]
    rows: list[list[Cell]] = [
        [
            row.number,
            row.title,
            stage_word(row.stage, row.over),
            word(row.category),
            row.estate,
            row.place,
            _yuan(row.cost_fen),
            row.supporters,
            row.supporters_needed,
            row.round,
            stamp(row.filed_at, found.zone),
            stamp(row.stage_since, found.zone),
        ]
        for row in found.rows
    ]
    return t("Proposals"), heads, rows


def _concerns(asked: Asked) -> Sheet:
    """For the desk; without the phones of those who reported."""
    given = {name: asked.query[name] for name in ("within", "category", "estate_id", "search", "holder") if asked.query.get(name)}
    found = inbox.whole(asked.actor, **given, size=EVERYTHING)  # type: ignore[arg-type]
    heads = [
        t("Number"),
        t("What was said"),
        t("Category"),
        t("Estate"),
        t("Place"),
        t("State"),
        t("Filed"),
        t("First answer due"),
        t("First answer given"),
        t("Who has it"),
        t("Supporters"),
    ]
    rows: list[list[Cell]] = [
        [
            row.number,
            row.text,
            word(row.category),
            row.estate,
            row.place,
            word(row.stage),
            stamp(row.filed_at, found.zone),
            stamp(row.due_at, found.zone),
            stamp(row.answered_at, found.zone) if row.answered_at else "",
            row.holder,
            row.supporters,
        ]
        for row in found.rows
    ]
    return t("Concerns"), heads, rows


def _polls(asked: Asked) -> Sheet:
    mine = asked.query.get("mine") == "1"
    found = polls.listed(asked.actor, search=asked.query.get("search", ""), mine=mine, size=EVERYTHING)
    heads = [t("Number"), t("Question"), t("Matter"), t("State"), t("On the roll"), t("Can answer"), t("Received"), t("Closes")]
    heads += [t("Shown"), t("Outcome")]
    rows: list[list[Cell]] = [
        [
            row.number,
            row.question,
            row.proposal,
            word(row.state),
            row.received.roll,
            row.received.m,
            row.received.n,
            stamp(row.closes_at, found.zone) if row.closes_at else "",
            stamp(row.revealed_at, found.zone) if row.revealed_at else "",
            outcome_said(row.outcome) if row.outcome else "",
        ]
        for row in found.rows
    ]
    return t("Votes"), heads, rows


def _projects(asked: Asked) -> Sheet:
    kept = next((each for each in progress.Kept if each.value == asked.query.get("kept")), None)
    found = progress.listed(
        asked.actor, kept=kept, estate_id=asked.query.get("estate_id", ""), search=asked.query.get("search", ""), size=EVERYTHING
    )
    heads = [
        t("Number"),
        t("Title"),
        t("Estate"),
        t("Category"),
        t("State"),
        t("Who carries it out"),
        t("From"),
        t("Due"),
        t("Finished"),
        t("Days late"),
        t("Milestones done"),
        t("Milestones"),
        t("Budget in yuan"),
        t("Spent in yuan"),
    ]
    rows: list[list[Cell]] = [
        [
            row.number,
            row.title,
            row.estate,
            word(row.category),
            word(row.state),
            row.who,
            row.starts_on.isoformat(),
            row.due_on.isoformat(),
            row.finished_on.isoformat() if row.finished_on else "",
            max(0, row.days_late),
            row.done,
            row.steps,
            _yuan(row.budget_fen),
            _yuan(row.spent_fen),
        ]
        for row in found.rows
    ]
    return t("Projects"), heads, rows


def _roll(asked: Asked) -> Sheet:
    """One roll, `?id=` of the vote, for whom it is shown."""
    sheet = poll_files.roll(asked.actor, asked.query.get("id", ""))
    return t("Roll"), [t(head) for head in sheet.heads], [list(row) for row in sheet.rows]


SHEETS: dict[str, Callable[[Asked], Sheet]] = {
    "proposals": _proposals,
    "concerns": _concerns,
    "polls": _polls,
    "projects": _projects,
    "roll": _roll,
}


def take(asked: Asked) -> Response:
    """One table as a file. Raises NotFound for an unknown one, and what the read itself refuses."""
    name, _, ending = asked.params["file"].partition(".")
    if name not in SHEETS or ending not in ("csv", "xlsx"):
        raise NotFound()
    title, heads, rows = SHEETS[name](asked)
    content = csv_file(heads, rows) if ending == "csv" else xlsx_file(title, heads, rows)
    headers = {"content-disposition": f'attachment; filename="{name}.{ending}"', "cache-control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8" if ending == "csv" else XLSX, headers=headers)


routes: list[BaseRoute] = [route("/export/{file}", take)]
