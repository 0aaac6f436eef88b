"""The one style sheet, sent once by the frame, and the logo in the colours of the reader's mode."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pages.kit.words import ROOT_PX

HERE = Path(__file__).parent


@cache
def sheet(size: int = 1) -> str:
    """The style block of every Streamlit page, with type of 18, 22 or 26 px for size 1, 2 or 3."""
    return f"<style>{minified('look.css')}html,:root{{font-size:{ROOT_PX[size]}px!important}}</style>"


@cache
def screen() -> str:
    """What a projector page sends besides: everything in parts of the wall's height."""
    return f"<style>{minified('screen.css')}</style>"


@cache
def room() -> str:
    """What the page of a meeting and the chair's table send besides."""
    return f"<style>{minified('room.css')}</style>"


@cache
def minified(name: str) -> str:
    """A style sheet of this folder without comments and line breaks."""
    return squeeze((HERE / name).read_text(encoding="utf-8"))


def squeeze(css: str) -> str:
    """CSS without comments and needless white space (quoted text is left alone)."""
    parts = re.split(r"""("[^"]*"|'[^']*')""", re.sub(r"/\*.*?\*/", "", css, flags=re.S))
    for place in range(0, len(parts), 2):
        parts[place] = re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", parts[place])).replace(";}", "}")
    return "".join(parts).strip()


def logo(dark: bool = False) -> str:
    """Path of the word mark, for `st.logo`."""
    return str(HERE / "art" / ("logo-dark.svg" if dark else "logo.svg"))


def mark() -> str:
    """Path of the round table alone."""
    return str(HERE / "art" / "mark.svg")
