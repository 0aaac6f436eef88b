"""Review: proposals that have their supporters, the most pressing first; accept, return or decline each with reasons."""

from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st

from models.vocabulary import Move
from pages.kit import door, frame
from pages.kit import pieces as p
from pages.kit.alike import alike_list
from pages.kit.attachments import gallery
from pages.kit.html import h, show, user_line, user_text
from pages.kit.words import day, items, money, near, number, t, tn, word
from services import clock, drafts, proposals
from services.reads import filing, similar
from services.reads import proposals as reads
from services.reads.proposals import Read, Waiting
from services.work import do

actor = frame.me()
refusal = reads.why_not_review(actor)
door.only(refusal is None, door.say(refusal) if refusal else "", actor)
waiting = reads.review(actor)


def finding() -> str:
    """The heading: what to read first."""
    late = sum(1 for each in waiting.ready if each.clock and each.clock.late)
    if late:
        return tn("{n} is overdue for review", "{n} are overdue for review", late)
    if waiting.ready:
        return tn("{n} proposal waits for you", "{n} proposals wait for you", len(waiting.ready))
    return t("Nothing waits for review")


def short(missing: int) -> str:
    return tn("{n} home short", "{n} homes short", missing)


def line(each: Waiting, open_id: str) -> None:
    row = each.row
    query = {name: value for name, value in st.query_params.to_dict().items() if name != "id"} | {"id": row.id}
    badge = p.clock(each.clock.left, each.clock.level) if each.clock else p.badge(short(row.missing), p.Tone.WAIT)
    homes = homes_words(row.supporters, row.supporters_needed)
    about = (row.number, user_line(row.estate), word(row.category), homes if each.clock else "")
    with st.container(key=f"row_{'on_' if row.id == open_id else ''}{row.id}"):
        show(h("{row}", row=p.list_row(p.ListRow(f"/review?{urlencode(query)}", user_line(row.title), about, badge))))


def told(given: Read) -> None:
    """The proposal as it was written, and what was said to it before."""
    row = given.row
    badge = p.clock(given.clock.left, given.clock.level) if given.clock else p.badge(short(row.missing), p.Tone.WAIT)
    cost = money(row.cost_fen) if row.cost_fen is not None else t("not known yet")
    facts = [
        (t("What is the matter"), user_text(given.problem)),
        (t("What should be done"), user_text(given.plan)),
        (t("Where is it"), p.dotted(user_line(row.estate), user_line(row.place))),
        (t("Category"), word(row.category)),
        (t("What it costs"), cost),
        (t("Who benefits"), user_text(given.beneficiaries) if given.beneficiaries else "–"),
        (t("Who carries it out"), user_text(given.carried_out_by) if given.carried_out_by else "–"),
        (t("Filed by"), p.dotted(user_line(given.author), near(row.filed_at, given.zone))),
        (t("Homes that support it"), homes_words(row.supporters, row.supporters_needed)),
    ]
    title = p.link(user_line(row.title), f"/proposal?id={row.id}")
    show(
        h(
            '<div class="h2r"><span class="meta num">{number}</span>{badge}</div><h2 class="h2">{title}</h2>{facts}{files}',
            number=row.number,
            badge=badge,
            title=title,
            facts=p.facts(facts),
            files=gallery(given.files),
        )
    )
    for at, move, reason in given.reasons:
        head = t("{what} {when}", what=t("Completed and filed again") if move is Move.RESUBMIT else word(move), when=near(at, given.zone))
        show(h("{note}", note=p.note(head, user_text(reason))))


def homes_words(n: int, needed: int) -> str:
    """How many homes support it, and how many it takes."""
    return tn("{n} home, {m} needed", "{n} homes, {m} needed", n, m=number(needed))


def acts(given: Read) -> None:
    """Three ways, equal; a locked one says why."""
    key, kind = f"reason_{given.row.id}_{given.version}", f"review:{given.row.id}"
    left_words = filing.draft(actor, kind)

    def keep() -> None:
        do(actor, drafts.save, kind=kind, content={"text": st.session_state[key] or ""})

    fields = door.Fields()
    reason = st.text_area(
        t("Your reasons"),
        str(left_words.content.get("text", "")) if left_words else "",
        key=key,
        height=110,
        on_change=keep,
        placeholder=t("What is missing, or why; its author reads this word for word."),
    )
    fields.under("reason")
    ways: tuple[tuple[str, str, Callable[..., object], str], ...] = (
        ("proposal.accept", t("Accept"), proposals.accept, t("{number} is accepted. Next: call a meeting.", number=given.row.number)),
        ("proposal.return", t("Return it"), proposals.send_back, t("{number} went back to its author.", number=given.row.number)),
        (
            "proposal.decline",
            t("Decline"),
            proposals.decline,
            t("{number} is declined; its author has the reasons.", number=given.row.number),
        ),
    )
    for column, (action, said, command, done) in zip(st.columns(3), ways, strict=True):
        locked = given.doors[action]
        first = action == "proposal.accept"
        if column.button(said, key=f"do_{action}", disabled=locked is not None, width="stretch", type="primary" if first else "secondary"):
            with door.attempt(fields, keeps=True) as tried:
                do(actor, command, proposal_id=given.row.id, reason=reason or "")
            if tried.ok:
                do(actor, drafts.discard, kind)
                st.session_state["review_said"] = (done, f"/meeting_new?proposal={given.row.id}" if first else "")
                st.query_params.pop("id", None)
                st.rerun()
    reasons = {door.say(refusal) for refusal in given.doors.values() if refusal}
    missing = tn(
        "{n} home more has to support it before it can be accepted.",
        "{n} homes more have to support it before it can be accepted.",
        given.row.missing,
    )
    rows = (
        [p.Reason(p.Met.NO, missing)]
        if given.row.missing and given.doors["proposal.return"] is None
        else [p.Reason(p.Met.NO, said) for said in reasons]
    )
    if rows and reasons:
        show(h("{why}", why=p.reasons(rows)))


late = sum(1 for each in waiting.ready if each.clock and each.clock.late)
show(h("{head}", head=p.head(finding(), day(clock.today(waiting.zone), weekday=True))))
if said := st.session_state.pop("review_said", None):
    with st.container(key="here_said"):  # comes into view, though the decision was made far below
        go_on = p.link(t("Call a meeting"), said[1]) if said[1] else ""
        show(h("{note}", note=p.note(said[0], go_on, tone=p.Tone.OK)))
show(
    h(
        "{stats}",
        stats=p.stats(
            [
                p.Stat(t("Ready to review"), number(len(waiting.ready)), items(len(waiting.ready))),
                p.Stat(t("Overdue"), number(late), items(late), t("after {n} days", n=number(waiting.review_days)), late=late > 0),
                p.Stat(t("Still gathering homes"), number(len(waiting.gathering)), items(len(waiting.gathering))),
                p.Stat(t("Accepted, last 30 days"), number(waiting.accepted), items(waiting.accepted)),
                p.Stat(t("Returned, last 30 days"), number(waiting.returned), items(waiting.returned)),
            ]
        ),
    )
)
rows = waiting.ready + waiting.gathering
if not rows:
    show(h("{none}", none=p.empty(t("Nothing waits for review."), t("Proposals come here when enough homes support them."))))
    st.stop()
open_id = st.query_params.get("id") or rows[0].row.id
body, side = st.columns([1, 1.35])
with body, st.container(key="card_review"):
    for name, part in ((t("Ready to review"), waiting.ready), (t("Still gathering homes"), waiting.gathering)):
        if part:
            show(h("{title}", title=p.heading(name, number(len(part)))))
            with st.container(key="rows" if part is waiting.ready or not waiting.ready else "rows_more", gap=None):
                for each in part:
                    line(each, open_id)
with side:
    opened = reads.read(actor, open_id)
    if opened is None:
        with st.container(key="card_open"):
            show(h("{none}", none=p.empty(t("This one has left the review."), t("Choose another one."))))
    else:
        with st.container(key="card_open"):
            show(h('<i class="{css}" hidden></i>', css="picked" if "id" in st.query_params else ""))
            told(opened)
            show(h("<hr class=ln>"))
            acts(opened)
        text = f"{opened.row.title} {opened.problem}"
        alike_list(actor, similar.alike(actor, text, kinds=("proposal",), but=(opened.row.id,)), support=False)
