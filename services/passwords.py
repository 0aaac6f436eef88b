"""Passwords: hashed with Argon2id, never kept, never logged, checked in the same time for known and unknown people."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from services.errors import Invalid, Refusal

LEAST, MOST = 8, 200
# 46 MiB, one pass: the first choice of OWASP's list for Argon2id.
_HASHER = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
_COMMON = frozenset(
    "12345678 123456789 1234567890 87654321 11111111 00000000 88888888 66666666 password password1 qwertyui qwerty123 abcd1234 "
    "abc12345 a1234567 a12345678 1q2w3e4r 1qaz2wsx iloveyou woaini1314 5201314520 147258369 11223344 12341234 asdfghjk".split()
)


class Hashed(str):
    """A password that has been checked and hashed already, outside any transaction (about 80 ms)."""

    __slots__ = ()


def why_not(password: str, phone: str = "") -> Refusal | None:
    """The reason why a new password cannot be used, or None: 8 to 200 characters, not one everybody tries, not the phone number."""
    if len(password) < LEAST:
        return Invalid("{n} characters short; a password takes at least 8.", field="password", n=LEAST - len(password))
    if len(password) > MOST:
        return Invalid("This password is too long; 200 characters are enough.", field="password")
    if password.casefold() in _COMMON or len(set(password)) == 1 or (phone and password == phone):
        return Invalid("Many people would guess this password. Choose another one.", field="password")
    return None


def hashed(password: str, phone: str = "") -> Hashed:
    """The hash of a new password. Raises Invalid for one that cannot be used."""
    if isinstance(password, Hashed):
        return password
    if refusal := why_not(password, phone):
        raise refusal
    return Hashed(_HASHER.hash(password))


@cache
def nobody() -> str:
    """The hash that is tried where there is no account, so that the answer takes as long."""
    return _HASHER.hash(secrets.token_urlsafe(16))


def fits(password: str, kept: str | None) -> bool:
    """Whether the password belongs to the hash; `None` (no such account) takes as long and is never right."""
    try:
        _HASHER.verify(kept or nobody(), password[:1000])
    except VerifyMismatchError:
        return False
    except InvalidHashError:  # an account of a demo or of a letter not used yet has no password
        return fits(password, None)
    return kept is not None


def outdated(kept: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(kept)
