"""What has been said already, beside a form: each matter with its voices and the button that adds one's own."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.kit import door
from pages.kit import pieces as p
from pages.kit.html import h, m, show, user_line
from pages.kit.words import listed, t, tn, word
from services import concerns, proposals
from services.actors import Actor
from services.errors import WrongStage
from services.reads.similar import Alike
from services.work import do


def alike_list(actor: Actor, found: Sequence[Alike], *, support: bool = True) -> None:
    """Nothing where nothing is close. `support`: with the button, for somebody who is about to file the same."""
    if not found:
        return
    said = max(each.voices for each in found)
    with st.container(key="card_alike"):
        title = tn("{n} person said something like it", "{n} people said something like it", said)
        show(
            h(
                "{title}<p class=q>{said}</p>",
                title=p.heading(title),
                said=t("Is it the same? Then your voice there helps more.") if support else "",
            )
        )
        for each in found:
            _one(actor, each, support)


def _one(actor: Actor, each: Alike, support: bool) -> None:
    facts = (each.number, each.estate, word(each.stage), tn("{n} voice", "{n} voices", each.voices))
    open_ = m('<a href="/proposal?id={id}" target="_blank">{title}</a>', id=each.id, title=user_line(each.title))
    title = open_ if each.kind == "proposal" else user_line(each.title)
    shared = t("In common: {words}", words=listed(list(each.shared))) if each.shared else ""
    show(h('<p class="ak"><b>{title}</b><span class="meta">{facts}</span><span class="meta">{shared}</span></p>', title=title,
           facts=p.dotted(*facts), shared=shared))  # fmt: skip
    if not support:
        return
    if each.mine or each.supported:
        show(h("{badge}", badge=p.badge(t("yours") if each.mine else t("You support it"), p.Tone.OK)))
    elif isinstance(each.why_not, WrongStage):
        return  # its stage stands there already
    elif each.why_not is not None:
        show(h("{why}", why=p.reasons([p.Reason(p.Met.NO, door.say(each.why_not), "")])))
    elif st.button(t("Support this one instead"), key=f"support_{each.id}"):
        with door.attempt() as tried:
            if each.kind == "proposal":
                do(actor, proposals.support, proposal_id=each.id)
            else:
                do(actor, concerns.support, concern_id=each.id)
        if tried.ok and each.kind == "proposal":
            st.switch_page("proposal.py", query_params={"id": each.id})
        elif tried.ok:
            st.rerun()
