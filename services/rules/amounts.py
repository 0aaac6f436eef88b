"""An amount of money as people type it, in fen: "1860", "1,860.50", "1860 元", "2.5 万"."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from services.errors import Invalid

_AMOUNT = re.compile(r"(?:cny|rmb|¥)?(\d{1,12}(?:,\d{3})*(?:\.\d+)?)(万)?(?:元|yuan|cny|rmb)?", re.ASCII)
MOST = Decimal(10_000_000_000)


def fen_of(typed: str, field: str = "cost_fen") -> int | None:
    """Fen, None for nothing typed. Raises Invalid for anything that is not an amount in whole fen."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed[:60])).replace("，", ",").casefold()
    if not text:
        return None
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise Invalid("An amount in yuan, please, such as 1860 or 1860.50.", field=field)
    fen = Decimal(found[1].replace(",", "")) * (1_000_000 if found[2] else 100)
    if fen != fen.to_integral_value():
        raise Invalid("Two figures after the point, please: there is nothing smaller than a fen.", field=field)
    if fen > MOST:
        raise Invalid("An amount from 0 to 100,000,000 yuan, please.", field=field)
    return int(fen)


def fen_or_wrong(typed: str) -> int | None:
    """As `fen_of`, but -1 for what is no amount, so that a command refuses it together with everything else."""
    try:
        return fen_of(typed)
    except Invalid:
        return -1


def typed_of(fen: int | None) -> str:
    """How an amount stands in a field again."""
    if fen is None:
        return ""
    return f"{fen // 100}" if fen % 100 == 0 else f"{fen // 100}.{fen % 100:02d}"
