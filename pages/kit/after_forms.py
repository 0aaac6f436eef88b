"""The forms at the end of a matter: say how it turned out, close the evaluation, plan the upkeep, open another round."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from models.vocabulary import Stage
from pages.kit import door, forms
from pages.kit import pieces as p
from pages.kit.html import h, show, user_text
from pages.kit.judged import SCORES, SOLVED
from pages.kit.told import ended_early, in_a_row
from pages.kit.words import deadline, number, t
from services import evaluations, proposals
from services.actors import Actor
from services.reads import after_ground
from services.reads.story import Story
from services.reads.story_entries import Rated
from services.rules.plain_text import one_line
from services.work import do

OFTEN = 90


def evaluate_form(actor: Actor, story: Story) -> None:
    """One answer a home: points, whether the problem is gone, words if one likes."""
    rated = story.evaluation
    if rated is None:
        return
    homes = {each.unit_id: each for each in after_ground.my_answers(actor, rated.evaluation_id)}
    ids = list(homes)
    unit = ids[0]
    if len(ids) > 1:
        unit = st.selectbox(t("For which home"), ids, format_func=lambda key: one_line(homes[key].label), key="rate_home")
    mine = homes[unit]
    which = f"{rated.evaluation_id}:{unit}"  # one home can be asked about several matters at a time
    name, fields = forms.kind("evaluation.answer", which), door.Fields()
    keys = [f"rate_{what}_{which}" for what in ("score", "solved", "text")]
    stored = dict(zip(keys, (mine.score, mine.solved, mine.text), strict=True))
    until = t("Until {when} you may change it. No name is shown beside it.", when=deadline(rated.ends_at, story.zone))
    show(h('<blockquote class="bq">{problem}</blockquote><p class="q">{until}</p>', problem=user_text(story.problem), until=until))
    with forms.typing(actor, name, tuple(keys), begins=stored, chosen=keys[:2]):
        score = st.radio(
            t("How do you find it now?"), list(SCORES), None, format_func=lambda each: t(SCORES[each]), horizontal=True, key=keys[0]
        )
        fields.under("score")
        solved = st.radio(
            t("Is the problem gone?"), list(SOLVED), None, format_func=lambda each: t(SOLVED[each]), horizontal=True, key=keys[1]
        )
        fields.under("solved")
        text = st.text_area(t("In your words (if you like)"), key=keys[2])
        fields.under("text")
    word = t("Change my answer") if mine.score else t("Hand it in")
    if st.button(word, type="primary", key="do_evaluation.answer"):
        with door.attempt(fields, keeps=True) as tried:
            do(actor, evaluations.answer, evaluation_id=rated.evaluation_id, score=score or 0, solved=solved, text=text, unit_id=unit)
        if tried.ok:
            forms.forget(actor, name)
            forms.done(t("Thank you. Your home's answer is in."))


def close_form(actor: Actor, story: Story) -> None:
    """Close the evaluation with what was learned."""
    rated = story.evaluation
    if rated is None:
        return
    name = forms.kind("evaluation.close", story.id)
    fields = door.Fields()
    show(h('<p class="q">{said}</p>', said=t("{n} of {m} homes have answered.", n=number(rated.answered), m=number(rated.asked))))
    _before_its_end(rated, story.zone)
    with forms.typing(actor, name, "close_lessons"):
        lessons = st.text_area(t("What was learned, for next time"), key="close_lessons")
    fields.under("lessons")
    ticked = forms.sure(t("The evaluation ends now. This cannot be undone."), "close_sure", fields)
    if st.button(t("Close the evaluation"), type="primary", key="do_evaluation.close"):
        with door.attempt(fields, keeps=True) as tried:
            door.do_if_sure(actor, ticked, evaluations.close, evaluation_id=rated.evaluation_id, lessons=lessons)
        if tried.ok:
            forms.forget(actor, name)
            forms.done(t("Closed. The figures are open to everybody."))


def _before_its_end(rated: Rated | None, zone: str) -> None:
    """Before an evaluation is ended early: whom it shuts out, and what everybody will read about it."""
    if rated is None or rated.days_left is None:
        return
    told = ended_early(rated.days_left, rated.answered, rated.asked)
    said = [t("Whoever has not answered by now cannot any more."), t("Everybody will read: “{told}”", told=told)]
    show(h("{note}", note=p.note(t("It is still open until {when}.", when=deadline(rated.ends_at, zone)), in_a_row(said))))


def keep_form(actor: Actor, story: Story) -> None:
    """Who looks after it from now on; ends an evaluation that is still open."""
    name = forms.kind("upkeep.plan", story.id)
    ground, fields = after_ground.ground(actor, story.id), door.Fields()
    typed = int(forms.holds(actor, name, "keep_every") or OFTEN)
    often = typed if 1 <= typed <= evaluations.RAREST else OFTEN
    offers = {"keep_every": OFTEN, "keep_next": ground.today + timedelta(days=often)}
    lessons = ""
    closing = story.evaluation is not None and not story.evaluation.closed
    with forms.typing(actor, name, "keep_label", "keep_keeper", "keep_deed", *offers, "keep_lessons", offers=offers):
        who = st.text_input(t("Who looks after it"), key="keep_label")
        fields.under("label")
        names = {each.id: one_line(each.name) for each in ground.keepers}
        forms.among("keep_keeper", names)
        keeper = st.selectbox(
            t("Who is reminded"), list(names), None, format_func=names.__getitem__, key="keep_keeper", placeholder=t("Nobody")
        )
        fields.under("keeper_id")
        deed = st.text_input(t("What they do"), key="keep_deed")
        fields.under("deed")
        left, right = st.columns(2)
        with left:
            every = forms.figure(t("Every how many days"), "keep_every")
            fields.under("every_days")
        with right:
            upcoming = forms.day(t("First time on"), "keep_next")
            fields.under("next_on")
        if closing:
            _before_its_end(story.evaluation, story.zone)
            lessons = st.text_area(t("What was learned, for next time"), key="keep_lessons")
            fields.under("lessons")
    ticked = forms.sure(t("The evaluation ends now. This cannot be undone."), "keep_sure", fields) if closing else True
    if forms.press(t("Plan the upkeep"), "do_upkeep.plan"):
        with door.attempt(fields, keeps=True) as tried:
            door.do_if_sure(
                actor, ticked, evaluations.keep_up, proposal_id=story.id, label=who, deed=deed, every_days=every, next_on=upcoming,
                keeper_id=keeper, lessons=lessons,
            )  # fmt: skip
        if tried.ok:
            forms.forget(actor, name)
            forms.done(t("Planned. Whoever keeps it up is reminded.") if keeper else t("Planned. Nobody is reminded."))


def reopen_form(actor: Actor, story: Story) -> None:
    """Another round, filled in with what this one was about; it begins accepted, because those who may have given reasons."""
    name = forms.kind("proposal.reopen", story.id)
    fields = door.Fields()
    decided = story.card.title if story.card else ""
    if decided:
        said = t("It builds on what was decided: {what}.", what=decided)
        show(h('<p class="q">{said}</p>', said=said))
    offers = {"reopen_title": story.title, "reopen_problem": story.problem, "reopen_plan": story.plan, "reopen_place": story.place}
    with forms.typing(actor, name, "reopen_reason", *offers, offers=offers):
        reason = st.text_area(t("Why another round"), key="reopen_reason")
        fields.under("reason")
        title = st.text_input(t("Title"), key="reopen_title")
        fields.under("title")
        problem = st.text_area(t("Problem"), key="reopen_problem")
        fields.under("problem")
        plan = st.text_area(t("Plan"), key="reopen_plan")
        fields.under("plan")
        place = st.text_input(t("Place"), key="reopen_place")
        fields.under("place")
    if story.evaluation is not None and not story.evaluation.closed and story.stage is Stage.EVALUATING:
        _before_its_end(story.evaluation, story.zone)
    ticked = forms.sure(t("The next round begins. This cannot be undone."), "reopen_sure", fields)
    if st.button(t("Open round {n}", n=story.round + 1), type="primary", key="do_proposal.reopen"):
        made: list[str] = []
        with door.attempt(fields, keeps=True) as tried:
            given = {"title": title, "problem": problem, "plan": plan, "place": place, "reason": reason}
            made.append(door.do_if_sure(actor, ticked, proposals.reopen, proposal_id=story.id, **given).id)
        if tried.ok:
            forms.forget(actor, name)
            st.query_params["id"] = made[0]
            forms.done(t("Round {n} is open. Next: call the parties to one table.", n=story.round + 1))
