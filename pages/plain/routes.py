"""The registry of plain routes: each module of this package that answers addresses adds one line."""

from __future__ import annotations

from starlette.routing import BaseRoute

from pages.plain import (
    ballots,
    code_sheets,
    communities,
    evaluate,
    evidence,
    exports,
    first_run,
    front,
    invitations,
    letter_sheets,
    letter_way,
    matter_sheet,
    minutes,
    notice,
    outcome_files,
    own_data,
    poll_files,
    privacy,
    propose,
    register_files,
    report,
    room,
    stored_files,
    way_in,
)

ROUTES: list[BaseRoute] = [
    *front.routes,
    *stored_files.routes,
    *communities.routes,
    *way_in.routes,
    *letter_way.routes,
    *letter_sheets.routes,
    *own_data.routes,
    *privacy.routes,
    *register_files.routes,
    *first_run.routes,
    *report.routes,
    *propose.routes,
    *ballots.routes,
    *room.routes,
    *minutes.routes,
    *invitations.routes,
    *code_sheets.routes,
    *poll_files.routes,
    *notice.routes,
    *matter_sheet.routes,
    *outcome_files.routes,
    *evidence.routes,
    *exports.routes,
    *evaluate.routes,
]
