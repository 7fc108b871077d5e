"""Rows of a sheet: data, skipped, rejected; totals tied; remarks on cells."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from recon.intake.sheets.sheet import parse_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake

TAX = [
    "缴费人名称", "征收品目", "费款所属期起", "费款所属期止", "计费依据", "实缴金额", "入库日期",
    "电子税票号码",
]  # fmt: skip


def row(name: str = "甲公司", paid: str = "100.00", no: str = "V1", base: str = "") -> list[str]:
    return [name, "工会经费", "2024-01-01", "2024-01-31", base, paid, "2024-02-05", no]


def total(label: str, paid: str = "", *, at: int = 0) -> list[str]:
    cells = [""] * 8
    cells[at], cells[5] = label, paid
    return cells


def checks(found: Intake) -> list[tuple[str, int, str | None]]:
    return list(found.quality.select("check", "row_no", "column_letter").iter_rows())


@pytest.mark.parametrize(
    "label",
    [
        "小计", "合计", "总 计", "合计：", "本月合计", "本年累计", "3月合计", "一季度小计",
        "人民币合计", "合计金额", "过次页", "承前页", "工会经费小计", "城东街道合计", "合计（元）",
        "2024年合计", "全县合计", "月末余额", "小　计", "本 月 发 生 额 合 计",
    ],
)  # fmt: skip
@pytest.mark.parametrize("at", [0, 1])
def test_total_rows_are_skipped(load: Callable[..., Intake], label: str, at: int) -> None:
    found = load([TAX, row(), total(label, "100.00", at=at)])
    assert (found.sheets[0].rows_accepted, found.sheets[0].rows_rejected) == (1, 0)
    assert found.quality.is_empty()
    assert found.sheets[0].money["paid"]["skipped"] == Decimal(100)


@pytest.mark.parametrize(
    "name", ["合计科技有限公司", "某某设计院", "会计师事务所", "总计咨询公司", "共笔文化"]
)
def test_company_whose_name_sounds_like_a_total_stays(
    load: Callable[..., Intake], name: str
) -> None:
    found = load([TAX, row(name)])
    assert found.tables["tax_collection"]["payer_name"].to_list() == [name]


def test_total_of_a_cent_too_much_is_said(load: Callable[..., Intake]) -> None:
    found = load([TAX, row(), row(paid="50.00", no="V2"), total("合计", "150.01")])
    assert checks(found) == [("total_tied", 4, "F")]
    assert "0.01" in found.quality["reason"][0]


def test_subtotals_and_totals_are_tied_each_to_what_they_cover(
    load: Callable[..., Intake],
) -> None:
    rows = [
        TAX, row(), row(no="V2"), total("小计", "200"), row(no="V3"), total("小计", "100"),
        total("合计", "300"), ["共3笔"],
    ]  # fmt: skip
    assert load(rows).quality.is_empty()
    rows[5] = total("小计", "101")
    rows[7] = ["共4笔"]
    assert checks(load(rows)) == [("total_tied", 6, "F"), ("count_tied", 8, None)]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("合计金额：150.00元", []),
        ("合计：￥150.00，共2笔", []),
        ("合计（人民币）：0.015万元", []),
        ("合计：实缴金额150.01元", ["150.01"]),
        ("合计金额：1,500元，共2笔", ["1500.00"]),
        ("合计：共3笔，150.00元", ["3"]),
        ("合计：2024.01至2024.03", []),
    ],
)
def test_amounts_within_the_text_of_a_total_are_tied(
    load: Callable[..., Intake], label: str, expected: list[str]
) -> None:
    found = load([TAX, row(), row(paid="50.00", no="V2"), total(label)])
    assert found.sheets[0].rows_rejected == 0
    assert found.quality["value"].to_list() == expected


def test_each_amount_in_a_total_is_tied_to_the_column_it_names(load: Callable[..., Intake]) -> None:
    head = ["交易日期", "收入金额", "支出金额", "摘要"]
    rows = [head, ["2024-01-01", "5", "", "a"], ["2024-01-02", "", "7", "b"]]
    assert load([*rows, ["合计：收入5.00元，支出7.00元"]]).quality.is_empty()
    swapped = load([*rows, ["合计：收入7.00元，支出5.00元"]])
    assert swapped.quality.select("value", "column_letter").rows() == [("7.00", "B"), ("5.00", "C")]


def test_labels_and_figures_that_take_turns_are_tied_by_label(load: Callable[..., Intake]) -> None:
    head = ["交易日期", "贷方发生额", "借方发生额", "余额", "摘要"]
    rows = [head, ["2024-01-01", "5", "", "5", "a"], ["2024-01-02", "", "3", "2", "b"]]
    footer = ["借方合计：", "3.00", "贷方合计：", "5", ""]
    assert load([*rows, footer]).quality.is_empty()
    footer[3] = "5.01"
    found = load([*rows, footer])
    assert found.quality.select("value", "column_letter").rows() == [("5.01", "B")]


@pytest.mark.parametrize(
    "footer",
    [
        ["借方笔数：1  借方金额：3.00  贷方笔数：1  贷方金额：5.00"],
        ["收入1笔5.00元，支出1笔3.00元"],
        ["借方笔数：1", "", "贷方笔数：1"],
        ["总笔数：2 借方笔数：1 贷方笔数：1"],
        ["借方笔数：1"],
    ],
)
def test_counts_of_each_direction_add_up(load: Callable[..., Intake], footer: list[str]) -> None:
    head = ["交易日期", "贷方发生额", "借方发生额", "余额", "摘要"]
    rows = [head, ["2024-01-01", "5", "", "5", "a"], ["2024-01-02", "", "3", "2", "b"]]
    assert load([*rows, footer]).quality.is_empty()
    if "贷" in "".join(footer):
        more = [["2024-01-03", "4", "", "6", "c"]]
        assert "count_tied" in [check for check, _, _ in checks(load([*rows, *more, footer]))]


def test_totals_of_a_direction_are_tied_to_its_amounts(load: Callable[..., Intake]) -> None:
    head = ["交易日期", "交易金额", "借贷标志", "余额"]
    rows = [head, ["2024-01-01", "5", "贷", "5"], ["2024-01-02", "3", "借", "2"]]
    footer = ["借方合计：3.00 贷方合计：5.00"]
    assert load([*rows, footer]).quality.is_empty()
    assert checks(load([*rows, ["借方合计：3.01 贷方合计：5.00"]])) == [("total_tied", 4, "B")]


def test_totals_count_rejected_rows_too(load: Callable[..., Intake]) -> None:
    found = load([TAX, row(), row(name="", no="V2"), total("合计", "200.00"), ["共2笔"]])
    assert found.quality.is_empty()
    assert found.rejected.height == 1


def test_running_totals_may_cover_earlier_files(load: Callable[..., Intake]) -> None:
    assert load([TAX, row(), total("本年累计", "900.00")]).quality.is_empty()


def test_notes_and_signatures_under_the_table_are_skipped(load: Callable[..., Intake]) -> None:
    rows = [
        TAX, row(), [], ["注：本表含滞纳金"],
        ["制表人：张三", "", "审核人：李四", "", "日期", "", "2024-03-01"],
        ["以上数据已核对"],
    ]  # fmt: skip
    found = load(rows)
    assert (found.sheets[0].rows_rejected, found.sheets[0].rows_skipped) == (0, 5)


def test_rows_with_money_are_never_notes(load: Callable[..., Intake]) -> None:
    found = load([TAX, row(), ["注：调整", "", "", "", "", "5.00", "", ""]])
    assert found.sheets[0].rows_rejected == 1
    assert found.sheets[0].money["paid"]["rejected"] == Decimal(5)


def test_rows_with_only_a_serial_number_are_blank(load: Callable[..., Intake]) -> None:
    found = load([["序号", *TAX], ["1", *row()], ["2"], ["3"]])
    assert found.sheets[0].rows_skipped == 3


def test_example_rows_of_templates_are_skipped(load: Callable[..., Intake]) -> None:
    found = load([TAX, row("【示例】某公司"), row()])
    assert found.tables["tax_collection"]["payer_name"].to_list() == ["甲公司"]


def test_rejected_row_names_cell_value_and_reason(load: Callable[..., Intake]) -> None:
    bad = row(paid="一百")
    bad[6] = ""
    found = load([["标题"], TAX, row(), bad], "税务/a.xlsx")
    item = found.rejected.row(0, named=True)
    assert (item["file"], item["sheet"], item["row_no"]) == ("税务/a.xlsx", "Sheet1", 4)
    assert (item["column_letter"], item["header"], item["value"]) == ("F", "实缴金额", "一百")
    assert item["reason"] == "实缴金额：不是金额；入库日期：必填，为空"
    assert item["reason_en"] == "实缴金额: not an amount of money; 入库日期: required and empty"
    assert item["kind"] == "money"


def test_unreadable_optional_cell_is_null_and_said(load: Callable[..., Intake]) -> None:
    found = load([TAX, row(base="abc"), row(base="-", no="V2")])
    assert found.tables["tax_collection"]["base"].to_list() == [None, Decimal(0)]
    assert checks(found) == [("unreadable", 2, "E")]
    assert found.quality["value"].to_list() == ["abc"]


def test_error_cells_and_open_formulas_are_said(load: Callable[..., Intake]) -> None:
    rows = [TAX, row(), row(no="V2"), row(no="V3", paid=""), row(no="V4", base="#NAME?")]
    found = load(rows, errors=((2, "E", "#DIV/0!"), (4, "F", "#N/A")), blank_formulas=((3, "E"),))
    assert checks(found) == [
        ("unreadable", 2, "E"), ("unreadable", 3, "E"), ("unreadable", 5, "E"),
    ]  # fmt: skip
    assert found.quality["value"].to_list() == ["#DIV/0!", "=?", "#NAME?"]
    assert found.rejected["value"].to_list() == ["#N/A"]


def test_numbers_cut_by_the_spreadsheet_are_said_once(load: Callable[..., Intake]) -> None:
    rows = [
        ["班次编号", "姓名", "身份证号"],
        ["P1", "甲", "450881198501010000"],
        ["P1", "乙", "450881199002150000"],
        ["P1", "丙", "4.50881E+17"],
    ]
    found = load(rows, cut_numbers=((2, "C"),))
    assert checks(found) == [("number_cut", 2, "C"), ("number_cut", 3, "C"), ("number_cut", 4, "C")]


def test_ragged_lines_are_said(load: Callable[..., Intake]) -> None:
    found = load([TAX, row(), row(no="V2")], "a.csv", None, ragged=((3, 9),))
    assert checks(found) == [("ragged_row", 3, None)]


def test_a_line_with_more_cells_than_the_header_is_set_aside(load: Callable[..., Intake]) -> None:
    moved = ["甲", *row(no="V2")]
    found = load([TAX, row(), moved, row(no="V3")], "a.csv", None, ragged=((3, 9),))
    assert found.tables["tax_collection"]["voucher_no"].to_list() == ["V1", "V3"]
    assert found.rejected.select("row_no", "value").rows()[0] == (3, "9")
    assert "该行有9个字段，表头只有8个" in found.rejected["reason"][0]
    assert checks(found) == []


def test_blank_rows_left_out_by_the_reader_are_counted(load: Callable[..., Intake]) -> None:
    found = load([TAX, row()], rows_total=10)
    assert (found.sheets[0].rows_read, found.sheets[0].rows_skipped) == (10, 9)


def test_hidden_parts_are_read_and_told(load: Callable[..., Intake]) -> None:
    found = load([TAX, row()], hidden_rows=(2,), hidden_columns=("E",))
    assert found.sheets[0].rows_accepted == 1
    notes = " ".join(note.zh for note in found.sheets[0].notes)
    assert "1个隐藏行" in notes
    assert "隐藏列：E" in notes


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        (["金额", "借贷标志"], [["10", "贷"], ["4", "借"]], [("10.00", None), (None, "4.00")]),
        (["发生额", "收/支"], [["10", "收"], ["4", "支"]], [("10.00", None), (None, "4.00")]),
        (["交易金额", "收支方向"], [["10", "+"], ["4", "-"]], [("10.00", None), (None, "4.00")]),
        (["金额", "借贷方向"], [["10", "Cr"], ["4", "DR"]], [("10.00", None), (None, "4.00")]),
        (["金额", "借贷标志"], [["10", "贷"], ["-4", "借"]], [("10.00", None), (None, "4.00")]),
        (["金额", "借贷标志"], [["-10", "贷"], ["4", "借"]], [("-10.00", None), (None, "4.00")]),
        (["交易金额"], [["+10"], ["-4"]], [("10.00", None), (None, "4.00")]),
        (["收入", "支出"], [["10", ""], ["", "4"]], [("10.00", None), (None, "4.00")]),
        (["贷方发生额", "借方发生额"], [["10", ""], ["", "4"]], [("10.00", None), (None, "4.00")]),
    ],
)
def test_every_form_of_bank_amounts(
    load: Callable[..., Intake],
    header: list[str],
    cells: list[list[str]],
    expected: list[tuple[str | None, str | None]],
) -> None:
    rows = [["交易日期", "摘要", *header], *(["2024-03-01", "x", *cell] for cell in cells)]
    frame = load(rows).tables["bank_txn"].select("money_in", "money_out")
    told = [tuple(None if one is None else str(one) for one in line) for line in frame.iter_rows()]
    assert told == expected


def test_row_of_an_unknown_direction_is_set_aside(load: Callable[..., Intake]) -> None:
    known = [["2024-03-01", "7", "贷 Cr"] for _ in range(20)]
    rows = [["交易日期", "金额", "借贷标志"], *known, ["2024-03-01", "5", "?"]]
    found = load(rows)
    assert found.tables["bank_txn"]["money_in"].to_list() == [Decimal(7)] * 20
    assert found.rejected["check"].to_list() == ["direction_unknown"]
    sums = found.sheets[0].money["amount"]
    assert (sums["accepted"], sums["rejected"]) == (Decimal(140), Decimal(5))
    assert "收支方向一列的写法看不懂（如“?”）" in load([rows[0], rows[-1]]).questions[0].zh


def test_spending_on_a_card_is_fuel_where_the_product_is(load: Callable[..., Intake]) -> None:
    rows = [["卡号", "交易时间", "交易类型", "油品", "数量", "金额"]]
    for kind, product, litres in (
        ("消费", "92#汽油", "1"), ("消费", "矿泉水", ""), ("消费", "", "3"),
        ("充值", "", ""), ("消费", "0#", "9"),
    ):  # fmt: skip
        rows.append(["10001111", "2024-03-01 10:00:00", kind, product, litres, "5"])
    assert load(rows).tables["fuel_txn"]["kind"].to_list() == [
        "加油", "非油品", "加油", "充值", "加油",
    ]  # fmt: skip


def test_unit_and_text_of_a_published_rate(load: Callable[..., Intake]) -> None:
    found = load([["指标", "填报值"], ["建会率", "62.50%"], ["入会率", "0.625"]])
    frame = found.tables["published_rate"]
    assert frame["value"].to_list() == [Decimal("0.625"), Decimal("0.625")]
    assert frame["value_text"].to_list() == ["62.50%", "0.625"]


def test_sheet_without_table_is_skipped_whole(raw: Callable[..., object]) -> None:
    from recon.intake.layout.mapping import map_sheet  # noqa: PLC0415

    sheet = raw([["甲", "乙"], ["1", "2"]])
    parsed = parse_sheet(sheet, map_sheet(sheet))  # type: ignore[arg-type]
    assert parsed.skipped == {"unmapped": 2}
    assert parsed.accepted is None


def test_certificate_counts_what_a_reader_should_know(load: Callable[..., Intake]) -> None:
    rows = [
        TAX, row(base="5.555"), row(no="V2"), total("合计", "201"), row(no="V3"),
        total("总计", "300"),
    ]  # fmt: skip
    facts = {"hidden_rows": (2,), "hidden_columns": ("B",), "errors": ((3, "E", "#N/A"),)}
    found = load(rows, **facts)
    assert found.sheets[0].skipped == {"header": 1, "total": 2}
    assert found.sheets[0].facts == {
        "total_rows": 2,
        "total_rows_untied": 1,
        "hidden_rows": 1,
        "hidden_columns": 1,
        "error_cells": 1,
        "unreadable_money": 1,
        "amounts_rounded": 1,
    }
