"""Both languages are complete: every message id has Chinese words with the same placeholders, and no catalog keeps an unused one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from enum import Enum
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from models import vocabulary
from services import i18n
from tests.fixtures.run import ROOT
from tests.house.ids import Id, all_ids, pasted, placeholders, refusals
from tests.house.source import Module, modules, nothing

LOCALE = ROOT / "locale"
# Enums whose words nobody reads on a screen.
UNSEEN: set[str] = set()
# Ids that another program says: Streamlit's own words, translated in the browser.
STREAMLITS = {"streamlit.po"}
UNWANTED = re.compile("系统|操作成功|敬请|亲爱的|！！")
# Words that stand for a thing that has another name here: 立案, 监督员, 好处 and 坏处.
SECOND_NAMES = re.compile("受理|监督人|赞成|请您代表")
HAN = re.compile(r"[\u3400-\u9fff]")


def catalogs(lang: str) -> dict[Path, Catalog]:
    folder = i18n.FOLDERS[lang]
    files = sorted((LOCALE / folder).glob("*.po"))
    return {path: read_po(BytesIO(path.read_bytes()), locale=folder, abort_invalid=True) for path in files}


def entries(catalog: Iterable[Message]) -> list[tuple[str, str, tuple[str, ...], Message]]:
    """(context, id, forms, message) without the header."""
    found = []
    for message in catalog:
        if message.id:
            name = message.id[0] if isinstance(message.id, list | tuple) else message.id
            forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
            found.append((message.context or "", str(name), tuple(str(form or "") for form in forms), message))
    return found


def enum_words() -> list[Id]:
    """The ids of `i18n.word`: an enum member's value, with its class as context."""
    named = [kind for kind in vars(vocabulary).values() if isinstance(kind, type) and issubclass(kind, Enum)]
    kinds = [kind for kind in named if kind.__module__ == vocabulary.__name__ and kind.__name__ not in UNSEEN]
    return [Id(str(one.value).replace("_", " "), f"{kind.__name__}.{one.name}", kind.__name__) for kind in kinds for one in kind]


def used() -> list[Id]:
    return all_ids(modules()) + enum_words()


def untranslated(wanted: Iterable[Id], known: set[tuple[str, str]]) -> list[Id]:
    """Ids without Chinese words, each once; one that was only marked may have them under the context that it is shown with."""
    anywhere = {name for _, name in known}
    found: dict[tuple[str, str], Id] = {}
    for one in wanted:
        marked = one.values is None and not one.context and one.message in anywhere
        if one.message and not marked and not {(one.context, one.message), ("", one.message)} & known:
            found.setdefault((one.context, one.message), one)
    return list(found.values())


def chinese() -> set[tuple[str, str]]:
    """(context, id) of everything that has Chinese words."""
    known = set()
    for catalog in catalogs("zh-CN").values():
        for context, name, _, message in entries(catalog):
            known |= {(context, name)} | {(context, str(each)) for each in message.id if isinstance(message.id, list | tuple)}
    return known


def wrong_words(path: Path, catalog: Iterable[Message], *, chinese: bool) -> list[str]:
    found = []
    for _, name, forms, message in entries(catalog):
        wanted = placeholders(message.id[1] if isinstance(message.id, list | tuple) else name)
        where = f"{path.name}: {name!r}"
        if message.fuzzy or not all(form.strip() for form in forms):
            found.append(f"{where} has no words")
        elif any(placeholders(form) != wanted for form in forms):
            found.append(f"{where} has other placeholders: {forms}")
        elif chinese and UNWANTED.search("".join(forms)):
            found.append(f"{where} speaks like an office: {forms}")
        if HAN.search(name):
            found.append(f"{where} is an id in Chinese")
    return found


def unused(catalog: Iterable[Message], wanted: Iterable[Id], literals: set[str]) -> list[str]:
    """Ids that stand nowhere: neither as a string in the source nor as the word of an enum."""
    words = {(one.context, one.message) for one in wanted if one.context}
    return [name for context, name, _, _ in entries(catalog) if name not in literals and (context, name) not in words]


def strings() -> set[str]:
    """Every string in the product's source."""
    nodes = (node for module in modules() for node in ast.walk(module.tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def wrong_values(wanted: Iterable[Id]) -> list[str]:
    """Calls that do not give exactly what their message names."""
    return [
        f"{one.at}: {one.message!r} is given {sorted(one.values)}"
        for one in wanted
        if one.values is not None and (extra := one.values ^ placeholders(one.message)) and extra != {"n"}
    ]


def test_every_id_is_in_chinese() -> None:
    """`make words` prints what is missing, ready for a catalog."""
    nothing([f"{one.at}: {one.context and one.context + ': '}{one.message!r}" for one in untranslated(used(), chinese())])


@pytest.mark.parametrize("lang", i18n.LANGS)
def test_the_words_are_right(lang: str) -> None:
    nothing([line for path, catalog in catalogs(lang).items() for line in wrong_words(path, catalog, chinese=lang == "zh-CN")])
    nothing(i18n.clashes(lang))


@pytest.mark.parametrize("lang", i18n.LANGS)
def test_no_catalog_keeps_an_unused_id(lang: str) -> None:
    wanted, literals = enum_words(), strings()
    ours = {path.name: catalog for path, catalog in catalogs(lang).items() if path.name not in STREAMLITS}
    nothing([f"{file}: {name!r}" for file, catalog in ours.items() for name in unused(catalog, wanted, literals)])


def test_calls_give_what_their_messages_name() -> None:
    nothing(wrong_values(all_ids(modules())))


def test_no_id_is_pasted_together() -> None:
    classes = refusals(modules())
    nothing([line for module in modules() for line in pasted(module, classes)])


def test_every_language_has_the_same_folder_names() -> None:
    assert {path.name for path in LOCALE.iterdir() if path.is_dir()} == set(i18n.FOLDERS.values())


SAMPLE = """
    class Invalid(Refusal): ...
    ASK = "Please ask {name}."
    def f(work, late):
        t("Save {n}", n=1)
        t("Late" if late else "In time")
        tn("{n} home", "{n} homes", 3)
        raise Invalid(ASK, name="Li")
"""


def test_a_thing_has_one_name() -> None:
    catalogs = {path.name: read_po(BytesIO(path.read_bytes())) for path in (LOCALE / "zh_CN").glob("*.po") if path.name not in STREAMLITS}
    nothing([f"{name}: {one.string}" for name, po in catalogs.items() for one in po if SECOND_NAMES.search(str(one.string))])


def test_ids_are_found() -> None:
    found = all_ids([Module.of("services/sample.py", SAMPLE)])
    assert {one.message for one in found} == {"Save {n}", "Late", "In time", "{n} home", "{n} homes", "Please ask {name}."}
    assert {one.message for one in untranslated(found, {("", "Late")})} == {one.message for one in found} - {"Late"}
    assert len(untranslated(found, set())) == 6


def test_wrong_samples_are_found() -> None:
    pairs = {"": "", "Save {n}": "保存 {m}", "Empty": "", "Ok": "操作成功"}
    po = read_po(BytesIO("\n\n".join(f'msgid "{name}"\nmsgstr "{words}"' for name, words in pairs.items()).encode()))
    assert len(wrong_words(Path("x.po"), po, chinese=True)) == 3
    assert unused(po, [Id("Ok", "x", "Poll")], {"Empty"}) == ["Save {n}", "Ok"]
    wrong = Module.of("pages/bad.py", "t('Save {n}', m=1)\nt(f'Save {x}')\nt('a' + b)")
    assert len(wrong_values(all_ids([wrong]))) == 1
    assert len(pasted(wrong, {"Refusal"})) == 2
    assert wrong_values(all_ids([Module.of("pages/good.py", "t('Save {n}', n=1, context='Poll')\nt('Save {n}', **values)")])) == []
