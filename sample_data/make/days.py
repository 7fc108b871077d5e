"""Months, workdays and due days of the sample year.

The calendar is the one the tool itself uses, so that planted deadlines sit exactly on the edge.
Not here: what happens on those days.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from chinese_calendar import is_workday

PERIOD_FROM = date(2024, 1, 1)
PERIOD_TO = date(2024, 12, 31)
AS_OF = date(2025, 6, 30)
MONTHS = tuple(date(2024, number, 1) for number in range(1, 13))
LEDGER_MONTHS = MONTHS + tuple(date(2025, number, 1) for number in range(1, 7))


def add_months(day: date, count: int) -> date:
    """Return the first of the month that lies `count` months after the month of `day`."""
    number = day.year * 12 + day.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def month_end(day: date) -> date:
    """Return the last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def workday_on_or_after(day: date) -> date:
    """Return `day`, or the next workday when it is a day off (make-up workdays count)."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def add_workdays(day: date, count: int) -> date:
    """Return the `count`-th workday after `day`."""
    for _ in range(count):
        day = workday_on_or_after(day + timedelta(days=1))
    return day


def due_day(period_to: date) -> date:
    """Return the last day in time for a fee period: the 15th of the next month, rolled forward."""
    return workday_on_or_after(add_months(period_to, 1).replace(day=15))


def dotted(day: date) -> str:
    """Write a date as people type it: 2024.3.5."""
    return f"{day.year}.{day.month}.{day.day}"


def chinese(day: date) -> str:
    """Write a date as 2024年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def compact(day: date) -> str:
    """Write a date as 20240305."""
    return f"{day:%Y%m%d}"


def month_text(day: date) -> str:
    """Write a month as the contract's period does: 2024-03."""
    return f"{day:%Y-%m}"
