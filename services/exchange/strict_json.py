"""JSON read strictly: exact numbers, every value asked for by its type, every refusal naming its place as a JSON path."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, TypeVar

from services.errors import Invalid
from services.rules.poll import proper, shown

T = TypeVar("T")
_NUMBER = re.compile(r"\d{1,40}(\.\d{1,40})?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SHARE = re.compile(r"(\d{1,9})/(\d{1,9})", re.ASCII)


class _Object(dict[str, Any]):
    """A JSON object that remembers a name it was given twice."""

    doubled: str | None = None


def _pairs(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        made.doubled = next(name for name in names if names.count(name) > 1)
    return made


def _number(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent beyond all measure
        return Decimal("Infinity")


def parse(data: bytes | str, at: str = "") -> Any:
    """JSON with exact numbers: int (Decimal when very long) or Decimal; NaN and Infinity too, to be refused in their place.

    Raises Invalid for what is not UTF-8 or not JSON.
    """
    try:
        words = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
        return json.loads(words, parse_float=_number, parse_constant=_number, object_pairs_hook=_pairs,
                          parse_int=lambda digits: int(digits) if len(digits) < 20 else _number(digits))
    except UnicodeDecodeError as wrong:
        raise Invalid("{place}: not UTF-8 text, at byte {byte}.", place=f"{at}$", byte=wrong.start) from None
    except json.JSONDecodeError as wrong:
        raise Invalid("{place}: not JSON, at line {line}, column {column}.", place=f"{at}$",
                      line=wrong.lineno, column=wrong.colno) from None
    except RecursionError:
        raise Invalid("{place}: nested too deeply for a poll.", place=f"{at}$") from None


def share(data: object, place: str) -> Fraction:
    """An exact fraction written "a/b"."""
    parts = _SHARE.fullmatch(data) if isinstance(data, str) else None
    if parts is None or int(parts[2]) == 0:
        raise Invalid('{place}: expected an exact fraction such as "2/3", found {value}.', place=place, value=shown(data))
    return Fraction(int(parts[1]), int(parts[2]))


def an_object(data: object, place: str) -> Mapping[str, Any]:
    """An object in which no name stands twice."""
    if not isinstance(data, dict):
        raise Invalid("{place}: expected an object, found {kind}.", place=place, kind=_kind(data))
    if isinstance(data, _Object) and data.doubled is not None:
        raise Invalid("{place}: the name {name} stands here twice.", place=place, name=shown(data.doubled))
    return data


def a_list(data: object, place: str) -> list[tuple[Any, str]]:
    """The items of a list, each with its place."""
    if not isinstance(data, list):
        raise Invalid("{place}: expected a list, found {kind}.", place=place, kind=_kind(data))
    return [(each, f"{place}[{index}]") for index, each in enumerate(data)]


def texts(data: object, place: str) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(text(each, spot) for each, spot in a_list(data, place))


def text(data: object, place: str) -> str:
    """Text that is not blank and holds no control characters."""
    if not isinstance(data, str):
        raise Invalid("{place}: expected text, found {kind}.", place=place, kind=_kind(data))
    if not data.strip() or _CONTROL.search(data):
        raise Invalid("{place}: expected text of printable characters, found {value}.", place=place, value=shown(data))
    return data


def title(data: object, place: str) -> str:
    """Text, or none at all ("")."""
    return data if data == "" else text(data, place)


def an_id(found: Mapping[str, Any], place: str) -> str:
    """The "id" of an object."""
    if "id" not in found:
        raise Invalid("{place}: is missing.", place=f"{place}.id")
    return text(found["id"], f"{place}.id")


def whole(data: object, place: str) -> int:
    """A whole number, 1 or more."""
    if not isinstance(data, int) or isinstance(data, bool) or data < 1:
        raise Invalid("{place}: expected a whole number, at least {least}.", place=place, least=1)
    return data


def decimal(data: object, place: str) -> Decimal:
    """An exact number: a JSON number, or text such as "89.75"."""
    if isinstance(data, str) and data.strip().lower().lstrip("+-") in ("nan", "inf", "infinity"):
        raise Invalid("{place}: {value} is not a finite number.", place=place, value=shown(data))
    if isinstance(data, str) and not _NUMBER.fullmatch(data.removeprefix("-")):
        raise Invalid('{place}: expected an exact number such as "89.75", found {value}.', place=place, value=shown(data))
    if isinstance(data, bool) or not isinstance(data, str | int | Decimal):
        raise Invalid('{place}: expected an exact number such as "89.75", found {value}.', place=place, value=_kind(data))
    return proper(Decimal(data), place)


def one_of(data: object, allowed: tuple[str, ...], place: str) -> Any:
    """One of the words that are allowed."""
    if not isinstance(data, str) or data not in allowed:
        raise Invalid("{place}: expected one of {allowed}, found {value}.", place=place, allowed=", ".join(allowed),
                      value=shown(data) if isinstance(data, str) else _kind(data))
    return data


def optional(data: object, place: str, kind: Callable[[object, str], T]) -> T | None:
    """None for null, else what `kind` makes of it."""
    return None if data is None else kind(data, place)


def _kind(data: object) -> str:
    kinds: tuple[tuple[Any, str], ...] = ((bool, "true or false"), (dict, "an object"), (list, "a list"), (str, "text"),
                                          ((int, Decimal), "a number"))
    return next((word for kind, word in kinds if isinstance(data, kind)), "nothing")
