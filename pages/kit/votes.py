"""Votes in words: answers, the rule in one sentence, the outcome and its reasons; the bars with their thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from models.vocabulary import PollState, VotesBy
from pages.kit.html import m
from pages.kit.marks import Tone, badge
from pages.kit.results import Choice, ResultBar, Threshold, choice_bars, result_bar, threshold_words
from pages.kit.tables import Column, table
from pages.kit.words import N_, area, number, share, t, tn, word
from services.reads.counts import Received
from services.reads.outcomes import Answer, Condition, Outcome
from services.rules.reasons import outcome_word
from services.rules.sentences import spoken

FIXED = {"yes": N_("Agree"), "no": N_("Disagree"), "abstain": N_("Abstain")}
_TONE = {PollState.OPEN: Tone.WAIT, PollState.CLOSED: Tone.WAIT, PollState.REVEALED: Tone.OK, PollState.CANCELLED: Tone.NO}
_MEASURE = {
    ("turnout", "persons"): N_("Took part, by number"),
    ("turnout", "area"): N_("Took part, by area"),
    ("turnout", "homes"): N_("Homes that took part"),
    ("present", "persons"): N_("Present, by number"),
    ("present", "area"): N_("Present, by area"),
    ("present", "homes"): N_("Homes present"),
    ("present", "weight"): N_("Present, by weight"),
    ("approve", "persons"): N_("Agree, by number"),
    ("approve", "area"): N_("Agree, by area"),
    ("approve", "homes"): N_("Homes that agree"),
    ("turnout", "weight"): N_("Took part, by weight"),
    ("approve", "weight"): N_("Agree, by weight"),
}
_CHOSEN = {
    "persons": N_("chose it, by number"),
    "homes": N_("homes that chose it"),
    "area": N_("chose it, by area"),
    "weight": N_("chose it, by weight"),
}
_OWN = {
    ("turnout", "persons"): N_("taking part, by number: {need}"),
    ("turnout", "area"): N_("taking part, by area: {need}"),
    ("present", "persons"): N_("present, by number: {need}"),
    ("present", "area"): N_("present, by area: {need}"),
    ("approve", "persons"): N_("agreeing, by number: {need}"),
    ("approve", "area"): N_("agreeing, by area: {need}"),
}
_BASE = {
    "participating": N_("counted on those who take part"),
    "expressed": N_("abstentions left out"),
    "roll": N_("counted on the whole roll"),
    "present": N_("counted on those present"),
}


def answer_word(code: str, title: str) -> str:
    """An answer as it stands on the paper."""
    return title or t(FIXED[code])


def answer_about(answer: Answer, rule: Mapping[str, Any]) -> str:
    """What follows from an answer; what an abstention means under this rule."""
    if answer.consequence or answer.code != "abstain":
        return answer.consequence
    if rule.get("base") == "expressed":
        return t("Counts as taking part; left out when the others are compared")
    return t("Counts as taking part, not as agreeing")


def unit(n: int) -> str:
    """What stands behind a number of ballots."""
    return tn("vote", "votes", n, context="count")


def state_badge(state: PollState, outcome: str = "") -> Markup:
    """Where a vote stands; a revealed one by its outcome."""
    if state is PollState.REVEALED and outcome:
        return badge(outcome_said(outcome), Tone.OK if outcome in ("adopted", "elected") else Tone.NO)
    return badge(word(state), _TONE.get(state, Tone.PLAIN))


def outcome_said(outcome: str) -> str:
    """The outcome in a word or two."""
    return spoken(outcome_word(outcome), t)


def needs(each: Mapping[str, str]) -> Threshold:
    """A condition of a rule as the pieces draw it."""
    top, bottom = each["share"].split("/")
    return Threshold(Fraction(int(top), int(bottom)), each["op"] == ">=")


def rule_sentence(rule: Mapping[str, Any], source: Mapping[str, Any], answers: Sequence[Answer]) -> str:
    """The rule in plain sentences; the rules speak of agreeing, so with options to choose from it says what agreeing is there."""
    said = _rule(rule, source)
    if any(each.code not in FIXED for each in answers):
        return t("{first} {then}", first=said, then=t("Who chooses an option agrees to it."))
    return said


def _rule(rule: Mapping[str, Any], source: Mapping[str, Any]) -> str:
    if source.get("key") != "custom":
        return t(str(source["summary"]))
    came = "present" if rule["base"] == "present" else "turnout"
    wanted = [(came, each) for each in rule["turnout"]] + [("approve", each) for each in rule["approve"]]
    parts = [t(_OWN[kind, each["of"]], need=threshold_words(needs(each))) for kind, each in wanted]
    return t("Our own rule: {parts}; {base}.", parts=t("; ").join(parts), base=t(_BASE[rule["base"]]))


def source_line(source: Mapping[str, Any]) -> str:
    """Where the rule stands: law and article, who vouches for a replaced one."""
    said = f"{t(str(source['source']))} {t(str(source['article']))}".strip() if source.get("article") else t(str(source["source"]))
    given = source.get("confirmation") or {}
    if given.get("own_rule"):
        return t("{source}; {name} confirms it as our own rule, not the law", source=said, name=given["confirmed_by"])
    if given.get("confirmed_by"):
        words = {"name": given["confirmed_by"], "article": given["article"], "figure": given["figure"]}
        return t("{source}; {name} vouches for {article}: {figure}", source=said, **words)
    return said


def voters_words(where: str, by: VotesBy, n: int) -> str:
    """Who votes: the ground of the roll, or how many places were named one by one, and who has one voice."""
    named = {
        VotesBy.HOUSEHOLD: tn("{n} home, named one by one", "{n} homes, named one by one", n),
        VotesBy.OWNER: tn("{n} owner of homes named one by one", "{n} owners of homes named one by one", n),
    }
    return t("; ").join((where or named[by], word(by)))


def reasons(outcome: Outcome) -> list[str]:
    """Why it came out so, a sentence each."""
    return [spoken(each, t) for each in outcome.sentences]


def threshold(each: Condition) -> Threshold:
    return Threshold(each.share, each.op == ">=")


def condition_word(each: Condition, titles: Mapping[str, str]) -> str:
    title = titles.get(each.option, "") if each.option else ""
    measure, kind = "homes" if each.homes else each.of, "present" if each.present else each.kind
    return t("{option}: {what}", option=title, what=t(_CHOSEN[measure])) if title else t(_MEASURE[kind, measure])


def came_words(received: Received) -> str:
    """How many answers of how many that could be given; where those present are counted, of how many on the roll."""
    n, m_, roll = number(received.n), number(received.m), number(received.roll)
    return t("{n} of {m}", n=n, m=m_) if m_ == roll else t("{n} of {m} present, {roll} on the roll", n=n, m=m_, roll=roll)


def bars(outcome: Outcome, answers: tuple[Answer, ...]) -> Markup:
    """Every condition with its threshold across it; for a choice the options beside each other first."""
    titles = {each.code: answer_word(each.code, each.title) for each in answers}
    rows = Markup("").join(
        result_bar(ResultBar(condition_word(each, titles), each.part, each.whole, "m²" if each.of == "area" else "", threshold(each)))
        for each in sorted(outcome.conditions, key=lambda each: (each.kind == "approve", each.option, each.of != "persons"))
    )
    choice = Markup("")
    if "yes" not in titles:
        chosen = outcome.winners if outcome.outcome == "elected" else ()
        codes = [each.code for each in answers if each.code != "abstain"]
        found = [Choice(titles[code], outcome.totals.get(code, 0), code in chosen) for code in codes]
        choice = choice_bars(sorted(found, key=lambda each: -each.count), outcome.took_part, unit)
    return m('{choice}<div class="rb">{rows}</div>', choice=choice, rows=rows)


def figures(outcome: Outcome, answers: tuple[Answer, ...], with_area: bool) -> Markup:
    """The same in a table: every answer, every condition."""
    columns = [Column(t("Answer")), Column(t("Votes"), True), Column(t("Share"), True)] + ([Column(t("Area"), True)] if with_area else [])
    whole = outcome.took_part
    rows: list[list[str | Markup]] = []
    for each in answers:
        n = outcome.totals.get(each.code, 0)
        line: list[str | Markup] = [answer_word(each.code, each.title), number(n), share(Fraction(n, whole)) if whole else "–"]
        rows.append(line + ([area(outcome.areas[each.code])] if with_area else []))
    return table(t("Votes by answer"), columns, rows)


def conditions(outcome: Outcome, answers: tuple[Answer, ...]) -> Markup:
    """Each condition with figure, base, threshold and whether it was reached."""
    titles = {each.code: answer_word(each.code, each.title) for each in answers}
    columns = [Column(t("Condition")), Column(t("Figure"), True), Column(t("Needed")), Column(t("Reached"))]
    rows: list[list[str | Markup]] = [
        [
            condition_word(each, titles), f"{number(each.part)} / {number(each.whole)}", threshold_words(threshold(each)),
            t("reached") if each.met else t("not reached"),
        ]
        for each in outcome.conditions
    ]  # fmt: skip
    return table(t("What the rule asks for"), columns, rows)
