"""Whether the house can work: asked by whoever watches the server."""

from __future__ import annotations

from sqlalchemy import literal, select
from sqlalchemy.exc import SQLAlchemyError

from services import db, logs


def ailing() -> str | None:
    """Why the workspace cannot serve now, None when it can. It reads one constant through the database."""
    try:
        with db.engine().execution_options(readonly=True).connect() as connection:
            connection.execute(select(literal(1)))
    except (SQLAlchemyError, OSError) as down:
        return f"the database does not answer ({logs.bug(down, 'health')})"
    return None
