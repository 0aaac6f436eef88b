"""A poll as plain values: roll, ballots, options and the rule that decides; and what must be true of them before a count."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.errors import Invalid
from services.rules.thresholds import DIGITS, PLACES, Amount, Base, Condition

Method = Literal["yes_no", "approval"]
TieBreak = tuple[str, ...] | str | None
"""None: a tie stays one. Option ids, the first goes before the others. "lot:seed": drawn as `tally.lot` says."""

YES, NO, ABSTAIN = "yes", "no", "abstain"
MEASURES = ("persons", "area", "weight")
BASES = ("participating", "expressed", "roll", "present")


@dataclass(frozen=True, slots=True)
class Silent:
    """What happens to ballots that were delivered and never came back; "with_majority" names the clause and the voters reached."""

    policy: Literal["none", "with_majority"] = "none"
    clause: str | None = None
    delivered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """The figures decide, `name` is a label. Turnout is measured on the roll, approval on `base`. At least one seat."""

    name: str = "custom"
    turnout: tuple[Condition, ...] = ()
    approve: tuple[Condition, ...] = ()
    base: Base = "participating"
    seats: int = 1
    tie_break: TieBreak = None
    max_choices: int | None = None
    silent: Silent = Silent()


@dataclass(frozen=True, slots=True)
class Option:
    """One answer. The id "abstain" is kept for abstentions in every method and never wins."""

    id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Voter:
    """A row of the roll: one voter, one person. Area in m² (None: the roll has none), weight as the roll gives it."""

    id: str
    area: Decimal | None = None
    weight: Decimal = Decimal(1)
    constituency: str | None = None
    proxy: str | None = None

    @property
    def amount(self) -> Amount:
        return Amount(1, self.area or Decimal(0), self.weight)


@dataclass(frozen=True, slots=True)
class Ballot:
    """One ballot. An open one names its `voter`, a secret one has a random `id` instead. An empty choice is a blank ballot."""

    choice: tuple[str, ...]
    voter: str | None = None
    id: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """Everything a recount needs."""

    method: Method
    rule: Rule
    options: tuple[Option, ...]
    roll: tuple[Voter, ...]
    ballots: tuple[Ballot, ...] = ()
    present: tuple[str, ...] = ()
    title: str = ""

    @property
    def secret(self) -> bool:
        """Whether the ballots carry no voter."""
        return bool(self.ballots) and self.ballots[0].voter is None

    @property
    def with_area(self) -> bool:
        """Whether the roll carries floor areas."""
        return any(each.area for each in self.roll)

    @property
    def homes(self) -> bool:
        """Whether a voter is spoken of as a home (户) rather than a person (人): owners' and household rules."""
        return self.rule.name.startswith("owners") or "household" in self.rule.name

    @property
    def households(self) -> bool:
        """Whether "by number" counts homes (户数): household rules. Owners' rules count owners (人数), as the law puts it."""
        return "household" in self.rule.name

    def titled(self, option: str) -> str:
        """What an option is called on the screen."""
        return next((each.title or each.id for each in self.options if each.id == option), option)


def shown(value: object) -> str:
    """Somebody's text inside a refusal: quoted, on one line, cut to 60 characters."""
    text = json.dumps(value if isinstance(value, str) else str(value), ensure_ascii=False)
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 62 else text[:60] + "…\""


def check(poll: Poll, at: str = "") -> None:
    """Refuse what cannot be counted. `at` stands before each place, such as a file's name and a space.

    Raises Invalid: a ballot of somebody not on the roll, a second ballot, an unknown option, a negative or non-finite
    number, ids used twice, a rule that names what the poll does not have. The places are JSON paths of poll/1.
    """
    root = f"{at}$"
    _options(poll, root)
    _roll(poll, root)
    _rule(poll, f"{root}.rule")
    _silent(poll, f"{root}.rule.silent")
    _known(poll.present, {each.id for each in poll.roll}, f"{root}.present")
    _ballots(poll, f"{root}.ballots")


def _once(ids: Iterable[str], place: str, key: str = "") -> None:
    seen: dict[str, int] = {}
    for index, each in enumerate(ids):
        if each in seen:
            raise Invalid("{place}: {id} stands here twice, first at {first}.", place=f"{place}[{index}]{key}", id=shown(each),
                          first=f"{place}[{seen[each]}]".rpartition(" ")[2])
        seen[each] = index


def _known(ids: tuple[str, ...], roll: set[str], place: str) -> None:
    for index, each in enumerate(ids):
        if each not in roll:
            raise Invalid("{place}: {voter} is not on the roll.", place=f"{place}[{index}]", voter=shown(each))
    _once(ids, place)


def _options(poll: Poll, root: str) -> None:
    _once((each.id for each in poll.options), f"{root}.options", ".id")
    ids = {each.id for each in poll.options}
    if poll.method == "yes_no":
        if not {YES, NO} <= ids <= {YES, NO, ABSTAIN}:
            raise Invalid("{place}: a yes/no vote has the options yes and no, and abstain if you like.", place=f"{root}.options")
    elif not ids - {ABSTAIN}:
        raise Invalid("{place}: there is nothing to choose from; name at least one option.", place=f"{root}.options")


def _roll(poll: Poll, root: str) -> None:
    _once((each.id for each in poll.roll), f"{root}.roll", ".id")
    for index, each in enumerate(poll.roll):
        for name, value in (("area", each.area), ("weight", each.weight)):
            if value is not None:
                proper(value, f"{root}.roll[{index}].{name}")


def proper(value: Decimal, place: str) -> Decimal:
    """The number itself if it is finite, not negative and of a sensible size; else Invalid."""
    if not value.is_finite():
        raise Invalid("{place}: {value} is not a finite number.", place=place, value=shown(value))
    if value.is_signed():
        raise Invalid("{place}: {value} is negative; it must be 0 or more.", place=place, value=shown(value))
    if value.adjusted() >= DIGITS or int(value.as_tuple().exponent) < -PLACES:
        raise Invalid("{place}: {value} has too many digits; at most {digits} before the point and {places} after it.",
                      place=place, value=shown(value), digits=DIGITS, places=PLACES)
    return value


def _rule(poll: Poll, place: str) -> None:
    rule, used = poll.rule, {each.of for each in (*poll.rule.turnout, *poll.rule.approve)}
    if poll.method == "yes_no" and not rule.approve:
        raise Invalid("{place}: a yes/no vote needs at least one condition for its adoption.", place=f"{place}.approve")
    if poll.method == "approval" and rule.name == "majority" and not rule.approve:
        raise Invalid("{place}: a majority rule needs its figures here; they decide, the name is a label.", place=f"{place}.approve")
    if poll.method == "yes_no" and (rule.seats != 1 or rule.max_choices not in (None, 1)):
        raise Invalid("{place}: a yes/no vote has one answer and one seat.", place=place)
    for kind in ("turnout", "approve"):
        for index, each in enumerate(getattr(rule, kind)):
            if not 0 <= each.share <= 1:
                raise Invalid("{place}: a share lies between 0 and 1.", place=f"{place}.{kind}[{index}].share")
    if rule.seats < 1:
        raise Invalid("{place}: expected a whole number, at least {least}.", place=f"{place}.seats", least=1)
    if rule.max_choices is not None and rule.max_choices < 1:
        raise Invalid("{place}: expected a whole number, at least {least}.", place=f"{place}.max_choices", least=1)
    if isinstance(rule.tie_break, tuple):
        known = {each.id for each in poll.options} - {ABSTAIN}
        for index, option in enumerate(rule.tie_break):
            if option not in known:
                raise Invalid("{place}: {option} is not one of the options.", place=f"{place}.tie_break[{index}]", option=shown(option))
        _once(rule.tie_break, f"{place}.tie_break")
    elif rule.tie_break is not None and not rule.tie_break.startswith("lot:"):
        raise Invalid('{place}: expected null, a list of option ids, or "lot:" and a seed.', place=f"{place}.tie_break")
    if "area" in used:
        for index, voter in enumerate(poll.roll):
            if voter.area is None:
                raise Invalid("{place}: the rule counts by area, and this voter has none.",
                              place=f"{place.removesuffix('.rule')}.roll[{index}].area")
    if poll.secret and (used & {"area", "weight"} or any(each.weight != 1 for each in poll.roll)):
        raise Invalid("{place}: ballots without a voter can be counted by persons only.", place=place)


def _silent(poll: Poll, place: str) -> None:
    silent = poll.rule.silent
    _known(silent.delivered, {each.id for each in poll.roll}, f"{place}.delivered")
    if silent.policy == "none":
        return
    if not (silent.clause or "").strip():
        raise Invalid("{place}: counting silent ballots needs the clause of your own rules that allows it.", place=f"{place}.clause")
    if not silent.delivered:
        raise Invalid("{place}: counting silent ballots needs the voters to whom ballots were delivered.", place=f"{place}.delivered")
    if poll.secret:
        raise Invalid("{place}: ballots without a voter do not show who stayed silent.", place=place)
    if poll.rule.base == "present":
        raise Invalid("{place}: silent ballots cannot be counted where those present are the base.", place=place)


def _ballots(poll: Poll, place: str) -> None:
    options, roll = {each.id for each in poll.options}, {each.id for each in poll.roll}
    here = set(poll.present) if poll.rule.base == "present" else roll
    most = 1 if poll.method == "yes_no" else poll.rule.max_choices
    seen: dict[str, int] = {}
    for index, each in enumerate(poll.ballots):
        spot = f"{place}[{index}]"
        if (each.voter is None) != poll.secret:
            raise Invalid("{place}: some ballots name a voter and some do not; all must, or none.", place=f"{spot}.voter")
        if each.voter is None and each.id is None:
            raise Invalid("{place}: a ballot without a voter needs an id.", place=spot)
        if each.voter is not None:
            if each.voter not in roll:
                raise Invalid("{place}: {voter} is not on the roll.", place=f"{spot}.voter", voter=shown(each.voter))
            if each.voter not in here:
                raise Invalid("{place}: {voter} is not on the attendance, and only those present vote here.",
                              place=f"{spot}.voter", voter=shown(each.voter))
        who = each.id if each.voter is None else each.voter
        if who is not None and who in seen:
            raise Invalid("{place}: a second ballot of {voter}; the first is ballots[{first}].",
                          place=f"{spot}.{'id' if each.voter is None else 'voter'}", voter=shown(who), first=seen[who])
        seen[who or ""] = index
        _choice(each.choice, options, most, poll.method, f"{spot}.choice")
    if len(poll.ballots) > len(here):
        raise Invalid("{place}: {ballots} ballots, and only {voters} may vote.", place=place, ballots=len(poll.ballots), voters=len(here))


def _choice(choice: tuple[str, ...], options: set[str], most: int | None, method: Method, place: str) -> None:
    for option in choice:
        if option not in options:
            raise Invalid("{place}: {option} is not one of the options.", place=place, option=shown(option))
    if method == "yes_no" and len(choice) != 1:
        raise Invalid("{place}: a yes/no ballot has exactly one answer.", place=place)
    if len(set(choice)) != len(choice):
        raise Invalid("{place}: an option stands here twice.", place=place)
    if most is not None and len(choice) > most:
        raise Invalid("{place}: {n} options chosen, at most {most} allowed.", place=place, n=len(choice), most=most)
    if ABSTAIN in choice and len(choice) > 1:
        raise Invalid("{place}: an abstention stands alone.", place=place)
