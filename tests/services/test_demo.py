"""The living demo: what it holds, the same each time and on both databases, its log in order and verified, refused beside other data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, func, select

import manage
from models.account import Message
from models.audit import Event, Installation
from models.base import Stored
from models.community import Community, Estate, Unit
from models.concern import Concern
from models.evaluation import EvaluationAnswer
from models.everything import EXEMPT
from models.file import StoredFile
from models.meeting import Attendance, Meeting, Minutes
from models.notice import Objection
from models.people import Person, Residence, RoleHeld
from models.poll import Ballot, Poll, RollUnit
from models.project import Project, Upkeep
from models.proposal import Proposal
from models.vocabulary import ConcernStage, Lateness, MeetingState, PollState, ProjectState, Role, Stage
from services import actors, audit, clock, db, files, i18n, installation, letters, logins, reminders, steering, ticker
from services.actors import Actor
from services.demo import play
from services.errors import Conflict
from services.reads import figures, whose_turn
from services.reads.seats import quorum
from services.reads.waiting import to_convene, to_prepare
from services.reads.who import Names
from services.rules import due
from services.settings import settings
from services.work import do
from tests.fixtures.server import demo_copy

LOG = {"event", "event_row", "checkpoint", "log_head"}
ZONE = "Asia/Shanghai"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of a demo, which the services now see."""
    with pytest.MonkeyPatch.context() as patch:
        folder = demo_copy(tmp_path_factory.mktemp("demo") / "var")
        patch.setenv("YIQI_DATA_DIR", str(folder))
        patch.setenv("YIQI_DEMO", "true")
        for kept in (settings, db.engine):
            kept.cache_clear()
        installation.refresh()
        yield folder
        db.engine().dispose()
    for kept in (settings, db.engine):
        kept.cache_clear()


@pytest.fixture
def everywhere(made: Path) -> Iterator[db.Scoped]:
    with db.reading(db.EVERYWHERE) as session:
        yield session


def many(session: db.Scoped, kind: type[Stored], *where: Any) -> int:
    return session.exec(select(func.count()).select_from(kind).where(*where)).one()


def entered(role: Role | None) -> Actor:
    """Whom the one press leads to."""
    with db.reading(db.EVERYWHERE) as session:
        person = logins.demo_person(session, role)
        assert person is not None, role
        return actors.of_person(session, person)


def test_it_is_as_large_as_promised(everywhere: db.Scoped) -> None:
    communities = everywhere.exec(select(Community).order_by(col(Community.created_at))).all()
    assert [each.slug for each in communities] == ["huating", "linjiang", "maple"]
    assert [each.language for each in communities] == ["zh-CN", "zh-CN", "en"]
    assert {each.federation for each in communities} == {"西山片区"}
    assert many(everywhere, Unit) >= 800 and many(everywhere, Person) >= 1200 and many(everywhere, Estate) >= 9
    assert many(everywhere, Person, col(Person.adult).is_(False)) >= 50
    assert all(unit.area.as_tuple().exponent == -2 for unit in everywhere.exec(select(Unit)).all())
    assert many(everywhere, StoredFile) >= 20 and many(everywhere, Residence, col(Residence.confirmed_at).is_(None)) == 9
    assert {held.role for held in everywhere.exec(select(RoleHeld)).all()} == set(Role)
    assert installation.is_demo()


def test_what_people_are_told_is_said_in_both_languages(everywhere: db.Scoped) -> None:
    told = set(everywhere.exec(select(Message.message)).all())
    assert len(told) > 10 and [each for each in told if not i18n.catalog("zh-CN").get(("", each))] == []


def test_every_stage_is_there(everywhere: db.Scoped) -> None:
    stages = Counter(everywhere.exec(select(Proposal.stage)).all())
    assert set(stages) == set(Stage)
    assert {each.stage for each in everywhere.exec(select(Concern)).all()} == set(ConcernStage)
    assert {each.state for each in everywhere.exec(select(Poll)).all()} == set(PollState)
    assert {each.state for each in everywhere.exec(select(Meeting)).all()} == set(MeetingState) - {MeetingState.HELD}
    assert {each.state for each in everywhere.exec(select(Project)).all()} == set(ProjectState)
    outcomes = {poll.outcome["outcome"] for poll in everywhere.exec(select(Poll)).all() if poll.outcome}
    assert outcomes == {"adopted", "elected", "rejected", "no_quorum"}


def test_what_waits_for_somebody_today(everywhere: db.Scoped) -> None:
    now = clock.now()
    assert many(everywhere, Concern, Concern.stage == ConcernStage.OPEN, col(Concern.due_at) > now) >= 3
    assert many(everywhere, Concern, Concern.stage == ConcernStage.OPEN, col(Concern.due_at) < now) >= 3
    assert many(everywhere, Concern, col(Concern.author_id).is_(None)) >= 1
    assert many(everywhere, Minutes, col(Minutes.confirmed_at).is_(None)) >= 1
    assert many(everywhere, Objection, col(Objection.ruled_at).is_(None)) == 2
    assert many(everywhere, Upkeep, Upkeep.next_on <= clock.today(ZONE), col(Upkeep.ended_at).is_(None)) >= 1
    soon = everywhere.exec(select(Meeting).where(Meeting.state == MeetingState.CONVENED).order_by(col(Meeting.starts_at))).all()
    assert len(soon) >= 4 and soon[0].starts_at - now < timedelta(hours=1)
    late = Counter()
    for project in everywhere.exec(select(Project).where(Project.state == ProjectState.RUNNING)).all():
        late[due.lateness(clock.end_of(project.due_on, ZONE), now, due.IN_DAYS)] += 1
    assert set(late) == set(Lateness), late


def test_the_first_page_and_the_matter_agree_about_the_next_step(everywhere: db.Scoped) -> None:
    names = Names(everywhere, entered(Role.COMMITTEE), [])
    for action, where in (("meeting.convene", to_convene()), ("poll.prepare", to_prepare())):
        listed = set(everywhere.exec(select(Proposal.id).where(*where)).all())
        matters = everywhere.exec(select(Proposal).where(col(Proposal.stage).in_((Stage.ACCEPTED, Stage.DELIBERATING)))).all()
        assert listed == {each.id for each in matters if whose_turn.now(everywhere, names, each).turn.action == action} != set(), action


def test_the_lift_is_decided_by_people_and_area(everywhere: db.Scoped) -> None:
    poll = everywhere.exec(select(Poll).where(col(Poll.question).contains("加装电梯"))).one()
    assert poll.rule["name"] == "owners_major"
    homes = everywhere.exec(select(RollUnit).where(RollUnit.poll_id == poll.id)).all()
    assert len(homes) == 36 and str(sum(home.area for home in homes)) == "3128.64"
    assert poll.outcome["outcome"] == "adopted"
    assert figures.ballots(everywhere, poll, "") == 31 and figures.votes(everywhere, poll, "yes") == 25


def test_the_real_case_is_there_to_its_end(everywhere: db.Scoped) -> None:
    rounds = everywhere.exec(select(Proposal).where(col(Proposal.title).in_(("院里的路不再积水", "停车线怎么画")))).all()
    assert sorted((row.round, row.stage) for row in rounds) == [(1, Stage.KEPT_UP), (2, Stage.CLOSED)]
    assert all(row.stage_since < clock.now() - timedelta(days=20) for row in rounds)


def test_everybody_who_enters_has_something_to_do(everywhere: db.Scoped) -> None:
    people = {role: entered(role) for role in logins.ENTRANCES}
    first = everywhere.exec(select(Community.id).where(Community.slug == "huating")).one()
    assert {each.community_id for each in people.values()} == {first} and len({each.person_id for each in people.values()}) == 7
    resident = people[None]
    assert resident.name == "李秀英" and resident.verified and not resident.roles
    open_polls = everywhere.exec(select(Poll.id).where(Poll.state == PollState.OPEN, Poll.community_id == first)).all()
    on_roll = everywhere.exec(select(RollUnit).where(col(RollUnit.unit_id).in_(resident.units), col(RollUnit.poll_id).in_(open_polls))).all()
    assert on_roll and not many(everywhere, Ballot, col(Ballot.entry_id).in_([each.entry_id for each in on_roll]))
    asked = everywhere.exec(select(Proposal).where(Proposal.stage == Stage.EVALUATING, Proposal.community_id == first)).all()
    assert asked and many(everywhere, EvaluationAnswer, EvaluationAnswer.unit_id == resident.units[0]) == 2  # both rounds of the real case
    assert many(everywhere, Proposal, Proposal.author_id == resident.person_id, Proposal.stage == Stage.RETURNED) == 1
    meeting = everywhere.exec(select(Meeting).where(Meeting.chair_id == people[Role.CHAIR].person_id).order_by(col(Meeting.starts_at).desc())).all()
    ready = next(each for each in meeting if each.state is MeetingState.CONVENED and many(everywhere, Attendance, Attendance.meeting_id == each.id))
    assert all(seats.have >= seats.need for seats in quorum(everywhere, ready.id))
    assert many(everywhere, Poll, Poll.state == PollState.CLOSED, Poll.community_id == first) == 1
    assert many(everywhere, Project, Project.executor_id == people[Role.EXECUTOR].person_id, Project.state == ProjectState.RUNNING) >= 2
    waiting = everywhere.exec(select(Project).where(Project.state == ProjectState.COMPLETED)).all()
    assert waiting and many(everywhere, Concern, Concern.holder_id == people[Role.GRID_WORKER].person_id, Concern.stage == ConcernStage.OPEN) >= 3
    reviewed = (Proposal.community_id == first, Proposal.stage == Stage.ENDORSED)
    assert many(everywhere, Proposal, *reviewed) == 1 and people[Role.COMMITTEE].holds(Role.COMMITTEE)


def test_the_log_never_runs_back(everywhere: db.Scoped) -> None:
    for community in everywhere.exec(select(Community)).all():
        events = everywhere.exec(select(Event.at).where(Event.community_id == community.id).order_by(col(Event.seq))).all()
        assert len(events) > 150 and list(events) == sorted(events)
        assert events[-1] <= clock.now()


def test_its_evidence_is_verified(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = tmp_path / "demo.zip"
    assert manage.main(["export", str(bundle)]) == 0
    capsys.readouterr()
    assert manage.main(["verify", str(bundle), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["findings"] == [] and len(told["logs"]) == 3 and sum(log["polls"] for log in told["logs"]) >= 20


def test_files_are_there(everywhere: db.Scoped) -> None:
    for row in everywhere.exec(select(StoredFile)).all():
        assert files.place(row).stat().st_size == row.size


def test_the_log_counts_the_photos_of_a_concern_with_it(everywhere: db.Scoped) -> None:
    with_photos = {row.about for row in everywhere.exec(select(StoredFile).where(col(StoredFile.about).startswith("concern:"))).all()}
    told = {row.subject: json.loads(row.line) for row in everywhere.exec(select(Event).where(Event.action == "concern.file")).all()}
    counted = {subject for subject, line in told.items() if '"photos": 0' not in json.dumps(line)}
    assert with_photos and counted == with_photos


def test_a_second_one_is_refused_and_changes_nothing(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with db.reading(db.EVERYWHERE) as session:
        before = many(session, Event)
    with pytest.raises(Conflict):
        play.make()
    assert manage.main(["init", "--demo"]) == 2
    assert "data here already" in capsys.readouterr().err
    with db.reading(db.EVERYWHERE) as session:
        assert many(session, Event) == before


def contents(session: db.Scoped, kind: type[Stored]) -> list[str]:
    return sorted(json.dumps(audit.contents(row), ensure_ascii=False, sort_keys=True) for row in session.exec(select(kind)).all())


def test_it_is_the_same_each_time_and_on_postgresql(made: Path, on_postgresql: Engine) -> None:
    """Made again at the same moment, on the other database: every row but the log's salts and signatures."""
    told: list[tuple[int, int]] = []
    here = db.engine()
    there = db.make_engine(f"sqlite:///{made / 'yiqi.db'}")
    with db.session(db.EVERYWHERE, on=there, readonly=True) as first:
        moment = first.get_one(Installation, 1).made_at
        with clock.at(moment):
            play.make(lambda done, total: told.append((done, total)))
        assert told == sorted(told) and told[-1][0] == told[-1][1]
        with db.session(db.EVERYWHERE, on=here, readonly=True) as second:
            for mapper in Stored._sa_registry.mappers:  # type: ignore[attr-defined]
                kind = mapper.class_
                if mapper.local_table.name not in LOG:
                    assert contents(first, kind) == contents(second, kind), mapper.local_table.name
            acts = select(Event.community_id, Event.seq, Event.at, Event.actor, Event.action, Event.subject).order_by(
                Event.community_id, col(Event.seq)
            )
            assert first.exec(acts).all() == second.exec(acts).all()
    there.dispose()


def test_a_failure_leaves_nothing_behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no drawing")

    monkeypatch.setattr(steering, "open", broken)
    with pytest.raises(RuntimeError, match="no drawing") as fault:
        play.make()
    assert "in the demo, huating" in "".join(fault.value.__notes__)
    with db.reading(db.EVERYWHERE) as session:
        assert many(session, Community) == 0 and many(session, Event) == 0
    assert not installation.is_demo()
    assert not [path for path in (settings().data_dir / "files").rglob("*") if path.is_file()]


def test_life_goes_on_in_it(made: Path) -> None:
    """The ticker reminds; a letter and a meeting work as anywhere."""
    assert ticker.tick("test")["reminded"] > 5
    worker = entered(Role.GRID_WORKER)
    with db.reading(worker.community_id) as session:
        home = session.exec(select(Unit.id).order_by(Unit.id)).first()
        meeting = session.exec(select(Meeting).where(Meeting.state == MeetingState.CONVENED).order_by(col(Meeting.starts_at))).first()
    assert home and meeting
    assert letters.read(do(worker, letters.issue, home)).community == "华亭社区"
    assert do(entered(Role.CHAIR), steering.open, meeting_id=meeting.id).position == 1
    assert reminders.SOON and set(EXEMPT) >= LOG
