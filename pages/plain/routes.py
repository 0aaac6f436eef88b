"""The registry of plain routes: each module of this package that answers addresses adds one line."""

from __future__ import annotations

from starlette.routing import BaseRoute

from pages.plain import front

ROUTES: list[BaseRoute] = [
    *front.routes,
]
