"""Decisions on notice: shown now, and before; each with its objections and how they were ruled on."""

import streamlit as st
from markupsafe import Markup

from models.vocabulary import NoticeState
from pages.kit import addressed, frame
from pages.kit import pieces as p
from pages.kit.html import h, m, show, user_line, user_text
from pages.kit.told import named
from pages.kit.words import N_, day, deadline, near, t, tn, word
from services import clock
from services.reads import notices
from services.reads.notices import Listed, Row

SETS = {"now": N_("Shown now"), "past": N_("Before")}
actor = frame.me()


def finding(found: Listed) -> str:
    """The heading: what is shown, what waits."""
    if found.waiting:
        return tn("{n} objection waits for its ruling", "{n} objections wait for their rulings", found.waiting)
    if found.shown:
        return tn("{n} decision is on notice, no objection waits", "{n} decisions are on notice, no objection waits", found.shown)
    return t("No decision is on notice now")


def card(row: Row) -> Markup:
    """A notice: state, title, until when, what it says, its objections."""
    if row.shown:
        badge = p.clock(row.ends_at - clock.now())
    elif row.state is NoticeState.SHOWN:
        badge = p.badge(t("its days are over"), p.Tone.WAIT)
    else:
        badge = p.badge(word(row.state), p.Tone.NO if row.state is NoticeState.SENT_BACK else p.Tone.OK)
    when = t("until {when}", when=deadline(row.ends_at, row.zone)) if row.shown else t(
        "{first} to {last}", first=day(clock.day_of(row.starts_at, row.zone)), last=deadline(row.ends_at, row.zone)
    )  # fmt: skip
    live = [each for each in row.objections if not each.withdrawn]
    said = Markup("").join(
        m(
            '<blockquote class="bq">{text}</blockquote><p class="meta">{facts}</p><p>{reply}</p>',
            text=user_text(each.text),
            facts=p.dotted(named(each.who), near(each.at, row.zone), word(each.ruling) if each.ruling else t("waits")),
            reply=user_text(each.reply) if each.reply else "",
        )
        for each in live
    )
    links = p.exports(
        [
            (t("Object, or read the whole story") if row.shown else t("Read the whole story"), f"/proposal?id={row.proposal_id}"),
            (t("For paper"), f"/notice/{row.id}"),
        ]
    )
    title = t("{title}: {decided}", title=row.title, decided=row.decided) if row.decided else row.title
    return h(
        '<p class="eye">{facts}</p><h2 class="h2">{title}</h2><p>{text}</p>{head}{said}{links}',
        facts=p.dotted(badge, row.number, user_line(row.estate), when),
        title=user_line(title),
        text=user_text(row.text),
        head=m('<p class="meta">{n}</p>', n=tn("{n} objection", "{n} objections", len(live)) if live else t("No objection")),
        said=said,
        links=links,
    )


top = st.container()
wide, narrow = st.columns([2.2, 1])
chosen = wide.segmented_control(
    t("Show"), list(SETS), default=addressed.asked("set", list(SETS), "now"), required=True, format_func=lambda key: t(SETS[key]),
    key="notice_set", label_visibility="collapsed",
)  # fmt: skip
kept = addressed.kept("set", chosen, "now")
search = narrow.text_input(
    t("Search notices"), key="notice_q", bind="query-params", placeholder=t("Title, number, words"), label_visibility="collapsed"
)
page = st.session_state.get("notice_page", 1)
found = notices.listed(actor, past=kept == "past", search=search or "", page=page)
pages = max(1, -(-found.total // notices.SIZE))
if page > pages:
    st.session_state["notice_page"] = 1
    found = notices.listed(actor, past=kept == "past", search=search or "")
with top:
    sub = t("A decision takes effect when its days are over and every objection is ruled on. Days end at 24:00.")
    show(h("{head}", head=p.head(finding(found), sub=sub)))
for row in found.rows:
    with st.container(key=f"card_{row.id}"):
        show(card(row))
if not found.rows:
    if search:
        show(h("{none}", none=p.empty(t("No notice fits. Search for less."))))
    elif kept == "past":
        show(h("{none}", none=p.empty(t("No decision was on notice before."))))
    else:
        show(h("{none}", none=p.empty(t("Nothing is shown now."), t("An adopted decision appears here for some days before it holds."))))
if pages > 1:
    st.pagination(pages, key="notice_page")
show(h("{links}", links=p.exports([(t("Decisions as a feed (Atom)"), "/feeds/decisions.atom")])))
