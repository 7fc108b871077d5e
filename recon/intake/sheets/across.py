"""Sheets whose columns are periods: each period's column is read as a table of its own.

Here: the sheet of one period (the labels, the period, what stands in its column), and the joining
of what the periods gave. One row of the sheet so feeds several rows of a table. Not here: finding
such sheets (`wide` finds sessions, `months` finds months).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.intake.formats.letters import index_of, letter_of
from recon.intake.layout.mapping import SheetMap, map_sheet, place_of
from recon.intake.quality.items import items
from recon.intake.quality.skips import classify_rows
from recon.intake.sheets.certainty import settle
from recon.intake.sheets.parsed import ParsedSheet
from recon.intake.sheets.sheet import parse_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from recon.base.models import RawSheet, SourceMapping

_LOOKED_AT = 50
_CELL = ["row_no", "column_letter", "check"]


@dataclass(frozen=True)
class Period:
    """One period: what it gives to every row, its measures (header to letter), all its letters."""

    given: Mapping[str, str]
    measures: Mapping[str, str]
    letters: tuple[str, ...]


@dataclass(frozen=True)
class Across:
    """Where things stand in a sheet whose columns are periods.

    `nothing` are the texts of a cell that make no row; `without` is the class of a row that has
    none in any period. `question` is asked where the sheet cannot be read.
    """

    lines: tuple[int, ...]
    labels: Mapping[str, str]
    periods: tuple[Period, ...]
    nothing: tuple[str, ...] = ()
    without: str = "blank"
    remarks: pl.DataFrame = field(default_factory=items)
    question: Text | None = None


def left_out(
    sheet: RawSheet, across: Across, is_alike: Callable[[str], bool], known: Collection[str]
) -> Text | None:
    """Return the question about a column that holds what the periods hold and is no period.

    Args:
        sheet: The whole sheet.
        across: Where its periods stand.
        is_alike: Whether a cell is like those under the periods.
        known: Letters whose header says that they are something else.
    """
    own = {letter for period in across.periods for letter in period.letters} | set(known)
    first = min(map(index_of, own - set(known)))
    body = sheet.cells.filter(pl.col("row_no") > across.lines[-1]).head(_LOOKED_AT)
    for letter in sheet.cells.columns[1:]:
        if letter in own or index_of(letter) < first - 1:
            continue
        cells = [text.strip() for text in body[letter].drop_nulls().to_list() if text.strip()]
        if not cells or 2 * sum(map(is_alike, cells)) < len(cells):
            continue
        place, header = place_of(sheet), across.labels.get(letter, "")
        named = Text(f"“{header}”" if header else "（没有表头）", f" “{header}”" if header else "")
        return Text(
            f"{place}: 列{letter}{named.zh}夹在各期的列之间或紧挨着它们，内容也一样，却没有写明是"
            "哪一期，整张表没有读取。请在表头写明，或删去该列。",
            f"{place}: column {letter}{named.en} stands among or beside the columns of the periods "
            "and holds the same, but names no period; nothing of the sheet was read. Name it in "
            "the header, or take the column out.",
        )
    return None


def read_across(
    sheet: RawSheet, across: Across, sources: Sequence[SourceMapping] = ()
) -> ParsedSheet | None:
    """Read a sheet whose columns are periods.

    Args:
        sheet: The sheet.
        across: Where its periods stand.
        sources: `[[source]]` entries of recon.toml.

    Returns:
        The rows of all periods under the row numbers and letters of the sheet. A row with a cell
        that cannot be read is set aside only where no other of its periods is accepted. None when
        the sheet is no table in which the periods have a column.
    """
    every = _of_period(sheet, across, across.periods[0], kept=False)
    found = map_sheet(every, sources)
    if across.question is not None and found.how != "saved":
        found = SheetMap(None, question=across.question)
    if found.question is not None or (found.how == "saved" and found.table is None):
        return parse_sheet(sheet, found)
    if found.table is None or not _is_dated(sheet, across, found):
        return None
    parts = [_placed(sheet, across, found, period) for period in across.periods]
    doubt = next((part.found for part in parts if part.found.table is None), None)
    if doubt is not None:
        return parse_sheet(sheet, doubt)
    accepted = pl.concat([part.accepted for part in parts if part.accepted is not None])
    rejected = pl.concat([part.rejected for part in parts])
    quality = pl.concat([*(part.quality for part in parts), across.remarks])
    is_fed = rejected["row_no"].is_in(accepted["row_no"].unique().to_list())
    quality = pl.concat([quality, rejected.filter(is_fed)])
    rejected = rejected.filter(~is_fed).unique("row_no", keep="first", maintain_order=True)
    classes = dict(classify_rows(every, found).select("row_no", "skip").iter_rows())
    used = {*accepted["row_no"].to_list(), *rejected["row_no"].to_list()}
    columns = {
        name: (letter, _span(across, header) if letter in across.periods[0].letters else header)
        for name, (letter, header) in parts[0].columns.items()
    }
    return ParsedSheet(
        sheet=replace(sheet, notes=parts[0].sheet.notes),
        found=_on_sheet(sheet, across, found),
        accepted=accepted.sort("row_no", maintain_order=True),
        rejected=rejected.sort("row_no"),
        quality=quality.unique(_CELL, keep="first", maintain_order=True),
        skipped=_skipped(sheet, across, classes, used),
        money=_money(parts),
        columns=columns,
    )


def _virtual(sheet: RawSheet, period: Period) -> dict[str, str]:
    """Return header to letter of the columns that one period adds on the right."""
    last = index_of(sheet.cells.columns[-1])
    headers = [*period.measures, *period.given]
    return {header: letter_of(last + place) for place, header in enumerate(headers, start=1)}


def _is_dated(sheet: RawSheet, across: Across, found: SheetMap) -> bool:
    """Whether the table has a column for the period; else every period would be the same rows."""
    period = across.periods[0]
    letter = _virtual(sheet, period)[next(iter(period.given))]
    used = {match.letter for match in found.matches}
    used |= {str(one) for _, supply in found.supplies for one in supply.letters}
    return letter in used


def _of_period(sheet: RawSheet, across: Across, period: Period, *, kept: bool = True) -> RawSheet:
    """Return the sheet as if it spoke of one period only.

    Args:
        sheet: The whole sheet.
        across: Where its periods stand.
        period: The period.
        kept: Whether rows without anything in this period are left out.
    """
    own = _virtual(sheet, period)
    first, last = across.lines[0], across.lines[-1]
    body = sheet.cells.filter(pl.col("row_no") > last)
    if kept:
        texts = (pl.col(letter).str.strip_chars() for letter in period.letters)
        body = body.filter(
            pl.any_horizontal(
                (text.is_not_null() & ~text.is_in(["", *across.nothing])) for text in texts
            )
        )
    body = body.select(
        "row_no",
        *across.labels,
        *(pl.col(letter).alias(own[header]) for header, letter in period.measures.items()),
        *(
            pl.lit(text, dtype=pl.String).alias(own[header])
            for header, text in period.given.items()
        ),
    )
    head = {"row_no": first, **across.labels, **{letter: header for header, letter in own.items()}}
    above = sheet.cells.filter(pl.col("row_no") < first)
    order = [*sheet.cells.columns, *own.values()]
    schema = {"row_no": pl.Int64, **dict.fromkeys(order[1:], pl.String)}
    heading = pl.DataFrame([head], schema=schema)
    moved = {letter: own[header] for header, letter in period.measures.items()}
    moved |= {letter: letter for letter in across.labels}
    return replace(
        sheet,
        cells=pl.concat([above, heading, body], how="diagonal").select(order),
        merged=tuple(one for one in sheet.merged if one[0] > last and one[1] in across.labels),
        errors=tuple((row, moved[one], code) for row, one, code in sheet.errors if one in moved),
        blank_formulas=tuple(
            (row, moved[one]) for row, one in sheet.blank_formulas if one in moved
        ),
        cut_numbers=tuple((row, moved[one]) for row, one in sheet.cut_numbers if one in moved),
        ragged=(),
        known=None,
        slices=None,
    )


def _placed(sheet: RawSheet, across: Across, found: SheetMap, period: Period) -> ParsedSheet:
    """Read one period, and name its cells by their letters on the sheet."""
    parsed = settle(parse_sheet(_of_period(sheet, across, period), found))
    letters = _letters(sheet, period)
    renamed = pl.col("column_letter").replace(letters)
    return replace(
        parsed,
        rejected=parsed.rejected.with_columns(renamed),
        quality=parsed.quality.with_columns(renamed),
        columns={
            name: (letters.get(letter or "", letter), header)
            for name, (letter, header) in parsed.columns.items()
        },
    )


def _letters(sheet: RawSheet, period: Period) -> dict[str, str]:
    """Return added letter to letter on the sheet."""
    own = _virtual(sheet, period)
    place = dict.fromkeys(own.values(), period.letters[0])
    return place | {own[header]: letter for header, letter in period.measures.items()}


def _on_sheet(sheet: RawSheet, across: Across, found: SheetMap) -> SheetMap:
    """Return a mapping with the header lines and letters of the sheet."""
    letters = _letters(sheet, across.periods[0])
    matches = tuple(
        replace(one, letter=letters.get(one.letter, one.letter)) for one in found.matches
    )
    return replace(found, header_rows=across.lines, matches=matches)


def _span(across: Across, header: str) -> str:
    """Return a header with the first and last period that it stands for."""
    first, last = across.periods[0].given, across.periods[-1].given
    return f"{header}（{'、'.join(first.values())}…{'、'.join(last.values())}）"


def _skipped(
    sheet: RawSheet, across: Across, classes: Mapping[int, str | None], used: set[int]
) -> dict[str, int]:
    present = set(sheet.cells["row_no"].to_list())
    lines, first = set(across.lines), across.lines[0]
    counts = Counter(
        classes.get(row_no) or across.without
        for row_no in present
        if row_no > first and row_no not in lines and row_no not in used
    )
    counts["header"] += len(lines & present)
    counts["title"] += sum(row_no < first for row_no in present)
    counts["blank"] += sheet.rows_total - len(present)
    return {kind: number for kind, number in sorted(counts.items()) if number}


def _money(parts: Sequence[ParsedSheet]) -> dict[str, dict[str, Decimal]]:
    names = dict.fromkeys(name for part in parts for name in part.money)
    kinds = ("read", "accepted", "rejected", "skipped")
    return {
        name: {
            kind: sum((part.money[name][kind] for part in parts if name in part.money), Decimal(0))
            for kind in kinds
        }
        for name in names
    }
