"""What is being carried out: late projects first, with filters in the address, search and pages."""

import streamlit as st

from pages.kit import addressed, frame
from pages.kit import pieces as p
from pages.kit.html import h, show, user_line
from pages.kit.words import N_, day, t, tn
from pages.kit.works import state_badge
from services.reads import progress
from services.reads.progress import Kept, Row
from services.rules.plain_text import one_line

SETS = {
    Kept.LATE: N_("Late"),
    Kept.RUNNING: N_("On time"),
    Kept.WAITING: N_("Waiting for acceptance"),
    Kept.DONE: N_("Accepted"),
}

actor = frame.me()


def finding(counts: dict[Kept, int]) -> str:
    """The heading: what is late, else what is going on."""
    if counts[Kept.LATE]:
        return tn("{n} project is late", "{n} projects are late", counts[Kept.LATE])
    going = counts[Kept.RUNNING] + counts[Kept.WAITING]
    if going:
        return tn("{n} project under way, none late", "{n} projects under way, none late", going)
    return t("Nothing is being carried out now")


def line(row: Row) -> p.ListRow:
    """A project: where, who, how far, until when; at the right how it stands."""
    far = t("{done} of {steps} milestones", done=row.done, steps=row.steps)
    upcoming = t("now: {step}", step=row.upcoming) if row.upcoming else ""
    when = t("finished {day}", day=day(row.finished_on)) if row.finished_on else t("until {day}", day=day(row.due_on))
    about = (row.number, user_line(row.estate), far, user_line(upcoming) if upcoming else "", when)
    return p.ListRow(f"/project?id={row.id}", user_line(row.title), about, state_badge(row.state, row.days_late, row.level), row.who)


top = st.container()
wide, middle, narrow = st.columns([2.2, 1, 1])
names = [each.value for each in Kept]
chosen = wide.segmented_control(
    t("Show"), names, default=addressed.asked("set", names) or None, format_func=lambda each: t(SETS[Kept(each)]), key="works_set",
    label_visibility="collapsed",
)  # fmt: skip
kept = Kept(chosen) if addressed.kept("set", chosen) and chosen else None
search = narrow.text_input(
    t("Search projects"), key="works_q", bind="query-params", placeholder=t("Title, number, who"), label_visibility="collapsed"
)
page = st.session_state.get("works_page", 1)
estates = dict(progress.listed(actor, size=0).estates)
keys = ["", *estates]
estate = middle.selectbox(
    t("Estate"), keys, keys.index(addressed.asked("estate", keys)),
    format_func=lambda key: one_line(estates[key]) if key else t("All estates"), key="works_estate", label_visibility="collapsed",
)  # fmt: skip
addressed.kept("estate", estate)
found = progress.listed(actor, kept=kept, estate_id=estate or "", search=search or "", page=page)
pages = max(1, -(-found.total // progress.SIZE))
if page > pages:
    st.session_state["works_page"] = 1
    found = progress.listed(actor, kept=kept, estate_id=estate or "", search=search or "")

with top:
    show(h("{head}", head=p.head(finding(found.counts), sub=t("Late ones first. Each opens with its plan, money, reports and tasks."))))
if found.rows:
    show(h("{rows}", rows=p.link_list([line(row) for row in found.rows])))
elif kept or estate or search:
    show(h("{none}", none=p.empty(t("No project fits. Take a filter off, or search for less."))))
else:
    show(h("{none}", none=p.empty(t("No project yet."), t("A project begins when an adopted decision has been on notice."))))
if pages > 1:
    st.pagination(pages, key="works_page")
