"""Whether the house can work: asked by whoever watches the server."""

from __future__ import annotations

import asyncio

from sqlalchemy import literal, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from services import db, logs


def ailing() -> str | None:
    """Why the workspace cannot serve now, None when it can. It reads one constant through the database."""
    try:
        with db.engine().execution_options(readonly=True).connect() as connection:
            connection.execute(select(literal(1)))
    except (SQLAlchemyError, OSError) as down:
        return f"the database does not answer ({logs.bug(down, 'health')})"
    return None


async def ailing_within(seconds: float) -> str | None:
    """As `ailing`, from a thread; a database that takes longer than `seconds` counts as ailing."""
    try:
        return await asyncio.wait_for(run_in_threadpool(ailing), seconds)
    except TimeoutError:
        return f"the database does not answer within {seconds:g} s"
