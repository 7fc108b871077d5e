"""What headers and lines above a table leave open is asked; a plate under 持卡人 is a plate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon.base.models import SourceMapping

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake

OWN, OTHER = "990099565260658", "9900454836083399"
ROWS: list[list[str | None]] = [
    ["2024-03-01", "甲厂", "100.00", None, "1100.00"],
    ["2024-03-02", "乙店", None, "50.00", "1050.00"],
]


def statement(header: list[str | None]) -> list[list[str | None]]:
    return [header, *ROWS]


@pytest.mark.parametrize("word", ["甲", "乙", "测算", "口径二"])
def test_a_strange_word_in_brackets_after_money_is_asked(
    load: Callable[..., Intake], word: str
) -> None:
    found = load(statement(["交易日期", "对方户名", f"收入金额（{word}）", "支出金额", "余额"]))
    assert found.rows == {}
    assert f"括号里的“{word}”" in found.questions[0].zh


@pytest.mark.parametrize("word", ["元", "贷方", "含税", "小写", "1", "人民币"])
def test_a_known_word_in_brackets_leaves_money_as_it_is(
    load: Callable[..., Intake], word: str
) -> None:
    found = load(statement(["交易日期", "对方户名", f"收入金额（{word}）", "支出金额", "余额"]))
    assert str(found.tables["bank_txn"]["money_in"].sum()) == "100.00"


def accounts(account: str) -> list[list[str | None]]:
    rows: list[list[str | None]] = [[f"账号：{OWN}"], ["交易日期", "账号", "收入金额", "支出金额"]]
    return [*rows, ["2024-03-01", account, "100.00", None], ["2024-03-02", account, None, "50.00"]]


def test_accounts_that_are_not_the_one_above_are_asked(load: Callable[..., Intake]) -> None:
    found = load(accounts(OTHER))
    assert found.rows == {}
    assert f"表上方写的账号是{OWN}" in found.questions[0].zh
    assert OTHER in found.questions[0].en


def test_the_account_above_in_every_row_is_certain(load: Callable[..., Intake]) -> None:
    frame = load(accounts(OWN)).tables["bank_txn"]
    assert frame["account_no"].to_list() == [OWN, OWN]


def test_a_person_says_whose_accounts_they_are(load: Callable[..., Intake]) -> None:
    said = SourceMapping("a.xlsx", table="bank_txn", columns={"账号": "party_account"})
    frame = load(accounts(OTHER), sources=(said,)).tables["bank_txn"]
    assert frame["party_account"].to_list() == [OTHER, OTHER]
    assert frame["account_no"].to_list() == [OWN, OWN]


MOVED: list[list[str | None]] = [
    ["交易日期", "对方户名", "收入金额", "支出金额"],
    *(row[:4] for row in ROWS),
]
LEASES: list[list[str | None]] = [["合同编号", "收款日期", "收款金额"], ["H1", "2024-01-01", "100"]]


@pytest.mark.parametrize(
    "line", ["以下为退款", "以下为支出", "二、退款（红字）", "冲销部分", "红字："]
)
def test_a_line_between_rows_that_turns_their_money_is_asked(
    load: Callable[..., Intake], line: str
) -> None:
    assert load(LEASES).rows
    found = load([*LEASES, [line], ["H2", "2024-02-01", "30"]])
    assert found.rows == {}
    assert f"第3行单独写着“{line}”" in found.questions[0].zh
    assert f"Row 3 says “{line}”" in found.questions[0].en


def test_a_line_that_names_a_side_turns_nothing_where_each_has_its_column(
    load: Callable[..., Intake],
) -> None:
    below: list[list[str | None]] = [["以下为支出"], ["2024-03-05", "丙", None, "5.00"]]
    assert str(load([*MOVED, *below]).tables["bank_txn"]["money_out"].sum()) == "55.00"
    assert load([*MOVED, ["以下为红字"], *below[1:]]).rows == {}


def test_a_header_again_with_its_sides_exchanged_is_read_by_itself(
    load: Callable[..., Intake],
) -> None:
    again: list[list[str | None]] = [["交易日期", "对方户名", "支出金额", "收入金额"]]
    frame = load([*MOVED, *again, ["2024-03-05", "丙", "7.00", None]]).tables["bank_txn"]
    assert [str(frame[name].sum()) for name in ("money_in", "money_out")] == ["100.00", "57.00"]


def test_a_header_again_without_a_unit_keeps_the_unit_above(load: Callable[..., Intake]) -> None:
    again: list[list[str | None]] = [["资产编号", "资产名称", "原值"], ["A2", "凳子", "5"]]
    first: list[list[str | None]] = [["资产编号", "资产名称", "原值(万元)"], ["A1", "桌子", "3"]]
    frame = load([*first, *again]).tables["asset"]
    assert [str(one) for one in frame["original_value"]] == ["30000.00", "50000.00"]


@pytest.mark.parametrize(
    ("line", "own"),
    [
        (f"账户 {OWN}", OWN),
        (f"[账号]{OWN}", OWN),
        (f"【账号】 {OWN}", OWN),
        (f"（帐号）{OWN}", OWN),
        (f"账号={OWN}", OWN),
        (f"本方账号＝{OWN}", OWN),
        (f"对方账号={OTHER}", None),
    ],
)
def test_an_account_above_without_a_colon_is_the_own_one(
    load: Callable[..., Intake], line: str, own: str | None
) -> None:
    frame = load([[line], *MOVED]).tables["bank_txn"]
    assert frame["account_no"].to_list() == [own, own]


FUEL = ["卡号", "持卡人", "交易时间", "交易类型", "油品", "数量", "应付金额", "实付金额"]


def bought(holder: str) -> list[str]:
    return [OTHER, holder, "2024-03-01 10:00:00", "加油", "92号汽油", "10.00", "75.00", "70.00"]


@pytest.mark.parametrize(("holder", "plate"), [("桂A12345", "桂A12345"), ("张小三", None)])
def test_a_holder_that_is_a_car_is_its_plate_and_what_was_paid_is_the_amount(
    load: Callable[..., Intake], holder: str, plate: str | None
) -> None:
    frame = load([FUEL, bought(holder), bought(holder)]).tables["fuel_txn"]
    assert frame["plate"].to_list() == [plate, plate]
    assert str(frame["amount"].sum()) == "140.00"
