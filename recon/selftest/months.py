"""Days moved by whole months, so that a rule case falls into another period.

Here: the arithmetic and the distances worth trying. Not here: which case is moved.
"""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


def moved(day: date, months: int) -> date:
    """Return a day moved by months; the last day of a month stays the last.

    Args:
        day: A date, or a datetime, whose time of day stays.
        months: Whole months, negative for back.

    Example:
        >>> moved(date(2024, 2, 29), 1)
        datetime.date(2024, 3, 31)
        >>> moved(date(2024, 3, 30), -1)
        datetime.date(2024, 2, 29)
    """
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    last = monthrange(year, month + 1)[1]
    is_end = day.day == monthrange(day.year, day.month)[1]
    return day.replace(year=year, month=month + 1, day=last if is_end else min(day.day, last))


def months_between(before: date, after: date) -> int:
    """Return the whole calendar months from one day's month to another's."""
    return (after.year - before.year) * 12 + after.month - before.month


def distances(as_of: date, days: Iterable[date], target: date, period_to: date) -> list[int]:
    """Return distances in months that may bring a case into a period, the likeliest first.

    Args:
        as_of: The day of the case.
        days: The days in its rows.
        target: The day of the user's run.
        period_to: The last day of the user's period.

    Returns:
        Whole years first, since deadlines and holidays turn with the year; without repeats.
    """
    past = [day for day in days if day <= as_of]
    to_target = months_between(as_of, target)
    to_period = months_between(max(past, default=as_of), period_to)
    tried = [
        to_target // 12 * 12,
        to_period // 12 * 12,
        to_target,
        to_period,
        to_period // 12 * 12 - 12,
        0,
    ]
    return list(dict.fromkeys(tried))
