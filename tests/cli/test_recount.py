"""`manage.py recount`: any outcome is status 0, what cannot be counted is one line and status 2; no database is opened."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import manage
from services.exchange import poll_json
from services.rules.poll import Poll
from tests.fixtures.run import ROOT
from tests.rules.polls import HOUSEHOLDS, MAJOR, choose, yes_no


def written(folder: Path, poll: Poll) -> str:
    path = folder / "poll.json"
    path.write_text(poll_json.write(poll), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("poll", "outcome"),
    [
        (yes_no(MAJOR, ("yes", ["90.00"] * 3), ("no", ["90.00"])), "adopted"),
        (yes_no(MAJOR, ("yes", ["90.00"] * 2), ("no", ["90.00"] * 2)), "rejected"),
        (yes_no(MAJOR, ("yes", ["90.00"]), (None, ["90.00"] * 2)), "no_quorum"),
        (choose(HOUSEHOLDS, {"tiles": 5, "asphalt": 2}), "elected"),
        (choose(HOUSEHOLDS, {"tiles": 0, "asphalt": 0}), "no_quorum"),
    ],
)
def test_every_outcome_is_status_0(poll: Poll, outcome: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert manage.main(["recount", written(tmp_path, poll), "--json"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["outcome"], said.err) == (outcome, "")
    assert set(told) == {"outcome", "winners", "conditions", "totals", "readings", "explanation"}
    assert all(isinstance(each, str) for each in told["explanation"])


def test_in_words_and_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, yes_no(MAJOR, ("yes", ["90.00"] * 3), ("no", ["91.50"]), title="加装电梯"))
    assert manage.main(["recount", path]) == 0
    assert capsys.readouterr().out == (
        "加装电梯\nNot adopted\n\n4 of 4 homes took part.\nEnough took part: two thirds reached by number and by area.\n"
        "3 of 4 homes agreed.\nEnough by number, but 0.3 points short by area: not adopted.\n\n"
        "yes: 3, 270.00 m²\nno: 1, 91.50 m²\nabstain: 0, 0 m²\n\n"
        "[x] turnout area: 361.50/361.50 ≥ 2/3\n[x] turnout persons: 4/4 ≥ 2/3\n"
        "[ ] approve area: 270.00/361.50 ≥ 3/4\n[x] approve persons: 3/4 ≥ 3/4\n"
    )
    assert manage.main(["recount", path, "--lang", "zh-CN", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["explanation"] == [
        "4 户里有 4 户参加。", "参加的够了：人数、面积都到了三分之二。", "4 户里 3 户同意。", "人数够了，面积差 0.3 个点，所以没通过。",
    ]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("poll.json", b"", "$: not JSON, at line 1, column 1."),
        ("poll.json", b"\xff", "$: not UTF-8 text, at byte 0."),
        ("poll.json", b"{}", '$.format: expected "poll/1", found "".'),
        ("poll.json", b'{"format": "poll/1", "method": "ranked"}',
         '$.method: this version counts yes_no and approval; it does not count "ranked" yet.'),
        ("town.pb", b"META\n", "this version recounts poll/1 files only; it does not count .pb files yet."),
        ("club.soc", b"1,2\n", "this version recounts poll/1 files only; it does not count .soc files yet."),
    ],
)
def test_what_cannot_be_counted_is_status_2(
    name: str, content: bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert manage.main(["recount", str(path), "--json"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{path}: {says}\n")


def test_a_file_that_is_not_there_or_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (tmp_path / "nothing.json", tmp_path):
        assert manage.main(["recount", str(path)]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert str(path) in said.err
        assert said.err.count("\n") == 1


def test_it_does_without_a_database(tmp_path: Path) -> None:
    path = written(tmp_path, choose(HOUSEHOLDS, {"tiles": 5, "asphalt": 2}))
    code = f"import manage, sys; manage.main(['recount', {path!r}]); print(sorted({{'sqlalchemy', 'streamlit'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.splitlines()[-1], done.stderr) == ("[]", "")
