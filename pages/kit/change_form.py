"""Name others for works that have begun, or another last day: who carries it out, who supervises, until when, and why."""

from __future__ import annotations

import streamlit as st

from pages.kit import door, forms, start_form
from pages.kit.words import t
from services import projects
from services.actors import Actor
from services.reads import after_ground
from services.reads.works import Page
from services.work import do


def change_form(actor: Actor, project: Page) -> None:
    """The form, filled with what stands now."""
    name = forms.kind("project.change", project.id)
    ground, fields = after_ground.ground(actor, project.proposal_id), door.Fields()
    executors, supervise = ({each.id for each in people} for people in (ground.executors, ground.supervisors))
    begins = {
        "change_executor": project.executor_id if project.executor_id in executors else None,
        "change_supervisors": [each for each in project.supervisor_ids if each in supervise],
        "change_last": project.due_on,
    }
    with forms.typing(actor, name, "change_reason", *begins, begins=begins, chosen=("change_executor", "change_supervisors")):
        executor = start_form.one(t("Who carries it out"), ground.executors, "change_executor")
        fields.under("executor_id")
        supervisors = start_form.some(t("Who supervises"), ground.supervisors, "change_supervisors")
        fields.under("supervisor_ids")
        last = forms.day(t("Last day"), "change_last")
        fields.under("due_on")
        reason = st.text_area(t("Reasons, for everybody to read"), key="change_reason")
        fields.under("reason")
    if forms.press(t("Change it"), "do_project.change"):
        with door.attempt(fields, keeps=True) as tried:
            do(
                actor, projects.change, project_id=project.id, executor_id=executor or "", supervisor_ids=supervisors, due_on=last,
                reason=reason,
            )  # fmt: skip
        if tried.ok:
            forms.forget(actor, name)
            forms.done(t("Changed. Those who carry it out and supervise it are told."))
