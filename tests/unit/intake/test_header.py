"""Headers wherever they stand and however they are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from recon.intake.layout.header import header_index, header_parts, normalise_header, unit_of
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake

TAX = [
    "缴费人名称",
    "征收品目",
    "费款所属期起",
    "费款所属期止",
    "实缴金额",
    "入库日期",
    "电子税票号码",
]
ROW = ["甲公司", "工会经费", "2024-01-01", "2024-01-31", "100.00", "2024-02-05", "V1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("实缴金额 （元）", "实缴金额"),
        ("实缴\n金额", "实缴金额"),
        ("实缴金额(万元)", "实缴金额"),
        ("实缴金额(单位：元)", "实缴金额"),
        ("*单位名称", "单位名称"),
        ("单位名称（必填）", "单位名称"),
        ("补助标准(元/人)", "补助标准"),
        ("面积(平方米)", "面积"),
        ("职业(工种)", "职业工种"),
        ("社会信用代码(纳税人识别号)", "社会信用代码纳税人识别号"),
        ("账 号：", "账号"),
    ],
)
def test_form_of_a_header_does_not_count(text: str, expected: str) -> None:
    assert normalise_header(text) == expected


def test_parts_of_a_header_are_outside_and_inside_its_brackets() -> None:
    assert header_parts("纳税人识别号（统一社会信用代码）") == ("纳税人识别号", "统一社会信用代码")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("金额(万元)", "wan"), ("单位：万元", "wan"), ("金额单位：人民币万元", "wan"),
        ("营业收入万元", "wan"),
        ("金额（元）", "yuan"), ("单位：元", "yuan"), ("费率(%)", "percent"),
        ("费率（‰）", "permille"),
        ("金额", None), ("单位：某县总工会", None),
    ],
)  # fmt: skip
def test_unit_of_a_header_or_title(text: str, expected: str | None) -> None:
    assert unit_of(text) == expected


def test_every_header_and_alias_of_the_contract_is_known() -> None:
    index = header_index()
    for table in specs().values():
        for column in table.columns:
            for header in column.headers:
                known = {(name, found) for name, found, _ in index[normalise_header(header)]}
                assert any(name == table.name for name, _ in known), (table.name, header)


def test_plain_sheet_of_every_table_is_that_table(load: Callable[..., Intake]) -> None:
    for table in specs().values():
        found = load([[column.zh for column in table.columns], ["x"] * len(table.columns)])
        assert found.sheets[0].table == table.name, found.questions
        assert not found.sheets[0].unmapped


def test_title_rows_stand_above_the_header(load: Callable[..., Intake]) -> None:
    found = load([["某县2024年代收明细"], [], ["打印日期：2024-03-01", "", "制表：甲"], TAX, ROW])
    assert found.sheets[0].header_row == 4
    assert found.tables["tax_collection"]["paid"].to_list() == [Decimal(100)]


def test_columns_come_in_any_order_with_strangers_between(load: Callable[..., Intake]) -> None:
    order = [6, 2, 0, 5, 4, 1, 3]
    header = ["序号", *(TAX[place] for place in order), "经办人"]
    found = load([header, ["1", *(ROW[place] for place in order), "张"]])
    assert found.tables["tax_collection"]["voucher_no"].to_list() == ["V1"]
    assert found.sheets[0].unmapped == ("序号", "经办人")


@pytest.mark.parametrize("merged", [((1, "C", 1, "D"), (1, "A", 2, "A")), ()])
def test_two_line_header(load: Callable[..., Intake], merged: tuple[Any, ...]) -> None:
    rows = [
        ["缴费人名称", "征收品目", "费款所属期", "", "金额", "", "入库日期", "电子税票号码"],
        ["", "", "起", "止", "应缴费额", "实缴金额", "", ""],
        ["甲公司", "工会经费", "2024-01-01", "2024-01-31", "90", "100.00", "2024-02-05", "V1"],
    ]
    found = load(rows, merged=merged)
    row = found.tables["tax_collection"].row(0, named=True)
    assert (row["period_from"], row["period_to"]) == (date(2024, 1, 1), date(2024, 1, 31))
    assert (row["due"], row["paid"]) == (Decimal(90), Decimal(100))
    assert found.sheets[0].rows_skipped == 2


def test_parent_over_two_children_gives_neither_its_name(load: Callable[..., Intake]) -> None:
    rows = [
        ["交易日期", "收入金额", "余额", ""],
        ["", "", "上期", "本期"],
        ["2024-01-05", "10", "1", "11"],
    ]
    assert "balance" not in load(rows).sheets[0].columns.values()


def test_header_repeated_on_each_page_is_skipped(load: Callable[..., Intake]) -> None:
    title = ["某县2024年代收明细"]
    second = [*ROW[:-1], "V2"]
    found = load([title, TAX, ROW, title, TAX, second])
    assert found.tables["tax_collection"]["voucher_no"].to_list() == ["V1", "V2"]
    assert (found.sheets[0].rows_rejected, found.sheets[0].rows_skipped) == (0, 4)


def test_row_that_numbers_the_columns_is_skipped(load: Callable[..., Intake]) -> None:
    found = load([TAX, ["甲", "乙", "1", "2", "3=1+2", "4", "5"], ROW])
    assert found.sheets[0].rows_accepted == 1
    assert found.sheets[0].rows_skipped == 2


def test_two_headers_of_one_column_are_one_where_they_hold_the_same(
    load: Callable[..., Intake],
) -> None:
    found = load([["入库金额", *TAX], ["100.00", *ROW]])
    assert found.tables["tax_collection"]["paid"].to_list() == [Decimal(100)]
    assert found.sheets[0].unmapped == ("入库金额",)
    found = load([["入库金额", *TAX], ["7", *ROW]])
    assert found.sheets[0].table is None
    assert "都像是实缴金额，内容不同" in found.questions[0].zh


def test_unmapped_columns_show_the_nearest_known_header(load: Callable[..., Intake]) -> None:
    found = load([[*TAX, "应缴费数额"], [*ROW, "1"]])
    assert any("应缴费额" in note.zh for note in found.sheets[0].notes)


def test_header_of_a_part_in_brackets_is_found(load: Callable[..., Intake]) -> None:
    found = load([["纳税人识别号（统一社会信用代码）", *TAX], ["91450881MA5K000121", *ROW]])
    assert found.tables["tax_collection"]["payer_uscc"].to_list() == ["91450881MA5K000121"]


@pytest.mark.parametrize("lines", [50, 70, 2500])
def test_a_preamble_of_any_length_is_passed_over(load: Callable[..., Intake], lines: int) -> None:
    above = [[f"说明第{number}段"] for number in range(lines)]
    found = load([*above, TAX, ROW], ragged=((lines + 1, len(TAX)), (lines + 2, len(TAX))))
    assert found.sheets[0].table == "tax_collection"
    assert found.sheets[0].header_row == lines + 1
    assert found.tables["tax_collection"].height == 1
    assert found.quality.height == 0


def test_a_known_word_here_and_there_is_no_header(load: Callable[..., Intake]) -> None:
    rows = [[f"说明第{number}段", "金额" if number % 2 else ""] for number in range(200)]
    assert load(rows).sheets[0].table is None
