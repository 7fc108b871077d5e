"""Draws tables of the city as a workbook whose lines lead to the counties' own.

Not here: what the tables list (`papers`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import xlsxwriter

from recon.base.texts import say
from recon.output.keep import write_beside
from recon.output.styles import FONT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from xlsxwriter.workbook import Workbook

    from recon.rollup.papers import Sheet

#: Excel follows no more links in one sheet.
_MOST_LINKS = 50_000
_WIDTHS = {"text": 12, "money": 16, "count": 10}
#: A column of text is as wide as its longest line, within this; longer ones go on below.
_WIDEST = 60
#: Two lines of a header. Units: points.
_HEAD_HEIGHT = 32
_SHAPES: dict[str, dict[str, str | bool]] = {
    "text": {"num_format": "@", "text_wrap": True},
    "money": {"num_format": "#,##0.00"},
    "count": {"num_format": "#,##0"},
}


def write_sheets(path: Path, sheets: Iterable[Sheet], links: Mapping[str, str], day: date) -> Path:
    """Write tables as one workbook; one that somebody has edited is left and a new name taken.

    Args:
        path: Where.
        sheets: The tables.
        links: County to the path of its workbook from the folder of this one.
        day: Its day of creation, so that equal work gives equal bytes.

    Returns:
        The file that was written.
    """
    drawn = list(sheets)

    def write(fresh: Path) -> None:
        with xlsxwriter.Workbook(
            fresh, {"strings_to_formulas": False, "strings_to_urls": False}
        ) as book:
            created = datetime(day.year, day.month, day.day, tzinfo=UTC)
            book.set_properties({"author": "recon", "created": created})
            for sheet in drawn:
                _draw(book, sheet, links)

    return write_beside(path, write)


def _draw(book: Workbook, sheet: Sheet, links: Mapping[str, str]) -> None:
    paper = book.add_worksheet(say(sheet.name))
    head = book.add_format(
        {
            **FONT,
            "bold": True,
            "bg_color": "#DDE6F0",
            "border": 1,
            "text_wrap": True,
            "valign": "vcenter",
        }
    )
    note = book.add_format({**FONT, "font_color": "#666666"})
    styles = {kind: book.add_format({**FONT, "valign": "top", **_SHAPES[kind]}) for kind in _WIDTHS}
    blue = book.add_format({**FONT, "valign": "top", "font_color": "#1F5FA8", "underline": 1})
    top = 0
    if sheet.note:
        paper.write_string(0, 0, say(sheet.note), note)
        top = 1
    for column, (header, kind) in enumerate(zip(sheet.headers, sheet.kinds, strict=True)):
        paper.write_string(top, column, say(header), head)
        paper.set_column(column, column, _width(sheet, column, kind))
    paper.set_row(top, _HEAD_HEIGHT)
    for number, row in enumerate(sheet.rows):
        place = top + 1 + number
        target = links.get(sheet.links[number] or "") if number < len(sheet.links) else None
        for column, (cell, kind) in enumerate(zip(row, sheet.kinds, strict=True)):
            if cell is None:
                paper.write_blank(place, column, None, styles[kind])
            elif isinstance(cell, str):
                paper.write_string(place, column, cell, styles["text"])
            else:
                paper.write_number(place, column, float(cell), styles[kind])
        county = sheet.links[number] if target else None
        if target and number < _MOST_LINKS and county in row:
            paper.write_url(place, row.index(county), f"external:{target}", blue, county)
    paper.freeze_panes(top + 1, 1)
    if sheet.rows:
        paper.autofilter(top, 0, top + len(sheet.rows), len(sheet.headers) - 1)
    paper.set_landscape()
    paper.fit_to_pages(1, 0)
    paper.repeat_rows(top)


def _width(sheet: Sheet, column: int, kind: str) -> int:
    """Return the width of a column; a Chinese character is as wide as two others."""
    if kind != "text":
        return _WIDTHS[kind]
    lines = (line for row in sheet.rows for line in str(row[column] or "").split("\n"))
    longest = max((len(line.encode("gb18030", "replace")) for line in lines), default=0)
    return min(_WIDEST, max(_WIDTHS[kind], longest + 2))
