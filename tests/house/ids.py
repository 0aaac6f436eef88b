"""Finds message ids in the source: what `t`, `tn`, `N_`, `text`, `text_n` and refusals are given, through names and branches too."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tests.house.source import Module, dotted

# Function → places of its message ids. Calls are known by their last name: `t`, `words.t`; `text` only where it is the catalogs'.
TAKES: dict[str, tuple[int | str, ...]] = {
    "t": (0,), "tn": (0, 1), "N_": (0,), "say": (0,),
    "_rule": ("says",),  # rules/access.py
    "tell": (2,), "_tell": (2, 3),  # services/messages.py and those that pass on to it
    "RuleText": (1, 2, 3, 4), "Matter": (2,),  # rules/rule_texts.py
}
CATALOGS = "services.i18n"
FROM_CATALOGS: dict[str, tuple[int | str, ...]] = {"text": (1,), "text_n": (1, 2)}
NOT_VALUES = {"context", "field", "lang", "says"}


@dataclass(frozen=True)
class Id:
    """A message id where it is used: `values` are the names given for its placeholders, None where that cannot be read."""

    message: str
    at: str
    context: str = ""
    values: frozenset[str] | None = None


def placeholders(message: str) -> set[str]:
    """The names in braces; a broken format gives {"?"}."""
    try:
        return {name.partition(".")[0].partition("[")[0] for _, name, _, _ in string.Formatter().parse(message) if name is not None}
    except ValueError:
        return {"?"}


def refusals(modules: Iterable[Module]) -> set[str]:
    """The names of Refusal and of every class under it."""
    nodes = [node for module in modules for node in module.tree.body if isinstance(node, ast.ClassDef)]
    classes = {node.name: {dotted(base).rpartition(".")[2] for base in node.bases} for node in nodes}
    found = {"Refusal"}
    while more := {name for name, bases in classes.items() if bases & found} - found:
        found |= more
    return found - {"Several"}  # it repeats the message of another one


def constants(modules: Iterable[Module]) -> dict[str, ast.expr]:
    """Module-level names with what they stand for, by full name: "services.rules.access.SIGN_IN"."""
    found: dict[str, ast.expr] = {}
    for module in modules:
        for node in module.tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Name):
                        found[f"{module.name}.{target.id}"] = node.value
    return found


def _strings(node: ast.expr, module: Module, known: Mapping[str, ast.expr], brought: Mapping[str, str]) -> Iterator[str]:
    """Every string that an expression may be, as far as the source says it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body, module, known, brought)
        yield from _strings(node.orelse, module, known, brought)
    elif isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "N_" and node.args:
        yield from _strings(node.args[0], module, known, brought)
    elif name := dotted(node):
        first, _, rest = name.partition(".")
        full = f"{brought[first]}.{rest}".rstrip(".") if first in brought else f"{module.name}.{name}"
        if full in known and known[full] is not node:
            yield from _strings(known[full], module, known, brought)


def _given(call: ast.Call, module: Module, classes: set[str]) -> Iterator[ast.expr]:
    """The arguments of a call that are message ids."""
    name = dotted(call.func)
    last = name.rpartition(".")[2]
    places = (0,) if last in classes else TAKES.get(last, ())
    if last in FROM_CATALOGS and CATALOGS in (module.name, *_origin(name, module)):
        places = FROM_CATALOGS[last]
    if last == "note" and name.partition(".")[0] in ("check", "checks"):  # services/checks.py
        places = (0,)
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    for place in places:
        if isinstance(place, str) and place in named:
            yield named[place]
        elif isinstance(place, int) and len(call.args) > place and not isinstance(call.args[place], ast.Starred):
            yield call.args[place]


def _origin(name: str, module: Module) -> list[str]:
    """Where the first part of a name was imported from: "services.i18n" for `i18n.text` and for `text`."""
    first = name.partition(".")[0]
    return [full if "." in name else full.rpartition(".")[0] for full, _ in module.imports() if full.rpartition(".")[2] == first]


def ids(module: Module, classes: set[str], known: Mapping[str, ast.expr]) -> Iterator[Id]:
    """The message ids of one file."""
    brought = {full.rpartition(".")[2]: full for full, _ in module.imports()}
    for call in module.calls():
        name = dotted(call.func).rpartition(".")[2]
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        context = given.get("context")
        values = None if None in given or name not in ("t", "tn", "text", "text_n", *classes) else frozenset(map(str, given)) - NOT_VALUES
        if values is not None and name in ("tn", "text_n"):
            values |= {"n"}
        for node in _given(call, module, classes):
            for message in _strings(node, module, known, brought):
                said = str(context.value) if isinstance(context, ast.Constant) else ""
                yield Id(message, module.at(call), said, values if isinstance(node, ast.Constant) else None)
    for node in ast.walk(module.tree):  # the sentence that a refusal has by default
        if isinstance(node, ast.ClassDef) and node.name in classes:
            for function in (one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"):
                for default in function.args.defaults:
                    if isinstance(default, ast.Constant) and isinstance(default.value, str):
                        yield Id(default.value, module.at(function))


def pasted(module: Module, classes: set[str]) -> list[str]:
    """Ids that are put together at run time and so are in no catalog: f-strings, sums, format()."""
    return [
        f"{module.at(call)} pastes a message together; use one id with placeholders"
        for call in module.calls()
        for node in _given(call, module, classes)
        if isinstance(node, ast.JoinedStr | ast.BinOp) or getattr(getattr(node, "func", None), "attr", "") == "format"
    ]


def all_ids(modules: Iterable[Module]) -> list[Id]:
    """The message ids of the product."""
    whole = tuple(modules)
    classes, known = refusals(whole), constants(whole)
    return [one for module in whole for one in ids(module, classes, known)]
