"""The ground of a replay: the community with its homes, people, organisations and bodies, as a scenario describes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models.base import Stored
from services import actors, communities, register, roles
from services.errors import Invalid, Refusal
from services.exchange.scenario import Lined, Scenario
from services.work import Work, acting

# What a value of the wrong kind comes to in a command that was promised the right one: the file is at fault, and its line is named.
MISFITS = (TypeError, ValueError, AttributeError, ArithmeticError, LookupError)


@dataclass
class Played:
    """What a replay did: steps taken, refusals that were expected, figures asked for, expectations met or not."""

    community_id: str
    steps: int = 0
    refused: int = 0
    figures: dict[str, Any] = field(default_factory=dict)
    expect: list[dict[str, Any]] = field(default_factory=list)
    saved: dict[str, Stored] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        return all(each["met"] for each in self.expect)


@dataclass
class Ground:
    """A replay under way: `moment` is where it stands, `shift` moves every moment and day that the scenario names."""

    scenario: Scenario
    work: Work
    moment: datetime
    until: int | None = None
    shift: timedelta = timedelta()
    played: Played = field(default_factory=lambda: Played(""))

    @contextmanager
    def _at(self, line: int) -> Iterator[None]:
        try:
            yield
        except Refusal as refusal:
            if refusal.message.startswith("line {line}"):
                raise
            what = f"{type(refusal).__name__}: {refusal}" + (f" ({refusal.field})" if refusal.field else "")
            raise Invalid("line {line}: {what}", line=line, what=what) from refusal
        except KeyError as missing:
            raise Invalid("line {line}: {what}", line=line, what=f"expected {missing}, which is not there") from missing
        except MISFITS as misfit:
            raise Invalid("line {line}: {what}", line=line, what=f"does not fit: {misfit}") from misfit

    def ground(self) -> None:
        """The community, its estates, units, organisations, bodies and people, as of `moment`; made once."""
        if not self.played.community_id:
            with self._at(self.scenario.community.line):
                self._ground()

    def _ground(self) -> None:
        given = self.scenario.community
        founder = actors.system(self.work.new_id())
        self.played.community_id = str(founder.community_id)
        self.system = founder
        with acting(self.work, founder, self.moment):
            community = communities.found(
                self.work,
                slug=str(given["slug"]),
                name=str(given["name"]),
                time_zone=str(given.get("time_zone", "Asia/Shanghai")),
                language=str(given.get("language", "zh-CN")),
                federation=str(given.get("federation", "")),
                office_phone=str(given.get("office_phone", "")),
            )
            if figures_given := given.get("figures"):
                communities.change(self.work, figures=dict(figures_given))
            self.zone = ZoneInfo(community.time_zone)
            self._each(given.get("estates"), self._named_row(register.add_estate))
            self._each(given.get("organisations"), self._named_row(register.add_organisation))
            self._each(given.get("bodies"), self._named_row(register.add_body))
            self._each(given.get("units"), self._unit)
            self._each(self.scenario.people, self._person)
            self._each(given.get("grids"), self._grid)

    def _each(self, given: Mapping[str, Any] | None, enter: Callable[[str, Any], None]) -> None:
        """Every entry of a part of the ground; what is wrong with one is told with its own line."""
        for key, each in (given or {}).items():
            with self._at(getattr(each, "line", self.scenario.community.line)):
                enter(key, each)

    def _named_row(self, add: Callable[..., Stored]) -> Callable[[str, Lined], None]:
        def enter(key: str, each: Lined) -> None:
            self.played.saved[key] = add(self.work, **each)

        return enter

    def _unit(self, key: str, each: Lined) -> None:
        rest = {word: value for word, value in each.items() if word not in ("estate", "area")}
        estate_id = self.played.saved[each["estate"]].id  # type: ignore[attr-defined]
        self.played.saved[key] = register.add_unit(self.work, estate_id=estate_id, area=str(each["area"]), **rest)

    def _grid(self, key: str, each: Lined) -> None:
        worker = self.played.people[each["worker"]] if each.get("worker") else None
        estate_id = self.played.saved[each["estate"]].id  # type: ignore[attr-defined]
        self.played.saved[key] = register.add_grid(self.work, estate_id=estate_id, name=each["name"], worker_id=worker)

    def _person(self, key: str, each: Lined) -> None:
        names = self.played.saved
        organisation = names[each["organisation"]].id if each.get("organisation") else None  # type: ignore[attr-defined]
        person = register.add_person(
            self.work,
            name=str(each["name"]),
            phone=str(each.get("phone", "")),
            adult=bool(each.get("adult", True)),
            organisation_id=organisation,
        )
        self.played.people[key] = person.id
        names[key] = person
        for unit in each.get("units") or ():
            register.add_residence(
                self.work,
                person_id=person.id,
                unit_id=names[unit].id,  # type: ignore[attr-defined]
                tie=str(each.get("tie", "owner")),
                confirmed=True,
            )
        for role in each.get("roles") or ():
            roles.grant(self.work, person_id=person.id, role=str(role))
