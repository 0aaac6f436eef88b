"""The forms around a notice: show a decision, lodge an objection or take it back, rule on the objections."""

from __future__ import annotations

import streamlit as st

from models.vocabulary import Ruling
from pages.kit import door, forms, votes
from pages.kit import pieces as p
from pages.kit.html import h, show, user_text
from pages.kit.told import in_a_row, named
from pages.kit.words import N_, deadline, near, speaking, t, tn, word
from services import notices
from services.actors import Actor
from services.reads import after_ground
from services.reads.story import Story
from services.reads.story_entries import Objected
from services.work import do

RULINGS = {
    Ruling.ANSWERED: N_("The decision stays as it is; the reply says why."),
    Ruling.ADJUSTED: N_("A detail changes within the decision; the reply says which."),
    Ruling.UPHELD: N_("The matter goes back to the table; other objections that wait end with it. Nothing is deleted."),
}


def prefilled(story: Story, language: str, days: int) -> str:
    """The text of a notice, from the outcome, in the community's language."""
    with speaking(language):
        why = in_a_row(votes.reasons(story.card.outcome)) if story.card else ""
        shown = tn(
            "It is shown for {n} day. Whoever objects writes it here.", "It is shown for {n} days. Whoever objects writes it here.", days
        )
        return t("{title}. {why} {shown}", title=story.title, why=why, shown=shown)


def publish_form(actor: Actor, story: Story) -> None:
    """Show the decision to everybody for some days."""
    name = forms.kind("notice.publish", story.id)
    ground, fields = after_ground.ground(actor, story.id), door.Fields()
    least = ground.notice_days
    chosen = min(notices.MOST_DAYS, max(least, int(forms.holds(actor, name, "notice_days") or least)))
    offers = {"notice_text": prefilled(story, ground.language, chosen)}  # until somebody changes a word it names the days as they are now
    with forms.typing(actor, name, "notice_days", "notice_text", offers=offers | {"notice_days": least}):
        days = forms.figure(t("For how many days"), "notice_days")
        fields.under("days")
        text = st.text_area(t("What everybody reads"), height=220, key="notice_text")
        forms.in_their_language(ground.language)
        fields.under("text")
    ticked = forms.sure(t("Everybody sees it from now on; it cannot be taken off."), "notice_sure", fields)
    if st.button(t("Show it now"), type="primary", key="do_notice.publish"):
        with door.attempt(fields, keeps=True) as tried:
            door.do_if_sure(actor, ticked, notices.publish, proposal_id=story.id, text=text, days=days or 0)
        if tried.ok:
            forms.forget(actor, name)
            forms.done(t("The decision is on notice. Objections come to you."))


def lodge_form(actor: Actor, story: Story) -> None:
    """Object, with a reason."""
    if story.notice is None:
        return
    name = forms.kind("objection.lodge", story.notice.notice_id)
    fields = door.Fields()
    until = deadline(story.notice.ends_at, story.zone)
    said = t("Until {when}. The committee answers every objection with reasons; you are told.", when=until)
    show(h('<p class="q">{said}</p>', said=said))
    with forms.typing(actor, name, "objection_text"):
        text = st.text_area(t("What you object to, and why"), key="objection_text")
    fields.under("text")
    if st.button(t("Lodge the objection"), type="primary", key="do_objection.lodge"):
        with door.attempt(fields, keeps=True) as tried:
            do(actor, notices.lodge, notice_id=story.notice.notice_id, text=text)
        if tried.ok:
            forms.forget(actor, name)
            forms.done(t("Your objection is here. You are told when it is ruled on."))


def rule_form(actor: Actor, story: Story) -> None:
    """A ruling with reasons for each objection that waits."""
    for each in story.notice.objections if story.notice else ():
        if each.open:
            _rule(actor, story, each)


def _rule(actor: Actor, story: Story, objection: Objected) -> None:
    show(h('<blockquote class="bq">{text}</blockquote><p class="meta">{who}</p>', text=user_text(objection.text), who=named(objection.who)))
    if objection.rule is not None:
        show(h("{why}", why=p.reasons([p.Reason(p.Met.NO, door.say(objection.rule), "")])))
        return
    name, ruling_key, reply_key = forms.kind("objection.rule", objection.id), f"ruling_{objection.id}", f"reply_{objection.id}"
    fields = door.Fields()
    with forms.typing(actor, name, ruling_key, reply_key):
        ruling = st.radio(
            t("Ruling"), [each.value for each in RULINGS], index=None, format_func=lambda each: word(Ruling(each)),
            captions=[t(said) for said in RULINGS.values()], key=ruling_key,
        )  # fmt: skip
        fields.under("ruling")
        reply = st.text_area(t("Reasons, for everybody to read"), key=reply_key)
        fields.under("reply")
    ticked = forms.sure(t("The ruling is final and public."), f"sure_{objection.id}", fields)
    if st.button(t("Rule on it"), type="primary", key=f"do_rule_{objection.id}"):
        with door.attempt(fields, keeps=True) as tried:
            door.do_if_sure(actor, ticked, notices.rule, objection_id=objection.id, ruling=ruling or "", reply=reply)
        if tried.ok:
            forms.forget(actor, name)
            forms.done(t("Ruled. Whoever objected is told."))


def mine(actor: Actor, story: Story) -> None:
    """One's own objections that wait: they can be taken back."""
    for each in story.notice.objections if story.notice else ():
        if each.mine and each.open:
            with st.container(key=f"card_mine_{each.id}"):
                waits = t("It waits for its ruling since {when}.", when=near(each.at, story.zone))
                show(h("{title}<p>{text}</p><p class=meta>{waits}</p>", title=p.heading(t("Your objection")), text=user_text(each.text),
                       waits=waits))  # fmt: skip
                if each.withdraw is None and st.button(t("Take it back"), key=f"withdraw_{each.id}", width="stretch"):
                    with door.attempt() as tried:
                        do(actor, notices.withdraw, objection_id=each.id)
                    if tried.ok:
                        forms.done(t("Your objection is taken back."))
