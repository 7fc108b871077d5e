"""Cells of a workbook as text, read inside the child process.

Regular xlsx goes through fastexcel (all cells as text, errors listed) with one pass over the XML
beside it (`sheetscan`) for exact numbers; the rest goes cell by cell through python-calamine.
Not here: HTML and SpreadsheetML (`markup`), limits and processes (`child`, `worker`).
"""

from __future__ import annotations

import io
import re
import threading
import zipfile
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import IO, TYPE_CHECKING, Any

import fastexcel
import pyarrow as pa
import python_calamine as calamine

from recon.intake.formats.biff import in_utf16
from recon.intake.formats.biff import is_1904 as biff_is_1904
from recon.intake.formats.inflate import open_part
from recon.intake.formats.letters import letter_of
from recon.intake.formats.numbers import is_cut, moment_text, plain, span_text
from recon.intake.formats.ods_merges import read_merges
from recon.intake.formats.package import (
    MOST_SHEETS,
    Package,
    SheetPart,
    check_package,
    read_package,
)
from recon.intake.formats.refusals import RefusedError
from recon.intake.formats.sheetscan import Scan, scan_sheet, span_of

if TYPE_CHECKING:
    from collections.abc import Callable

#: A sheet whose XML is smaller is measured before it is read.
_SMALL = 16 * 1024**2
#: Bytes that a reader takes for one cell of the bounding box, filled or not.
_PER_CELL = 64
#: Blank columns that are kept beside a filled one.
_BESIDE = 3
_ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}


@dataclass
class SheetCells:
    """One sheet as read: `table` has one string column per letter, one row per sheet row from 1.

    `exact` holds texts to put over those of `table` (rows and texts by column letter); `is_rounded`
    says that its numbers are written with nine decimals.
    """

    name: str | None
    hidden: bool
    table: pa.Table
    merged: list[tuple[int, str, int, str]] = field(default_factory=list)
    is_1904: bool = False
    errors: list[tuple[int, str, str]] = field(default_factory=list)
    exact: dict[str, tuple[list[int], list[str]]] = field(default_factory=dict)
    cut: list[tuple[int, str]] = field(default_factory=list)
    blank_formulas: list[tuple[int, str]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    is_rounded: bool = False


def read_workbook(content: bytes, kind: str, memory: int) -> list[SheetCells]:
    """Read all sheets of a workbook.

    Args:
        content: The file.
        kind: Its true type: xlsx, xlsb, xls or ods.
        memory: Bytes that reading may take.

    Raises:
        RefusedError: Whatever forbids reading it.
    """
    if kind == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_package(archive)
            package = read_package(archive)
            _refuse_oversized(content, archive, package, memory)
            return _read_package(content, archive, package)
    if kind in {"xlsb", "ods"}:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_package(archive)
    if kind == "xls":
        content = in_utf16(content)
    found = _read_cells(content, None, is_1904=kind == "xls" and biff_is_1904(content))
    merges = read_merges(content) if kind == "ods" else {}
    return [replace(one, merged=merges.get(one.name or "", one.merged)) for one in found]


def _refuse_oversized(
    content: bytes, archive: zipfile.ZipFile, package: Package, memory: int
) -> None:
    """Refuse a sheet whose bounding box would not fit, before a reader allocates it."""
    for sheet in package.sheets:
        if not sheet.part or archive.getinfo(sheet.part).file_size > _SMALL:
            continue
        with open_part(content, archive, sheet.part) as stream:
            rows, columns, filled = span_of(stream)
        if rows * columns * _PER_CELL > memory and rows * columns > 20 * filled:
            raise RefusedError("oversized", sheet.name)


def _read_package(content: bytes, archive: zipfile.ZipFile, package: Package) -> list[SheetCells]:
    reader = fastexcel.read_excel(content)
    known = set(reader.sheet_names)
    found = []
    slow: list[SheetPart] = []
    for sheet in package.sheets:
        if not sheet.is_cells or sheet.name not in known:
            continue
        opened = partial(open_part, content, archive, sheet.part)
        read = _read_fast(reader, opened, sheet, package) if sheet.part else None
        if read is None:
            slow.append(sheet)
            read = SheetCells(sheet.name, sheet.hidden, pa.table({}))
        found.append(read)
    if slow or not package.sheets:
        names = {sheet.name for sheet in slow} if package.sheets else None
        again = {s.name: s for s in _read_cells(content, names, is_1904=package.is_1904)}
        found = [again.get(sheet.name, sheet) for sheet in found] or list(again.values())
    return found


def _read_fast(
    reader: fastexcel.ExcelReader,
    open_sheet: Callable[[], IO[bytes]],
    sheet: SheetPart,
    package: Package,
) -> SheetCells | None:
    """Read one regular sheet: fastexcel works in Rust while the scan streams the XML beside it."""
    scans: list[Scan] = []

    def scan() -> None:
        try:
            with open_sheet() as stream:
                scans.append(scan_sheet(stream, package.styles, is_1904=package.is_1904))
        except (zipfile.BadZipFile, OSError, EOFError, ValueError):
            scans.append(Scan(is_regular=False))

    beside = threading.Thread(target=scan, daemon=True)
    beside.start()
    try:
        loaded = reader.load_sheet(sheet.name, header_row=None, skip_rows=0, dtypes="string")
        table, errors = _table_of(loaded)
    finally:
        beside.join()
    if not scans or not scans[0].is_regular:
        return None
    seen = scans[0]
    return SheetCells(
        name=sheet.name,
        hidden=sheet.hidden,
        table=table,
        merged=seen.merged,
        is_1904=package.is_1904,
        errors=errors,
        exact=seen.exact,
        cut=seen.cut,
        blank_formulas=seen.blank_formulas,
        hidden_rows=seen.hidden_rows,
        hidden_columns=seen.hidden_columns,
        is_rounded=True,
    )


def _table_of(loaded: fastexcel.ExcelSheet) -> tuple[pa.Table, list[tuple[int, str, str]]]:
    """Turn a loaded sheet into columns by letter and its error cells."""
    columns = loaded.selected_columns
    letters = [letter_of(column.absolute_index) for column in columns]
    if not columns:
        return pa.table({}), []
    batch, found = loaded.to_arrow_with_errors()
    errors = []
    for error in found.errors if found is not None else ():
        row, column = error.position
        name = re.search(r"Error\((\w+)\)", error.detail)
        if name:
            errors.append((row + 1, letters[column], _ERRORS.get(name[1], "#VALUE!")))
    return pa.table(list(batch.columns), names=letters), errors


def _read_cells(
    content: bytes, names: set[str | None] | set[str] | None, *, is_1904: bool
) -> list[SheetCells]:
    """Read sheets cell by cell with their stored types; error cells come from fastexcel."""
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    listed = [m for m in book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
    if len(listed) > MOST_SHEETS:
        raise RefusedError("sheets", str(len(listed)))
    found = []
    for meta in listed:
        if names is not None and meta.name not in names:
            continue
        read = _cells_of(book.get_sheet_by_name(meta.name))
        read.hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        read.is_1904 = is_1904
        found.append(read)
    del book  # each library holds every cell of the bounding boxes
    errors = fastexcel.read_excel(content)
    for read in found:
        if read.table.num_rows and read.name is not None:
            loaded = errors.load_sheet(read.name, header_row=None, skip_rows=0, dtypes="string")
            read.errors = _table_of(loaded)[1]
    return found


def _cells_of(sheet: calamine.CalamineSheet) -> SheetCells:
    """Write every cell of a sheet as text, from row 1 and column A on.

    A stray cell may span millions of blank ones: of those no more is kept than a few columns.
    """
    cut: list[tuple[int, str]] = []
    left = sheet.start[1] if sheet.start else 0
    columns: dict[int, list[str | None]] = {}
    place = 0
    for place, row in enumerate(sheet.iter_rows() if sheet.height else (), start=1):
        for index, value in enumerate(row, start=left):
            if value == "":
                continue
            column = columns.setdefault(index, [])
            column.extend([None] * (place - 1 - len(column)))
            column.append(_text(value))
            if isinstance(value, float | int) and not isinstance(value, bool) and is_cut(value):
                cut.append((place, letter_of(index)))
    if any(text and "\0" in text for column in columns.values() for text in column):
        raise RefusedError("garbled")
    merged = [
        (top + 1, letter_of(first), bottom + 1, letter_of(last))
        for (top, first), (bottom, last) in sheet.merged_cell_ranges or []
    ]
    filled = sorted(columns)
    near = {index + by for index in filled for by in range(-_BESIDE, _BESIDE + 1)}
    kept = [index for index in range(left, max(filled, default=-1) + 1) if index in near]
    cells = {}
    for index in kept:
        column = columns.get(index, [])
        column.extend([None] * (place - len(column)))
        cells[letter_of(index)] = pa.array(column, type=pa.string())
    return SheetCells(sheet.name, hidden=False, table=pa.table(cells), merged=merged, cut=cut)


def _text(value: Any) -> str | None:  # noqa: ANN401, PLR0911 (whatever a cell holds)
    """Write one cell as the contract of RawSheet says."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return plain(value)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="seconds")
    return span_text(value / timedelta(days=1)) if isinstance(value, timedelta) else None
