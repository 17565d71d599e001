"""Dates as people write them, where a column leaves no doubt of what they mean."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
_NUMBER_OF = {name: at for at, name in enumerate(_MONTHS, 1)} | {name[:3]: at for at, name in enumerate(_MONTHS, 1)}
_MONTH = "|".join(sorted(_NUMBER_OF, key=len, reverse=True))
_FIRST = date(1900, 3, 1)
"""Excel counts 29 February 1900, a day that never was: dates before are off by one."""

_ISO = re.compile(r"(?P<y>\d{4})(?P<s1>[-/.])(?P<m>\d{2})(?P=s1)(?P<d>\d{2})(?P<time>[ T]\d{2}:\d{2}(?::\d{2})?)?")
_DAY_FIRST = re.compile(rf"(?P<d>\d{{1,2}})(?P<s1>[ -])(?P<m>{_MONTH})(?P<s2>, |[ -])(?P<y>\d{{4}})")
_MONTH_FIRST = re.compile(rf"(?P<m>{_MONTH})(?P<s1>[ -])(?P<d>\d{{1,2}})(?P<s2>, |[ -])(?P<y>\d{{4}})")
_NUMERIC = re.compile(r"(?P<a>\d{1,2})(?P<s1>[-/.])(?P<b>\d{1,2})(?P=s1)(?P<y>\d{4})")


@dataclass(frozen=True, slots=True)
class Day:
    """A date for a cell, and the format that shows the text it was written as."""

    value: date
    format: str


def looks_like_a_date(text: str) -> bool:
    """Whether ``text`` has the form of a date, be it clear or not."""
    return any(pattern.fullmatch(text) for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST, _NUMERIC))


def days_of(texts: Sequence[str]) -> list[Day] | None:
    """The dates that ``texts``, the cells of one column, mean; ``None`` if any of them is no date or not clear.

    ``03/04/2026`` is clear when another cell of the column has a day above 12, and none says otherwise.
    """
    day_first = _order(texts)
    days = [_read(text, day_first) for text in texts]
    return None if any(day is None for day in days) else [day for day in days if day is not None]


def _order(texts: Sequence[str]) -> bool | None:
    """Whether the day stands first in ``dd/mm/yyyy``; ``None`` while nothing proves it."""
    found = [match for text in texts if (match := _NUMERIC.fullmatch(text))]
    first = any(int(match["a"]) > 12 for match in found)
    second = any(int(match["b"]) > 12 for match in found)
    return None if first == second else first


def _read(text: str, day_first: bool | None) -> Day | None:
    if match := _ISO.fullmatch(text):
        return _iso(match)
    if match := _DAY_FIRST.fullmatch(text):
        shown = f"{_day(match['d'])}{_plain(match['s1'])}{_month(match['m'])}{_plain(match['s2'])}yyyy"
        return _checked(match["y"], _NUMBER_OF[match["m"]], match["d"], f"[$-409]{shown}")
    if match := _MONTH_FIRST.fullmatch(text):
        shown = f"{_month(match['m'])}{_plain(match['s1'])}{_day(match['d'])}{_plain(match['s2'])}yyyy"
        return _checked(match["y"], _NUMBER_OF[match["m"]], match["d"], f"[$-409]{shown}")
    if day_first is None or not (match := _NUMERIC.fullmatch(text)):
        return None
    day, month = (match["a"], match["b"]) if day_first else (match["b"], match["a"])
    mark = _plain(match["s1"])
    parts = (_day(day), _digits("m", month)) if day_first else (_digits("m", month), _day(day))
    return _checked(match["y"], int(month), day, f"{parts[0]}{mark}{parts[1]}{mark}yyyy")


def _iso(match: re.Match[str]) -> Day | None:
    mark = _plain(match["s1"])
    day = _checked(match["y"], int(match["m"]), match["d"], f"yyyy{mark}mm{mark}dd")
    clock = match["time"]
    if day is None or clock is None:
        return day
    try:
        moment = datetime.fromisoformat(f"{day.value.isoformat()}T{clock[1:]}")
    except ValueError:
        return None
    return Day(moment, f"{day.format}{_plain(clock[0])}hh:mm{':ss' if clock.count(':') == 2 else ''}")


def _checked(year: str, month: int, day: str, shown: str) -> Day | None:
    try:
        value = date(int(year), month, int(day))
    except ValueError:
        return None
    return Day(value, shown) if value >= _FIRST else None


def _day(text: str) -> str:
    return _digits("d", text)


def _digits(letter: str, text: str) -> str:
    return letter * (2 if text.startswith("0") or len(text) == 2 else 1)


def _month(name: str) -> str:
    return "mmm" if len(name) == 3 else "mmmm"


def _plain(mark: str) -> str:
    """A separator that no region replaces by its own: a bare "/" is "." in a German Excel."""
    return mark if mark in " -" else "".join(f'"{char}"' if char != " " else char for char in mark)
