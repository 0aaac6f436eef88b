"""Our application with its guard and its configuration, and one more page: the empty one."""

from pathlib import Path

import streamlit as st

import benchmarks.apps.with_empty  # noqa: F401
from pages.kit.door import script_failed
from pages.plain.routes import ROUTES
from services import first_run
from services.guard import Guard
from services.startup import lifespan, refuse_wrong_settings

refuse_wrong_settings()
shell = Path(__file__).parents[2] / "pages" / "shell.py"
app = st.App(shell, routes=ROUTES, lifespan=lifespan, on_script_error=script_failed)
app = Guard(app, ROUTES, instead=first_run.instead)
