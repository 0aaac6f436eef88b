"""Why a count came out as it did, in sentences a resident understands; the words follow the rule (到了/至少 for ≥, 过半/超过 for >)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from services.rules.outcome import Reading
from services.rules.poll import MEASURES, NO, YES, Poll
from services.rules.sentences import N_, Sentence, say
from services.rules.thresholds import Amount, Checked, plain

_SHARES = {
    Fraction(1, 2): N_("one half"),
    Fraction(1, 3): N_("one third"),
    Fraction(2, 3): N_("two thirds"),
    Fraction(3, 4): N_("three quarters"),
    Fraction(4, 5): N_("four fifths"),
    Fraction(1, 5): N_("one fifth"),
    Fraction(1): N_("everyone"),
}
_REACHED = {
    "persons": N_("{share} reached by number"),
    "homes": N_("{share} of the homes reached"),
    "area": N_("{share} reached by area"),
    "weight": N_("{share} reached by weight"),
    "both": N_("{share} reached by number and by area"),
}
_OVER = {
    "persons": N_("more than {share} by number"),
    "homes": N_("more than {share} of the homes"),
    "area": N_("more than {share} by area"),
    "weight": N_("more than {share} by weight"),
    "both": N_("more than {share} by number and by area"),
}
_OVER_HALF = {
    "persons": N_("more than half by number"),
    "homes": N_("more than half of the homes"),
    "area": N_("more than half by area"),
    "weight": N_("more than half by weight"),
    "both": N_("more than half by number and by area"),
}
_ALL = {
    "persons": N_("all by number"),
    "homes": N_("all of the homes"),
    "area": N_("all by area"),
    "weight": N_("all by weight"),
    "both": N_("all by number and by area"),
}
_EXACTLY = {
    "persons": N_("exactly {share} by number, where more is needed"),
    "homes": N_("exactly {share} of the homes, where more is needed"),
    "area": N_("exactly {share} by area, where more is needed"),
    "weight": N_("exactly {share} by weight, where more is needed"),
    "both": N_("exactly {share} by number and by area, where more is needed"),
}
_EXACTLY_HALF = {
    "persons": N_("exactly half by number, where more than half is needed"),
    "homes": N_("exactly half of the homes, where more than half is needed"),
    "area": N_("exactly half by area, where more than half is needed"),
    "weight": N_("exactly half by weight, where more than half is needed"),
    "both": N_("exactly half by number and by area, where more than half is needed"),
}
_POINTS = {"area": N_("{points} points short by area"), "weight": N_("{points} points short by weight")}
_BY_LITTLE = {"area": N_("{short} m² short by area"), "weight": N_("{short} short by weight")}
_ENOUGH = {"persons": N_("enough by number"), "homes": N_("enough homes"), "area": N_("enough by area"), "weight": N_("enough by weight")}
_WORDS = {
    "adopted": N_("adopted"),
    "rejected": N_("not adopted"),
    "no_quorum": N_("too few for a decision"),
    "elected": N_("an option is chosen"),
    "tie": N_("a tie"),
    "undetermined": N_("not to be settled"),
}


def explain(poll: Poll, readings: Sequence[Reading]) -> tuple[Sentence, ...]:
    """The reasons of the first reading, and one sentence on the second where silent ballots were read too."""
    first = readings[0]
    lines = [_took_part(poll, first)]
    if first.outcome == "no_quorum":
        lines.append(_no_quorum(poll, first))
    else:
        if quorum := _turnout(first):
            message = N_("Enough are present: {reached}.") if poll.rule.base == "present" else N_("Enough took part: {reached}.")
            lines.append(say(message, reached=_reached(poll, quorum)))
        if base := _base(poll, first):
            lines.append(base)
        lines += _yes_no(poll, first) if poll.method == "yes_no" else _choice(poll, first)
    return tuple(lines + [_silent(poll, each) for each in readings[1:]])


def outcome_word(outcome: str) -> Sentence:
    """The outcome in a word or two."""
    return say(_WORDS[outcome])


def share_words(share: Fraction) -> Sentence:
    """"three quarters"; for a share without a name of its own "5 out of 7"."""
    return say(_SHARES[share]) if share in _SHARES else say("{top} out of {bottom}", top=share.numerator, bottom=share.denominator)


def short(poll: Poll, checked: Checked) -> Sentence:
    """What an unmet condition lacks: persons in heads, area and weight in points, below a tenth of a point as it is."""
    if checked.whole <= 0:
        return say("nothing to count it on")
    if checked.missing == 0:
        return _exactly(_counted(poll, checked.of), checked.share)
    if checked.of == "persons":
        n = checked.persons_short
        if poll.households:
            return say("1 home missing") if n == 1 else say("{n} homes missing", n=n)
        if n == 1:
            return say("1 home short" if poll.homes else "1 person short")
        return say("{n} homes short" if poll.homes else "{n} people short", n=n)
    points = checked.missing / Fraction(checked.whole) * 100
    if points < Fraction(1, 10):
        return say(_BY_LITTLE[checked.of], short=_figure(checked.missing))
    return say(_POINTS[checked.of], points=_figure(points, 1))


def _exactly(of: str, share: Fraction) -> Sentence:
    return say(_EXACTLY_HALF[of]) if share == Fraction(1, 2) else say(_EXACTLY[of], share=share_words(share))


def _all_short(poll: Poll, unmet: Sequence[Checked]) -> tuple[Sentence, ...]:
    """What every one of them lacks; one phrase where number and area stand on the same boundary."""
    if len(unmet) == 2 and {each.of for each in unmet} == {"persons", "area"} and len({each.share for each in unmet}) == 1 \
            and all(each.missing == 0 < each.whole for each in unmet):
        return (_exactly("both", unmet[0].share),)
    return tuple(short(poll, each) for each in unmet)


def _figure(value: Fraction, digits: int | None = None) -> str:
    """Decimal text: rounded half away from zero to `digits`, or all digits, cut to nine places upwards so that nothing becomes 0."""
    if digits is None:
        scaled = -(-value.numerator * 10**9 // value.denominator)
        return plain(Decimal(scaled).scaleb(-9).normalize())
    doubled = value * 10**digits * 2
    return plain(Decimal((doubled.numerator + doubled.denominator) // (2 * doubled.denominator)).scaleb(-digits))


def _counted(poll: Poll, of: str) -> str:
    """What a measure counts, as the words above name it."""
    return "homes" if of == "persons" and poll.households else of


def _turnout(reading: Reading) -> list[Checked]:
    return _in_order(each for each in reading.conditions if each.name.startswith("turnout"))


def _approve(reading: Reading, option: str | None = None) -> list[Checked]:
    return _in_order(each for each in reading.conditions if each.name.startswith("approve") and (option is None or each.option == option))


def _in_order(conditions: Iterable[Checked]) -> list[Checked]:
    """Number before area, as people say it."""
    return sorted(conditions, key=lambda each: MEASURES.index(each.of))


def _reached(poll: Poll, conditions: Sequence[Checked]) -> tuple[Sentence, ...]:
    """One phrase a condition; persons and area under the same figure become one."""
    first = conditions[0]
    same = {(each.op, each.share) for each in conditions}
    both = len(conditions) == 2 and len(same) == 1 and {each.of for each in conditions} == {"persons", "area"}
    found = []
    for of, each in [("both", first)] if both else [(_counted(poll, each.of), each) for each in conditions]:
        if each.op == ">" and each.share == Fraction(1, 2):
            found.append(say(_OVER_HALF[of]))
        elif each.op == ">=" and each.share == 1:
            found.append(say(_ALL[of]))
        else:
            found.append(say((_REACHED if each.op == ">=" else _OVER)[of], share=share_words(each.share)))
    return tuple(found)


def _took_part(poll: Poll, reading: Reading) -> Sentence:
    tally = reading.tally
    if not poll.ballots:
        return say("Not one ballot came in.")
    if poll.rule.base == "present":
        message = N_("{present} of {roll} homes are present.") if poll.homes else N_("{present} of {roll} people are present.")
        return say(message, present=tally.turnout.persons, roll=tally.roll.persons)
    message = N_("{cast} of {roll} homes took part.") if poll.homes else N_("{cast} of {roll} people took part.")
    return say(message, cast=tally.took_part.persons, roll=tally.roll.persons)


def _no_quorum(poll: Poll, reading: Reading) -> Sentence:
    missing = _all_short(poll, [each for each in _turnout(reading) if not each.met])
    if poll.rule.base == "present":
        return say("Too few are present: {short}. So the vote does not count.", short=missing)
    return say("Too few took part: {short}. So the vote does not count.", short=missing)


def _base(poll: Poll, reading: Reading) -> Sentence | None:
    if not poll.rule.approve or poll.rule.base in ("participating", "present"):
        return None
    n = reading.tally.base.persons
    if poll.rule.base == "roll":
        return say("It is counted on all {n} homes of the roll." if poll.homes else "It is counted on all {n} people of the roll.", n=n)
    return say("Abstentions are left out; ballots counted: {n}.", n=n)


def _yes_no(poll: Poll, reading: Reading) -> list[Sentence]:
    yes, no, base = reading.tally.totals[YES], reading.tally.totals[NO], reading.tally.base
    approve = _approve(reading)
    level = [each.of for each in approve if yes.of(each.of) == no.of(each.of)]
    lines = [say("{yes} of {base} homes agreed." if poll.homes else "{yes} of {base} people agreed.", yes=yes.persons, base=base.persons)]
    if reading.outcome == "adopted":
        return [*lines, say("{reached}: adopted.", reached=_reached(poll, approve))]
    if level and poll.ballots:
        message = {
            "persons": N_("Yes and no are level at {n}. A tie counts as no: not adopted."),
            "area": N_("Yes and no are level at {n} m². A tie counts as no: not adopted."),
            "weight": N_("Yes and no are level at a weight of {n}. A tie counts as no: not adopted."),
        }[level[0]]
        return [*lines, say(message, n=plain(yes.of(level[0])))]
    return [*lines, say("{short}: not adopted.", short=_lacking(poll, approve))]


def _lacking(poll: Poll, conditions: Sequence[Checked]) -> Sentence | tuple[Sentence, ...]:
    met = tuple(say(_ENOUGH[_counted(poll, each.of)]) for each in conditions if each.met)
    unmet = _all_short(poll, [each for each in conditions if not each.met])
    return say("{enough}, but {short}", enough=met, short=unmet) if met else unmet


def _choice(poll: Poll, reading: Reading) -> list[Sentence]:
    totals, winners = reading.tally.totals, reading.winners
    if reading.outcome == "tie":
        return _tie(poll, reading)
    if not winners:
        ahead = list(dict.fromkeys(each.option for each in _approve(reading) if each.option))
        if not ahead:
            return [say("No option got a vote. So nothing is chosen.")]
        return [*[_lead(poll, option, totals[option], _lacking(poll, _approve(reading, option))) for option in ahead],
                say("No option got as far as the rule asks. So nothing is chosen.")]
    lines = []
    for option in winners:
        values = {"option": poll.titled(option), "votes": totals[option].persons}
        if checked := _approve(reading, option):
            lines.append(say("“{option}” got {votes}: {reached}. So it is chosen.", reached=_reached(poll, checked), **values))
        elif len(winners) == 1 and not reading.broken:
            lines.append(say("“{option}” got the most: {votes}. So it is chosen.", **values))
        else:
            lines.append(say("“{option}” got {votes}. So it is chosen.", **values))
    return lines + _broken(poll, reading) + _vacant(poll, reading)


def _lead(poll: Poll, option: str, amount: Amount, lacking: object) -> Sentence:
    return say("“{option}” is ahead with {votes}; {short}.", option=poll.titled(option), votes=amount.persons, short=lacking)


def _broken(poll: Poll, reading: Reading) -> list[Sentence]:
    if not reading.broken:
        return []
    names = tuple(say("“{option}”", option=poll.titled(each)) for each in reading.broken)
    if isinstance(poll.rule.tie_break, tuple):
        return [say("{options} were level. The order stated before the vote decided.", options=names)]
    seed = str(poll.rule.tie_break).removeprefix("lot:")
    return [say("{options} were level. The lot stated before the vote decided, seed {seed}.", options=names, seed=seed)]


def _vacant(poll: Poll, reading: Reading) -> list[Sentence]:
    free = poll.rule.seats - len(reading.winners)
    return [say("Places left free: {n}.", n=free)] if free > 0 else []


def _tie(poll: Poll, reading: Reading) -> list[Sentence]:
    totals = reading.tally.totals
    names = tuple(say("“{option}”", option=poll.titled(each)) for each in reading.tied)
    sure = tuple(say("“{option}”", option=poll.titled(each)) for each in reading.winners if each not in reading.tied)
    lines = [say("{options} have a place.", options=sure)] if sure else []
    measures = [each.of for each in poll.rule.approve] or ["weight"]
    if all(totals[each].of(of) == totals[reading.tied[0]].of(of) for each in reading.tied for of in measures):
        lines.append(say("{options} are level with {votes} each. Between them nothing is decided.", options=names,
                         votes=totals[reading.tied[0]].persons))
    else:
        lines.append(say("{options}: by number and by area different ones are ahead. Between them nothing is decided.", options=names))
    return lines + _broken(poll, reading)


def _silent(poll: Poll, reading: Reading) -> Sentence:
    clause = poll.rule.silent.clause or ""
    if reading.outcome == "undetermined":
        return say("Silent ballots cannot join the majority ({clause}): by number and by area no side is ahead on both.", clause=clause) \
            if poll.with_area else say("Silent ballots cannot join the majority ({clause}): no side is ahead.", clause=clause)
    answered = {each.voter for each in poll.ballots}
    n = sum(each not in answered for each in poll.rule.silent.delivered)
    return say("With the silent ballots ({n}) counted with the majority ({clause}): {outcome}. Courts differ on this, so both stand here.",
               n=n, clause=clause, outcome=outcome_word(reading.outcome))
