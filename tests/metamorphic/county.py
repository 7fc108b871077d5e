"""A random county in memory, and its files in one of many looks.

Here: drawing rows from the sample county, with a seed, and writing them. Every row knows who it is
(`ME`), so that evidence can be followed through any change. Not here: the changes (`relations`).
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import xlsxwriter

from recon.policy.calendars import shipped_calendar
from recon.tables.registry import specs
from recon.workspace.templates import write_workspace
from sample_data.make.build import build_county
from sample_data.make.days import AS_OF, PERIOD_FROM, PERIOD_TO

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.policy.parameters import Policy
    from recon.tables.base import ColumnSpec

Row = dict[str, Any]
ME = "#"
SETTINGS = Path(__file__).resolve().parents[2] / "sample_data" / "county"
SELF = '[self]\nname = "示例县总工会"\nlevel = "county"\n'
ACCOUNTS = ("9900110000000015571", "9900110000000025571")
#: Of a hundred rows so many are lost, listed twice, or hold another amount, day or nothing.
LOST, TWICE, OTHER = 2, 1, 2
MERGED = "资料汇总.xlsx"
DAYS = frozenset({"date", "datetime", "month"})


def unchanged(policy: Policy) -> Policy:
    """Leave the policy as it is."""
    return policy


@dataclass(frozen=True)
class Look:
    """How a county's tables are written: what must make no difference.

    `wan` writes money in 10 000 yuan; `shuffle` permutes the rows by a seed; `backwards` gives the
    files other names, in the opposite order. `overlapping` writes each table as two exports that
    share a month (registers: a fifth of their rows), `merged` all of them as sheets of one
    workbook, `copied` every file twice, `templates` the empty forms of `recon init` beside them.
    """

    form: str = "csv"
    wan: bool = False
    shuffle: int | None = None
    backwards: bool = False
    overlapping: bool = False
    merged: bool = False
    copied: bool = False
    templates: bool = False


@dataclass(frozen=True)
class County:
    """Rows by table, the days and the policy of a check.

    `years` is by how many the working calendar is moved along with the days.
    """

    tables: dict[str, list[Row]]
    as_of: date = AS_OF
    period: tuple[date, date] = (PERIOD_FROM, PERIOD_TO)
    accounts: tuple[str, ...] = ACCOUNTS
    policy: Callable[[Policy], Policy] = unchanged
    years: int = 0
    look: Look = field(default_factory=Look)

    def with_tables(self, change: Callable[[str, Row], Row]) -> County:
        """Return the county with every row changed."""
        return replace(
            self,
            tables={
                name: [change(name, row) for row in rows] for name, rows in self.tables.items()
            },
        )


@cache
def _sample() -> dict[str, list[Row]]:
    return dict(build_county().tables)


def draw(seed: int) -> County:
    """Return the county of a seed: the sample county's rows, some of them lost or altered.

    Args:
        seed: 0 gives the sample county as it is, in which every rule finds something.

    Returns:
        The county; equal rows of a table have one identity.
    """
    random = Random(seed)  # noqa: S311 (data, not secrets)
    tables: dict[str, list[Row]] = {}
    for name, rows in _sample().items():
        known: dict[str, tuple[str, int]] = {}
        tables[name] = []
        for row in rows:
            for drawn in _drawn(name, row, random) if seed else (row,):
                words = repr(sorted((key, str(value)) for key, value in drawn.items()))
                me = known.setdefault(words, (name, len(known)))
                tables[name].append({**drawn, ME: me})
    return County(tables)


def _drawn(table: str, row: Row, random: Random) -> list[Row]:
    """Return a row once, twice or not at all, perhaps with another value."""
    luck = random.randrange(100)
    if luck < LOST:
        return []
    if luck < LOST + TWICE:
        return [row, row]
    if luck >= LOST + TWICE + OTHER:
        return [row]
    column = random.choice([one for one in specs()[table].columns if row.get(one.name) is not None])
    value = row[column.name]
    if column.kind == "money":
        return [{**row, column.name: value + Decimal(random.randrange(-50_000, 50_000)) / 100}]
    if column.kind == "date":
        return [{**row, column.name: value + timedelta(days=random.randrange(-20, 21))}]
    if column.required or column.kind in {"month", "datetime"}:
        return [row]
    return [{**row, column.name: None}]


def write(county: County, folder: Path) -> dict[str, tuple[str, Row]]:
    """Write a county as a folder to be checked.

    Args:
        county: What to write, and in which look.
        folder: Not there yet.

    Returns:
        Which row of which table stands at each place, named as evidence names it.
    """
    folder.mkdir()
    places: dict[str, tuple[str, Row]] = {}
    look = county.look
    parts = _overlapping(county.tables) if look.overlapping else _parts(county.tables)
    merged: dict[str, list[list[object]]] = {}
    if look.templates:
        write_workspace(folder)
    for number, (table, rows) in enumerate(parts, start=1):
        if look.shuffle is not None:
            rows = Random(f"{look.shuffle} {number}").sample(rows, len(rows))  # noqa: S311, PLW2901
        place = f"别名{len(parts) - number:03d}" if look.backwards else f"{number:03d}"
        path = folder / f"{place}_{specs()[table].zh}.{look.form}"
        lines = _lines(table, rows, wan=look.wan)
        if look.merged:
            merged[place] = lines
            mark = f"{MERGED}#{place}!"
        elif look.form == "csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(
                    [f"{cell:f}" if isinstance(cell, Decimal) else cell for cell in line]
                    for line in lines
                )
            mark = f"{path.name}!"
        else:
            _write_workbook(path, {specs()[table].zh: lines})
            mark = f"{path.name}#{specs()[table].zh}!"
        places |= {f"{mark}{at}": (table, row) for at, row in enumerate(rows, start=2)}
    if merged:
        _write_workbook(folder / MERGED, merged)
    for path in [*folder.glob(f"*.{look.form}"), *folder.glob(MERGED)] if look.copied else []:
        shutil.copyfile(path, path.with_stem(f"{path.stem} - 副本"))
    _write_settings(county, folder)
    return places


def _overlapping(tables: dict[str, list[Row]]) -> list[tuple[str, list[Row]]]:
    """Return two exports of each table: both hold the rows of the month in its middle."""
    found = []
    for table, rows in tables.items():
        day = next((c.name for c in specs()[table].columns if c.required and c.kind in DAYS), None)
        if day is None:
            fifth = len(rows) // 5
            early, late = rows[: 3 * fifth + 1], rows[2 * fifth :]
        else:
            months = [f"{row[day]}"[:7] for row in rows]
            middle = sorted(months)[len(months) // 2] if months else ""
            early = [row for row, month in zip(rows, months, strict=True) if month <= middle]
            late = [row for row, month in zip(rows, months, strict=True) if month >= middle]
        found += [(table, part) for part in (early, late) if part]
    return found


def _parts(tables: dict[str, list[Row]]) -> list[tuple[str, list[Row]]]:
    """Return what goes into each file: a table of many rows goes into two."""
    found = []
    for table, rows in tables.items():
        half = len(rows) // 2 if len(rows) > 400 else len(rows)
        found += [(table, part) for part in (rows[:half], rows[half:]) if part]
    return found


def _lines(table: str, rows: list[Row], *, wan: bool) -> list[list[object]]:
    """Return header and cells."""
    columns = [
        column
        for column in specs()[table].columns
        if any(row.get(column.name) is not None for row in rows)
    ]
    heads: list[object] = [_head(column, wan=wan) for column in columns]
    return [
        heads,
        *(
            [_cell(table, column, row.get(column.name), wan=wan) for column in columns]
            for row in rows
        ),
    ]


def _head(column: ColumnSpec, *, wan: bool) -> str:
    if not wan or column.kind != "money":
        return column.zh
    return f"{column.zh.partition('(')[0]}(万元)"


def _cell(table: str, column: ColumnSpec, value: object, *, wan: bool) -> object:
    """Return a value as a cell; money stays a decimal, which a workbook holds as a number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if column.kind == "money":
        return Decimal(str(value)) / (10_000 if wan else 1)
    if table == "published_rate" and column.name == "value":
        return f"{value}%"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%Y-%m}" if column.kind == "month" else f"{value:%Y-%m-%d}"
    return str(value)


def _write_workbook(path: Path, sheets: dict[str, list[list[object]]]) -> None:
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        for name, lines in sheets.items():
            page = book.add_worksheet(name)
            for row_no, cells in enumerate(lines):
                for place, cell in enumerate(cells):
                    if isinstance(cell, Decimal):
                        page.write_number(row_no, place, float(cell))
                    elif cell != "":
                        page.write_string(row_no, place, str(cell))


def _write_settings(county: County, folder: Path) -> None:
    """Write the sample county's settings with this county's days, its place, key and calendar."""
    text = (SETTINGS / "recon.toml").read_text(encoding="utf-8")
    for old, new in (
        (str(PERIOD_FROM), str(county.period[0])),
        (str(PERIOD_TO), str(county.period[1])),
        (f'"{ACCOUNTS[-1]}"', ", ".join(f'"{one}"' for one in county.accounts[1:])),
    ):
        text = text.replace(old, new)
    (folder / "recon.toml").write_text(text, encoding="utf-8")
    _write_calendar(county.years, folder / "holidays")
    shutil.copytree(SETTINGS / "policy", folder / "policy")
    shutil.copyfile(SETTINGS / "recon.key", folder / "recon.key")


def _write_calendar(years: int, folder: Path) -> None:
    """Write the known years of the working calendar, so many years later."""
    known = shipped_calendar()
    for year in known.years if years else ():
        folder.mkdir(exist_ok=True)
        lines = [
            f"{word}: [{', '.join(str(day.replace(year=year + years)) for day in sorted(days))}]"
            for word, days in (
                ("holidays", {day for day in known.holidays if day.year == year}),
                ("workdays", {day for day in known.workdays if day.year == year}),
            )
        ]
        (folder / f"{year + years}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
