"""Every package is pinned and used: requirements.in names what we import, requirements.txt all that comes with it."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions

from packaging.requirements import Requirement

from tests.fixtures.run import ROOT
from tests.house.source import Module, modules, nothing

OURS = {"models", "services", "pages", "migrations", "app", "manage", "tests", "benchmarks", "scripts"}
# Named in requirements.in without an import of ours.
UNIMPORTED = {
    "psycopg": "the driver that SQLAlchemy loads",
    "httptools": "makes uvicorn parse faster",
    "uvloop": "makes uvicorn loop faster",
    "uvicorn": "serves the app",
    "tzdata": "zones where the system has none",
    "vl-convert-python": "Altair's PNG and SVG",
    "python-multipart": "Starlette's forms",
    "httpx2": "Starlette's test client",
    "pytest-timeout": "a test that hangs is a test that fails",
    "pytest-xdist": "tests side by side",
    "psutil": "counts cores for the tests",
    "ruff": "called by a test",
    "mypy": "called by a test",
    "types-pyyaml": "types for mypy",
}


# What we import and another package of the list is built on, so that it cannot go missing.
INDIRECT = {
    "sqlalchemy": "sqlmodel",
    "pydantic": "pydantic-settings",
    "numpy": "streamlit",
    "pandas": "streamlit",
    "websockets": "streamlit",
    "packaging": "pytest",
}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def listed(file: str) -> dict[str, Requirement]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    return {plain(one.name): one for one in wanted}


def unpinned(pins: dict[str, Requirement]) -> list[str]:
    return [str(one) for one in pins.values() if not re.fullmatch(r"==[\w.+!]+", str(one.specifier))]


def used() -> dict[str, str]:
    """Distribution → a file that imports it, in the product, its tests and its benchmarks."""
    rest = [path for room in ("tests", "benchmarks", "scripts") for path in (ROOT / room).rglob("*.py")]
    read = [*modules(), *(Module.of(str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in rest)]
    owners = packages_distributions()
    found: dict[str, str] = {}
    for module in read:
        for name, _ in module.imports():
            first = name.partition(".")[0]
            if first not in OURS and first not in sys.stdlib_module_names:
                for owner in owners.get(first, [f"no package gives {first}"]):
                    found.setdefault(plain(owner), module.path)
    return found


def test_every_package_is_pinned() -> None:
    nothing(unpinned(listed("requirements.txt")))


def test_the_pins_are_what_is_installed() -> None:
    wrong = []
    for name, one in listed("requirements.txt").items():
        if one.marker and not one.marker.evaluate():
            continue
        try:
            if distribution(name).version not in one.specifier:
                wrong.append(f"{one}, installed is {distribution(name).version}")
        except PackageNotFoundError:
            wrong.append(f"{one} is not installed")
    nothing(wrong)


def test_everything_that_is_needed_is_pinned() -> None:
    pins = listed("requirements.txt")
    direct = listed("requirements.in")
    nothing([f"{name} is named but not pinned" for name in direct if name not in pins])
    missing = []
    for name, pin in pins.items():
        if pin.marker and not pin.marker.evaluate():
            continue
        extras = {"", *(direct[name].extras if name in direct else ())}
        for needed in map(Requirement, distribution(name).requires or []):
            wanted = needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras)
            if wanted and plain(needed.name) not in pins:
                missing.append(f"{name} needs {needed.name}")
    nothing(missing)


def test_what_we_import_is_named() -> None:
    named = listed("requirements.in")
    nothing([f"{path} imports {name}" for name, path in used().items() if name not in named and INDIRECT.get(name) not in named])


def test_what_is_named_is_used() -> None:
    nothing(sorted(set(listed("requirements.in")) - set(used()) - set(UNIMPORTED)))


def test_an_unpinned_package_is_found() -> None:
    wrong = ["a>=1", "b==1.2.*", "c"]
    assert unpinned({line: Requirement(line) for line in [*wrong, "d==1.2.post1", 'e==2; sys_platform != "win32"']}) == wrong
