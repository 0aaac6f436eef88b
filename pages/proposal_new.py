"""File a proposal in four steps, or complete one that came back: kept as one types, restored anywhere, sent once."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from models.vocabulary import Category
from pages.kit import door, forms, frame
from pages.kit import pieces as p
from pages.kit.alike import alike_list
from pages.kit.attachments import attachments, gallery
from pages.kit.filed import receipt_of
from pages.kit.html import h, m, show, user_line, user_text
from pages.kit.words import N_, money, near, t, tn, word
from services import drafts, files, filing, proposals
from services.reads import filing as reads
from services.reads import similar
from services.reads.stored_files import Shown
from services.rules.plain_text import one_line
from services.work import do, new_id

STEPS = (N_("What is the matter?"), N_("What should be done?"), N_("Where, what does it cost, who?"), N_("Check and send"))
FIELDS: tuple[tuple[str, ...], ...] = (
    ("title", "problem"),
    ("plan",),
    ("place", "estate_id", "category", "cost_fen", "beneficiaries", "carried_out_by"),
)
WORDS = {
    "title": N_("In one line"), "problem": N_("What is the matter"), "plan": N_("What should be done"), "place": N_("Where is it"),
    "estate_id": N_("Which estate"), "category": N_("Category"), "cost_fen": N_("What it costs, in yuan"),
    "beneficiaries": N_("Who benefits"), "carried_out_by": N_("Who carries it out"),
}  # fmt: skip
TOLD = {"cost_fen": N_("What it costs")}
"""What a field is called where its value is shown: an amount says its own currency."""
WRITTEN = ("title", "problem", "plan")
LAST = len(STEPS)

S = st.session_state
actor = frame.me()


def receipt(filed: reads.Filed) -> None:
    """What was filed, its number to say and to scan, and what happens next and by when."""
    with st.container(key="here_receipt"):  # comes into view, though the last step was read to its end
        show(h("{receipt}", receipt=p.receipt(receipt_of(filed))))
        ways = '<p class="ways"><a class="fbt" href="/proposal?id={id}" target="_self">{open}</a> <a href="/" target="_self">{home}</a></p>'
        show(h(ways, id=filed.id, open=t("See the proposal"), home=t("To the first page")))


if done := st.query_params.get("done"):
    receipt(reads.filed(actor, done))
    st.stop()

asked = st.query_params.get("id")
again = reads.returned(actor, asked) if asked else None
KIND = f"proposal:{again.id}" if again else "proposal"
here = reads.ground(actor, KIND, "proposal.submit")
if again is None:
    door.only(here.why_not is None, door.say(here.why_not) if here.why_not else "", actor)
fields = door.Fields()


# ---- what is being written


def beginning() -> dict[str, Any]:
    """A fresh form: what the returned proposal says, or what the concern said."""
    fresh: dict[str, Any] = {"form": new_id(), "estate_id": here.home}
    if again:
        return fresh | again.fields
    if origin := reads.origin(actor, st.query_params.get("concern")):
        fresh |= origin.fields(here.home)
    return fresh


def keep(name: str | None = None, step: int | None = None) -> None:
    """Keep the draft in the database, with what the widget of `name` says now."""
    writing = S["writing"]
    if name is not None:
        writing["content"][name] = S[f"new_{name}"] or ""
    if step is not None:
        writing["step"] = step
    do(frame.me(), drafts.save, kind=writing["kind"], content=writing["content"], step=writing["step"])


def turn_to(step: int) -> None:
    """To another step, without loss; it stands in the address."""
    keep(step=step)
    S.pop("new_tried", None)
    st.query_params["step"] = str(step)


def begin(content: dict[str, Any], step: int = 1) -> None:
    """From here on `content` is what is being written."""
    S["writing"] = {"kind": KIND, "content": content, "step": step}
    st.query_params["step"] = str(step)


def anew() -> None:
    """Throw the draft away and begin with an empty form."""
    do(frame.me(), filing.throw_away, KIND)
    for name in [name for name in S if str(name).startswith("new_")]:
        del S[name]
    begin(beginning())


def ask(left: reads.Draft) -> None:
    """Go on with what was left, or begin anew."""
    title = left.content.get("title") or left.content.get("problem") or left.content.get("plan") or ""
    show(h("{head}", head=p.head(t("You were writing something"))))
    with st.container(key="card_left"):
        show(h("{title}", title=p.heading(user_line(title[:60]), t("kept {when}", when=near(left.saved_at, here.zone)))))
        show(h("{dashes}", dashes=p.dashes(left.step, LAST, t(STEPS[left.step - 1]))))
        on, off, _ = st.columns([1, 1, 2])
        with on:
            forms.turn(t("Go on writing"), "go_on", begin, left.content, left.step, type="primary", width="stretch")
        with off.popover(t("Begin anew"), width="stretch"):
            show(h("<p>{said}</p>", said=t("What you wrote and its files are thrown away. This cannot be undone.")))
            forms.turn(t("Throw it away"), "anew", anew, width="stretch")


if S.get("writing", {}).get("kind") != KIND:
    left = here.draft if here.draft and any(here.draft.content.get(name) for name in WRITTEN) else None
    if left and "step" not in st.query_params:
        ask(left)
        st.stop()
    S["writing"] = {"kind": KIND, "content": left.content if left else beginning(), "step": left.step if left else 1}
content: dict[str, Any] = S["writing"]["content"]
given = st.query_params.get("step", "")
step = int(given) if given in ("1", "2", "3", "4") else S["writing"]["step"]
if not any(content.get(name) for name in WRITTEN):
    step = 1  # nothing is written: somebody went back after sending, or kept the address of a later step
S["writing"]["step"] = step
if given != str(step):
    st.query_params["step"] = str(step)  # whoever comes back to this address, after a broken line too, goes on in this step unasked


# ---- the steps


def line(name: str, said: str, **how: Any) -> None:
    """One line that is kept while it is typed."""
    key = f"new_{name}"
    value = st.text_input(said, content.get(name, ""), key=key, on_change=keep, args=(name,), live=True, **how)
    content[name] = value or ""


def lines(name: str, said: str, **how: Any) -> None:
    """Several lines, kept when the field is left."""
    value = st.text_area(said, content.get(name, ""), key=f"new_{name}", on_change=keep, args=(name,), **how)
    content[name] = value or ""
    fields.under(name)


lost = content.get("concern_id", "") if not again else ""
if lost and reads.origin(actor, lost) is None:
    content["without"] = content.get("concern", "")
    content["concern_id"] = content["concern"] = ""
else:
    lost = ""


def the_matter() -> None:
    if content.get("concern"):
        show(h('<p class="q">{said}</p>', said=t("This comes of concern {number}.", number=content["concern"])))
    line("title", t(WORDS["title"]), placeholder=t("Two benches with armrests for the small garden"))
    fields.under("title")
    lines("problem", t(WORDS["problem"]), height=140, placeholder=t("Who has which trouble, since when, how often?"))


def the_plan() -> None:
    lines("plan", t(WORDS["plan"]), height=180, placeholder=t("What should be there afterwards? Several ways are welcome."))
    if again and again.files:
        show(h('<p class="q">{said}</p>{files}', said=t("Attached already"), files=gallery(again.files)))
    attachments(actor, f"draft:{KIND}", here.files, t("Photos, drawings, offers, also as PDF"))
    if origin := reads.origin(actor, content.get("concern_id")):
        along(origin.id, origin.not_in(here.files))


def along(concern_id: str, left: Sequence[Shown]) -> None:
    """The photos of the concern that are not with the proposal yet; a press takes them along."""
    if not left:
        return
    show(h('<p class="q">{said}</p>{files}', said=t("The concern has photos. With the proposal everybody can see them."),
           files=gallery(left)))  # fmt: skip
    if st.button(tn("Take its photo along", "Take its {n} photos along", len(left)), key="new_along"):
        with door.attempt() as tried:
            do(actor, files.take_along, concern_id=concern_id, kind=KIND)
        if tried.ok:
            st.rerun()


def where_and_who() -> None:
    names = dict(here.estates)
    left, right = st.columns(2)
    with left:
        line("place", t(WORDS["place"]))
        fields.under("place")
    with right:
        at = list(names).index(content["estate_id"]) if content.get("estate_id") in names else None
        content["estate_id"] = st.selectbox(
            t(WORDS["estate_id"]), list(names), at, format_func=lambda key: one_line(names[key]), key="new_estate_id", on_change=keep,
            args=("estate_id",), placeholder=t("Choose one"),
        ) or ""  # fmt: skip
        fields.under("estate_id")
    kinds = [each.value for each in Category if each is not Category.HAZARD]
    content["category"] = st.pills(
        t(WORDS["category"]), kinds, default=content.get("category") if content.get("category") in kinds else None, key="new_category",
        format_func=lambda each: word(Category(each)), on_change=keep, args=("category",),
    ) or ""  # fmt: skip
    fields.under("category")
    show(
        h(
            '<p class="meta">{said}</p>',
            said=m(
                "{said} <a href=/report target=_self>{word}</a>",
                said=t("Something dangerous?"),
                word=t("Report it, somebody looks at once."),
            ),
        )
    )
    line("cost", t(WORDS["cost_fen"]), placeholder=t("1860; leave it empty if nobody knows yet"))
    fields.under("cost_fen")
    lines("beneficiaries", t(WORDS["beneficiaries"]), height=80, placeholder=t("Which homes, which people, about how many?"))
    line("carried_out_by", t(WORDS["carried_out_by"]), placeholder=t("The property company, a firm, volunteers …"))
    fields.under("carried_out_by")


def told(name: str) -> Any:
    """A field as the last step shows it."""
    value = content.get(name) or ""
    match name:
        case "estate_id":
            return user_line(dict(here.estates).get(value, "")) if value else "–"
        case "category":
            return word(Category(value)) if value else "–"
        case "cost_fen":
            wrong = any(reason.field == "cost_fen" for reason in proposals.missing(content))
            fen = None if wrong else proposals.look_over(content, ())["cost_fen"]
            return (money(fen) if fen is not None else "") or content.get("cost") or t("not known yet")
    return user_text(value) if value else "–"


def check_all() -> None:
    for place, names in enumerate(FIELDS, start=1):
        with st.container(key=f"part_{place}"):
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                show(h("{title}", title=p.heading(t(STEPS[place - 1]))))
                forms.turn(t("Change"), f"change_{place}", turn_to, place)
            show(h("{facts}", facts=p.facts([(t(TOLD.get(name, WORDS[name])), told(name)) for name in names])))
    kept = (again.files if again else ()) + here.files
    if kept:
        show(h("{title}{files}", title=p.heading(t("Attached")), files=gallery(kept)))


def send() -> None:
    """The last button: locked with its reasons while something is missing."""
    reasons = proposals.missing(content)
    if reasons:
        rows = [p.Reason(p.Met.NO, t("{what}: {why}", what=t(WORDS[each.field or ""]), why=door.say(each))) for each in reasons]
        show(h("{title}{why}", title=p.heading(t("Still missing")), why=p.reasons(rows)))
    with st.container(horizontal=True, key="turns"):
        forms.turn(t("Back"), f"new_back_{step}", turn_to, LAST - 1)
        word_ = t("File it again") if again else t("Send it")
        pressed = forms.press(word_, "new_send", disabled=bool(reasons), width="stretch")
    if not pressed:
        return
    made: list[str] = []
    with door.attempt(keeps=True) as tried:
        values = proposals.look_over(content)
        if again:
            made.append(do(actor, proposals.resubmit, proposal_id=again.id, seen=again.version, **values).id)
        else:
            concern = content.get("concern_id") or lost or None  # a press that came with the news is refused: it is filed by the next one
            made.append(do(actor, proposals.submit, **values, concern_id=concern, form=content.get("form", "")).id)
    if tried.ok:
        del S["writing"]
        st.query_params.from_dict({"done": made[0]})
        st.rerun()


def onward() -> None:
    """Back without loss; on when this step is right, else every reason at its field."""
    with st.container(horizontal=True, key="turns"):
        if step > 1:
            forms.turn(t("Back"), f"new_back_{step}", turn_to, step - 1)
        pressed = forms.press(t("Next step"), "new_next", width="stretch")
    if pressed:
        S["new_tried"] = step
    if S.get("new_tried") == step:
        with door.attempt(fields) as tried:
            proposals.look_over(content, FIELDS[step - 1])
        if pressed and tried.ok:
            turn_to(step + 1)
            st.rerun()


above = (again.number, t("came back {when}", when=near(again.returned_at, here.zone)) if again.returned_at else "") if again else ()
show(h("{head}", head=p.head(t("Complete your proposal") if again else t("Write a proposal"), *above)))
if again and again.reason:
    show(h("{note}", note=p.note(t("What the committee asks for"), user_text(again.reason), p.Tone.YELLOW)))
body, side = st.columns([1.9, 1])
with body, st.container(key="card_step"):
    show(h("{dashes}<h2 class=h2>{title}</h2>", dashes=p.dashes(step, LAST), title=t(STEPS[step - 1])))
    if without := content.get("without"):
        said = t("Concern {number} is closed, or no longer yours to take up. What you wrote is filed without it.", number=without)
        show(h("{note}", note=p.note(said)))
    (the_matter, the_plan, where_and_who, check_all)[step - 1]()
    (send if step == LAST else onward)()
    kept_at = here.draft.saved_at if here.draft else None
    saved = t("Kept {when}. Close the page whenever you like; it waits for you.", when=near(kept_at, here.zone)) if kept_at else ""
    show(h('<p class="meta" role="status">{saved}</p>', saved=saved or t("Everything is kept as you write.")))
with side:
    if step in (1, LAST):
        text = f"{content.get('title', '')} {content.get('problem', '')}"
        but = [each for each in (again.id if again else "", content.get("concern_id", "")) if each]
        alike_list(actor, similar.alike(actor, text, but=but))
    if here.draft and not again:
        with st.popover(t("Begin anew"), type="tertiary"):
            show(h("<p>{said}</p>", said=t("What you wrote and its files are thrown away. This cannot be undone.")))
            forms.turn(t("Throw it away"), "anew_aside", anew)
    twin = f"/propose?id={again.id}" if again else "/propose"
    show(h('<p class="meta"><a href="{twin}" target="_self">{word}</a></p>', twin=twin, word=t("All on one page, for old phones")))
