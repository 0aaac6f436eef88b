"""What happens in a room, in words: who is missing, what is voted on and how it came out; the same for wall, tablet, phone and minutes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from models.vocabulary import AgendaKind, Party, Screen, VotesBy
from pages.kit.html import m, user_text
from pages.kit.words import lang, listed, near, number, party_name, t, tn, word
from services import addresses
from services.reads.board import Board, Vote
from services.reads.called_off import Planned
from services.reads.checkpoints import Shown
from services.reads.revealed import Result, explained
from services.rules import board as rules
from services.rules.board import Seats
from services.rules.sentences import Sentence, spoken


def source_words(result: Result) -> str:
    """ "《民法典》第 278 条": the text a vote was decided under, "" for none; of a replaced law as what it counts here, without names."""
    said = t("{source}, {article}", source=t(result.source), article=t(result.article)) if result.article else t(result.source)
    if result.own_rule:
        return t("Own rule after {source}, not the law", source=said)
    if result.checked:
        return t("{source}; checked against {article}: {figure}", source=said, article=result.checked[0], figure=result.checked[1])
    return said if result.source else ""


def quorum_words(rows: tuple[Seats, ...] | list[Seats]) -> str:
    """Who is missing in one sentence, "" when nobody is."""
    short = rules.waiting_for([replace(row, label=party_name(row.party, row.label)) for row in rows])
    return say(short) if short is not None else ""


def say(sentence: Sentence) -> str:
    """A rule's sentence in the reader's language; lists in it are joined as the language joins them."""
    values: dict[str, Any] = {
        name: listed([spoken(each, t) if isinstance(each, Sentence) else str(each) for each in value])
        if isinstance(value, tuple)
        else value
        for name, value in sentence.values.items()
    }
    return t(sentence.message, **values)


def first_planned(given: Planned | None, zone: str) -> str:
    """Of a meeting that was moved, when it was first called for, and that the place was another one."""
    if given is None:
        return ""
    if given.at is None:
        return t("The place was changed after it was called")
    when = near(given.at, zone)
    if given.elsewhere:
        return t("It was first called for {when}, at another place", when=when)
    return t("It was first called for {when}", when=when)


def argument_words(text: str, party: Party | None) -> Markup:
    """What somebody said for or against, with their party, without their name."""
    return m("{text}{party}", text=user_text(text), party=m(' <span class="s q np">{party}</span>', party=word(party)) if party else "")


def kind_words(kind: AgendaKind | None) -> str:
    """What is done with an item of this kind, for those in the room."""
    return {
        AgendaKind.BRIEFING: t("Listening: what has happened so far"),
        AgendaKind.DISCUSSION: t("Everybody says what speaks for and against"),
        AgendaKind.VOTE: t("Voting"),
        None: "",
    }[kind]


def voice_words(by: VotesBy) -> str:
    """Who has a voice."""
    return t("One home, one vote") if by is VotesBy.HOUSEHOLD else t("By owners and by area")


def received_words(vote: Vote) -> str:
    return (
        t("/ {n} homes have voted", n=number(vote.voters))
        if vote.votes_by is VotesBy.HOUSEHOLD
        else t("/ {n} owners have voted", n=number(vote.voters))
    )


def votes_words(vote: Vote) -> str:
    """ "已收到 31 / 42"."""
    return t("{n} of {m} votes received", n=number(vote.received), m=number(vote.voters))


def outcome_words(result: Result) -> str:
    """The outcome in words: adopted, not adopted, too few, a tie, or the option that was chosen."""
    said = result.said.outcome
    if said == "elected":
        return result.chosen or t("Chosen")
    return {"adopted": t("Adopted"), "rejected": t("Not adopted"), "no_quorum": t("Too few"), "tie": t("A tie")}[said]


def after_words(result: Result) -> str:
    """What follows from it."""
    if result.said.adopted:
        return tn("In force after {n} day’s notice", "In force after {n} days’ notice", result.notice_days)
    return t("It can be reopened with new reasons") if result.said.outcome == "rejected" else t("Back to deliberation")


def reason_words(result: Result) -> str:
    """Who took part and what decided, in two sentences; all of them stand in the minutes."""
    said = explained(result.said, t)
    return (said[0] + ("" if lang() == "zh-CN" else " ") + said[-1]) if len(said) > 1 else "".join(said)


def measure_words(measure: str, by: VotesBy) -> str:
    """What a condition counts."""
    if measure == "persons" and by is VotesBy.HOUSEHOLD:
        return t("Homes", context="measure")
    return {"persons": t("People", context="measure"), "area": t("Area", context="measure"), "weight": t("Weight", context="measure")}[
        measure
    ]


def checkpoint_link(meeting_id: str, mark: Shown) -> str:
    """Where the minutes are, with the size and half the root of the log as they are now: who keeps this link is a witness."""
    return f"{addresses.home()}/minutes/{meeting_id}?size={mark.size}&root={mark.root[:32]}"


def scene_words(view: Board, position: int) -> str:
    """A screen in a word or two, for the strip and the button."""
    scene = view.scenes[min(position, len(view.scenes) - 1)]
    if scene.screen is Screen.ITEM:
        return word(scene.kind) if scene.kind is not None else ""
    return word(scene.screen)
