"""The register as files: people, homes, organisations, bodies as CSV and XLSX, permission checked at each request."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import BaseRoute

from pages.kit.words import t, word
from pages.plain.door import Asked, route
from services import register as keeping
from services.actors import Actor
from services.errors import NotFound
from services.exchange.sheets import XLSX, Cell, csv_file, xlsx_file
from services.reads import register, register_ground
from services.work import do

Sheet = tuple[str, list[str], list[list[Cell]]]
EVERYTHING = 1_000_000


def _people(actor: Actor) -> Sheet:
    rows = register.people(actor, size=EVERYTHING).rows
    heads = [
        t("Name", context="person"),
        t("Phone number"),
        t("Homes and units"),
        t("Home confirmed"),
        t("Roles"),
        t("Works for"),
        t("Account"),
        t("Adult"),
    ]
    yes, no = t("yes"), t("no")
    return (
        t("People"),
        heads,
        [
            [
                row.name, row.phone, " ".join(row.homes), yes if row.confirmed else no, ", ".join(word(role) for role in row.roles),
                row.organisation, yes if row.has_account else no, yes if row.adult else no,
            ]
            for row in rows
        ],
    )  # fmt: skip


def _homes(actor: Actor) -> Sheet:
    rows = register_ground.units(actor, size=0).rows
    heads = [
        t("Estate"),
        t("Building"),
        t("Stairwell"),
        t("Number", context="unit"),
        t("Floor"),
        t("Kind"),
        t("Area in m²"),
        t("Area from"),
        t("Grid"),
        t("People"),
    ]
    return (
        t("Homes and units"),
        heads,
        [
            [
                row.estate, row.building, row.stairwell, row.number, row.floor, word(row.kind), row.area, row.area_source, row.grid,
                ", ".join(row.people),
            ]
            for row in rows
        ],
    )  # fmt: skip


def _organisations(actor: Actor) -> Sheet:
    rows = register_ground.organisations(actor)
    heads = [t("Name"), t("Kind"), t("Whom to ask, and how"), t("People")]
    return t("Organisations"), heads, [[row.name, word(row.kind), row.contact, row.people] for row in rows]


def _bodies(actor: Actor) -> Sheet:
    return (
        t("Bodies"),
        [t("Name"), t("Kind"), t("People")],
        [[row.name, word(row.kind), row.people] for row in register_ground.bodies(actor)],
    )


SHEETS: dict[str, Callable[[Actor], Sheet]] = {"people": _people, "homes": _homes, "organisations": _organisations, "bodies": _bodies}


def take(asked: Asked) -> Response:
    name, _, ending = asked.params["file"].partition(".")
    if name not in SHEETS or ending not in ("csv", "xlsx"):
        raise NotFound()
    title, heads, rows = SHEETS[name](asked.actor)
    do(asked.actor, keeping.export, sheet=name)
    content = csv_file(heads, rows) if ending == "csv" else xlsx_file(title, heads, rows)
    headers = {"content-disposition": f'attachment; filename="{name}.{ending}"', "cache-control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8" if ending == "csv" else XLSX, headers=headers)


routes: list[BaseRoute] = [route("/register/{file}", take)]
