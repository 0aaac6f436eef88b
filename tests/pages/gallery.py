"""All pieces with sample data, to look at: `streamlit run tests/pages/gallery.py`, with ?view=pieces, project, story or desk."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import streamlit as st

from pages.kit import look, words
from tests.pages.sample_pages import desk, project, story
from tests.pages.sample_pieces import pieces

st.set_page_config(layout="wide")
st.html(look.sheet(words.size()))
{"pieces": pieces, "project": project, "story": story, "desk": desk}[st.query_params.get("view", "pieces")]()
