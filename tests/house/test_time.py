"""One clock: only services/clock.py asks for the time; where spans are measured, a clock that cannot be set is used, in named places."""

from __future__ import annotations

import ast

import pytest

from tests.house.source import Module, dotted, modules, nothing

CLOCK = "services/clock.py"
ASKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today",
    "date.today", "datetime.date.today", "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.strftime",
    "func.now", "func.current_timestamp", "sa.func.now", "sqlalchemy.func.now", "pd.Timestamp.now", "pandas.Timestamp.now",
}
SPANS = {"time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.perf_counter_ns", "time.process_time"}
MEASURE = {
    "services/answer.py": "how long a request took",
    "services/installation.py": "how old a kept answer is",
}
FROM_TIME = {name.partition(".")[2] for name in ASKS | SPANS if name.startswith("time.")}


def asks_for_time(module: Module) -> list[str]:
    if module.path == CLOCK:
        return []
    found = []
    for node in ast.walk(module.tree):
        name = dotted(node) if isinstance(node, ast.Attribute) else ""
        if name in ASKS or (name in SPANS and module.path not in MEASURE):
            found.append(f"{module.at(node)} asks {name}")
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            taken = {alias.name for alias in node.names} & FROM_TIME
            found += [f"{module.at(node)} takes {one} from time" for one in sorted(taken)]
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "CURRENT_TIMESTAMP" in node.value:
            found.append(f"{module.at(node)} lets the database ask")
    return found


def test_only_the_clock_asks_for_the_time() -> None:
    nothing([line for module in modules() for line in asks_for_time(module)])


def takes_a_day(module: Module) -> list[str]:
    """A moment is in UTC: its `.date()` is the day before until eight in the morning in Shanghai."""
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and not node.args and isinstance(node.func, ast.Attribute)]
    days = [node for node in calls if node.func.attr == "date" and "astimezone" not in ast.unparse(node)]  # type: ignore[attr-defined]
    return [f"{module.at(node)} takes the day of a moment: clock.day_of knows the zone" for node in days]


def test_the_day_of_a_moment_is_asked_of_the_clock() -> None:
    nothing([line for module in modules() if module.path.startswith("pages/") for line in takes_a_day(module)])


def test_the_named_places_exist() -> None:
    nothing(sorted({CLOCK, *MEASURE} - {module.path for module in modules()}))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("services/polls.py", "from datetime import datetime, UTC\nnow = datetime.now(UTC)"),
        ("services/polls.py", "import datetime\nnow = datetime.datetime.now()"),
        ("pages/home.py", "from datetime import date\nday = date.today()"),
        ("services/polls.py", "import time\nstart = time.time()"),
        ("services/polls.py", "from time import time\nstart = time()"),
        ("services/polls.py", "import time\nstart = time.monotonic()"),
        ("models/poll.py", "made = Column(server_default=func.now())"),
        ("models/poll.py", "made = Column(server_default=text('CURRENT_TIMESTAMP'))"),
        ("services/polls.py", "moment = Field(default_factory=datetime.now)"),
    ],
)
def test_a_wrong_sample_is_found(path: str, text: str) -> None:
    assert asks_for_time(Module.of(path, text))


def test_a_day_without_a_zone_is_found() -> None:
    assert takes_a_day(Module.of("pages/me.py", "day(row.confirmed_at.date())"))
    assert not takes_a_day(Module.of("pages/me.py", "day(row.at.astimezone(zone).date())\nclock.day_of(row.at, zone)"))


def test_right_samples_are_left_alone() -> None:
    assert asks_for_time(Module.of(CLOCK, "datetime.now(UTC)")) == []
    assert asks_for_time(Module.of("services/answer.py", "import time\ntime.monotonic()\ntime.sleep(1)")) == []
    assert asks_for_time(Module.of("services/polls.py", "from services import clock\nnow = clock.now()")) == []
