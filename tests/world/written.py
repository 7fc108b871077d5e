"""Forms written as files by other programs' libraries: xlsx, xls, html named xls, csv, tsv.

Here: the writers; figures and days are typed cells in workbooks, as programs write them. Not here:
the forms and the verdict.
"""

from __future__ import annotations

import csv
import html
import re
from datetime import datetime
from itertools import cycle
from typing import TYPE_CHECKING

import openpyxl
import xlwt

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.world.form import Form

_FIGURE = re.compile(r"-?[0-9]{1,12}\.[0-9]{1,2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9:]{8})?")


def _typed(text: str) -> str | float | datetime | None:
    if _FIGURE.fullmatch(text):
        return float(text)
    if _DAY.fullmatch(text):
        return datetime.fromisoformat(text)
    return text or None


def _xlsx(form: Form, path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in form.lines:
        sheet.append([_typed(text) for text in line])
    for top, left, bottom, right in form.merged:
        sheet.merge_cells(
            start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
        )
    book.save(path)


def _xls(form: Form, path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
    over = {(top, left): (bottom, right) for top, left, bottom, right in form.merged}
    for row, line in enumerate(form.lines):
        for column, text in enumerate(line):
            value = _typed(text)
            if (row, column) in over:
                bottom, right = over[row, column]
                sheet.write_merge(row, bottom, column, right, value)
            elif value is not None:
                style = (day,) if isinstance(value, datetime) else ()
                sheet.write(row, column, value, *style)
    book.save(str(path))


def _html(form: Form, path: Path) -> None:
    hidden = {
        (row, column)
        for top, left, bottom, right in form.merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }
    over = {(top, left): (bottom - top + 1, right - left + 1)
            for top, left, bottom, right in form.merged}  # fmt: skip
    rows = []
    for row, line in enumerate(form.lines):
        cells = []
        for column, text in enumerate(line):
            if (row, column) in over:
                high, wide = over[row, column]
                cells.append(f'<td rowspan="{high}" colspan="{wide}">{html.escape(text)}</td>')
            elif (row, column) not in hidden:
                cells.append(f"<td>{html.escape(text)}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    page = f'<html><meta charset="gbk"><body><table>{"".join(rows)}</table></body></html>'
    path.write_bytes(page.encode("gb18030"))


def _delimited(form: Form, path: Path, encoding: str, delimiter: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(form.lines)


def write_all(forms: Iterable[Form], folder: Path) -> dict[str, Form]:
    """Write each form once, each by the next program.

    Args:
        forms: What is written.
        folder: Where.

    Returns:
        The forms by the names of their files.
    """
    ways = cycle(("xlsx", "csv gb18030", "xls", "html", "csv utf-8-sig", "tsv utf-16"))
    written = {}
    for number, (form, way) in enumerate(zip(forms, ways, strict=False)):
        kind, _, encoding = way.partition(" ")
        name = f"{number:03d}.{'xls' if kind == 'html' else 'txt' if kind == 'tsv' else kind}"
        path = folder / name
        if kind in {"csv", "tsv"}:
            _delimited(form, path, encoding, "\t" if kind == "tsv" else ",")
        else:
            {"xlsx": _xlsx, "xls": _xls, "html": _html}[kind](form, path)
        written[name] = form
    return written
