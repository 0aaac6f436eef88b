"""All proposals: where each of them is, narrowed by stage, category, estate and words, everything kept in the address."""

from urllib.parse import urlencode

import streamlit as st

from models.vocabulary import Category, Stage
from pages.kit import frame
from pages.kit import pieces as p
from pages.kit.filters import page_at, pager, settle
from pages.kit.html import h, show
from pages.kit.matter import stage_badge
from pages.kit.words import N_, day, money, number, t, tn, word
from services import clock
from services.reads import filing, proposals
from services.reads.proposals import Row
from services.rules.plain_text import one_line

SIZE = 12
SETS = {
    "support": N_("Gathering support"),
    "review": N_("In review"),
    "talk": N_("Talked over"),
    "vote": N_("Decided on"),
    "works": N_("Carried out"),
    "ended": N_("Come to an end"),
}
ORDERS = {
    "newest": N_("Newest first"),
    "moved": N_("Last moved first"),
    "supported": N_("Most supported first"),
    "cost": N_("Dearest first"),
}

actor = frame.me()


def finding(counted: dict[str, int], everything: int) -> str:
    """The heading: how many are on their way; of a search without a hit, out of how many."""
    if not everything:
        return t("No proposals yet")
    if not any(counted.values()):
        return tn("None of {n} proposal fits", "None of {n} proposals fits", everything)
    running = sum(n for name, n in counted.items() if name != "ended")
    return tn("{n} proposal is on its way", "{n} proposals are on their way", running)


def card(row: Row, zone: str) -> p.ProposalCard:
    """A proposal as a card; the last line says what it waits for, or since when it stands there."""
    if row.stage is Stage.FILED:
        after = tn("{n} home more, and it goes to review", "{n} homes more, and it goes to review", row.missing)
    else:
        after = t("since {day}", day=day(clock.day_of(row.stage_since, zone)))
    cost = money(row.cost_fen) if row.cost_fen else t("costs nothing") if row.cost_fen == 0 else ""
    homes = tn("{n} home supports it", "{n} homes support it", row.supporters)
    return p.ProposalCard(
        f"/proposal?id={row.id}", row.number, row.title, stage_badge(row.stage, over=row.over), row.step,
        row.place, cost, homes, after, row.finished,
    )  # fmt: skip


top, sets_at = st.container(), st.container()
search_at, filters_at, order_at = st.columns([2, 0.8, 1])
search = search_at.text_input(
    t("Search proposals"), type="search", placeholder=t("Words, place, number"), label_visibility="collapsed", **settle("q", otherwise="")
) or ""  # fmt: skip
with filters_at.popover(t("Filter"), width="stretch", icon=":material/tune:"):
    kinds = [each.value for each in Category if each is not Category.HAZARD]
    category = st.selectbox(
        t("Category"), kinds, None, format_func=lambda each: word(Category(each)), placeholder=t("Every category"),
        **settle("category", kinds),
    ) or ""  # fmt: skip
    names = dict(filing.estates(actor))
    estate = st.selectbox(
        t("Estate"), list(names), None, format_func=lambda at: one_line(names[at]), placeholder=t("Every estate"), **settle("estate", names)
    ) or ""  # fmt: skip
    mine = st.checkbox(t("Only mine"), **settle("mine", otherwise=False)) if actor.person_id else False
order = order_at.selectbox(
    t("Order"), list(ORDERS), format_func=lambda key: t(ORDERS[key]), label_visibility="collapsed", **settle("order", ORDERS, "newest")
)
counted = proposals.counts(actor, category=category, estate_id=estate, search=search, mine=mine)
kept = sets_at.segmented_control(
    t("Stage"), list(SETS), format_func=lambda key: t("{set} {n}", set=t(SETS[key]), n=number(counted[key])), label_visibility="collapsed",
    **settle("set", SETS),
) or ""  # fmt: skip
given = {"within": kept, "category": category, "estate_id": estate, "search": search, "order": order}
fit = counted[kept] if kept else sum(counted.values())
found = proposals.listed(actor, **given, mine=mine, page=page_at("page", fit, SIZE), size=SIZE)
left, right = top.columns([3, 1], vertical_alignment="bottom")
with left:
    show(h("{head}", head=p.head(finding(counted, found.all))))
with right:
    show(h('<p class="act"><a class="fbt" href="/proposal_new" target="_self">{word}</a></p>', word=t("Write a proposal")))

if found.rows:
    for start in range(0, len(found.rows), 3):
        for column, row in zip(st.columns(3), found.rows[start : start + 3], strict=False):
            with column, st.container(key=f"card_matter_{row.id}", height="stretch"):
                show(h("{card}", card=p.proposal_card(card(row, found.zone))))
    files = urlencode({name: value for name, value in given.items() if value} | ({"mine": "1"} if mine else {}))
    links = [
        (t("All of these as a table (XLSX)"), f"/export/proposals.xlsx?{files}"),
        (t("The same as CSV"), f"/export/proposals.csv?{files}"),
    ]
    show(h("{links}", links=p.exports(links)))
elif found.all:
    show(h("{none}", none=p.empty(t("No proposal fits."), t("Take a filter off, or search for less."))))
else:
    show(h("{none}", none=p.empty(t("No proposals yet."), t("Write one sentence; it takes three minutes."))))
pager("page", found.total, SIZE)
