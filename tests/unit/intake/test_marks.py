"""What stands beside the money, and the forms of exports that a person reads without a doubt."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake

Rows = list[list[str | None]]
ACCOUNT: list[str | None] = ["账号：9900123400005678901"]


def grid(text: str) -> Rows:
    return [[cell.strip() or None for cell in line.split("|")] for line in text.strip().split("\n")]


def bank(text: str) -> Rows:
    return [ACCOUNT, *grid(text)]


def sums(found: Intake) -> tuple[Decimal, Decimal]:
    frame = found.tables["bank_txn"]
    return frame["money_in"].sum() or Decimal(0), frame["money_out"].sum() or Decimal(0)


@pytest.mark.parametrize(
    "text",
    [
        "交易日期|交易金额|余额\n2024-03-03|90.00 DR|910.00 CR\n2024-03-04|250.10CR|1,160.10 CR",
        "交易日期|交易金额|余额\n2024-03-03|90.00借|910.00\n2024-03-04|250.10 贷|1160.10",
        "交易日期|支出|收入|余额\n2024-03-03||250.10|1000.00\n2024-03-04|-90.00||910.00",
        "交易日期|交易类型|金额|摘要\n2024-03-03|转账支出|90.00|a\n2024-03-04|现金存入|250.10|b",
        "交易日期|记账金额(收)|记账金额(支)|交易金额(支)\n2024-03-03||90|90\n2024-03-04|250.10||\n合计||90|",
        "交易日期|支出|收入\n45354|90.00|\n45355||250.10",
        "交易日期|支出|收入|交易状态\n2024-03-03|90.00||成功\n2024-03-04||250.10|成功\n2024-03-05||7|已撤销",
        "交易日期|支出|收入|余额|冲正标志\n2024-03-03|90.00||910.00|否\n2024-03-04||250.10|1160.10|是",
    ],
)
def test_a_statement_that_anybody_understands_is_read(
    load: Callable[..., Intake], text: str
) -> None:
    assert sums(load(bank(text))) == (Decimal("250.10"), Decimal("90.00"))


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("对方户名/账号", "甲厂/990062220004567"),
        ("对方户名(账号)", "甲厂（990062220004567）"),
        ("对方账号 户名", "990062220004567 甲厂"),
        ("对方信息", "甲厂990062220004567"),
    ],
)
def test_name_and_account_of_the_other_party_in_one_cell_are_parted(
    load: Callable[..., Intake], header: str, cell: str
) -> None:
    rows = bank(f"交易日期|收入|支出|{header}\n" + "\n".join(
        f"2024-03-0{day}|{day}.00||{cell if day < 6 else '结息'}" for day in range(1, 7)
    ))  # fmt: skip
    frame = load(rows).tables["bank_txn"]
    assert frame["party_name"].to_list() == ["甲厂"] * 5 + ["结息"]
    assert frame["party_account"].to_list() == ["990062220004567"] * 5 + [None]


TAX = "纳税人名称|征收品目|所属期起|所属期止|实缴金额|入库日期|电子税票号码"
PAID = "甲公司|工会经费|2024-01-01|2024-01-31|100.00|2024-02-05|345001"
CARD = "卡号|交易时间|交易类型|数量|金额"
FILL = "1000111100000000123|2024-03-01 10:00:00|加油|10.00|75.00"
BALANCE = "科目编码|科目名称|期初余额|借方发生额|贷方发生额|期末余额"
ASKED = {
    "an unproven row that was reversed": (
        "交易日期|收入|冲正标志\n2024-03-03|5|Y\n2024-03-04|6|N",
        "冲正标志",
    ),
    "a state that leaves it open": (
        "交易日期|收入|状态\n2024-03-03|5|处理中\n2024-03-04|6|成功",
        "处理中",
    ),
    "sums of many movements": (
        "日期|收入笔数|收入金额|支出金额\n2024-03-03|3|5|\n2024-03-04|2||6",
        "笔数",
    ),
    "all outgoing negative, no balance": (
        "交易日期|收入|支出\n2024-03-03|5|\n2024-03-04||-6",
        "全是负数",
    ),
    "a unit among the headers": (
        "交易日期|收入|支出|单位：万元\n2024-03-03|5||\n2024-03-04||6|",
        "单位：万元",
    ),
    "penalties among the rows": (f"{TAX}|税款种类\n{PAID}|正税\n{PAID}2|滞纳金", "滞纳金"),
    "refunds among the rows": (f"{TAX}|业务类型\n{PAID}|征收\n{PAID}2|退库", "退库"),
    "refunds beside": (f"{TAX}|退库金额\n{PAID}|\n{PAID}2|20.00", "退库金额"),
    "penalties beside": (f"{TAX}|滞纳金\n{PAID}|0.00\n{PAID}2|1.20", "滞纳金"),
    "a plan": (
        "2024年工会经费回拨计划表\n序号|收款单位|回拨金额|拨付日期\n1|甲工会|5.00|2024-03-01",
        "计划",
    ),
    "another card between the rows": (
        "卡号：1000111100000000123\n交易时间|交易类型|金额\n2024-03-01|加油|75\n卡号：1000111100000000999",
        "1000111100000000999",
    ),
    "spendings that are negative": (f"{CARD}\n{FILL.replace('|75', '|-75')}", "全是负数"),
    "recharges in a column of their own": (
        f"{CARD.replace('金额', '消费金额')}|充值金额\n{FILL}|\n{FILL[:-5]}|90",
        "充值金额",
    ),
    "a row that is a part of the one above": (f"{TAX}\n{PAID}\n其中：{PAID}2", "其中"),
    "a row that is the sum of all above": (
        "交易日期|收入|支出\n2024-03-03|5|\n2024-03-04||6\n2024-03-05|2|\n2024-03-31|7|6",
        "第6行的两个金额",
    ),
    "kilograms": (f"{CARD.replace('数量', '数量(公斤)')}\n{FILL}", "公斤"),
    "pieces beside litres": (f"{CARD}|升数\n{FILL}|40.00", "升数"),
    "balances that roll on the debit side": (
        f"2024年3月科目余额表\n{BALANCE}\n102|银行存款|5|3|1|7\n402|收入|0|0|2|-2",
        "余额方向",
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_stands_beside_the_money_and_leaves_it_open_is_asked(
    load: Callable[..., Intake], name: str
) -> None:
    text, said = ASKED[name]
    found = load([ACCOUNT, *grid(text)] if "交易日期" in text or "笔数" in text else grid(text))
    assert found.rows == {}
    assert said in found.questions[0].zh
    assert found.questions[0].en


def test_a_list_of_the_tax_office_gives_the_union_fee_alone(load: Callable[..., Intake]) -> None:
    other = PAID.replace("工会经费", "残疾人就业保障金")
    found = load(grid(f"{TAX}\n{PAID}\n{other}2"))
    assert found.tables["tax_collection"]["paid"].to_list() == [Decimal("100.00")]
    assert "其他税费1" in found.sheets[0].notes[0].zh


def test_a_void_tax_bill_counts_nowhere(load: Callable[..., Intake]) -> None:
    found = load(grid(f"{TAX}|税票状态\n{PAID}|正常\n{PAID}2|作废"))
    assert found.tables["tax_collection"].height == 1


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [("2024年第1季度", "2024-01-01", "2024-03-31"), ("2024年四季度", "2024-10-01", "2024-12-31")],
)
def test_a_quarter_is_its_three_months(
    load: Callable[..., Intake], period: str, first: str, last: str
) -> None:
    head = TAX.replace("所属期起|所属期止", "所属期")
    row = PAID.replace("2024-01-01|2024-01-31", period)
    frame = load(grid(f"{head}\n{row}")).tables["tax_collection"]
    assert (str(frame["period_from"][0]), str(frame["period_to"][0])) == (first, last)


def test_an_upper_header_that_says_nothing_is_none(load: Callable[..., Intake]) -> None:
    upper = "纳税人名称|征收品目|税款所属期||入库情况||税票号码\n||起|止|日期|金额|"
    row = "甲公司|工会经费|2024-01-01|2024-01-31|2024-02-05|100.00|345001"
    frame = load(grid(f"{upper}\n{row}")).tables["tax_collection"]
    assert frame["paid"][0] == 100


@pytest.mark.parametrize("stamp", ["打印日期：2024-07-08", "制表时间：2024-07-08"])
def test_the_day_of_printing_is_no_period(load: Callable[..., Intake], stamp: str) -> None:
    rows = f"{BALANCE}|方向\n102|银行存款|5|3|1|7|借"
    assert load(grid(f"科目余额表\n{stamp}\n{rows}")).rows == {}
    found = load(grid(f"科目余额表\n{stamp}|期间：2024.03\n{rows}"))
    assert str(found.tables["gl_balance"]["month"][0]) == "2024-03-01"


def test_the_year_of_printing_is_not_the_rows(load: Callable[..., Intake]) -> None:
    rows = bank("打印日期：2025-01-03\n交易日期|收入|支出\n12月30日|5|\n12月31日||6")
    assert load(rows).rejected.height == 2


def test_of_main_and_other_card_the_other_was_used(load: Callable[..., Intake]) -> None:
    head = CARD.replace("卡号", "主卡卡号|副卡卡号")
    found = load(grid(f"{head}\n1000111100000000999|{FILL}"))
    assert found.tables["fuel_txn"]["card_no"].to_list() == ["1000111100000000123"]


@pytest.mark.parametrize("time", ["08:15:30", "81530"])
def test_day_and_time_of_a_fill_in_two_columns_are_one_moment(
    load: Callable[..., Intake], time: str
) -> None:
    row = FILL.replace(" 10:00:00", f"|{time}")
    found = load(grid(f"{CARD.replace('交易时间', '交易日期|交易时间')}\n{row}"))
    assert str(found.tables["fuel_txn"]["txn_at"][0]) == "2024-03-01 08:15:30"


@pytest.mark.parametrize(
    "word",
    [
        "月计",
        "年计",
        "本月发生额",
        "结转下页",
        "上页结转",
        "收支合计",
        "本月借贷方合计",
        "期间合计",
    ],
)
def test_a_total_with_a_day_is_no_movement(load: Callable[..., Intake], word: str) -> None:
    rows = "交易日期|摘要|收入|支出|余额\n2024-03-03|甲|250.10||300\n2024-03-04|乙||90|210"
    assert sums(load(bank(f"{rows}\n2024-03-31|{word}|250.10|90|210"))) == (
        Decimal("250.10"),
        Decimal(90),
    )


@pytest.mark.parametrize(
    "name", ["城关镇小计", "城关镇合计", "全县总计", "合计（5户）", "共5户", "城关镇 汇总"]
)
def test_a_name_that_sums_up_is_no_unit(load: Callable[..., Intake], name: str) -> None:
    rows = f"{TAX}\n{PAID}\n{PAID}2\n{PAID.replace('甲公司', name).replace('100', '200')}3"
    assert load(grid(rows)).tables["tax_collection"]["paid"].sum() == 200


@pytest.mark.parametrize(
    ("merged", "is_asked"), [((2, "E", 3, "E"), True), ((2, "A", 3, "A"), False)]
)
def test_an_amount_merged_over_rows_is_asked(
    load: Callable[..., Intake], merged: tuple[int, str, int, str], *, is_asked: bool
) -> None:
    rows = grid(f"{TAX}\n{PAID}\n{PAID}2\n{PAID}3")
    rows[2][ord(merged[1]) - ord("A")] = None
    found = load(rows, merged=(merged,))
    assert bool(found.questions) == is_asked
