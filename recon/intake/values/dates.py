"""Days, months and moments as people write them, and spreadsheet serial numbers.

Here: one readable parser per kind and the column readers that take the plain forms by polars
expressions. Not here: numbers (see `amounts`) and the choice of a parser (see `columns`).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import polars as pl

from recon.intake.values.digits import half_width
from recon.intake.values.years import year_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.intake.values.years import Span

FIRST_YEAR, LAST_YEAR = 1900, 2100
SERIAL_FIRST, SERIAL_LAST = 20000, 80000
_DAY = re.compile(
    r"^([0-9]{4})\s*[-./年。—–\s]\s*([0-9]{1,2})\s*[-./月。—–\s]\s*([0-9]{1,2})\s*日?(?:[T\s]+(.*))?$"
)
_SHORT_YEAR = re.compile(r"^([0-9]{2})(年\s*[0-9]{1,2}\s*月.*)$")
_WEEKDAY = re.compile(r"\s*\(?(?:星期|周)[一二三四五六日天]\)?")
_HALF = re.compile(r"(上午|下午|凌晨|晚上|AM|PM)", re.IGNORECASE)
#: 05-JAN-24, and Mar-24 as Excel writes a month into a csv.
_ENGLISH = re.compile(r"^(?:([0-9]{1,2})[-\s])?([A-Z]{3})[-\s]([0-9]{2}|[0-9]{4})$", re.IGNORECASE)
_ENGLISH_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_SOLID = re.compile(
    r"^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2}:?[0-9]{2}(?::?[0-9]{2})?)?(?:\s+(.*))?$"
)
_MONTH = re.compile(
    r"^([0-9]{4})\s*(?:[-./]|年度?)\s*第?\s*([0-9]{1,2})\s*(?:月份?|期)?$|^([0-9]{4})([0-9]{2})$"
)
_MONTH_DAY = re.compile(r"^([0-9]{1,2})\s*(?:月|[-./])\s*([0-9]{1,2})\s*日?$")
_TIME = re.compile(
    r"^([0-9]{1,2})\s*[:时点]\s*([0-9]{1,2})\s*(?:[:分]\s*([0-9]{1,2})(?:\.[0-9]+)?\s*秒?)?分?$"
    r"|^([0-9]{2})([0-9]{2})([0-9]{2})?$"
)
_HAN = re.compile(
    r"^([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月"
    r"(?:([一二三四五六七八九十]{1,3})日)?$"
)
_HAN_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_SERIAL = re.compile(r"^([0-9]{5})(\.[0-9]+)?$")
#: 24.03.05, and 05/03/2024 or 03/05/2024.
_TWO_DIGITS = re.compile(r"^([0-9]{2})([-./])([0-9]{2})\2([0-9]{2})$")
_YEAR_LAST = re.compile(r"^([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4})(?:\s+(.*))?$")
MonthAs = Literal["first", "last"] | None


@dataclass(frozen=True)
class DateContext:
    """What the sheet says about its dates.

    A date without a year is completed by `span` (the first and last day that the titles state), or
    by `year` (the one year that they name); `month_as` says which day a bare month stands for, None
    when it stands for none. `day_first` says which number before a year (05/03/2024) is the day,
    None when the column does not show it.
    """

    is_1904: bool = False
    year: int | None = None
    month_as: MonthAs = None
    span: Span | None = None
    day_first: bool | None = None


def parse_moment(text: str, context: DateContext) -> datetime | None:
    """Read one moment; a day alone is its midnight.

    Args:
        text: The cell.
        context: What the sheet says about its dates.

    Returns:
        None when it is no moment between 1900 and 2100, or when two readings would fit.

    Example:
        >>> parse_moment("2024年1月5日 8:30", DateContext())
        datetime.datetime(2024, 1, 5, 8, 30)
    """
    bare = _plainly(text)
    if found := _DAY.match(bare):
        return _moment(found[1], found[2], found[3], found[4])
    if found := _SOLID.match(bare):
        return _moment(found[1], found[2], found[3], found[4] or found[5])
    if found := _SERIAL.match(bare):
        return _from_serial(Decimal(bare), is_1904=context.is_1904)
    if context.month_as and (month := parse_month(bare, context)):
        last = calendar.monthrange(month.year, month.month)[1]
        day = month if context.month_as == "first" else month.replace(day=last)
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - local time without a zone
    return _otherwise(bare, context)


def _within(first: str, second: str, third: str, context: DateContext) -> datetime | None:
    """Read 24.03.05 where the stated days or year hold it in this order and in no other."""
    orders = ((first, second, third), (third, second, first), (third, first, second))
    found = [_moment(f"20{year}", month, day, None) for year, month, day in orders]
    span, year = context.span, context.year
    fits = {
        one
        for one in found
        if one and (span[0] <= one.date() <= span[1] if span else one.year == year)
    }
    return found[0] if fits == {found[0]} else None


def _otherwise(bare: str, context: DateContext) -> datetime | None:
    """Read a day whose year or order the sheet around it tells."""
    if found := _TWO_DIGITS.match(bare):
        return _within(found[1], found[3], found[4], context)
    if (found := _YEAR_LAST.match(bare)) and context.day_first is not None:
        day_of, month_of = (found[1], found[3]) if context.day_first else (found[3], found[1])
        return _moment(found[4], month_of, day_of, found[5])
    if found := _MONTH_DAY.match(bare):
        month_of, day_of = int(found[1]), int(found[2])
        year = year_within(month_of, day_of, context.span) if context.span else context.year
        return _moment(str(year), found[1], found[2], None) if year else None
    return None


def parse_month(text: str, context: DateContext) -> date | None:
    """Read one month as its first day; a day counts as its month.

    Args:
        text: The cell.
        context: What the sheet says about its dates; `year` completes a bare 3月.
    """
    bare = _plainly(text)
    if found := _MONTH.match(bare):
        return _first_day(int(found[1] or found[3]), int(found[2] or found[4]))
    if context.year and (found := re.match(r"^第?\s*([0-9]{1,2})\s*(?:月份?|期)?$", bare)):
        return _first_day(context.year, int(found[1]))
    moment = parse_moment(bare, DateContext(context.is_1904))
    return moment.date().replace(day=1) if moment else None


def _plainly(text: str) -> str:
    """Write a date in digits with its whole year, without the day of the week."""
    bare = _in_digits((half_width(text) or "").strip())
    bare = _WEEKDAY.sub("", bare)
    if found := _SHORT_YEAR.match(bare):
        return f"{_whole_year(found[1])}{found[2]}"
    if (found := _ENGLISH.match(bare)) and found[2].lower() in _ENGLISH_MONTHS:
        month = _ENGLISH_MONTHS.index(found[2].lower()) + 1
        return "-".join(filter(None, (_whole_year(found[3]), str(month), found[1])))
    return bare


def _whole_year(year: str) -> str:
    """Write 24 as 2024 and 98 as 1998."""
    return year if len(year) == 4 else ("20" if year < "70" else "19") + year


def _in_digits(text: str) -> str:
    """Write a date in Chinese numerals in digits: 二〇二四年四月十日 is 2024年4月10日."""
    found = _HAN.match(text)
    if found is None:
        return text
    year = "".join(str(_HAN_DIGITS[sign]) for sign in found[1])
    month, day = _han_number(found[2]), _han_number(found[3] or "")
    return f"{year}年{month}月" + (f"{day}日" if found[3] else "")


def _han_number(text: str) -> int:
    """Read a number up to ninety-nine: 十, 十一, 二十, 二十一."""
    tens, ten, ones = text.rpartition("十")
    value = _HAN_DIGITS.get(ones, 0)
    return value + (_HAN_DIGITS.get(tens, 1) * 10 if ten else 0)


def _first_day(year: int, month: int) -> date | None:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    return date(year, month, 1)


def _moment(year: str, month: str, day: str, time: str | None) -> datetime | None:
    hours, minutes, seconds = 0, 0, 0
    if time and time.strip():
        half = _HALF.search(time)
        if not (found := _TIME.match(_HALF.sub("", time).strip().removesuffix("Z"))):
            return None
        hours, minutes = int(found[1] or found[4]), int(found[2] or found[5])
        seconds = int(found[3] or found[6] or 0)
        if half:
            hours = _in_day(hours, is_late=half[1].upper() in {"下午", "晚上", "PM"})
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return None
    try:
        return datetime(int(year), int(month), int(day), hours, minutes, seconds)  # noqa: DTZ001
    except ValueError:
        return None


def _in_day(hours: int, *, is_late: bool) -> int:
    """Count the hours of 上午 and 下午 from midnight; 13 and more are counted so already."""
    if hours > 12:
        return hours
    return hours % 12 + (12 if is_late else 0)


def _from_serial(serial: Decimal, *, is_1904: bool) -> datetime | None:
    if not SERIAL_FIRST <= serial <= SERIAL_LAST:
        return None
    base = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
    days = int(serial)
    seconds = int(((serial - days) * 86400).to_integral_value())
    return base + timedelta(days=days, seconds=seconds)


def read_moments(texts: pl.Series, context: DateContext) -> tuple[pl.Series, pl.Series]:
    """Read a column of moments.

    Args:
        texts: Stripped texts; null is empty.
        context: What the sheet says about its dates.

    Returns:
        Datetime("us") values, and marks of the texts that are no moment.
    """
    text = pl.col("text")
    as_day = text.str.to_datetime("%Y-%m-%d", strict=False, exact=True, time_unit="us")
    as_moment = text.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, exact=True, time_unit="us")
    is_day = text.str.contains(r"^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$")
    is_moment = text.str.contains(r"^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$")
    frame = texts.to_frame("text").with_columns(
        pl.when(is_day).then(as_day).when(is_moment).then(as_moment).alias("value")
    )
    left = _odd(frame)
    if frame["value"].null_count() == frame.height:
        context = replace(context, day_first=_is_day_first(left))
    return _with_odd(frame, left, pl.Datetime("us"), lambda odd: parse_moment(odd, context))


def read_days(texts: pl.Series, context: DateContext) -> tuple[pl.Series, pl.Series]:
    """Read a column of days; a time of day is left off.

    Args:
        texts: Stripped texts; null is empty.
        context: What the sheet says about its dates.
    """
    values, bad = read_moments(texts, context)
    return values.dt.date(), bad


def read_months(texts: pl.Series, context: DateContext) -> tuple[pl.Series, pl.Series]:
    """Read a column of months as their first days.

    Args:
        texts: Stripped texts; null is empty.
        context: What the sheet says about its dates.
    """
    frame = texts.to_frame("text").with_columns(pl.lit(None, dtype=pl.Date).alias("value"))
    return _with_odd(frame, _odd(frame), pl.Date(), lambda odd: parse_month(odd, context))


def _odd(frame: pl.DataFrame) -> list[str]:
    left = frame.filter(pl.col("text").is_not_null() & pl.col("value").is_null())["text"]
    return left.unique().to_list()


def _is_day_first(texts: list[str]) -> bool | None:
    """Say whether the days of a column stand before its months; None when it does not show.

    One number beyond 12 shows it, where all dates are written alike (a program that exchanged
    some days and months leaves the others as another form).
    """
    dates = [text for text in map(_plainly, texts) if text[:1].isdigit()]
    found = [one for text in dates if (one := _YEAR_LAST.match(text))]
    if not found or len(found) < len(dates):
        return None
    first, second = (max(int(one[part]) for one in found) for part in (1, 3))
    return first > 12 if (first > 12) != (second > 12) else None


def _with_odd(
    frame: pl.DataFrame, odd: list[str], dtype: pl.DataType, parse: Callable[[str], date | None]
) -> tuple[pl.Series, pl.Series]:
    if odd:
        small = pl.DataFrame(
            {"text": odd, "found": [parse(text) for text in odd]},
            schema={"text": pl.String, "found": dtype},
        )
        frame = frame.join(small, on="text", how="left", maintain_order="left").with_columns(
            pl.coalesce("value", "found").alias("value")
        )
    bad = frame.select(pl.col("text").is_not_null() & pl.col("value").is_null()).to_series()
    return frame["value"], bad
