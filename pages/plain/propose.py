"""File a proposal on one page: the twin of the four steps for old phones; every field, nothing typed lost, no script."""

from __future__ import annotations

from functools import partial

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import BaseRoute

from models.vocabulary import Category
from pages.kit.filed import receipt_of
from pages.kit.html import m, user_line, user_text
from pages.kit.marks import Tone
from pages.kit.words import near, t, tn, word
from pages.plain import attached, fields, parts
from pages.plain.door import Asked, go, route
from pages.plain.page import page
from services import files, filing, once, proposals
from services.reads import filing as ground
from services.reads.filing import Ground, Returned
from services.reads.similar import Alike, alike
from services.work import do, new_id

GIVEN = (
    "title",
    "problem",
    "plan",
    "place",
    "estate_id",
    "category",
    "cost",
    "beneficiaries",
    "carried_out_by",
    "form",
    "concern_id",
    "concern",
)
WRITTEN = ("title", "problem", "plan")
ALONG = "along"
REASON = 500
"""Signs of the committee's reason beside a form that is heavy with the writer's own words."""


def _ground(asked: Asked) -> tuple[Ground, Returned | None, str]:
    """What the form begins with; for `?id=` the proposal that came back. Raises the refusal of somebody who may not file."""
    again = ground.returned(asked.actor, asked.query["id"]) if asked.query.get("id") else None
    kind = f"proposal:{again.id}" if again else "proposal"
    here = ground.ground(asked.actor, kind, "proposal.submit")
    if again is None and here.why_not is not None:
        raise here.why_not
    return here, again, kind


def show(asked: Asked) -> Markup:
    """`/propose`: all fields on one page; `?id=&reason=1`: all that the committee asks for."""
    here, again, _ = _ground(asked)
    if again and asked.query.get("reason"):
        to = f"/propose?id={again.id}"
        whole = parts.in_full([("", again.reason)], f"{to}&reason=1", asked.query.get("sheet", ""))
        return page(t("What the committee asks for"), whole, fields.end(fields.way(t("Back"), to, quiet=True)), here=asked.here)
    made = _form(asked, here, again, brief=False)
    return made if parts.light(made) else _form(asked, here, again, brief=True)


def _form(asked: Asked, here: Ground, again: Returned | None, brief: bool) -> Markup:
    """`brief`: a long reason of the committee with its beginning alone."""
    given = _beginning(asked, here, again)
    gone = _let_go(asked, given, again)
    note = Markup("")
    if again and again.reason:
        note = parts.note(t("What the committee asks for"), user_text(parts.in_short(again.reason, brief, REASON)), Tone.RED)
        if brief and len(again.reason) > REASON:
            note += m('<p><a href="/propose?id={id}&amp;reason=1" target="_blank">{word}</a></p>', id=again.id, word=t("Read all of it"))
    elif here.draft and not fields.refused():
        note = parts.note(t("Kept {when}, not sent yet.", when=near(here.draft.saved_at, here.zone)))
    if not again:
        note += _anew(asked, here, given)
    if gone:
        note += parts.note(gone)
    close = _close(asked, given)
    if close and asked.query.get("like") and not fields.refused():
        note = parts.note(t("Not sent yet. Look first whether somebody has said the same."), "", Tone.WAIT) + close
    form = fields.form(
        asked.here if again else "/propose",
        asked.token,
        attached.first_button(),
        fields.hidden("told", "1") if close else Markup(""),
        *(fields.hidden(name, given[name]) for name in ("form", "concern_id", "concern")),
        fields.hidden("seen", str(again.version)) if again else Markup(""),
        fields.field("title", t("In one line"), value=given["title"]),
        fields.textarea("problem", t("What is the matter"), value=given["problem"],
                        hint=t("Who has which trouble, since when, how often?")),
        fields.textarea("plan", t("What should be done"), value=given["plan"],
                        hint=t("What should be there afterwards? Several ways are welcome.")),
        fields.field("place", t("Where is it"), value=given["place"]),
        fields.select("estate_id", t("Which estate"), here.estates, value=given["estate_id"], blank=t("Choose one")),
        fields.tags("category", t("Category"), [fields.Option(each.value, word(each)) for each in Category if each is not Category.HAZARD],
                    value=given["category"]),
        fields.field("cost_fen", t("What it costs, in yuan"), value=given["cost"], inputmode="decimal",
                     hint=t("1860; leave it empty if nobody knows yet")),
        fields.textarea("beneficiaries", t("Who benefits"), value=given["beneficiaries"], rows=2),
        fields.field("carried_out_by", t("Who carries it out"), value=given["carried_out_by"]),
        attached.field(here.files, t("Photos, drawings, offers (5 MB each)"), "", documents=True),
        _along(asked, here, given),
        attached.shown(again.files) if again else Markup(""),
        Markup("") if asked.query.get("like") else close,
        fields.end(
            fields.button(t("File it again") if again else t("Send it"), name="do", value="send"),
            Markup('<button class="go sec" name="do" value="keep" formnovalidate>{}</button>').format(t("Keep it for later")),
            t("Nothing is lost: what you wrote is kept each time you press a button."),
        ),
    )  # fmt: skip
    sub = m("{said}", said=t("This comes of concern {number}.", number=given["concern"])) if given["concern"] else ""
    return page(
        t("Complete your proposal") if again else t("Write a proposal"), note, form, here=asked.here, sub=sub, wrong=bool(fields.refused())
    )


def _beginning(asked: Asked, here: Ground, again: Returned | None) -> dict[str, str]:
    """The draft, else the returned proposal, else the concern, else an empty form. What was written is never mixed with another concern."""
    fresh = dict.fromkeys(GIVEN, "") | {"estate_id": here.home, "form": new_id()}
    if again:
        fresh |= {name: str(value) for name, value in again.fields.items() if name in GIVEN}
    kept = {name: str(here.draft.content[name]) for name in GIVEN if here.draft.content.get(name)} if here.draft else {}
    written = any(kept.get(name) for name in WRITTEN)
    origin = None if again or written else ground.origin(asked.actor, asked.query.get("concern"))
    return fresh | kept | (origin.fields(here.home) if origin else {})


def _let_go(asked: Asked, given: dict[str, str], again: Returned | None) -> str:
    """Leave a concern out that was closed meanwhile, or is no longer this reader's to take up, and say so; else ""."""
    if again or not given["concern_id"] or ground.origin(asked.actor, given["concern_id"]):
        return ""
    number, given["concern_id"], given["concern"] = given["concern"], "", ""
    return t("Concern {number} is closed, or no longer yours to take up. What you wrote is filed without it.", number=number)


def _anew(asked: Asked, here: Ground, given: dict[str, str]) -> Markup:
    """Beside what was written before: the way to begin anew, for another concern too."""
    if here.draft is None or fields.refused() or not any(given[name] for name in WRITTEN):
        return Markup("")
    origin = ground.origin(asked.actor, asked.query.get("concern"))
    other = origin if origin and origin.id != given["concern_id"] else None
    to, first = "/propose", Markup("")
    if other:
        to = f"/propose?concern={other.id}"
        first = parts.note(
            t("This is what you were writing before. Finish it first, or begin anew with concern {number}.", number=other.number)
        )
    button = m('<button class="go sec" name="do" value="forget">{word}</button>', word=t("Throw it away"))
    return m(
        '{first}<details class="mo"><summary>{word}</summary><p class="q">{said}</p>{form}</details>',
        first=first, word=t("Begin anew"), said=t("What you wrote and its files are thrown away. This cannot be undone."),
        form=fields.form(to, asked.token, button),
    )  # fmt: skip


def _along(asked: Asked, here: Ground, given: dict[str, str]) -> Markup:
    """The photos of the concern it comes of that are not with it yet, and the button that takes them along."""
    origin = ground.origin(asked.actor, given["concern_id"])
    left = origin.not_in(here.files) if origin else ()
    if not left:
        return Markup("")
    said = tn("Take its photo along", "Take its {n} photos along", len(left))
    told = t("The concern has photos. With the proposal everybody can see them.")
    press = m('<p><button class="go sec" name="do" value="{value}" formnovalidate>{said}</button></p>', value=ALONG, said=said)
    return m('<p class="q" style="margin-top:1em">{told}</p>', told=told) + attached.shown(left) + press


def _close(asked: Asked, given: dict[str, str]) -> Markup:
    """Who said something like it, as far as the form says what it is about."""
    found = _alike(asked, given)
    if not found:
        return Markup("")
    rows = [
        (
            f"/proposal?id={each.id}",
            user_line(each.title),
            f"{each.number} · {each.estate}",
            parts.badge(tn("{n} voice", "{n} voices", each.voices)),
        )
        for each in found
    ]
    said = tn("{n} person said something like it", "{n} people said something like it", max(each.voices for each in found))
    return parts.note(said, t("Is it the same? Then your voice there helps more.")) + parts.links(rows)


def _alike(asked: Asked, given: dict[str, str]) -> tuple[Alike, ...]:
    but = [asked.query["id"]] if asked.query.get("id") else []
    return alike(asked.actor, f"{given['title']} {given['problem']}", kinds=("proposal",), but=but)


def send(asked: Asked) -> Response:
    """Keep everything first; then send it, once: a second press of a form that was sent finds its receipt and leaves nothing."""
    given = {name: asked.get("cost_fen" if name == "cost" else name) for name in GIVEN}
    if sent := _receipt(_sent(asked, given)):
        return sent
    _, again, kind = _ground(asked)
    if asked.get("do") == "forget" and not again:
        do(asked.actor, filing.throw_away, kind)
        return go(asked.here)
    dropped = attached.drop(asked, f"draft:{kind}")
    pressed = "drop" if dropped else attached.pressed(asked, "send", "keep", ALONG)
    uploads, check = attached.uploads(asked), partial(proposals.look_over, given) if pressed == "send" else None
    filing.keep(asked.actor, kind=kind, content=given, step=_step(given), uploads=uploads, check=check)
    if pressed == "drop":
        return go(asked.here)
    if pressed == ALONG:
        do(asked.actor, files.take_along, concern_id=given["concern_id"], kind=kind)
        return go(asked.here)
    if pressed == "keep":
        return go(f"{asked.here}{'&' if '?' in asked.here else '?'}kept=1")
    values = proposals.look_over(given)
    filed = again or ground.is_there(asked.actor, values, given["concern_id"] or None)
    if not filed and asked.get("told") != "1" and _alike(asked, given):
        # Of two presses at once the second finds what the first has just made.
        return _receipt(_sent(asked, given)) or go("/propose?like=1")
    if again:
        made = do(asked.actor, proposals.resubmit, proposal_id=again.id, seen=_seen(asked, again), **values)
    else:
        made = do(asked.actor, proposals.submit, **values, concern_id=given["concern_id"] or None, form=given["form"])
    return go(f"/propose/{made.id}")


def _receipt(made: str) -> Response | None:
    return go(f"/propose/{made}") if made else None


def _sent(asked: Asked, given: dict[str, str]) -> str:
    """The proposal that came of this very form with these very words already, "" while nothing has."""
    word_of, form = proposals.word_of, {"form": given["form"] or "again"}
    sent = word_of(given | form)
    if again := asked.query.get("id"):
        made = ground.completed(asked.actor, again, asked.get("seen"))
        return again if made and word_of(made | form) == sent else ""
    made_id = once.id_of(asked.actor, sent)
    if not given["form"] or not sent or not ground.is_filed(asked.actor, made_id):
        return ""
    do(asked.actor, filing.forget_sent, "proposal", sent, word_of)
    return made_id


def _seen(asked: Asked, again: Returned) -> int:
    """The version that was on the page."""
    given = asked.get("seen")
    return int(given) if given.isdecimal() and len(given) < 10 else again.version


def _step(given: dict[str, str]) -> int:
    """At which of the four steps somebody who goes on with the wizard is set down."""
    return 3 if given["plan"] else 2 if given["title"] and given["problem"] else 1


def show_receipt(asked: Asked) -> Markup:
    """`/propose/{id}`: the receipt of one's own proposal."""
    filed = ground.filed(asked.actor, asked.params["id"])
    about = m('<p class="s">{title}</p>', title=user_line(filed.title))
    end = fields.end(fields.way(t("See the proposal"), f"/proposal?id={filed.id}"), fields.way(t("To the front page"), "/", quiet=True))
    return page(t("Proposal {number}", number=filed.number), parts.receipt(receipt_of(filed)), about, end, here=asked.here, heading="")


routes: list[BaseRoute] = [route("/propose", show, send), route("/propose/{id}", show_receipt)]
