"""Scenario files (YAML): read whole and checked, with the line of whatever is wrong, before anything is played."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from services.errors import Invalid

SPAN = re.compile(r"^\+(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?$")
PARTS = {"scenario", "source", "ours", "clock", "community", "people", "steps"}
STEP_KEYS = {"at", "as", "do", "with", "save", "refused", "expect"}


class Lined(dict[str, Any]):
    """A mapping that knows the line it began on."""

    line: int = 0


class _Loader(yaml.SafeLoader):
    """Keeps lines; times stay text, so that a scenario reads the same everywhere."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Lined:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    for key, (key_node, _) in zip(keys, node.value, strict=True):
        if keys.count(key) > 1:
            raise _wrong(key_node.start_mark.line + 1, f"{key} stands twice")
    made = Lined({str(key): loader.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value, strict=True)})
    made.line = node.start_mark.line + 1
    return made


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Act:
    """One command: when, by whom (each of `who` in turn), with what, kept under which name, refused with which kind."""

    line: int
    at: str
    who: tuple[str, ...]
    command: str
    given: Mapping[str, Any]
    save: str = ""
    refused: str = ""


@dataclass(frozen=True)
class Expectation:
    """A figure, of what, and what it must be."""

    line: int
    figure: str
    of: str
    want: Any


@dataclass(frozen=True)
class Scenario:
    """A whole scenario. `clock` is the moment of the first step, aware."""

    title: str
    source: str
    ours: tuple[str, ...]
    clock: datetime
    community: Lined
    people: Mapping[str, Lined]
    steps: tuple[Act | Expectation, ...]
    lines: Mapping[str, int] = field(default_factory=dict)


def _wrong(line: int, what: str) -> Invalid:
    return Invalid("line {line}: {what}", line=line, what=what)


def span(text: str, line: int) -> timedelta:
    """ "+2d", "+3h 20m": how long after the step before. Raises Invalid."""
    found = SPAN.match(text.strip())
    if not found or not any(found.groups()):
        raise _wrong(line, f"{text!r} is no span such as +2d, +3h or +1d 2h 30m")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def load(path: Path) -> Scenario:
    """Read and check a scenario file. Raises Invalid with the line and the reason; nothing is played."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as wrong:
        raise Invalid("cannot be read ({why}).", why=wrong.strerror) from None
    except UnicodeDecodeError as wrong:
        line = wrong.object.count(b"\n", 0, wrong.start) + 1
        raise _wrong(line, "expected text in UTF-8") from None
    try:
        data = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        raise _wrong(mark.line + 1 if mark else 1, str(getattr(wrong, "problem", None) or "not YAML")) from None
    except (ValueError, TypeError, LookupError, AttributeError) as wrong:  # what PyYAML makes of a number or a date that is none
        raise _wrong(1, f"not YAML ({wrong})") from None
    except RecursionError:
        raise _wrong(1, "nested too deeply") from None
    if not isinstance(data, Lined):
        raise _wrong(1, "a scenario is a mapping with the parts " + ", ".join(sorted(PARTS)))
    if unknown := sorted(set(data) - PARTS):
        raise _wrong(data.line, f"unknown part {unknown[0]}")
    if missing := sorted(PARTS - {"ours"} - set(data)):
        raise _wrong(data.line, f"the part {missing[0]} is missing")
    try:
        clock = datetime.fromisoformat(str(data["clock"]))
    except ValueError:
        raise _wrong(data.line, "clock is no moment such as 2025-03-01T09:00+08:00") from None
    if clock.tzinfo is None:
        raise _wrong(data.line, "clock needs a zone, such as +08:00")
    people, community, steps = data["people"], data["community"], data["steps"]
    if not isinstance(people, Lined) or not all(isinstance(each, Lined) for each in people.values()):
        raise _wrong(data.line, "people is a mapping from keys to mappings")
    if not isinstance(community, Lined):
        raise _wrong(data.line, "community is a mapping")
    if not isinstance(steps, list) or not steps:
        raise _wrong(data.line, "steps is a list with at least one step")
    return Scenario(
        title=str(data["scenario"]),
        source=str(data["source"]),
        ours=tuple(str(each) for each in data.get("ours") or ()),
        clock=clock,
        community=community,
        people=people,
        steps=tuple(_step(each, at, people) for at, each in enumerate(steps, 1)),
    )


def _step(given: Any, at: int, people: Mapping[str, Any]) -> Act | Expectation:
    if not isinstance(given, Lined):
        raise Invalid("step {at}: a step is a mapping", at=at)
    if unknown := sorted(set(given) - STEP_KEYS):
        raise _wrong(given.line, f"unknown word {unknown[0]} in a step")
    if "expect" in given:
        wanted = given["expect"]
        if not isinstance(wanted, Lined) or not {"figure", "is"} <= set(wanted) <= {"figure", "of", "is"}:
            raise _wrong(given.line, "expect needs figure and is, and may name of")
        return Expectation(given.line, str(wanted["figure"]), str(wanted.get("of", "")), wanted["is"])
    if not {"as", "do"} <= set(given):
        raise _wrong(given.line, "a step needs as and do, or expect")
    who = tuple(str(each) for each in (given["as"] if isinstance(given["as"], list) else [given["as"]]))
    for key in who:
        if key != "system" and key not in people:
            raise _wrong(given.line, f"{key} is not among the people")
    arguments = given.get("with") or Lined()
    if not isinstance(arguments, Lined):
        raise _wrong(given.line, "with is a mapping")
    when = str(given.get("at", "+1m"))
    if when.startswith("+"):
        span(when, given.line)
    else:
        try:
            if datetime.fromisoformat(when).tzinfo is None:
                raise _wrong(given.line, "a moment needs a zone, such as +08:00")
        except ValueError:
            raise _wrong(given.line, f"{when!r} is neither a span such as +2d nor a moment") from None
    return Act(given.line, when, who, str(given["do"]), arguments, str(given.get("save", "")), str(given.get("refused", "")))
