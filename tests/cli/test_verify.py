"""`manage.py verify`: three exit statuses, one line for what is unusable, and no database anywhere near."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import manage
from services import keys
from services.rules import note
from tests.exchange.histories import History, changed, history

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made() -> History:
    return next(each for each in map(history, range(100)) if each.polls)


@pytest.fixture
def bundle(made: History, tmp_path: Path) -> Path:
    path = tmp_path / "bundle.zip"
    path.write_bytes(made.packed())
    return path


def test_a_clean_one(bundle: Path, made: History, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert manage.main(["verify", str(bundle)]) == 0
    said = capsys.readouterr()
    assert "trusts the bundle's own key" in said.out and "Everything fits." in said.out and said.err == ""
    older = tmp_path / "older.txt"
    older.write_text(made.notes[0])
    print_ = note.fingerprint(keys.public_bytes(made.key))
    assert manage.main(["verify", str(bundle), "--key", print_.lower(), "--checkpoint", str(older), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["verified"] is True and told["fingerprint"] == print_ and told["key_given"] is True and told["older"] == 1
    assert told["logs"][0]["events"] == len(made.events) and told["logs"][0]["polls"] == len(made.polls) and told["findings"] == []


def test_a_changed_one(bundle: Path, made: History, capsys: pytest.CaptureFixture[str]) -> None:
    bundle.write_bytes(changed(made.packed(), "log.jsonl", lambda content: content.replace(b"2026-03-02", b"2026-03-03")))
    assert manage.main(["verify", str(bundle)]) == 1
    said = capsys.readouterr()
    assert "Does not fit" in said.out and "are not the ones that were signed" in said.out and said.err == ""
    assert manage.main(["verify", str(bundle), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["verified"] is False and {"place", "what"} == set(told["findings"][0])


def test_another_fingerprint_or_a_foreign_checkpoint(bundle: Path, tmp_path: Path) -> None:
    assert manage.main(["verify", str(bundle), "--key", "0000-0000-0000-0000-0000-0000"]) == 1
    older = tmp_path / "older.txt"
    other = history(77)
    older.write_text(other.notes[0])
    assert manage.main(["verify", str(bundle), "--checkpoint", str(older)]) == 1


CHECKPOINTS = ["no checkpoint", "binary checkpoint", "empty checkpoint", "absent checkpoint"]


@pytest.mark.parametrize("what", ["absent", "folder", "text", "empty", *CHECKPOINTS])
def test_unusable_input(what: str, bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["verify", str(bundle)]
    if what == "absent":
        bundle.unlink()
    elif what == "folder":
        asked = ["verify", str(tmp_path)]
    elif what in ("text", "empty"):
        bundle.write_bytes(b"nonsense" * (what == "text"))
    else:
        older = tmp_path / "older.txt"
        asked += ["--checkpoint", str(older)]
        if what != "absent checkpoint":
            older.write_bytes({"no checkpoint": b"nonsense", "binary checkpoint": b"\xff\xfe", "empty checkpoint": b""}[what])
    assert manage.main(asked) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and "Traceback" not in said.err and str(tmp_path) in said.err


def test_a_bundle_cannot_steer_the_terminal(bundle: Path, made: History, capsys: pytest.CaptureFixture[str]) -> None:
    forged = copy.deepcopy(made)
    forged.rows["\x1b[2Jperson", "\r\x07"] = "0" * 64
    bundle.write_bytes(forged.packed())
    assert manage.main(["verify", str(bundle)]) == 1
    assert not {"\x1b", "\r", "\x07"} & set(capsys.readouterr().out)


def test_without_database_and_without_its_library(bundle: Path, tmp_path: Path) -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import manage; status = manage.main(['verify', sys.argv[2]])\n"
        "heavy = {name.partition('.')[0] for name in sys.modules} & {'sqlalchemy', 'sqlmodel', 'alembic', 'streamlit', 'pandas'}\n"
        "sys.exit(status or ' '.join(sorted(heavy)) or 0)"
    )
    env = {**os.environ, "YIQI_DATA_DIR": str(tmp_path / "nothing"), "YIQI_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    done = subprocess.run([sys.executable, "-c", script, str(ROOT), str(bundle)], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "") and "Everything fits." in done.stdout
    assert not (tmp_path / "nothing").exists()
