"""Attendance sheets with one column per session.

Here: finding such a sheet (dates across the header, √ in the cells). Not here: reading its rows
(`across`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.layout.candidates import columns_named, head_rows
from recon.intake.layout.preamble import Preamble
from recon.intake.quality.items import items
from recon.intake.sheets.across import Across, Period, left_out
from recon.intake.values.dates import DateContext, parse_moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recon.base.models import RawSheet

DATE, SESSION = "上课日期", "时段"
_SESSION = re.compile(r"[\s(]*(上午|下午|晚上|晚|早|全天)?[\s)]*$")
_ABSENT = [
    "×",
    "✗",
    "X",
    "x",
    "缺",
    "缺勤",
    "旷",
    "旷课",
    "请假",
    "事假",
    "病假",
    "0",
    "否",
    "未到",
    "-",
    "—",
    "/",
]
_BY_OTHER = "代"
_MARKS = frozenset("√✓✔☑○●")


@dataclass(frozen=True)
class _Grid:
    """Where things stand in a wide sheet: header lines, label columns, session columns."""

    lines: tuple[int, ...]
    labels: dict[str, str]
    sessions: dict[str, tuple[str, str | None]]


def find_sessions(sheet: RawSheet) -> Across | None:
    """Find the sessions of an attendance sheet with one column each.

    Args:
        sheet: Any sheet.

    Returns:
        None when dates do not stand across its header beside identity numbers.
    """
    grid = _find(sheet)
    if grid is None:
        return None
    body = sheet.cells.filter(pl.col("row_no") > grid.lines[-1])
    across = Across(
        lines=grid.lines,
        labels=grid.labels,
        periods=tuple(
            Period({DATE: day, SESSION: session or ""}, {}, (letter,))
            for letter, (day, session) in grid.sessions.items()
        ),
        nothing=(*_ABSENT, _BY_OTHER),
        without="absent",
        remarks=_by_other(sheet, _signed_by_other(body, grid)),
    )
    return replace(across, question=left_out(sheet, across, _MARKS.__contains__, ()))


def _find(sheet: RawSheet) -> _Grid | None:
    letters = sheet.cells.columns[1:]
    rows = head_rows(sheet)
    named = [place for place, (_, cells) in enumerate(rows) if _names_people(cells)]
    near = {one + step for one in named for step in (-1, 0, 1)}
    for place in sorted(near & set(range(len(rows)))):
        row_no, cells = rows[place]
        year = Preamble(tuple(rows[:place]), sheet.sheet, sheet.path).year
        days = {letter: day for letter in cells if (day := _day(cells[letter], year))}
        if not days:
            continue
        lower = rows[place + 1] if place + 1 < len(rows) else (0, {})
        upper = rows[place - 1] if place else (0, {})
        grid = _grid((row_no, cells), upper, lower, (days, letters))
        if grid and len(grid.sessions) >= 2 and _names_people(grid.labels):
            return grid
    return None


def _grid(
    line: tuple[int, dict[str, str]],
    upper: tuple[int, dict[str, str]],
    lower: tuple[int, dict[str, str]],
    across: tuple[dict[str, tuple[str, str | None]], Sequence[str]],
) -> _Grid | None:
    row_no, cells = line
    days, letters = across
    spans = _spread(days, cells, letters)
    has_sessions = bool(lower[1]) and all(
        _SESSION.match(_fold(text)) for letter, text in lower[1].items() if letter in spans
    )
    has_sessions = has_sessions and any(letter in spans for letter in lower[1])
    lines = [row_no]
    texts = [cells]
    if has_sessions and lower[0] == row_no + 1:
        lines.append(lower[0])
        texts.append(lower[1])
    if upper[0] == row_no - 1 and _names_people(upper[1]):
        lines.insert(0, upper[0])
        texts.insert(0, upper[1])
    labels = {}
    for letter in (one for one in letters if one not in spans):
        found = [text[letter] for text in texts if letter in text]
        known = [text for text in found if _named(text)]
        if len(known) < len(found) and any(map(str.isdigit, cells.get(letter, ""))):
            return None  # a row of data: numbers stand beside its dates
        if found:
            labels[letter] = (known or found)[0]
    sessions: dict[str, tuple[str, str | None]] = {}
    for letter, (day, session) in spans.items():
        if has_sessions and letter in lower[1]:
            sessions[letter] = (day, _fold(lower[1][letter]))
        elif letter in days:
            sessions[letter] = (day, session)
    return _Grid(tuple(lines), labels, sessions)


def _spread(
    days: dict[str, tuple[str, str | None]], cells: dict[str, str], letters: Sequence[str]
) -> dict[str, tuple[str, str | None]]:
    """Let a day cover the columns to its right that have no text of their own."""
    spans: dict[str, tuple[str, str | None]] = {}
    last = None
    for letter in letters:
        if letter in days:
            last = days[letter]
        elif letter in cells:
            last = None
        if last is not None:
            spans[letter] = last
    return spans


def _day(text: str, year: int | None) -> tuple[str, str | None] | None:
    bare = _fold(text)
    found = re.search(r"(上午|下午|晚上|晚|早|全天)", bare)
    date_text = bare[: found.start()].strip(" (") if found else bare
    moment = parse_moment(date_text, DateContext(year=year))
    if moment is None or date_text.isdigit():
        return None
    return moment.date().isoformat(), found.group(1) if found else None


def _names_people(cells: dict[str, str]) -> bool:
    """Whether one of the texts is the header of identity numbers."""
    return any("id_no" in _named(text) for text in cells.values())


@lru_cache(maxsize=65536)
def _named(text: str) -> tuple[str, ...]:
    """Return the columns of attendance whose header a text is."""
    known = columns_named(text)
    return tuple(column for table, column, how in known if table == "attendance" and how != "part")


def _signed_by_other(body: pl.DataFrame, grid: _Grid) -> tuple[tuple[int, str], ...]:
    return tuple(
        (row_no, letter)
        for letter in grid.sessions
        for row_no in body.filter(pl.col(letter).str.strip_chars() == _BY_OTHER)["row_no"].to_list()
    )


def _by_other(sheet: RawSheet, marks: Sequence[tuple[int, str]]) -> pl.DataFrame:
    rows: list[dict[str, object]] = [
        {
            "file": sheet.path,
            "sheet": sheet.sheet,
            "row_no": row_no,
            "table_name": "attendance",
            "column_letter": letter,
            "value": _BY_OTHER,
            "reason": "他人代签，未计入签到",
            "reason_en": "signed by another person; not counted as present",
            "check": "signed_by_other",
            "kind": "text",
        }
        for row_no, letter in marks
    ]
    return items(rows)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
