"""No literal reaches a reader untranslated: what Streamlit is given, what templates hold, and any sentence in the pages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.ids import TAKES, refusals
from tests.house.source import Module, dotted, modules, nothing, under

# Elements of Streamlit that show their strings, as methods of `st` or of a container.
SHOWS = set(
    "write markdown title header subheader caption text metric button download_button link_button page_link form_submit_button checkbox"
    " toggle radio selectbox multiselect slider select_slider text_input number_input text_area date_input time_input datetime_input"
    " file_uploader camera_input audio_input color_picker chat_input pills segmented_control expander popover tabs dialog status spinner"
    " toast success info warning error badge menu_button progress Page set_page_config Column TextColumn NumberColumn CheckboxColumn"
    " SelectboxColumn DateColumn DatetimeColumn TimeColumn LinkColumn ImageColumn ListColumn ProgressColumn exception feedback".split()
)
FIRST_IS_NO_WORD = {"Page", "page_link", "progress"}
ALL_ARE_WORDS = {"write", "metric", "radio", "selectbox", "multiselect", "segmented_control", "pills", "select_slider"}
# The same in every language.
FORMATS = {"CSV", "PNG", "SVG", "PDF", "DOCX", "XLSX", "ICS", "QR"}
WORDS = {"label", "body", "help", "placeholder", "caption", "title", "text", "page_title", "options", "message", "delta", "header"}
NOT_STREAMLIT = {"i18n", "LOG", "log", "logs", "logging", "sys", "file"}
TEMPLATES = {"h", "m", "html", "Markup", "block"}
READ_ALOUD = re.compile(r"""\b(?:alt|title|aria-label|placeholder|aria-description)\s*=\s*(["'])(.*?)\1""", re.S)
HAN = re.compile(r"[\u3400-\u9fff]")
SENTENCE = re.compile(rf"[A-Za-z]{{2,}},? [A-Za-z]{{2,}}|{HAN.pattern}")
# Sentences that are for a program or for whoever runs the server, by file and beginning.
NOT_FOR_READERS = {
    ("pages/kit/charts.py", "PingFang"): "names of fonts",
    ("pages/kit/words.py", "EN, English"): "the language's own name",
    ("pages/plain/way_in.py", "Mac OS"): "what a browser calls itself",
    ("pages/plain/front.py", "Not Found"): "a missing picture or style sheet, read by a browser",
}
# Single signs of Chinese that are no words of a sentence: the letter of a party's disc, a size of type, the language's own name.
SIGNS = {"pages/kit/marks.py", "pages/kit/words.py", "pages/plain/page.py", "pages/plain/paper.py"}
TAGS = {"a", "b", "div", "i", "li", "ol", "p", "span", "td", "th", "ul"}
ATTRIBUTES = re.compile(r"""\s?[a-z]*(\s[a-z-]+(=("[^"]*"|'[^']*'|[\w{}-]+))?)+""")


def letters(text: str) -> bool:
    """Whether a reader would see words: without icons, placeholders and character names."""
    return bool(re.search(r"[A-Za-z\u3400-\u9fff]", re.sub(r":material/\w+:|\{[^{}]*\}|&#?\w+;", "", text)))


def seen(template: str) -> bool:
    """Whether markup holds words of its own, between its tags or in what is read aloud. Attributes and names of tags are no words."""
    if template in TAGS or ("<" not in template and ATTRIBUTES.fullmatch(template) and (template[0] == " " or "=" in template)):
        template = f"<{template}>"
    bare = re.sub(r"<(style|script)\b.*?</\1>|<!--.*?-->", "", template, flags=re.S)
    return letters(re.sub(r"<[^>]*>", "", bare)) or any(letters(found[2]) for found in READ_ALOUD.finditer(bare))


def _texts(node: ast.AST) -> Iterator[str]:
    """Literal strings of an expression; what another call makes of its arguments is that call's matter."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr | ast.List | ast.Tuple | ast.Set):
        for part in node.values if isinstance(node, ast.JoinedStr) else node.elts:
            yield from _texts(part)
    elif isinstance(node, ast.BinOp):
        yield from _texts(node.left)
        yield from _texts(node.right)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(value)


def _wholes(node: ast.AST) -> list[str]:
    """A template's whole text, one for each branch."""
    if isinstance(node, ast.IfExp):
        return _wholes(node.body) + _wholes(node.orelse)
    return ["".join(_texts(node))]


def shown(module: Module) -> list[str]:
    """Literals given to Streamlit's elements."""
    found = []
    for call in module.calls():
        name = dotted(call.func)
        first, last = name.partition(".")[0], call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if last not in SHOWS or first in NOT_STREAMLIT:
            continue
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        nodes = list([] if last in FIRST_IS_NO_WORD else call.args if last in ALL_ARE_WORDS else call.args[:1])
        nodes += [value for key, value in given.items() if key in WORDS and not (key == "options" and "format_func" in given)]
        if "format_func" in given:
            nodes = nodes[:1]
        found += [f"{module.at(call)} shows {text!r}" for node in nodes for text in _texts(node) if letters(text) and text not in FORMATS]
    return found


def templates(module: Module) -> list[str]:
    """Words that stand in our own markup."""
    found = []
    for call in module.calls():
        last = dotted(call.func).rpartition(".")[2]
        if last in TEMPLATES or (isinstance(call.func, ast.Attribute) and call.func.attr == "html"):
            found += [f"{module.at(call)} holds {text[:60]!r}" for node in call.args[:1] for text in _wholes(node) if seen(text)]
    return found


def _accounted(module: Module, classes: set[str]) -> set[ast.AST]:
    """What is an id, markup, a docstring or the words of a bug; constants that a call of these is given by name count too."""
    told: set[ast.AST] = set()
    for node in ast.walk(module.tree):
        if isinstance(body := getattr(node, "body", None), list):
            told |= {line.value for line in body if isinstance(line, ast.Expr)}
        if isinstance(node, ast.Call):
            last = dotted(node.func).rpartition(".")[2] or getattr(node.func, "attr", "")
            if last in TEMPLATES or last in TAKES or last in classes or last.endswith(("Error", "ContextVar", "compile")):
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                told |= {part for one in given for part in ast.walk(one) if not isinstance(part, ast.Call)}
    names = {part.id for part in told if isinstance(part, ast.Name)}
    for line in module.tree.body:
        if isinstance(line, ast.Assign) and {target.id for target in line.targets if isinstance(target, ast.Name)} & names:
            told |= set(ast.walk(line.value))
    return told


def sentence(text: str) -> bool:
    """Whether a string reads like one: two words beside each other, or Chinese; markup, style sheets and headers do not."""
    if text.lstrip().startswith(("<", "@", ".", ":", "--", "public, ", "private, ")) or re.search(r"[;<]|:\s*[\w-]+\(", text):
        return bool(HAN.search(text))
    return bool(SENTENCE.search(text))


def sentences(module: Module, classes: set[str]) -> list[str]:
    """Sentences that no reader's language reaches."""
    told = _accounted(module, classes)
    found = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node in told or not sentence(node.value):
            continue
        sign = module.path in SIGNS and len(node.value) <= 2
        if not sign and not any(module.path == path and node.value.startswith(begin) for path, begin in NOT_FOR_READERS):
            found.append(f"{module.at(node)} says {node.value[:70]!r}")
    return found


def test_streamlit_is_given_translated_words() -> None:
    nothing([line for module in under("pages/") for line in shown(module)])


def test_templates_hold_no_words() -> None:
    nothing([line for module in under("pages/") for line in templates(module)])


def test_pages_hold_no_sentences() -> None:
    classes = refusals(modules())
    nothing([line for module in under("pages/") for line in sentences(module, classes)])


@pytest.mark.parametrize(
    "line",
    [
        "st.button('Save')",
        "st.sidebar.button('保存')",
        "left.text_area(t('Why'), placeholder='In one sentence')",
        "st.tabs([t('One'), 'Two'])",
        "st.markdown(f'{n} homes')",
        "st.button('Save' if ready else t('Wait'))",
        "st.page_link('home.py', label='Home')",
        "st.set_page_config(page_title='Yiqi')",
        "st.radio(t('Choice'), ['yes', 'no'])",
    ],
)
def test_a_shown_literal_is_found(line: str) -> None:
    assert shown(Module.of("pages/bad.py", line))


@pytest.mark.parametrize("line", ["show(h('<p>Welcome</p>'))", "st.html('<img alt=\"A map\">')", "m('<b>{n}</b> homes', n=3)"])
def test_words_in_a_template_are_found(line: str) -> None:
    assert templates(Module.of("pages/bad.py", line))


@pytest.mark.parametrize(
    "line", ["p.empty('Nothing here yet')", "title = '提案'", "rows.append(('Due date', day))", "rows += ['Due on {day}'.format(day=day)]"]
)
def test_a_sentence_is_found(line: str) -> None:
    assert sentences(Module.of("pages/bad.py", line), {"Refusal"})


def test_right_samples_are_left_alone() -> None:
    good = '''
        """A page with a docstring of several words."""
        WAIT = "Please wait a moment."
        st.button(t("Save it now"), icon=":material/save:", key="save", help=t("Keeps what you typed"))
        st.page_link("home.py", label=t("Home"))
        st.radio(t("Choice"), ["yes", "no"], format_func=word)
        st.html("<style>.yq { color: red }</style>")
        show(h('<p class="a b" title="{title}">{n}&nbsp;%</p>', n=3, title=t("How many")))
        t(WAIT)
        raise Invalid("The title is empty. Write one sentence.", field="title")
        raise ValueError("an exact decimal is expected")
    '''
    module = Module.of("pages/good.py", good)
    assert shown(module) + templates(module) + sentences(module, {"Invalid"}) == []
