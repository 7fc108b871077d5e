"""Spliced rows equal what XlsxWriter itself would have written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

import fastexcel
import openpyxl
import polars as pl
import pytest
import xlsxwriter

from recon.output.splice import CUT_NOTICE, MAX_CELL, Spliced, cell_text, splice_workbook
from tests.unit.output import factory

if TYPE_CHECKING:
    from pathlib import Path

FRAME = pl.DataFrame(
    {
        "text": [*factory.NASTY, "", None],
        "money": [Decimal(n) / 100 - 5 for n in range(len(factory.NASTY))] + [None, Decimal(0)],
        "day": [date(2024, 2, 29)] * len(factory.NASTY) + [None, date(1999, 12, 31)],
        "count": [*range(len(factory.NASTY)), None, -1],
    },
    schema={"text": pl.String, "money": pl.Decimal(18, 2), "day": pl.Date, "count": pl.Int64},
)


def _skeleton(rows: int) -> BytesIO:
    skeleton = BytesIO()
    book = xlsxwriter.Workbook(skeleton, {"in_memory": True})
    sheet = book.add_worksheet("T")
    formats = [book.add_format({"num_format": f}) for f in ("@", "0.00", "yyyy-mm-dd", "0")]
    for number, (name, shape) in enumerate(zip(FRAME.columns, formats, strict=True)):
        sheet.write_string(0, number, name)
        sheet.write_blank(1, number, None, shape)
    sheet.autofilter(0, 0, rows, 3)
    book.close()
    skeleton.seek(0)
    return skeleton


def _splice(frame: pl.DataFrame, path: Path) -> Path:
    values = tuple(pl.col(name) for name in frame.columns)
    table = Spliced("xl/worksheets/sheet1.xml", frame, values)
    splice_workbook(_skeleton(frame.height), (table,), path)
    return path


def _plain(frame: pl.DataFrame, path: Path) -> Path:
    """Write the same with XlsxWriter alone, in memory-saving mode with inline texts."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("T")
    formats = [book.add_format({"num_format": f}) for f in ("@", "0.00", "yyyy-mm-dd", "0")]
    for number, name in enumerate(frame.columns):
        sheet.write_string(0, number, name)
    for row, cells in enumerate(frame.iter_rows(), start=1):
        for number, cell in enumerate(cells):
            shape = formats[number]
            if cell is None or cell == "":
                sheet.write_blank(row, number, None, shape)
            elif isinstance(cell, str):
                shown = cell.replace("\x07", "").replace("<r>", "\ue000")
                sheet.write_string(row, number, shown, shape)
            elif isinstance(cell, date):
                sheet.write_datetime(row, number, cell, shape)
            else:
                sheet.write_number(row, number, cell, shape)
    book.close()
    return path


def _read(path: Path) -> list[list[tuple[object, str]]]:
    sheet = openpyxl.load_workbook(path)["T"]
    return [
        [(str(c.value).replace("\ue000", "<r>"), c.number_format) for c in row]
        for row in sheet.rows
    ]


def test_cells_equal_those_of_the_plain_writer(tmp_path: Path) -> None:
    spliced = _read(_splice(FRAME, tmp_path / "s.xlsx"))
    assert spliced == _read(_plain(FRAME, tmp_path / "p.xlsx"))
    assert len(spliced) == FRAME.height + 1


def test_fastexcel_reads_the_same_values(tmp_path: Path) -> None:
    read = fastexcel.read_excel(_splice(FRAME, tmp_path / "s.xlsx")).load_sheet("T")
    frame = read.to_polars()
    assert frame["text"][0] == "=1+1"
    assert frame["text"][8] == "_x0041_"
    assert frame["money"].to_list()[:3] == [-5.0, -4.99, -4.98]
    assert frame["day"].dt.date()[0] == date(2024, 2, 29)


def test_slices_join_without_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _read(_splice(FRAME, tmp_path / "whole.xlsx"))
    monkeypatch.setattr("recon.output.splice._SLICE", 3)
    assert _read(_splice(FRAME, tmp_path / "sliced.xlsx")) == whole


@pytest.mark.parametrize(
    ("text", "units"),
    [("字" * MAX_CELL, MAX_CELL), ("字" * (MAX_CELL + 1), MAX_CELL), ("a" * 10, 10)],
)
def test_a_cell_holds_at_most_what_excel_takes(text: str, units: int) -> None:
    shown = pl.DataFrame({"t": [text]}).select(cell_text(pl.col("t"))).item()
    assert len(shown.encode("utf-16-le")) // 2 <= units
    assert shown.endswith(CUT_NOTICE) == (len(text) > MAX_CELL)


def test_characters_of_two_units_are_counted_twice() -> None:
    shown = pl.DataFrame({"t": ["𠮷" * 20_000]}).select(cell_text(pl.col("t"))).item()
    assert len(shown.encode("utf-16-le")) // 2 <= MAX_CELL
    assert shown.endswith(CUT_NOTICE)


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    shown = pl.DataFrame({"t": ["a\x00b\x1fc\ufffed\r\ne\rf"]}).select(cell_text(pl.col("t")))
    assert shown.item() == "abcd\ne\nf"
