"""Scenarios: the real case arrives at its figures on both databases; a broken file says where and leaves nothing behind."""

import re
from pathlib import Path

import pytest
from sqlmodel import func, select

from models.audit import Event
from models.community import Community
from services import db, replay
from services.errors import Invalid
from services.exchange import scenario
from services.reads import figures
from services.settings import HOME

HUATING = HOME / "scenarios" / "huating.yaml"


def test_huating_arrives_at_its_figures(engine):
    played = replay.play(scenario.load(HUATING))
    assert [each for each in played.expect if not each["met"]] == []
    assert len(played.expect) >= 37 and played.refused >= 13


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("do: concerns.file", "do: concerns.fill"), r"line \d+: no command is called concerns.fill"),
        (("as: li, do: concerns.file", "as: lii, do: concerns.file"), r"line \d+: lii is not among the people"),
        (("category: environment, text: 一下雨", "kind: environment, text: 一下雨"), r"line \d+: concerns.file takes no kind"),
        (("clock: 2026-03-02T08:10+08:00", "clock: tomorrow"), r"clock is no moment"),
        (("figure: minutes_to_answer", "figure: hours_to_answer"), r"line \d+: no figure is called hours_to_answer"),
        (("with: {concern_id: $concern, text: 我今天", "with: {concern_id: $concerm, text: 我今天"), r"line \d+: nothing is called \$concerm"),
        (("category: environment, text: 一下雨", "category: weather, text: 一下雨"), r"line \d+: Invalid: .*category"),
        (("steps:", "steps: ["), r"line \d+: "),
    ],
)
def test_a_broken_file_says_where_and_leaves_nothing(engine, tmp_path: Path, change, says):
    text = HUATING.read_text(encoding="utf-8")
    assert change[0] in text
    file = tmp_path / "broken.yaml"
    file.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(Invalid, match=says) as refused:
        replay.play(scenario.load(file))
    assert re.search(says, str(refused.value))
    with db.reading(db.EVERYWHERE) as session:
        assert session.exec(select(func.count()).select_from(Community)).one() == 0
        assert session.exec(select(func.count()).select_from(Event)).one() == 0


def test_every_command_and_figure_is_documented():
    text = (HOME / "docs" / "scenarios.md").read_text(encoding="utf-8")
    for name in replay.commands():
        assert f"- `{name}(" in text, name
    for name in figures.FIGURES:
        assert f"- `{name}`:" in text, name
