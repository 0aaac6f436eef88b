"""Prepare a vote: question, answers, rule, who may vote; kept as one types, checked as a whole, shown with its roll before it opens."""

from datetime import date
from typing import Any

import streamlit as st

from models.vocabulary import PollMethod, VotesBy
from pages.kit import door, forms, frame
from pages.kit import pieces as p
from pages.kit.html import h, label, show, user_line
from pages.kit.votes import source_line
from pages.kit.words import N_, t, word
from services import clock, drafts, polls
from services.ballot_paper import VOTERS
from services.reads import poll_ground
from services.rules.rule_texts import TEXTS, RuleText, needs_confirmation
from services.work import do

SHARES = {
    "": N_("no condition"),
    "> 1/2": N_("more than half"),
    ">= 2/3": N_("at least two thirds"),
    ">= 3/4": N_("at least three quarters"),
    ">= 1/1": N_("everyone"),
}
WHERE = {"estate": N_("The whole estate"), "building": N_("One building"), "units": N_("Single homes")}
MOST = 9

actor = frame.me()
ground = poll_ground.ground(actor, st.query_params.get("proposal"))
door.only(ground.why_not is None, door.say(ground.why_not) if ground.why_not else "", actor)
fields = door.Fields()
kept: dict[str, Any] = ground.draft


def usable(text: RuleText, method: PollMethod) -> bool:
    return text.voters in VOTERS and ("yes_no" if method is PollMethod.YES_NO else "approval") in text.methods


def answers(method: PollMethod) -> list[dict[str, Any]]:
    """The answers as typed: what follows from yes, no and abstain, or the options, those on the table first."""
    if method is PollMethod.YES_NO:
        rows = [("yes", t("If agreed")), ("no", t("If not agreed"))]
        return [
            {
                "code": code,
                "consequence": st.text_input(
                    said, kept.get(f"yes_{code}", ""), max_chars=200, key=f"vote_yes_{code}", placeholder=t("cost, time, what follows")
                ),
            }
            for code, said in rows
        ]
    start = [{"title": title, "consequence": about[:200], "option": key} for key, title, about in ground.options]
    start = kept.get("answers") or start or [{}, {}]
    count = st.session_state.setdefault("vote_count", max(2, min(MOST, len(start))))
    found = []
    for place in range(count):
        given = start[place] if place < len(start) else {}
        left, right = st.columns([1, 1.4])
        title = left.text_input(t("Option {n}", n=place + 1), given.get("title", ""), max_chars=60, key=f"vote_title_{place}")
        about = right.text_input(t("What follows from it"), given.get("consequence", ""), max_chars=200, key=f"vote_about_{place}")
        same = given.get("option") if title.strip() == given.get("title") else None
        found.append({"title": title, "consequence": about, "option": same})
    more, fewer, _ = st.columns([1, 1, 2])
    if count < MOST and more.button(t("One option more"), key="vote_more"):
        st.session_state["vote_count"] = count + 1
        st.rerun()
    if count > 2 and fewer.button(t("One fewer"), key="vote_fewer"):
        st.session_state["vote_count"] = count - 1
        st.rerun()
    return found


def share(name: str, said: str, first: str) -> list[dict[str, str]]:
    """One condition of a rule of our own."""
    picked = st.selectbox(
        said, list(SHARES), list(SHARES).index(kept.get(name, first)), format_func=lambda key: t(SHARES[key]), key=f"vote_{name}"
    )
    op, _, fraction = picked.partition(" ")
    return [{"of": "persons", "op": op, "share": fraction}] if picked else []


def rule(method: PollMethod) -> tuple[str | dict[str, Any], dict[str, Any] | None, RuleText]:
    """The rule, who vouches for it where that is needed, and its text."""
    offered = [text for text in TEXTS if usable(text, method)]
    keys = [text.key for text in offered]
    first = kept.get("rule") if kept.get("rule") in keys else "residents_households"
    key = st.selectbox(
        t("Rule"),
        keys,
        keys.index(first),
        format_func=lambda each: t(next(x.title for x in offered if x.key == each)),
        key=f"vote_rule_{method}",
    )
    fields.under("rule")
    text = next(each for each in offered if each.key == key)
    show(h('<p class="q">{said}</p><p class="meta">{source}</p>', said=t(text.summary), source=source_line(text.source_json())))
    if key == "custom":
        own = {
            "key": "custom",
            "turnout": share("turnout", t("Must take part"), "> 1/2"),
            "approve": share("approve", t("Must agree"), "> 1/2"),
        }
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
    name = st.text_input(t("Who vouches for it"), kept.get("confirmed_by", ""), max_chars=40, key="vote_confirmed_by")
    fields.under("confirmed_by")
    given: dict[str, Any] = {
        "confirmed_by": name,
        "own_rule": st.checkbox(t("It is our own rule, not the law"), bool(kept.get("own_rule")), key="vote_own_rule"),
    }
    if not given["own_rule"]:
        for column, field, said in zip(st.columns(2), ("article", "figure"), (t("Article"), t("Figure")), strict=True):
            with column:
                given[field] = st.text_input(said, kept.get(field, ""), max_chars=120, key=f"vote_{field}")
                fields.under(field)
        day = kept.get("date")
        given["date"] = st.date_input(t("In force from"), date.fromisoformat(day) if day else None, key="vote_date", format="YYYY-MM-DD")
        fields.under("date")
    return key, given, text


def scope() -> str:
    """Whose roll it is."""
    estates = dict(ground.estates)
    keys = list(estates)
    first = kept.get("estate") if kept.get("estate") in estates else ground.estate_id
    estate = st.selectbox(t("Estate"), keys, keys.index(first), format_func=lambda key: label(estates[key]), key="vote_estate")
    kind = st.segmented_control(
        t("Who votes"),
        list(WHERE),
        default=kept.get("where", "estate"),
        required=True,
        format_func=lambda key: t(WHERE[key]),
        key="vote_where",
    )
    found = f"estate:{estate}"
    if kind == "building":
        found = f"building:{estate}:{st.selectbox(t('Building'), ground.buildings.get(estate, ()), key='vote_building') or ''}"
    elif kind == "units":
        homes = dict(ground.homes.get(estate, ()))
        picked = st.multiselect(
            t("Homes"), list(homes), format_func=lambda key: label(homes[key]), key="vote_homes", placeholder=t("Choose homes")
        )
        found = "units:" + ",".join(picked)
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
left, right = st.columns([1.6, 1])
with left, st.container(key="card_question"):
    question = st.text_input(
        t("Question"), kept.get("question", ""), max_chars=120, key="vote_question", placeholder=t("Short, and open to every answer")
    )
    fields.under("question")
    natural = "choose_one" if len(ground.options) > 1 else "yes_no"
    method = PollMethod(
        st.segmented_control(
            t("Kind of question"), [each.value for each in PollMethod], default=kept.get("method", natural),
            required=True, format_func=lambda each: word(PollMethod(each)), key="vote_method",
        )
    )  # fmt: skip
    fields.under("method")
    typed = answers(method)
    fields.under("options")
    explanation = st.text_area(
        t("What it is about (if it needs saying)"), kept.get("explanation", ""), max_chars=1000, key="vote_explanation"
    )
    fields.under("explanation")
with right, st.container(key="card_rule"):
    chosen, vouched, text = rule(method)
    ground_text = scope()
    meetings = {"": t("not in a meeting")} | {key: label(title) for key, title in ground.meetings}
    waits = 1 if ground.meetings else 0  # a meeting whose vote is not prepared yet is what one came for
    meeting = st.selectbox(t("Voted on in a meeting"), list(meetings), waits, format_func=meetings.__getitem__, key="vote_meeting")
    fields.under("agenda_item_id")

content = {
    "question": question, "method": method.value, "explanation": explanation, "rule": text.key,
    "answers": [each for each in typed if each.get("title")] if method is PollMethod.CHOOSE_ONE else [],
} | {f"yes_{each['code']}": each["consequence"] for each in typed if "code" in each}  # fmt: skip
if vouched:
    content |= {name: value.isoformat() if isinstance(value, date) else value for name, value in vouched.items()}
if question and content != {name: kept.get(name) for name in content}:
    do(actor, drafts.save, kind=poll_ground.kind(ground.proposal_id), content=kept | content)

if forms.press(t("Make the roll and the ballot paper"), "vote_prepare"):
    options = [each for each in typed if each.get("code") or each["title"].strip() or each["consequence"].strip()]
    made: list[str] = []
    with door.attempt(fields, keeps=True) as tried:
        made.append(
            do(
                actor, polls.prepare, proposal_id=ground.proposal_id, question=question, method=method.value, rule=chosen, options=options,
                votes_by=VOTERS.get(text.voters, VotesBy.HOUSEHOLD).value, scope=ground_text, meeting_id=meeting or None,
                explanation=explanation,
                rule_confirmation=vouched,
            ).id
        )  # fmt: skip
    if tried.ok:
        st.switch_page("poll.py", query_params={"id": made[0]})
