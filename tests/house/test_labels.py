"""Two habits of Streamlit's fields that pages must know: a select shows the escapes of Markdown, and `max_chars` drops a paste.

Streamlit reads Markdown in pills and titles, not in the options of a select: escapes would be shown there as they are. What is pasted
and longer than `max_chars` vanishes without a word; the command counts instead, and what was typed stays.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SELECTS = {"selectbox", "multiselect"}


def _escaped(node: ast.AST | None) -> bool:
    return node is not None and any(isinstance(each, ast.Name) and each.id == "label" for each in ast.walk(node))


def _wrong(source: str) -> list[int]:
    """The lines of selects whose options are escaped for Markdown, in the call or in a name of this file that it takes."""
    tree = ast.parse(source)
    named = {
        target.id for each in ast.walk(tree) if isinstance(each, ast.Assign) and _escaped(each.value)
        for target in each.targets if isinstance(target, ast.Name)
    }  # fmt: skip
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr in SELECTS]
    shown = [(call, word.value) for call in calls for word in call.keywords if word.arg == "format_func"]
    return [call.lineno for call, by in shown if _escaped(by) or any(isinstance(n, ast.Name) and n.id in named for n in ast.walk(by))]


def test_no_select_shows_the_escapes_of_markdown() -> None:
    assert _wrong("names = {1: label('a')}\nst.selectbox('x', names, format_func=names.get)\nst.pills('x', format_func=label)") == [2]
    found = {str(path.relative_to(ROOT)): lines for path in ROOT.glob("pages/**/*.py") if (lines := _wrong(path.read_text()))}
    assert found == {}


def _cut(source: str) -> list[int]:
    """The lines of calls that give a field a length."""
    calls = [each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Call)]
    return [call.lineno for call in calls if any(word.arg == "max_chars" for word in call.keywords)]


def test_no_field_drops_what_is_pasted() -> None:
    assert _cut("st.text_input('x')\nst.text_area('x', max_chars=20)") == [2]
    assert {str(path.relative_to(ROOT)): lines for path in ROOT.glob("pages/**/*.py") if (lines := _cut(path.read_text()))} == {}
