"""The card of the upkeep on the page of a matter: noted as done by whoever keeps it up, ended by the committee."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from pages.kit import door, forms
from pages.kit import pieces as p
from pages.kit.html import h, show, user_line
from pages.kit.words import day, t
from services import evaluations
from services.actors import Actor
from services.reads import upkeep as reads
from services.work import do


def card(actor: Actor, proposal_id: str) -> None:
    """Each upkeep that runs, with its two buttons for those who may."""
    for each in reads.running(actor, proposal_id):
        with st.container(key=f"card_upkeep_{each.id}"):
            show(h("{title}", title=p.heading(t("Kept up"))))
            said = t("{who}, every {n} days: {deed}", who=each.label, n=each.every_days, deed=each.deed)
            when = t("Due since {day}.", day=day(each.next_on)) if each.late else t("Next on {day}.", day=day(each.next_on))
            show(h('<p>{said}</p><p class="sub">{when}</p>', said=user_line(said), when=when))
            kind: Literal["primary", "secondary"] = "primary" if each.late else "secondary"
            if each.may_note and st.button(t("It was done today"), key=f"kept_{each.id}", type=kind, width="stretch"):
                with door.attempt() as tried:
                    do(actor, evaluations.kept, upkeep_id=each.id)
                if tried.ok:
                    forms.done(t("Noted. The next day is {n} days from now.", n=each.every_days))
            if each.may_end:
                with st.popover(t("End this upkeep"), width="stretch"):
                    show(h("<p>{said}</p>", said=t("Nobody is reminded of it any more. This cannot be undone.")))
                    if st.button(t("End this upkeep"), key=f"end_{each.id}", width="stretch"):
                        with door.attempt() as tried:
                            do(actor, evaluations.end_upkeep, upkeep_id=each.id)
                        if tried.ok:
                            forms.done(t("Ended."))
