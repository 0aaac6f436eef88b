"""One project: steps, plan and reality, money to the fen, tasks with their days, what is missing before acceptance, reports."""

import streamlit as st

from pages.kit import forms, frame, works, works_acts
from pages.kit.html import show
from services.reads import works as reads

actor = frame.me()
project = reads.page(actor, st.query_params.get("id"))

show(works.top(project))
forms.said()
with st.container(key="card_steps"):
    show(works.stepper(project))
works_acts.form(actor, project)
left, right = st.columns([1.75, 1])
with left, st.container(key="card_gantt", height="stretch"):
    works.gantt(project)
with right, st.container(key="card_money", height="stretch"):
    show(works.money_card(project))
with st.container(key="card_missing"):
    show(works.missing(project))
    works_acts.doors(actor, project)
left, right = st.columns([1.75, 1])
with left:
    with st.container(key="card_tasks"):
        works_acts.tasks(actor, project)
    with st.container(key="card_reports"):
        show(works.reports(project))
with right:
    with st.container(key="card_people"):
        show(works.people(project))
    if project.verdicts:
        with st.container(key="card_verdicts"):
            show(works.verdicts(project))
