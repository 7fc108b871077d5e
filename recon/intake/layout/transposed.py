"""A table that lies on its side: its headers stand under one another, one record a column.

Here: seeing it, so that it gets a sentence of its own. Not here: reading it (nothing does).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.intake.layout.header import header_index, normalise_header
from recon.tables.registry import specs

if TYPE_CHECKING:
    from recon.base.models import RawSheet

#: Rows and columns in which the headers are looked for, and how many must be there.
_ROWS, _COLUMNS, _HEADERS = 60, 3, 4


def lying_table(sheet: RawSheet, place: str) -> Text | None:
    """Say that a sheet holds a table on its side; None where it does not.

    Args:
        sheet: A sheet in which no table stands upright.
        place: How it is named.
    """
    letters = sheet.cells.columns[1:]
    if len(letters) < 2:
        return None
    for letter in letters[:_COLUMNS]:
        headers: dict[str, set[str]] = defaultdict(set)
        for text in sheet.cells[letter].head(_ROWS).drop_nulls():
            for table, column, _ in header_index().get(normalise_header(text), ()):
                headers[table].add(column)
        table = max(headers, key=lambda name: len(headers[name]), default="")
        if len(headers.get(table, ())) >= _HEADERS:
            return _told(place, letter, table)
    return None


def _told(place: str, letter: str, table: str) -> Text:
    name = specs()[table].zh
    return Text(
        f"{place}: 像是“{name}”，但表头竖着排在{letter}列，一列是一条记录，没有读取。"
        "请在 Excel 中复制后用“选择性粘贴—转置”，使表头在一行、每条记录占一行。",
        f"{place}: looks like {table} ({name}), but its headers stand in column {letter}, one "
        "record a column; it was not read. Copy it and use Paste Special, Transpose, so that the "
        "headers are one row and each record is one row.",
    )
