"""Start the works: who carries it out, who supervises, for how much, from when to when, in which steps; kept as one types."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from pages.kit import door, forms
from pages.kit import pieces as p
from pages.kit.html import h, show, user_line
from pages.kit.words import t, tn
from services import projects
from services.actors import Actor
from services.reads import after_ground
from services.reads.after_ground import Candidate, Ground
from services.reads.story import Story
from services.rules import amounts
from services.rules.plain_text import one_line

MOST = 12
DAYS = 30


def start_form(actor: Actor, story: Story) -> None:
    """The form; every promise made at the table becomes a task by itself."""
    name = forms.kind("project.start", story.id)
    ground, fields = after_ground.ground(actor, story.id), door.Fields()
    begin = forms.holds(actor, name, "start_first") or ground.today
    month_on = begin + min(timedelta(days=(ground.days - 1) if ground.days else DAYS), date.max - begin)
    end = forms.holds(actor, name, "start_last") or month_on
    offers: dict[str, Any] = {"start_title": story.title, "start_budget": amounts.typed_of(ground.cost_fen), "start_count": 1}
    offers |= {"start_first": ground.today, "start_last": month_on}
    offers |= {f"start_{edge}_{place}": on for place in range(MOST) for edge, on in (("from", begin), ("to", end))}
    steps = [f"start_step_{place}" for place in range(MOST)]
    with forms.typing(actor, name, "start_title", "start_executor", "start_supervisors", *list(offers)[1:], *steps, offers=offers):
        title = st.text_input(t("What is carried out"), key="start_title")
        fields.under("title")
        executor = one(t("Who carries it out"), ground.executors, "start_executor")
        fields.under("executor_id")
        supervisors = some(t("Who supervises"), ground.supervisors, "start_supervisors")
        fields.under("supervisor_ids")
        budget = st.text_input(t("Budget in yuan"), key="start_budget", placeholder="186400.00")
        fields.under("budget_fen")
        left, right = st.columns(2)
        with left:
            first = forms.day(t("First day"), "start_first")
            fields.under("starts_on")
        with right:
            last = forms.day(t("Last day"), "start_last")
            fields.under("due_on")
        rows = _milestones(fields)
    _promised(ground)
    ticked = forms.sure(t("The works begin, and everybody can follow them."), "start_sure", fields)
    if forms.press(t("Start the works"), "do_project.start"):
        with door.attempt(fields, keeps=True) as tried:
            door.do_if_sure(
                actor, ticked, projects.start, proposal_id=story.id, title=title, executor_id=executor or "", supervisor_ids=supervisors,
                budget_fen=amounts.fen_or_wrong(budget), starts_on=first, due_on=last, milestones=rows,
            )  # fmt: skip
        if tried.ok:
            forms.forget(actor, name)
            forms.done(t("The works have begun. Those who carry it out and supervise it are told."))


def _said(each: Candidate) -> str:
    return one_line(t("{name}, {firm}", name=each.name, firm=each.firm) if each.firm else each.name)


def one(said: str, people: tuple[Candidate, ...], key: str) -> str | None:
    """The field for one of these people, inside `forms.typing`; None until somebody is chosen."""
    names = {each.id: _said(each) for each in people}
    if not names:
        show(h("{none}", none=p.note(t("Nobody holds this role yet."), t("The administrator gives it on the page of people."))))
        return None
    forms.among(key, names)
    return st.selectbox(said, list(names), None, format_func=names.__getitem__, key=key, placeholder=t("Choose somebody"))


def some(said: str, people: tuple[Candidate, ...], key: str) -> list[str]:
    """The field for several of these people."""
    names = {each.id: _said(each) for each in people}
    forms.among(key, names)
    return st.multiselect(
        said, list(names), format_func=names.__getitem__, key=key, placeholder=t("Choose one or more"),
        help=t("Nobody supervises what they carry out themselves."),
    )  # fmt: skip


def _milestones(fields: door.Fields) -> list[dict[str, Any]]:
    """Rows of title, first and last day; the rows may grow and shrink."""
    show(h("{title}", title=p.heading(t("Milestones"), t("in the order in which they are done"))))
    rows = []
    for place in range(st.session_state["start_count"]):
        one, two, three = st.columns([2, 1, 1])
        with one:
            title = st.text_input(t("Milestone {n}", n=place + 1), key=f"start_step_{place}")
            fields.under(f"milestones.{place}.title")
        with two:
            begin = forms.day(t("from"), f"start_from_{place}")
            fields.under(f"milestones.{place}.starts_on")
        with three:
            end = forms.day(t("to"), f"start_to_{place}")
            fields.under(f"milestones.{place}.due_on")
        rows.append({"title": title, "starts_on": begin, "due_on": end})
    fields.under("milestones")
    forms.rows("start", 1, MOST, t("One milestone more"), t("One fewer"))
    return rows


def _promised(ground: Ground) -> None:
    if ground.promises:
        lines = h("").join(h("<li>{said}</li>", said=user_line(t("{who}: {deed}", who=who, deed=deed))) for who, deed in ground.promises)
        said = tn("{n} promise from the table becomes a task", "{n} promises from the table become tasks", len(ground.promises))
        show(h('<p class="meta">{said}</p><ul class="bl">{lines}</ul>', said=said, lines=lines))
