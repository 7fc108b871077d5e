"""Attendance sheets with one column per session become one row per person and session.

Here: finding such a sheet (dates across the header, √ in the cells) and turning it long and back.
Not here: reading the long rows (see `sheet`).
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
from recon.intake.values.dates import DateContext, parse_moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recon.base.models import RawSheet
    from recon.intake.sheets.parsed import ParsedSheet

#: Rows of the long sheet are numbered row × STRIDE + session, so that each has its own number.
STRIDE = 1000
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


@dataclass(frozen=True)
class _Grid:
    """Where things stand in a wide sheet: header lines, label columns, session columns."""

    lines: tuple[int, ...]
    labels: dict[str, str]
    sessions: dict[str, tuple[str, str | None]]


@dataclass(frozen=True)
class WideSheet:
    """A wide sheet turned long, with what is needed to speak of its own rows again."""

    source: RawSheet
    long: RawSheet
    header_lines: tuple[int, ...]
    by_other: tuple[tuple[int, str], ...]


def unfold(sheet: RawSheet) -> WideSheet | None:
    """Turn an attendance sheet with sessions across into one row per person and session.

    Args:
        sheet: Any sheet.

    Returns:
        The long sheet; None when dates do not stand across its header beside identity numbers.
    """
    grid = _find(sheet)
    if grid is None:
        return None
    top = sheet.cells.filter(pl.col("row_no") < grid.lines[0])
    body = sheet.cells.filter(pl.col("row_no") > grid.lines[-1])
    labels = list(grid.labels)
    parts = []
    for number, (letter, (day, session)) in enumerate(grid.sessions.items(), start=1):
        mark = pl.col(letter).str.strip_chars()
        here = mark.is_not_null() & ~mark.is_in(["", *_ABSENT, _BY_OTHER])
        parts.append(
            body.filter(here).select(
                pl.col("row_no") * STRIDE + number,
                *labels,
                pl.lit(day).alias(DATE),
                pl.lit(session, dtype=pl.String).alias(SESSION),
            )
        )
    head = pl.DataFrame(
        [{"row_no": grid.lines[0] * STRIDE, **grid.labels, DATE: DATE, SESSION: SESSION}],
        schema={"row_no": pl.Int64, **dict.fromkeys([*labels, DATE, SESSION], pl.String)},
    )
    above = top.with_columns(pl.col("row_no") * STRIDE)
    cells = pl.concat([above, head, *parts], how="diagonal").sort("row_no")
    cut = {row: letter for row, letter in sheet.cut_numbers if letter in labels}
    long = replace(
        sheet,
        cells=cells,
        rows_total=cells.height,
        merged=(),
        errors=(),
        blank_formulas=(),
        ragged=(),
        cut_numbers=tuple(
            (row_no, cut[row_no // STRIDE])
            for row_no in cells["row_no"].to_list()
            if row_no // STRIDE in cut
        ),
    )
    return WideSheet(sheet, long, grid.lines, _signed_by_other(body, grid))


def fold(parsed: ParsedSheet, wide: WideSheet) -> ParsedSheet:
    """Give the rows of a long sheet the numbers of the sheet they came from.

    Args:
        parsed: The long sheet, parsed.
        wide: What `unfold` returned.

    Returns:
        The same with row numbers, counts and header lines of the source; a person who is present
        nowhere is a skipped row (`absent`).
    """
    if parsed.accepted is None:
        return replace(parsed, sheet=wide.source, skipped={"unmapped": wide.source.rows_total})
    row = pl.col("row_no") // STRIDE
    accepted = parsed.accepted.with_columns(row)
    cell = ["row_no", "column_letter", "check"]
    rejected = parsed.rejected.with_columns(row).unique("row_no", keep="first", maintain_order=True)
    quality = parsed.quality.with_columns(row).unique(cell, keep="first", maintain_order=True)
    used = set(accepted["row_no"].to_list()) | set(rejected["row_no"].to_list())
    present = set(wide.source.cells["row_no"].to_list())
    header, first = set(wide.header_lines), wide.header_lines[0]
    counts = {
        "header": len(header & present),
        "title": sum(row_no < first for row_no in present),
        "absent": len({row_no for row_no in present if row_no > first} - header - used),
        "blank": wide.source.rows_total - len(present),
    }
    return replace(
        parsed,
        sheet=wide.source,
        found=replace(parsed.found, header_rows=wide.header_lines),
        accepted=accepted,
        rejected=rejected,
        quality=pl.concat([quality, _by_other(wide)]),
        skipped={kind: number for kind, number in counts.items() if number},
    )


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


def _by_other(wide: WideSheet) -> pl.DataFrame:
    rows: list[dict[str, object]] = [
        {
            "file": wide.source.path,
            "sheet": wide.source.sheet,
            "row_no": row_no,
            "table_name": "attendance",
            "column_letter": letter,
            "value": _BY_OTHER,
            "reason": "他人代签，未计入签到",
            "reason_en": "signed by another person; not counted as present",
            "check": "signed_by_other",
            "kind": "text",
        }
        for row_no, letter in wide.by_other
    ]
    return items(rows)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
