"""The working calendar of mainland China as a frame: holidays and make-up workdays, day by day.

Years come from the chinesecalendar package. The locale's `holidays.yaml` and the workspace's
`holidays/<year>.yaml` add days to them; nothing replaces a year unless it says so. A year that
nobody knows has weekends only and says so. Not here: due days (see `due_days`).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import polars as pl
from pydantic import Field

from recon.base import resources
from recon.base.errors import ConfigError, YamlError
from recon.base.models import Text
from recon.base.shapes import Shape, below, checked, wrong_kind
from recon.base.yamlio import load_yaml
from recon.policy.packs import HOLIDAY_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST_DAY = date(2000, 1, 1)
_LEAST_HOLIDAYS = 5  # a year of which only a few days in January are known is not known
_PAST_THE_END = timedelta(days=62)


class _Year(Shape):
    holidays: list[date]
    workdays: list[date] = Field(default_factory=list)
    replaces: bool = False
    source: str = ""


@dataclass(frozen=True)
class Calendar:
    """Public holidays (with the weekend days in them), weekend days worked, and the known years.

    `files` are the year files that were read.
    """

    holidays: frozenset[date]
    workdays: frozenset[date]
    years: frozenset[int]
    files: tuple[Path, ...] = ()

    @property
    def fingerprint(self) -> str:
        """A hash of all that is known: part of what decides a run."""
        digest = hashlib.sha256()
        for known in (self.holidays, self.workdays, self.years):
            digest.update(",".join(sorted(map(str, known))).encode() + b";")
        return digest.hexdigest()


def load_calendar(workspace: Path | None = None, locale: str = "base") -> Calendar:
    """Return the calendar of all known years.

    Args:
        workspace: Folder with recon.toml; its `holidays/<year>.yaml` files
            ({holidays: [days], workdays: [days], source: text}) add to the year; with
            `replaces: true` they stand for it.
        locale: Its pack's `holidays.yaml` ({year: {holidays, workdays, source}}) adds likewise.

    Returns:
        The calendar. A day that is added as a holiday is no make-up workday any more.

    Raises:
        ConfigError: Every fault of every file, together.
    """
    from chinese_calendar import constants  # noqa: PLC0415 - slow to import, needed here only

    holidays, workdays = set(constants.holidays), set(constants.workdays)
    faults: list[Text] = []
    files = _files(workspace, locale)
    given = [part for path in files for part in _read(path, faults)]
    if faults:
        raise ConfigError(faults)
    for year, found in given:
        if found.replaces:
            holidays = {day for day in holidays if day.year != year}
            workdays = {day for day in workdays if day.year != year}
        holidays = holidays - set(found.workdays) | set(found.holidays)
        workdays = workdays - set(found.holidays) | set(found.workdays)
    counts = Counter(day.year for day in holidays)
    known = {year for year, count in counts.items() if count >= _LEAST_HOLIDAYS}
    stated = {int(path.stem) for path in files if path.name != HOLIDAY_FILE}
    years = frozenset(known | stated | {year for year, found in given if found.replaces})
    return Calendar(frozenset(holidays), frozenset(workdays), years, files)


def _files(workspace: Path | None, locale: str) -> tuple[Path, ...]:
    """Return the files that add days: of the national rules, the locale, then the workspace."""
    packs = [resources.shipped("rules") / "policy" / locale]
    packs += [workspace / "policy" / locale] if workspace else []
    found = [pack / HOLIDAY_FILE for pack in packs if (pack / HOLIDAY_FILE).is_file()]
    years = sorted((workspace / "holidays").glob("*.yaml")) if workspace else []
    return (*found, *(path for path in years if re.fullmatch(r"[0-9]{4}", path.stem)))


def _read(path: Path, faults: list[Text]) -> Iterator[tuple[int, _Year]]:
    """Yield the days of each year of a file."""
    try:
        content = load_yaml(path)
    except YamlError as error:
        faults.append(error.text)
        return
    if path.name == HOLIDAY_FILE:
        years = content if isinstance(content, dict) else {}
    else:
        years = {int(path.stem): content}
    if not years or not all(isinstance(year, int) for year in years):
        faults.append(wrong_kind(path, content, "“年份: {holidays: [日期]}”", "'year: {...}'"))
        return
    for year, raw in years.items():
        found = checked(_Year, raw, below(path), faults)
        for key in ("holidays", "workdays") if found else ():
            for day in getattr(found, key):
                if day.year != year:
                    place = f"{path}: {key}"
                    faults.append(wrong_kind(place, day, f"{year} 年的日期", f"a day of {year}"))
        if found:
            yield year, found


@cache
def shipped_calendar() -> Calendar:
    """Return the calendar without any workspace; read once."""
    return load_calendar()


def calendar_of(workspace: Path | None, locale: str = "base") -> Calendar:
    """Return the calendar of a workspace and locale; the shipped one where neither adds a day.

    Raises:
        ConfigError: A file is wrong.
    """
    has_own = bool(_files(workspace, locale))
    return load_calendar(workspace, locale) if has_own else shipped_calendar()


def unknown_years(calendar: Calendar, first: date, last: date) -> tuple[Text, ...]:
    """Return a warning that names the years of a span whose holidays nobody knows; empty if none.

    Args:
        calendar: See `calendar_of`.
        first: A day of the first year.
        last: A day of the last year.
    """
    years = [str(year) for year in range(first.year, last.year + 1) if year not in calendar.years]
    if not years:
        return ()
    return (
        Text(
            f"没有 {'、'.join(years)} 年的节假日安排：只按周末计算，受影响的例外列为待核实。"
            "可在工作区放 holidays/年份.yaml。",
            f"the holidays of {', '.join(years)} are not known: only weekends count, and "
            "exceptions that depend on them are to be verified. Add holidays/YEAR.yaml to the "
            "workspace.",
        ),
    )


def ref_day(calendar: Calendar, last: date) -> pl.DataFrame:
    """Return one row per day from 2000-01-01 to `last`.

    Shape: day Date; is_workday Boolean; is_holiday Boolean (a public holiday, the weekend days
    inside it too); workday_no Int64 (workdays from 2000-01-01 up to and including the day);
    next_workday Date (the day itself if it is one); day_no Int64 (1 on 2000-01-01); is_known
    Boolean (false: weekends only). Adding N working days to a day is a join on `workday_no + N`
    where is_workday. Ordered by day.
    Source: chinesecalendar, year files.

    Args:
        calendar: See `load_calendar`.
        last: The last day.
    """
    day = pl.col("day")
    is_holiday = day.is_in(_series(calendar.holidays).implode())
    is_made_up = day.is_in(_series(calendar.workdays).implode())
    days = pl.date_range(FIRST_DAY, last + _PAST_THE_END, eager=True).alias("day")
    return (
        days.to_frame()
        .with_columns(
            is_workday=is_made_up | ((day.dt.weekday() <= 5) & ~is_holiday),
            is_holiday=is_holiday,
        )
        .with_columns(
            workday_no=pl.col("is_workday").cast(pl.Int64).cum_sum(),
            next_workday=pl.when(pl.col("is_workday")).then(day).fill_null(strategy="backward"),
            day_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
            is_known=day.dt.year().is_in(sorted(calendar.years)),
        )
        .filter(day <= last)
    )


def _series(days: frozenset[date]) -> pl.Series:
    return pl.Series(sorted(days), dtype=pl.Date)
