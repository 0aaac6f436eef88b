"""Filters that live in the address, by their keys: the same link works in every language and after the figures have changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import streamlit as st


def settle(name: str, allowed: Collection[str] | None = None, otherwise: Any = None) -> dict[str, Any]:
    """What a widget is given so that it begins with what the address says and keeps the address to itself.

    `allowed`: what it can be; anything else in the address is left out. For a tick `otherwise` is False, for a page number 1.
    """
    if name not in st.session_state:
        asked = st.query_params.get(name, "")
        if isinstance(otherwise, bool):
            st.session_state[name] = asked == "1"
        elif isinstance(otherwise, int):
            st.session_state[name] = int(asked) if asked.isascii() and asked.isdigit() and 0 < int(asked[:6]) else otherwise
        else:
            st.session_state[name] = asked if asked and (allowed is None or asked in allowed) else otherwise
    return {"key": name, "on_change": _remember, "args": (name, otherwise)}


def _remember(name: str, otherwise: Any) -> None:
    value = st.session_state.get(name)
    if value in (None, "", False) or value == otherwise:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = "1" if value is True else str(value)


def pages(name: str, total: int, size: int) -> int:
    """Which page is asked for, from 1 to the last one there is."""
    settle(name, otherwise=1)
    last = max(1, -(-total // size))
    if st.session_state[name] > last:
        st.session_state[name] = last
    return int(st.session_state[name])
