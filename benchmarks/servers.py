"""Servers for a benchmark: ours and the stock one, each on a copy of one demo, on a free loopback port, ended by its own id."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STARTS_WITHIN = 180
STOCK = '[browser]\nserverAddress = "localhost"\n[server]\nheadless = true\n'
"""Streamlit's own configuration; these two lines only keep it from opening a browser and from asking an outside server for its address."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demo() -> Iterator[Path]:
    """A folder with a fresh demo in `var`, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="yiqi-bench-") as folder:
        command = [sys.executable, str(ROOT / "manage.py"), "init", "--demo"]
        done = subprocess.run(command, env=environment(Path(folder) / "var"), capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"The demo could not be made: {done.stderr.strip()}")
        yield Path(folder)


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("YIQI_", "STREAMLIT_"))}
    return kept | {"YIQI_DATA_DIR": str(data), "YIQI_DEMO": "true", "PYTHONPATH": str(ROOT)}


class Server:
    """`streamlit run` of one of our two scripts; `port`, `data`."""

    def __init__(self, folder: Path, *, stock: bool = False) -> None:
        self.name = "stock" if stock else "ours"
        self.port = free_port()
        self.data = folder / f"var-{self.name}"
        shutil.copytree(folder / "var", self.data)
        home = folder / self.name
        (home / ".streamlit").mkdir(parents=True)
        script, where = (ROOT / "benchmarks" / "apps" / "stock.py", home) if stock else (ROOT / "benchmarks" / "apps" / "app.py", ROOT)
        (home / ".streamlit" / "config.toml").write_text(STOCK, encoding="utf-8")
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(self.port), "--server.address", "localhost"]
        self.printed = folder / f"{self.name}.log"
        with self.printed.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=where, env=environment(self.data), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
            )
        self._wait()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def _wait(self) -> None:
        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        self.stop()
        raise SystemExit(f"The {self.name} server did not start:\n{self.printed.read_text(errors='replace')[-2000:]}")

    def warm(self) -> None:
        """Wait until everything has been compressed: our server does that once, after its first start."""
        folder, before = self.data / "cache", -1
        for _ in range(120):
            count = sum(1 for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0
            if count and count == before:
                return
            before = count
            time.sleep(2)

    def one(self, query: str) -> str:
        """The first value of a query on its SQLite file."""
        with sqlite3.connect(f"file:{self.data / 'yiqi.db'}?mode=ro", uri=True) as file:
            row = file.execute(query).fetchone()
        return str(row[0]) if row else ""

    def faults(self) -> int:
        """How often it had to answer with "something went wrong": a page that fails is quick, and no measure of anything."""
        lines = (line for path in (self.data / "logs").glob("yiqi.log*") for line in path.read_text(encoding="utf-8").splitlines())
        return sum('"event": "bug"' in line for line in lines)

    def cpu(self) -> float:
        """Seconds of processor time it has used."""
        import psutil

        used = psutil.Process(self.process.pid).cpu_times()
        return float(used.user + used.system)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextmanager
def running(folder: Path, *, stock: bool = False) -> Iterator[Server]:
    server = Server(folder, stock=stock)
    try:
        yield server
    finally:
        server.stop()
