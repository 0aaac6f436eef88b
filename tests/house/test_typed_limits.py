"""No field has limits of its own: Streamlit would hand in what stood before in place of what was typed; the command refuses instead."""

from __future__ import annotations

import ast

import pytest

from tests.house.source import Module, nothing, under

MOST_ARGUMENTS = {"number_input": 1, "date_input": 2, "datetime_input": 2, "slider": 1}
"""What these take before their limits: the words on them and, for a day, the value."""
WIDE = {"date_input": "EVERY_DAY", "datetime_input": "EVERY_MOMENT"}
"""Where no limits are given Streamlit takes ten years before and after; these constants of pages/kit/forms.py take every day."""


def limits(module: Module) -> list[str]:
    found = []
    for call in module.calls():
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if name not in MOST_ARGUMENTS:
            continue
        given = {each.arg for each in call.keywords}
        spread = {ast.unparse(each.value).removeprefix("forms.") for each in call.keywords if each.arg is None}
        if given & {"min_value", "max_value"} or len(call.args) > MOST_ARGUMENTS[name]:
            found.append(f"{module.at(call)} gives a field limits: the command refuses what is outside, at its field")
        elif name in WIDE and WIDE[name] not in spread:
            found.append(f"{module.at(call)} has ten years before and after: forms.day and **forms.EVERY_MOMENT take every day")
    return found


def test_what_is_typed_reaches_the_command() -> None:
    nothing([line for module in under("pages/") for line in limits(module)])


@pytest.mark.parametrize(
    "text",
    [
        'st.number_input("Days", 1, 60, key="days")',
        'left.number_input("Days", key="days", min_value=1)',
        'st.date_input("Until", key="until", max_value=today, **EVERY_DAY)',
        'st.date_input("Until", key="until")',
        'st.date_input("Until", today, today, key="until", **EVERY_DAY)',
        'st.datetime_input("Until", key="until")',
        'st.slider("Points", 1, 5)',
    ],
)
def test_a_wrong_sample_is_found(text: str) -> None:
    assert limits(Module.of("pages/sample.py", text))


def test_right_samples_are_left_alone() -> None:
    said = 'forms.day("Until", "until")\nst.number_input("Days", value=None, key="days", **looks)'
    assert limits(Module.of("pages/sample.py", said + '\nst.datetime_input("Until", now, key="until", **forms.EVERY_MOMENT)')) == []
