"""What every test starts from: no settings of the caller's, the fixtures of tests/fixtures/, and no silent skips."""

from __future__ import annotations

import os

for name in [name for name in os.environ if name.startswith("YIQI_")]:
    del os.environ[name]

pytest_plugins = [
    "tests.fixtures.cheap",
    "tests.fixtures.run",
    "tests.fixtures.apptest",
    "tests.fixtures.no_skips",
    "tests.fixtures.order",
    "tests.fixtures.database",
    "tests.fixtures.neighbours",
    "tests.fixtures.server",
    "tests.fixtures.browser",
    "tests.fixtures.axe",
    "tests.fixtures.courtyard",
    "tests.fixtures.third_party",
]
