"""One matter of the demo, from the first word to the room, as far as its data say; services/demo/after.py goes on from the vote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from models.community import Community
from models.meeting import Meeting, Option
from models.proposal import Proposal
from models.vocabulary import Stage
from services import attendance, concerns, deliberation, files, meetings, minutes, proposals, steering
from services.demo import drawings
from services.demo.town import Home, Town, Turns
from services.reads.stored_files import place
from services.rules.community_figures import figure

Given = Mapping[str, Any]
READY = "ready"
"""Said of a meeting's time: it begins within the half hour, and those it needs have signed in."""


class Course:
    """What every part of a matter shares: its town, its data, its clock, its chance."""

    def __init__(self, town: Town, given: Given, desk: Given, written: list[Path]) -> None:
        self.town, self.given, self.written = town, given, written
        self.desk = {**desk, **(given.get("desk") or {})}
        self.chance = Random(f"{town.key} {given['key']}")
        self.now = town.moment(given["begins"], self.chance.randint(8, 19), self.chance.randint(0, 59))
        self.estate: str = given["estate"]
        wanted = given.get("author")
        self.author: str = wanted or town.some(given.get("scope", self.estate), self.chance, self.spared)[0].adults[0]
        self.concern_id: str | None = None
        self.proposal: Proposal
        self.meeting: Meeting
        self.options: dict[str, Option] = {}

    @property
    def spared(self) -> tuple[str, ...]:
        """Whose homes take no part by chance: those of the people a visitor may enter as, who still have their say."""
        return tuple(self.given.get("spare") or ())

    @property
    def scope(self) -> str:
        return str(self.given.get("scope", self.estate))

    def on(self, days: int = 0, hour: int | None = None, minute: int | None = None) -> datetime:
        """Go on `days` later, at that hour on the wall or at one by chance; never back."""
        day = (self.now.astimezone(self.town.zone).date() - self.town.today).days + days
        then = self.town.moment(
            day, self.chance.randint(9, 17) if hour is None else hour, self.chance.randint(0, 59) if minute is None else minute
        )
        self.now = max(then, self.now + timedelta(minutes=1))
        return self.now

    def soon(self, least: int = 2, most: int = 9) -> datetime:
        """Go on some minutes later."""
        self.now += timedelta(minutes=self.chance.randint(least, most), seconds=self.chance.randint(0, 59))
        return self.now

    def does(self, who: str, command: Callable[..., Any], **given: Any) -> Turns[Any]:
        """One act now."""
        return (yield from self.town.turn(self.now, who, command, **given))

    def draw(self, who: str, about: str, picture: str, name: str) -> Turns[None]:
        """Attach a drawing."""
        kept = yield from self.does(who, files.add, about=about, name=f"{name}.png", content=drawings.drawn(picture, self.chance))
        self.written.append(place(kept))

    def homes(self, but: tuple[str, ...] = ()) -> list[Home]:
        return self.town.some(self.scope, self.chance, (*self.spared, *but))


class Before(Course):
    """Concern, proposal, supporters, review, meeting."""

    def concern(self) -> Iterator[datetime]:
        given = self.given.get("concern")
        if not given:
            return
        where = {"place": given.get("place", self.given["place"]), "estate_id": self.town.id(self.estate)}
        kind = given.get("category", self.given["category"])
        if picture := given.get("photo"):
            yield from self.draw(self.author, "draft:concern", picture, given.get("photo_name", "现场"))
        filed = yield from self.does(self.author, concerns.file, category=kind, text=given["text"], **where)
        self.concern_id = filed.id
        for home in self.homes((self.author,))[: given.get("supporters", 0)]:
            self.soon(3, 25)
            yield from self.does(home.adults[0], concerns.support, concern_id=filed.id)
        self.now = max(filed.filed_at + timedelta(minutes=given.get("minutes", 150)), self.now + timedelta(minutes=4))
        yield from self.does(given.get("by", self.desk["grid"]), concerns.answer, concern_id=filed.id, text=given["answer"])

    def file(self) -> Iterator[datetime]:
        given = self.given
        if given.get("concern"):
            self.on(given.get("thinks", 3), self.chance.randint(18, 20))
        words = {name: given[name] for name in ("title", "problem", "plan", "place", "category")}
        self.proposal = yield from self.does(
            self.author, proposals.submit, **words, estate_id=self.town.id(self.estate), cost_fen=_fen(given.get("cost")),
            beneficiaries=given.get("who", ""), carried_out_by=given.get("by", ""), concern_id=self.concern_id,
        )  # fmt: skip
        if picture := given.get("sketch"):
            self.soon(1, 2)
            yield from self.draw(self.author, f"proposal:{self.proposal.id}", picture, given.get("sketch_name", "草图"))

    def support(self) -> Iterator[datetime]:
        needed = figure(self.town.work.db.get_one(Community, self.town.community_id).figures, "supporters_needed")
        count = self.given.get("supporters", needed + self.chance.randint(0, 3))
        for at, home in enumerate(self.homes((self.author,))[:count]):
            if self.proposal.stage is not Stage.FILED and at >= needed + 4:
                return
            self.soon(4, 40)
            if at == needed // 2:
                self.on(1, self.chance.randint(17, 19))
            yield from self.does(home.adults[0], proposals.support, proposal_id=self.proposal.id)

    def review(self) -> Iterator[datetime]:
        said = self.given.get("review") or {}
        if reason := said.get("withdrawn"):
            self.on(said.get("days", 1))
            yield from self.does(self.author, proposals.withdraw, proposal_id=self.proposal.id, reason=reason)
            return
        self.on(said.get("days", 1))
        who = self.desk["committee"]
        if reason := said.get("returned"):
            yield from self.does(who, proposals.send_back, proposal_id=self.proposal.id, reason=reason)
            if not (again := said.get("again")):
                return
            self.on(1, 20)
            changes = {**again, **({"cost_fen": _fen(again["cost"])} if "cost" in again else {})}
            changes.pop("cost", None)
            yield from self.does(self.author, proposals.resubmit, proposal_id=self.proposal.id, **changes)
            self.on(1)
        if reason := said.get("declined"):
            yield from self.does(who, proposals.decline, proposal_id=self.proposal.id, reason=reason)
            return
        yield from self.does(who, proposals.accept, proposal_id=self.proposal.id, reason=said.get("accepted", ""))

    # ---- the meeting

    def convene(self) -> Iterator[datetime]:
        given, who = self.given["meeting"], self.desk["committee"]
        self.on(1, 10)
        if off := given.get("called_off"):
            yield from self._call(given, self._starts(given | {"days": off["days"]}), given["place"])
            self.on(off["after"], 15)
            yield from self.does(who, meetings.cancel, meeting_id=self.meeting.id, reason=off["reason"])
            self.on(1, 10)
        yield from self._call(given, self._starts(given), given.get("first_place", given["place"]))
        if "first_place" in given:
            self.soon(180, 300)
            yield from self.does(who, meetings.change, meeting_id=self.meeting.id, place=given["place"])

    def _call(self, given: Given, starts: datetime, place_: str) -> Iterator[datetime]:
        who = self.desk["committee"]
        self.meeting = yield from self.does(
            who, meetings.convene, proposal_ids=[self.proposal.id], title=given.get("title", self.proposal.title), place=place_,
            starts_at=starts, chair_id=self.town.id(self.desk["chair"]), invitation=given.get("invitation", ""),
            parties=[{"party": each["party"], "label": each["label"], "need": each.get("need", 1)} for each in given["parties"]],
            agenda=[{"kind": kind, "title": title, "minutes": length} for kind, title, length in given["agenda"]],
        )  # fmt: skip
        self.seats: list[str] = []
        for party in given["parties"]:
            people = [self.town.id(key) for key in party.get("people") or ()]
            if not people:
                mine = self.town.ids.get(self.author, self.author)
                people = [mine, *(home.adults[0] for home in self.homes((self.author,))[: party.get("need", 1) + 1])]
            for person_id in people:
                self.soon(1, 2)
                yield from self.does(who, meetings.invite, meeting_id=self.meeting.id, person_id=person_id, label=party["label"])
            self.seats += people

    def _starts(self, given: Given) -> datetime:
        if given.get("starts") == READY:
            return self.town.hot + timedelta(minutes=30)
        hour, minute = (int(part) for part in given.get("at", "19:00").split(":"))
        if "starts" in given:
            return self.town.moment(given["starts"], hour, minute)
        day = (self.now.astimezone(self.town.zone).date() - self.town.today).days + given.get("days", 6)
        return self.town.moment(day, hour, minute)

    def gather(self) -> Iterator[datetime]:
        """They come: for a meeting that is about to begin, just now."""
        first = self.meeting.starts_at - timedelta(minutes=20)
        self.now = max(self.now, first if first <= self.town.hot else self.town.hot - timedelta(minutes=12))
        step = timedelta(minutes=10) / max(1, len(self.seats))
        for person_id in self.seats:
            self.now += step
            yield from self.does(person_id, attendance.attend, meeting_id=self.meeting.id)

    def hold(self) -> Iterator[datetime]:
        given = self.given["meeting"]
        yield from self.gather()
        chair, meeting_id = self.desk["chair"], self.meeting.id
        self.now = max(self.now, self.meeting.starts_at)
        yield from self.does(chair, steering.open, meeting_id=meeting_id)
        talked = False
        for at, (kind, _, length) in enumerate(given["agenda"], 1):
            if kind == "discussion" and not talked:
                talked = True
                yield from self._talk(given)
            self.soon(length // 2, length)
            yield from self.does(chair, steering.next, meeting_id=meeting_id, seen=at)
        self.soon()
        yield from self.does(chair, steering.close, meeting_id=meeting_id)
        if said := given.get("minutes"):
            self.soon(90, 200)
            yield from self.does(chair, minutes.write, meeting_id=meeting_id, text=said)
            self.soon(10, 40)
            yield from self.does(chair, minutes.confirm, meeting_id=meeting_id)

    def _talk(self, given: Given) -> Iterator[datetime]:
        chair = self.desk["chair"]
        for each in given.get("options") or ():
            self.soon(1, 3)
            option = yield from self.does(
                chair, deliberation.add_option, proposal_id=self.proposal.id, meeting_id=self.meeting.id, title=each["title"],
                description=each.get("description", ""), cost_fen=_fen(each.get("cost")), days=each.get("days"),
            )  # fmt: skip
            self.options[each["title"]] = option
            for side in ("pro", "con"):
                for text in each.get(side) or ():
                    self.soon(1, 2)
                    who = self.chance.choice(self.seats)
                    yield from self.does(who, deliberation.add_argument, option_id=option.id, side=side, text=text)
        local = self.meeting.starts_at.astimezone(self.town.zone).date()
        for deed in given.get("deeds") or ():
            self.soon(1, 2)
            yield from self.does(
                chair, deliberation.commit, meeting_id=self.meeting.id, proposal_id=self.proposal.id, party=deed["party"],
                label=deed["label"], deed=deed["deed"], due_on=local + timedelta(days=deed["days"]),
                person_id=self.town.id(deed["person"]) if "person" in deed else None,
            )  # fmt: skip


def _fen(yuan: int | float | None) -> int | None:
    """Whole yuan, as the data give them, in fen."""
    return None if yuan is None else int(yuan) * 100
