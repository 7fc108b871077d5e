"""Merged ranges of an OpenDocument workbook, which its reader does not give.

Not here: the cells (`workbook`).
"""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

from recon.intake.formats.grid import Grid
from recon.intake.formats.refusals import RefusedError

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS = frozenset({f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"})


def read_merges(content: bytes) -> dict[str, list[tuple[int, str, int, str]]]:
    """Return the merged ranges of each sheet that has some, by its name.

    Args:
        content: The file; its size was checked.

    Raises:
        RefusedError: `entities`.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        cells = archive.read("content.xml")
    if b"<!DOCTYPE" in cells or b"<!ENTITY" in cells:
        raise RefusedError("entities")
    if b"-spanned=" not in cells:
        return {}
    merged: dict[str, list[tuple[int, str, int, str]]] = {}
    name, row_no = "", 1
    for event, one in ET.iterparse(io.BytesIO(cells), ("start", "end")):  # noqa: S314 (see above)
        if event == "start" and one.tag == f"{_TABLE}table":
            name, row_no = one.get(f"{_TABLE}name", ""), 1
        elif event == "end" and one.tag == f"{_TABLE}table-row":
            grid = Grid()
            _row(one, row_no, grid)
            if grid.merged:
                merged.setdefault(name, []).extend(grid.merged)
            row_no += _number(one, "number-rows-repeated")
            one.clear()
    return merged


def _row(row: ET.Element, row_no: int, grid: Grid) -> None:
    column = 0
    for cell in row:
        if cell.tag in _CELLS:
            down, across = (_number(cell, f"number-{of}-spanned") - 1 for of in ("rows", "columns"))
            if down or across:
                grid.merge(row_no, column, down, across)
            column += _number(cell, "number-columns-repeated")


def _number(one: ET.Element, name: str) -> int:
    text = one.get(f"{_TABLE}{name}", "")
    return max(int(text), 1) if text.isdecimal() and len(text) < 8 else 1
