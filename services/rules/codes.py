"""Codes that people read, say and type: Crockford's base 32 in groups of four, with check characters where a slip would cost something.

The alphabet leaves out I, L, O and U (Douglas Crockford, "Base 32"). The check characters are a Reed–Solomon remainder over
GF(32): one finds every wrong character and every swap of two; two find any two wrong characters. No chance in here: callers
bring random bytes (`secrets.token_bytes`).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from services.errors import Invalid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 4
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_HEARD_AS = str.maketrans("OIL", "011")
_BETWEEN = frozenset(" -_.·,，。:：/\\|~'\"‐‑‒–—―－ー\t\r\n\u200b\u200c\u200d\ufeff")
_EXP = [1]
for _ in range(30):
    _EXP.append(_EXP[-1] << 1 if _EXP[-1] < 16 else (_EXP[-1] << 1) ^ 0b100101)  # x^5 + x^2 + 1
_LOG = {value: power for power, value in enumerate(_EXP)}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of code: `length` characters in all, the last `checks` of them check characters (0 to 2). At most 31 characters."""

    length: int
    checks: int

    @property
    def bits(self) -> int:
        """How many of the characters' bits are random."""
        return 5 * (self.length - self.checks)

    @property
    def bytes(self) -> int:
        """How many random bytes `make` asks for."""
        return -(-self.bits // 8)


ONE_TIME = Kind(20, 2)
"""Letters and ballots: 90 random bits; five groups of four."""
RECEIPT = Kind(8, 1)
"""What a receipt carries, in two groups of four; a unique key keeps two from being equal."""
MEETING = Kind(4, 0)
"""Shown on the wall of a room; unique among the meetings that can be joined."""
MEETING_LENGTHS = range(4, 7)


def make(kind: Kind, random: bytes) -> str:
    """A code of this kind from at least `kind.bytes` random bytes; ValueError for fewer. No spaces in it: `grouped` puts them."""
    if len(random) < kind.bytes:
        raise ValueError(f"{kind.bytes} random bytes are needed")
    number = int.from_bytes(random, "big") & ((1 << kind.bits) - 1)
    data = [number >> 5 * place & 31 for place in reversed(range(kind.length - kind.checks))]
    return "".join(ALPHABET[value] for value in data + _remainder(data, kind.checks))


def meeting(random: bytes, length: int = MEETING.length) -> str:
    """A meeting's short code of 4 to 6 characters; longer ones when the short are used up."""
    if length not in MEETING_LENGTHS:
        raise ValueError("a meeting code has 4 to 6 characters")
    return make(Kind(length, 0), random)


def normal(typed: str) -> str:
    """What was meant by what was typed: full width and lower case, spaces and dashes, O for 0, I and L for 1. Never raises."""
    text = unicodedata.normalize("NFKC", typed[:200]).upper()
    return "".join(each for each in text if each not in _BETWEEN and not each.isspace()).translate(_HEARD_AS)


def grouped(code: str) -> str:
    """"7K3M 4821": in groups of four."""
    return " ".join(code[start:start + GROUP] for start in range(0, len(code), GROUP))


def fits(code: str, kind: Kind) -> bool:
    """Whether a normal code has the length, the alphabet and the check characters of its kind."""
    values = [_VALUE.get(each, -1) for each in code]
    split = kind.length - kind.checks
    return len(code) == kind.length and min(values) >= 0 and _remainder(values[:split], kind.checks) == values[split:]


def read(typed: str, kind: Kind, field: str = "code") -> str:
    """The normal code that was typed. Raises Invalid, saying what is wrong with it, before anybody has to look it up."""
    code = normal(typed)
    _spelled(code, field)
    if len(code) < kind.length:
        raise Invalid("{n} short; the code has {length} characters." if code else "Type the code: {length} characters.",
                      field=field, n=kind.length - len(code), length=kind.length)
    if len(code) > kind.length:
        raise Invalid("{n} too many; the code has {length} characters.", field=field, n=len(code) - kind.length, length=kind.length)
    if not fits(code, kind):
        raise Invalid("One character is not right. Compare the code with the paper, group by group.", field=field)
    return code


def read_meeting(typed: str, field: str = "code") -> str:
    """As `read`, for the short code of a meeting."""
    code = normal(typed)
    _spelled(code, field)
    if len(code) not in MEETING_LENGTHS:
        raise Invalid("The code on the wall has {least} to {most} characters.", field=field,
                      least=MEETING_LENGTHS[0], most=MEETING_LENGTHS[-1])
    return code


def _spelled(code: str, field: str) -> None:
    if wrong := next((each for each in code if each not in _VALUE), None):
        raise Invalid("“{character}” does not occur in a code. It takes digits and letters.", field=field, character=wrong)


def _remainder(data: list[int], checks: int) -> list[int]:
    """The check characters: the remainder of data · x^checks by (x - a)…(x - a^checks), so that the whole is divisible."""
    generator = [1]
    for root in range(1, checks + 1):
        scaled = [_times(each, _EXP[root]) for each in generator]
        generator = [a ^ b for a, b in zip([*generator, 0], [0, *scaled], strict=True)]
    rest = [*data, *[0] * checks]
    for place in range(len(data)):
        factor = rest[place]
        for offset, each in enumerate(generator):
            rest[place + offset] ^= _times(factor, each)
    return rest[len(data):]


def _times(a: int, b: int) -> int:
    return _EXP[(_LOG[a] + _LOG[b]) % 31] if a and b else 0
