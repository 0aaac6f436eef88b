"""The demo on an empty database: seconds until it is made, how much it holds, against the floor of making the tables alone."""

from __future__ import annotations

import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Goal, Report, arguments
from benchmarks.servers import ROOT, environment

SECONDS = 30
LEAST = {"community": 3, "unit": 800, "person": 1200}
RUNS = 3


def made(folder: Path, *more: str) -> float:
    """Seconds of `manage.py init` in an empty data folder."""
    began = time.perf_counter()
    command = [sys.executable, str(ROOT / "manage.py"), "init", *more]
    done = subprocess.run(command, env=environment(folder), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"init did not work: {done.stderr.strip()}")
    return time.perf_counter() - began


def main() -> int:
    args = arguments(__doc__ or "").parse_args()
    report = Report("demo")
    times: dict[str, list[float]] = {"tables alone": [], "the demo": []}
    with tempfile.TemporaryDirectory(prefix="yiqi-bench-") as name:
        for run in range(1 if args.quick else RUNS):
            times["tables alone"].append(made(Path(name) / f"empty-{run}"))
            times["the demo"].append(made(Path(name) / f"demo-{run}", "--demo"))
        with sqlite3.connect(Path(name) / "demo-0" / "yiqi.db") as db:
            rows = {table: int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in LEAST}
        db.close()
    report.figures |= {what: {"seconds": [round(each, 2) for each in taken]} for what, taken in times.items()}
    report.figures["against the floor"] = round(statistics.median(times["the demo"]) / statistics.median(times["tables alone"]), 2)
    report.goals.append(Goal("the demo is made, the slowest run", max(times["the demo"]), SECONDS, False, "s"))
    report.goals += [Goal(f"rows of {table}", rows[table], least, True, "rows") for table, least in LEAST.items()]
    return report.end(args)


if __name__ == "__main__":
    sys.exit(main())
