"""Where a matter stands: the stepper of eight steps, its short form for phones, the proposal card, the story."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from markupsafe import Markup

from models.vocabulary import Stage, Step
from pages.kit.html import m
from pages.kit.marks import address, dot, dotted, icon
from pages.kit.words import N_, day, t, word

STEPS = tuple(Step)
OVER = {Stage.NOTICE: (N_("notice ended"), "project.start"), Stage.EVALUATING: (N_("evaluation ended"), "evaluation.close")}
"""With what is to be done next: the stage moves on with that act, not with the clock."""


def stage_word(stage: Stage, over: bool) -> str:
    """Where a matter stands; a notice or an evaluation that is `over` says so."""
    return t(OVER[stage][0]) if over and stage in OVER else word(stage)


@dataclass(frozen=True)
class StepNote:
    """What stands under one step: its date, or `said` in place of it ("24 / 38 户")."""

    step: Step
    on: date | None = None
    said: str = ""


def stepper(here: Step, notes: Sequence[StepNote] = (), holder: str = "", finished: bool = False, skipped: Collection[Step] = ()) -> Markup:
    """All eight steps, always: done filled with ✓, `here` a thick ring with who holds it, ahead hollow.

    In a narrow column only the short form shows. `finished`: the last step is done too. `skipped`: steps behind it that it never took:
    a dashed ring without a tick.
    """
    by_step = {note.step: note for note in notes}
    at = STEPS.index(here)
    items = Markup("")
    for place, step in enumerate(STEPS):
        done, out = (place < at or finished) and step not in skipped, step in skipped
        note = by_step.get(step)
        came = note is not None and note.on is not None and (place <= at or finished)  # what was sent back has been further already
        under = note.said or (day(note.on) if came and note.on else "") if note else ""
        if place == at and holder and not finished:
            under = t("Now with {who}", who=holder)
        if out:
            under = t("left out", context="Step")
        state = "" if out else t("done") if done else t("here") if place == at else t("ahead")
        items += m(
            '<li class="{css}"{current}>{tick}<b>{name}</b>{state}<small>{under}</small></li>',
            css="o" if out else "d" if done else "h" if place == at else "",
            current=Markup(' aria-current="step"') if place == at and not finished else "",
            tick=Markup("<s></s>") if done else "",
            name=word(step),
            state=m('<span class="sr">{state}</span>', state=state) if state else "",
            under=under,
        )
    short, but = by_step.get(here), [STEPS.index(step) + 1 for step in skipped]
    under = (
        t("Now with {who}", who=holder) if holder and not finished else (short.said or (day(short.on) if short.on else "")) if short else ""
    )
    return m(
        '<div class="stw"><ol class="st" aria-label="{label}">{items}</ol><div class="stn">{short}</div></div>',
        label=t("Stages"),
        items=items,
        short=dashes(len(STEPS) if finished else at + 1, len(STEPS), dotted(word(here), under), finished, but),
    )


def dashes(at: int, total: int, said: str | Markup = "", finished: bool = False, but: Collection[int] = ()) -> Markup:
    """One dash a step, the one we are at in ink, and "第 3 步，共 8 步" below; `but`: places (from 1) that were left out."""
    strokes = Markup("").join(
        m('<i class="{css}"></i>', css="" if place in but else "d" if place < at or finished else "h" if place == at else "")
        for place in range(1, total + 1)
    )
    step = t("Step {at} of {total}", at=at, total=total)
    if finished and but:
        step = t("Finished, with {n} of {total} steps", n=total - len(but), total=total)
    elif finished:
        step = t("All {total} steps done", total=total)
    return m(
        '<div class="da"><span class="ds" aria-hidden="true">{strokes}</span><span class="meta">{step}{more}</span></div>',
        strokes=strokes,
        step=step,
        more=m("{gap}{said}", gap=dot(), said=said) if said else "",
    )


@dataclass(frozen=True)
class ProposalCard:
    """A proposal on a list; `state` is a badge, `next_act` says what is next and when."""

    href: str
    number: str
    title: str
    state: Markup
    step: Step
    place: str = ""
    cost: str = ""
    supporters: str = ""
    next_act: str = ""
    finished: bool = False


def proposal_card(card: ProposalCard) -> Markup:
    """State and number, title, place, cost, supporters, dashes, the next date: all of it is the link."""
    return m(
        '<a class="pc" href="{href}" target="_self"><span class="top">{state}<span class="meta num">{number}</span></span>'
        '<b class="h2">{title}</b><span class="q">{facts}</span>{dashes}</a>',
        href=address(card.href),
        state=card.state,
        number=card.number,
        title=card.title,
        facts=dotted(card.place, card.cost, card.supporters),
        dashes=dashes(STEPS.index(card.step) + 1, len(STEPS), card.next_act, finished=card.finished),
    )


class Moment(StrEnum):
    """What an entry of a story is: something done, a decision, something still to come."""

    DONE = ""
    DECISION = "k"
    AHEAD = "n"


@dataclass(frozen=True)
class StoryEntry:
    """One entry: when, at which stage, the finding, one line that says who and why, and what hangs on it."""

    when: date | str
    stage: str
    title: str | Markup
    body: str | Markup = ""
    who: str = ""
    quote: str | Markup = ""
    more: Markup = Markup("")
    kind: Moment = Moment.DONE


def story(entries: Sequence[StoryEntry]) -> Markup:
    """Everything that happened to a matter, first word to last: decisions filled, what is to come dashed."""
    items = Markup("").join(
        m(
            '<li class="{kind}"><time{machine}><b>{when}</b>{stage}</time><div><h3>{title}</h3>{quote}{body}{who}{more}</div></li>',
            kind=entry.kind.value,
            machine=m(' datetime="{iso}"', iso=entry.when.isoformat()) if isinstance(entry.when, date) else "",
            when=day(entry.when) if isinstance(entry.when, date) else entry.when,
            stage=entry.stage,
            title=entry.title,
            quote=m("<blockquote>{quote}</blockquote>", quote=entry.quote) if entry.quote else "",
            body=m("<p>{body}</p>", body=entry.body) if entry.body else "",
            who=m('<p class="who">{who}</p>', who=entry.who) if entry.who else "",
            more=entry.more,
        )
        for entry in entries
    )
    return m('<ol class="tl">{items}</ol>', items=items)


def agenda_strip(names: Sequence[str], at: int) -> Markup:
    """The steps of a meeting in one row: those before `at` done, `at` (from 0) in ink."""
    items = Markup("").join(
        m(
            '<li class="{css}"{now}>{name}</li>',
            css="d" if place < at else "h" if place == at else "",
            now=Markup(' aria-current="step"') if place == at else "",
            name=name,
        )
        for place, name in enumerate(names)
    )
    return m('<ol class="agd">{items}</ol>', items=items)


def tick_line(said: str, css: str = "y", name: str = "check") -> Markup:
    """One line that begins with an icon."""
    return m('<span class="tk {css}">{icon}<span>{said}</span></span>', css=css, icon=icon(name), said=said)
