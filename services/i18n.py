"""Words and figures in the reader's language: catalogs read from locale/<lang>/*.po, dates, spans, money and shares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, get_timezone_location, get_timezone_name
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from models.vocabulary import Party
from services import clock
from services.settings import HOME

LANGS = ("zh-CN", "en")
FOLDERS = {"zh-CN": "zh_CN", "en": "en"}
HERE = "Asia/Shanghai"
_LOCALES = {lang: Locale.parse(folder) for lang, folder in FOLDERS.items()}
_DAY = {
    "zh-CN": {"short": "M 月 d 日", "year": "y 年 M 月 d 日", "week": " EEEE"},
    "en": {"short": "d MMMM", "year": "d MMMM y", "week": "EEEE, "},
}

Key = tuple[str, str]
"""(context or "", message id)"""


def N_(message: str) -> str:
    """Mark a message id for the catalogs where it is stored and translated later."""
    return message


# ---- catalogs


@cache
def catalog(lang: str, folder: Path = HOME / "locale") -> Mapping[Key, tuple[str, ...]]:
    """All translations of a language: one form for a plain message, several for a counted one.

    The files are read in the order of their names; where two disagree the first one counts and `clashes` tells.
    """
    return _merge(lang, folder)[0]


def clashes(lang: str, folder: Path = HOME / "locale") -> list[str]:
    """Message ids that two files of a language translate differently, with the files' names; a test wants none."""
    return _merge(lang, folder)[1]


def _merge(lang: str, folder: Path) -> tuple[dict[Key, tuple[str, ...]], list[str]]:
    found: dict[Key, tuple[str, ...]] = {}
    origin: dict[Key, str] = {}
    wrong: list[str] = []
    for path in sorted((folder / FOLDERS[lang]).glob("*.po")):
        with path.open("rb") as file:
            messages = read_po(file, locale=FOLDERS[lang], abort_invalid=True)
        for message in messages:
            forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
            if not message.id or message.fuzzy or not all(forms):
                continue
            name = message.id[0] if isinstance(message.id, list | tuple) else message.id
            key, words = (message.context or "", str(name)), tuple(str(form) for form in forms)
            if found.setdefault(key, words) != words:
                wrong.append(f"{name!r}: {origin[key]} and {path.name}")
            origin.setdefault(key, path.name)
    return found, wrong


def text(lang: str, message: str, /, *, context: str = "", **values: object) -> str:
    """The message in `lang`, the id itself where there is no translation; `values` fill its placeholders.

    Values may be figures that the language writes in its own way: dates, spans, exact shares, enum members.
    """
    forms = catalog(lang).get((context, message)) or (catalog(lang).get(("", message)) if context else None)
    found = forms[0] if forms else message
    return found.format(**{name: _shown(lang, value) for name, value in values.items()}) if values else found


def text_n(lang: str, one: str, many: str, n: int, /, *, context: str = "", **values: object) -> str:
    """The form of a counted message for `n`; `{n}` in it is the number itself, with separators."""
    forms = catalog(lang).get((context, one)) or (catalog(lang).get(("", one)) if context else None)
    if forms is None:
        found = one if n == 1 else many
    else:
        found = forms[min(int(_LOCALES[lang].plural_form(n) != "one"), len(forms) - 1)]
    return found.format(**({"n": number(lang, n)} | {name: _shown(lang, value) for name, value in values.items()}))


def word(lang: str, member: Enum) -> str:
    """The word for an enum member: message id is its value with spaces, context the name of its class."""
    plain = str(member.value).replace("_", " ")
    found = text(lang, plain, context=type(member).__name__)
    return found[:1].upper() + found[1:] if lang == "en" and found == plain else found


def party_label(lang: str, label: str) -> str:
    """What somebody called a party, but a word of our own list in this language: whoever left it as it stood wrote it in theirs."""
    own = next((party for party in Party for each in LANGS if word(each, party) == label), None)
    return word(lang, own) if own else label


def _shown(lang: str, value: object) -> object:
    match value:
        case Enum():
            return word(lang, value)
        case datetime():
            return moment(lang, value, None)
        case date():
            return day(lang, value)
        case timedelta():
            return duration(lang, value)
        case Fraction():
            return share(lang, value)
        case Decimal():
            return number(lang, value)
        case list() | tuple() | set() | frozenset():
            return listed(lang, [str(_shown(lang, each)) for each in value])
    return value


# ---- which language


def pick(cookie: str | None, accept: str | None = None) -> str:
    """The language of a reader: the cookie's, else the first of Accept-Language that we speak, else Chinese."""
    if cookie in LANGS:
        return str(cookie)
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate((accept or "")[:500].split(",")):
        name, _, rest = part.strip().partition(";")
        weight = re.fullmatch(r"\s*q=(\d(?:\.\d{0,3})?)\s*", rest)
        primary = name.strip().lower().partition("-")[0]
        if primary in ("zh", "en"):
            ranked.append((-float(weight[1]) if weight else -1.0, place, "en" if primary == "en" else "zh-CN"))
    return min(ranked)[2] if ranked else "zh-CN"


# ---- days and moments


def day(lang: str, value: date, *, year: bool | None = None, weekday: bool = False) -> str:
    """ "3 月 2 日" / "2 March"; the year is written when `year` says so, or by itself when it is another one.

    Raises TypeError for a moment, which has a day in a zone only: `clock.day_of`.
    """
    if isinstance(value, datetime):
        raise TypeError("the day of a moment depends on the zone")
    if year is None:
        year = value.year != clock.today(HERE).year
    parts = _DAY[lang]
    pattern = parts["year" if year else "short"]
    if weekday:
        pattern = pattern + parts["week"] if lang == "zh-CN" else parts["week"] + pattern
    return format_date(value, pattern, locale=_LOCALES[lang])


def hour(lang: str, value: datetime, zone: str | None, *, seconds: bool = False) -> str:
    """ "09:41", with seconds "09:41:07", on the wall of `zone` (None: as the moment stands)."""
    return format_time(_local(value, zone).time(), "HH:mm:ss" if seconds else "HH:mm", locale=_LOCALES[lang])


def moment(lang: str, value: datetime, zone: str | None, *, year: bool | None = None, seconds: bool = False) -> str:
    """ "3 月 2 日 10:55" / "2 March, 10:55" on the wall of `zone` (None: as the moment stands)."""
    local = _local(value, zone)
    return f"{day(lang, local.date(), year=year)}{' ' if lang == 'zh-CN' else ', '}{hour(lang, local, None, seconds=seconds)}"


def zone_name(lang: str, zone: str) -> str:
    """What people call an IANA zone: "中国时间" / "China Time" for Asia/Shanghai."""
    return get_timezone_name(zone, locale=_LOCALES[lang])


def zone_place(lang: str, zone: str) -> str:
    """The town that an IANA zone is named after, with the zone: two zones may share a name, as Shanghai and Macau do."""
    return f"{get_timezone_location(zone, locale=_LOCALES[lang], return_city=True)} ({zone})" if "/" in zone else zone


def near(lang: str, value: datetime, zone: str) -> str:
    """As `moment`, but "今天 10:55", "昨天 10:55", "明天 10:55" where that is so; in small letters, as inside a sentence."""
    local = _local(value, zone)
    away = (local.date() - clock.today(zone)).days
    names = {-1: N_("yesterday {time}"), 0: N_("today {time}"), 1: N_("tomorrow {time}")}
    return text(lang, names[away], time=hour(lang, local, None)) if away in names else moment(lang, local, None)


def stamp(value: datetime, zone: str) -> str:
    """ "2026-03-02 10:55", the same in every language: tables, files, the foot of a print."""
    return format_datetime(_local(value, zone).replace(tzinfo=None), "yyyy-MM-dd HH:mm", locale=_LOCALES["en"])


def _local(value: datetime, zone: str | None) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment without a zone")
    return value if zone is None else value.astimezone(ZoneInfo(zone))


# ---- spans


def duration(lang: str, value: timedelta) -> str:
    """How long, in at most two units, cut to whole minutes: "22 小时 20 分", "4 天", "不到 1 分"."""
    minutes = abs(value) // timedelta(minutes=1)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if not minutes:
        return text(lang, N_("less than 1 min"))
    parts = []
    if days:
        parts.append(text_n(lang, "{n} day", "{n} days", days))
    if hours and days < 14:
        parts.append(text_n(lang, "{n} hour", "{n} hours", hours))
    if rest and not days:
        parts.append(text_n(lang, "{n} min", "{n} min", rest))
    return " ".join(parts)


def span(lang: str, left: timedelta) -> str:
    """A clock's words, the time first: "还剩 9 小时", "还剩 1 小时 40 分", below zero "超时 20 分"."""
    size = abs(left)
    if size < timedelta(minutes=1):
        return text(lang, N_("less than 1 min late") if left < timedelta(0) else N_("less than 1 min left"))
    if size >= timedelta(days=2):
        size = timedelta(days=size.days)
    elif size >= timedelta(hours=2):
        size = timedelta(hours=size // timedelta(hours=1))
    return text(lang, N_("{time} late") if left < timedelta(0) else N_("{time} left"), time=duration(lang, size))


# ---- figures: exact, from integers


def number(lang: str, value: int | Decimal | Fraction, digits: int | None = None) -> str:
    """A figure with separators; `digits` after the point, rounded half away from zero (None: all a decimal has)."""
    if isinstance(value, Fraction) and digits is None and value.denominator != 1:
        digits = 1
    if digits is not None:
        value = rounded(Fraction(value), digits)
    elif isinstance(value, Fraction):
        value = Decimal(value.numerator)
    places = max(0, -int(value.as_tuple().exponent)) if isinstance(value, Decimal) else 0
    return format_decimal(value, "#,##0" + ("." + "0" * places if places else ""), locale=_LOCALES[lang])


def rounded(value: Fraction, digits: int) -> Decimal:
    """`value` to `digits` places, half away from zero, by integer arithmetic alone."""
    scaled = abs(value) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-whole if value < 0 else whole).scaleb(-digits)


def share(lang: str, value: Fraction, digits: int = 1) -> str:
    """ "77.4%" from an exact share (1 is everything)."""
    return number(lang, Fraction(value) * 100, digits) + "%"


def yuan(lang: str, fen: int) -> str:
    """ "178,420.00": the figure alone, in yuan."""
    sign, rest = "-" if fen < 0 else "", abs(fen)
    return f"{sign}{number(lang, rest // 100)}.{rest % 100:02d}"


def money(lang: str, fen: int) -> str:
    """ "178,420.00 元" / "CNY 178,420.00", exact from integer fen."""
    return f"{yuan(lang, fen)} 元" if lang == "zh-CN" else f"CNY {yuan(lang, fen)}"


def area(lang: str, square_metres: Decimal) -> str:
    """ "3,128.64 m²"."""
    return f"{number(lang, square_metres)} m²"


def listed(lang: str, items: Iterable[str]) -> str:
    """ "甲、乙和丙" / "a, b and c"."""
    return format_list(list(items), locale=_LOCALES[lang]).replace(", and ", " and ")


def ratio(value: Fraction) -> str:
    """A threshold share as a message id in words, where it has some: `text` it, else write it as a share."""
    return _RATIOS.get(value, "")


_RATIOS = {
    Fraction(1, 2): N_("one half"),
    Fraction(1, 3): N_("one third"),
    Fraction(2, 3): N_("two thirds"),
    Fraction(3, 4): N_("three quarters"),
    Fraction(4, 5): N_("four fifths"),
    Fraction(1, 5): N_("one fifth"),
    Fraction(1): N_("everyone"),
}
