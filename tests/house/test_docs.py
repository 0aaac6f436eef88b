"""Documents as a contract: the map names every file, actions.md every act, signature and permission, the glossary every word."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pages.plain import door
from scripts import documents
from services import answer
from services.rules import access
from tests.fixtures.run import ROOT
from tests.house.source import Module, committed, dotted, modules, nothing

DOCS = ROOT / "docs"
MAP = "docs/architecture.md"
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#([^)]*))?\)")
PATH = re.compile(r"`((?:models|services|pages|tests|scripts|locale|migrations|scenarios|benchmarks|docs)/[\w./-]*)`")
DAY = re.compile(r"(20\d\d-\d\d-\d\d)-[a-z0-9-]+\.md")
# Top-level files and folders that speak for themselves.
SELF_EVIDENT = {
    "README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "pyproject.toml",
    "requirements.in", "requirements.txt", ".gitignore", ".streamlit", ".ci",
}  # fmt: skip


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def unnamed(folder: str, names: list[str], text: str) -> list[str]:
    """Files of a folder that its part of the map does not name, and names without a file."""
    part = re.search(rf"^\*\*{re.escape(folder)}/\*\*\n(.*?)(?=^\*\*|^<!-- end)", text, re.S | re.M)
    listed = set(re.findall(r"^- `([^`]+)`", part[1], re.M)) if part else set()
    missing = [f"{MAP}: {folder}/{name} is not on the map; run `make docs`" for name in sorted(set(names) - listed)]
    return missing + [f"{MAP}: {folder}/{name} is on the map but not there; run `make docs`" for name in sorted(listed - set(names))]


def families(text: str, found: set[str]) -> list[str]:
    """Top-level names that the map does not speak of."""
    return [f"{MAP}: nothing is said of {name}" for name in sorted(found - SELF_EVIDENT) if not re.search(rf"{re.escape(name)}\b", text)]


def dead_paths(text: str) -> list[str]:
    return [f"{name} is named but not there" for name in sorted(set(PATH.findall(text))) if not (ROOT / name).exists()]


def undocumented(text: str, acts: set[str]) -> list[str]:
    """Acts without a row of their own."""
    rows = {found[1] for found in documents.ROW.finditer(text)}
    missing = [f"docs/actions.md has no row for {name}" for name in sorted(acts - rows)]
    return missing + [f"docs/actions.md has a row for {name}, which is no act" for name in sorted(rows - acts)]


def looks_everywhere(module: Module) -> bool:
    return any((dotted(node) or "").rpartition(".")[2] == "EVERYWHERE" for node in ast.walk(module.tree) if isinstance(node, ast.expr))


def exceptions(text: str, found: set[str]) -> list[str]:
    """Files that look across communities, against the table that gives their reasons."""
    part = text.partition("### One community at a time")[2].partition("\n## ")[0]
    named = {name for row in re.findall(r"^\|([^|]*)\|", part, re.M) for name in re.findall(r"`([\w/]+\.py)`", row)}
    missing = [f"{MAP}: {name} looks across communities; say why" for name in sorted(found - named)]
    return missing + [f"{MAP}: {name} does not look across communities" for name in sorted(named - found)]


def dead_links(path: Path, text: str) -> list[str]:
    found = []
    for target, anchor in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        there = (path.parent / target).resolve()
        if not there.exists():
            found.append(f"{path.relative_to(ROOT)} links to {target}, which is not there")
        elif anchor and anchor not in anchors(there.read_text(encoding="utf-8")):
            found.append(f"{path.relative_to(ROOT)} links to {target}#{anchor}, which is no heading")
    return found


def anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w -]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def test_the_map_names_every_file() -> None:
    nothing([line for folder in documents.FOLDERS for line in unnamed(folder, [p.name for p in documents.files(folder)], page(MAP))])


def test_the_map_knows_every_folder() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in committed()}
    tests = {parts[1] for path in committed() if (parts := path.relative_to(ROOT).parts)[0] == "tests" and len(parts) > 2}
    nothing(families(page(MAP), top | tests))


def test_documents_name_what_is_there() -> None:
    nothing([f"{path.name}: {line}" for path in sorted(DOCS.rglob("*.md")) for line in dead_paths(path.read_text(encoding="utf-8"))])


def test_links_lead_somewhere() -> None:
    pages = [path for path in committed() if path.suffix == ".md"]
    nothing([line for path in pages for line in dead_links(path, path.read_text(encoding="utf-8"))])


def test_every_action_and_event_is_documented() -> None:
    nothing(undocumented(page("docs/actions.md"), set(access.TABLE) | set(documents.recorded())))


def test_every_exception_from_scoping_is_named() -> None:
    nothing(exceptions(page(MAP), {module.path for module in modules() if looks_everywhere(module)}))


@pytest.mark.parametrize("name", ["docs/actions.md", "docs/rules.md", "docs/glossary.md"])
def test_what_comes_from_the_code_is_as_the_code_says(name: str) -> None:
    """Signatures, permissions, facts, rules, enums."""
    now, then = documents.anew(name).splitlines(), page(name).splitlines()
    nothing([f"{name} is behind the code, run `make docs`: {line[:100]}" for line in now if line not in then])


def test_the_moments_of_signing_are_named() -> None:
    assert documents.signed_at() in page(MAP), "run `make docs`"


def test_a_proxy_set_up_as_written_takes_what_the_program_takes() -> None:
    """Else a form with many photos is refused by the proxy, in English and with what was typed lost."""
    size = re.search(r"client_max_body_size (\d+)m;", page("docs/operations.md"))
    assert size and int(size[1]) * 1024 * 1024 >= max(answer.FILES_LIMIT, door.MOST_BODY)


def test_every_enum_is_in_the_glossary() -> None:
    text = page("docs/glossary.md")
    nothing([f"docs/glossary.md lacks {one.__name__}" for one in documents.enums() if f"| `{one.__name__}` |" not in text])


def test_every_decision_has_its_day() -> None:
    """In its name and in its title."""
    found = []
    for path in sorted(set((DOCS / "decisions").glob("*.md")) - {DOCS / "decisions" / "README.md"}):
        day = DAY.fullmatch(path.name)
        if day is None or f"({day[1]})" not in path.read_text(encoding="utf-8").partition("\n")[0]:
            found.append(f"{path.name} does not say on which day it was decided")
    nothing(found)


def test_every_page_is_in_the_index() -> None:
    for index in (DOCS / "README.md", DOCS / "decisions" / "README.md"):
        text = index.read_text(encoding="utf-8")
        beside = {path.name for path in index.parent.glob("*.md")} - {index.name}
        nothing([f"{index.relative_to(ROOT)} does not name {name}" for name in sorted(beside) if f"({name})" not in text])


def test_wrong_samples_are_found() -> None:
    text = "**models/**\n\n- `poll.py`: votes\n- `gone.py`: gone\n<!-- end -->"
    assert len(unnamed("models", ["poll.py", "people.py"], text)) == 2
    assert families("`models/` is what is stored", {"models", "attic"}) == [f"{MAP}: nothing is said of attic"]
    assert dead_paths("see `services/no_such.py` and `services/polls.py`") == ["services/no_such.py is named but not there"]
    assert len(undocumented("| `poll.open` | x | y | z | – |\n| `poll.sing` | x | y | z | – |", {"poll.open", "poll.close"})) == 2
    assert looks_everywhere(Module.of("services/bad.py", "with reading(db.EVERYWHERE) as it: pass"))
    assert len(exceptions("### One community at a time\n| `services/old.py` | why |\n\n## Next", {"services/new.py"})) == 2
    here = DOCS / "sample.md"
    assert len(dead_links(here, "[a](nothing.md) [b](actions.md#no-such-heading) [c](https://a.example) [d](actions.md#votes)")) == 2
    assert "[wrong]" not in documents.actions("| `poll.take_back` | `polls.take_back([wrong])` | nobody | x | none |")
