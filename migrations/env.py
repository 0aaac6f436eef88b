"""Alembic's environment: the connection comes from services/schema.py."""

from alembic import context

from models.everything import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
