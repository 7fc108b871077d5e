"""How numbers and serial dates of a workbook are written as text, exactly.

Here: shortest exact decimal of a binary number, and days counted from 1900 or 1904. Not here:
parsing what people typed (`values`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

#: From here on a binary number cannot tell neighbouring integers of 16 digits apart for sure.
FIRST_CUT = 1e15


def plain(number: float) -> str:
    """Write a number in its shortest exact form without an exponent.

    Args:
        number: A finite number as the workbook stores it.

    Example:
        >>> plain(99999999999.99), plain(45717.0), plain(1e-7)
        ('99999999999.99', '45717', '0.0000001')
    """
    if number == int(number) and abs(number) < FIRST_CUT:
        return str(int(number))
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_cut(number: float) -> bool:
    """Whether a stored number has 16 digits or more, so that its last ones may be lost."""
    return abs(number) >= FIRST_CUT and number == int(number)


def day_text(serial: float, *, is_1904: bool) -> str:
    """Write a serial date, with its time unless that is midnight.

    Args:
        serial: Days since the base of the workbook.
        is_1904: Whether the base is 1904 instead of 1900.

    Example:
        >>> day_text(45356, is_1904=False)
        '2024-03-05'
    """
    base = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 (no zone in a sheet)
    if not is_1904 and serial < 60:
        base += timedelta(days=1)
    return moment_text(base + timedelta(days=serial))


def moment_text(moment: datetime) -> str:
    """Write a moment to the second; midnight is left out."""
    rounded = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    return rounded.isoformat(sep=" ").removesuffix(" 00:00:00")


def span_text(days: float) -> str:
    """Write a time or a duration held as days: `36:00:00`."""
    seconds = round(abs(days) * 86_400)
    sign = "-" if days < 0 and seconds else ""
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
