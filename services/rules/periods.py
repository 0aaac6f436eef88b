"""Years and quarters as one names them in an address: "2026", "2026-q3"; "" is all the time there was."""

from __future__ import annotations

import re
from datetime import date, timedelta

_KEY = re.compile(r"(\d{4})(?:-q([1-4]))?", re.ASCII)


def bounds(key: str) -> tuple[date, date] | None:
    """First and last day of a period; None for all the time, and for what is no period."""
    found = _KEY.fullmatch(key)
    if found is None or not 1 <= int(found[1]) <= 9998:
        return None
    year, quarter = int(found[1]), int(found[2] or 0)
    if not quarter:
        return date(year, 1, 1), date(year, 12, 31)
    after = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return date(year, quarter * 3 - 2, 1), after - timedelta(days=1)


def keys(first: date, last: date) -> list[str]:
    """The quarters from `last` back to `first`, newest first, each year before its quarters; at most twelve quarters."""
    found: list[str] = []
    year, quarter = last.year, (last.month + 2) // 3
    for _ in range(12):
        if str(year) not in found:
            found.append(str(year))
        found.append(f"{year}-q{quarter}")
        if (year, quarter) <= (first.year, (first.month + 2) // 3):
            break
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
    return found


def within(day: date, key: str) -> bool:
    """Whether a day lies in a period."""
    span = bounds(key)
    return span is None or span[0] <= day <= span[1]
