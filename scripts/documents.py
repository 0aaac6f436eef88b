"""Writes anew what the documents take from the code: the map of files, signatures, permissions, facts in the log, rules, words."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from models import vocabulary  # noqa: E402
from services.i18n import text, word  # noqa: E402
from services.rules import access  # noqa: E402
from services.rules.community_figures import FIGURES  # noqa: E402
from services.rules.rule_texts import MATTERS, TEXTS  # noqa: E402

# Folders of the map: first these, in the order in which imports point, then any other of the rooms. Tests are named in the text.
ORDER = ["models", "services/rules", "services/reads", "services", "services/exchange", "services/cli", "pages", "pages/kit", "pages/plain"]
FOUND = {str(path.parent.relative_to(ROOT)) for room in ("models", "services", "pages") for path in (ROOT / room).rglob("*.py")}
FOLDERS = [*ORDER, *sorted(FOUND - set(ORDER)), "scripts"]
BLOCK = re.compile(r"(<!-- made by `make docs`: (\w+) -->\n).*?(<!-- end -->)", re.S)
ROW = re.compile(r"^\| `(\w+\.\w+)` \|.*\|$", re.M)
CALL = re.compile(r"`(\w+)\.(\w+)\([^`]*?\)((?: → [^`]*)?)`")
WHO = {
    "anyone": "anyone", "signed_in": "signed in", "resident": "confirmed resident", "author": "its author", "holder": "its holder",
    "chair_of": "chair of the meeting", "invited": "invited", "attending": "at the table", "on_roll": "on the roll",
    "executor_of": "executor of the project", "supervisor_of": "supervisor of the project", "roll_keeper": "who made the roll or its codes",
    "asked": "a home that is asked", "self": "oneself", "owner": "who added it", "assignee": "whose task it is", "keeper": "its keeper",
    "proposer": "whose proposal it is about", "executed": "who carries or carried it out",
    "fellow": "who is of their firm or body", "tasked": "who has a task of it",
    "orphaned": "anyone, once its author was erased",
}  # fmt: skip


def block(name: str, made: Callable[[], str]) -> Callable[[str], str]:
    """Replaces what stands between the marks of `name`."""

    def anew(page: str) -> str:
        return BLOCK.sub(lambda found: f"{found[1]}\n{made()}\n{found[3]}" if found[2] == name else found[0], page)

    return anew


# ---- the map


def files(folder: str) -> list[Path]:
    """The files that the map names, in order."""
    found = (ROOT / folder).glob("*")
    kept = (path for path in found if path.is_file() and (path.suffix == ".py" or folder == "scripts"))
    return sorted(path for path in kept if path.name != "__init__.py" or path.stat().st_size > 500)


def first_sentence(path: Path) -> str:
    """What a file says it is for."""
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return next((line.lstrip("# ").strip() for line in content.splitlines()[1:] if line.startswith("#")), "")
    return (ast.get_docstring(ast.parse(content)) or "").partition("\n\n")[0].replace("\n", " ")


def map_of_files() -> str:
    parts = []
    for folder in FOLDERS:
        lines = [f"- `{path.name}`: {first_sentence(path)}" for path in files(folder)]
        parts.append(f"**{folder}/**\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


# ---- actions


def signature(module: str, name: str) -> str:
    """The parameters of a command without what it works with; what may be left out stands in brackets."""
    given = list(inspect.signature(getattr(importlib.import_module(f"services.{module}"), name)).parameters.values())
    given = [each for each in given if each.name != "work"]
    must = [each.name for each in given if each.default is each.empty and each.kind is not each.VAR_KEYWORD]
    may = [each.name for each in given if each.default is not each.empty] + [f"**{e.name}" for e in given if e.kind is e.VAR_KEYWORD]
    return ", ".join([*must, *([f"[{', '.join(may)}]"] if may else [])])


def who(action: str) -> str:
    """A line of the permission table in words."""
    rule = access.TABLE[action]
    names = [WHO.get(each, each.replace("_", " ")) for each in sorted(rule.who - {access.SYSTEM}, key=_place)]
    said = ", ".join(names) or "the workspace itself"
    if rule.never:
        said += "; never " + ", ".join(WHO[each] for each in sorted(rule.never, key=_place))
    if rule.at is not None:
        said += "; while " + ", ".join(stage.value for stage in vocabulary.Stage if stage in rule.at)
    return said


def _place(name: str) -> int:
    order = [*(role.value for role in vocabulary.Role), *WHO]
    return order.index(name)


def _calls(name: str) -> Iterable[ast.Call]:
    """Every call `….name(…)` with an argument in the services."""
    for path in sorted((ROOT / "services").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == name and call.args:
                yield call


def recorded() -> dict[str, list[str]]:
    """Action → names of the facts that its event carries, from every `work.record("…")` in the services."""
    found: dict[str, list[str]] = {}
    for call in _calls("record"):
        for name in _strings(call.args[0]):
            facts = found.setdefault(name, [])
            facts += [each.arg for each in call.keywords if each.arg and each.arg not in facts]
    found |= {name: [] for name in access.TABLE if name in REVIEW}  # recorded under the name that the command was given
    return found


def signed_at() -> str:
    """The moments at which the log is signed, from every `work.checkpoint("…")`."""
    found = sorted({name for call in _calls("checkpoint") for name in _strings(call.args[0])})
    return ", ".join(f"`{name}`" for name in found) + ", and each hour in which something was recorded.\n"


def spread() -> dict[str, list[str]]:
    """Action → what is recorded under names that the code finds out only then, from every `work.record("…", **…)`."""
    found: dict[str, list[str]] = {}
    for call in _calls("record"):
        for name in _strings(call.args[0]):
            found.setdefault(name, []).extend(f"the {ast.unparse(each.value)} ones, by name" for each in call.keywords if each.arg is None)
    return found


REVIEW = ("proposal.accept", "proposal.return", "proposal.decline")


def _strings(node: ast.expr) -> Iterable[str]:
    if isinstance(node, ast.IfExp):
        return [*_strings(node.body), *_strings(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def actions(page: str) -> str:
    """Signatures, permissions and facts of docs/actions.md; the words between them are people's own."""
    facts, more = recorded(), spread()

    def row(found: re.Match[str]) -> str:
        cells = [cell.strip() for cell in found[0].strip("|").split("|")]
        name = found[1]
        if len(cells) == 5:
            cells[2] = who(name) if name in access.TABLE else cells[2]
            cells[4] = "not recorded" if name not in facts else ", ".join(facts[name] + more.get(name, [])) or "–"
        return "| " + " | ".join(cells) + " |"

    def call(found: re.Match[str]) -> str:
        if not (ROOT / "services" / f"{found[1]}.py").exists():
            return found[0]
        return f"`{found[1]}.{found[2]}({signature(found[1], found[2])}){found[3]}`"

    return CALL.sub(call, ROW.sub(row, page))


# ---- rules


def _condition(each: dict[str, str]) -> str:
    op = "at least" if each["op"] == ">=" else "more than"
    return f"{op} {each['share']} of {each['of']}"


def rule_table() -> str:
    lines = ["| key | rule | source | in force from | status | takes part | agrees | counted on |", "|" + " --- |" * 8]
    for each in TEXTS:
        rule = each.rule
        since = each.in_force_from.isoformat() if each.in_force_from else "–"
        status = f"replaced on {each.until.isoformat()}" if each.until else each.status.replace("_", " ")
        turnout = ", ".join(_condition(one) for one in rule["turnout"]) or "–"
        approve = ", ".join(_condition(one) for one in rule["approve"]) or "most votes"
        source = f"{each.source}, {each.article}" if each.article else "ours"
        lines.append(
            f"| `{each.key}` | {each.title}. {each.summary} | {source} | {since} | {status} | {turnout} | {approve} | {rule['base']} |"
        )
    return "\n".join(lines) + "\n"


def matter_table() -> str:
    lines = ["| item | matter | 中文 | rule |", "| --- | --- | --- | --- |"]
    lines += [f"| {each.item} | {each.title} | {text('zh-CN', each.title)} | `{each.rule}` |" for each in MATTERS]
    return "\n".join(lines) + "\n"


def figure_table() -> str:
    lines = ["| figure | unless set | least | most |", "| --- | --- | --- | --- |"]
    lines += [f"| `{name}` | {default} | {least} | {most} |" for name, (default, least, most) in FIGURES.items()]
    return "\n".join(lines) + "\n"


# ---- words


def enums() -> list[type[vocabulary.StrEnum]]:
    """Every enum of the vocabulary, in its order."""
    found = [each for each in vars(vocabulary).values() if inspect.isclass(each) and issubclass(each, vocabulary.StrEnum)]
    return [each for each in found if each.__module__ == vocabulary.__name__]


def enum_table() -> str:
    lines = ["| name | what it is | values |", "| --- | --- | --- |"]
    for each in enums():
        said = " ".join((each.__dict__.get("__doc__") or "").split())
        values = ", ".join(f"`{one.value}`" + (f" {zh}" if (zh := word("zh-CN", one)) != word("en", one) else "") for one in each)
        lines.append(f"| `{each.__name__}` | {said} | {values} |")
    return "\n".join(lines) + "\n"


PAGES: dict[str, tuple[Callable[[str], str], ...]] = {
    "docs/architecture.md": (block("checkpoints", signed_at), block("map", map_of_files)),
    "docs/actions.md": (actions,),
    "docs/rules.md": (block("rules", rule_table), block("matters", matter_table), block("figures", figure_table)),
    "docs/glossary.md": (block("enums", enum_table),),
}


def anew(name: str) -> str:
    """The page as it should stand now."""
    page = (ROOT / name).read_text(encoding="utf-8")
    for step in PAGES[name]:
        page = step(page)
    return page


def main() -> None:
    for name in PAGES:
        (ROOT / name).write_text(anew(name), encoding="utf-8")


if __name__ == "__main__":
    main()
