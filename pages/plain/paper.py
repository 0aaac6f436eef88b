"""The ballot paper as a page: one question, equal answers, nothing else to load. It has a frame of its own, because every byte counts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from models.vocabulary import PollState, VotesBy
from pages.kit.html import m, nb_all
from pages.kit.look import squeeze
from pages.kit.votes import answer_about, answer_word, rule_sentence
from pages.kit.words import OTHER, ROOT_PX, demo_mark, lang, near, size, t
from pages.plain import fields, parts
from pages.plain.fields import refused, sentence
from pages.plain.page import page
from services.reads.ballots import Paper

MARK = Markup(
    "<svg viewBox='0 0 42 42'><g fill=currentColor><circle cx=37 cy=16 r=4 /><circle cx=31 cy=35 r=4 /><circle cx=11 cy=35 r=4 />"
    "<circle cx=5 cy=16 r=4 /></g><g fill=none stroke=currentColor stroke-width=3><circle cx=21 cy=21 r=8 />"
    "<circle cx=21 cy=4 r=2.5 /></g></svg>"
)
"""The round table of the logo, with as few strokes as it takes."""


FONTS = {"zh-CN": "PingFang SC,HarmonyOS Sans SC,Microsoft YaHei,Noto Sans CJK SC", "en": "-apple-system,Segoe UI,Roboto,Noto Sans"}


@cache
def _style(language: str) -> Markup:
    return Markup(squeeze((Path(__file__).parent / "paper.css").read_text(encoding="utf-8").replace("FONT", FONTS[language])))


def paper(
    given: Paper, *, action: str, token: str, result: str, others: Sequence[tuple[str, str]] = (), several: bool = False
) -> Markup:  # fmt: skip
    """The paper to fill in, or why it cannot be filled in now.

    `result`: where the vote is shown to everybody, for a paper that is closed; `others`: (label, address) of further papers of the reader.
    `several`: the reader holds more than one, so the switches come back to this very paper.
    What is said about the question and its answers stands on sheets of its own, by a link, where it would make the paper heavy.
    """
    here = f"{action}?paper={given.key}" if several else action
    made = _paper(given, action, here, token, result, others, brief=False)
    return made if parts.light(made) else _paper(given, action, here, token, result, others, brief=True)


def _paper(given: Paper, action: str, here: str, token: str, result: str, others: Sequence[tuple[str, str]], brief: bool) -> Markup:
    rule = rule_sentence(given.rule, given.source, given.answers)
    body = m("<h1 id=q{own}>{question}</h1><p>{rule}</p>", own=_own(given), question=given.question, rule=rule)
    if brief:
        to = f"{action}?about=1&paper={given.key}"
        body += m('<p><a href="{to}">{word}</a></p>', to=to, word=t("What it is about, and what each answer means"))
    elif given.explanation:
        about = {"word": t("What it is about"), "own": _own(given), "said": given.explanation}
        body += m("<details><summary>{word}</summary><p{own}>{said}</p></details>", **about)
    if given.votes_by is VotesBy.OWNER:
        said = t("Some provinces take owners' votes on an official platform only: this prepares and checks it.")
        body += m("<p><small>{said}</small></p>", said=said)
    body += _closed(given, result) if given.closed else _form(given, action, token, brief)
    more = Markup("").join(m('<p><a href="{to}">{said}</a></p>', to=to, said=said) for said, to in others)
    return _frame(given.question, m("{body}{more}", body=body, more=more), here)


def all_about(given: Paper, *, action: str, sheet: str, here: str) -> Markup:
    """`?about=1`: the explanation and every answer with what it means, on as many light sheets as it takes."""
    paragraphs = [m("<p class=q{own}>{line}</p>", own=_own(given), line=line) for line in given.explanation.split("\n") if line.strip()]
    answers = [
        parts.card(m("<b>{word}</b><p class=q>{about}</p>", word=answer_word(each.code, each.title), about=answer_about(each, given.rule)))
        for each in given.answers
    ]
    sheets = parts.sheets([*paragraphs, *answers], lambda piece: len(piece.encode()))
    at = parts.sheet_at(sheet, len(sheets))
    way = f"{action}?paper={given.key}"
    turn, back = parts.turn(f"{way}&about=1", at, len(sheets)), fields.end(fields.way(t("To the ballot"), way))
    return page(t("What it is about"), *sheets[at - 1], turn, back, here=here, sub=given.question)


def _own(given: Paper) -> Markup:
    """The language of what the community wrote, where the reader's is another one: glyphs follow it."""
    return Markup("") if given.language == lang() else m(' lang="{lang}"', lang=given.language)


def _form(given: Paper, action: str, token: str, brief: bool) -> Markup:
    errors = Markup("").join(m('<p class="x" role="alert">{said}</p>', said=sentence(each)) for each in refused())
    rows = Markup("").join(
        m(
            '<label><input type=radio name=choice value="{code}"{must}{on}><b>{word}</b>{about}</label>',
            code=each.code,
            must="" if at else " required",  # one is enough: it holds for the group
            on=Markup(" checked") if each.code == given.choice else "",
            word=answer_word(each.code, each.title),
            about=m("<small>{said}</small>", said=about) if not brief and (about := answer_about(each, given.rule)) else "",
        )
        for at, each in enumerate(given.answers)
    )
    cast = t("Your vote is in. Until the close you may change it.") if given.receipt else t("Nobody sees the result before the reveal.")
    until = t("Closes: {when}.", when=near(given.closes_at, given.zone)) if given.closes_at else ""
    return m(
        '<form method=post action="{action}"><input type=hidden name=token value="{token}"><input type=hidden name=paper value="{key}">'
        "{errors}<fieldset{own} aria-labelledby=q>{rows}</fieldset>"
        "<div class=e><p>{cast}</p><button>{word}</button><p>{until} {open}</p></div></form>",
        action=action, token=token, key=given.key, errors=errors, own=_own(given), rows=rows, cast=cast,
        word=t("Change my vote") if given.receipt else t("Cast this vote"), until=until,
        open=t("Open vote: your answer is kept with home {home}, and you may change it until then.", home=given.label),
    )  # fmt: skip


def _closed(given: Paper, result: str) -> Markup:
    said = [sentence(given.closed)] if given.closed else []
    if given.cancelled_reason:
        said.append(t("The reason: {reason}", reason=given.cancelled_reason))
    mine = next((answer_word(each.code, each.title) for each in given.answers if each.code == given.choice), "")
    if mine:
        said.append(t("Home {home} answered: {answer}.", home=given.label, answer=mine))
    if given.state is PollState.CLOSED:
        said.append(t("The result is shown at the reveal."))
    link = m('<div class=e><a class=g href="{to}">{word}</a></div>', to=result, word=t("See this vote"))
    return m("{said}{link}", said=Markup("").join(m("<p><br>{line}</p>", line=line) for line in said), link=link)


def _frame(title: str, body: Markup, here: str) -> Markup:
    back = quote(here, safe="/")
    other, short, _, name = OTHER[lang()]
    letter = "字" if lang() == "zh-CN" else "A"
    sizes = Markup("").join(
        m(
            '<a href="/size/{n}?next={back}" aria-label="{name}"{em}{on}>{letter}</a>',
            n=n, back=back, name=said, em=em, letter=letter, on=Markup(" class=o aria-current=true") if n == size() else "",
        )  # fmt: skip
        for n, em, said in (
            (1, "", t("Normal type")),
            (2, Markup(" style='font-size:1.2em'"), t("Large type")),
            (3, Markup(" style='font-size:1.4em'"), t("Largest type")),
        )
    )
    demo = m("<p><small>{said}</small></p>", said=said) if (said := demo_mark()) else ""
    return nb_all(
        m(
            '<!doctype html><html lang={lang} style=font-size:{px}px><meta charset=utf-8>'
            '<meta name=viewport content="width=device-width"><title>{title}</title><link rel=icon href=data:,><style>{style}</style>'
            "{demo}<header><b>{mark}{brand}</b>"
            '<nav><a href="/lang/{other}?next={back}" lang="{other}" aria-label="{name}">{short}</a>{sizes}</nav></header>{body}',
            lang=lang(), px=ROOT_PX[size()], title=title, style=_style(lang()), demo=demo, mark=MARK, brand=t("Yiqi"), other=other,
            back=back, name=name, short=short, sizes=sizes, body=body,
        )  # fmt: skip
    )
