"""Reads the rows of a reviewer's workbook, wherever they and their columns are.

Here: finding header rows by content, the run the workbook is of. Not here: what cells mean (see
`cells`), comparing or booking (see `review`).
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from recon.base.models import Text
from recon.ledger.cell_rows import CELL_FAULTS, sheets_of
from recon.ledger.errors import NoReviewColumnsError, WorkbookUnreadableError
from recon.output.sheets import ID_HEADER, REVIEW_COLUMNS
from recon.output.units import GROUP_HEADER
from recon.output.workbook import MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from recon.ledger.cell_rows import Line

VERDICT_HEADER = "核实结论"
#: Headers of the sheet 待确认匹配.
PICK_HEADERS = ("匹配组号", "选定")
_TAKEN = {ID_HEADER, *(about[0] for about in REVIEW_COLUMNS.values())}
#: Rows in which a header row is looked for.
_SEARCHED = 1000
_UNREADABLE = (
    *CELL_FAULTS,
    InvalidFileException,
    ParseError,
    OSError,
    KeyError,
    ValueError,
    TypeError,
)


@dataclass(frozen=True)
class ReviewedRow:
    """One row under a header that names exceptions; `cells` by header as the file holds them."""

    place: str
    row_no: int
    letters: dict[str, str]
    cells: dict[str, object]

    @property
    def exception_id(self) -> str:
        """The id as it stands in the row; empty where there is none."""
        value = self.cells.get(ID_HEADER)
        return "" if value is None else str(value).strip().lower()

    def at(self, header: str) -> str:
        """Return the place of a cell, like file#sheet!K5."""
        return f"{self.place}!{self.letters.get(header, '')}{self.row_no}"


@dataclass(frozen=True)
class ReviewedFile:
    """A reviewer's workbook: the run it is of (None when it does not say) and its rows."""

    path: Path
    run_id: str | None
    rows: tuple[ReviewedRow, ...]
    doubled: tuple[str, ...]


def read_reviewed(path: Path) -> ReviewedFile:
    """Read the exceptions of a workbook that Excel, WPS or LibreOffice saved.

    Args:
        path: The .xlsx file; it is only read.

    Returns:
        Rows of every sheet that has the headers 例外编号 and 核实结论 in one row; none where the
        workbook only has matches to choose.

    Raises:
        NoReviewColumnsError: No sheet has these headers, and none has matches to choose.
        WorkbookUnreadableError: The file is not there or is no such workbook.
    """
    found = read_sheets(path, (ID_HEADER, VERDICT_HEADER), _TAKEN)
    if found is not None:
        return found
    others = [
        read_sheets(path, wanted, set(wanted))
        for wanted in (PICK_HEADERS, (GROUP_HEADER, VERDICT_HEADER))
    ]
    there = next((file for file in others if file is not None), None)
    if there is None:
        raise NoReviewColumnsError(path)
    return ReviewedFile(path, there.run_id, (), ())


def read_sheets(path: Path, wanted: tuple[str, str], single: set[str]) -> ReviewedFile | None:
    """Read the rows under a header row that has both wanted headers.

    Args:
        path: The .xlsx file; it is only read.
        wanted: Headers that tell the sheets; of a row that repeats the first nothing is taken.
        single: Headers that may stand once; `doubled` are the places of those that stand twice,
            whose sheets are left out.

    Returns:
        The rows of all such sheets; None when no sheet has the headers.

    Raises:
        WorkbookUnreadableError: The file is not there or is no such workbook.
    """
    rows: list[ReviewedRow] = []
    doubled: list[str] = []
    run_id: str | None = None
    found = False
    try:
        for title, sheet in sheets_of(path.read_bytes()):
            if title == MARK:
                run_id = _run_of(sheet)
                continue
            lines = iter(sheet)
            header = _header(lines, wanted)
            if header is None:
                continue
            found = True
            place = f"{path.name}#{title}"
            names = list(header.values())
            twice = [
                letter
                for letter, name in header.items()
                if name in single and names.count(name) > 1
            ]
            if twice:
                doubled.append(f"{place}!{twice[-1]}")
                continue
            rows.extend(_rows(place, header, lines, wanted[0]))
    except _UNREADABLE as error:
        raise WorkbookUnreadableError(path, _reason(error)) from error
    return ReviewedFile(path, run_id, tuple(rows), tuple(doubled)) if found else None


def _reason(error: Exception) -> Text:
    """Say why a file is no workbook."""
    if isinstance(error, FileNotFoundError):
        return Text("没有这个文件", "no such file")
    if isinstance(error, zipfile.BadZipFile | InvalidFileException):
        return Text("不是 .xlsx 工作簿，或已损坏", "no .xlsx workbook, or damaged")
    why = str(error) or type(error).__name__
    return Text(why, why)


def _header(lines: Iterator[Line], wanted: tuple[str, str]) -> dict[str, str] | None:
    """Read on to the header row; header by column letter, or None when there is none near."""
    for _, values in islice(lines, _SEARCHED):
        names = ["".join(str(value).split()) if value is not None else "" for value in values]
        if set(wanted) <= set(names):
            return {get_column_letter(n): name for n, name in enumerate(names, start=1) if name}
    return None


def _rows(
    place: str, header: dict[str, str], lines: Iterator[Line], key: str
) -> Iterator[ReviewedRow]:
    letters = {name: letter for letter, name in header.items()}
    places = {name: column_index_from_string(letter) - 1 for name, letter in letters.items()}
    for row_no, values in lines:
        cells = {name: values[n] for name, n in places.items() if n < len(values)}
        if cells.get(key) != key and any(each is not None for each in cells.values()):
            yield ReviewedRow(place, row_no, letters, cells)


def _run_of(lines: Iterable[Line]) -> str | None:
    """Return the run that a workbook says it is of."""
    for _, (name, value, *_) in lines:
        if name == "run_id" and value:
            return str(value)
    return None
