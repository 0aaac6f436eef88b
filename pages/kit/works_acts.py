"""The acts on a project: report with photos, tick tasks and milestones, report it finished, accept or refuse it."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from models.vocabulary import ProjectState
from pages.kit import change_form, door, forms, unsent
from pages.kit import pieces as p
from pages.kit.attachments import PHOTOS, attachments
from pages.kit.html import h, show, user_line
from pages.kit.told import named
from pages.kit.words import N_, day, money, party_name, t, tn
from services import clock, projects
from services.actors import Actor
from services.errors import NotAllowed
from services.reads import filing
from services.reads.days import DayClock
from services.reads.works import Duty, Page
from services.rules import amounts
from services.rules.lifecycle import ELSEWHERE
from services.rules.plain_text import one_line
from services.work import do

FORMS = {
    "project.report": N_("Report progress"),
    "project.milestone_done": N_("Tick a milestone"),
    "project.complete": N_("Report it finished"),
    "project.accept": N_("Accept the works"),
    "project.refuse": N_("Not yet: say what is missing"),
    "project.change": N_("Name others, or another last day"),
}


def doors(actor: Actor, project: Page) -> None:
    """A button for each act that is open to this reader; one that waits only for something missing says for what."""
    open_ = [name for name in FORMS if _worth(project, name)]
    if not open_:
        return
    with st.container(horizontal=True):
        for name in open_:
            refusal = project.doors[name]
            first = name == ("project.accept" if project.state is ProjectState.COMPLETED else "project.report")
            if st.button(t(FORMS[name]), key=f"open_{name}", type="primary" if first else "secondary", disabled=refusal is not None):
                st.query_params["do"] = name
                st.rerun()
    for name in open_:
        if refusal := project.doors[name]:
            show(h('<p class="meta">{said}</p>', said=t("{name}: {value}", name=t(FORMS[name]), value=door.say(refusal))))


def _worth(project: Page, name: str) -> bool:
    refusal = project.doors[name]
    if name == "project.milestone_done" and all(each.done_on for each in project.stretches):
        return False
    return refusal is None or (refusal.message != ELSEWHERE and not isinstance(refusal, NotAllowed))


def form(actor: Actor, project: Page) -> None:
    """The form that the address asks for, if its act is open to this reader; else why not."""
    action = st.query_params.get("do", "")
    if action not in FORMS:
        return
    with st.container(key="card_form"):
        show(h("{title}", title=p.heading(t(FORMS[action]))))
        refusal = project.doors[action]
        if refusal is not None:
            show(h("{why}", why=p.reasons([p.Reason(p.Met.NO, door.say(refusal), "")])))
            unsent.instead_of(actor, action, project.id)
        elif action == "project.report":
            _report(actor, project)
        elif action == "project.milestone_done":
            _milestone(actor, project)
        elif action == "project.complete":
            _complete(actor, project)
        elif action == "project.change":
            change_form.change_form(actor, project)
        else:
            _inspect(actor, project, action == "project.accept")
        if st.button(t("Not now"), key="works_not_now", type="tertiary"):
            st.query_params.pop("do", None)
            st.rerun()


def _report(actor: Actor, project: Page) -> None:
    name, fields = forms.kind("project.report", project.id), door.Fields()
    with forms.typing(actor, name, "report_text", "report_spent"):
        text = st.text_area(t("What was done"), key="report_text", placeholder=t("In a sentence or two"))
        fields.under("text")
        spent = st.text_input(
            t("Spent by now, all together, in yuan (if it has changed)"), key="report_spent",
            placeholder=amounts.typed_of(project.spent_fen),
        )  # fmt: skip
        fields.under("spent_fen")
    said = t("Photos (JPEG, PNG, WebP, at most 5 MB each); everybody can see them")
    attachments(actor, f"draft:{name}", filing.draft_files(actor, name), said, PHOTOS)
    amount, ticked = amounts.fen_or_wrong(spent), True
    if amount is not None and amount > project.budget_fen:
        # What was spent never goes down again, and everybody reads it: a nought too many is asked about.
        ticked = forms.sure(t("That is more than the {money} that were planned, and it is right.", money=money(project.budget_fen)),
                            f"report_sure_{amount}", fields)  # fmt: skip
    if forms.press(t("Report it"), "do_project.report"):
        with door.attempt(fields, keeps=True) as tried:
            form = forms.sending("report", project.id, text, amount)
            door.do_if_sure(
                actor, ticked, projects.report, project_id=project.id, text=text, spent_fen=amount, draft=name, form=form
            )  # fmt: skip
        if tried.ok:
            forms.forget(actor, name)
            forms.done(t("Reported. Everybody can read it."))


def _milestone(actor: Actor, project: Page) -> None:
    with st.form("milestone", border=False, enter_to_submit=False):
        fields = door.Fields()
        names = {each.id: one_line(each.title) for each in project.stretches if each.done_on is None}
        chosen = st.selectbox(t("Milestone"), list(names), format_func=names.__getitem__, key="milestone_id")
        on = forms.day(t("Done on"), "milestone_on", project.today)
        fields.under("done_on")
        if st.form_submit_button(t("It is done"), type="primary", key="do_project.milestone_done"):
            with door.attempt(fields, keeps=True) as tried:
                do(actor, projects.milestone_done, milestone_id=chosen or "", done_on=on)
            if tried.ok:
                forms.done(t("Ticked."))


def _complete(actor: Actor, project: Page) -> None:
    fields = door.Fields()
    if not project.spent_told:
        said = t("What was spent is not reported yet. Say it in a report of how it goes: after this everybody reads that it was not.")
        show(h("{note}", note=p.note(said)))
    ticked = forms.sure(t("Everything is done; the supervisors are asked to come and look."), "complete_sure", fields)
    if st.button(t("Report it finished"), type="primary", key="do_project.complete"):
        with door.attempt(fields) as tried:
            door.do_if_sure(actor, ticked, projects.complete, project_id=project.id)
        if tried.ok:
            forms.done(t("Reported finished. The supervisors are told."))


def _inspect(actor: Actor, project: Page, accept: bool) -> None:
    name, fields = forms.kind("project.accept" if accept else "project.refuse", project.id), door.Fields()
    key = "saw_text" if accept else "missing_text"
    said = t("What you saw (if you like)") if accept else t("What is missing, so that it can be mended")
    with forms.typing(actor, name, key):
        text = st.text_area(said, key=key)
    fields.under("text")
    warns = t("I was there. The homes concerned are asked next; this cannot be undone.") if accept else t("I was there.")
    ticked = forms.sure(warns, "inspect_sure", fields)
    word = t("Accept the works") if accept else t("Send it back to be mended")
    if st.button(word, type="primary", key="do_inspect"):
        with door.attempt(fields, keeps=True) as tried:
            door.do_if_sure(actor, ticked, projects.accept if accept else projects.refuse, project_id=project.id, text=text)
        if tried.ok:
            forms.forget(actor, name)
            said = t("Accepted. The homes concerned are asked how it turned out.")
            forms.done(said if accept else t("Sent back. Those who carry it out are told."))


def tasks(actor: Actor, project: Page) -> None:
    """Who does what by when; whoever may, ticks it with a word about it."""
    left = sum(1 for each in project.duties if each.done_on is None)
    title = tn("{n} promise is still open", "{n} promises are still open", left) if left else t("Every promise is kept")
    if not project.duties:
        show(h("{title}<p>{none}</p>", title=p.heading(t("Tasks")), none=t("No promises were made at the table.")))
        return
    show(h("{title}", title=p.heading(title)))
    for each in project.duties:
        with st.container(key=f"task_{each.id}", horizontal=True, vertical_alignment="center"):
            show(_task(each, project))
            if each.done_on is None and each.door is None:
                _tick(actor, each)
            elif each.done_on and each.undo is None and st.button(t("Take the tick back"), key=f"undo_{each.id}", type="tertiary"):
                with door.attempt() as tried:
                    do(actor, projects.task_undo, task_id=each.id)
                if tried.ok:
                    forms.done(t("The tick is taken back."))


def _task(each: Duty, project: Page) -> Markup:
    if each.done_on:
        badge = p.badge(t("done {day}", day=day(each.done_on)), p.Tone.OK)
    else:
        badge = p.day_clock(DayClock(clock.end_of(each.due_on, project.zone) - clock.now(), each.days_late, each.level))
    who = p.party_chip(each.party, user_line(each.person or party_name(each.party, each.label)))
    facts = p.dotted(t("by {day}", day=day(each.due_on)), user_line(each.note) if each.note else "",
                     named(each.done_by) if each.done_by and each.note else "")  # fmt: skip
    return h(
        '<div class="ir"><span><b>{deed}</b><span class="meta">{who} {facts}</span></span><span class="rr">{badge}</span></div>',
        deed=user_line(each.deed), who=who, facts=facts, badge=badge,
    )  # fmt: skip


def _tick(actor: Actor, each: Duty) -> None:
    name, key = forms.kind("project.task_done", each.id), f"note_{each.id}"
    with st.popover(t("Tick it")):
        fields = door.Fields()
        with forms.typing(actor, name, key):
            note = st.text_input(t("A word about it (if you like)"), key=key)
        fields.under("note")
        if st.button(t("It is done"), type="primary", key=f"do_tick_{each.id}"):
            with door.attempt(fields, keeps=True) as tried:
                do(actor, projects.task_done, task_id=each.id, note=note)
            if tried.ok:
                forms.forget(actor, name)
                forms.done(t("Ticked."))
