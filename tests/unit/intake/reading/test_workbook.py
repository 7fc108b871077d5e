"""Cells of real workbooks: exact numbers, exact places, what a fast reader hides."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
import xlwt

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.intake.formats.reader import FileRead

    Read = Callable[..., FileRead]


def made(fill: Callable[[xlsxwriter.Workbook], object], **options: object) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, options) as book:
        fill(book)
    return out.getvalue()


def rewritten(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Change the text of one part of a package."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            target.writestr(name, change(body) if name == part else body)
    return out.getvalue()


def prefixed(content: bytes) -> bytes:
    """Write the same workbook the way the fast path does not follow: references after styles."""

    def change(body: bytes) -> bytes:
        for style in range(12):
            body = body.replace(b' s="%d"' % style, b"").replace(b"<c r=", b"<c  r=")
        return body

    return rewritten(content, "xl/worksheets/sheet1.xml", change)


NUMBERS = [
    99999999999.99, 12345678.91, 8388609.1, -1234.565, 0.1, 29.02, 1234567.89, 1 / 3, 2e6 / 3,
    1e-7, 0.0049999999999, 45717, -5, 0, 1e15, 123456789.12, 16777216.07, 4503599627370495.5,
]  # fmt: skip


@pytest.mark.parametrize("path", ["fast", "slow", "openpyxl"])
def test_numbers_come_back_exactly(read: Read, path: str) -> None:
    if path == "openpyxl":
        out = io.BytesIO()
        book = openpyxl.Workbook()
        for place, number in enumerate(NUMBERS, start=1):
            book.active.cell(place, 1, number)
        book.save(out)
        content = out.getvalue()
    else:
        content = made(lambda book: book.add_worksheet().write_column(0, 0, NUMBERS))
    stored = [float(f"{number:.16G}") for number in NUMBERS]  # what these writers write
    (sheet,) = read("a.xlsx", prefixed(content) if path == "slow" else content).sheets
    assert [float(text) for text in sheet.cells["A"]] == stored
    assert sheet.cells["A"][:6].to_list() == [
        "99999999999.99", "12345678.91", "8388609.1", "-1234.565", "0.1", "29.02",
    ]  # fmt: skip
    assert not any("e" in text.lower() for text in sheet.cells["A"])


def test_texts_that_look_like_numbers_stay_as_typed(read: Read) -> None:
    texts = ["110101199001011234", "00123", "12345678901234567.1200", "1234567890.12345678", "1E5"]
    content = made(lambda book: book.add_worksheet().write_column(0, 0, texts))
    (sheet,) = read("a.xlsx", content).sheets
    assert sheet.cells["A"].to_list() == texts
    assert sheet.cut_numbers == ()


@pytest.mark.parametrize("slow", [False, True])
def test_identity_numbers_stored_as_numbers_are_listed(read: Read, slow: bool) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(1, 1, [110101199001011234, 6217001234567890123, 1234567890123])
        sheet.write_string(2, 1, "110101199001011234")

    content = prefixed(made(fill)) if slow else made(fill)
    (sheet,) = read("a.xlsx", content).sheets
    assert sheet.cut_numbers == ((2, "B"), (2, "C"))
    assert sheet.cells["B"].to_list() == ["110101199001011200", "110101199001011234"]
    assert sheet.cells["D"][0] == "1234567890123"


@pytest.mark.parametrize("base", [False, True])
def test_dates_and_times_are_written_one_way(read: Read, base: bool) -> None:
    moments = {
        "yyyy-mm-dd": (dt.date(2024, 3, 5), "2024-03-05"),
        "yyyy/m/d h:mm": (dt.datetime.fromisoformat("2024-03-05 08:30:07"), "2024-03-05 08:30:07"),
        'yyyy"年"m"月"d"日"': (dt.date(2024, 3, 5), "2024-03-05"),
        "[$-804]aaaa, mmmm d": (dt.date(2024, 3, 5), "2024-03-05"),
        "hh:mm:ss": (dt.time(8, 30), "08:30:00"),
        "[h]:mm": (dt.timedelta(hours=36), "36:00:00"),
        "31": (dt.date(2024, 3, 5), "2024-03-05"),
        "57": (dt.date(2024, 3, 5), "2024-03-05"),
        "14": (dt.date(2024, 3, 5), "2024-03-05"),
    }

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row, (code, (moment, _)) in enumerate(moments.items()):
            number = int(code) if code.isdigit() else code
            sheet.write_datetime(row, 0, moment, book.add_format({"num_format": number}))

    (sheet,) = read("a.xlsx", made(fill, date_1904=base)).sheets
    assert sheet.is_1904 is base
    assert sheet.cells["A"].to_list() == [text for _, text in moments.values()]


def test_places_are_exact_when_the_sheet_does_not_start_at_a1(read: Read) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("甲")
        sheet.write(6, 3, "标题")
        sheet.write(9, 4, 12.5)
        sheet.write(9, 27, "远")

    (sheet,) = read("a.xlsx", made(fill)).sheets
    assert sheet.cells["row_no"].to_list() == [7, 10]
    assert sheet.cells.columns[:3] == ["row_no", "D", "E"]
    assert sheet.cells.columns[-1] == "AB"
    assert (sheet.cells["E"][1], sheet.cells["AB"][1], sheet.rows_total) == ("12.5", "远", 10)


def test_errors_formulas_merges_and_hidden_parts_are_told(read: Read) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("甲")
        sheet.merge_range("B2:D2", "大标题")
        sheet.write_row(2, 1, ["单位", "金额", "比"])
        sheet.write_formula(3, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(5, 2, "=1+1", None, 2)
        sheet.write(6, 1, "末")
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.set_column("D:E", None, None, {"hidden": True})
        book.add_worksheet("藏").hide()
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=甲!$C$4:$C$6"})
        book.add_chartsheet("图").set_chart(chart)
        book.get_worksheet_by_name("藏").write(0, 0, True)

    sheet, hidden = read("a.xlsx", made(fill)).sheets
    assert sheet.merged == ((2, "B", 2, "D"),)
    assert sheet.errors == ((4, "C", "#DIV/0!"),)
    assert sheet.blank_formulas == ()
    assert sheet.cells.filter(sheet.cells["row_no"] == 6)["C"].to_list() == ["2"]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((5,), ("D", "E"))
    assert (sheet.hidden, hidden.hidden, hidden.sheet) == (False, True, "藏")
    assert hidden.cells.rows() == [(1, "true")]


@pytest.mark.parametrize("left", [0, 1])
@pytest.mark.parametrize("value", [b"<v>", b'<v xml:space="preserve">'])
def test_error_cells_are_told_however_they_are_read(read: Read, left: int, value: bytes) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, left, ["单位", "金额", ' t="e"'])
        sheet.write_formula(1, left + 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, left + 1, "=NA()", None, "#N/A")
        sheet.write_row(3, left, ["甲", 5, "#REF!"])

    def change(body: bytes) -> bytes:
        return body.replace(b"<v>#N/A", value + b"#N/A")

    content = rewritten(made(fill), "xl/worksheets/sheet1.xml", change)
    (sheet,) = read("a.xlsx", content).sheets
    name, money, note = "ABCD"[left : left + 3]
    assert sheet.errors == ((2, money, "#DIV/0!"), (3, money, "#N/A"))
    assert sheet.cells.columns == ["row_no", name, money, note]
    assert sheet.cells.rows() == [(1, "单位", "金额", ' t="e"'), (4, "甲", "5", "#REF!")]


CELLS = (
    '<row r="1" hidden="1"><c r="A1"><v>0.30000000000000004</v></c>'
    '<c r="B1" t="str"><f>A1&amp;""</f><v></v></c><c r="C1"><f>1+1</f></c>'
    '<c r="D1"><f>1+1</f><v/></c><c r="E1"><f t="shared" si="0"/><v></v></c>'
    '<c r="F1" t="str"><f>1</f><v>12345678901234567890</v></c>'
    '<c r="G1"><v>1.10101199001011E+17</v></c></row>'
)


def test_cells_as_excel_writes_them(read: Read) -> None:
    def change(body: bytes) -> bytes:
        return body.replace(b"<sheetData/>", f"<sheetData>{CELLS}</sheetData>".encode())

    content = made(lambda book: book.add_worksheet("甲"))
    (sheet,) = read("a.xlsx", rewritten(content, "xl/worksheets/sheet1.xml", change)).sheets
    assert sheet.cells.rows()[0][:3] == (1, "0.30000000000000004", None)
    assert sheet.cells["F"][0] == "12345678901234567890"
    assert sheet.cells["G"][0] == "110101199001011000"
    assert sheet.cut_numbers == ((1, "G"),)
    assert sheet.blank_formulas == ((1, "C"), (1, "D"), (1, "E"))
    assert sheet.hidden_rows == (1,)


def test_formulas_without_a_result_are_told(read: Read) -> None:
    book = openpyxl.Workbook()
    book.active["B2"] = 5
    book.active["B3"] = "=B2*2"
    out = io.BytesIO()
    book.save(out)
    (sheet,) = read("a.xlsx", out.getvalue()).sheets
    assert sheet.blank_formulas == ((3, "B"),)
    assert sheet.rows_total == 3


def test_the_extension_decides_nothing(read: Read) -> None:
    content = made(lambda book: book.add_worksheet("甲").write(0, 0, "x"))
    for name in ("a.xls", "b.csv", "c.et"):
        found = read(name, content)
        assert (found.source.true_type, found.sheets[0].cells.rows()) == ("xlsx", [(1, "x")])
    found = read("d.xls", '代码\t金额\n="00123"\t1\n'.encode("gbk"))
    assert found.source.true_type == "tsv"
    assert found.sheets[0].cells.rows()[1] == (2, "00123", "1")


def test_old_workbooks_are_read(read: Read) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("甲")
    sheet.write_merge(2, 2, 1, 3, "标题")
    style = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    sheet.write(4, 1, dt.date(2024, 3, 5), style)
    sheet.write(4, 2, 99999999999.99)
    sheet.write(4, 3, 110101199001011234)
    sheet.write(5, 1, "文")
    book.dates_1904 = False
    out = io.BytesIO()
    book.save(out)
    found = read("旧.et", out.getvalue())
    (sheet,) = found.sheets
    assert found.source.true_type == "xls"
    assert sheet.cells.rows() == [
        (3, "标题", None, None),
        (5, "2024-03-05", "99999999999.99", "110101199001011230"),
        (6, "文", None, None),
    ]
    assert (sheet.merged, sheet.cut_numbers) == (((3, "B", 3, "D"),), ((5, "D"),))


def test_an_old_workbook_may_count_from_1904(read: Read) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = True
    book.add_sheet("甲").write(0, 0, 44000, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    out = io.BytesIO()
    book.save(out)
    (sheet,) = read("a.xls", out.getvalue()).sheets
    assert (sheet.is_1904, sheet.cells["A"][0]) == (True, "2024-06-19")


ODS = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="甲"><table:table-row table:number-rows-repeated="2"><table:table-cell/>
</table:table-row><table:table-row><table:table-cell/>
<table:table-cell office:value-type="float" office:value="1234.5"><text:p>1,234.50</text:p>
</table:table-cell><table:table-cell office:value-type="date" office:date-value="2024-03-05">
<text:p>x</text:p></table:table-cell></table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"""


def ods(content: str) -> bytes:
    """Return an OpenDocument workbook around its content."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content.replace("\n", ""))
    return out.getvalue()


def test_open_document_sheets_are_read(read: Read) -> None:
    found = read("a.ods", ods(ODS))
    assert found.source.problem is None
    assert found.sheets[0].cells.rows() == [(3, "1234.5", "2024-03-05")]


def test_merged_cells_of_an_open_document_sheet_are_known(read: Read) -> None:
    spans = 'table:number-rows-spanned="2" table:number-columns-spanned="3"'
    skip = '<table:table-cell table:number-columns-repeated="2"/>'
    row = f"<table:table-row>{skip}<table:table-cell {spans}/></table:table-row>"
    head, _, rest = ODS.partition("<table:table-row>")
    (sheet,) = read("a.ods", ods(f"{head}{row}<table:table-row>{rest}")).sheets
    assert sheet.merged == ((3, "C", 4, "E"),)


def test_an_open_document_sheet_with_entities_is_refused(read: Read) -> None:
    found = read("a.ods", ods(ODS.replace("?>", '?><!DOCTYPE a [<!ENTITY b "1">]>', 1)))
    assert found.source.problem is not None
    assert not found.sheets


def test_an_empty_sheet_is_a_sheet_without_rows(read: Read) -> None:
    (sheet,) = read("a.xlsx", made(lambda book: book.add_worksheet("空"))).sheets
    assert (sheet.sheet, sheet.rows_total, sheet.cells.height) == ("空", 0, 0)


@pytest.mark.parametrize("page", [1252, 936, 10008])
def test_texts_of_an_old_workbook_are_utf16_whatever_its_code_page_says(
    read: Callable[..., FileRead], page: int
) -> None:
    made, out = xlwt.Workbook(), io.BytesIO()
    sheet = made.add_sheet("银行流水")
    for place, text in enumerate(["交易日期", "S1", "甲公司"]):
        sheet.write(0, place, text)
    made.save(out)
    record = struct.pack("<HH", 0x42, 2)
    body = out.getvalue().replace(
        record + struct.pack("<H", 1200), record + struct.pack("<H", page)
    )
    assert body != out.getvalue()
    [found] = read("a.xls", body).sheets
    assert (found.sheet, found.cells.rows()) == ("银行流水", [(1, "交易日期", "S1", "甲公司")])
