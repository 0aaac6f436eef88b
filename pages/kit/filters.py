"""Filters that live in the address, by their keys: the same link works in every language and after the figures have changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import streamlit as st


def settle(name: str, allowed: Collection[str] | None = None, otherwise: Any = None) -> dict[str, Any]:
    """What a widget is given so that it begins with what the address says and keeps the address to itself.

    `allowed`: what it can be; anything else in the address is left out. For a tick `otherwise` is False.
    """
    if name not in st.session_state:
        asked = st.query_params.get(name, "")
        if isinstance(otherwise, bool):
            st.session_state[name] = asked == "1"
        else:
            st.session_state[name] = asked if asked and (allowed is None or asked in allowed) else otherwise
    return {"key": name, "on_change": _remember, "args": (name, otherwise)}


def _remember(name: str, otherwise: Any) -> None:
    value = st.session_state.get(name)
    if value in (None, "", False) or value == otherwise:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = "1" if value is True else str(value)


def page_at(name: str, total: int, size: int) -> int:
    """Which page is asked for, from 1 to the last one there is: what was pressed, else what the address says."""
    asked = str(st.session_state.get(name) or st.query_params.get(name, ""))
    given = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    return min(max(1, given), max(1, -(-total // size)))


def pager(name: str, total: int, size: int) -> None:
    """The pages to press, where there is more than one."""
    if total > size:
        at = page_at(name, total, size)
        st.pagination(-(-total // size), default=at, key=name, on_change=_remember, args=(name, 1))
