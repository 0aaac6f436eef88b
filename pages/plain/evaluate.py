"""/evaluate/{id}: how it turned out, in one page for old phones: points, whether the problem is gone, a word; no script needed."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from pages.kit import judged
from pages.kit.html import m, user_text
from pages.kit.marks import Tone
from pages.kit.words import deadline, opening, t
from pages.plain import fields, parts
from pages.plain.door import Asked, go, route
from pages.plain.page import page
from services import evaluations
from services.errors import NotFound
from services.reads import evaluating
from services.reads.after_ground import Answering
from services.reads.evaluating import Sheet
from services.work import do


def show(asked: Asked) -> Markup:
    """The questions; for several homes first which one; `?about=1`: all of the problem it was about."""
    found = evaluating.sheet(asked.actor, asked.params["id"])
    wanted = asked.get("home") or asked.query.get("home", "")
    home = _home(found, wanted)
    if asked.query.get("about") and home is not None:
        to = f"{asked.path}?home={home.unit_id}"
        whole = parts.in_full([("", found.problem)], f"{to}&about=1", asked.query.get("sheet", ""))
        return page(found.title, whole, fields.end(fields.way(t("Back"), to, quiet=True)), here=asked.here)
    if asked.query.get("done") and home is not None and home.score:
        return _thanks(asked, found)
    if home is None:
        return _choose(asked, found)
    if found.closed is not None and fields.refused():
        raise found.closed  # so that what was typed is shown to be copied
    made = _questions(asked, found, home, brief=False)
    return made if parts.light(made) else _questions(asked, found, home, brief=True)


def _questions(asked: Asked, found: Sheet, home: Answering, brief: bool) -> Markup:
    """`brief`: the problem with its beginning alone."""
    about = m('<p class="q">{problem}</p>', problem=user_text(parts.in_short(found.problem, brief)))
    if brief:
        way = '<p><a href="{path}?home={home}&amp;about=1" target="_blank">{word}</a></p>'
        about += m(way, path=asked.path, home=home.unit_id, word=t("Read all of it"))
    if found.closed is not None:
        return page(found.title, about, parts.note(fields.sentence(found.closed)), _back(found), here=asked.here, sub=found.community)
    until = t("Until {when} you may change it. No name is shown beside it.", when=deadline(found.ends_at, found.zone))
    given = parts.note(judged.said([home]), tone=Tone.OK) if home.score else Markup("")
    return page(found.title, given, about, _form(asked, found, home), parts.say(until, small=True), here=asked.here, sub=found.done)


def _home(found: Sheet, wanted: str) -> Answering | None:
    """The home asked for; the only one where there is one. Raises NotFound for one that is not the reader's."""
    if not wanted:
        return found.homes[0] if len(found.homes) == 1 else None
    home = next((each for each in found.homes if each.unit_id == wanted), None)
    if home is None:
        raise NotFound()
    return home


def _form(asked: Asked, found: Sheet, home: Answering) -> Markup:
    points = [fields.Option(str(n), t(said)) for n, said in judged.SCORES.items()]
    answers = [fields.Option("yes", t(judged.SOLVED[True])), fields.Option("no", t(judged.SOLVED[False]))]
    solved = "" if home.solved is None else "yes" if home.solved else "no"
    score = str(home.score) if home.score else ""
    return fields.form(
        asked.path,
        asked.token,
        fields.hidden("home", home.unit_id),
        fields.cards("score", t("How do you find it now?"), points, value=score, shown=True),
        fields.tags("solved", t("Is the problem gone?"), answers, value=solved),
        fields.textarea("text", t("In your words (if you like)"), value=home.text),
        fields.end(fields.button(t("Change my answer") if home.score else t("Hand it in"))),
    )


def _choose(asked: Asked, found: Sheet) -> Markup:
    rows = [
        (
            f"{asked.path}?home={each.unit_id}", t("Home {home}", home=each.label),
            t("Answered: {score}. Until the end you may change it.", score=t(judged.SCORES[each.score])) if each.score
            else t("Not answered yet"), Markup(""),
        )
        for each in found.homes
    ]  # fmt: skip
    shown = parts.links_on_sheets(rows, asked.path, asked.query.get("sheet", ""))
    return page(found.title, shown, here=asked.here, sub=t("You answer for several homes here. Choose one of them."))


def _thanks(asked: Asked, found: Sheet) -> Markup:
    rows = [
        (opening(deadline(found.ends_at, found.zone)), t("The evaluation ends. Until then you may change your answer.")),
        (t("After that"), t("Everybody sees how it turned out.")),
    ]
    on = fields.end(
        fields.way(t("To the matter"), f"/proposal?id={found.proposal_id}"), fields.way(t("Change my answer"), asked.path, quiet=True)
    )
    return page(t("Thank you. Your home's answer is in."), parts.rows(rows), on, here=asked.here, sub=found.title)


def _back(found: Sheet) -> Markup:
    return fields.end(fields.way(t("To the matter"), f"/proposal?id={found.proposal_id}"))


def act(asked: Asked) -> Response:
    """The answer of a home."""
    score = asked.get("score")
    solved = {"yes": True, "no": False}.get(asked.get("solved"))
    do(
        asked.actor, evaluations.answer, evaluation_id=asked.params["id"], score=int(score) if score in set("12345") else 0, solved=solved,
        text=asked.get("text"), unit_id=asked.get("home") or None,
    )  # fmt: skip
    home = asked.get("home")
    return go(f"{asked.path}?done=1&home={home}" if home else f"{asked.path}?done=1")


routes: list[Route] = [route("/evaluate/{id}", show, act)]
