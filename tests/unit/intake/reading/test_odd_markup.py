"""Markup, records and grids at their bounds and with parts that are missing."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from recon.intake.formats import grid, records
from recon.intake.formats.detect import true_type
from recon.intake.formats.grid import Grid
from recon.intake.formats.html_tables import read_html
from recon.intake.formats.records import read_json_records
from recon.intake.formats.refusals import RefusedError
from recon.intake.formats.xml_sheet import read_xml_sheet

if TYPE_CHECKING:
    import pyarrow as pa

SS = 'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'


def rows(table: pa.Table | None) -> list[tuple[str | None, ...]]:
    assert table is not None
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def test_cells_without_a_row_and_tables_without_an_end_are_read() -> None:
    (sheet,) = read_html("<table><td>a<td>b<tr><td>c<table><tr><td>in")
    assert rows(sheet.table) == [("a", "b"), ("c", None), ("in", None)]


def test_merged_cells_are_noted_but_not_around_an_inner_table() -> None:
    (sheet,) = read_html(
        "<table><tr><td colspan=2>a</td></tr>"
        "<tr><td colspan=2>b<table><tr><td>c</table></td></tr></table>"
    )
    assert sheet.merged == [(1, "A", 1, "B")]
    assert rows(sheet.table) == [("a",), ("b",), ("c",)]


def test_a_table_wider_than_a_sheet_is_refused() -> None:
    cells = "<td colspan=60000>a</td>"
    with pytest.raises(RefusedError) as refused:
        read_html(f"<table><tr>{cells}</tr></table>")
    assert refused.value.code == "oversized"


def test_a_grid_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Grid()
    with pytest.raises(RefusedError, match="oversized"):
        made.put(1, grid.MOST_COLUMNS, "a")
    made.put(3, 2, "a")
    monkeypatch.setattr(grid, "_MOST_CELLS", 8)
    with pytest.raises(RefusedError) as refused:
        made.table("甲")
    assert (refused.value.code, refused.value.detail) == ("oversized", "甲")


def test_a_worksheet_may_be_empty_and_numbers_may_be_words() -> None:
    cells = "".join(
        f'<ss:Cell><ss:Data ss:Type="Number">{text}</ss:Data></ss:Cell>'
        for text in ("1.50", "n/a", "INF", "1234567890123456789")
    )
    book = (
        f'<Workbook {SS}><ss:Worksheet ss:Name="空"/><ss:Worksheet ss:Name="数"><ss:Table><ss:Row>'
        f'{cells}<ss:Cell/><ss:Cell ss:Formula="=A1"/></ss:Row></ss:Table></ss:Worksheet>'
        "</Workbook>"
    )
    empty, numbers = read_xml_sheet(book.replace("<Workbook", "<ss:Workbook").replace(
        "</Workbook", "</ss:Workbook"))  # fmt: skip
    assert (empty.name, empty.table.num_rows) == ("空", 0)
    assert rows(numbers.table) == [("1.5", "n/a", "INF", "1234567890123456800")]
    assert (numbers.cut, numbers.blank_formulas) == ([(1, "D")], [(1, "F")])


def test_records_of_too_many_names_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '{"a": [{"x": 1, "y": 2}], "b": [{"x": 3, "y": 4}], "c": [{"x": 5}]}'
    assert [sheet.name for sheet in read_json_records(text)] == ["a", "b"]
    monkeypatch.setattr(records, "_MOST_SHEETS", 1)
    with pytest.raises(RefusedError) as refused:
        read_json_records(text)
    assert (refused.value.code, refused.value.detail) == ("sheets", "2")


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, body in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), body)
    return made.getvalue()


def test_types_told_by_what_stands_inside() -> None:
    ods = b"application/vnd.oasis.opendocument.spreadsheet"
    locked = zipped(mimetype=ods, **{"META-INF__manifest_xml": b"<manifest:encryption-data/>"})
    assert true_type(locked) == "encrypted"
    assert true_type(zipped(mimetype=ods, **{"META-INF__manifest_xml": b"<x/>"})) == "ods"
    assert true_type(b"intro <b>x</b>\n<TABLE border=1><tr><td>a</table>") == "html"
    assert true_type(b"< no markup at all") == "text"
