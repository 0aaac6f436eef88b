"""The rules that ship: dated texts with source, article and status, and the poll/1 rule each of them is; a superseded one needs a name."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from services.errors import Invalid, Refusal, refuse_all
from services.rules.sentences import N_

Status = Literal["in_force", "superseded", "own"]
Voters = Literal["owners", "households", "residents", "villagers", "representatives"]

CIVIL_CODE = N_("Civil Code of the PRC")
RESIDENTS_LAW = N_("Organic Law of the Urban Residents' Committees (2018)")
VILLAGERS_LAW = N_("Organic Law of the Villagers' Committees (2018)")
OWN = N_("Our own rule")
NEW_COMMITTEE_LAWS = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule as it stood from a day on. `title`, `source`, `article`, `summary` are message ids; `rule` is the poll/1 object.

    `until` is the first day on which another text is in force; `voters` says who stands on the roll.
    """

    key: str
    title: str
    source: str
    article: str
    summary: str
    in_force_from: date | None
    until: date | None
    status: Status
    voters: Voters
    methods: tuple[Literal["yes_no", "approval"], ...]
    rule: Mapping[str, Any]

    def poll_rule(self, *, choose_one: bool = False) -> dict[str, Any]:
        """A fresh copy of the poll/1 rule object, to be stored with a poll; with one choice a ballot where that is asked."""
        return deepcopy(dict(self.rule)) | ({"max_choices": 1} if choose_one else {})

    def source_json(self) -> dict[str, Any]:
        """What a poll keeps of the text it was decided under."""
        return {"key": self.key, "source": self.source, "article": self.article, "status": self.status,
                "in_force_from": self.in_force_from.isoformat() if self.in_force_from else None}


@dataclass(frozen=True, slots=True)
class Matter:
    """An item of Civil Code art. 278, paragraph 1, and whether it takes the major or the ordinary majority (paragraph 2)."""

    item: int
    major: bool
    title: str

    @property
    def rule(self) -> str:
        """The key of the rule text it is decided under."""
        return "owners_major" if self.major else "owners_ordinary"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who vouches for a rule: either the article, the figure and the date of the text in force, or "our own rule, not the law"."""

    confirmed_by: str = ""
    article: str = ""
    figure: str = ""
    date: date | None = None
    own_rule: bool = False

    def as_json(self) -> dict[str, Any]:
        """As it is stored beside a poll's rule."""
        return {"confirmed_by": self.confirmed_by, "article": self.article, "figure": self.figure,
                "date": self.date.isoformat() if self.date else None, "own_rule": self.own_rule}


def _at(of: str, op: str, share: str) -> dict[str, str]:
    return {"of": of, "op": op, "share": share}


def _both(op: str, share: str) -> list[dict[str, str]]:
    return [_at("area", op, share), _at("persons", op, share)]


def _rule(
    name: str, turnout: list[dict[str, str]], approve: list[dict[str, str]], base: str = "participating", **more: Any
) -> dict[str, Any]:
    return {"name": name, "turnout": turnout, "approve": approve, "base": base, "seats": 1,
            "silent": {"policy": "none", "clause": None, "delivered": []}} | more


_HALF = [_at("persons", ">", "1/2")]

TEXTS: tuple[RuleText, ...] = (
    RuleText(
        "owners_ordinary", N_("Owners, ordinary matter"), CIVIL_CODE, N_("Article 278"),
        N_("At least two thirds of the owners, by number and by area, take part; more than half of both agree."),
        date(2021, 1, 1), None, "in_force", "owners", ("yes_no", "approval"),
        _rule("owners_ordinary", _both(">=", "2/3"), _both(">", "1/2")),
    ),
    RuleText(
        "owners_major", N_("Owners, major matter"), CIVIL_CODE, N_("Article 278"),
        N_("At least two thirds of the owners, by number and by area, take part; at least three quarters of both agree."),
        date(2021, 1, 1), None, "in_force", "owners", ("yes_no", "approval"),
        _rule("owners_major", _both(">=", "2/3"), _both(">=", "3/4")),
    ),
    RuleText(
        "owners_unanimous", N_("Every owner concerned agrees"), CIVIL_CODE, N_("Article 279"),
        N_("Every owner on the named roll agrees (a flat turned into business premises)."),
        date(2021, 1, 1), None, "in_force", "owners", ("yes_no",),
        _rule("owners_unanimous", [], [_at("persons", ">=", "1/1")], "roll"),
    ),
    RuleText(
        "residents_households", N_("Residents' poll, one household one vote"), OWN, "",
        N_("One household, one vote; more than half of the households take part, more than half of those agree."),
        None, None, "own", "households", ("yes_no", "approval"),
        _rule("residents_households", _HALF, _HALF),
    ),
    RuleText(
        "residents_households_most", N_("Residents' poll, most votes win"), OWN, "",
        N_("One household, one vote; more than half of the households take part, the option with the most votes is chosen."),
        None, None, "own", "households", ("approval",),
        _rule("residents_households_most", _HALF, [], max_choices=1),
    ),
    RuleText(
        "residents_meeting_2018", N_("Residents' meeting"), RESIDENTS_LAW, N_("Article 9"),
        N_("More than half of those entitled are present; more than half of those present agree."),
        date(2018, 12, 29), NEW_COMMITTEE_LAWS, "superseded", "residents", ("yes_no", "approval"),
        _rule("residents_meeting_2018", _HALF, _HALF, "present"),
    ),
    RuleText(
        "villagers_meeting_2018", N_("Villagers' meeting"), VILLAGERS_LAW, N_("Article 22"),
        N_("More than half of the adult villagers are present; more than half of those present agree."),
        date(2018, 12, 29), NEW_COMMITTEE_LAWS, "superseded", "villagers", ("yes_no", "approval"),
        _rule("villagers_meeting_2018", _HALF, _HALF, "present"),
    ),
    RuleText(
        "villagers_households_2018", N_("Villagers' meeting of households"), VILLAGERS_LAW, N_("Article 22"),
        N_("Representatives of at least two thirds of the households are present; more than half of those present agree."),
        date(2018, 12, 29), NEW_COMMITTEE_LAWS, "superseded", "households", ("yes_no", "approval"),
        _rule("villagers_households_2018", [_at("persons", ">=", "2/3")], _HALF, "present"),
    ),
    RuleText(
        "villagers_representatives_2018", N_("Meeting of villagers' representatives"), VILLAGERS_LAW, N_("Article 26"),
        N_("At least two thirds of the representatives are present; more than half of those present agree."),
        date(2018, 12, 29), NEW_COMMITTEE_LAWS, "superseded", "representatives", ("yes_no", "approval"),
        _rule("villagers_representatives_2018", [_at("persons", ">=", "2/3")], _HALF, "present"),
    ),
    RuleText(
        "custom", N_("A rule of our own"), OWN, "",
        N_("Your own figures: who must take part, who must agree, counted on which base."),
        None, None, "own", "residents", ("yes_no", "approval"),
        _rule("custom", _HALF, _HALF),
    ),
)

MATTERS: tuple[Matter, ...] = (
    Matter(1, False, N_("Making or changing the rules of procedure of the owners' assembly")),
    Matter(2, False, N_("Making or changing the management covenant")),
    Matter(3, False, N_("Electing the owners' committee or replacing its members")),
    Matter(4, False, N_("Engaging or dismissing the property company or another manager")),
    Matter(5, False, N_("Using the maintenance funds")),
    Matter(6, True, N_("Raising the maintenance funds")),
    Matter(7, True, N_("Altering or rebuilding buildings and their facilities")),
    Matter(8, True, N_("Changing the use of common parts, or doing business with them")),
    Matter(9, False, N_("Other major matters of common ownership and management")),
)

BY_KEY: Mapping[str, RuleText] = {each.key: each for each in TEXTS}


def rule_text(key: str) -> RuleText:
    """The text under `key`; Invalid for one that does not exist."""
    if key not in BY_KEY:
        raise Invalid("There is no such rule. Choose one of the list.", field="rule")
    return BY_KEY[key]


def needs_confirmation(text: RuleText, on: date) -> bool:
    """Whether a poll that opens on the day `on` under this text needs a named person to vouch for its figures, replaced by then."""
    return text.status == "superseded" and (text.until is None or on >= text.until)


def why_not_usable(text: RuleText, on: date, confirmation: Confirmation | None = None) -> list[Refusal]:
    """Every reason why a poll opening on the day `on` may not use this text; none means it may."""
    reasons: list[Refusal] = []
    if text.in_force_from is not None and on < text.in_force_from:
        reasons.append(Invalid("This rule is in force from {day} only. Choose another one.", field="rule", day=text.in_force_from))
    if not needs_confirmation(text, on):
        return reasons
    given = confirmation or Confirmation()
    if not given.confirmed_by.strip():
        reasons.append(Invalid("These figures were replaced on {day}. Somebody must vouch for them by name.",
                               field="confirmed_by", day=text.until))
    if given.own_rule:
        return reasons
    if not given.article.strip():
        reasons.append(Invalid("The article is missing. Enter it, or confirm that this is your own rule and not the law.", field="article"))
    if not given.figure.strip():
        reasons.append(Invalid("The figure is missing. Write what the article asks for, such as “more than half”.", field="figure"))
    if given.date is None:
        reasons.append(Invalid("The date is missing. Enter the day from which the article is in force.", field="date"))
    elif given.date > on:
        reasons.append(Invalid("The article is not in force yet on the day of the vote. Enter the text that is.", field="date"))
    return reasons


def check_usable(text: RuleText, on: date, confirmation: Confirmation | None = None) -> None:
    """Raise all of `why_not_usable` at once (Invalid, or Several)."""
    refuse_all(why_not_usable(text, on, confirmation))
