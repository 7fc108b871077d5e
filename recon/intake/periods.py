"""A period as people write it in one cell: 2024-01-01至2024-03-31, 2024年1-3月, 2024年一季度.

Here: its first and last day. Not here: single days and months (`dates`).
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date

from recon.intake.dates import DateContext, parse_month

_DAYS = re.compile(
    r"((?:19|20)\d{2})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})(?!\d)\s*日?"
    r"|(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)"
)
_TO = r"\s*(?:[-—–~～]+|至|到)\s*"
_MONTHS = re.compile(
    rf"^((?:19|20)\d{{2}})\s*[-./年]?\s*(\d{{1,2}})\s*月?{_TO}"
    rf"(?:((?:19|20)\d{{2}})\s*[-./年]?\s*)?(\d{{1,2}})\s*月?(?:份)?$"
)
_PART = re.compile(
    r"^((?:19|20)\d{2})\s*[-./]?\s*年?度?\s*(?:(?:第\s*)?([一二三四1-4])\s*季度?|Q([1-4])|(上|下)半年)$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"^((?:19|20)\d{2})\s*年?度?$")
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4}


def parse_period(text: str, context: DateContext) -> tuple[date, date] | None:
    """Read one period; a single day stands for its month, as in a date cell shown as 2024-01.

    Args:
        text: The cell.
        context: What the sheet says about its dates.

    Returns:
        First and last day; None when it is no period.

    Example:
        >>> parse_period("2024年1-3月", DateContext())
        (datetime.date(2024, 1, 1), datetime.date(2024, 3, 31))
    """
    bare = unicodedata.normalize("NFKC", text).strip()
    days = list(_DAYS.finditer(bare))
    if len(days) == 2:
        return _between(*(_day(found) for found in days))
    if found := _MONTHS.match(bare):
        first = _months(int(found[1]), int(found[2]), 1)
        last = _months(int(found[3] or found[1]), int(found[4]), 1)
        return _between(first[0], last[1]) if first and last else None
    if found := _PART.match(bare):
        year = int(found[1])
        if found[4]:
            return _months(year, 1 if found[4] == "上" else 7, 6)
        quarter = int(found[3] or _NUMBERS.get(found[2], 0) or found[2])
        return _months(year, quarter * 3 - 2, 3)
    if found := _YEAR.match(bare):
        return _months(int(found[1]), 1, 12)
    month = parse_month(bare, context)
    return _months(month.year, month.month, 1) if month else None


def _day(found: re.Match[str]) -> date | None:
    year, month, day = (int(found[place] or found[place + 3]) for place in (1, 2, 3))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _between(first: date | None, last: date | None) -> tuple[date, date] | None:
    return (first, last) if first and last and first <= last else None


def _months(year: int, month: int, count: int) -> tuple[date, date] | None:
    """Return the first and last day of some months of a year."""
    end = month + count - 1
    if not 1 <= month <= end <= 12:
        return None
    return date(year, month, 1), date(year, end, calendar.monthrange(year, end)[1])
