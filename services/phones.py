"""Phone numbers as people type them, and as they are kept."""

from __future__ import annotations

import re

from services.errors import Invalid

_LOOSE = re.compile(r"[\s\-().\u2010-\u2015\u3000]+")


def cleaned(typed: str, time_zone: str = "Asia/Shanghai") -> str:
    """The number as kept: 11 digits for the mainland, else "+" and the digits. Raises Invalid on `phone` with how many are missing."""
    plain = _LOOSE.sub("", typed.translate({ord("＋"): "+"} | {0xFF10 + n: str(n) for n in range(10)}))
    if plain.startswith(("+86", "0086")) or (len(plain) == 13 and plain.startswith("86")):
        plain = plain[-11:] if len(plain) >= 13 else plain
    if not plain:
        raise Invalid("The phone number is missing.", field="phone")
    if plain.startswith("+") and 8 <= len(plain[1:]) <= 15 and plain[1:].isascii() and plain[1:].isdigit():
        return plain
    if not (plain.isascii() and plain.isdigit()):
        raise Invalid("A phone number takes digits only.", field="phone")
    if time_zone not in ("Asia/Shanghai", "Asia/Urumqi"):
        if not 5 <= len(plain) <= 15:
            raise Invalid("A phone number takes 5 to 15 digits.", field="phone")
        return plain
    if len(plain) < 11:
        raise Invalid(
            "One digit short; it takes 11." if len(plain) == 10 else "{n} digits short; it takes 11.", field="phone", n=11 - len(plain)
        )
    if len(plain) > 11:
        raise Invalid(
            "One digit too many; it takes 11." if len(plain) == 12 else "{n} digits too many; it takes 11.",
            field="phone",
            n=len(plain) - 11,
        )
    if not plain.startswith("1"):
        raise Invalid("A mobile number begins with 1. Please check it.", field="phone")
    return plain


def loose(typed: str) -> str:
    """The number to look an account up by, however it was typed; "" for what cannot be one."""
    for zone in ("Asia/Shanghai", ""):
        try:
            return cleaned(typed, zone)
        except Invalid:
            continue
    return ""


def hidden(kept: str) -> str:
    """ "138****5678": enough to recognise one's own."""
    return f"{kept[:3]}****{kept[-4:]}" if len(kept) >= 9 else "****"
