"""The tool's own workbooks are no input, whatever program saved them last."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlwt

from recon.intake.pipeline import read_intake
from recon.output.workbook import build_workbook
from recon.report.register import _COUNTY, _FINDINGS, _LEADS
from recon.rollup.papers import City, _overview
from tests.unit.output import factory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recon.intake.formats.reader import FileRead

    Read = Callable[..., FileRead]
    Rows = list[list[object]]

BANK: Rows = [["账号", "交易日期", "收入金额"], ["990099565260658", "2024-03-01", 5]]


@pytest.fixture(scope="module")
def exceptions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "exceptions.xlsx"
    build_workbook(factory.result(5), path)
    return path


def retyped(path: Path) -> dict[str, Rows]:
    """The cells of a workbook, and nothing else of it."""
    book = openpyxl.load_workbook(path)
    return {one.title: [list(row) for row in one.iter_rows(values_only=True)] for one in book}


def saved(sheets: dict[str, Rows]) -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(out)
    return out.getvalue()


def saved_old(sheets: dict[str, Rows]) -> bytes:
    made, out = xlwt.Workbook(), io.BytesIO()
    for name, rows in sheets.items():
        sheet = made.add_sheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, str(cell or ""))
    made.save(out)
    return out.getvalue()


def is_passed(found: FileRead) -> bool:
    problem = found.source.problem
    return (
        found.source.status == "ignored"
        and not found.sheets
        and problem is not None
        and problem.zh == f"{found.source.path}: 这是 recon 自己生成的文件，不作为输入。"
    )


def test_a_workbook_that_openpyxl_saved_keeps_its_mark(read: Read, exceptions: Path) -> None:
    book, out = openpyxl.load_workbook(exceptions), io.BytesIO()
    del book["_recon"]
    for sheet in book.worksheets:
        sheet["A1"] = "改过"
    book.save(out)
    assert is_passed(read("a.xlsx", out.getvalue()))


@pytest.mark.parametrize(("name", "save"), [("a.xlsx", saved), ("a.xls", saved_old)])
def test_a_workbook_without_any_mark_is_known_by_its_sheets(
    read: Read, exceptions: Path, name: str, save: Callable[[dict[str, Rows]], bytes]
) -> None:
    sheets = retyped(exceptions)
    sheets.pop("_recon")
    assert is_passed(read(name, save(sheets)))


def test_a_sheet_of_ours_alone_is_known(read: Read, exceptions: Path) -> None:
    sheets = retyped(exceptions)
    one = next(name for name in sheets if name.startswith("REM"))
    assert is_passed(read("a.xlsx", saved({"Sheet1": sheets[one]})))
    text = "\n".join(",".join(str(cell or "") for cell in row) for row in sheets[one][:1])
    assert is_passed(read("a.csv", (text + "\n1,甲\n").encode()))


def test_what_somebody_laid_beside_our_sheets_is_read_and_told(
    read: Read, exceptions: Path
) -> None:
    found = read("a.xlsx", saved(retyped(exceptions) | {"流水": BANK}))
    (sheet,) = found.sheets
    assert sheet.sheet == "流水"
    assert "是 recon 自己生成的，没有读取" in sheet.notes[0].zh


@pytest.mark.parametrize("said", ["zh", "en"])
def test_a_register_is_known_by_its_headers(read: Read, said: str) -> None:
    findings, leads = (
        [[getattr(header, said) for _, header, *_ in columns]] for columns in (_FINDINGS, _LEADS)
    )
    names = ("整改台账", "待核实线索") if said == "zh" else ("register", "leads")
    assert is_passed(read("a.xlsx", saved(dict(zip(names, (findings, leads), strict=True)))))


def test_workbook_and_register_of_a_city_are_known(read: Read) -> None:
    city = City("某市", date(2025, 6, 30), (), (), ())
    overview = _overview(city)
    rows: dict[str, Rows] = {
        overview.name.zh: [["说明"], [header.zh for header in overview.headers]]
    }
    assert is_passed(read("a.xlsx", saved(rows)))
    columns = (_FINDINGS[0], _COUNTY, *_FINDINGS[1:])
    listed: dict[str, Rows] = {"整改台账": [[header.zh for _, header, *_ in columns]]}
    assert is_passed(read("a.xlsx", saved(listed)))


def test_a_county_s_own_list_of_problems_is_no_output_of_ours(read: Read) -> None:
    rows: Rows = [
        ["序号", "问题", "整改措施", "责任人", "整改时限"],
        ["1", "甲", "乙", "丙", "6月"],
    ]
    assert len(read("a.xlsx", saved({"整改台账": rows, "汇总": BANK})).sheets) == 2


OURS: Rows = [["例外编号", "单位", "方向", "核实结论", "认定金额"], ["A1", "甲", "少缴", "属实", 1]]
FLOW: Rows = [
    ["账号", "交易日期", "收入金额", "支出金额"],
    ["990099565260658", "2024-03-01", 5, None],
]


@pytest.mark.parametrize(
    ("sheets", "rows"),
    [
        ({"流水": [["对账核查结果汇总"], *FLOW]}, 1),
        ({"汇总": [["对账核查结果汇总"], *FLOW]}, 1),
        ({"例外": OURS, "汇总": FLOW}, 1),
        ({"summary": FLOW, "x": [["id", "party", "nature", "found (yuan)"], [1, "a", "b", 2]]}, 1),
        ({"流水": [[*FLOW[0], *OURS[0]], [*FLOW[1], *OURS[1]]]}, 1),
        ({"例外": OURS, "备注": [["无"]]}, 0),
        ({"例外": OURS}, None),
    ],
)
def test_a_sheet_of_somebody_s_is_read_whatever_name_or_title_it_shares_with_ours(
    tmp_path: Path, sheets: dict[str, Rows], rows: int | None
) -> None:
    (tmp_path / "a.xlsx").write_bytes(saved(sheets))
    found = read_intake(tmp_path)
    assert found.files[0].status == ("ignored" if rows is None else "read")
    assert sum(one.height for one in found.tables.values()) == (rows or 0)


def test_no_sheet_of_our_own_comes_back_as_an_input(tmp_path: Path, exceptions: Path) -> None:
    sheets = retyped(exceptions)
    sheets.pop("_recon")
    (tmp_path / "a.xlsx").write_bytes(saved(sheets))
    for number, (name, rows) in enumerate(sheets.items()):
        (tmp_path / f"{number}.xlsx").write_bytes(saved({name: rows, "例外": OURS}))
    found = read_intake(tmp_path)
    assert found.tables == {}
