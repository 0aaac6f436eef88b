"""The desk's inbox: late first, one open beside the list; answer, pass on, close, several at once with undo."""

from fractions import Fraction
from urllib.parse import urlencode

import streamlit as st

from models.vocabulary import Category
from pages.kit import concern, door, forms, frame
from pages.kit import pieces as p
from pages.kit.filters import page_at, pager, settle
from pages.kit.html import h, show, user_line
from pages.kit.words import N_, day, items, near, number, t, tn, word
from services import clock, concerns
from services.reads import concerns as one
from services.reads import filing, inbox
from services.reads.inbox import Figures, Inbox, Row
from services.rules.plain_text import one_line
from services.work import do

SIZE = 7
SETS = {"waiting": N_("Waiting"), "late": N_("Late"), "today": N_("Due today"), "answered": N_("Answered"), "ended": N_("Settled")}
HOLDERS = {"me": N_("With me"), "nobody": N_("With nobody yet")}
HOUR = 3600

actor = frame.me()
forms.emptied()
refusal = inbox.why_not(actor)
door.only(refusal is None, door.say(refusal) if refusal else "", actor)


def finding(figures: Figures) -> str:
    """The heading: what to do first."""
    if figures.late:
        return tn("{n} is late: these first", "{n} are late: these first", figures.late)
    if figures.waiting:
        return tn("{n} waits for its answer, none is late", "{n} wait for their answers, none is late", figures.waiting)
    return t("Nothing is late today")


def figures_row(figures: Figures) -> list[p.Stat]:
    took = number(Fraction(int(figures.median.total_seconds()), HOUR), 1) if figures.median is not None else "–"
    share = number(figures.share * 100, 1) if figures.share is not None else "–"
    return [
        p.Stat(t("Waiting for the first answer"), number(figures.waiting), items(figures.waiting), href="/inbox?set=waiting"),
        p.Stat(t("Late"), number(figures.late), items(figures.late), late=figures.late > 0, href="/inbox?set=late"),
        p.Stat(t("Due today"), number(figures.today), items(figures.today), href="/inbox?set=today"),
        p.Stat(t("First answer, median this month"), took, t("hours") if figures.median is not None else ""),
        p.Stat(t("Share answered"), share, "%" if figures.share is not None else ""),
    ]


def line(row: Row, zone: str, open_id: str) -> None:
    """A row: tick, what it is, its clock and who has it. The row is a link that opens it beside the list."""
    query = {name: value for name, value in st.query_params.to_dict().items() if name != "id"} | {"id": row.id}
    badge = concern.state(row.stage, row.clock.left if row.clock else None, row.clock.level if row.clock else None)
    voices = tn("{n} supports it", "{n} support it", row.supporters) if row.supporters else ""
    about = (user_line(concern.where(row.estate, row.place)), word(row.category), voices)
    who = row.holder or t("not handed out")
    if row.answered_at and row.clock is None:
        who = t("{name}, {when}", name=row.holder or t("Inbox"), when=near(row.answered_at, zone))
    with st.container(horizontal=True, vertical_alignment="center", key=f"row_{'on_' if row.id == open_id else ''}{row.id}"):
        st.checkbox(t("Tick {number}", number=row.number), key=f"tick_{row.id}", label_visibility="collapsed")
        given = p.ListRow(f"/inbox?{urlencode(query)}", user_line(concern.title(row.text)), about, badge, who)
        show(h("{row}", row=p.list_row(given)))


def bulk(found: Inbox) -> None:
    """Several at once: those that are ticked go to one person, and can be taken back."""
    ticked = [row.id for row in found.rows if st.session_state.get(f"tick_{row.id}")]
    if not ticked:
        return
    with st.container(key="bulk"):
        fields = door.Fields()
        who, note, go = st.columns([1.2, 1.2, 1], vertical_alignment="bottom")
        with who:
            whom = concern.pick_person(found.desk, "bulk_whom")
            fields.under("holder_id")
        with note:
            words = st.text_input(t("A word to them"), key="bulk_note")
            fields.under("note")
        if go.button(tn("Pass {n} on", "Pass {n} on", len(ticked)), key="do_bulk", width="stretch"):
            with door.attempt(fields, keeps=True) as tried:
                do(actor, concerns.pass_on_all, concern_ids=ticked, holder_id=whom, note=words or "")
            if tried.ok:
                concern.passed(ticked, whom, {each.id: each.name for each in found.desk}[whom])
                for row_id in ticked:
                    del st.session_state[f"tick_{row_id}"]
                st.rerun()


top = st.container()
body, side = st.columns([1.85, 1])
with body, st.container(key="card_inbox"):
    sets_at = st.container()
    filters_at, search_at = st.columns([1, 2.6], vertical_alignment="center")
    with filters_at.popover(t("Filter"), width="stretch", icon=":material/tune:"):
        category = st.selectbox(
            t("Category"), [each.value for each in Category], format_func=lambda each: word(Category(each)), index=None,
            placeholder=t("Every category"), **settle("category", [each.value for each in Category]),
        )  # fmt: skip
        names = dict(filing.estates(actor))
        estate = st.selectbox(
            t("Estate"),
            list(names),
            None,
            format_func=lambda key: one_line(names[key]),
            placeholder=t("Every estate"),
            **settle("estate", names),
        )
        holder = st.selectbox(
            t("Who has it"), list(HOLDERS), None, format_func=lambda key: t(HOLDERS[key]), placeholder=t("Anybody"),
            **settle("holder", HOLDERS),
        )  # fmt: skip
    search = search_at.text_input(
        t("Search the inbox"), type="search", placeholder=t("Find a matter"), label_visibility="collapsed", **settle("q", otherwise="")
    )
    given = {"category": category or "", "estate_id": estate or "", "holder": holder or "", "search": search or ""}
    counted = inbox.counts(actor, **given)
    kept = sets_at.segmented_control(
        t("Show"), list(SETS), required=True, label_visibility="collapsed",
        format_func=lambda key: t("{set} {n}", set=t(SETS[key]), n=number(counted[key])), **settle("set", SETS, "waiting"),
    ) or "waiting"  # fmt: skip
    at = page_at("page", counted[kept], SIZE)
    found = inbox.inbox(actor, within=kept, **given, page=at, size=SIZE)
    open_id = st.query_params.get("id") or (found.rows[0].id if found.rows else "")
    if found.rows:
        with st.container(key="rows", gap=None):
            for row in found.rows:
                line(row, found.zone, open_id)
        bulk(found)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="pages"):
            first, last = (at - 1) * SIZE + 1, (at - 1) * SIZE + len(found.rows)
            show(h('<p class="meta">{said}</p>', said=t("{first}–{last} of {total}", first=first, last=last, total=number(found.total))))
            pager("page", found.total, SIZE)
    elif any(given.values()):
        show(h("{none}", none=p.empty(t("Nothing fits."), t("Take a filter off, or search for less."))))
    else:
        show(h("{none}", none=p.empty(t("Nothing is waiting here."), t("What people say arrives here, with its clock."))))

with top:
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with left:
        show(h("{head}", head=p.head(finding(found.figures), day(clock.day_of(found.now, found.zone), weekday=True))))
    with right.popover(t("Export"), width="stretch", icon=":material/download:"):
        files = urlencode({name: value for name, value in given.items() if value} | {"within": kept})
        links = [
            (t("All of these as a table (XLSX)"), f"/export/concerns.xlsx?{files}"),
            (t("The same as CSV"), f"/export/concerns.csv?{files}"),
        ]
        show(h("{links}", links=p.exports(links)))
    concern.said_last(actor)
    show(h("{stats}", stats=p.stats(figures_row(found.figures))))

with side:
    if open_id:
        with st.container(key="card_open"), door.guarded():
            seen = one.page(actor, open_id)
            show(h('<i class="{css}" hidden></i>', css="picked" if "id" in st.query_params else ""))
            concern.told(seen)
            show(h("<hr class=ln>"))
            concern.held(seen)
            concern.answered(seen)
            left_words = filing.draft(actor, f"answer:{seen.id}")
            concern.acts(actor, seen, found.desk, str(left_words.content.get("text", "")) if left_words else "")
