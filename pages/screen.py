"""The projector: `/screen?m=CODE`, one wall that follows the chair's steps within a second or two, and says when its line is broken."""

import streamlit as st

from pages.kit import look, wall
from pages.kit.html import show
from services import clock
from services.reads import board

st.html(look.screen())
found = board.find(st.query_params.get("m", ""))


@st.fragment(run_every=wall.EVERY)
def live(found: board.Found) -> None:
    view = board.look(found)
    mark = board.mark(found.community_id) if view.screen.value == "closing" else None
    now = clock.now()
    wall.follow(view, now, wall.drawing(view, now, mark), key="wall")


if found is None:
    show(wall.nobody())
else:
    live(found)
