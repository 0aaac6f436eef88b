"""Counting by hand: the boundaries of art. 278, ties, quorum, bases, choices, tie-breaks, silent owners."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from services.errors import Invalid
from services.rules.poll import Ballot, Option, Poll, Rule, Silent, Voter
from services.rules.sentences import spoken
from services.rules.tally import count, lot
from services.rules.thresholds import Amount, total
from tests.rules.polls import HOUSEHOLDS, MAJOR, ORDINARY, at, choose, yes_no


def met(poll: Poll) -> dict[str, bool]:
    return {each.name: each.met for each in count(poll).conditions}


def words(poll: Poll) -> list[str]:
    return [spoken(each) for each in count(poll).explanation]


# ---- Civil Code, art. 278


def test_exactly_two_thirds_is_enough_to_decide() -> None:
    """6 owners of 100.00 m² each: 4 take part, exactly 2/3 of both."""
    poll = yes_no(ORDINARY, ("yes", ["100.00"] * 3), ("no", ["100.00"]), (None, ["100.00"] * 2))
    assert count(poll).outcome == "adopted"
    assert met(poll) == {"turnout area": True, "turnout persons": True, "approve area": True, "approve persons": True}


def test_one_hundredth_of_a_square_metre_short_of_two_thirds() -> None:
    poll = yes_no(ORDINARY, ("yes", ["100.00"] * 3 + ["99.99"]), (None, ["100.00", "100.01"]))
    assert count(poll).outcome == "no_quorum"
    assert met(poll) == {"turnout area": False, "turnout persons": True, "approve area": True, "approve persons": True}
    assert words(poll)[-1] == "Too few took part: 0.01 m² short by area. So the vote does not count."


def test_exactly_three_quarters_is_enough_for_a_major_matter() -> None:
    poll = yes_no(MAJOR, ("yes", ["50.00", "100.00", "150.00"]), ("no", ["100.00"]))
    assert count(poll).outcome == "adopted"
    assert words(poll)[-1] == "Three quarters reached by number and by area: adopted."


def test_one_hundredth_of_a_square_metre_short_of_three_quarters() -> None:
    poll = yes_no(MAJOR, ("yes", ["50.00", "100.00", "149.99"]), ("no", ["100.01"]))
    assert count(poll).outcome == "rejected"
    assert met(poll)["approve persons"]
    assert words(poll)[-1] == "Enough by number, but 0.01 m² short by area: not adopted."


def test_exactly_half_is_not_more_than_half() -> None:
    poll = yes_no(ORDINARY, ("yes", ["100.00", "100.00"]), ("no", ["100.00"]), ("abstain", ["100.00"]))
    assert count(poll).outcome == "rejected"
    assert words(poll)[-1] == "Exactly half by number and by area, where more than half is needed: not adopted."


def test_a_hundredth_over_half_by_area_and_half_by_number() -> None:
    poll = yes_no(ORDINARY, ("yes", ["100.01", "100.00"]), ("no", ["100.00"]), ("abstain", ["100.00"]))
    assert met(poll)["approve area"]
    assert not met(poll)["approve persons"]
    assert count(poll).outcome == "rejected"


def test_areas_that_floats_get_wrong() -> None:
    """0.6 of 0.8 is three quarters; added up as floats it is less."""
    poll = yes_no(MAJOR, ("yes", ["0.1", "0.4", "0.1"]), ("no", ["0.2"]))
    assert 0.1 + 0.4 + 0.1 < 0.75 * (0.1 + 0.4 + 0.1 + 0.2)
    assert count(poll).outcome == "adopted"


def test_turnout_is_measured_on_the_roll_and_approval_on_those_who_took_part() -> None:
    poll = yes_no(ORDINARY, ("yes", ["90.00"] * 3), ("no", ["90.00"] * 2), (None, ["90.00"] * 2))
    conditions = {each.name: (each.figure, each.whole) for each in count(poll).conditions}
    assert conditions == {"turnout area": (Decimal("450.00"), Decimal("630.00")), "turnout persons": (5, 7),
                          "approve area": (Decimal("270.00"), Decimal("450.00")), "approve persons": (3, 5)}


def test_the_lift_of_the_pictures() -> None:
    """31 of 36 homes take part, 25 agree: 80.6 % by number, over three quarters by area."""
    poll = yes_no(MAJOR, ("yes", ["87.40"] * 25), ("no", ["88.50"] * 6), (None, ["82.528"] * 5))
    assert count(poll).outcome == "adopted"
    assert words(poll)[0] == "31 of 36 homes took part."
    assert words(poll)[2:] == ["25 of 31 homes agreed.", "Three quarters reached by number and by area: adopted."]


# ---- ties, bases


@pytest.mark.parametrize("op", [">=", ">"])
@pytest.mark.parametrize("share", ["1/2", "1/3"])
def test_a_yes_no_tie_is_rejected_and_says_so(op: str, share: str) -> None:
    poll = yes_no(Rule(approve=(at("persons", op, share),)), ("yes", ["1"] * 4), ("no", ["1"] * 4), ("abstain", ["1"]))
    assert count(poll).outcome == "rejected"
    assert words(poll)[-1] == "Yes and no are level at 4. A tie counts as no: not adopted."


def test_a_stated_tie_break_does_not_save_a_yes_no_tie() -> None:
    poll = yes_no(Rule(approve=(at("persons", ">=", "1/2"),), tie_break=("yes",)), ("yes", ["1"]), ("no", ["1"]))
    assert count(poll).outcome == "rejected"


def test_bases() -> None:
    groups = ("yes", ["1"] * 3), ("no", ["1"] * 2), ("abstain", ["1"] * 2), (None, ["1"] * 2)
    figures = {}
    for base in ("participating", "expressed", "roll"):
        result = count(yes_no(Rule(approve=(at("persons", ">", "1/2"),), base=base), *groups))
        figures[base] = (result.outcome, int(result.conditions[0].whole))
    assert figures == {"participating": ("rejected", 7), "expressed": ("adopted", 5), "roll": ("rejected", 9)}


def test_a_meeting_counts_those_present_and_its_turnout_is_theirs() -> None:
    """9 on the roll, 5 present, 4 vote, 3 agree: 5 of 9 are enough, 3 of 5 too."""
    half = (at("persons", ">", "1/2"),)
    poll = yes_no(Rule(turnout=half, approve=half, base="present"), ("yes", ["1"] * 3), ("no", ["1"]), (None, ["1"] * 5),
                  present=tuple(f"u{n:03d}" for n in range(5)))
    assert count(poll).outcome == "adopted"
    assert [(each.figure, each.whole) for each in count(poll).conditions] == [(5, 9), (3, 5)]
    with pytest.raises(Invalid, match="not on the attendance"):
        count(replace(poll, present=poll.present[1:] + ("u008",)))


def test_of_a_base_of_nothing_nothing_is_reached() -> None:
    everybody = Rule(approve=(at("persons", ">=", "0/1"),), base="expressed")
    assert count(yes_no(everybody, ("abstain", ["1"] * 3))).outcome == "rejected"
    assert count(yes_no(everybody)).outcome == "rejected"
    assert words(yes_no(everybody))[0] == "Not one ballot came in."


def test_unanimity_of_a_named_roll() -> None:
    rule = Rule(approve=(at("persons", ">=", "1/1"),), base="roll")
    assert count(yes_no(rule, ("yes", ["1"] * 4))).outcome == "adopted"
    assert count(yes_no(rule, ("yes", ["1"] * 4), (None, ["1"]))).outcome == "rejected"
    assert words(yes_no(rule, ("yes", ["1"] * 4)))[-1] == "All by number: adopted."


# ---- a choice among options


def test_most_votes_win() -> None:
    result = count(choose(Rule(max_choices=1), {"tiles": 19, "asphalt": 12, "gravel": 3}, blank=2))
    assert (result.outcome, result.winners) == ("elected", ("tiles",))
    assert spoken(result.explanation[-1]) == "“tiles” got the most: 19. So it is chosen."


def test_over_half_of_those_who_took_part() -> None:
    assert count(choose(HOUSEHOLDS, {"tiles": 19, "asphalt": 18})).winners == ("tiles",)
    short = choose(HOUSEHOLDS, {"tiles": 19, "asphalt": 12, "gravel": 7})
    assert (count(short).outcome, count(short).winners) == ("rejected", ())
    assert words(short)[-2:] == ["“tiles” is ahead with 19; exactly half of the homes, where more than half is needed.",
                                 "No option got as far as the rule asks. So nothing is chosen."]
    assert [(each.name, each.option, each.met) for each in count(short).conditions] == \
        [("turnout persons", None, True), ("approve persons", "tiles", False)]


def test_a_choice_without_quorum() -> None:
    result = count(choose(HOUSEHOLDS, {"tiles": 5}, silent=5))
    assert (result.outcome, result.winners) == ("no_quorum", ())
    assert spoken(result.explanation[-1]) == \
        "Too few took part: exactly half of the homes, where more than half is needed. So the vote does not count."


def test_a_tie_among_options_names_all_of_them() -> None:
    result = count(choose(Rule(max_choices=1), {"a": 4, "b": 4, "c": 1}))
    assert (result.outcome, result.winners) == ("tie", ("a", "b"))
    assert spoken(result.explanation[-1]) == "“a” and “b” are level with 4 each. Between them nothing is decided."


def test_a_stated_order_breaks_the_tie_and_says_so() -> None:
    result = count(choose(Rule(tie_break=("c", "b", "a")), {"a": 4, "b": 4, "c": 1}))
    assert (result.outcome, result.winners) == ("elected", ("b",))
    assert spoken(result.explanation[-1]) == "“a” and “b” were level. The order stated before the vote decided."
    assert count(choose(Rule(tie_break=("c",)), {"a": 4, "b": 4, "c": 1})).outcome == "tie"


def test_a_lot_is_the_same_for_everybody() -> None:
    """`printf "2026\\na" | sha256sum` begins with 92, that of b with 5b: the smaller goes first."""
    drawn = count(choose(Rule(tie_break="lot:2026"), {"a": 4, "b": 4, "c": 1}))
    assert drawn.winners == ("b",)
    assert drawn.outcome == "elected"
    assert spoken(drawn.explanation[-1]).endswith("The lot stated before the vote decided, seed 2026.")
    assert len({lot(str(seed), ["a", "b"])[0] for seed in range(20)}) == 2


def test_nobody_is_chosen_without_a_vote() -> None:
    for rule in (Rule(), Rule(tie_break=("a",)), Rule(tie_break="lot:1")):
        assert count(choose(rule, {"a": 0, "b": 0}, blank=3)).outcome == "rejected"


def test_several_places_and_a_tie_for_the_last() -> None:
    result = count(choose(Rule(seats=2), {"a": 5, "b": 3, "c": 3, "d": 1}))
    assert (result.outcome, result.winners, result.readings[0].tied) == ("tie", ("a", "b", "c"), ("b", "c"))
    assert spoken(result.explanation[1]) == "“a” have a place."
    assert count(choose(Rule(seats=3), {"a": 5, "b": 3, "c": 3, "d": 1})).winners == ("a", "b", "c")


def test_persons_and_area_that_lean_to_different_options() -> None:
    """Two small flats for a, one large one for b: nobody is ahead on both counts."""
    rule = Rule(approve=(at("persons", ">=", "1/3"), at("area", ">=", "1/3")))
    poll = Poll("approval", rule, (Option("a"), Option("b")), (Voter("1", Decimal(40)), Voter("2", Decimal(40)), Voter("3", Decimal(120))),
                (Ballot(("a",), "1"), Ballot(("a",), "2"), Ballot(("b",), "3")))
    result = count(poll)
    assert (result.outcome, result.winners) == ("tie", ("a", "b"))
    assert "different ones are ahead" in spoken(result.explanation[-1])


def test_a_stated_order_never_puts_an_option_before_one_that_beats_it() -> None:
    """a (3 homes, 60 m²) beats b (2, 50), c (1, 200) beats d (1, 100), the rest is level; b and d stand first in the order."""
    flats = {"a": ["20"] * 3, "b": ["25"] * 2, "c": ["200"], "d": ["100"]}
    voters = [(option, Voter(f"{option}{n}", Decimal(area))) for option, areas in flats.items() for n, area in enumerate(areas)]
    rule = Rule(approve=(at("persons", ">", "0/1"), at("area", ">", "0/1")), seats=2, tie_break=("b", "d", "a", "c"))
    poll = Poll("approval", rule, tuple(map(Option, flats)), tuple(voter for _, voter in voters),
                tuple(Ballot((option,), voter.id) for option, voter in voters))
    assert (count(poll).outcome, set(count(poll).winners)) == ("elected", {"a", "b"})


def test_weights_come_from_the_roll() -> None:
    poll = Poll("approval", Rule(), (Option("a"), Option("b")), (Voter("1", weight=Decimal("2.5")), Voter("2"), Voter("3")),
                (Ballot(("a",), "1"), Ballot(("b",), "2"), Ballot(("b",), "3")))
    assert count(poll).winners == ("a",)


def test_secret_ballots_count_by_persons() -> None:
    roll = tuple(Voter(f"u{n}", Decimal(50)) for n in range(5))
    ballots = tuple(Ballot((choice,), id=f"{n}") for n, choice in enumerate(("yes", "yes", "no")))
    poll = Poll("yes_no", HOUSEHOLDS, (Option("yes"), Option("no")), roll, ballots)
    assert count(poll).outcome == "adopted"
    with pytest.raises(Invalid, match="by persons only"):
        count(replace(poll, rule=ORDINARY))


# ---- silent owners


def silent(rule: Rule, poll: Poll, *delivered: str) -> Poll:
    reached = delivered or tuple(each.id for each in poll.roll)
    return replace(poll, rule=replace(rule, silent=Silent("with_majority", "Rules of procedure, 12", reached)))


def test_both_readings_stand_side_by_side() -> None:
    poll = silent(MAJOR, yes_no(MAJOR, ("yes", ["90"] * 6), ("no", ["90"] * 3), (None, ["90"] * 3)))
    result = count(poll)
    assert result.outcome == "rejected"
    assert [(each.name, each.outcome) for each in result.readings] == [("returned", "rejected"), ("silent_with_majority", "adopted")]
    assert words(poll)[-1] == "With the silent ballots (3) counted with the majority (Rules of procedure, 12): adopted. " \
        "Courts differ on this, so both stand here."


def test_only_delivered_ballots_join() -> None:
    poll = silent(ORDINARY, yes_no(ORDINARY, ("yes", ["90"] * 3), (None, ["90"] * 3)), "u000", "u003")
    assert count(poll).outcome == "no_quorum"
    assert count(poll).readings[1].tally.took_part.persons == 4
    assert count(poll).readings[1].outcome == "adopted"


def test_leaning_differently_is_undetermined() -> None:
    poll = silent(ORDINARY, yes_no(ORDINARY, ("yes", ["40"] * 3), ("no", ["100"] * 2), (None, ["90"])))
    assert count(poll).readings[1].outcome == "undetermined"
    assert count(poll).outcome == "rejected"
    assert "no side is ahead on both" in words(poll)[-1]
    level = silent(HOUSEHOLDS, yes_no(HOUSEHOLDS, ("yes", ["40"]), ("no", ["40"]), (None, ["90"])))
    assert count(level).readings[1].outcome == "undetermined"


def test_silent_ballots_need_their_clause_and_their_list() -> None:
    poll = yes_no(ORDINARY, ("yes", ["90"] * 3))
    for clause, delivered in ((None, ("u000",)), (" ", ("u000",)), ("12", ()), ("12", ("nobody",)), ("12", ("u000", "u000"))):
        with pytest.raises(Invalid, match=r"\$\.rule\.silent"):
            count(replace(poll, rule=replace(ORDINARY, silent=Silent("with_majority", clause, delivered))))


# ---- sums


def test_sums_keep_every_digit() -> None:
    amounts = [Amount(1, Decimal("999999999999.999999999")), Amount(1, Decimal("0.000000001"))] * 1000
    assert total(amounts).area == Decimal(1000) * 10**12
    assert Fraction(total(amounts).area) == sum((Fraction(each.area) for each in amounts), Fraction(0))
