"""One matter of the demo after the room: vote, notice, works, acceptance, evaluation, upkeep, the next round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import select

from models.base import Stored
from models.evaluation import Evaluation
from models.meeting import AgendaItem
from models.notice import Notice
from models.poll import Poll
from models.project import Milestone, Project, Task
from models.vocabulary import VotesBy
from services import ballots, evaluations, notices, polls, projects, proposals
from services.demo.matter import Before, Given, _fen
from services.demo.town import Home

QUIET = 21
"""At this hour people stop voting for the day."""


class After(Before):
    """From the ballot on. Each method is one phase; `Matter` says in which order."""

    poll: Poll
    notice: Notice
    project: Project

    def found(self, kind: type[Stored], owner: str, row_id: str, *order: str) -> list[Any]:
        """Rows that a command made beside the one it returned, in order."""
        self.town.work.db.info["community"] = self.town.community_id
        query = select(kind).where(getattr(kind, owner) == row_id)
        return list(self.town.work.db.exec(query.order_by(*(getattr(kind, each) for each in (*order, "id")))).all())

    # ---- the vote

    def prepare(self) -> Iterator[datetime]:
        given = self.given["poll"]
        self.on(given.get("waits", 1), 9)
        yield from self._prepare(given)
        if off := given.get("called_off"):
            yield from self._open(given | {"votes": off["votes"]}, self.now + timedelta(days=1))
            self.soon(30, 90)
            yield from self.does(self.desk["committee"], polls.cancel, poll_id=self.poll.id, reason=off["reason"])
            self.on(1, 9)
            yield from self._prepare(given)

    def _prepare(self, given: Given) -> Iterator[datetime]:
        in_room = next((item for item in self.found(AgendaItem, "meeting_id", self.meeting.id) if item.kind == "vote"), None)
        options = [
            {"title": each["title"], "consequence": each.get("says", ""), "option": getattr(self.options.get(each["title"]), "id", None)}
            for each in given.get("options") or ()
        ] or [{"code": code, "consequence": said} for code, said in (given.get("says") or {}).items()]
        self.poll = yield from self.does(
            self.desk["committee"], polls.prepare, proposal_id=self.proposal.id, question=given["question"],
            method="choose_one" if given.get("options") else "yes_no", rule=given.get("rule", "residents_households"),
            scope=self.town.scope(self.scope), options=options,
            meeting_id=self.meeting.id if in_room else None, agenda_item_id=in_room.id if in_room else None,
            explanation=given.get("explanation", ""),
        )  # fmt: skip

    def vote(self) -> Iterator[datetime]:
        yield from self._open(self.given["poll"], self.town.moment(0, 0))

    def _open(self, given: Given, until: datetime) -> Iterator[datetime]:
        """Open it, and let them vote, at the latest a little before `until`."""
        self.soon(30, 80)
        day = (self.now.astimezone(self.town.zone).date() - self.town.today).days
        ends = self.town.moment(given.get("closes", day + given.get("days", 4)), *given.get("at", (20, 0)))
        yield from self.does(self.desk["chair"], polls.open, poll_id=self.poll.id, closes_at=ends)
        last = min(ends, until) - timedelta(minutes=50)
        for moment, home, choice in self._ballots(given, self.now, last):
            self.now = max(moment, self.now + timedelta(seconds=5))
            who = home.owners[0] if self.poll.votes_by is VotesBy.OWNER else home.adults[0]
            yield from self.does(who, ballots.cast, poll_id=self.poll.id, choice=choice, unit_id=home.unit_id)
        self.ends = ends

    def _ballots(self, given: Given, first: datetime, last: datetime) -> list[tuple[datetime, Home, str]]:
        choices = [choice for choice, count in given["votes"].items() for _ in range(count)]
        self.chance.shuffle(choices)
        homes = self.homes()
        if len(choices) > len(homes):
            raise ValueError(f"{self.given['key']}: {len(choices)} ballots, {len(homes)} homes")
        span = (last - first).total_seconds()
        moments = sorted(self._awake(first + timedelta(seconds=self.chance.random() * span)) for _ in choices)
        return list(zip(moments, homes, choices, strict=False))

    def _awake(self, moment: datetime) -> datetime:
        """Nobody votes at night."""
        local = moment.astimezone(self.town.zone)
        return moment if 7 <= local.hour < QUIET else moment - timedelta(hours=(local.hour - QUIET + 1) % 24)

    def close(self) -> Iterator[datetime]:
        self.now = max(self.now, self.ends + timedelta(seconds=20))
        yield from self.town.turn(self.now, "system", polls.close_due)

    def reveal(self) -> Iterator[datetime]:
        self.soon(8, 30)
        yield from self.does(self.desk["chair"], polls.reveal, poll_id=self.poll.id)

    # ---- the notice

    def publish(self) -> Iterator[datetime]:
        given = self.given["notice"]
        self.on(1, 9)
        self.notice = yield from self.does(
            self.desk["committee"], notices.publish, proposal_id=self.proposal.id, text=given["text"], days=given.get("days")
        )
        homes = self.homes((self.author,))
        for place, each in enumerate(given.get("objections") or ()):
            self.on(each.get("after", 1), 19)
            objection = yield from self.does(homes[place].adults[0], notices.lodge, notice_id=self.notice.id, text=each["text"])
            if "ruling" in each:
                self.on(1)
                words = {"ruling": each["ruling"], "reply": each["reply"]}
                yield from self.does(self.desk["committee"], notices.rule, objection_id=objection.id, **words)

    def lapse(self) -> Iterator[datetime]:
        """The days of the notice go by."""
        self.now = max(self.now, self.notice.ends_at)
        yield from self.town.turn(self.now, "system", notices.end, notice_id=self.notice.id)

    # ---- the works

    def start(self) -> Iterator[datetime]:
        given = self.given["project"]
        self.on(given.get("waits", 1), 10)
        first = self.now.astimezone(self.town.zone).date() + timedelta(days=1)
        self.first = first
        self.project = yield from self.does(
            self.desk["committee"], projects.start, proposal_id=self.proposal.id, title=given["title"],
            executor_id=self.town.id(given["executor"]), supervisor_ids=[self.town.id(key) for key in given["supervisors"]],
            budget_fen=_fen(given["budget"]), starts_on=first, due_on=first + timedelta(days=given["days"]),
            milestones=[
                {"title": each["title"], "starts_on": first + timedelta(days=each["from"]), "due_on": first + timedelta(days=each["to"])}
                for each in given["milestones"]
            ],
        )  # fmt: skip

    def build(self) -> Iterator[datetime]:
        given = self.given["project"]
        acts: list[tuple[int, int, Callable[[], Iterator[datetime]]]] = []
        for each in given.get("reports") or ():
            acts.append((each["day"], 1, partial(self._report, each)))
        for place, row in enumerate(self.found(Milestone, "project_id", self.project.id, "position")):
            done = given["milestones"][place].get("done")
            if done is not None:
                acts.append((done, 2, partial(self._ticked, projects.milestone_done, milestone_id=row.id)))
        left = given.get("left", 0)
        tasks = self.found(Task, "project_id", self.project.id, "due_on")
        for row in tasks[: len(tasks) - left]:
            day = max(1, min((row.due_on - self.first).days - self.chance.randint(0, 2), given.get("finished", given["days"])))
            acts.append((given.get("tasks_by", day), 3, partial(self._ticked, projects.task_done, task_id=row.id)))
        begun = (self.first - self.town.today).days
        for day, _, play in sorted(acts, key=lambda act: act[:2]):
            self.now = max(self.town.moment(begun + day, 16, 10), self.now + timedelta(minutes=self.chance.randint(3, 20)))
            yield from play()

    def _report(self, each: Given) -> Iterator[datetime]:
        project = self.given["project"]
        who = each.get("by", project["executor"])
        row = yield from self.does(who, projects.report, project_id=self.project.id, text=each["text"], spent_fen=_fen(each.get("spent")))
        if picture := each.get("photo"):
            self.soon(1, 2)
            yield from self.draw(who, f"report:{row.id}", picture, each.get("photo_name", "工地"))

    def _ticked(self, command: Callable[..., Any], **given: str) -> Iterator[datetime]:
        yield from self.does(self.given["project"]["executor"], command, **given)

    def finish(self) -> Iterator[datetime]:
        self.soon(20, 60)
        yield from self.does(self.given["project"]["executor"], projects.complete, project_id=self.project.id)

    def accept(self) -> Iterator[datetime]:
        given = self.given["project"]
        self.on(1, 10)
        who = given["supervisors"][-1]
        if said := given.get("refused"):
            yield from self.does(given["supervisors"][0], projects.refuse, project_id=self.project.id, text=said["text"])
            self.on(2, 15)
            yield from self.does(given["executor"], projects.report, project_id=self.project.id, text=said["mended"])
            self.soon()
            yield from self.does(given["executor"], projects.complete, project_id=self.project.id)
            self.on(1, 10)
        yield from self.does(who, projects.accept, project_id=self.project.id, text=given.get("accepted", ""))

    # ---- what people say of it

    def evaluate(self) -> Iterator[datetime]:
        given = self.given["evaluation"]
        self.evaluation: Evaluation = self.found(Evaluation, "proposal_id", self.proposal.id)[0]
        scores = [int(score) for score, count in given["scores"].items() for _ in range(count)]
        texts = list(given.get("texts") or ())
        self.chance.shuffle(scores)
        last = min(self.evaluation.ends_at - timedelta(days=1), self.town.moment(0, 0)) - timedelta(hours=2)
        span = min((last - self.now).total_seconds(), 5 * 86400)
        moments = sorted(self.now + timedelta(seconds=self.chance.random() * span) for _ in scores)
        for home, score, moment in zip(self.homes(), scores, moments, strict=False):
            self.now = max(moment, self.now + timedelta(seconds=7))
            said = next((text for text in texts if text["score"] == score), None)
            if said:
                texts.remove(said)
            yield from self.does(
                home.adults[0], evaluations.answer, evaluation_id=self.evaluation.id, score=score, solved=score >= given.get("solved", 3),
                text=said["text"] if said else "", unit_id=home.unit_id,
            )  # fmt: skip

    def end(self) -> Iterator[datetime]:
        given = self.given["evaluation"]
        self.now = max(self.now, self.evaluation.ends_at)
        self.on(0, 15)
        who = self.desk["committee"]
        if keep := given.get("upkeep"):
            day = self.now.astimezone(self.town.zone).date()
            yield from self.does(
                who, evaluations.keep_up, proposal_id=self.proposal.id, label=keep["label"], deed=keep["deed"], every_days=keep["every"],
                next_on=max(day, self.town.day(keep["next"])), lessons=given["lessons"],
                keeper_id=self.town.id(keep["keeper"]) if "keeper" in keep else None,
            )  # fmt: skip
        else:
            yield from self.does(who, evaluations.close, evaluation_id=self.evaluation.id, lessons=given["lessons"])

    def reopen(self) -> Iterator[datetime]:
        given = self.given["reopened"]
        self.on(given.get("waits", 4), 11)
        words = {name: given[name] for name in ("title", "problem", "plan", "reason")}
        yield from self.does(self.desk["committee"], proposals.reopen, proposal_id=self.proposal.id, **words)


PHASES = (
    "concern", "file", "support", "review", "convene", "gather", "hold", "prepare", "vote", "close", "reveal", "publish", "lapse",
    "start", "build", "finish", "accept", "evaluate", "end", "reopen",
)  # fmt: skip
IN_ROOM = ("concern", "file", "support", "review", "convene", "prepare", "gather")
"""A meeting that is about to begin, with a vote on its agenda."""


class Matter(After):
    """A matter from its first word up to the phase that `until` names."""

    def turns(self) -> Iterator[datetime]:
        until = self.given["until"]
        ready = self.given.get("meeting", {}).get("starts") == "ready"
        for phase in IN_ROOM if ready else PHASES:
            if phase == "gather" and not ready:
                continue  # `hold` begins with it
            yield from getattr(self, phase)()
            if phase == until:
                return
