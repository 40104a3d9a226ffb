"""Exact numbers and dates from their text: fractions and whole days, never floats."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Final

from provenance.claims.disclosure import Days, Releases, Window

_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?) ?%")
_POINTS: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?) ?pp")
_DATES: Final = (
    re.compile(r"(?P<year>[0-9]{4})"),
    re.compile(r"(?P<year>[0-9]{4})-Q(?P<quarter>[1-4])"),
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})"),
    re.compile(r"(?P<year>[0-9]{4})-W(?P<week>[0-9]{2})"),
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
)
_LONGEST: Final = 200
_LAST_YEAR: Final = 9900
HEAD: Final = "HEAD"
"""The word for the measured revision."""


def percent(text: str) -> Fraction:
    """Return ``"80%"`` as 4/5.

    Raises:
        ValueError: it is no percentage from 0 to 100.

    """
    return _hundredths(_PERCENT, text, "percentage")


def points(text: str) -> Fraction:
    """Return ``"5pp"`` (percentage points) as 1/20.

    Raises:
        ValueError: it is no number of points from 0 to 100.

    """
    return _hundredths(_POINTS, text, "number of points")


def _hundredths(form: re.Pattern[str], text: str, what: str) -> Fraction:
    found = form.fullmatch(text)
    if found is None or (value := Fraction(found[1]) / 100) > 1:
        raise ValueError(f"no {what}: {text[:40]!a}")
    return value


def rounding(text: str) -> Fraction:
    """Return half the unit to which a percentage seems rounded: 80 % gives 5 points.

    Raises:
        ValueError: it is no percentage.

    """
    percent(text)
    digits = text.rstrip(" %")
    if "." in digits:
        return Fraction(1, 2 * 100 * 10 ** len(digits.split(".")[1]))
    tens = digits.endswith("0") and int(digits) > 0
    return Fraction(5 if tens else 1, 100 if tens else 200)


@lru_cache(maxsize=1 << 13)
def days(text: str) -> Days:
    """Return a year, quarter, month, week or day, or ``first/last`` of them.

    Raises:
        ValueError: it is none of these, or runs backwards.

    """
    if len(text) > _LONGEST:
        raise _no_date(text)
    begin, slash, end = text.partition("/")
    try:
        first, last = _stretch(begin)[0], _stretch(end if slash else begin)[1]
    except (ValueError, OverflowError):
        raise _no_date(text) from None
    if last < first or last.year > _LAST_YEAR:
        raise _no_date(text)
    return Days(first, last, text)


def window(text: str) -> Window:
    """Return days, or releases written as ``v1.0..v1.1``, ``tag:v1.1`` or ``HEAD``.

    Raises:
        ValueError: it is neither.

    """
    if len(text) > _LONGEST:
        raise _no_date(text)
    if text == HEAD:
        return Releases("", HEAD, text)
    if text.startswith("tag:") and len(text) > len("tag:"):
        return Releases("", text.removeprefix("tag:"), text)
    start, dots, end = text.partition("..")
    if dots and start and end:
        return Releases(start, end, text)
    return days(text)


def _stretch(text: str) -> tuple[date, date]:
    for form in _DATES:
        if found := form.fullmatch(text):
            return _between({key: int(value) for key, value in found.groupdict().items()})
    raise _no_date(text)


def _no_date(text: str) -> ValueError:
    return ValueError(f"no date: {text[:40]!a}")


def _between(part: dict[str, int]) -> tuple[date, date]:
    year = part["year"]
    if "week" in part:
        first = date.fromisocalendar(year, part["week"], 1)
        return first, first + timedelta(days=6)
    if "day" in part:
        day = date(year, part["month"], part["day"])
        return day, day
    if "month" in part:
        begin = end = part["month"]
    elif "quarter" in part:
        begin, end = 3 * part["quarter"] - 2, 3 * part["quarter"]
    else:
        begin, end = 1, 12
    first = date(year, begin, 1)
    return first, date(year, end, monthrange(year, end)[1])
