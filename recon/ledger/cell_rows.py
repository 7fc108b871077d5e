"""The cells of a workbook that Excel, WPS or LibreOffice saved, row by row, at speed.

Here: python-calamine, which takes a tenth of openpyxl's time but shows an error cell as an empty
one; a file that has any is read by openpyxl. Not here: what the cells mean (see `reviewed`).
"""

from __future__ import annotations

import warnings
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Line = tuple[int, tuple[object, ...]]
_ERROR_MARKS = (b't="e"', b"t='e'")
_CHUNK = 1 << 20
#: What a file that is no sound workbook raises here.
CELL_FAULTS = (CalamineError, zipfile.BadZipFile, zipfile.LargeZipFile)


def sheets_of(content: bytes) -> Iterator[tuple[str, Iterable[Line]]]:
    """Yield each sheet of a workbook with its rows.

    Yields:
        Title, and row numbers with the values from column A on: text, numbers, dates, flags,
        None for an empty cell, "#N/A" and the like for an error.

    Raises:
        CELL_FAULTS: The bytes are no workbook, or a damaged one.
    """
    if _has_errors(content):
        yield from _slowly(content)
        return
    book = CalamineWorkbook.from_object(BytesIO(content))
    for about in book.sheets_metadata:
        if about.typ == SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(about.name)
            left = (None,) * (sheet.start[1] if sheet.start else 0)
            yield about.name, _lines(sheet.iter_rows(), left)


def _lines(rows: Iterable[Sequence[object]], left: tuple[None, ...]) -> Iterator[Line]:
    for row_no, values in enumerate(rows, start=1):
        yield row_no, (*left, *(None if value == "" else value for value in values))


def _has_errors(content: bytes) -> bool:
    """Tell whether any sheet has an error cell."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
                continue
            with parts.open(name) as part:
                tail = b""
                while chunk := part.read(_CHUNK):
                    text = tail + chunk
                    if any(mark in text for mark in _ERROR_MARKS):
                        return True
                    tail = text[-8:]
    return False


def _slowly(content: bytes) -> Iterator[tuple[str, Iterable[Line]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl cannot keep is not asked for
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # the size that a file claims is not believed
            yield sheet.title, enumerate(sheet.iter_rows(values_only=True), start=1)
