"""The log's files: they turn over when they are full, the oldest go, and each line stays one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from services import logs


@pytest.fixture
def file(tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(logs, "_BYTES", 2_000)
    monkeypatch.setattr(logs, "_KEPT", 2)
    yield logs.start(tmp_path / "logs", screen=False)
    logs.end()


def test_full_files_turn_over_and_the_oldest_go(file: Path) -> None:
    for n in range(200):
        logs.LOG.warning("tick", extra={"fields": {"n": n}})
    kept = sorted(each.name for each in file.parent.iterdir())
    assert kept == ["yiqi.log", "yiqi.log.1", "yiqi.log.2"]
    lines = [json.loads(line) for name in reversed(kept) for line in (file.parent / name).read_text(encoding="utf-8").splitlines()]
    numbers = [line["n"] for line in lines]
    assert numbers == list(range(numbers[0], 200)) and numbers[0] > 0
    assert all((file.parent / name).stat().st_size <= 2_000 for name in kept)


def test_started_twice_writes_each_line_once(file: Path) -> None:
    logs.start(file.parent, screen=False)
    logs.LOG.warning("once")
    assert file.read_text(encoding="utf-8").count('"once"') == 1
