"""All votes: what runs now first, with filters, search and pages; the committee prepares one from here."""

import streamlit as st

from models.vocabulary import PollState
from pages.kit import frame
from pages.kit import pieces as p
from pages.kit.html import h, show, user_line
from pages.kit.votes import state_badge
from pages.kit.words import N_, near, number, t, tn
from services.reads import polls
from services.reads.polls import Row

SIZE = 12
SETS = {
    "now": (N_("Going on"), (PollState.OPEN, PollState.CLOSED)),
    "prepared": (N_("Being prepared"), (PollState.PREPARED,)),
    "revealed": (N_("Counted"), (PollState.REVEALED,)),
    "cancelled": (N_("Called off"), (PollState.CANCELLED,)),
}

actor = frame.me()


def finding(counted: dict[str, int]) -> str:
    """The heading: what there is to do or to see."""
    if counted["open"]:
        return tn("{n} vote is open", "{n} votes are open", counted["open"])
    if counted["closed"]:
        return tn("{n} vote waits for its reveal", "{n} votes wait for their reveal", counted["closed"])
    return tn("No vote is open; {n} is counted", "No vote is open; {n} are counted", counted["revealed"])


def line(row: Row, zone: str) -> p.ListRow:
    """A vote on the list: the matter, how many are in, until when; at the right how it stands and whether it waits for the reader."""
    came = t("{n} of {m} in", n=number(row.received.n), m=number(row.received.m)) if row.state is not PollState.PREPARED else ""
    when = ""
    if row.state is PollState.OPEN and row.closes_at:
        when = t("closes: {when}", when=near(row.closes_at, zone))
    elif row.revealed_at:
        when = t("shown: {when}", when=near(row.revealed_at, zone))
    waits = row.state is PollState.OPEN and row.mine > row.mine_cast
    who = t("Your vote is missing") if waits else t("You have voted") if row.mine_cast else ""
    about = (row.number, user_line(row.proposal), came, when)
    return p.ListRow(f"/poll?id={row.id}", user_line(row.question), about, state_badge(row.state, row.outcome), who)


above = st.container()
wide, narrow = st.columns([2.2, 1])
kept = wide.segmented_control(
    t("Show"), list(SETS), format_func=lambda key: t(SETS[key][0]), key="votes_set", bind="query-params", label_visibility="collapsed"
)
search = narrow.text_input(
    t("Search votes"), key="votes_q", bind="query-params", placeholder=t("Question, number, matter"), label_visibility="collapsed"
)
only = st.checkbox(t("Only votes of my home"), key="votes_mine", bind="query-params") if actor.verified else False
page = st.session_state.get("votes_page", 1)
found = polls.listed(actor, states=SETS[kept][1] if kept else (), search=search or "", mine=only, page=page, size=SIZE)
pages = max(1, -(-found.total // SIZE))
if page > pages:
    st.session_state["votes_page"] = page = 1
    found = polls.listed(actor, states=SETS[kept][1] if kept else (), search=search or "", mine=only, page=1, size=SIZE)

with above:
    show(h("{head}", head=p.head(finding(found.by_state), sub=t("Nobody sees a result before the reveal, the administrator included."))))
if found.rows:
    show(h("{rows}", rows=p.link_list([line(row, found.zone) for row in found.rows])))
elif kept and not (search or only):
    show(h("{none}", none=p.empty(t("No vote is here now."), t("Choose another group above."))))
elif kept or search or only:
    show(h("{none}", none=p.empty(t("No vote fits. Take a filter off, or search for less."))))
else:
    show(h("{none}", none=p.empty(t("No vote yet."), t("A vote follows when a matter has been talked over in a meeting."))))
if pages > 1:
    st.pagination(pages, key="votes_page")

if found.ready:
    with st.container(key="card_prepare"):
        show(h("{title}", title=p.heading(t("Prepare a vote"), t("matters that were talked over"))))
        rows = [p.ListRow(f"/prepare?proposal={key}", user_line(title), (number_,)) for key, number_, title in found.ready]
        show(h("{rows}", rows=p.link_list(rows)))
