"""Makes the demo: founds its communities and plays their past, matter by matter, in the order of the days."""

from __future__ import annotations

import gc
import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlmodel import select

from models.community import Community
from services import actors, clock, communities, installation, replay
from services.db import EVERYWHERE
from services.demo import ground
from services.demo.after import Matter
from services.demo.concerns import Alone
from services.demo.town import Town
from services.errors import Conflict
from services.exchange import scenario
from services.settings import HOME
from services.work import Work, chance, working

FOLDER = HOME / "scenarios" / "demo"
SEED = 70
ZONE = ZoneInfo("Asia/Shanghai")
FOUNDED, ENDS = -150, -21
"""Days from today: when the communities were founded, and by when the real case had come to its end."""
Step = Callable[[int, int], None]


@dataclass
class Made:
    """What the demo holds: communities by key with their ids, and how many acts were played."""

    communities: dict[str, str] = field(default_factory=dict)
    acts: int = 0


def make(step: Step | None = None) -> Made:
    """Fill an empty database and mark it as a demo; `step(done, total)` is told how far it is, in days of the demo's past.

    The same for the same half hour: ids and texts come from one seed, days from today. Raises Conflict where there are other data.
    """
    now = clock.now()
    hot = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)
    written: list[Path] = []
    try:
        with _without_gc(), chance(SEED), clock.at(hot), working(actors.system(EVERYWHERE)) as work:
            installation.row(work.db, lock=True)
            if work.db.exec(select(Community.id)).first() is not None:
                raise Conflict("There are data here already. A demo needs an empty data folder of its own.")
            made = _play(work, hot, step or (lambda done, total: None), written)
            installation.mark_demo(work)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    installation.refresh()
    return made


@contextmanager
def _without_gc() -> Iterator[None]:
    """No looking for garbage while tens of thousands of rows are made: there is none, and looking takes a tenth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _play(work: Work, hot: datetime, step: Step, written: list[Path]) -> Made:
    given = _read("ground.yaml")
    today = clock.day_of(hot, ZONE.key)
    phones = itertools.count(50_000_001)
    made = Made()
    towns: list[Town] = []
    plays: list[tuple[str, Iterator[datetime]]] = []
    for key, each in given["communities"].items():
        town, begun = _town(key, each, work, today, hot)
        towns.append(town)
        names = ground.Names(Random(f"{SEED} {key}"), given["names"][each.get("language", "zh-CN")], phones)
        founded = town.moment(FOUNDED, 8, 30)
        if begun is not None:
            begun.moment = founded
            begun.ground()
            town.community_id = begun.played.community_id
            places = {name: row.id for name, row in begun.played.saved.items() if name not in begun.played.people}  # type: ignore[attr-defined]
            ground.of_scenario(town, begun.played.people, places)
            ground.open_doors(town, founded + timedelta(minutes=10))
            begun.moment = clock.utc(begun.scenario.clock) + begun.shift
            plays.append((f"{key}: the scenario", begun.moments()))
        ground.lay(town, each, names, founded + timedelta(minutes=15), founded=begun is not None)
        plays.append((f"{key}: claims", ground.claims(town, names)))
        told = _read(f"{key}.yaml")
        plays += [(f"{key}: {matter['key']}", Matter(town, matter, told["desk"], written).turns()) for matter in told["matters"]]
        plays += [
            (f"{key}: concern {number}", Alone(town, alone, number, told["desk"], written).turns())
            for number, alone in enumerate(told["concerns"], 1)
        ]
        made.communities[key] = town.community_id
    made.acts = take_turns(plays, hot, lambda moment: step(_days(hot, moment), -FOUNDED))
    for town in towns:
        if now := dict(given["communities"][town.key].get("figures_now", {})):
            town.act(hot, now.pop("by"), communities.change, figures=now)
    return made


def _town(key: str, given: Mapping[str, Any], work: Work, today: Any, hot: datetime) -> tuple[Town, replay.Player | None]:
    """The town, still empty, and the play of its scenario, moved by whole weeks so that its meetings keep their weekdays."""
    town = Town(key, work, actors.system(work.new_id()).community_id or "", ZONE, today, hot)
    if "scenario" not in given:
        return town, None
    read = scenario.load(FOLDER.parent / given["scenario"])
    replay.check(read)
    last = max(datetime.fromisoformat(each.at) for each in read.steps if isinstance(each, scenario.Act) and not each.at.startswith("+"))
    weeks = (town.moment(ENDS, 12) - clock.utc(last)).days // 7
    return town, replay.Player(read, work, town.moment(FOUNDED), shift=timedelta(weeks=weeks))


def _days(hot: datetime, moment: datetime) -> int:
    return -FOUNDED - (hot - moment).days


def take_turns(plays: Iterable[tuple[str, Iterator[datetime]]], end: datetime, told: Callable[[datetime], None]) -> int:
    """Let plays take turns by the moments they hand out, so that time never runs back; returns how many acts there were.

    Raises RuntimeError for a play that goes on after `end`: its data are wrong.
    """
    waiting: list[tuple[datetime, int, str, Iterator[datetime]]] = []
    for number, (name, play) in enumerate(plays):
        if (first := next(play, None)) is not None:
            heapq.heappush(waiting, (first, number, name, play))
    acts = 0
    while waiting:
        moment, number, name, play = heapq.heappop(waiting)
        if moment > end:
            raise RuntimeError(f"{name}: goes on after the end of the demo, at {moment:%Y-%m-%d %H:%M}")
        told(moment)
        try:
            following = next(play, None)
        except Exception as fault:
            fault.add_note(f"in the demo, {name}, at {moment:%Y-%m-%d %H:%M}")
            raise
        acts += 1
        if following is not None:
            if following < moment:
                raise RuntimeError(f"{name}: goes back from {moment:%Y-%m-%d %H:%M} to {following:%Y-%m-%d %H:%M}")
            heapq.heappush(waiting, (following, number, name, play))
    return acts


def _read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / name).read_text(encoding="utf-8")))
