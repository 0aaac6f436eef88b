"""One concern on a page: what was said, who held it for how long, its answer; and the desk's acts on it."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st
from markupsafe import Markup

from models.vocabulary import ConcernStage, Lateness
from pages.kit import door, forms
from pages.kit import pieces as p
from pages.kit.attachments import gallery
from pages.kit.html import h, m, show, user_line, user_text
from pages.kit.words import listed, near, opening, t, tn, word
from services import clock, concerns, drafts, privacy
from services.actors import Actor
from services.reads.concerns import Seen
from services.reads.inbox import Holder
from services.rules import due
from services.rules.plain_text import one_line
from services.work import do

TONES = {
    ConcernStage.ANSWERED: p.Tone.OK,
    ConcernStage.PROPOSED: p.Tone.OK,
    ConcernStage.CLOSED: p.Tone.PLAIN,
    ConcernStage.OPEN: p.Tone.WAIT,
}


def state(stage: ConcernStage, left: timedelta | None, level: Lateness | None = None) -> Markup:
    """Its clock while the first answer is due, else its state."""
    return p.clock(left, level) if left is not None else p.badge(word(stage), TONES[stage])


def title(text: str, most: int = 40) -> str:
    """The first sentence of what was said, as a heading."""
    ends = [place for sign in "。！？!?\n" if (place := text.find(sign)) > 0]
    first = text[: min(ends)] if ends else text
    if len(first) <= most:
        return first
    kept = first[: most - 1]
    return (kept.rsplit(" ", 1)[0] if kept.isascii() and " " in kept else kept) + "…"


def where(estate: str, place: str) -> str:
    """The place; with the estate before it where it does not name it itself."""
    return place if not estate or place.startswith(estate) else f"{estate} {place}".strip()


def told(seen: Seen) -> None:
    """Number, clock, what was said, by whom and when, photos."""
    now = clock.now()
    running = due.clock(seen.due_at, now) if seen.stage is ConcernStage.OPEN else None
    badge = state(seen.stage, running.left if running else None, running.level if running else None)
    who = seen.author or (t("somebody without an account") if seen.by_visitor and seen.desk else "")
    how = t("without signing in") if seen.by_visitor and seen.author else ""
    when = near(seen.filed_at, seen.zone)
    facts = (user_line(who), how, when) if who else (how or opening(when), when if how else "")
    voices = tn("{n} supports it", "{n} support it", seen.supporters) if seen.supporters else ""
    phone = t("Phone, for this matter only: {phone}", phone=seen.phone) if seen.by_visitor else t("Phone: {phone}", phone=seen.phone)
    spots = (user_line(where(seen.estate, seen.place)), word(seen.category), voices)
    whole = seen.text.strip()
    alone = title(whole) == whole.rstrip("。！？!?")  # one sentence is its own heading, and is not said twice
    show(
        h(
            '<div class="h2r"><span class="meta num">{number}</span>{badge}</div><h2 class="h2">{title}</h2>'
            '<p>{text}</p><p class="meta">{facts}</p><p class="meta">{where}</p>{phone}{files}',
            number=seen.number, badge=badge, title=user_line(whole if alone else title(seen.text)),
            text="" if alone else user_text(seen.text),
            facts=p.dotted(*facts), where=p.dotted(*spots),
            phone=m('<p class="meta">{said}</p>', said=phone) if seen.phone else "",
            files=gallery(seen.files),
        )
    )  # fmt: skip


def held(seen: Seen, *, due_too: bool = True) -> None:
    """Who had it, and for how long: until the first answer it is their clock that runs; `due_too`: with the day it is due."""
    end = clock.now() if seen.stage in (ConcernStage.OPEN, ConcernStage.ANSWERED) else (seen.answered_at or clock.now())
    rows = [(each.name or t("Inbox"), _span(each.since, each.until, end)) for each in seen.held]
    show(h("{title}{rows}", title=p.heading(t("Who had it, how long")), rows=p.held(rows)))
    for each in seen.held:
        if each.note:
            show(h('<p class="meta">{said}</p>', said=t("To {name}: {note}", name=each.name or t("Inbox"), note=each.note)))
    if due_too and seen.stage is ConcernStage.OPEN:
        late = clock.now() >= seen.due_at
        said = t("The first answer was due {when}.", when=near(seen.due_at, seen.zone))
        said = said if late else t("The first answer is due {when}.", when=near(seen.due_at, seen.zone))
        show(h('<p class="meta">{said}</p>', said=said))


def _span(since: datetime, until: datetime | None, end: datetime) -> timedelta:
    return max(timedelta(0), (until or max(end, since)) - since)


def answered(seen: Seen) -> None:
    """The answer, and the proposal that came of it."""
    if seen.answer:
        when = near(seen.answered_at, seen.zone) if seen.answered_at else ""
        said = t("Answer by {name}, {when}", name=seen.answered_by, when=when) if seen.answered_by else t("Answer, {when}", when=when)
        show(h("{note}", note=p.note(said, user_text(seen.answer), p.Tone.OK)))
    if seen.proposal_id:
        show(h("<p>{link}</p>", link=p.link(t("See proposal {number}", number=seen.proposal_number), f"/proposal?id={seen.proposal_id}")))


# ---- the desk's acts


def acts(actor: Actor, seen: Seen, people: tuple[Holder, ...], draft: str) -> None:
    """Answer, pass on, close, make a proposal of it; what cannot be done says why."""
    if seen.stage is ConcernStage.CLOSED:
        show(h('<p class="q">{said}</p>', said=t("This concern is closed.")))
    else:
        _go_on(actor, seen, people, draft)
    if seen.by_visitor and (seen.author or seen.phone) and seen.doors["concern.forget"] is None:
        _forget(actor, seen)


def _go_on(actor: Actor, seen: Seen, people: tuple[Holder, ...], draft: str) -> None:
    _answer(actor, seen, draft)
    left, right = st.columns(2)
    with left:
        _pass_on(actor, seen, people)
    with right:
        _close(actor, seen)
    if seen.stage is not ConcernStage.PROPOSED:
        show(h('<p><a href="/proposal_new?concern={id}" target="_self">{word}</a></p>', id=seen.id, word=t("Make a proposal of it")))


def _forget(actor: Actor, seen: Seen) -> None:
    """Whoever left a name without signing in has no account to erase; the desk does it for them."""
    with st.popover(t("Take name and number off"), width="stretch"):
        show(h("<p>{said}</p>", said=t("For good, also in the record. What was said stays; nobody can be called back about it.")))
        if st.button(t("Take them off for good"), key="do_forget", type="primary", width="stretch"):
            with door.attempt() as tried:
                do(actor, privacy.forget_visitor, concern_id=seen.id)
            if tried.ok:
                st.session_state["said"] = t("The name and number are gone from {number}.", number=seen.number)
                st.rerun()


def _answer(actor: Actor, seen: Seen, draft: str) -> None:
    key, kind, fields = f"answer_{seen.id}", f"answer:{seen.id}", door.Fields()

    def keep() -> None:
        do(actor, drafts.save, kind=kind, content={"text": st.session_state[key] or ""})

    said = t("First answer") if seen.answered_at is None else t("A better answer")
    typed = st.text_area(
        said, draft, key=key, height=110, on_change=keep, placeholder=t("What is done, by whom, until when?")
    )
    fields.under("text")
    locked = seen.doors["concern.answer"]
    first = seen.answered_at is None
    if st.button(
        t("Send the answer"), key="do_answer", type="primary" if first else "secondary", width="stretch", disabled=locked is not None
    ):
        with door.attempt(fields, keeps=True) as tried:
            do(actor, concerns.answer, concern_id=seen.id, text=typed or "")
        if tried.ok:
            do(actor, drafts.discard, kind)
            st.session_state["said"] = t("{number} is answered; whoever said it is told.", number=seen.number)
            st.rerun()


def _pass_on(actor: Actor, seen: Seen, people: tuple[Holder, ...]) -> None:
    with st.popover(t("Pass on"), width="stretch"):
        fields = door.Fields()
        whom = pick_person(people, f"whom_{seen.id}", but=seen.holder_id)
        fields.under("holder_id")
        name, key = forms.kind("concern.pass_on", seen.id), f"note_{seen.id}"
        with forms.typing(actor, name, key):
            note = st.text_input(t("A word to them"), key=key)
        fields.under("note")
        if st.button(t("Pass it on"), key="do_pass_on", type="primary", width="stretch"):
            with door.attempt(fields, keeps=True) as tried:
                do(actor, concerns.pass_on, concern_id=seen.id, holder_id=whom, note=note or "")
            if tried.ok:
                forms.forget(actor, name)
                forms.empty(key)
                passed([seen.id], whom, {each.id: each.name for each in people}[whom])
                st.rerun()


def pick_person(people: tuple[Holder, ...], key: str, but: str | None = None) -> str:
    """Somebody who can hold a concern; "" as long as nobody is chosen."""
    names = {
        each.id: each.name + (t(" ({grid})", grid=listed(list(each.grids))) if each.grids else "") for each in people if each.id != but
    }
    return st.selectbox(
        t("To whom"), list(names), None, format_func=lambda who: one_line(names[who]), key=key, placeholder=t("Choose one")
    ) or ""  # fmt: skip


def passed(ids: list[str], whom: str, name: str) -> None:
    """Remember what was just passed on, so that it can be taken back."""
    st.session_state["said"] = tn("{n} concern is with {name} now.", "{n} concerns are with {name} now.", len(ids), name=name)
    st.session_state["undo"] = (ids, whom, clock.now())


def _close(actor: Actor, seen: Seen) -> None:
    if seen.stage is ConcernStage.OPEN:
        st.button(t("Close it"), disabled=True, key="locked_close", width="stretch")
        show(h("{why}", why=p.reasons([p.Reason(p.Met.NO, t("first an answer"), "")])))
        return
    with st.popover(t("Close it"), width="stretch"):
        fields = door.Fields()
        name, key = forms.kind("concern.close", seen.id), f"close_{seen.id}"
        with forms.typing(actor, name, key):
            last = st.text_area(t("A closing word, if you like"), key=key, height=80)
        fields.under("text")
        if st.button(t("Close it"), key="do_close", type="primary", width="stretch"):
            with door.attempt(fields, keeps=True) as tried:
                do(actor, concerns.close, concern_id=seen.id, text=last or "")
            if tried.ok:
                forms.forget(actor, name)
                st.session_state["said"] = t("{number} is closed.", number=seen.number)
                st.rerun()


def said_last(actor: Actor) -> None:
    """What the last act did; a passing on with its undo, as long as there is one."""
    said = st.session_state.pop("said", "")
    ids, whom, at = st.session_state.get("undo", ([], "", None))
    undo = ids if at is not None and clock.now() - at < concerns.UNDO else []
    if not said and not undo:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="said_last"):
        show(h("{note}", note=p.note(said or t("Passed on."), tone=p.Tone.OK)))
        if undo and st.button(t("Take it back"), key="do_undo"):
            with door.attempt() as tried:
                n = do(actor, concerns.take_back, concern_ids=undo, holder_id=whom)
                st.session_state["said"] = tn("{n} concern is back where it was.", "{n} concerns are back where they were.", n)
            st.session_state.pop("undo", None)
            if tried.ok:
                st.rerun()
