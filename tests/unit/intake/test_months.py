"""Lists with one column per month, and what is asked where something about them is not said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake

A, B = "甲有限公司", "乙经营部"
WAGES = {A: ["100.10", "200", "300"], B: ["10", "", "30.55"]}
EXPECTED = [
    (A, date(2024, 1, 1), Decimal("100.10")),
    (A, date(2024, 2, 1), Decimal("200.00")),
    (A, date(2024, 3, 1), Decimal("300.00")),
    (B, date(2024, 1, 1), Decimal("10.00")),
    (B, date(2024, 3, 1), Decimal("30.55")),
]
BODY = [[name, *cells] for name, cells in WAGES.items()]


def wages(found: Intake) -> list[tuple[object, ...]]:
    return found.tables["payroll"].select("payer_name", "month", "wages").rows()


@pytest.mark.parametrize(
    ("above", "months"),
    [
        ("2024年工资总额统计表", ["1月", "2月", "3月"]),
        ("2024年工资总额统计表", ["1月份", "2月份", "3月份"]),
        ("2024年工资总额统计表", ["一月", "二月", "三月"]),
        ("工资总额", ["2024年1月", "2024年2月", "2024年3月"]),
        ("工资总额", ["2024-01", "2024-02", "2024-03"]),
        ("工资总额", ["2024-01-01 00:00:00", "2024-02-01 00:00:00", "2024-03-01 00:00:00"]),
        ("工资总额", ["202401", "202402", "202403"]),
        ("2024年", ["1月工资总额", "2月工资总额", "3月工资总额"]),
        ("2024年", ["1月份应发工资", "2月份应发工资", "3月份应发工资"]),
    ],
)
def test_one_column_per_month(above: str, months: list[str], load: Callable[..., Intake]) -> None:
    found = load([[above, "", "", ""], ["单位名称", *months], *BODY])
    assert wages(found) == EXPECTED
    sheet = found.sheets[0]
    assert (sheet.rows_read, sheet.rows_accepted, sheet.rows_skipped) == (4, 2, 2)
    assert sheet.money["wages"]["accepted"] == Decimal("640.65")
    assert found.source_row["row_no"].to_list() == [3, 3, 3, 4, 4]


def test_heads_and_wages_under_each_month(load: Callable[..., Intake]) -> None:
    rows = [
        ["2024年职工工资台账", *[""] * 4],
        ["单位名称", "1月", "", "2月", ""],
        ["", "人数", "工资总额", "人数", "工资总额"],
        [A, "3", "100.10", "4", "200"],
        ["合计", "3", "100.10", "4", "200"],
    ]
    found = load(rows)
    table = found.tables["payroll"].select("month", "wages", "headcount").rows()
    assert table == [
        (date(2024, 1, 1), Decimal("100.10"), 3),
        (date(2024, 2, 1), Decimal(200), 4),
    ]
    assert found.sheets[0].skipped == {"header": 2, "title": 1, "total": 1}
    assert found.quality.height == 0


def test_years_over_the_months(load: Callable[..., Intake]) -> None:
    rows = [
        ["工资总额", *[""] * 4],
        ["单位名称", "2023年", "", "2024年", ""],
        ["", "11月", "12月", "1月", "2月"],
        [A, "1", "2", "3", "4"],
    ]
    months = load(rows).tables["payroll"]["month"].to_list()
    assert months == [date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1)]


def test_a_year_column_beside_the_months(load: Callable[..., Intake]) -> None:
    rows = [["工资总额", *[""] * 3], ["单位名称", "年度", "1月", "2月"], [A, "2023", "1", "2"],
            [A, "2024", "3", "4"]]  # fmt: skip
    months = load(rows).tables["payroll"]["month"].to_list()
    assert months == [date(2023, 1, 1), date(2023, 2, 1), date(2024, 1, 1), date(2024, 2, 1)]


def test_bases_by_month_are_no_payroll(load: Callable[..., Intake]) -> None:
    rows = [["2024年社保缴费基数", "", ""], ["单位名称", "1月", "2月"], [A, "1", "2"]]
    assert set(load(rows).tables["payroll"]["evidence"].to_list()) == {"社保基数"}


def test_totals_down_and_across_are_compared(load: Callable[..., Intake]) -> None:
    rows = [
        ["2024年工资总额", "", "", ""],
        ["单位名称", "1月", "2月", "合计"],
        [A, "1", "2", "3"],
        [B, "3", "4", "8"],
        ["合计", "4", "7", "11"],
    ]
    found = load(rows)
    items = found.quality.select("check", "row_no", "column_letter").rows()
    assert items == [("total_tied", 4, "D"), ("total_tied", 5, "C")]
    assert "各月相加为7" in found.quality["reason"][0]


def test_an_unreadable_month_is_named_and_the_others_are_read(load: Callable[..., Intake]) -> None:
    rows = [["2024年工资总额", "", ""], ["单位名称", "1月", "2月"]]
    rows += [[A, "1", "缓发"], [B, "缓发", "x"], ["丙厂", "3", "4"]]
    found = load(rows)
    assert [name for name, _, _ in wages(found)] == [A, "丙厂", "丙厂"]
    assert found.tables["payroll"]["wages"].sum() == Decimal(8)
    assert found.quality.select("row_no", "column_letter", "value").rows() == [(3, "C", "缓发")]
    assert found.rejected.select("row_no", "column_letter", "value").rows() == [(4, "B", "缓发")]
    sheet = found.sheets[0]
    assert (sheet.rows_read, sheet.rows_accepted, sheet.rows_rejected) == (5, 2, 1)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["工资总额", "", ""], ["单位名称", "1月", "2月"], [A, "1", "2"]], "没有写明是哪一年"),
        (
            [["2023年至2024年工资总额", "", ""], ["单位名称", "1月", "2月"], [A, "1", "2"]],
            "没有写明是哪一年",
        ),
        (
            [["2024年实发工资", "", ""], ["单位名称", "1月", "2月"], [A, "1", "2"]],
            "没有写明各月的数字是什么",
        ),
        (
            [["2024年工资", "", "", ""], ["单位名称", "姓名", "1月", "2月"], [A, "安", "1", "2"]],
            "每人一行",
        ),
    ],
)
def test_what_is_not_said_is_asked(
    rows: list[list[str]], sentence: str, load: Callable[..., Intake]
) -> None:
    found = load(rows)
    assert found.tables == {}
    assert sentence in found.questions[0].zh
    assert "2024" not in found.questions[0].en


@pytest.mark.parametrize("lost", ["1月", "2月", "3月"])
@pytest.mark.parametrize("other", ["", "其他", "补发"])
def test_figures_of_a_month_that_is_not_named_are_asked_about(
    lost: str, other: str, load: Callable[..., Intake]
) -> None:
    head = [other if one == lost else one for one in ("1月", "2月", "3月")]
    found = load([["2024年工资总额", "", "", ""], ["单位名称", *head], *BODY])
    assert found.tables == {}
    assert "没有写明是哪一期" in found.questions[0].zh
    assert "names no period" in found.questions[0].en


def test_fees_by_month_are_not_wages(load: Callable[..., Intake]) -> None:
    rows = [["2024年工会经费", "", ""], ["单位名称", "1月", "2月"], [A, "1", "2"]]
    assert load(rows).tables == {}


def test_a_register_with_fees_by_month_is_the_register_once(load: Callable[..., Intake]) -> None:
    head = ["单位名称", "统一社会信用代码", "从业人员", "所属行业", "1月", "2月"]
    rows = [
        ["2024年缴费单位名册", *[""] * 5],
        head,
        [A, "91990102C029954AE9", "5", "制造", "1", "2"],
    ]
    assert load(rows).tables["payer"].height == 1


def test_balances_of_cards_by_month(load: Callable[..., Intake]) -> None:
    rows = [
        ["2024年加油卡余额", *[""] * 4],
        ["卡号", "1月", "", "2月", ""],
        ["", "期初余额", "期末余额", "期初余额", "期末余额"],
        ["1000113200000000000", "5", "4", "4", "9.5"],
    ]
    table = load(rows).tables["fuel_balance"].select("month", "opening", "closing").rows()
    assert table == [
        (date(2024, 1, 1), Decimal(5), Decimal(4)),
        (date(2024, 2, 1), Decimal(4), Decimal("9.5")),
    ]


@pytest.mark.parametrize("cell", ["3", "03", "3月", "3月份", "202403", "2024-03", "第3期"])
def test_year_and_month_in_two_columns(cell: str, load: Callable[..., Intake]) -> None:
    head = ["单位名称", "年度", "月份", "工资总额"]
    assert wages(load([head, [A, "2024", cell, "7"]])) == [(A, date(2024, 3, 1), Decimal(7))]


@pytest.mark.parametrize(
    ("above", "sheet", "month"),
    [
        ("2024年工资总额表", "3月", date(2024, 3, 1)),
        ("工资总额表", "2024年3月", date(2024, 3, 1)),
        ("2024年3月工资总额表", "Sheet1", date(2024, 3, 1)),
        ("工资总额表（填报日期：2024年4月5日）", "2024年3月", date(2024, 3, 1)),
    ],
)
def test_a_sheet_per_month(
    above: str, sheet: str, month: date, load: Callable[..., Intake]
) -> None:
    found = load([[above, ""], ["单位名称", "工资总额"], [A, "7"]], sheet=sheet)
    assert wages(found) == [(A, month, Decimal(7))]


def test_a_title_and_a_tab_of_two_months_are_asked_about(load: Callable[..., Intake]) -> None:
    rows = [["2024年2月工资总额表", ""], ["单位名称", "工资总额"], [A, "7"]]
    found = load(rows, sheet="3月")
    assert found.tables == {}
    assert "所属月份" in found.questions[0].zh


def test_most_cells_unreadable_make_one_question(load: Callable[..., Intake]) -> None:
    head = ["单位名称", "所属月份", "工资总额"]
    found = load([head, *([A, "一季度", "7"] for _ in range(3)), [A, "2024-01", "7"]])
    assert found.tables == {}
    assert found.rejected.height == 0
    assert "4个单元格中有3个读不成所属月份（如“一季度”）" in found.questions[0].zh
    assert "3 of 4 cells under “所属月份” are no month" in found.questions[0].en


def test_few_unreadable_cells_set_their_rows_aside(load: Callable[..., Intake]) -> None:
    head = ["单位名称", "所属月份", "工资总额"]
    found = load([head, *([A, "一季度", "7"] for _ in range(2)), [A, "2024-01", "7"]])
    assert (found.rejected.height, found.tables["payroll"].height) == (2, 1)


@pytest.mark.parametrize("mark", ["示例：", "【示例】", "（样例）", "例如：", "填写示例：", "示例"])
def test_examples_of_templates_are_no_data(mark: str, load: Callable[..., Intake]) -> None:
    head = ["单位名称", "所属月份", "工资总额"]
    found = load([head, [f"{mark}某某公司" if mark != "示例" else mark, "2024-01", "100000"]])
    assert found.sheets[0].skipped == {"header": 1, "example": 1}


def test_a_unit_named_like_an_example_is_data(load: Callable[..., Intake]) -> None:
    head = ["单位名称", "所属月份", "工资总额"]
    found = load([head, ["示例县商贸公司", "2024-01", "100000"]])
    assert found.tables["payroll"].height == 1
