"""One matter from the first word to the last: what, when, who, why; whose turn it is now; what was decided; what comes next."""

import streamlit as st

from pages.kit import forms, frame, matter, notice_forms, story_acts, upkeep_acts
from pages.kit import pieces as p
from pages.kit.html import h, show
from pages.kit.words import t
from services.reads import story as reads

actor = frame.me()
story = reads.story(actor, st.query_params.get("id"))

wide, narrow = st.columns([1.9, 1], gap="large")
with wide:
    with st.container(key="story_top"):
        show(matter.top(story))
        forms.said()
        story_acts.form(actor, story)
    with st.container(key="story_line"):
        matter.timeline(story)
with narrow:
    if story.card:
        with st.container(key="card_outcome"):
            show(matter.outcome(story))
    with st.container(key="card_turn"):
        show(matter.turn(story))
        story_acts.first(actor, story)
    upkeep_acts.card(actor, story.id)
    for other in (story.following, story.previous):
        if other:
            with st.container(key=f"card_round_{other.round}"):
                show(matter.other(story, other))
    with st.container(key="card_plan"):
        show(matter.plan(story))
    notice_forms.mine(actor, story)
    story_acts.rest(actor, story)
    show(h('<p class="ex">{print}</p>', print=p.link(t("A page to print"), f"/paper/proposal/{story.id}")))
