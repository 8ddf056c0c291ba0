"""Days that texts name, and days that lie a while after them."""

import re
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DATE = re.compile(
    r"\b(?P<y>20\d\d)[-/.](?P<m>0?[1-9]|1[0-2])(?:[-/.](?P<d>0?[1-9]|[12]\d|3[01]))?\b"
    r"|\b(?:(?P<d2>\d{1,2})(?:st|nd|rd|th)?\s+)?(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r"(?:\s+(?P<d3>\d{1,2})(?:st|nd|rd|th)?)?,?\s+(?P<y2>20\d\d)\b"
    r"|\b(?P<m4>0?[1-9]|1[0-2])/(?P<d4>0?[1-9]|[12]\d|3[01])/(?P<y4>20\d\d)\b"
    r"|(?<![\w/])(?P<m5>0?[1-9]|1[0-2])/(?P<y5>20\d\d)\b(?!/)"
    r"|\bQ(?P<q>[1-4])\s*(?:of\s*)?(?P<yq>20\d\d)\b",
    re.IGNORECASE,
)
"""A day, a month or a quarter, in the ways people write them."""
_WHILE = re.compile(
    r"^\W*(?:once|after)\s+(?P<many>\d{1,3})\s+(?P<unit>day|week|month|year)s?\b"
    r"(?:\s+(?:ha(?:ve|s)\s+)?(?:passed|elapsed|gone by))?"
    r"\s+(?:since|after|from)\s+(?:this|that|then|the (?:above|date))\b",
    re.IGNORECASE,
)
_UNITS = {"day": 1, "week": 7, "month": 31, "year": 366}


def last_day(text: str) -> date | None:
    """Return the latest day that a text names; a month or a quarter means its last day."""
    return max((day for found in DATE.finditer(text) if (day := _day(found)) is not None), default=None)


def due(clause: str, told: str) -> date | None:
    """Return the day that a clause counts to from the one told of before it: 'once 30 days have passed since this'."""
    found, start = _WHILE.match(clause), last_day(told)
    if found is None or start is None:
        return None
    return start + timedelta(days=int(found["many"]) * _UNITS[found["unit"].lower()])


def _day(found: re.Match[str]) -> date | None:
    part = found.groupdict()
    if part["yq"]:
        return _last_of_month(int(part["yq"]), int(part["q"]) * 3)
    year = int(part["y"] or part["y2"] or part["y4"] or part["y5"])
    month = _MONTHS.index(part["mon"].lower()) + 1 if part["mon"] else int(part["m"] or part["m4"] or part["m5"])
    day = part["d"] or part["d2"] or part["d3"] or part["d4"]
    try:
        return date(year, month, int(day)) if day else _last_of_month(year, month)
    except ValueError:
        return _last_of_month(year, month)


def _last_of_month(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
