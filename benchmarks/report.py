"""What a benchmark found: ratios with their goals, printed for a person or as JSON, and kept in benchmarks/results/."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass
class Goal:
    """A promised figure: `found` against `goal`; `least` says whether it must be at least or at most that."""

    name: str
    found: float
    goal: float
    least: bool
    unit: str = "times"

    @property
    def met(self) -> bool:
        return self.found >= self.goal if self.least else self.found <= self.goal

    def line(self) -> str:
        word = "at least" if self.least else "at most"
        return f"{'met   ' if self.met else 'MISSED'}  {self.name}: {self.found:.4g} {self.unit}, {word} {self.goal:g}"


def _ticks() -> tuple[int, int]:
    """Processor time so far, and what of it another machine on the same hardware took; nothing where the system does not say."""
    stat = Path("/proc/stat")
    spent = [int(each) for each in stat.read_text().split("\n", 1)[0].split()[1:9]] if stat.exists() else [0]
    return sum(spent), spent[7] if len(spent) > 7 else 0


@dataclass
class Report:
    """One run of one benchmark."""

    name: str
    goals: list[Goal] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    began: tuple[int, int] = field(default_factory=_ticks)

    def stolen(self) -> float:
        """The share of processor time that somebody else took meanwhile, in percent: a run with much of it says little."""
        whole, taken = (now - then for now, then in zip(_ticks(), self.began, strict=True))
        return round(100 * taken / whole, 1) if whole else 0.0

    def end(self, args: argparse.Namespace) -> int:
        """Keep, print; 0 when every goal was met, else 1."""
        load = os.getloadavg()[0]
        value = {
            "benchmark": self.name,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": {
                "processors": os.cpu_count(), "load": round(load, 2), "stolen percent": self.stolen(), "python": platform.python_version(), "streamlit": version("streamlit"),
            },  # fmt: skip
            "met": all(goal.met for goal in self.goals),
            "goals": [asdict(goal) | {"met": goal.met} for goal in self.goals],
            "figures": self.figures,
        }
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{self.name}.json").write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if args.json:
            print(json.dumps(value, ensure_ascii=False))
        else:
            for name, found in self.figures.items():
                print(f"{name}: {json.dumps(found, ensure_ascii=False)}")
            print("\n".join(goal.line() for goal in self.goals))
        return 0 if value["met"] else 1


def arguments(about: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.add_argument("--quick", action="store_true", help="a short run, to see that it works; its figures mean little")
    return parser


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 stay below; 0 for none."""
    kept = sorted(values)
    return kept[min(len(kept) - 1, int(len(kept) * 0.95))] if kept else 0.0


def ms(values: Sequence[float]) -> dict[str, float]:
    """Seconds as milliseconds: middle, 95 of 100, most."""
    if not values:
        return {"p50": 0.0, "p95": 0.0, "most": 0.0}
    return {"p50": round(statistics.median(values) * 1000, 1), "p95": round(p95(values) * 1000, 1), "most": round(max(values) * 1000, 1)}
