"""Ledgers and balances as 用友, 金蝶 and audit offices lay them out.

The layouts are written from lists of columns (domain research J.4, H.6), not taken from real files.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from recon.intake.layout.chart import chart_of
from recon.intake.pipeline import join_sheets
from recon.intake.sheets.understanding import name_accounts, understand_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake, RawSheet

BALANCE = ["month", "account_code", "opening", "debit", "credit", "closing", "side"]
JANUARY = date(2024, 1, 1)
TURNOVER = ["本期借方发生", "本期贷方发生"]


def money(*numbers: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(number) for number in numbers)


def balances(found: Intake) -> list[tuple[object, ...]]:
    assert found.rejected.height == 0
    return found.tables["gl_balance"].select(BALANCE).rows()


def test_balances_in_a_debit_and_a_credit_column(load: Callable[..., Intake]) -> None:
    found = load(
        [
            ["科目余额表"],
            ["期间：2024.01-2024.01"],
            ["科目编码", "科目名称", "期初余额", "", "本期发生", "", "期末余额", ""],
            ["", "", "借方", "贷方", "借方", "贷方", "借方", "贷方"],
            ["102", "银行存款", "1,000.00", "", "200", "300", "900", ""],
            ["402", "拨缴经费收入", "", "", "", "200", "", "200"],
            ["135", "其他应收款", "", "50", "150", "", "100", ""],
            ["101", "库存现金", "5", "", "", "5", "", ""],
            ["225", "其他应付款", "30", "10", "", "", "30", "10"],
            ["合计", "", "1035", "60", "350", "505", "1030", "210"],
        ]
    )
    assert balances(found) == [
        (JANUARY, "102", *money("1000", "200", "300", "900"), "借"),
        (JANUARY, "402", *money("0", "0", "200", "200"), "贷"),
        (JANUARY, "135", *money("-50", "150", "0", "100"), "借"),
        (JANUARY, "101", *money("5", "0", "5", "0"), "平"),
        (JANUARY, "225", *money("20", "0", "0", "20"), "借"),
    ]
    assert any("空白金额按0读取" in note.zh for note in found.sheets[0].notes)


def test_balances_in_wan_are_converted_once(load: Callable[..., Intake]) -> None:
    head = [["单位：万元", "", "2024年第1期"], ["科目代码", "科目名称", "期初借方", "期初贷方"]]
    head[1] += ["本期借方", "本期贷方", "期末借方余额", "期末贷方余额"]
    found = load([*head, ["102", "银行存款", "1.5", "", "1", "0.5", "2", ""]])
    assert balances(found) == [(JANUARY, "102", *money("15000", "10000", "5000", "20000"), "借")]


def test_the_last_direction_belongs_to_the_closing_balance(load: Callable[..., Intake]) -> None:
    found = load(
        [
            ["科目余额表 2024年1月"],
            ["科目编码", "科目名称", "方向", "期初余额", *TURNOVER, "方向", "期末余额"],
            ["102", "银行存款", "借", "1000", "200", "300", "借", "900"],
            ["225", "其他应付款", "借", "10", "0", "30", "贷", "20"],
            ["402", "拨缴经费收入", "平", "0", "", "200", "贷", "200"],
        ]
    )
    assert balances(found) == [
        (JANUARY, "102", *money("1000", "200", "300", "900"), "借"),
        (JANUARY, "225", *money("-10", "0", "30", "20"), "贷"),
        (JANUARY, "402", *money("0", "0", "200", "200"), "贷"),
    ]


def test_unreadable_part_of_a_balance_is_told(load: Callable[..., Intake]) -> None:
    found = load(
        [
            ["2024年1月"],
            ["科目编码", "科目名称", "期初借方", "期初贷方", *TURNOVER, "期末借方", "期末贷方"],
            ["102", "银行存款", "1", "", "1", "1", "", "一千"],
        ]
    )
    assert "不是金额" in found.rejected["reason"][0]


def test_a_year_of_balances_takes_its_last_month_and_says_so(load: Callable[..., Intake]) -> None:
    head = ["科目编码", "科目名称", "期初余额", "借方发生额", "贷方发生额", "期末余额"]
    row = ["102", "银行存款", "1", "2", "3", "0"]
    found = load([["2024年1月至2024年12月"], head, row])
    assert found.tables["gl_balance"]["month"].to_list() == [date(2024, 12, 1)]
    assert "取末月 2024-12" in found.sheets[0].notes[0].zh
    assert "its last, 2024-12" in found.sheets[0].notes[0].en


def test_year_and_month_in_two_columns(load: Callable[..., Intake]) -> None:
    head = ["会计年度", "会计月份", "会计科目编号", "会计科目名称", "辅助名称", "余额方向"]
    head += ["期初余额", "借方发生额", "贷方发生额", "期末余额"]
    row = ["2024", "1", "135", "其他应收款", "甲公司", "借", "100", "1", "2", "99"]
    found = load([head, row], path="基础表_会计管理数据_全年辅助余额表.csv")
    assert balances(found) == [(JANUARY, "135", *money("100", "1", "2", "99"), "借")]
    assert found.tables["gl_balance"]["aux_party"].to_list() == ["甲公司"]


ENTRY = ["entry_on", "voucher_no", "account_code", "debit", "credit"]


def entries(found: Intake) -> list[tuple[object, ...]]:
    assert found.rejected.height == 0
    return found.tables["gl_entry"].select(ENTRY).rows()


def test_journal_with_one_amount_and_its_direction(load: Callable[..., Intake]) -> None:
    found = load(
        [
            ["日期", "凭证号数", "科目编码", "科目名称", "摘要", "方向", "外币", "金额"],
            ["2024-01-05", "记-0001", "102", "银行存款", "收", "借", "", "200.5"],
            ["2024-01-05", "记-0001", "402", "拨缴经费收入", "收", "贷", "", "200.5"],
            ["2024-01-05", "记-0002", "402", "拨缴经费收入", "收", "往", "", "7"],
        ]
    )
    rows = found.tables["gl_entry"].select(ENTRY).rows()
    assert rows[0][3:] == (Decimal("200.50"), None)
    assert rows[1][3:] == (None, Decimal("200.50"))
    assert len(rows) == 2
    assert found.rejected["value"].to_list() == ["7（往？）"]


def test_further_lines_of_a_voucher_take_its_date_and_number(load: Callable[..., Intake]) -> None:
    found = load(
        [
            ["日期", "凭证字号", "摘要", "科目代码", "科目名称", "借方金额", "贷方金额"],
            ["2024-01-05", "记-1", "收", "102", "银行存款", "200", ""],
            ["", "", "收", "402", "拨缴经费收入", "", "200"],
            ["2024-01-06", "记-2", "收", "102", "银行存款", "1", ""],
            ["", "", "", "", "合计", "201", "200"],
        ]
    )
    assert [row[:3] for row in entries(found)] == [
        (date(2024, 1, 5), "记-1", "102"),
        (date(2024, 1, 5), "记-1", "402"),
        (date(2024, 1, 6), "记-2", "102"),
    ]
    assert "1条分录没有写日期和凭证号" in found.sheets[0].notes[0].zh
    assert found.quality.height == 0


def test_word_and_number_of_a_voucher_are_one_number(load: Callable[..., Intake]) -> None:
    head = ["制单日期", "凭证类别", "凭证号", "科目编码", "科目名称", "借方金额", "贷方金额"]
    rows = [["2024-01-05", word, "1", "102", "银行存款", "1", ""] for word in ("收", "付", "")]
    found = load([head, *rows])
    assert [row[1] for row in entries(found)] == ["收-1", "付-1", "1"]


def test_cancelled_vouchers_and_failed_payments_are_not_counted(
    load: Callable[..., Intake],
) -> None:
    head = ["凭证日期", "凭证号", "科目编码", "科目名称", "借方金额", "贷方金额", "作废标志"]
    row = ["2024-01-05", "记-1", "102", "银行存款", "200", ""]
    found = load([head, [*row, "0"], [*row, "1"], [*row, ""], [*row, "已作废"]])
    assert found.tables["gl_entry"].height == 2
    assert found.sheets[0].skipped == {"header": 1, "void": 2}
    assert found.sheets[0].money["debit"]["skipped"] == Decimal(400)
    assert "作废或失败2" in found.sheets[0].notes[0].zh
    head = ["交易日期", "收入金额", "摘要", "交易状态"]
    bank = [["2024-01-05", "5", "a", "成功"], ["2024-01-05", "5", "a", "交易失败"]]
    assert load([head, *bank]).tables["bank_txn"]["money_in"].to_list() == [Decimal(5)]


def test_names_of_an_application_interface(load: Callable[..., Intake]) -> None:
    head = ["FDATE", "FVOUCHERGROUPID.FName", "FVOUCHERGROUPNO", "FEXPLANATION"]
    head += ["FACCOUNTID.FNumber", "FACCOUNTID.FName", "FDEBIT", "FCREDIT"]
    found = load([head, ["2024-01-05", "记", "1", "收", "102", "银行存款", "200", "0"]])
    assert entries(found) == [(date(2024, 1, 5), "记-1", "102", *money("200", "0"))]


def test_merged_cells_speak_for_those_under_them_but_amounts_do_not(
    load: Callable[..., Intake],
) -> None:
    head = ["班次编号", "姓名", "身份证号", "补助金额"]
    rows = [head, ["B1", "甲", "11010519491231002X", "5"], ["", "乙", "450881199002150026", ""]]
    found = load(rows, merged=((2, "A", 3, "A"), (2, "D", 3, "D")))
    assert found.tables["trainee"]["class_no"].to_list() == ["B1", "B1"]
    assert found.tables["trainee"]["subsidy"].to_list() == [Decimal(5), None]
    assert "1个空格" in found.sheets[0].notes[0].zh


CHART = [
    ["科目编号", "科目名称", "科目级次"],
    ["222", "应付下级经费", "1"],
    ["22203", "应付建会筹备金", "2"],
]


def test_a_chart_of_accounts_names_the_codes_of_a_ledger(raw: Callable[..., RawSheet]) -> None:
    chart = raw(CHART, path="会计科目表.csv")
    assert chart_of(chart) == {"222": "应付下级经费", "22203": "应付下级经费/应付建会筹备金"}
    head = ["记账凭证日期", "记账凭证编号", "科目编号", "借方本币金额", "贷方本币金额"]
    lines = [["20240105", "1", "22203", "0", "30"], ["20240105", "1", "999", "30", "0"]]
    ledger = raw([head, *lines], path="凭证.csv")
    read = name_accounts([*understand_parts(ledger), *understand_parts(chart)])
    found = join_sheets((), read)
    assert found.tables["gl_entry"]["account_name"].to_list() == ["应付下级经费/应付建会筹备金"]
    assert found.rejected["reason"].to_list() == ["科目名称（取自会计科目表）：必填，为空"]
    assert [sheet.header_how for sheet in found.sheets] == ["content", "chart"]
    assert "会计科目表" in found.sheets[1].notes[0].zh
    assert not found.notes
    assert not found.questions


def test_without_a_chart_a_ledger_of_codes_is_asked_about(raw: Callable[..., RawSheet]) -> None:
    head = ["记账凭证日期", "记账凭证编号", "科目编号", "借方本币金额", "贷方本币金额"]
    (sheet,) = understand_parts(raw([head, ["20240105", "1", "22203", "0", "30"]]))
    (read,) = name_accounts([sheet])
    assert read.found.question is not None
    assert "科目名称" in read.found.question.zh


@pytest.mark.parametrize("extra", ["科目名称", "会计科目名称"])
def test_a_sheet_with_codes_and_names_is_no_chart(raw: Callable[..., RawSheet], extra: str) -> None:
    assert chart_of(raw([["科目编号", extra, "期末余额"], ["102", "银行存款", "1"]])) == {}
