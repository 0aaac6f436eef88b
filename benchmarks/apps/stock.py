"""The peer: the very same pages as Streamlit serves them out of the box, with its own configuration and without our guard."""

from pathlib import Path

import streamlit as st

import benchmarks.apps.with_empty  # noqa: F401
from pages.plain.routes import ROUTES

app = st.App(Path(__file__).parents[2] / "pages" / "shell.py", routes=ROUTES)
