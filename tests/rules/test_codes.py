"""Codes: round trip, what a slip costs, what people type."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import Invalid
from services.rules import codes

KINDS = [codes.ONE_TIME, codes.RECEIPT]
characters = st.sampled_from(codes.ALPHABET)


@given(st.sampled_from([*KINDS, codes.MEETING]), st.binary(min_size=12, max_size=16))
def test_what_is_made_is_read_again(kind: codes.Kind, chance: bytes) -> None:
    code = codes.make(kind, chance)
    assert len(code) == kind.length
    assert codes.fits(code, kind)
    assert codes.read(codes.grouped(code), kind) == code


@given(st.binary(min_size=12, max_size=12))
def test_what_people_type_is_understood(chance: bytes) -> None:
    code = codes.make(codes.ONE_TIME, chance)
    wide = "".join(chr(ord(each) + 0xFEE0) for each in codes.grouped(code).replace(" ", ""))
    for typed in (code.lower(), codes.grouped(code), f"  {codes.grouped(code).lower()}\n", wide, codes.grouped(code).replace(" ", "-"),
                  codes.grouped(code).replace(" ", "－"), code.replace("0", "O").replace("1", "l"),
                  code.replace("0", "o").replace("1", "I"), codes.grouped(code).replace(" ", "\u3000")):
        assert codes.read(typed, codes.ONE_TIME) == code


@given(st.sampled_from(KINDS), st.binary(min_size=12, max_size=12), st.data())
def test_one_wrong_character_or_a_swap_is_found(kind: codes.Kind, chance: bytes, data: st.DataObject) -> None:
    code = codes.make(kind, chance)
    place, other = data.draw(st.integers(0, kind.length - 1)), data.draw(st.integers(0, kind.length - 1))
    wrong = code[:place] + data.draw(characters) + code[place + 1:]
    assert codes.fits(wrong, kind) == (wrong == code)
    swapped = list(code)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    assert codes.fits("".join(swapped), kind) == ("".join(swapped) == code)


@given(st.binary(min_size=12, max_size=12), st.lists(st.tuples(st.integers(0, 19), characters), min_size=2, max_size=2))
def test_two_wrong_characters_of_a_one_time_code_are_found(chance: bytes, slips: list[tuple[int, str]]) -> None:
    code = codes.make(codes.ONE_TIME, chance)
    wrong = list(code)
    for place, character in slips:
        wrong[place] = character
    assert codes.fits("".join(wrong), codes.ONE_TIME) == ("".join(wrong) == code)


def test_a_one_time_code_holds_at_least_eighty_random_bits() -> None:
    assert codes.ONE_TIME.bits == 90
    chance = random.Random(1)
    made = [codes.make(codes.ONE_TIME, chance.randbytes(12)) for _ in range(400)]
    assert len({code[:18] for code in made}) == 400
    assert all({code[place] for code in made} == set(codes.ALPHABET) for place in range(20))
    with pytest.raises(ValueError, match="12 random bytes"):
        codes.make(codes.ONE_TIME, bytes(11))


def test_no_look_alikes() -> None:
    assert not set("ILOU") & set(codes.ALPHABET)
    assert len(codes.ALPHABET) == 32


def test_meeting_codes() -> None:
    assert [len(codes.meeting(b"\x01\x02\x03\x04", length)) for length in (4, 5, 6)] == [4, 5, 6]
    assert codes.read_meeting(" 7k3m ") == "7K3M"
    for length in (3, 7):
        with pytest.raises(ValueError, match="4 to 6"):
            codes.meeting(bytes(8), length)
        with pytest.raises(Invalid, match="4 to 6"):
            codes.read_meeting("7" * length)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Type the code: 8 characters."),
        ("  - ", "Type the code: 8 characters."),
        ("7K3M 482", "1 short; the code has 8 characters."),
        ("7K3M 4821 22", "2 too many; the code has 8 characters."),
        ("7K3M 482U", "“U” does not occur in a code. It takes digits and letters."),
        ("7K3M 482京", "“京” does not occur in a code. It takes digits and letters."),
        ("0" * 100_000, "192 too many; the code has 8 characters."),
    ],
)
def test_what_is_wrong_is_said(typed: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        codes.read(typed, codes.RECEIPT)
    assert (str(refused.value), refused.value.field) == (says, "code")


@given(st.text(max_size=300))
def test_nothing_typed_breaks_it(typed: str) -> None:
    codes.normal(typed)
    for kind in (*KINDS, codes.MEETING):
        try:
            assert codes.fits(codes.read(typed, kind), kind)
        except Invalid as refused:
            assert str(refused)
