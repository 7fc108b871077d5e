"""The working calendar of mainland China as a frame: holidays and make-up workdays, day by day.

Years come from the chinesecalendar package and from year files (`rules/calendar/<year>.yaml`, the
workspace's `holidays/<year>.yaml`, which win). A year that nobody knows has weekends only and says
so. Not here: due days (see `reference`).
"""

from __future__ import annotations

import hashlib
import re
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

if TYPE_CHECKING:
    from pathlib import Path

FIRST_DAY = date(2000, 1, 1)
_LEAST_HOLIDAYS = 5  # a year of which only a few days in January are known is not known
_PAST_THE_END = timedelta(days=62)


class _Year(Shape):
    holidays: list[date]
    workdays: list[date] = Field(default_factory=list)
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


def load_calendar(workspace: Path | None = None) -> Calendar:
    """Return the calendar of all known years.

    Args:
        workspace: Folder with recon.toml; its `holidays/<year>.yaml` files
            ({holidays: [days], workdays: [days], source: text}) replace what is known of the year.

    Raises:
        ConfigError: Every fault of every year file, together.
    """
    from chinese_calendar import constants  # noqa: PLC0415 - slow to import, needed here only

    holidays, workdays = set(constants.holidays), set(constants.workdays)
    faults: list[Text] = []
    files = _year_files(workspace)
    for path in files:
        year = int(path.stem)
        given = _read_year(path, year, faults)
        holidays = {day for day in holidays if day.year != year} | given[0]
        workdays = {day for day in workdays if day.year != year} | given[1]
    if faults:
        raise ConfigError(faults)
    counts: dict[int, int] = {}
    for day in holidays:
        counts[day.year] = counts.get(day.year, 0) + 1
    known = {year for year, count in counts.items() if count >= _LEAST_HOLIDAYS}
    years = frozenset(known | {int(path.stem) for path in files})
    return Calendar(frozenset(holidays), frozenset(workdays), years, files)


def _year_files(workspace: Path | None) -> tuple[Path, ...]:
    folders = [resources.shipped("rules") / "calendar"]
    if workspace is not None:
        folders.append(workspace / "holidays")
    found = [path for folder in folders for path in sorted(folder.glob("*.yaml"))]
    return tuple(path for path in found if re.fullmatch(r"[0-9]{4}", path.stem))


def _read_year(path: Path, year: int, faults: list[Text]) -> tuple[set[date], set[date]]:
    try:
        content = load_yaml(path)
    except YamlError as error:
        faults.append(error.text)
        return set(), set()
    found = checked(_Year, content, below(path), faults)
    if found is None:
        return set(), set()
    for key, days in (("holidays", found.holidays), ("workdays", found.workdays)):
        faults.extend(
            wrong_kind(f"{path}: {key}", day, f"{year} 年的日期", f"a day of {year}")
            for day in days
            if day.year != year
        )
    return set(found.holidays), set(found.workdays)


@cache
def shipped_calendar() -> Calendar:
    """Return the calendar without any workspace; read once."""
    return load_calendar()


def calendar_of(workspace: Path | None) -> Calendar:
    """Return the calendar of a workspace, the shipped one where it has no year files.

    Raises:
        ConfigError: A year file is wrong.
    """
    has_own = workspace is not None and (workspace / "holidays").is_dir()
    return load_calendar(workspace) if has_own else shipped_calendar()


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
