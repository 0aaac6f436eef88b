"""Plays a scenario through the same commands as the screens, in one transaction: whole or not at all."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from types import ModuleType
from typing import Any

from sqlmodel import select

from models.evaluation import Evaluation
from models.meeting import AgendaItem
from models.people import Person
from models.project import Milestone, Task
from services import (
    actors,
    attendance,
    ballots,
    clock,
    concerns,
    deliberation,
    evaluations,
    meetings,
    minutes,
    notices,
    polls,
    projects,
    proposals,
    register,
    residences,
    roles,
    steering,
)
from services.db import EVERYWHERE
from services.errors import Invalid, Refusal
from services.exchange.scenario import Act, Expectation, Scenario, span
from services.reads import figures
from services.replay_ground import Ground, Played
from services.work import acting, working

# What a scenario can call; docs/scenarios.md has a line for each.
COMMANDS: dict[str, tuple[ModuleType, str]] = {
    "attendance": (attendance, "attend attend_for leave"),
    "ballots": (ballots, "cast"),
    "concerns": (concerns, "file support answer pass_on close"),
    "deliberation": (deliberation, "add_option withdraw_option add_argument withdraw_argument commit withdraw_commitment"),
    "evaluations": (evaluations, "answer close keep_up kept end_upkeep"),
    "meetings": (meetings, "convene invite uninvite change cancel"),
    "minutes": (minutes, "write confirm"),
    "notices": (notices, "publish lodge withdraw rule end"),
    "polls": (polls, "prepare open extend close reveal cancel"),
    "projects": (projects, "start change report task_done task_undo milestone_done complete accept refuse"),
    "proposals": (proposals, "submit support unsupport resubmit withdraw accept send_back decline reopen"),
    "register": (register, "add_estate add_grid add_unit add_organisation add_body add_person add_residence"),
    "residences": (residences, "confirm refuse end"),
    "roles": (roles, "grant end"),
    "steering": (steering, "open next undo extend pause close"),
}
PARTS: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "milestones": (Milestone, "project_id", ("position",)),
    "tasks": (Task, "project_id", ("due_on", "id")),
    "evaluation": (Evaluation, "proposal_id", ("id",)),
    "agenda": (AgendaItem, "meeting_id", ("position",)),
}
NAME = re.compile(r"\$\w+(?:\.\w+)*")
DAY = re.compile(r"^\+(\d+)d(?:\s+(\d\d):(\d\d))?$")


def commands() -> dict[str, Callable[..., Any]]:
    """What a scenario can call, by its name, such as "proposals.submit"."""
    return {f"{name}.{word}": getattr(module, word) for name, (module, words) in COMMANDS.items() for word in words.split()}


def play(scenario: Scenario, *, shift: timedelta = timedelta(), until: int | None = None) -> Played:
    """Play `scenario` (all of it, or the steps before line `until`), every moment moved by `shift`. Raises Invalid with the line."""
    check(scenario)
    first = clock.utc(scenario.clock) + shift
    with clock.at(first), working(actors.system(EVERYWHERE)) as work:
        player = Player(scenario, work, first, until, shift)
        for _ in player.moments():
            continue  # one play alone: each act follows at once
        return player.played


def check(scenario: Scenario) -> None:
    """All that can be known before playing: commands, parameters, names. Raises Invalid with the line."""
    known = commands()
    saved: set[str] = set()
    kinds = {kind.__name__ for kind in Refusal.__subclasses__()}
    for step in scenario.steps:
        if isinstance(step, Expectation):
            if step.figure not in figures.FIGURES:
                raise Invalid("line {line}: {what}", line=step.line, what=f"no figure is called {step.figure}")
            if step.of.partition(" ")[0] not in saved | {""}:
                raise Invalid("line {line}: {what}", line=step.line, what=f"nothing is saved as {step.of}")
            continue
        if step.command not in known:
            raise Invalid("line {line}: {what}", line=step.line, what=f"no command is called {step.command}")
        parameters = inspect.signature(known[step.command]).parameters
        takes_any = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values())
        for name in step.given:
            if name not in parameters and not takes_any:
                raise Invalid("line {line}: {what}", line=step.line, what=f"{step.command} takes no {name}")
        for name, parameter in list(parameters.items())[1:]:
            if parameter.default is inspect.Parameter.empty and parameter.kind is not parameter.VAR_KEYWORD and name not in step.given:
                raise Invalid("line {line}: {what}", line=step.line, what=f"{step.command} needs {name}")
        if step.refused and step.refused not in kinds:
            raise Invalid("line {line}: {what}", line=step.line, what=f"no refusal is called {step.refused}")
        for name in _names(step.given):
            if name not in saved and name not in scenario.people and not _in_ground(scenario, name):
                raise Invalid("line {line}: {what}", line=step.line, what=f"nothing is called ${name}")
        if step.save:
            saved.add(step.save)


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _names(part)
    elif isinstance(value, list):
        for part in value:
            yield from _names(part)
    elif isinstance(value, str):
        yield from (name.partition(".")[0] for name in re.findall(r"\$([\w.]+)", value))


def _in_ground(scenario: Scenario, name: str) -> bool:
    return any(name in (scenario.community.get(part) or {}) for part in ("estates", "grids", "units", "organisations", "bodies"))


class Player(Ground):
    """A replay under way: the ground first, then act by act."""

    def moments(self) -> Iterator[datetime]:
        """Play: before each act its moment is handed out, so that several plays can take turns on one clock."""
        self.known = commands()
        self.ground()
        for step in self.scenario.steps:
            if self.until is not None and step.line >= self.until:
                break
            if isinstance(step, Expectation):
                self._compare(step)
            else:
                yield from self._act(step)

    def _actor(self, key: str) -> actors.Actor:
        if key == "system":
            return self.system
        self.work.db.info["community"] = self.played.community_id
        return actors.of_person(self.work.db, self.work.db.get_one(Person, self.played.people[key]))

    def _act(self, step: Act) -> Iterator[datetime]:
        if step.at.startswith("+"):
            self.moment += span(step.at, step.line)
        else:
            self.moment = clock.utc(datetime.fromisoformat(step.at)) + self.shift
        command = self.known[step.command]
        hints = typing.get_type_hints(command)
        for number, key in enumerate(step.who):
            if number:
                self.moment += timedelta(seconds=10)
            yield self.moment
            with self._at(step.line):
                given = {name: self._value(value, hints.get(name)) for name, value in step.given.items()}
                actor = self._actor(key)
                try:
                    with acting(self.work, actor, self.moment):
                        made = command(self.work, **given)
                except Refusal as refusal:
                    if type(refusal).__name__ != step.refused:
                        raise
                    self.played.refused += 1
                else:
                    if step.refused:
                        raise Invalid("line {line}: {what}", line=step.line, what=f"{step.command} was not refused")
                    if step.save:
                        self.played.saved[step.save] = made
            self.played.steps += 1

    def _value(self, value: Any, hint: Any) -> Any:
        if isinstance(value, list):
            return [self._value(each, _inner(hint)) for each in value]
        if isinstance(value, Mapping):
            return {key: self._value(each, DATES.get(key)) for key, each in value.items()}
        if not isinstance(value, str):
            return value
        if re.fullmatch(NAME, value):
            return self._named(value[1:])
        value = re.sub(NAME, lambda found: str(self._named(found[0][1:])), value)
        return self._typed(value, hint)

    def _named(self, name: str) -> str:
        """The id behind `$name`, or behind a part of it: `$project.milestones.2`, `$proposal.evaluation`."""
        head, _, part = name.partition(".")
        row = self.played.saved[head]
        if not part:
            return str(row.id)  # type: ignore[attr-defined]
        word, _, number = part.partition(".")
        if word not in PARTS:
            raise Invalid("Nothing has a part called {part}.", part=word)
        kind, owner, order = PARTS[word]
        self.work.db.info["community"] = self.played.community_id
        query = select(kind.id).where(getattr(kind, owner) == row.id)  # type: ignore[attr-defined]
        found = self.work.db.exec(query.order_by(*(getattr(kind, each) for each in order))).all()
        at = int(number or 1)
        if not 1 <= at <= len(found):
            raise Invalid("There is no {part} number {at}.", part=word, at=at)
        return str(found[at - 1])

    def _typed(self, value: str, hint: Any) -> Any:
        kinds = set(typing.get_args(hint)) | {hint}
        here = self.moment.astimezone(self.zone)
        later = DAY.match(value)
        if datetime in kinds:
            if later:
                day = here.date() + timedelta(days=int(later[1]))
                return clock.utc(datetime.combine(day, time(int(later[2] or here.hour), int(later[3] or here.minute)), self.zone))
            return clock.utc(datetime.fromisoformat(value)) + self.shift
        if date in kinds:
            return here.date() + timedelta(days=int(later[1])) if later else date.fromisoformat(value) + timedelta(days=self.shift.days)
        if Decimal in kinds:
            try:
                return Decimal(value)
            except InvalidOperation:
                raise Invalid("A number is expected.") from None
        return value

    def _compare(self, step: Expectation) -> None:
        name, _, rest = step.of.partition(" ")
        self.work.db.info["community"] = self.played.community_id
        with self._at(step.line), clock.at(self.moment):
            got = figures.FIGURES[step.figure](self.work.db, self.played.saved.get(name), rest)
        label = f"{step.figure} of {step.of}" if step.of else step.figure
        self.played.figures[label] = got
        self.played.expect.append({"figure": label, "want": step.want, "got": got, "met": got == step.want})


DATES: dict[str, Any] = {"starts_on": date, "due_on": date, "next_on": date, "starts_at": datetime}


def _inner(hint: Any) -> Any:
    arguments = typing.get_args(hint)
    return arguments[0] if arguments else None
