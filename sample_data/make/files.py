"""Writers: rows to xlsx, xls and csv files in the forms that staff really have.

A `Sheet` says which table goes where with which quirks; the writers know nothing of unions or fees.
The files carry no clock: the same rows give the same bytes.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter
import xlwt

from recon.tables.registry import specs

Row = dict[str, Any]
Show = Callable[[Any], object]
CREATED = datetime(2025, 6, 30, 9, 0, 0)  # noqa: DTZ001 - a fixed stamp inside the file


if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Sheet:
    """One sheet: a table's rows and how they are laid out.

    `columns` maps column name to the header that the file shows; `title` and `notes` are lines
    above, `footer` lines below; `band` maps a column to the header that stands over it, over two
    lines; `total` adds a 合计 row; `subtotal` is the column after whose change a 小计 row stands.
    """

    name: str
    table: str
    rows: list[Row]
    columns: dict[str, str]
    title: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)
    band: dict[str, str] = field(default_factory=dict)
    total: list[str] = field(default_factory=list)
    subtotal: str | None = None
    show: dict[str, Show] = field(default_factory=dict)
    hidden: bool = False


def columns_of(table: str, *names: str, **renamed: str) -> dict[str, str]:
    """Return headers by column name: the contract's own, or the ones given.

    Args:
        table: A name of the input contract.
        *names: Columns in the order of the file.
        **renamed: Column name to another header that the file uses.
    """
    known = specs()[table].by_name
    return {name: renamed.get(name, known[name].zh) for name in names}


def default_show(value: object) -> object:
    """Show a value as a plain cell: decimals as numbers, dates as 2024-03-05, flags as 是/否."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return value


def _cells(sheet: Sheet, row: Row) -> list[object]:
    return [
        "" if row.get(name) is None else sheet.show.get(name, default_show)(row[name])
        for name in sheet.columns
    ]


def _sum_row(sheet: Sheet, label: str, rows: list[Row]) -> list[object]:
    cells: list[object] = []
    for name in sheet.columns:
        if name in sheet.total:
            value = sum((row[name] for row in rows if row.get(name)), Decimal(0))
            cells.append(sheet.show.get(name, default_show)(value))
        else:
            cells.append("")
    place = next(i for i, name in enumerate(sheet.columns) if name not in sheet.total)
    cells[place] = label
    return cells


def grid(sheet: Sheet) -> list[list[object]]:
    """Lay a sheet out: title lines, header (one or two lines), rows, sums, footer lines."""
    lines: list[list[object]] = [[line] for line in sheet.title]
    if sheet.band:
        upper: list[object] = [sheet.band.get(name, head) for name, head in sheet.columns.items()]
        lines.append(upper)
        lines.append([head if name in sheet.band else "" for name, head in sheet.columns.items()])
    else:
        lines.append(list(sheet.columns.values()))
    group: list[Row] = []
    for row in sheet.rows:
        if sheet.subtotal and group and row[sheet.subtotal] != group[-1][sheet.subtotal]:
            lines.append(_sum_row(sheet, "小计", group))
            group = []
        group.append(row)
        lines.append(_cells(sheet, row))
    if sheet.subtotal and group:
        lines.append(_sum_row(sheet, "小计", group))
    if sheet.total:
        lines.append(_sum_row(sheet, "合计", sheet.rows))
    return lines + [[line] for line in sheet.footer]


def write_xlsx(path: Path, sheets: list[Sheet]) -> None:
    """Write a workbook; two-line headers are merged the way people merge them.

    Args:
        path: The file.
        sheets: In the order of the workbook.
    """
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": CREATED, "author": "示例县总工会财务部"})
    bold = book.add_format({"bold": True, "align": "center", "border": 1})
    plain = book.add_format({"num_format": "General"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        for line_no, cells in enumerate(grid(sheet)):
            for place, cell in enumerate(cells):
                if isinstance(cell, Decimal):
                    page.write_number(line_no, place, float(cell), plain)
                elif isinstance(cell, int):
                    page.write_number(line_no, place, cell, plain)
                elif cell != "":
                    page.write_string(line_no, place, str(cell))
        _merge_header(page, sheet, bold)
        page.set_column(0, len(sheet.columns) - 1, 16)
        if sheet.hidden:
            page.hide()
    book.close()


def _merge_header(page: Any, sheet: Sheet, bold: Any) -> None:  # noqa: ANN401 - xlsxwriter is untyped
    top = len(sheet.title)
    if sheet.title:
        page.merge_range(0, 0, 0, len(sheet.columns) - 1, sheet.title[0], bold)
    if not sheet.band:
        page.freeze_panes(top + 1, 0)
        return
    names = list(sheet.columns)
    for place, name in enumerate(names):
        if name not in sheet.band:
            page.merge_range(top, place, top + 1, place, sheet.columns[name], bold)
    places = [place for place, name in enumerate(names) if name in sheet.band]
    page.merge_range(top, places[0], top, places[-1], sheet.band[names[places[0]]], bold)
    page.freeze_panes(top + 2, 0)


def write_xls(path: Path, sheets: list[Sheet]) -> None:
    """Write an Excel 97 workbook.

    Args:
        path: The file.
        sheets: In the order of the workbook.
    """
    book = xlwt.Workbook(encoding="utf-8")
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        for line_no, cells in enumerate(grid(sheet)):
            for place, cell in enumerate(cells):
                if cell != "":
                    page.write(line_no, place, float(cell) if isinstance(cell, Decimal) else cell)
    book.save(str(path))


def write_csv(path: Path, sheet: Sheet, encoding: str) -> None:
    """Write a csv file with Windows line ends.

    Args:
        path: The file.
        sheet: Its only sheet.
        encoding: A codec name: gb18030, utf-8-sig.
    """
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(grid(sheet))
    path.write_bytes(text.getvalue().encode(encoding))


def content_of(path: Path) -> bytes:
    """Return what a file says, free of how it was packed (zlib builds differ between systems)."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        names = sorted(archive.namelist())
        return b"".join(name.encode() + archive.read(name) for name in names)
