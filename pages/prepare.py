"""Prepare a vote: question, answers, rule, who may vote; kept as one types, checked as a whole, shown with its roll before it opens."""

from typing import Any

import streamlit as st

from models.vocabulary import PollMethod, VotesBy
from pages.kit import door, forms, frame
from pages.kit import pieces as p
from pages.kit.html import h, show, user_line
from pages.kit.votes import source_line
from pages.kit.words import N_, t, word
from services import clock, polls
from services.ballot_paper import VOTERS
from services.reads import poll_ground
from services.rules.plain_text import one_line
from services.rules.rule_texts import TEXTS, RuleText, needs_confirmation
from services.work import do

SHARES = {
    "": N_("no condition"),
    "> 1/2": N_("more than half"),
    ">= 2/3": N_("at least two thirds"),
    ">= 3/4": N_("at least three quarters"),
    ">= 1/1": N_("everyone"),
}
WHERE = {"estate": N_("The estate"), "building": N_("A building"), "units": N_("Some homes")}
MOST = 9
USUAL = "residents_households"

actor = frame.me()
ground = poll_ground.ground(actor, *(st.query_params.get(each) for each in ("proposal", "meeting", "item")))
running = (f"/poll?id={ground.unfinished_id}", t("See this vote")) if ground.unfinished_id else None
door.only(ground.why_not is None, door.say(ground.why_not) if ground.why_not else "", actor, running)
fields = door.Fields()
table = [(title, about[:200]) for _, title, about in ground.options][:MOST]
ROWS = ("vote_count", *(f"vote_{what}_{place}" for place in range(MOST) for what in ("title", "about")))
VOUCHED = ("article", "figure", "date")


def usable(text: RuleText, method: PollMethod) -> bool:
    return text.voters in VOTERS and ("yes_no" if method is PollMethod.YES_NO else "approval") in text.methods


def answers(method: PollMethod) -> list[dict[str, Any]]:
    """The answers as typed: what follows from yes, no and abstain, or the options, those on the table first."""
    if method is PollMethod.YES_NO:
        told = t("cost, time, what follows")
        said = {"yes": t("If agreed"), "no": t("If not agreed")}
        return [
            {"code": code, "consequence": st.text_input(name, key=f"vote_yes_{code}", placeholder=told)}
            for code, name in said.items()
        ]
    options = {title: key for key, title, _ in reversed(ground.options)}
    found = []
    for place in range(st.session_state["vote_count"]):
        left, right = st.columns([1, 1.4])
        title = left.text_input(t("Option {n}", n=place + 1), key=f"vote_title_{place}")
        about = right.text_input(t("What follows from it"), key=f"vote_about_{place}")
        found.append({"title": title, "consequence": about, "option": options.get(title.strip())})
    forms.rows("vote", 2, MOST, t("One option more"), t("One fewer"))
    return found


def share(name: str, said: str) -> list[dict[str, str]]:
    """One condition of a rule of our own."""
    forms.among(f"vote_{name}", SHARES, "")
    picked = st.selectbox(said, list(SHARES), format_func=lambda key: t(SHARES[key]), key=f"vote_{name}")
    op, _, fraction = picked.partition(" ")
    return [{"of": "persons", "op": op, "share": fraction}] if picked else []


def rule(method: PollMethod) -> tuple[str | dict[str, Any], dict[str, Any] | None, RuleText]:
    """The rule, who vouches for it where that is needed, and its text."""
    offered = [text for text in TEXTS if usable(text, method)]
    keys = [text.key for text in offered]
    forms.among(f"vote_rule_{method}", keys, USUAL)
    titles = {each.key: each.title for each in offered}
    key = st.selectbox(t("Rule"), keys, format_func=lambda each: t(titles[each]), key=f"vote_rule_{method}")
    fields.under("rule")
    text = next(each for each in offered if each.key == key)
    show(h('<p class="q">{said}</p><p class="meta">{source}</p>', said=t(text.summary), source=source_line(text.source_json())))
    if key == "custom":
        own = {"key": "custom", "turnout": share("turnout", t("Must take part")), "approve": share("approve", t("Must agree"))}
        return own, None, text
    if not needs_confirmation(text, clock.today(ground.zone)):
        return key, None, text
    show(
        h(
            "{note}",
            note=p.note(
                t("These figures are no longer the law."),
                t("Somebody vouches by name: for the article in force, or that this is our own rule."),
            ),
        )
    )
    name = st.text_input(t("Who vouches for it"), key="vote_confirmed_by")
    fields.under("confirmed_by")
    given: dict[str, Any] = {"confirmed_by": name, "own_rule": st.checkbox(t("It is our own rule, not the law"), key="vote_own_rule")}
    if not given["own_rule"]:
        for column, field, said in zip(st.columns(2), ("article", "figure"), (t("Article"), t("Figure")), strict=True):
            with column:
                given[field] = st.text_input(said, key=f"vote_{field}")
                fields.under(field)
        given["date"] = forms.day(t("In force from"), "vote_date", None)
        fields.under("date")
    return key, given, text


def scope() -> str:
    """Whose roll it is."""
    estates = dict(ground.estates)
    forms.among("vote_estate", estates, ground.estate_id if ground.estate_id in estates else next(iter(estates), None))
    estate = st.selectbox(t("Estate"), list(estates), format_func=lambda key: one_line(estates[key]), key="vote_estate")
    forms.among("vote_where", WHERE, "estate")
    kind = st.segmented_control(t("Who votes"), list(WHERE), required=True, format_func=lambda key: t(WHERE[key]), key="vote_where")
    found = f"estate:{estate}"
    if kind == "building":
        buildings = poll_ground.buildings(actor, estate) if estate else ()
        forms.among("vote_building", buildings)
        picked = st.selectbox(t("Building"), buildings, None, key="vote_building", placeholder=t("Choose one"))
        found = f"building:{estate}:{picked or ''}"
    elif kind == "units":
        homes = dict(poll_ground.homes(actor, estate)) if estate else {}
        forms.among("vote_homes", homes)
        several = st.multiselect(
            t("Homes"), list(homes), format_func=lambda key: one_line(homes[key]), key="vote_homes", placeholder=t("Choose homes")
        )
        found = "units:" + ",".join(several)
    fields.under("scope")
    return found


matter = p.link(user_line(ground.title), f"/proposal?id={ground.proposal_id}")
show(
    h(
        "{head}",
        head=p.head(
            t("Prepare a vote"),
            ground.number,
            matter,
            sub=t("Nothing is open yet: first look at the roll, then hand out codes, then open it."),
        ),
    )
)
meetings = {"": t("not in a meeting")} | {key: one_line(title) for key, title in ground.meetings}
offered: dict[str, Any] = {
    "vote_method": (PollMethod.CHOOSE_ONE if len(ground.options) > 1 else PollMethod.YES_NO).value,
    "vote_turnout": "> 1/2", "vote_approve": "> 1/2", "vote_own_rule": False, "vote_estate": ground.estate_id, "vote_where": "estate",
    "vote_meeting": ground.meeting_id or next((key for key, _ in ground.meetings), ""),  # what one came for: its vote is not prepared yet
} | {f"vote_rule_{each.value}": USUAL for each in PollMethod}  # fmt: skip
if before := ground.before:
    offered |= {"vote_method": before.method.value, "vote_question": before.question, "vote_explanation": before.explanation}
    if before.method is PollMethod.YES_NO:
        offered |= {f"vote_yes_{code}": about for code, _, about in before.answers}
    else:
        table = [(title, about) for _, title, about in before.answers]
    show(h("{note}", note=p.note(t("Vote {number} was called off.", number=before.number),
                                 t("Its question and answers stand here again. Change what has to be changed."))))  # fmt: skip
on_the_table: dict[str, Any] = {"vote_count": max(2, len(table))}
on_the_table |= {
    f"vote_{what}_{place}": said for place, row in enumerate(table) for what, said in zip(("title", "about"), row, strict=True)
}
left, right = st.columns([1.6, 1])
with forms.typing(
    actor, poll_ground.kind(ground.proposal_id), "vote_question", "vote_explanation", "vote_yes_yes", "vote_yes_no", ROWS,
    "vote_confirmed_by", *(f"vote_{each}" for each in VOUCHED), "vote_building", "vote_homes", *offered,
    begins=on_the_table, offers={"vote_question": ground.item_title} | offered,
):  # fmt: skip
    with left, st.container(key="card_question"):
        question = st.text_input(t("Question"), key="vote_question", placeholder=t("Short, and open to every answer"))
        fields.under("question")
        methods = [each.value for each in PollMethod]
        forms.among("vote_method", methods, offered["vote_method"])
        said = st.segmented_control(
            t("Kind of question"), methods, required=True, format_func=lambda each: word(PollMethod(each)), key="vote_method"
        )
        method = PollMethod(said or offered["vote_method"])
        fields.under("method")
        typed = answers(method)
        fields.under("options")
        explanation = st.text_area(t("What it is about (if it needs saying)"), key="vote_explanation")
        fields.under("explanation")
    with right, st.container(key="card_rule"):
        chosen, vouched, text = rule(method)
        ground_text = scope()
        forms.among("vote_meeting", meetings, "")
        meeting = st.selectbox(t("Voted on in a meeting"), list(meetings), format_func=meetings.__getitem__, key="vote_meeting")
        fields.under("agenda_item_id")
        here = bool(ground.item_id) and meeting == ground.meeting_id
        if here:
            show(h('<p class="meta">{said}</p>', said=t("For the item “{title}” of its agenda.", title=ground.item_title)))

if forms.press(t("Make the roll and the ballot paper"), "vote_prepare"):
    options = [each for each in typed if each.get("code") or each["title"].strip() or each["consequence"].strip()]
    made: list[str] = []
    with door.attempt(fields, keeps=True) as tried:
        made.append(
            do(
                actor, polls.prepare, proposal_id=ground.proposal_id, question=question, method=method.value, rule=chosen, options=options,
                votes_by=VOTERS.get(text.voters, VotesBy.HOUSEHOLD).value, scope=ground_text, meeting_id=meeting or None,
                agenda_item_id=ground.item_id if here else None, explanation=explanation, rule_confirmation=vouched,
            ).id
        )  # fmt: skip
    if tried.ok:
        st.switch_page("poll.py", query_params={"id": made[0]})
