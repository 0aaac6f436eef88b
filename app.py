"""The front door: Streamlit's application with our routes, inside the outer guard. `streamlit run` finds `app` by reading this."""

from pathlib import Path

import streamlit as st

from pages.kit.door import script_failed
from pages.kit.frame import NAV
from pages.plain.routes import ROUTES
from services import first_run
from services.guard import Guard
from services.startup import lifespan, refuse_wrong_settings

refuse_wrong_settings()
app = st.App(Path(__file__).with_name("pages") / "shell.py", routes=ROUTES, lifespan=lifespan, on_script_error=script_failed)
app = Guard(app, ROUTES, instead=first_run.instead, pages={item.name for item in NAV})  # type: ignore[assignment]
