"""The frame of every plain HTML page: small, quick, complete without JavaScript, in the reader's language and size of type."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from pages.kit.html import m, nb_all
from pages.kit.look import squeeze
from pages.kit.words import OTHER, demo_mark, lang, size, t
from pages.plain.fields import refused
from services import assets

HERE = Path(__file__).parent
TYPED = re.compile(r'<textarea class="in"|<input class="in" id="(?!code")[^"]*" name="[^"]*" type="(?!password)')
"""What a person types and would not type twice: such a page brings `keep.js`, which never takes passwords or codes."""
RARE = ("table", "th", "td", "tr", "blockquote", "fieldset", "legend", "textarea", "select", "form", "button", "h2", "footer")


@cache
def _rules() -> tuple[tuple[str, str], ...]:
    """The sheet as (selector, body) pairs; a media query is one pair whose body holds rules."""
    css = squeeze((HERE / "phone.css").read_text(encoding="utf-8"))
    return tuple(re.findall(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}", css))


@lru_cache(maxsize=256)
def style(used: frozenset[str]) -> Markup:
    """The part of the sheet that a page with these classes and tags needs: phones on slow lines pay for every byte."""

    def kept(selector: str) -> bool:
        names = {*re.findall(r"\.([a-z][\w-]*)", selector), *(tag for tag in RARE if re.search(rf"(?<![\w.#-]){tag}\b", selector))}
        return names <= used

    def some(rules: Iterable[tuple[str, str]]) -> str:
        made = ""
        for selector, body in rules:
            if selector.startswith("@"):
                inside = some(re.findall(r"([^{}]+)\{([^{}]*)\}", body))
                made += f"{selector}{{{inside}}}" if inside else ""
            elif needed := [part for part in selector.split(",") if kept(part)]:
                made += f"{','.join(needed)}{{{body}}}"
        return made

    return Markup(some(_rules()))


def _used(markup: str) -> frozenset[str]:
    classes = " ".join(a or b for a, b in re.findall(r"""\bclass=(?:"([^"]*)"|([\w-]+))""", markup)).split()
    return frozenset(classes) | {tag for tag in RARE if f"<{tag}" in markup}


@cache
def _logo() -> Markup:
    drawn = (HERE.parent / "kit" / "art" / "logo.svg").read_text(encoding="utf-8")
    return Markup(drawn.replace("#0B5F50", "currentColor").replace('height="44" width="110"', 'aria-hidden="true"'))


def page(
    title: str,
    *parts: Markup | str,
    here: str = "/",
    heading: str | Markup | None = None,
    sub: str | Markup = "",
    foot: Markup | str = "",
    mark: str = "",
    live: bool = False,
    paper: bool = False,
    once: bool = False,
    wrong: bool = False,
) -> Markup:
    """A whole page. `here`: its own address with query, for the switches. `heading`: other than the title, "" for none
    (a part brings its own h1). `mark`: a band such as the practice space's. `live`: it holds a part made by `live_part`.
    `paper`: a print view, wider; its switches stay on the screen. `once`: what it shows comes this once, so it has no switches:
    they load a page anew, and what it showed would be lost. `wrong`: something typed was refused; the title says so."""
    top = m("<h1>{title}</h1>", title=title if heading is None else heading) if heading != "" else Markup("")
    if sub:
        top += m('<p class="q">{sub}</p>', sub=sub)
    inside = Markup("").join(m("{part}", part=part) for part in parts)
    keeps = not paper and 'method="post"' in inside and TYPED.search(inside) is not None
    scripts = [name for name, wanted in (("live.js", live), ("keep.js", keeps)) if wanted]
    bands = [text for text in (demo_mark(), mark) if text]
    body = m(
        "<body>{bands}<header>{logo}{switches}</header><main id=main>{top}{parts}</main>{foot}{script}</body>",
        bands=Markup("").join(m('<p class="demo">{text}</p>', text=text) for text in bands),
        logo=m('<a href="/" aria-label="{name}">{logo}</a>', name=t("Yiqi, to the front page"), logo=_logo()),
        switches="" if once else switches(here),
        top=top,
        parts=inside,
        foot=m("<footer>{foot}</footer>", foot=foot) if foot else "",
        script=Markup("").join(m('<script src="{src}" defer></script>', src=assets.address(name)) for name in scripts),
    )
    whole = m(
        '<!doctype html><html lang="{lang}" data-size="{size}"{paper}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        '<title>{wrong}{title} | {brand}</title><link rel="icon" href="data:,"><style>{style}</style></head>'
        "{body}</html>",
        lang=lang(),
        size=size(),
        paper=Markup(' class="paper"') if paper else "",
        wrong=t("Please check: ") if wrong or refused() else "",
        title=title,
        brand=t("Yiqi"),
        style=style(_used(body) | ({"paper"} if paper else set()) | ({"nt", "ok", "brk"} if live else set())),
        body=body,
    )
    return nb_all(whole)


def switches(here: str) -> Markup:
    """Size of type and language, as plain links that come back to this page."""
    back = quote(here, safe="/")
    letter = "字" if lang() == "zh-CN" else "A"
    sizes = Markup("").join(
        m(
            '<a href="/size/{n}?next={back}" rel="nofollow" aria-label="{name}"{on}>{letter}</a>',
            n=n,
            back=back,
            name=name,
            on=Markup(' aria-current="true"') if n == size() else "",
            letter=letter,
        )
        for n, name in ((1, t("Normal type")), (2, t("Large type")), (3, t("Largest type")))
    )
    other, short, _, name = OTHER[lang()]
    return m(
        '<div class="hs"><nav class="sz l" aria-label="{language}">'
        '<a href="/lang/{other}?next={back}" rel="nofollow" lang="{other}" hreflang="{other}" aria-label="{name}">{short}</a></nav>'
        '<nav class="sz" aria-label="{type}">{sizes}</nav></div>',
        language=t("Language"),
        other=other,
        back=back,
        name=name,
        short=short,
        type=t("Size of type"),
        sizes=sizes,
    )


def live_part(name: str, head_address: str, head: str, *parts: Markup | str, every: int = 2, stream: str = "") -> Markup:
    """A part that follows `head_address` (a short text that changes with the content): redrawn when it differs from `head`,
    unless somebody is filling in something inside it. `stream`: an event stream of heads, in place of asking."""
    return m(
        '<div id="{name}" data-live="{at}" data-head="{head}" data-every="{every}"{stream}'
        ' data-fresh="{fresh}" data-broken="{broken}">{parts}</div>',
        name=name,
        at=head_address,
        head=head,
        every=every,
        stream=m(' data-stream="{to}"', to=stream) if stream else "",
        fresh=t("Something has changed. Load the page again."),
        broken=t("The line is broken, stopped at"),
        parts=Markup("").join(m("{part}", part=part) for part in parts),
    )
