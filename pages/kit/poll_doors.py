"""The acts on a vote, on its page: open, extend, close, reveal, call off, make the roll anew; a locked one says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from models.vocabulary import PollState
from pages.kit import door, forms
from pages.kit import pieces as p
from pages.kit.html import h, show
from pages.kit.words import number, t
from services import clock, polls, rolls
from services.actors import Actor
from services.errors import Refusal, WrongStage
from services.reads.polls import Page
from services.work import do


def doors(actor: Actor, poll: Page) -> None:
    """What the committee and the chair can do now, each with the reason when it cannot be done."""
    with st.container(key="card_doors"):
        show(h("{title}", title=p.heading(t("Next"))))
        if poll.state is PollState.PREPARED:
            _opening(actor, poll)
            said = t("The register has changed: take it over. Codes that were handed out end.")
            _act(poll, "poll.renew_roll", t("Make the roll anew"), said, lambda: do(actor, rolls.renew, poll_id=poll.id))
        if poll.state is PollState.OPEN:
            _extending(actor, poll)
            said = t("After this nothing more is taken. This cannot be undone.")
            _act(poll, "poll.close", t("Close the vote now"), said, lambda: do(actor, polls.close, poll_id=poll.id))
        if poll.state in (PollState.OPEN, PollState.CLOSED):
            said = t("Everybody sees it at once. This cannot be undone.")
            first = poll.state is PollState.CLOSED
            _act(poll, "poll.reveal", t("Count and show the result"), said, lambda: do(actor, polls.reveal, poll_id=poll.id), first=first)
        if poll.state in (PollState.PREPARED, PollState.OPEN):
            if poll.doors["poll.codes"] is None:
                show(h('<p><a href="/codes/{id}" target="_self">{word}</a></p>', id=poll.id, word=t("Codes on paper: make and print them")))
            if poll.codes_out:
                said = t("{n} codes handed out, {used} of them used.", n=number(poll.codes_out), used=number(poll.codes_used))
                show(h('<p class="q">{said}</p>', said=said))
                if poll.doors["poll.codes"] is None:
                    _lost(poll)
        _cancelling(actor, poll)


def _act(poll: Page, action: str, word: str, said: str, run: Callable[[], object], *, first: bool = False) -> None:
    """One act behind a second press; a locked one says why."""
    refusal = poll.doors[action]
    if refusal is not None:
        st.button(word, disabled=True, key=f"locked_{action}", width="stretch")
        _why(refusal)
        return
    with st.popover(word, width="stretch", type="primary" if first else "secondary"):
        show(h("<p>{said}</p>", said=said))
        if st.button(word, type="primary", key=f"do_{action}", width="stretch"):
            with door.attempt() as tried:
                run()
            if tried.ok:
                st.rerun()


def _lost(poll: Page) -> None:
    """A slip was lost: a new code for that home alone, all others stay good."""
    with st.popover(t("A slip was lost"), width="stretch"):
        show(h("<p>{said}</p>", said=t("A new code for one home: its old one ends, those of all others stay good.")))
        shut = poll.received.m < poll.received.roll  # an open vote that counts those present takes nothing from the others
        labels = {each.entry_id: each.label for each in poll.roll or () if each.present or not shut}
        home = st.selectbox(t("Home number"), list(labels), format_func=labels.__getitem__, index=None, key="lost_home",
                            placeholder=t("Choose, or type the number"))  # fmt: skip
        if home:
            word = t("Make and print a new code for home {home}", home=labels[home])
            show(h('<p><a href="/codes/{id}?home={home}" target="_self">{word}</a></p>', id=poll.id, home=home, word=word))


def _why(refusal: Refusal) -> None:
    """Under a locked button: a matter of time, or of who one is."""
    met = p.Met.WAIT if isinstance(refusal, WrongStage) else p.Met.NO
    show(h("{why}", why=p.reasons([p.Reason(met, door.say(refusal), "")])))


def _opening(actor: Actor, poll: Page) -> None:
    refusal = poll.doors["poll.open"]
    if refusal is not None:
        st.button(t("Open the vote"), disabled=True, width="stretch", key="locked_open")
        _why(refusal)
        return
    with st.popover(t("Open the vote"), type="primary", width="stretch"), st.form("open_vote", border=False):
        zone = ZoneInfo(poll.zone)
        show(h("<p>{said}</p>", said=t("From here on question, answers, rule and roll stay as they are.")))
        soon = clock.now().astimezone(zone).replace(tzinfo=None, second=0, microsecond=0) + timedelta(days=3)
        fields = door.Fields()
        end = st.datetime_input(t("Open until ({zone})", zone=poll.zone), value=soon.replace(hour=20, minute=0), key="open_until",
                                **forms.EVERY_MOMENT)  # fmt: skip
        fields.under("closes_at")
        if st.form_submit_button(t("Open it"), key="do_poll.open", type="primary", width="stretch"):
            with door.attempt(fields) as tried:
                do(actor, polls.open, poll_id=poll.id, closes_at=end.replace(tzinfo=zone) if end else None)
            if tried.ok:
                st.rerun()


def _extending(actor: Actor, poll: Page) -> None:
    refusal = poll.doors["poll.extend"]
    if refusal is not None:
        return
    with st.popover(t("Keep it open longer"), width="stretch"), st.form("extend_vote", border=False):
        fields = door.Fields()
        hours = forms.figure(t("Hours longer"), "extend_hours", 24)
        fields.under("hours")
        # Of a double press the second finds no such button any more: the vote closes at another time.
        if st.form_submit_button(t("Keep it open longer"), key=f"do_poll.extend-{poll.closes_at}", type="primary", width="stretch"):
            with door.attempt(fields) as tried:
                do(actor, polls.extend, poll_id=poll.id, hours=hours or 0, seen=poll.closes_at)
            if tried.ok:
                st.rerun()


def _cancelling(actor: Actor, poll: Page) -> None:
    if poll.state in (PollState.REVEALED, PollState.CANCELLED) or poll.doors["poll.cancel"] is not None:
        return
    name = forms.kind("poll.cancel", poll.id)
    with st.popover(t("Call it off", context="Poll"), width="stretch", type="tertiary"):
        fields = door.Fields()
        show(h("<p>{said}</p>", said=t("What was cast is not counted; the matter goes back to deliberation.")))
        with forms.typing(actor, name, "cancel_reason"):
            reason = st.text_area(t("Why"), key="cancel_reason")
        fields.under("reason")
        ticked = forms.sure(t("The vote is called off. This cannot be undone."), "cancel_sure", fields)
        if st.button(t("Call it off", context="Poll"), key="do_poll.cancel", width="stretch"):
            with door.attempt(fields, keeps=True) as tried:
                door.do_if_sure(actor, ticked, polls.cancel, poll_id=poll.id, reason=reason)
            if tried.ok:
                forms.forget(actor, name)
                st.rerun()
