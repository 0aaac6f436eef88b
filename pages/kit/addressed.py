"""What is chosen on a page stands in its address, by its own name in every language, so that it can be shared."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st


def asked(name: str, options: Sequence[str], default: str = "") -> str:
    """What the address asks for, if it is one of `options`, else `default`. For the first value of a widget."""
    wanted = st.query_params.get(name, default)
    return wanted if wanted in options else default


def kept(name: str, value: str | None, default: str = "") -> str:
    """Put the choice into the address (a default one is left out) and give it back."""
    chosen = value or default
    if chosen != default:
        st.query_params[name] = chosen
    elif name in st.query_params:
        del st.query_params[name]
    return chosen
