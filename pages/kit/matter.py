"""The page of a matter: its top with the eight steps, the timeline, the outcome, whose turn it is, the other rounds, the plan."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st
from markupsafe import Markup

from models.vocabulary import Stage, Step
from pages.kit import addressed, judged, votes
from pages.kit import pieces as p
from pages.kit.html import h, m, show, user_line, user_text
from pages.kit.stages import OVER, stage_word
from pages.kit.told import entry, named, photos
from pages.kit.words import N_, day, money, number, opening, t, tn, word
from services import clock
from services.reads.story import Other, Story
from services.reads.story_entries import Entry
from services.reads.whose_turn import Now
from services.rules.sentences import spoken
from services.rules.turns import HOLDER_WORDS, Holder

_TONES = {
    Stage.DECLINED: p.Tone.NO, Stage.WITHDRAWN: p.Tone.NO, Stage.REJECTED: p.Tone.NO, Stage.RETURNED: p.Tone.YELLOW,
    Stage.FILED: p.Tone.WAIT, Stage.ENDORSED: p.Tone.WAIT,
    Stage.ADOPTED: p.Tone.OK, Stage.NOTICE: p.Tone.WAIT, Stage.DECIDING: p.Tone.WAIT, Stage.CLOSED: p.Tone.OK, Stage.KEPT_UP: p.Tone.OK,
}  # fmt: skip
_PARTS = {"all": N_("The whole story"), "key": N_("Turning points")}


def stage_badge(stage: Stage, now: Now | None = None, *, over: bool = False) -> Markup:
    """Where a matter stands, as a badge; a notice or an evaluation whose time is over (by `now`, or `over`) says so."""
    over = over or (now is not None and now.turn.action == OVER.get(stage, ("", ""))[1])
    return p.badge(stage_word(stage, over), _TONES.get(stage, p.Tone.PLAIN))


def top(story: Story) -> Markup:
    """Number, place, round; the title; how long it took; the eight steps."""
    round_ = t("Round {n}", n=story.round)
    badge = stage_badge(story.stage, story.now)
    head = p.head(user_line(story.title), badge, story.number, user_line(story.estate), round_, sub=_span(story))
    return h("{head}<br>{steps}", head=head, steps=stepper(story))


def _span(story: Story) -> str:
    """From the first word to finished works in days, or how long it has been on its way."""
    if story.ended:
        days = (story.ended - story.began).days
        return tn(
            "From the first word on {first} to finished works on {last}: {n} day.",
            "From the first word on {first} to finished works on {last}: {n} days.",
            days, first=day(story.began), last=day(story.ended),
        )  # fmt: skip
    days = (clock.today(story.zone) - story.began).days
    if days == 0:
        return t("It began today.")
    return tn("It began on {first}, {n} day ago.", "It began on {first}, {n} days ago.", days, first=day(story.began))


def stepper(story: Story) -> Markup:
    """The eight steps with their dates, who holds it now, and figures where they say more than a date."""
    notes = {each.step: p.StepNote(each.step, each.on) for each in story.steps}
    if story.round > 1 and Step.CONCERN not in (*notes, *story.skipped):
        notes[Step.CONCERN] = p.StepNote(Step.CONCERN, said=t("round {n}", n=story.round - 1))
    holder = "" if story.now.turn.holder is Holder.NOBODY else holder_words_of(story.now)
    return p.stepper(story.here, list(notes.values()), holder=holder, finished=story.finished, skipped=story.skipped)


def holder_words_of(now: Now) -> str:
    """Who has it now, in a few words."""
    return now.name or t(HOLDER_WORDS[now.turn.holder])


def timeline(story: Story) -> None:
    """The story; a long one can be cut to its turning points."""
    entries: tuple[Entry, ...] = story.entries
    if len(entries) > 8:
        part = st.segmented_control(
            t("Show"), list(_PARTS), default=addressed.asked("part", list(_PARTS), "all"), required=True,
            format_func=lambda key: t(_PARTS[key]), key="story_part", label_visibility="collapsed",
        )  # fmt: skip
        if addressed.kept("part", part, "all") == "key":
            entries = tuple(each for each in entries if each.key or each.ahead)
    told = [entry(each, story.zone) for each in entries]
    if (coming := _coming(story)) and not any(each.ahead for each in entries):
        told.append(coming)
    show(h("{story}", story=p.story(told)))


def _coming(story: Story) -> p.StoryEntry | None:
    """What comes next, dashed, at the foot of the story."""
    now = story.now
    if now.turn.holder is Holder.NOBODY:
        return None
    last = now.deadline - timedelta(minutes=1) if now.deadline else None
    when = clock.day_of(last, story.zone) if last else t("Next")
    title = opening(t("{who}: {act}", who=holder_words_of(story.now), act=spoken(now.turn.says, t)))
    return p.StoryEntry(when=when, stage=word(story.here), title=title, kind=p.Moment.AHEAD)


def outcome(story: Story) -> Markup:
    """Seal, what won, from when it holds; each condition with its figure."""
    card = story.card
    if card is None:
        return Markup("")
    said = votes.outcome_said(card.outcome.outcome)
    if card.outcome.outcome == "elected":
        said = word(Stage.ADOPTED)
    if card.sent_back:
        said = t("Sent back")
    holds = t("Holds from {day}", day=day(card.holds_from)) if card.holds_from else ""
    rows: list[p.Reason] = []
    for each in card.outcome.conditions:
        if each.option and each.option not in card.outcome.winners and card.outcome.adopted:
            continue
        chosen = each.option not in ("", "yes")  # one of several: nobody was asked to agree
        label = t("chose it") if chosen else t("agreed")
        if each.kind == "turnout":
            label = t("were present") if each.present else t("took part")
        need = p.threshold_words(p.Threshold(each.share, each.op == ">="))
        unit = " m²" if each.of == "area" else ""
        figures = t("{part} of {whole}{unit} {label}, needed: {need}", part=number(each.part), whole=number(each.whole), unit=unit,
                    label=label, need=need)  # fmt: skip
        rows.append(p.Reason(p.Met.YES if each.met else p.Met.NO, figures))
    if card.notice_days is not None:
        rows.append(_noticed(story))
    title = card.title or story.title
    holds_good = card.outcome.adopted and not card.sent_back
    return h("{seal}<hr>{rows}", seal=p.outcome(said, holds_good, user_line(title), holds), rows=p.reasons(rows))


def _noticed(story: Story) -> p.Reason:
    card = story.card
    assert card is not None and card.notice_days is not None
    days = tn("{n} day on notice", "{n} days on notice", card.notice_days)
    if card.sent_back:
        return p.Reason(p.Met.NO, t("{days}, sent back by an objection", days=days))
    if card.objections > card.answered:
        waiting = card.objections - card.answered
        return p.Reason(p.Met.WAIT, tn("{days}, {n} objection waits", "{days}, {n} objections wait", waiting, days=days))
    met = p.Met.YES if card.holds_from else p.Met.WAIT
    if card.objections:
        return p.Reason(met, tn("{days}, the objection is answered", "{days}, {n} objections answered", card.objections, days=days))
    return p.Reason(met, t("{days}, no objection", days=days))


def turn(story: Story) -> Markup:
    """Whose turn it is, what they should do, how many have, how long there is."""
    now = story.now
    if now.turn.holder is Holder.NOBODY:
        return h('<div class="turn"><span class="meta">{over}</span><p>{says}</p></div>', over=stage_badge(story.stage),
                 says=spoken(now.turn.says, t))  # fmt: skip
    who: str | Markup = user_line(now.name) if now.name else t(HOLDER_WORDS[now.turn.holder])
    if now.turn.holder is Holder.HOMES and now.m:
        who = tn("the {n} home concerned", "the {n} homes concerned", now.m)
    chip = p.party_chip(now.party, who) if now.party else m("<b>{who}</b>", who=who)
    left = p.day_clock(now.by_day) if now.by_day else p.clock(now.deadline - clock.now()) if now.deadline else Markup("")
    so_far = t("{n} of {m} so far", n=number(now.n), m=number(now.m)) if now.turn.action == "proposal.support" else ""
    says = spoken(now.turn.says, t)
    if now.turn.action == "evaluation.answer" and judged.finished(story.answers):
        says = t("Your part is done; the other homes have until then.")
    return h(
        '<div class="turn"><span class="meta">{label}</span><span class="big">{chip}</span><p>{says}</p>{bar}<p>{clock}</p></div>',
        label=t("It is the turn of"), chip=chip, says=says, clock=left,
        bar=m("{cells}<p class=meta>{said}</p>", cells=p.cells(now.n, now.m, so_far), said=so_far) if so_far else "",
    )  # fmt: skip


def other(story: Story, found: Other) -> Markup:
    """The round before, with what this one builds on, or the round after."""
    forward = found.round > story.round
    title = t("Later: {title}", title=found.title) if forward else t("Before: {title}", title=found.title)
    decided = t("Decided there: {what}.", what=found.decided) if found.decided else ""
    return h(
        '{title}<p class="q">{why}</p><p>{decided} {badge}</p><p>{link}</p>',
        title=p.heading(title), why=user_text(found.why or found.problem), decided=decided, badge=stage_badge(found.stage),
        link=p.link(t("See round {n}", n=found.round), f"/proposal?id={found.id}"),
    )  # fmt: skip


def plan(story: Story) -> Markup:
    """What was proposed: problem, plan, place, cost, for whom, by whom; its files."""
    rows: list[tuple[str, str | Markup]] = [
        (t("Problem"), user_text(story.problem)),
        (t("Plan"), user_text(story.plan)),
        (t("Place"), user_line(story.place)),
        (t("Kind"), word(story.category)),
    ]
    if story.cost_fen is not None:
        rows.append((t("Cost"), money(story.cost_fen)))
    if story.beneficiaries:
        rows.append((t("For whom"), user_line(story.beneficiaries)))
    if story.carried_out_by:
        rows.append((t("By whom"), user_line(story.carried_out_by)))
    rows.append((t("Written by") if story.round == 1 else t("Raised by"), user_line(named(story.author))))
    if story.round == 1:
        rows.append((t("Support"), tn("{n} home, {m} needed", "{n} homes, {m} needed", story.supporters, m=number(story.needed))))
    return h("{title}{facts}{files}", title=p.heading(t("What was proposed")), facts=p.facts(rows), files=photos(story.files))
