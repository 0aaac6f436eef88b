"""Filters that live in the address: which page of a list the reader asked for, before the pages are drawn."""

from __future__ import annotations

import streamlit as st


def page_asked(key: str) -> int:
    """The page number under `key`: what was pressed, else what the address says, else the first."""
    given = st.session_state.get(key) or st.query_params.get(key, "")
    return max(1, int(given)) if str(given).isascii() and str(given).isdigit() and len(str(given)) < 6 else 1
