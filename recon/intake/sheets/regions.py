"""Several tables on one sheet: side by side, or one under the other.

Here: where a sheet is cut into parts, each a sheet of its own for the stages that follow. A cut is
made only where every part is, by its own header, a whole table. Not here: what a part is
(`mapping`), its rows (`sheet`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import RawSheet, SourceMapping, Text
from recon.intake.formats.letters import index_of
from recon.intake.layout.candidates import head_rows
from recon.intake.layout.header import header_index, normalise_header
from recon.intake.layout.mapping import map_sheet
from recon.intake.quality.header_rows import is_header
from recon.intake.quality.skips import classify_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from recon.intake.layout.mapping import SheetMap
    from recon.intake.sheets.parsed import ParsedSheet

#: Rows under the header that are looked at as headers of further tables.
_MOST_SUSPECTS = 2000
#: Rows under a header that are enough to know its table.
_WINDOW = 100
_ENDS_UPPER = ("total", "carried")


def side_by_side(sheet: RawSheet) -> list[RawSheet]:
    """Cut a sheet at its blank columns where a whole table stands on each side.

    Args:
        sheet: A sheet, or a part of one.

    Returns:
        The parts from left to right; the sheet alone when it is one table.
    """
    bands = _bands(sheet)
    if len(bands) < 2:
        return [sheet]
    parts = [_columns(sheet, band) for band in bands]
    maps = [map_sheet(part) for part in parts]
    if sum(found.table is not None for found in maps) < 2:
        return [sheet]
    return [_told(part, _across(part)) for part in _joined(sheet, bands, maps)]


def _bands(sheet: RawSheet) -> list[list[str]]:
    """Return runs of columns between blank ones; one run when no column is blank."""
    bands: list[list[str]] = [[]]
    last = -1
    for letter in sheet.cells.columns[1:]:
        is_gap = index_of(letter) > last + 1 and last >= 0
        last = index_of(letter)
        is_blank = _is_blank(sheet.cells[letter])
        if is_gap or is_blank:
            bands.append([])
        if not is_blank:
            bands[-1].append(letter)
    return [band for band in bands if band]


def _is_blank(cells: pl.Series) -> bool:
    """Whether a column holds no text; only a column that begins with blanks is looked at whole."""
    number = len(cells) - cells.null_count()
    if not number or number > 100:
        return not number
    if any(text and text.strip() for text in cells.head(100)):
        return False
    filled = cells.drop_nulls()
    return not str(filled[0]).strip() and not filled.str.contains(r"\S").any()


def _joined(
    sheet: RawSheet, bands: Sequence[list[str]], maps: Sequence[SheetMap]
) -> Iterator[RawSheet]:
    """Put bands that are no table of their own to the table on their left."""
    groups: list[list[str]] = []
    open_band: list[str] = []
    for band, found in zip(bands, maps, strict=True):
        if found.table is not None or not groups:
            if found.table is not None:
                groups.append([*open_band, *band])
                open_band = []
            else:
                open_band += band
        else:
            groups[-1] += band
    for number, group in enumerate(groups, start=1):
        yield replace(_columns(sheet, group), part=number)


def _columns(sheet: RawSheet, letters: list[str]) -> RawSheet:
    """Return some columns of a sheet with the title lines that stand over all of it."""
    kept = set(letters)
    first = letters[0]
    cells = sheet.cells.select("row_no", *letters)
    titles = _shared_titles(sheet, kept)
    if titles:
        own = pl.col("row_no").replace_strict(
            list(titles), list(titles.values()), default=None, return_dtype=pl.String
        )
        cells = cells.with_columns(pl.coalesce(pl.col(first), own).alias(first))
    return replace(
        sheet,
        cells=cells,
        merged=tuple(one for one in sheet.merged if one[1] in kept),
        errors=tuple(one for one in sheet.errors if one[1] in kept),
        cut_numbers=tuple(one for one in sheet.cut_numbers if one[1] in kept),
        blank_formulas=tuple(one for one in sheet.blank_formulas if one[1] in kept),
        hidden_columns=tuple(one for one in sheet.hidden_columns if one in kept),
    )


def _shared_titles(sheet: RawSheet, kept: set[str]) -> dict[int, str]:
    """Return the lone texts above the first header: they speak of every table beside each other."""
    titles: dict[int, str] = {}
    for row_no, cells in head_rows(sheet):
        if len(cells) > 1:
            break
        ((letter, text),) = cells.items()
        if letter not in kept:
            titles[row_no] = text
    return titles


def _across(part: RawSheet) -> Text:
    first, last = part.cells.columns[1], part.cells.columns[-1]
    return Text(
        f"本工作表上并排有几张表，这是第{part.part}张（{first}–{last}列）。",
        f"Tables stand side by side on this sheet; this is number {part.part} ({first}–{last}).",
    )


def _told(part: RawSheet, note: Text) -> RawSheet:
    return replace(part, notes=(*part.notes, note))


def repeated_beside(parsed: ParsedSheet) -> list[RawSheet] | None:
    """Cut a sheet whose header stands twice side by side with no blank column between.

    Args:
        parsed: The sheet as it was understood.

    Returns:
        The two parts; None when the header is not repeated.
    """
    found, sheet = parsed.found, parsed.sheet
    if found.table is None or len(found.unmapped) < 2:
        return None
    headers = {normalise_header(match.header) for match in found.matches}
    again = [one for one in found.unmapped if normalise_header(one.header) in headers]
    last = max(index_of(match.letter) for match in found.matches)
    if len(again) < 2 or index_of(again[0].letter) <= last:
        return None
    letters = sheet.cells.columns[1:]
    at = letters.index(again[0].letter)
    left, right = _columns(sheet, letters[:at]), _columns(sheet, letters[at:])
    beside = map_sheet(right)
    if beside.table is not found.table or beside.header_rows != found.header_rows:
        return None
    parts = (replace(left, part=sheet.part), replace(right, part=sheet.part + 1))
    return [_told(part, _across(part)) for part in parts]


def stacked_below(
    parsed: ParsedSheet, sources: Iterable[SourceMapping] = ()
) -> list[RawSheet] | None:
    """Cut a sheet where another table begins under the first.

    That is a row under the header which is itself the header of a whole table: one with other
    columns, or the same again under lines that say something else (another account, another class).
    A header that is only repeated on each printed page cuts nothing.

    Args:
        parsed: The sheet as it was understood.
        sources: `[[source]]` entries of recon.toml.

    Returns:
        The parts from the top down; None when there is one table only.
    """
    found, sheet = parsed.found, parsed.sheet
    if found.table is None or parsed.accepted is None:
        return None
    suspects = _suspects(parsed)
    if not suspects:
        return None
    classes = dict(classify_rows(sheet, found).select("row_no", "skip").iter_rows())
    rejected = set(parsed.rejected["row_no"].to_list())
    cuts: list[tuple[int, SheetMap]] = [(sheet.first_row, found)]
    for row_no in suspects:
        start = _start(sheet, row_no, classes, rejected)
        if start <= max(cuts[-1][1].header_rows[-1] + 1, cuts[-1][0]):
            continue
        window = replace(_rows(sheet, start, row_no + _WINDOW), part=sheet.part + 1)
        below = map_sheet(window, sources)
        if below.table is None or row_no not in below.header_rows:
            continue
        if not _says_the_same(cuts[-1][1], below):
            cuts.append((start, below))
    return _parts(sheet, cuts) if len(cuts) > 1 else None


def _parts(sheet: RawSheet, cuts: Sequence[tuple[int, SheetMap]]) -> list[RawSheet]:
    """Return the parts between cuts; a unit and a year said above hold until others are said."""
    ends = [*(start for start, _ in cuts[1:]), None]
    parts = []
    unit, year = sheet.unit, sheet.year
    for number, ((start, found), end) in enumerate(zip(cuts, ends, strict=True)):
        part = replace(_rows(sheet, start, end), part=sheet.part + number, unit=unit, year=year)
        unit, year = found.unit or unit, found.year or year
        note = Text(
            f"本工作表上下有几张表，这是从第{start}行起的一张，分开读取。",
            f"Several tables stand on this sheet one under the other; this one begins in row "
            f"{start}.",
        )
        parts.append(_told(part, note))
    return parts


def _suspects(parsed: ParsedSheet) -> list[int]:
    """Return rows under the header that could be headers themselves, top down."""
    sheet, found = parsed.sheet, parsed.found
    body = sheet.under(found.header_rows[-1])
    again = body.filter(is_header(sheet, found, body))["row_no"].head(_MOST_SUSPECTS).to_list()
    odd = parsed.rejected["row_no"].head(_MOST_SUSPECTS).to_list()
    if not again and not odd:
        return []
    known = header_index()
    rows = body.filter(pl.col("row_no").is_in([*again, *odd]))
    return [
        row[0]
        for row in rows.iter_rows()
        if sum(normalise_header(text) in known for text in row[1:] if text) >= 2
    ]


def _start(sheet: RawSheet, row_no: int, classes: dict[int, str | None], rejected: set[int]) -> int:
    """Return the first of the lines above a header that belong to it and not to the table above."""
    start = row_no
    above = sheet.cells.filter(pl.col("row_no") < row_no)["row_no"].tail(20).to_list()
    for one in reversed(above):
        kind = classes.get(one)
        if kind in _ENDS_UPPER or (kind is None and one not in rejected):
            break
        start = one
    return start


def _rows(sheet: RawSheet, first: int, stop: int | None) -> RawSheet:
    """Return the rows from `first` to before `stop` as a sheet of its own."""
    end = sheet.first_row + sheet.rows_total if stop is None else stop

    def within(row_no: int) -> bool:
        return first <= row_no < end

    return replace(
        sheet,
        first_row=first,
        cells=sheet.cells.filter(pl.col("row_no").is_between(first, end, closed="left")),
        rows_total=end - first,
        merged=tuple(one for one in sheet.merged if within(one[0])),
        errors=tuple(one for one in sheet.errors if within(one[0])),
        cut_numbers=tuple(one for one in sheet.cut_numbers if within(one[0])),
        blank_formulas=tuple(one for one in sheet.blank_formulas if within(one[0])),
        hidden_rows=tuple(one for one in sheet.hidden_rows if within(one)),
        ragged=tuple(one for one in sheet.ragged if within(one[0])),
    )


def _says_the_same(found: SheetMap, below: SheetMap) -> bool:
    """Whether a header below is the one above again, under lines that give the same values."""
    if below.table is not found.table or below.letters != found.letters:
        return False
    above = {name: supply.value for name, supply in found.supplies}
    below_says = {name: supply.value for name, supply in below.supplies}
    return (
        all(above.get(name) == value for name, value in below_says.items())
        and below.unit in {None, found.unit}
        and below.year in {None, found.year}
        and _same_units(found, below)
    )


def _same_units(found: SheetMap, below: SheetMap) -> bool:
    """Whether the headers below state no other unit of money than those above."""
    above = {match.column: match.unit or found.unit or "yuan" for match in found.matches}
    return all(match.unit in {None, above.get(match.column)} for match in below.matches)
