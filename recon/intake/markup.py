"""Workbooks that are really markup: HTML tables saved as .xls, and SpreadsheetML 2003.

Both become sheets of text like any other. Entities are never expanded: a document type in XML is
refused. Not here: finding the encoding (`encoding`), real workbooks (`workbook`).
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pyarrow as pa

from recon.intake.letters import letter_of
from recon.intake.numbers import is_cut, plain
from recon.intake.refusals import RefusedError
from recon.intake.workbook import SheetCells

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_X = "{urn:schemas-microsoft-com:office:excel}"
_MOST_COLUMNS = 16_384
_MOST_ROWS = 1_048_576
_MOST_CELLS = 50_000_000
_SPACES = re.compile(r"[ \t\r\n\f]+")
_MIDNIGHT = re.compile(r"[T ]00:00:00(?:\.0+)?$")


class Grid:
    """Cells put anywhere, turned into columns at the end."""

    def __init__(self) -> None:
        """Start empty."""
        self.rows: dict[int, dict[int, str]] = {}
        self.merged: list[tuple[int, str, int, str]] = []
        self.width = 0

    def put(self, row_no: int, column: int, text: str) -> None:
        """Write one cell; blank text only widens nothing."""
        if column >= _MOST_COLUMNS or row_no > _MOST_ROWS:
            raise RefusedError("oversized", "1")
        if text:
            self.rows.setdefault(row_no, {})[column] = text
            self.width = max(self.width, column + 1)

    def merge(self, top: int, left: int, down: int, across: int) -> None:
        """Note a merged range that starts at a cell and reaches down and across."""
        if down or across:
            last = min(left + across, _MOST_COLUMNS - 1)
            self.merged.append((top, letter_of(left), top + down, letter_of(last)))

    def table(self, name: str = "1") -> pa.Table:
        """Lay the cells out as string columns from row 1."""
        last = max(self.rows, default=0)
        if last * self.width > _MOST_CELLS:
            raise RefusedError("oversized", name)
        columns: list[list[str | None]] = [[None] * last for _ in range(self.width)]
        for row_no, cells in self.rows.items():
            for column, text in cells.items():
                columns[column][row_no - 1] = text
        return pa.table(
            [pa.array(column, type=pa.string()) for column in columns],
            names=[letter_of(i) for i in range(self.width)],
        )


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
            self.open[-1].spans = (_span(found.get("rowspan")), _span(found.get("colspan")))
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
        if table.column + across > _MOST_COLUMNS:
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
        RefusedError: `foreign` for a page without a table.
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
        raise RefusedError("foreign", "HTML")
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


def _span(value: str | None) -> int:
    """Read a rowspan or colspan; nonsense counts as 1."""
    text = (value or "").strip()
    return (
        min(max(int(text), 1), 65_534) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    )


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
        root = ElementTree.fromstring(body)  # noqa: S314 (document types were refused above)
    except ElementTree.ParseError:
        raise RefusedError("corrupt", "XML") from None
    return [_xml_sheet(sheet) for sheet in root.iter(f"{_SS}Worksheet")]


def _xml_sheet(sheet: ElementTree.Element) -> SheetCells:
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


def _hidden_columns(table: ElementTree.Element) -> list[str]:
    hidden = []
    index = 0
    for column in table.findall(f"{_SS}Column"):
        step = column.get(f"{_SS}Index")
        index = int(step) if step and step.isdigit() else index + 1
        more = int(column.get(f"{_SS}Span") or 0)
        if column.get(f"{_SS}Hidden") == "1":
            hidden += [letter_of(i - 1) for i in range(index, min(index + more, _MOST_COLUMNS) + 1)]
        index += more
    return hidden


def _xml_row(
    row: ElementTree.Element, row_no: int, grid: Grid, read: SheetCells, spans: dict[int, int]
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
        across = _span(cell.get(f"{_SS}MergeAcross")) if cell.get(f"{_SS}MergeAcross") else 0
        down = _span(cell.get(f"{_SS}MergeDown")) if cell.get(f"{_SS}MergeDown") else 0
        grid.merge(row_no, column, down, across)
        if down:
            spans.update(dict.fromkeys(range(column, column + across + 1), row_no + down))
        _xml_cell(cell, row_no, column, grid, read)
        column += across + 1


def _xml_cell(
    cell: ElementTree.Element, row_no: int, column: int, grid: Grid, read: SheetCells
) -> None:
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
    if number in (float("inf"), float("-inf")) or number != number:  # noqa: PLR0124 (NaN)
        return text
    if is_cut(number):
        read.cut.append((row_no, letter))
    return plain(number)
