"""Names of files and sheets are text; sheets at the edge of what Excel allows are read whole."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from recon.base.models import ReadLimits
from recon.intake.formats.reader import read_file
from tests.trust.planted import check, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIMITS = ReadLimits(memory=1024**3, seconds=60)
HEADER = [
    "缴费人名称",
    "征收品目",
    "费款所属期起",
    "费款所属期止",
    "实缴金额",
    "入库日期",
    "电子税票号码",
]
FILES = [
    "=cmd.csv", "-rf 代收.csv", "$(touch x).csv", "'; drop table x; --.csv", "a#b!7.csv",
    "&lt;b&gt;.csv", "甲\u202e代收.csv", "甲\u200b代收.csv", "{0}%s.csv",
]  # fmt: skip
if os.name != "nt":  # Windows has no such names
    FILES += ["<img src=x onerror=alert(1)>.csv", 'a"b.csv', "a\\..\\b.csv", "CON.csv"]
SHEETS = [
    "=1+1", "<svg onload=1>", "'; drop table x", "..", "../../etc/passwd", "a!1", "a#b", "{0}%s",
    "甲\u202e乙", "[x]", "长" * 200,
]  # fmt: skip


def repacked(book: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook whose list of sheets is another."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body) if name == "xl/workbook.xml" else body)
    return packed.getvalue()


def named_sheets() -> bytes:
    """Return a workbook with hostile sheet names, also such as Excel would not take."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for number in range(len(SHEETS)):
            sheet = book.add_worksheet(f"s{number}")
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, row(100 + number))

    def rename(body: bytes) -> bytes:
        for number, name in enumerate(SHEETS):
            quoted = escape(name, {'"': "&quot;"}).encode()
            body = body.replace(b'name="s%d"' % number, b'name="%b"' % quoted)
        return body

    return repacked(made.getvalue(), rename)


def row(number: int) -> list[object]:
    name = f"示例{number}公司"
    return [name, "工会经费", "2024-03-01", "2024-03-31", 100 + number, "2024-05-16", f"V{number}"]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the run over a folder of files and sheets with hostile names, one row in each."""
    folder = tmp_path_factory.mktemp("files") / "资料"
    folder.mkdir()
    for number, name in enumerate(FILES):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, row(number)])
    (folder / "代收明细.xlsx").write_bytes(named_sheets())
    return check(folder, "--select", "REM-03")


@pytest.mark.hostile("names of files and sheets", "read; evidence names them; nothing else is made")
def test_every_name_is_followed_to_its_row(done: Path) -> None:
    places = pl.read_parquet(done / "exceptions.parquet")["evidence"].explode().to_list()
    expected = [f"{name}!2" for name in FILES] + [f"代收明细.xlsx#{name}!2" for name in SHEETS]
    assert sorted(places) == sorted(expected)
    folder = done.parent.parent
    known = {*FILES, "代收明细.xlsx", "recon-out", "recon.key", ".recon-cache"}
    assert {path.name for path in folder.iterdir()} == known


@pytest.mark.hostile("names of files and sheets", "text in workbook, csv and page")
def test_names_are_text_in_every_output(done: Path) -> None:
    book = openpyxl.load_workbook(done / "exceptions.xlsx")
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
    assert [one for one in formulas if "cmd" in one or "=1+1" in one] == []
    page = (done / "report.html").read_text("utf-8")
    assert "<img src=x" not in page
    assert "<svg onload" not in page
    with (done / "exceptions.csv").open(encoding="utf-8-sig", newline="") as file:
        assert not [cell for line in csv.reader(file) for cell in line if cell.startswith("=")]


@pytest.mark.hostile("names of files and sheets", "an exception is explained by them")
def test_an_exception_on_such_a_name_is_explained(done: Path) -> None:
    first = pl.read_parquet(done / "exceptions.parquet").row(0, named=True)
    result = run("explain", first["exception_id"], "--out", done.parent)
    assert result.exit_code == 0, result.output
    assert first["evidence"][0] in result.output


def book_of(sheets: int) -> bytes:
    """Return a workbook whose sheets are all the same one."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet("a").write(0, 0, "x")
    one = b'<sheet name="%s" sheetId="%d" r:id="rId1"/>'
    many = b"".join(one % (b"s%d" % number, number) for number in range(1, sheets + 1))
    return repacked(made.getvalue(), lambda body: body.replace(one % (b"a", 1), many))


@pytest.mark.hostile("a workbook of 10 000 sheets", "refused with one sentence")
def test_ten_thousand_sheets_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(book_of(10_000))
    found = read_file(path, 1, tmp_path, LIMITS)
    assert found.source.status == "refused"
    assert found.source.problem is not None
    assert "sheets" in found.source.problem.en


@pytest.mark.hostile("16 384 columns", "read whole")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_all_columns_of_a_sheet_are_read(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{form}"
    head, values = [f"列{n}" for n in range(16_384)], [str(n) for n in range(16_384)]
    if form == "csv":
        path.write_text(f"{','.join(head)}\n{','.join(values)}\n", encoding="utf-8")
    else:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, head)
            sheet.write_row(1, 0, values)
    (sheet,) = read_file(path, 1, tmp_path, LIMITS).sheets
    assert sheet.cells.row(1)[1:] == tuple(values)


@pytest.mark.hostile(
    "cells of 32 767 characters and more", "read whole; in workbooks cut, and told"
)
def test_long_cells_lose_no_row(tmp_path: Path) -> None:
    folder = tmp_path / "资料"
    folder.mkdir()
    names = ["长" * 32_767, "远" * 40_000]
    lines = [[name, *row(at)[1:]] for at, name in enumerate(names)]
    with xlsxwriter.Workbook(folder / "代收一.xlsx") as book:
        sheet = book.add_worksheet("代收")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, lines[0])
    with (folder / "代收二.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, lines[1]])
    done = check(folder, "--select", "REM-03")
    assert sorted(pl.read_parquet(done / "exceptions.parquet")["party_name"]) == sorted(names)
    assert json.loads((done / "run.json").read_text("utf-8"))["rules"][0]["exceptions"] == 2
    book_cells = [
        str(cell.value or "")
        for sheet in openpyxl.load_workbook(done / "exceptions.xlsx")
        for line in sheet.iter_rows()
        for cell in line
    ]
    for name in names:
        assert [cell for cell in book_cells if cell.startswith(name[:100])]
    assert max(map(len, book_cells)) <= 32_767
