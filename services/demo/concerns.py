"""Concerns of the demo that stand alone: just filed, late, answered, passed on, closed, told by a visitor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from services import actors, concerns, files
from services.actors import Actor
from services.demo import drawings
from services.demo.matter import Given
from services.demo.town import Town
from services.reads.stored_files import place


class Alone:
    """One concern. `ago`: hours before the demo is made; or `day` and `at`, as in a calendar."""

    def __init__(self, town: Town, given: Given, number: int, desk: Given, written: list[Path]) -> None:
        self.town, self.given, self.desk, self.written = town, given, desk, written
        self.chance = Random(f"{town.key} concern {number}")

    def turns(self) -> Iterator[datetime]:
        given, town = self.given, self.town
        now = self._filed()
        homes = town.some(given["estate"], self.chance, given.get("spare") or ())
        visitor = given.get("visitor")
        who: str | Actor = actors.visitor(town.community_id, "visitor:demo") if visitor else given.get("author") or homes[0].adults[0]
        told: dict[str, Any] = {"visitor_name": visitor["name"], "visitor_phone": visitor.get("phone", "")} if visitor else {}
        words = {"category": given["category"], "text": given["text"], "place": given.get("place", "")}
        if picture := given.get("photo"):  # with the draft, as a person adds it: the log counts it with the concern
            drawn = drawings.drawn(picture, self.chance)
            kept = yield from town.turn(now, who, files.add, about="draft:concern", name="现场.png", content=drawn)
            self.written.append(place(kept))
        filed = yield from town.turn(now, who, concerns.file, **words, estate_id=town.id(given["estate"]), **told)
        for home in homes[1 : 1 + given.get("supporters", 0)]:
            now += timedelta(minutes=self.chance.randint(2, 6))
            yield from town.turn(now, home.adults[0], concerns.support, concern_id=filed.id)
        if passed := given.get("passed"):
            now = max(now + timedelta(minutes=3), filed.filed_at + timedelta(minutes=passed["minutes"]))
            to = {"holder_id": town.id(passed["to"]), "note": passed["note"]}
            yield from town.turn(now, self.desk["grid"], concerns.pass_on, concern_id=filed.id, **to)
        if said := given.get("answer"):
            now = max(now + timedelta(minutes=3), filed.filed_at + timedelta(minutes=said["minutes"]))
            by = said.get("by", passed["to"] if passed else self.desk["grid"])
            yield from town.turn(now, by, concerns.answer, concern_id=filed.id, text=said["text"])
            if "closed" in said:
                now += timedelta(days=said.get("days", 1))
                yield from town.turn(now, by, concerns.close, concern_id=filed.id, text=said["closed"])

    def _filed(self) -> datetime:
        if "ago" in self.given:
            return self.town.hot - timedelta(hours=self.given["ago"], minutes=self.chance.randint(0, 25))
        hour, minute = (int(part) for part in self.given["at"].split(":"))
        return self.town.moment(self.given["day"], hour, minute)
