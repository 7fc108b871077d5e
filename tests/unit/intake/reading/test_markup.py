from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.intake.formats.reader import FileRead

    Read = Callable[..., FileRead]


SHEET = """<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="明细"><Table>
<Column/><Column ss:Index="3" ss:Hidden="1"/>
<Row ss:Index="2"><Cell ss:MergeAcross="1"><Data ss:Type="String">标题</Data></Cell>
<Cell><Data ss:Type="String">丙</Data></Cell></Row>
<Row><Cell ss:Index="2"><Data ss:Type="Number">99999999999.99</Data></Cell>
<Cell><Data ss:Type="DateTime">2024-03-05T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="Error">#N/A</Data></Cell>
<Cell ss:Formula="=1+1"/><Cell><Data ss:Type="Boolean">1</Data></Cell>
<Cell><Data ss:Type="DateTime">2024-03-05T08:30:00.000</Data></Cell></Row>
<Row ss:Index="5" ss:Hidden="1"><Cell ss:MergeDown="1"><Data ss:Type="String">甲</Data></Cell>
<Cell><Data ss:Type="Number">1.10101199001011E+17</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">乙</Data></Cell></Row>
</Table></Worksheet>
<Worksheet ss:Name="隐藏"><Table/><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible>
</x:WorksheetOptions></Worksheet>
</Workbook>"""


def test_a_spreadsheetml_workbook_is_read_with_its_offsets(read: Read) -> None:
    found = read("旧账.xls", SHEET.encode())
    assert (found.source.true_type, found.source.status) == ("xml_sheet", "read")
    sheet, hidden = found.sheets
    assert sheet.sheet == "明细"
    assert sheet.cells.rows() == [
        (2, "标题", None, "丙", None, None, None, None),
        (3, None, "99999999999.99", "2024-03-05", None, None, "true", "2024-03-05 08:30:00"),
        (5, "甲", "110101199001011000", None, None, None, None, None),
        (6, None, "乙", None, None, None, None, None),
    ]
    assert sheet.errors == ((3, "D", "#N/A"),)
    assert sheet.blank_formulas == ((3, "E"),)
    assert sheet.cut_numbers == ((5, "B"),)
    assert sheet.merged == ((2, "A", 2, "B"), (5, "A", 6, "A"))
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((5,), ("C",))
    assert (hidden.hidden, hidden.rows_total) == (True, 0)


def html(body: str) -> bytes:
    return f"<html><head><meta charset=gbk><style>td{{x:1}}</style></head>{body}</html>".encode(
        "gbk"
    )


def cells(found: FileRead) -> list[tuple]:
    (sheet,) = found.sheets
    return sheet.cells.rows()


def test_a_page_named_xls_is_read_as_its_table(read: Read) -> None:
    found = read(
        "流水.xls",
        html(
            "<table><tr><th>日期<br>时间</th><th>金&nbsp;额</th><th>&lt;摘要&gt;</th></tr>"
            "<tr><td>2024-03-05<td> 1,234.56 <td>工资\n 代发</table>"
        ),
    )
    assert (found.source.true_type, found.source.encoding) == ("html", "gb18030")
    assert cells(found) == [
        (1, "日期 时间", "金 额", "<摘要>"),
        (2, "2024-03-05", "1,234.56", "工资 代发"),
    ]


def test_spans_push_cells_to_their_columns(read: Read) -> None:
    found = read(
        "a.xls",
        html(
            "<table><tr><td rowspan=2>甲</td><td colspan=2>乙</td><td>丙</td></tr>"
            "<tr><td>1</td><td>2</td><td>3</td></tr><tr><td>4</td><td>5</td></tr></table>"
        ),
    )
    assert cells(found) == [
        (1, "甲", "乙", None, "丙"),
        (2, None, "1", "2", "3"),
        (3, "4", "5", None, None),
    ]
    assert found.sheets[0].merged == ((1, "A", 2, "A"), (1, "B", 1, "C"))


def test_a_table_within_a_layout_table_keeps_its_columns(read: Read) -> None:
    found = read(
        "a.xls",
        html(
            "<table><tr><td>标题</td></tr><tr><td><table><tr><td>a</td><td>b</td></tr>"
            "<tr><td>1</td><td>2</td></tr></table></td></tr><tr><td>末行</td></tr></table>"
            "<table><tr><td>第二表</td></tr></table>"
        ),
    )
    assert cells(found) == [
        (1, "标题", None),
        (2, "a", "b"),
        (3, "1", "2"),
        (4, "末行", None),
        (5, "第二表", None),
    ]


def test_a_page_without_a_table_is_no_data(read: Read) -> None:
    found = read("a.xls", b"<html><body>session expired</body></html>")
    assert found.source.status == "refused"
    assert "网页" in found.source.problem.zh


@pytest.mark.parametrize("span", ["-1", "x", "99999999999", "٣"])
def test_nonsense_spans_count_as_one(read: Read, span: str) -> None:
    page = f'<table><tr><td colspan="{span}">a</td><td>b</td></tr></table>'.encode()
    assert cells(read("a.htm", page)) == [(1, "a", "b")]
