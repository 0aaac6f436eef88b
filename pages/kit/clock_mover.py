"""Under the demo's banner: moves its clock forward, never back."""

from __future__ import annotations

import streamlit as st

from pages.kit import door, forms
from pages.kit.html import h, show
from pages.kit.words import moment, t, tn
from services import clock, demo_clock, installation, ticker
from services.actors import Actor
from services.work import do

STEPS = (("hour", 1), ("day", 24), ("week", 24 * 7))


def draw(actor: Actor, zone: str) -> None:
    """The button and what it opens; nothing outside a demo or before there is a community."""
    if not installation.is_demo() or actor.community_id is None:
        return
    with st.popover(t("Move the clock"), icon=":material/update:", key="clock_mover"):
        show(
            h(
                '<p><b>{now}</b><br><span class="meta">{said}</span></p>',
                now=moment(clock.now(), zone, year=True),
                said=t("Forward only, for everybody in this demo."),
            )
        )
        words = {
            "hour": tn("{n} hour on", "{n} hours on", 1),
            "day": tn("{n} day on", "{n} days on", 1),
            "week": tn("{n} day on", "{n} days on", 7),
        }
        for name, hours in STEPS:
            if st.button(words[name], key=f"clock_{name}", width="stretch"):
                _move(actor, hours)
        days, fields = forms.figure(t("Or this many days"), "clock_days", 30), door.Fields()
        fields.under("days")
        if st.button(t("Move it"), key="clock_go", width="stretch"):
            _move(actor, days=days or 0, fields=fields)


def _move(actor: Actor, hours: int = 0, *, days: int | None = None, fields: door.Fields | None = None) -> None:
    """Forward, and what has come due is done at once."""
    with door.attempt(fields) as tried:
        do(actor, demo_clock.advance, hours, days=days)
        installation.refresh()
        ticker.tick()
    if tried.ok:
        st.rerun()
