"""Words that look like what a table needs and say something else are not taken for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake

BANK: list[list[str | None]] = [
    ["交易日期", "收入金额", "支出金额", "余额", "对方户名"],
    ["2024-01-05", "100.00", None, "100.00", "甲公司"],
    ["2024-01-06", None, "30.00", "70.00", "乙公司"],
]
TAX = ["纳税人名称", "征收品目", "所属期起", "所属期止", "实缴金额", "入库日期", "电子税票号码"]


def tax(amount: str) -> list[str | None]:
    days = ["2024-01-01", "2024-01-31"]
    return ["甲公司", "工会经费", *days, amount, "2024-02-05", f"34500{amount}"]


@pytest.mark.parametrize(
    ("written", "account"),
    [
        ("62284801***1234", "62284801***1234"),
        ("6228 4801 **** 1234", "6228 4801 **** 1234"),
        ("99001234567890/001", "99001234567890/001"),
        ("99001234567890-1", "99001234567890-1"),
        ("99001234567890A", "99001234567890A"),
        ("[99001234567890]示例县总工会", "99001234567890"),
        ("99001234567890（基本户）", "99001234567890"),
        ("99001234567890 电话07711234567", "99001234567890"),
        ("示例县总工会基本户 电话07711234567", None),
    ],
)
def test_an_account_above_is_the_whole_of_its_number(
    load: Callable[..., Intake], written: str, account: str | None
) -> None:
    frame = load([[f"账号：{written}"], *BANK]).tables["bank_txn"]
    got = frame["account_no"].unique().to_list()
    assert got == [account and account.translate({32: None, 45: None})]


@pytest.mark.parametrize(
    "words",
    ["应上缴省总工会|已上缴省总工会", "应返基层工会|实返基层工会", "应缴省总工会|应回拨基层工会"],
)
def test_what_is_due_is_not_what_was_distributed(load: Callable[..., Intake], words: str) -> None:
    head = ["清算批次", "清算日期", "缴费单位", "入库金额", *words.split("|")]
    rows = [[f"B{day}", f"2024-03-0{day}", "甲公司", "1000.00", "150.00", "0.00"] for day in (1, 2)]
    assert load([head, *rows]).rows == {}


@pytest.mark.parametrize("word", ["贷记", "借记"])
def test_one_constant_word_of_payment_is_no_direction(
    load: Callable[..., Intake], word: str
) -> None:
    rows = [[f"2024-01-0{day}", "100.00", word, "甲公司"] for day in (1, 2, 3)]
    assert load([["交易日期", "金额", "业务类型", "对方户名"], *rows]).rows == {}


@pytest.mark.parametrize("words", ["年工资总额", "职工年度工资总额"])
def test_wages_of_a_year_are_not_a_months(load: Callable[..., Intake], words: str) -> None:
    head = ["单位名称", "所属月份", words]
    assert load([head, ["甲公司", "2024-01", "500000"], ["乙公司", "2024-01", "4000"]]).rows == {}


def test_what_is_still_to_be_paid_or_given_back_is_not_what_was_due(
    load: Callable[..., Intake],
) -> None:
    rows = [[*tax("100"), "-20.00"], [*tax("200"), "0.00"]]
    frame = load([[*TAX, "本期应补退税费额"], *rows]).tables["tax_collection"]
    assert frame["due"].null_count() == 2


def test_litres_are_not_the_number_of_trades(load: Callable[..., Intake]) -> None:
    head = ["卡号", "交易时间", "交易类型", "交易数量", "加油量", "金额"]
    row = ["1000111100000000123", "2024-03-01 10:00:00", "加油", "1", "10.00", "75.00"]
    assert load([head, row]).tables["fuel_txn"]["litres"][0] == 10


TURNING = (
    "以下为退税 退税部分： 本页以下为退税（费）数据 以下各笔均为作废 多缴退还 以下作废 "
    "待入库 以下未缴 以下为误收多缴退库 以下为应缴未缴 二|以下为退库 说明：以下为退库 "
    "注：以上为退库数据 备注：以上均为红字 以下金额以万元计 （万元） 注：以上金额以万元计 "
    "注：以下金额为万元 金额以万元列示 说明：本表金额为万元"
)
PLAIN = "注：本表不含退库 注：以上金额以元计 说明：以上金额已扣除退费 作废 （元） 经办：张三"


@pytest.mark.parametrize("line", TURNING.split())
@pytest.mark.parametrize("place", ["between", "foot"])
def test_a_line_that_turns_the_money_beside_it_is_asked(
    load: Callable[..., Intake], line: str, place: str
) -> None:
    below = [tax("300"), tax("400")] if place == "between" else []
    assert load([TAX, tax("100"), tax("200"), [*line.split("|")], *below]).rows == {}


@pytest.mark.parametrize("line", PLAIN.split())
def test_a_line_that_turns_nothing_leaves_the_table(load: Callable[..., Intake], line: str) -> None:
    assert load([TAX, tax("100"), tax("200"), [line]]).tables["tax_collection"].height == 2


@pytest.mark.parametrize("word", ["退库金额", "应缴金额"])
def test_a_header_that_comes_again_over_other_money_is_asked_or_parts_the_table(
    load: Callable[..., Intake], word: str
) -> None:
    again = [word if one == "实缴金额" else one for one in TAX]
    found = load([TAX, tax("100"), tax("200"), again, tax("3"), tax("4")])
    paid = found.tables["tax_collection"]["paid"].sum() if found.rows else 0
    assert paid in {0, 300}
    assert found.questions


def test_a_header_on_each_page_stays_one_even_if_its_blanks_differ(
    load: Callable[..., Intake],
) -> None:
    again = ["实缴 金额" if one == "实缴金额" else one for one in TAX]
    found = load([TAX, tax("100"), again, tax("200")])
    assert found.tables["tax_collection"]["paid"].sum() == 300
    assert found.rejected.is_empty()


@pytest.mark.parametrize(
    ("line", "is_asked"),
    [
        ("工会经费专户 99002222222222", True),
        ("单位：示例县总工会基本户（99002222222222）", True),
        ("工会经费专户 99001234567890", False),
        ("工会经费专户联系电话 077112345678", False),
    ],
)
def test_an_account_named_between_the_rows_without_a_label_is_asked(
    load: Callable[..., Intake], line: str, is_asked: bool
) -> None:
    found = load([["账号：99001234567890"], *BANK, [line], ["2024-02-05", "9.00", None, "9.00"]])
    assert bool(found.questions) == is_asked
    assert bool(found.rows) != is_asked
