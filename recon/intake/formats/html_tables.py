"""HTML tables saved as .xls, as bank portals do: one sheet of text, laid out as Excel shows it.

Not here: finding the encoding (`encoding`), real workbooks (`workbook`).
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from recon.intake.formats.grid import MOST_COLUMNS, Grid, span_of
from recon.intake.formats.refusals import RefusedError
from recon.intake.formats.workbook import SheetCells

_SPACES = re.compile(r"[ \t\r\n\f]+")


class _Table:
    """A table being read: where it stands and which cells spans have taken."""

    def __init__(self) -> None:
        self.rows: list[list[tuple[int, str, int, int]]] = []
        self.taken: dict[int, int] = {}
        self.column = 0
        self.inner: list[tuple[int, _Table]] = []
        self.cell: list[str] | None = None
        self.spans = (1, 1)


class _HtmlTables(HTMLParser):
    """Collects tables; a table within a cell follows its row, as Excel lays it out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.open: list[_Table] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"style", "script", "title"}:
            self.silent += 1
        elif tag == "table":
            table = _Table()
            if self.open:
                self.open[-1].inner.append((len(self.open[-1].rows), table))
            else:
                self.tables.append(table)
            self.open.append(table)
        elif self.open and tag == "tr":
            self._end_cell()
            self._start_row()
        elif self.open and tag in {"td", "th"}:
            self._end_cell()
            if not self.open[-1].rows:
                self._start_row()
            self.open[-1].cell = []
            found = dict(attrs)
            self.open[-1].spans = (span_of(found.get("rowspan")), span_of(found.get("colspan")))
        elif tag in {"br", "p", "div"} and self.open and self.open[-1].cell:
            self.open[-1].cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "script", "title"}:
            self.silent = max(self.silent - 1, 0)
        elif self.open and tag in {"td", "th", "tr"}:
            self._end_cell()
        elif self.open and tag == "table":
            self._end_cell()
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1].cell is not None and not self.silent:
            self.open[-1].cell.append(data)

    def _start_row(self) -> None:
        table = self.open[-1]
        table.rows.append([])
        table.taken = {column: left - 1 for column, left in table.taken.items() if left > 1}
        table.column = 0

    def _end_cell(self) -> None:
        table = self.open[-1]
        if table.cell is None:
            return
        text = _SPACES.sub(" ", "".join(table.cell)).replace("\xa0", " ").strip()
        while table.column in table.taken:
            table.column += 1
        down, across = table.spans
        if table.column + across > MOST_COLUMNS:
            raise RefusedError("oversized", "1")
        table.rows[-1].append((table.column, text, down - 1, across - 1))
        if down > 1:
            table.taken.update(dict.fromkeys(range(table.column, table.column + across), down))
        table.column += across
        table.cell = None


def read_html(text: str) -> list[SheetCells]:
    """Read all tables of a page, one under the other, as one sheet without a name.

    Args:
        text: The decoded page.

    Returns:
        One sheet; row numbers are those that Excel shows on opening the page.

    Raises:
        RefusedError: `webpage` for a page without a table.
    """
    parser = _HtmlTables()
    parser.feed(text)
    parser.close()
    while parser.open:
        parser.handle_endtag("table")
    grid = Grid()
    row_no = 0
    for table in parser.tables:
        row_no = _lay(table, grid, row_no)
    if not grid.rows:
        raise RefusedError("webpage")
    return [SheetCells(None, hidden=False, table=grid.table(), merged=grid.merged)]


def _lay(table: _Table, grid: Grid, row_no: int) -> int:
    """Put a table under what is there; tables within its cells follow the row they stand in."""
    for place, row in enumerate(table.rows, start=1):
        inner = [child for at, child in table.inner if at == place]
        if not inner or any(text for _, text, _, _ in row):
            row_no += 1
            for column, text, down, across in row:
                grid.put(row_no, column, text)
                if not inner:
                    grid.merge(row_no, column, down, across)
        for child in inner:
            row_no = _lay(child, grid, row_no)
    return row_no
