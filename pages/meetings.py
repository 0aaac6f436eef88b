"""All meetings: those ahead first, with search and pages; who may call one finds the button here."""

import streamlit as st
from markupsafe import Markup

from models.vocabulary import MeetingState
from pages.kit import frame
from pages.kit import pieces as p
from pages.kit.html import h, show, user_line
from pages.kit.words import N_, listed, near, opening, t, tn, word
from services import clock
from services.reads import communities, meetings
from services.reads.meetings import Listed, Row
from services.rules.plain_text import one_line

SIZE = 12
SETS = {"ahead": N_("Ahead"), "past": N_("Over")}
TONE = {MeetingState.CONVENED: p.Tone.WAIT, MeetingState.HELD: p.Tone.OK, MeetingState.CANCELLED: p.Tone.NO}

actor = frame.me()


def finding(found: Listed) -> str:
    """The heading: what is being held, else when the next one is, or that there is none."""
    if found.held:
        return tn("{n} meeting is being held now", "{n} meetings are being held now", found.held)
    if found.next_at is not None and found.next_at < clock.now():
        return t("A meeting was to begin {when}", when=near(found.next_at, found.zone))
    if found.next_at is not None:
        return t("Next meeting: {when}", when=near(found.next_at, found.zone))
    return tn("No meeting ahead, {n} held", "No meeting ahead, {n} held", found.past)


def line(row: Row, zone: str) -> p.ListRow:
    """A meeting on the list: what is talked over, when and where, who came; at the right its state."""
    came = tn("{n} came", "{n} came", row.came) if row.came else ""
    decided = tn("{n} decision", "{n} decisions", row.decided) if row.decided else ""
    title, when = user_line(row.title), near(row.starts_at, zone)
    about: tuple[str | Markup, ...] = (user_line(row.place), came, decided)
    matters = listed([one_line(each) for each in row.matters])
    who = t("You are invited") if row.invited and row.state in (MeetingState.CONVENED, MeetingState.HELD) else ""
    facts = (matters, when, *about) if matters and matters != row.title else (opening(when), *about)
    state = p.badge(word(row.state), TONE.get(row.state, p.Tone.PLAIN))
    if row.missed:
        state, who = p.badge(t("never opened"), p.Tone.PLAIN), ""
    return p.ListRow(f"/meeting?id={row.id}", title, facts, state, who)


top = st.container()
wide, narrow = st.columns([2.2, 1])
kept = wide.segmented_control(
    t("Show"), list(SETS), format_func=lambda key: t(SETS[key]), key="meetings_set", bind="query-params", label_visibility="collapsed",
    default="ahead",
)  # fmt: skip
search = narrow.text_input(
    t("Search meetings"), key="meetings_q", bind="query-params", placeholder=t("Title, place, matter, code"), label_visibility="collapsed"
)
past = kept == "past"
page = st.session_state.get("meetings_page", 1)
found = meetings.listed(actor, past=past, search=search or "", page=page, size=SIZE)
pages = max(1, -(-found.total // SIZE))
if page > pages:
    st.session_state["meetings_page"] = 1
    found = meetings.listed(actor, past=past, search=search or "", page=1, size=SIZE)

sub = tn("{n} meeting ahead.", "{n} meetings ahead.", found.ahead) if found.ahead else t("Anybody may come and listen.")
if found.held and found.next_at is not None:
    sub = t("The next one: {when}.", when=near(found.next_at, found.zone))
with top:
    show(h("{head}", head=p.head(finding(found), sub=sub)))
    if found.may_convene is None and st.button(t("Call a meeting"), type="primary", key="meetings_new", icon=":material/add:"):
        st.switch_page("meeting_new.py")
if found.rows:
    show(h("{rows}", rows=p.link_list([line(row, found.zone) for row in found.rows])))
    if found.total > SIZE:
        show(h('<p class="meta">{said}</p>', said=tn("{n} meeting fits", "{n} meetings fit", found.total)))
elif search:
    show(h("{none}", none=p.empty(t("No meeting fits. Search for less."))))
elif past:
    show(h("{none}", none=p.empty(t("No meeting has been held yet."))))
else:
    show(h("{none}", none=p.empty(t("No meeting ahead."), t("A meeting is called when a proposal has been accepted."))))
if pages > 1:
    st.pagination(pages, key="meetings_page")
calendar = f"/feeds/meetings.ics?c={communities.slug_of(actor.community_id)}"
show(
    h(
        '<p class="ex">{links}</p>',
        links=p.dotted(p.link(t("Calendar of the meetings (ICS)"), calendar), p.link(t("Join with a code"), "/j")),
    )
)
