"""A fragment or dialog outlives its page: it asks anew who is looking before it does anything in their name."""

from __future__ import annotations

import ast

import pytest

from tests.house.source import Module, nothing, under

ALONE = ("st.fragment", "st.dialog")


def wrapped(module: Module) -> set[str]:
    """The functions that are made one by a call instead of a decorator: `st.fragment(run_every=…)(name)` or `st.fragment(name)`."""
    calls = [each for each in ast.walk(module.tree) if isinstance(each, ast.Call) and ast.unparse(each.func).startswith(ALONE)]
    given = [value for call in calls for value in (*call.args, *(each.value for each in call.keywords))]
    return {each.id for each in given if isinstance(each, ast.Name)}


def stale(module: Module) -> list[str]:
    found = []
    called = wrapped(module)
    for function in (each for each in ast.walk(module.tree) if isinstance(each, ast.FunctionDef)):
        if function.name not in called and not any(ast.unparse(each).startswith(ALONE) for each in function.decorator_list):
            continue
        body = [each for each in function.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
        if (
            "actor" in {each.id for each in ast.walk(function) if isinstance(each, ast.Name)}
            and ast.unparse(body[0]) != "frame.still(actor)"
        ):
            found.append(f"{module.at(function)} {function.name} acts for who its page was drawn for: frame.still(actor) first")
    return found


def test_nobody_acts_for_who_they_were() -> None:
    nothing([line for module in under("pages/") for line in stale(module)])


@pytest.mark.parametrize("how", ["fragment(run_every=1)", 'dialog("Sure?")', "fragment"])
def test_a_wrong_sample_is_found(how: str) -> None:
    assert stale(Module.of("pages/sample.py", f'@st.{how}\ndef live() -> None:\n    """Live."""\n    do(actor, next)'))


@pytest.mark.parametrize("how", ["fragment(run_every=1)(live)", 'dialog("Sure?")(live)', "fragment(live)", "fragment(func=live)"])
def test_a_wrong_sample_that_is_wrapped_by_a_call_is_found(how: str) -> None:
    body = "def live() -> None:\n    do(actor, next)\n\nrun = st."
    assert stale(Module.of("pages/sample.py", body + how))


def test_right_samples_are_left_alone() -> None:
    asks = "@st.fragment\ndef live() -> None:\n    frame.still(actor)\n    do(actor, next)"
    assert stale(Module.of("pages/sample.py", asks + "\n@st.fragment\ndef wall() -> None:\n    draw()")) == []
