"""SpreadsheetML 2003 workbooks. Entities are never expanded: a document type is refused.

Not here: finding the encoding (`encoding`), other XML (it is passed over).
"""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree as ET

from recon.intake.formats.grid import MOST_COLUMNS, Grid, span_of
from recon.intake.formats.letters import letter_of
from recon.intake.formats.numbers import is_cut, plain
from recon.intake.formats.refusals import RefusedError
from recon.intake.formats.workbook import SheetCells

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_X = "{urn:schemas-microsoft-com:office:excel}"
_MIDNIGHT = re.compile(r"[T ]00:00:00(?:\.0+)?$")


def read_xml_sheet(text: str) -> list[SheetCells]:
    """Read a SpreadsheetML 2003 workbook.

    Args:
        text: The decoded file.

    Raises:
        RefusedError: `entities` or `corrupt`.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise RefusedError("entities")
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"), count=1)
    try:
        root = ET.fromstring(body)  # noqa: S314 (document types were refused above)
    except ET.ParseError:
        raise RefusedError("corrupt", "XML") from None
    return [_xml_sheet(sheet) for sheet in root.iter(f"{_SS}Worksheet")]


def _xml_sheet(sheet: ET.Element) -> SheetCells:
    name = sheet.get(f"{_SS}Name")
    visible = sheet.find(f".//{_X}WorksheetOptions/{_X}Visible")
    read = SheetCells(
        name, hidden=visible is not None and visible.text != "SheetVisible", table=None
    )
    grid = Grid()
    table = sheet.find(f"{_SS}Table")
    row_no = 0
    spans: dict[int, int] = {}
    for row in table.findall(f"{_SS}Row") if table is not None else ():
        step = row.get(f"{_SS}Index")
        row_no = int(step) if step and step.isdigit() else row_no + 1
        if row.get(f"{_SS}Hidden") == "1":
            read.hidden_rows.append(row_no)
        _xml_row(row, row_no, grid, read, spans)
    if table is not None:
        read.hidden_columns = _hidden_columns(table)
    read.table = grid.table(name or "1")
    read.merged = grid.merged
    return read


def _hidden_columns(table: ET.Element) -> list[str]:
    hidden = []
    index = 0
    for column in table.findall(f"{_SS}Column"):
        step = column.get(f"{_SS}Index")
        index = int(step) if step and step.isdigit() else index + 1
        more = int(column.get(f"{_SS}Span") or 0)
        if column.get(f"{_SS}Hidden") == "1":
            hidden += [letter_of(i - 1) for i in range(index, min(index + more, MOST_COLUMNS) + 1)]
        index += more
    return hidden


def _xml_row(
    row: ET.Element, row_no: int, grid: Grid, read: SheetCells, spans: dict[int, int]
) -> None:
    """Put the cells of one row; `spans` says until which row a merged cell takes a column."""
    column = 0
    for cell in row.findall(f"{_SS}Cell"):
        step = cell.get(f"{_SS}Index")
        if step and step.isdigit():
            column = int(step) - 1
        else:
            while spans.get(column, 0) >= row_no:
                column += 1
        across = span_of(cell.get(f"{_SS}MergeAcross")) if cell.get(f"{_SS}MergeAcross") else 0
        down = span_of(cell.get(f"{_SS}MergeDown")) if cell.get(f"{_SS}MergeDown") else 0
        grid.merge(row_no, column, down, across)
        if down:
            spans.update(dict.fromkeys(range(column, column + across + 1), row_no + down))
        _xml_cell(cell, row_no, column, grid, read)
        column += across + 1


def _xml_cell(cell: ET.Element, row_no: int, column: int, grid: Grid, read: SheetCells) -> None:
    found = cell.find(f"{_SS}Data")
    letter = letter_of(column)
    text = "".join(found.itertext()) if found is not None else ""
    if found is None:
        if cell.get(f"{_SS}Formula"):
            read.blank_formulas.append((row_no, letter))
        return
    kind = found.get(f"{_SS}Type")
    if kind == "Error":
        read.errors.append((row_no, letter, text))
        return
    if kind == "Number":
        text = _xml_number(text, row_no, letter, read)
    elif kind == "DateTime":
        text = _MIDNIGHT.sub("", text).replace("T", " ").removesuffix(".000")
    elif kind == "Boolean":
        text = "true" if text.strip() == "1" else "false"
    grid.put(row_no, column, text)


def _xml_number(text: str, row_no: int, letter: str, read: SheetCells) -> str:
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    if is_cut(number):
        read.cut.append((row_no, letter))
    return plain(number)
