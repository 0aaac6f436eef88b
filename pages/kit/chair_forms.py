"""What the chair types beside the steering: sign somebody in, options, reasons, commitments. Nothing here draws itself anew.

Choices are buttons, not lists that open: a list would close whenever the drawing above it changes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from models.vocabulary import Party, Side
from pages.kit import door, forms, frame, unsent
from pages.kit import pieces as p
from pages.kit.html import h, label, show, user_line
from pages.kit.words import label_name, money, party_name, t, tn, word
from services import clock, deliberation, meetings
from services.actors import Actor
from services.reads import attending
from services.reads.board import Found
from services.reads.meetings import Page
from services.reads.table import Matter, Reason
from services.work import do

TYPED = ("deed_text", "deed_who", "deed_due", "deed_matter", "option_title", "option_about", "option_cost", "option_days", "option_matter",
         "reason_text", "reason_option", "reason_side", "reason_who", "deed_person")  # fmt: skip
DUE = timedelta(days=14)
ASKED = "taking_back"
HEARD = 2.0
"""Seconds between two looks at the reasons that came in."""
TAP = timedelta(seconds=0.7)
"""So soon after a question nobody has read it: the second half of a double tap is no answer."""


def table(actor: Actor, page: Page) -> None:
    """The four forms, one behind the other."""
    forms.emptied()
    who, options, reasons, deeds = st.tabs([t("Sign somebody in"), t("Add an option"), t("Add a reason"), t("Add a commitment")])
    matters = [each for each in page.matters if each.may_add is None]
    several = len(matters) > 1
    called = [(matter.title, way) for matter in matters for way in matter.ways]
    ways = [(way.id, t("{name}: {value}", name=title, value=way.title) if several else way.title) for title, way in called]
    offers: dict[str, Any] = {"option_matter": matters[0].id} if len(matters) > 1 else {}
    promising = [each for each in page.matters if each.may_promise is None]
    offers |= {"deed_matter": promising[0].id} if len(promising) > 1 else {}
    offers |= {"reason_option": ways[0][0], "reason_side": Side.PRO.value} if ways else {}
    offers |= {"deed_who": next(iter(speakers(page))), "deed_due": clock.today(page.board.zone) + DUE}
    with forms.typing(actor, forms.kind("meeting.table", page.board.meeting_id), *TYPED, offers=offers):  # `taken` ends the run
        with who:
            sign_in(actor, page)
        with options:
            if matters:
                add_option(actor, page, matters)
            else:
                say(t("No matter of this meeting takes options any more."))
                unsent.words(st.session_state.get(key) for key in ("option_title", "option_about", "option_cost"))
        with reasons:
            if ways:
                add_reason(actor, page, ways)
            else:
                first = t("Put an option on the table first; reasons belong to an option.")
                say(first if matters else t("No matter of this meeting takes reasons any more."))
                unsent.words([st.session_state.get("reason_text")])
        with deeds:
            if promising:
                add_commitment(actor, page, promising)
            else:
                say(next((door.say(each.may_promise) for each in page.matters if each.may_promise), ""))
                unsent.words([st.session_state.get("deed_text")])
            promises(actor, page, {each.id for each in promising})


def say(said: str) -> None:
    show(h('<p class="meta">{said}</p>', said=said))


def taken(*keys: str) -> None:
    """Empty these fields after their contents were taken, and draw all of it again."""
    forms.empty(*keys)
    st.rerun()


def sign_in(actor: Actor, page: Page) -> None:
    """Those who are there without a phone, or who leave: several at once."""
    if page.board.closed:
        say(t("This meeting is over."))
        return
    if not page.guests:
        say(t("Nobody is invited yet. Invite people on the page of the meeting."))
        return
    with st.form("sign_in", border=False, enter_to_submit=False):
        names = {each.person_id: f"{each.name} ({label_name(each.label)})" for each in sorted(page.guests, key=lambda each: each.there)}
        shown = {each.person_id: ("✓ " if each.there else "") + label(names[each.person_id]) for each in page.guests}
        chosen = st.pills(
            t("Who is there without a phone"), list(names), format_func=shown.__getitem__, selection_mode="multi", key="who_is_there"
        )
        one, two = st.columns(2)
        comes = one.form_submit_button(t("Sign in at the table"), type="primary", width="stretch")
        goes = two.form_submit_button(t("Has left"), width="stretch")
        if (comes or goes) and not chosen:
            show(h("{error}", error=p.field_error(t("Choose somebody from the list."))))
        elif comes or goes:
            with door.attempt() as tried:
                for person in chosen:
                    do(actor, meetings.attend_for if comes else meetings.leave, meeting_id=page.board.meeting_id, person_id=person)
            if tried.ok:
                taken("who_is_there")


def about_which(matters: list[Matter], key: str) -> str:
    """The matter a line is about; asked only where there are several."""
    titles = {each.id: label(each.title) for each in matters}
    if len(titles) < 2:
        return next(iter(titles), "")
    forms.among(key, titles, next(iter(titles)))
    return st.pills(t("For which matter"), list(titles), format_func=titles.__getitem__, key=key) or ""


def add_option(actor: Actor, page: Page, matters: list[Matter]) -> None:
    fields = door.Fields()
    matter = about_which(matters, "option_matter")
    fields.under("proposal_id")
    title = st.text_input(t("Option"), key="option_title", placeholder=t("In a few words"))
    fields.under("title")
    about = st.text_area(t("What it means"), key="option_about", height=80)
    fields.under("description")
    one, two = st.columns(2)
    with one:
        cost = forms.figure(t("Cost in yuan, if known"), "option_cost", step=100)
        fields.under("cost_fen")
    with two:
        days = forms.figure(t("Days of work, if known"), "option_days")
        fields.under("days")
    if st.button(t("Put it on the table"), type="primary", key="do_option"):
        with door.attempt(fields, keeps=True) as tried:
            do(
                actor, deliberation.add_option, proposal_id=matter or matters[0].id, meeting_id=page.board.meeting_id, title=title,
                description=about or "", cost_fen=None if cost is None else cost * 100, days=days,
            )  # fmt: skip
        if tried.ok:
            taken("option_title", "option_about", "option_cost", "option_days")
    for way in (way for each in matters for way in each.ways):
        cost_words = money(way.cost_fen) if way.cost_fen is not None else ""
        facts = p.dotted(cost_words, tn("{n} day", "{n} days", way.days) if way.days else "")
        with st.container(horizontal=True, key=f"gr_way_{way.id}"):
            show(h('<b>{title}</b> <span class="meta">{facts}</span>', title=user_line(way.title), facts=facts))
            if st.button(t("Take off the table"), key=f"off-{way.id}", type="tertiary"):
                with door.attempt() as tried:
                    do(actor, deliberation.withdraw_option, option_id=way.id)
                if tried.ok:
                    st.rerun()


def add_reason(actor: Actor, page: Page, ways: list[tuple[str, str]]) -> None:
    fields = door.Fields()
    titles = {key: label(title) for key, title in ways}
    first = ways[0][0]
    forms.among("reason_option", titles, first)
    option = st.pills(t("For which option"), list(titles), format_func=titles.__getitem__, key="reason_option")
    sides = [each.value for each in Side]
    side = st.segmented_control(t("Speaks"), sides, format_func=lambda each: word(Side(each)), key="reason_side")
    fields.under("side")
    named = speakers(page)
    forms.among("reason_who", named)
    who = st.pills(t("Who said it"), list(named), format_func=lambda each: label(label_name(each)), key="reason_who")
    fields.under("party")
    text = st.text_area(t("Reason"), key="reason_text", height=80)
    fields.under("text")
    if st.button(t("Note it"), type="primary", key="do_reason"):
        with door.attempt(fields, keeps=True) as tried:
            party = named[who].value if who else ""
            do(actor, deliberation.add_argument, option_id=option or first, side=side or "", text=text, party=party)
        if tried.ok:
            forms.unchoose("reason_who")  # the next one is mostly somebody else's
            taken("reason_text")
    heard = st.fragment(run_every=None if page.board.closed else HEARD)(what_was_said)
    heard(actor, Found(page.board.community_id, page.board.meeting_id, page.board.code), option or first)


def what_was_said(actor: Actor, found: Found, option_id: str) -> None:
    """The reasons to this option, as they come in: most of them from phones."""
    frame.still(actor)
    for reason in (each for each in attending.reasons(actor, found) if each.option_id == option_id):
        noted(actor, reason)


def noted(actor: Actor, reason: Reason) -> None:
    """A reason on the table. Nobody but who said it can say it again in their name, so the chair is asked before it is taken back."""
    with st.container(horizontal=True, key=f"gr_why_{reason.id}"):
        by = p.dotted(word(reason.side), word(reason.party) if reason.party else "")
        show(h('<b>{by}</b> {text}', by=by, text=user_line(reason.text)))
        asked_for, at = st.session_state.get(ASKED, ("", clock.now()))
        if asked_for != reason.id:
            forms.turn(t("Take back"), f"back-{reason.id}", asked, reason.id, type="tertiary")
            return
        forms.turn(t("Keep it"), f"keep-{reason.id}", asked, type="tertiary")
        if st.button(t("Take it back"), key=f"gone-{reason.id}") and clock.now() - at >= TAP:
            with door.attempt() as tried:
                do(actor, deliberation.withdraw_argument, argument_id=reason.id)
            if tried.ok:
                asked()
                st.rerun()


def asked(reason_id: str = "") -> None:
    """Which reason the chair is asked about, and since when."""
    st.session_state[ASKED] = reason_id, clock.now()


def speakers(page: Page) -> dict[str, Party]:
    """Who can promise something: the parties at the table as they are called there, then the others."""
    seats = {row.label: row.party for row in page.board.seats}
    return seats | {word(each): each for each in Party if each not in seats.values()}


def add_commitment(actor: Actor, page: Page, matters: list[Matter]) -> None:
    fields = door.Fields()
    view = page.board
    matter = about_which(matters, "deed_matter")
    named, first = speakers(page), next(iter(speakers(page)))
    forms.among("deed_who", named, first)
    who = st.pills(t("Who"), list(named), format_func=lambda each: label(label_name(each)), key="deed_who") or first
    people = {each.person_id: label(each.name) for each in page.guests or () if each.label == who}
    forms.among("deed_person", people)
    person = st.pills(t("Who exactly, if known"), list(people), format_func=people.__getitem__, key="deed_person") if people else None
    one, two = st.columns([2, 1])
    with one:
        deed = st.text_input(t("Does what"), key="deed_text")
        fields.under("deed")
    with two:
        due = forms.day(t("By when"), "deed_due")
        fields.under("due_on")
    seated = {row.label for row in view.seats}
    if forms.press(t("Note the commitment"), "do_deed"):
        with door.attempt(fields, keeps=True) as tried:
            do(
                actor, deliberation.commit, meeting_id=view.meeting_id, proposal_id=matter or matters[0].id, party=named[who].value,
                label=who if who in seated else "", person_id=person, deed=deed, due_on=due,
                form=forms.sending("deed", matter, who, person, deed, due),
            )  # fmt: skip
        if tried.ok:
            forms.unchoose("deed_person")
            taken("deed_text")


def promises(actor: Actor, page: Page, open_for: set[str]) -> None:
    """What was promised, to be struck as long as the works have not taken it over."""
    names = {each.person_id: each.name for each in page.guests or ()}
    for promise in page.board.promises:
        with st.container(horizontal=True, key=f"gr_deed_{promise.id}"):
            who_said, deed_said = user_line(party_name(promise.party, promise.label)), user_line(promise.deed)
            who = names.get(promise.person_id or "", "")
            facts = p.dotted(t("by {day}", day=promise.due_on), user_line(who) if who else "")
            show(h('<b>{who}</b> {deed} <span class="meta">{facts}</span>', who=who_said, deed=deed_said, facts=facts))
            if promise.proposal_id in open_for and st.button(t("Strike"), key=f"strike-{promise.id}", type="tertiary"):
                with door.attempt() as tried:
                    do(actor, deliberation.withdraw_commitment, commitment_id=promise.id)
                if tried.ok:
                    st.rerun()
