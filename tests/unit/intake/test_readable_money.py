"""A line of a bank or ledger whose only amount cannot be read is set aside, not counted as none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake

BANK = ("交易日期", "流水号", "收入金额", "支出金额", "账户余额", "对方户名", "摘要")
AMOUNT = ("交易日期", "流水号", "交易金额", "借贷标志", "账户余额", "对方户名", "摘要")
LEDGER = ("凭证日期", "凭证号", "科目编码", "科目名称", "摘要", "借方金额", "贷方金额")
UNREADABLE = ("88,000.00元左右", "#REF!", "约5", "1.2.3", "待定", "½")


@pytest.mark.parametrize("text", UNREADABLE)
def test_an_unreadable_only_amount_sets_the_line_aside(
    load: Callable[..., Intake], text: str
) -> None:
    good = ["2024-03-01", "S1", "100.00", "", "100.00", "甲", "a"]
    bank = load([BANK, good, ["2024-03-02", "S2", text, "", "100.00", "乙", "b"]])
    assert bank.rows["bank_txn"].height == 1
    told = bank.rejected.row(0, named=True)
    assert (told["row_no"], told["column_letter"], told["value"]) == (3, "C", text)
    assert "收入金额：" in told["reason"]
    amount = load(
        [AMOUNT, ["2024-03-01", "S1", "100", "贷", "100", "甲", "a"],
         ["2024-03-02", "S2", text, "贷", "100", "乙", "b"]]
    )  # fmt: skip
    assert amount.rejected["row_no"].to_list() == [3]
    line = ["2024-03-02", "记-1", "1002", "银行存款", "收", "5.00", ""]
    ledger = load([LEDGER, line, [*line[:3], "经费收入", "收", "", text]])
    assert ledger.rejected["row_no"].to_list() == [3]


def test_a_line_without_any_amount_is_set_aside_with_its_reason(
    load: Callable[..., Intake],
) -> None:
    found = load([BANK, ["2024-03-02", "S2", "", "", "100.00", "乙", "b"]])
    assert found.rejected["reason"].to_list() == ["收入金额：金额各列都为空，至少要有一个"]
    assert "one is needed" in found.rejected["reason_en"][0]


def test_a_zero_or_a_dash_is_an_amount(load: Callable[..., Intake]) -> None:
    rows = [["2024-03-02", f"S{n}", one, "", "100.00", "乙", "b"] for n, one in enumerate("0-")]
    assert load([BANK, *rows]).rejected.height == 0


def test_unreadable_money_beside_a_readable_amount_is_counted(
    load: Callable[..., Intake],
) -> None:
    found = load([BANK, ["2024-03-02", "S2", "5", "五元", "100元左右", "乙", "b"]])
    assert found.rejected.height == 0
    assert found.sheets[0].facts["unreadable_money"] == 2


@pytest.mark.parametrize("text", ["合计", "承前页", "本月合计"])
def test_a_whole_line_whose_summary_is_a_word_of_totals_is_data(
    load: Callable[..., Intake], text: str
) -> None:
    lines = [
        ["2024-03-01", "S1", "100.00", "", "100.00", "甲公司", "缴费"],
        ["2024-03-02", "S2", "5.00", "", "105.00", "乙公司", text],
        ["2024-03-31", "", "105.00", "", "", "", text],
    ]
    found = load([BANK, *lines])
    assert found.tables["bank_txn"]["serial_no"].to_list() == ["S1", "S2"]
    assert sum(found.sheets[0].skipped.values()) == 2
