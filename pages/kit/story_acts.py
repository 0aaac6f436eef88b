"""The acts on the page of a matter: the one whose turn it is first, the others below; a locked one says why; forms open in the page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.kit import door, forms, frame, judged, unsent
from pages.kit import pieces as p
from pages.kit.after_forms import close_form, evaluate_form, keep_form, reopen_form
from pages.kit.html import h, show
from pages.kit.notice_forms import lodge_form, publish_form, rule_form
from pages.kit.start_form import start_form
from pages.kit.words import N_, t
from services import proposals
from services.actors import Actor
from services.errors import NotAllowed
from services.reads.story import Story
from services.reads.story_entries import Published, Rated
from services.rules.access import NEVER_SAYS
from services.rules.lifecycle import ELSEWHERE
from services.work import do

FOR_NEIGHBOURS = ("proposal.support", "objection.lodge", "evaluation.answer", "poll.cast", "meeting.attend")
# Action → what its button says, and its form on this page.
FORMS: dict[str, tuple[str, Callable[[Actor, Story], None]]] = {
    "notice.publish": (N_("Show the decision"), publish_form),
    "objection.lodge": (N_("Lodge an objection"), lodge_form),
    "objection.rule": (N_("Rule on the objections"), rule_form),
    "project.start": (N_("Start the works"), start_form),
    "evaluation.answer": (N_("Say how it turned out"), evaluate_form),
    "evaluation.close": (N_("Close the evaluation"), close_form),
    "upkeep.plan": (N_("Plan the upkeep"), keep_form),
    "proposal.reopen": (N_("Open another round"), reopen_form),
}
# Action → what its link says, and the page of another desk ("" where the matter itself names the address).
LINKS: dict[str, tuple[str, str]] = {
    "proposal.resubmit": (N_("Complete it"), "/proposal_new?id={id}"),
    "proposal.accept": (N_("Review it"), "/review?id={id}"),
    "meeting.convene": (N_("Call a meeting"), "/meeting_new?proposal={id}"),
    "meeting.attend": (N_("Open the meeting"), ""),
    "poll.prepare": (N_("Prepare the vote"), "/prepare?proposal={id}"),
    "poll.open": (N_("Open the vote"), ""),
    "poll.cast": (N_("Cast your vote"), ""),
    "poll.reveal": (N_("Show the result"), ""),
    "project.report": (N_("See the works"), ""),
    "project.accept": (N_("See the works"), ""),
}
OTHERS = (
    "meeting.convene", "poll.prepare", "objection.lodge", "project.start", "evaluation.answer", "evaluation.close", "upkeep.plan",
    "proposal.reopen",
)  # fmt: skip


def form(actor: Actor, story: Story) -> None:
    """The form that the address asks for, if its act is open to this reader; else why not."""
    action = st.query_params.get("do", "")
    if action not in FORMS:
        return
    label, draw = FORMS[action]
    with st.container(key="card_form"):
        show(h("{title}", title=p.heading(t(label))))
        refusal = story.doors[action]
        if refusal is None:
            draw(actor, story)
        else:
            show(h("{why}", why=p.reasons([p.Reason(p.Met.NO, door.say(refusal), "")])))
            unsent.instead_of(actor, action, *_subjects(story))
        if st.button(t("Not now"), key="story_not_now", type="tertiary"):
            st.query_params.pop("do", None)
            st.rerun()


def _subjects(story: Story) -> list[str]:
    """What a form here can be about: the matter, its notices with their objections, its evaluations."""
    notices = [each for each in story.entries if isinstance(each, Published)]
    rated = [each.evaluation_id for each in story.entries if isinstance(each, Rated)]
    return [story.id, *(each.notice_id for each in notices), *(one.id for each in notices for one in each.objections), *rated]


def first(actor: Actor, story: Story) -> None:
    """The act of whose turn it is."""
    action = story.now.turn.action
    if action == "proposal.support":
        _support(actor, story)
    elif action in FORMS:
        _open_form(actor, story, action, first=True)
    elif action in LINKS:
        _link(actor, story, action, first=True)


def rest(actor: Actor, story: Story) -> None:
    """What else this reader can do here, and what is locked only for the time being."""
    others = [action for action in OTHERS if action != story.now.turn.action and _worth(actor, story, action)]
    withdraw = story.doors["proposal.withdraw"] is None
    if not others and not withdraw:
        return
    with st.container(key="card_rest"):
        show(h("{title}", title=p.heading(t("What else you can do"))))
        for action in others:
            if action in FORMS:
                _open_form(actor, story, action)
            else:
                _link(actor, story, action)
        if withdraw:
            _withdraw(actor, story)


def _worth(actor: Actor, story: Story, action: str) -> bool:
    """Whether an act is shown at all: an open one; a locked one only when it is a matter of time and of this reader."""
    refusal = story.doors[action]
    if refusal is None:
        return True
    return refusal.message != ELSEWHERE and not isinstance(refusal, NotAllowed) and actor.person_id is not None


def _locked(actor: Actor, story: Story, action: str, label: str, first: bool) -> bool:
    """Shows why an act is not open; for a stranger the way in. True when it is locked."""
    refusal = story.doors.get(action)
    if refusal is None:
        return False
    if actor.person_id is None and action in FOR_NEIGHBOURS:
        to = frame.login_address()
        show(h('<p class="wide"><a class="fbt" href="{to}" target="_self">{word}</a></p>', to=to, word=t("Sign in to take part")))
    elif not isinstance(refusal, NotAllowed) or action in FOR_NEIGHBOURS or refusal.message in NEVER_SAYS.values():
        st.button(label, disabled=True, key=f"locked_{action}_{first}", width="stretch")
        show(h("{why}", why=p.reasons([p.Reason(p.Met.NO, door.say(refusal), "")])))
    return True


def _open_form(actor: Actor, story: Story, action: str, first: bool = False) -> None:
    label = t(FORMS[action][0])
    if _locked(actor, story, action, label, first):
        return
    if action == "evaluation.answer" and (given := judged.said(story.answers)):
        show(h("{note}", note=p.tick_line(given)))
        if judged.finished(story.answers):
            label, first = t("Change my answer"), False
    if st.query_params.get("do") == action:  # a second button of this name would do nothing, and look as if it sent the form
        show(h('<p class="meta">{said}</p>', said=t("Its form is open on this page.")))
    elif st.button(label, type="primary" if first else "secondary", key=f"open_{action}", width="stretch"):
        st.query_params["do"] = action
        st.rerun()


def _link(actor: Actor, story: Story, action: str, first: bool = False) -> None:
    word, pattern = LINKS[action]
    if _locked(actor, story, action, t(word), first):
        return
    to = pattern.format(id=story.id) if pattern else story.now.href
    if to and (not pattern or _there(pattern)):
        css = "fbt" if first else ""
        show(h('<p class="wide"><a class="{css}" href="{to}" target="_self">{word}</a></p>', css=css, to=to, word=t(word)))


def _there(address: str) -> bool:
    """Whether the page behind an address is in the house."""
    return any(item.address == address.partition("?")[0] for item in frame.NAV)


def _support(actor: Actor, story: Story) -> None:
    if story.supports and story.mine:
        show(h("{note}", note=p.tick_line(t("Your own proposal counts your home already."))))
        return
    if story.supports:
        show(h("{note}", note=p.tick_line(t("You support it."))))
        if st.button(t("Take my support back"), key="unsupport", width="stretch"):
            with door.attempt() as tried:
                do(actor, proposals.unsupport, proposal_id=story.id)
            if tried.ok:
                forms.done(t("Taken back. You can support it again while it waits."))
        return
    label = t("Support it for my home")
    if not _locked(actor, story, "proposal.support", label, True) and st.button(label, type="primary", key="support", width="stretch"):
        with door.attempt() as tried:
            homes = do(actor, proposals.support, proposal_id=story.id)
        if tried.ok:
            enough = t("Your home supports it. That is enough: now the committee reads it.")
            forms.done(enough if homes >= story.needed else t("Your home supports it. You can take that back while it waits."))


def _withdraw(actor: Actor, story: Story) -> None:
    name = forms.kind("withdraw", story.id)
    with st.popover(t("Withdraw my proposal"), width="stretch"):
        show(h("<p>{said}</p>", said=t("Its supporters see that you withdrew it. This cannot be undone.")))
        fields = door.Fields()
        with forms.typing(actor, name, "withdraw_reason"):
            reason = st.text_area(t("Why (if you want to say)"), key="withdraw_reason")
        fields.under("reason")
        if st.button(t("Withdraw my proposal"), key="do_withdraw", width="stretch"):
            with door.attempt(fields, keeps=True) as tried:
                do(actor, proposals.withdraw, proposal_id=story.id, reason=reason)
            if tried.ok:
                forms.forget(actor, name)
                forms.done(t("Withdrawn."))
