"""Which year a day without a year belongs to.

Here: the span of days that the lines above a table state, and columns of month and day that run
across a year end. Not here: reading dates (`dates`).
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

Span = tuple[date, date]
#: A month and a day, nothing else: 12-31, 1月5日, 1.5.
MONTH_DAY = r"^\s*([0-9]{1,2})\s*(?:月|[-./])\s*([0-9]{1,2})\s*日?\s*$"
_YEAR = r"((?:19|20)[0-9]{2})"
_DAY = re.compile(
    rf"(?<![0-9]){_YEAR}\s*[-./年]\s*([0-9]{{1,2}})\s*[-./月]\s*([0-9]{{1,2}})(?![0-9])"
    rf"|(?<![0-9]){_YEAR}([0-9]{{2}})([0-9]{{2}})(?![0-9])"
)
_MONTHS = re.compile(
    rf"{_YEAR}\s*[年./-]\s*([0-9]{{1,2}})\s*月?\s*[-—–~～至到]+\s*{_YEAR}\s*[年./-]\s*([0-9]{{1,2}})(?![0-9])"
)
_FIRST_MONTHS, _LAST_MONTHS = (1, 2), (11, 12)


def stated_span(lines: Iterable[str]) -> Span | None:
    """Return the days that a line states as first and last.

    Args:
        lines: Texts above a table, top down, each a whole line.

    Example:
        >>> stated_span(["起止日期：2024年12月1日至2025年1月31日"])
        (datetime.date(2024, 12, 1), datetime.date(2025, 1, 31))
    """
    for text in (unicodedata.normalize("NFKC", line) for line in lines):
        days = [day for found in _DAY.finditer(text) if (day := _day(*_three(found)))]
        if len(days) == 2 and days[0] <= days[1]:
            return days[0], days[1]
        if not days and (found := _MONTHS.search(text)):
            first = _day(found[1], found[2], "1")
            last = _last_day(int(found[3]), int(found[4]))
            if first and last and first <= last:
                return first, last
    return None


def _three(found: re.Match[str]) -> tuple[str, str, str]:
    return found[1] or found[4], found[2] or found[5], found[3] or found[6]


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _last_day(year: int, month: int) -> date | None:
    if not 1 <= month <= 12:
        return None
    return date(year, month, calendar.monthrange(year, month)[1])


def year_within(month: int, day: int, span: Span) -> int | None:
    """Return the one year in which a day lies within a span; None when none or several do.

    Args:
        month: 1 to 12.
        day: 1 to 31.
        span: First and last day.
    """
    fits = [
        year
        for year in range(span[0].year, span[1].year + 1)
        if (found := _day(str(year), str(month), str(day))) and span[0] <= found <= span[1]
    ]
    return fits[0] if len(fits) == 1 else None


def crosses_year(texts: pl.Series) -> bool:
    """Return whether a column of month and day, sorted either way, runs across a year end.

    Args:
        texts: Cells; those that are no bare month and day are passed over.
    """
    if len(texts) < 3 or not texts.head(1000).str.contains(MONTH_DAY).any():
        return False
    found = texts.drop_nulls().str.extract_groups(MONTH_DAY).struct.unnest().drop_nulls()
    month, day = (found.to_series(place).cast(pl.Int32) for place in (0, 1))
    step = (month * 100 + day).diff().drop_nulls()
    if len(step) < 2:
        return False
    falls, rises = step < 0, step > 0
    before, after = month.head(len(step)), month.tail(len(step))
    for breaks, others, from_, to in (
        (falls, rises, _LAST_MONTHS, _FIRST_MONTHS),
        (rises, falls, _FIRST_MONTHS, _LAST_MONTHS),
    ):
        if int(breaks.sum()) == 1 and others.any():
            at = int(breaks.arg_true()[0])
            if before[at] in from_ and after[at] in to:
                return True
    return False
