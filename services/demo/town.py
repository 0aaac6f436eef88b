"""One community of the demo while it is made: its people and places by key, its homes, its calendar, and acts in somebody's name."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from models.people import Person
from services import actors, clock
from services.actors import Actor
from services.work import Work, playing

P = ParamSpec("P")
Result = TypeVar("Result")
Turns = Generator[datetime, None, Result]
"""A play that hands out the moment of its next act before it does it, so that a scheduler can let several take turns."""


@dataclass(frozen=True)
class Home:
    """A home of the register: `building` and `label` as on its door, `owners` and `adults` as ids of people."""

    unit_id: str
    estate: str
    building: str
    label: str
    owners: tuple[str, ...]
    adults: tuple[str, ...]


@dataclass
class Town:
    """`ids`: estates, people, organisations and bodies by key. `today` is the first day that nothing has happened on yet."""

    key: str
    work: Work
    community_id: str
    zone: ZoneInfo
    today: date
    hot: datetime
    """The latest moment of all: shortly before the demo is made."""
    ids: dict[str, str] = field(default_factory=dict)
    homes: list[Home] = field(default_factory=list)
    plain: dict[str, Actor] = field(default_factory=dict)
    """Residents without a role, known from when they were entered, so that nobody has to look them up."""
    _actors: dict[str, Actor] = field(default_factory=dict)

    def id(self, key: str) -> str:
        """The id behind a key; KeyError names one that does not exist."""
        return self.ids[key]

    def moment(self, day: int, hour: int = 9, minute: int = 0) -> datetime:
        """That hour on the wall, `day` days from today (below zero: ago), in UTC."""
        return clock.utc(datetime.combine(self.day(day), time(hour, minute), self.zone))

    def day(self, number: int) -> date:
        return self.today + timedelta(days=number)

    def actor(self, who: str) -> Actor:
        """The actor for a key, for the id of a person, or for the workspace itself ("system"). Roles and homes do not change here."""
        if who == "system":
            return actors.system(self.community_id)
        person_id = self.ids.get(who, who)
        if person_id in self.plain:
            return self.plain[person_id]
        if person_id not in self._actors:
            self.work.db.info["community"] = self.community_id
            self._actors[person_id] = actors.of_person(self.work.db, self.work.db.get_one(Person, person_id))
        return self._actors[person_id]

    def act(
        self, moment: datetime, who: str | Actor, command: Callable[Concatenate[Work, P], Result], *args: P.args, **given: P.kwargs
    ) -> Result:
        """One act of `who` at `moment`, sealed at once."""
        with playing(self.work, who if isinstance(who, Actor) else self.actor(who), moment):
            return command(self.work, *args, **given)

    def turn(
        self, moment: datetime, who: str | Actor, command: Callable[Concatenate[Work, P], Result], *args: P.args, **given: P.kwargs
    ) -> Turns[Result]:
        """The same, when its turn has come."""
        yield moment
        return self.act(moment, who, command, *args, **given)

    def at_home(self, scope: str) -> list[Home]:
        """The homes of "estate" or "estate:building"."""
        estate, _, building = scope.partition(":")
        return [home for home in self.homes if home.estate == estate and building in ("", home.building)]

    def scope(self, scope: str) -> str:
        """The same as a poll writes it."""
        estate, _, building = scope.partition(":")
        return f"building:{self.ids[estate]}:{building}" if building else f"estate:{self.ids[estate]}"

    def some(self, scope: str, chance: Random, but: Iterable[str] = ()) -> list[Home]:
        """Homes of `scope` with somebody to speak for them, in an order by chance, without those of the people in `but`."""
        left_out = {self.ids.get(each, each) for each in but}
        found = [home for home in self.at_home(scope) if home.adults and left_out.isdisjoint(home.adults)]
        chance.shuffle(found)
        return found
