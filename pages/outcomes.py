"""What came of it all: matters done, how long, how satisfied, works on time; by estate, kind and period; every figure with its rows."""

import streamlit as st

from pages.kit import addressed, chart_forms, charts, effects, frame
from pages.kit import pieces as p
from pages.kit.html import h, show, user_line
from pages.kit.matter import stage_badge
from pages.kit.words import day, number, t, word
from services.reads import effect as reads
from services.rules.plain_text import one_line

SIZE = 20
actor = frame.me()
everything = reads.effect(actor)

top, one, two, three = st.columns([2.4, 1, 1, 1], vertical_alignment="bottom")
estates = dict(everything.estates)
times = ["", *everything.periods]
period = one.selectbox(
    t("Period"), times, times.index(addressed.asked("period", times)), format_func=effects.period_words, key="effect_period",
    label_visibility="collapsed",
)  # fmt: skip
places = ["", *estates]
estate = two.selectbox(
    t("Estate"), places, places.index(addressed.asked("estate", places)),
    format_func=lambda key: one_line(estates[key]) if key else t("All estates"), key="effect_estate", label_visibility="collapsed",
)  # fmt: skip
kinds = {each.value: each for each in effects.CATEGORIES}
offered = ["", *kinds]
category = three.selectbox(
    t("Kind"), offered, offered.index(addressed.asked("kind", offered)),
    format_func=lambda key: word(kinds[key]) if key else t("All kinds"), key="effect_category", label_visibility="collapsed",
)  # fmt: skip
chosen = (addressed.kept("estate", estate), addressed.kept("kind", category), addressed.kept("period", period))
found = reads.effect(actor, estate_id=chosen[0], category=chosen[1], period=chosen[2]) if any(chosen) else everything
with top:
    show(h("{head}", head=p.head(effects.finding(found, chosen), sub=t("Counted by the day a proposal was filed."))))

if not found.matters and not found.concerns:
    if any(chosen):
        show(h("{none}", none=p.empty(t("Nothing in this selection."), t("Choose another period, or all estates."))))
    else:
        show(h("{none}", none=p.empty(t("Nobody has proposed anything yet."), t("What becomes of proposals is counted here."))))
    st.stop()
show(effects.figures(found))
left, right = st.columns([1.25, 1])
with left, st.container(key="card_satisfied", height="stretch"):
    said = effects.satisfaction_finding(found)
    show(h("{title}", title=p.heading(user_line(said))))
    rows = found.by_estate()
    if rows:
        bars = tuple(
            chart_forms.Bar(name, float(round(mean, 1)), t("{good} of {n} satisfied", good=good, n=n)) for name, mean, good, n in rows
        )
        drawing = charts.Drawing(chart_forms.bars, (bars, (t("Estate"), t("Mean of 1 to 5"), t("Satisfied"))))
        twin, house = effects.satisfaction_twin(found), frame.plate(actor)
        charts.chart(drawing, said, twin, "satisfied", public_file="satisfaction", source=house.community)
    else:
        show(h("<p>{said}</p>", said=t("The homes are asked when works are accepted; the figures appear when their time is over.")))
with right, st.container(key="card_way", height="stretch"):
    show(h("{title}{rows}<hr>{late}", title=p.heading(effects.way_finding(found)), rows=effects.way_rows(found),
           late=effects.late_rows(found)))  # fmt: skip

with st.container(key="card_rows"):
    show(h("{title}", title=p.heading(t("The rows behind the figures"), t("{n} matters", n=number(len(found.matters))))))
    page = st.session_state.get("effect_page", 1)
    pages = max(1, -(-len(found.matters) // SIZE))
    page = min(page, pages)
    columns = [
        p.Column(t("Number")), p.Column(t("Matter")), p.Column(t("Estate")), p.Column(t("State")), p.Column(t("Filed")),
        p.Column(t("Days"), True), p.Column(t("On time")), p.Column(t("Points"), True),
    ]  # fmt: skip
    lines = [
        [
            each.number, p.link(user_line(each.title), f"/proposal?id={each.id}"), user_line(each.estate),
            stage_badge(each.stage, over=each.over), day(each.filed_on), number(each.days) if each.days is not None else "–",
            "–" if each.on_time is None else t("yes") if each.on_time else t("no"),
            t("{mean} ({n})", mean=number(each.score, 1), n=each.answers) if each.score is not None else "–",
        ]
        for each in found.matters[(page - 1) * SIZE : page * SIZE]
    ]  # fmt: skip
    show(h("{table}", table=p.table(t("The rows behind the figures"), columns, lines)))
    if pages > 1:
        st.pagination(pages, key="effect_page")
    excel, plain = effects.files("xlsx", *chosen), effects.files("csv", *chosen)
    show(h("{links}", links=p.exports([(t("All rows as a table (XLSX)"), excel), (t("The same as CSV"), plain)])))
