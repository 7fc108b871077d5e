"""Several tables on one sheet: side by side, and one under the other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from recon.intake.pipeline import join_sheets
from recon.intake.sheets.understanding import understand_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recon.base.models import Intake, RawSheet

BANK = ["交易日期", "收入金额", "支出金额", "摘要"]
RENT = ["合同编号", "收款日期", "收款金额"]


@pytest.fixture
def split(raw: Callable[..., RawSheet]) -> Callable[..., Intake]:
    """Take one sheet, cut into its tables, through the intake."""

    def run(rows: Sequence[Sequence[str | None]], **facts: object) -> Intake:
        return join_sheets((), understand_parts(raw(rows, **facts)))

    return run


def test_tables_beside_each_other_are_read_apart(split: Callable[..., Intake]) -> None:
    found = split(
        [
            [*BANK, "", *RENT],
            ["2024-01-01", "100", "", "a", "", "H1", "2024-02-01", "5"],
            ["2024-01-02", "", "30", "b", "", "", "", ""],
        ]
    )
    assert [sheet.table for sheet in found.sheets] == ["bank_txn", "lease_receipt"]
    assert found.tables["bank_txn"]["money_in"].sum() == Decimal(100)
    assert found.tables["lease_receipt"]["amount"].to_list() == [Decimal(5)]
    assert found.source_row["row_no"].to_list() == [2, 3, 2]
    assert "第2张（F–H列）" in found.sheets[1].notes[0].zh


@pytest.mark.parametrize("gap", [[], [""]])
def test_a_table_that_goes_on_beside_itself_loses_no_row(
    split: Callable[..., Intake], gap: list[str]
) -> None:
    found = split(
        [
            ["银行流水 账号：111111111111"],
            [*BANK, *gap, *BANK],
            ["2024-01-01", "100", "", "a", *gap, "2024-02-01", "5", "", "x"],
            ["2024-01-02", "", "30", "b", *gap, "2024-02-02", "6", "", "y"],
        ]
    )
    bank = found.tables["bank_txn"]
    assert bank["money_in"].drop_nulls().to_list() == [Decimal(100), Decimal(5), Decimal(6)]
    assert set(bank["account_no"]) == {"111111111111"}


def test_a_blank_column_within_a_table_cuts_nothing(split: Callable[..., Intake]) -> None:
    found = split([["交易日期", "", *BANK[1:]], ["2024-01-01", "", "100", "", "a"]])
    assert len(found.sheets) == 1
    assert found.tables["bank_txn"].height == 1


def test_account_above_each_block_belongs_to_its_block(split: Callable[..., Intake]) -> None:
    found = split(
        [
            ["账号：111111111111"],
            BANK,
            ["2024-01-01", "100", "", "a"],
            ["合计", "100"],
            [],
            ["账号：222222222222"],
            BANK,
            ["2024-02-01", "5", "", "x"],
            ["合计", "5"],
            ["账号：333333333333"],
            BANK,
            ["2024-03-01", "7", "", "y"],
            ["合计", "7.01"],
        ]
    )
    bank = found.tables["bank_txn"]
    assert bank["account_no"].to_list() == ["111111111111", "222222222222", "333333333333"]
    assert [sheet.header_row for sheet in found.sheets] == [2, 7, 11]
    assert sum(sheet.rows_read for sheet in found.sheets) == 13
    assert found.rejected.height == 0
    assert found.quality["check"].to_list() == ["total_tied"]
    assert found.quality["row_no"].to_list() == [13]


def test_unit_said_at_the_top_holds_for_the_blocks_below(split: Callable[..., Intake]) -> None:
    found = split(
        [
            ["账号：111111111111", "", "单位：万元"],
            BANK,
            ["2024-01-01", "1", "", "a"],
            ["账号：222222222222"],
            BANK,
            ["2024-02-01", "2", "", "x"],
        ]
    )
    assert found.tables["bank_txn"]["money_in"].to_list() == [Decimal(10000), Decimal(20000)]


def test_another_table_further_down_is_read_as_what_it_is(split: Callable[..., Intake]) -> None:
    found = split(
        [
            ["银行流水"],
            BANK,
            ["2024-01-01", "100", "", "a"],
            [],
            ["租金收款明细"],
            RENT,
            ["H1", "2024-02-01", "5"],
        ]
    )
    assert [sheet.table for sheet in found.sheets] == ["bank_txn", "lease_receipt"]
    assert found.tables["lease_receipt"]["received_on"].to_list() == [date(2024, 2, 1)]
    assert found.rejected.height == 0
    assert sum(sheet.rows_read for sheet in found.sheets) == 7


def test_a_header_repeated_on_each_page_cuts_nothing(split: Callable[..., Intake]) -> None:
    page = [["银行流水 账号：111111111111"], BANK]
    rows = [*page, ["2024-01-01", "1", "", "a"], *page, ["2024-01-02", "2", "", "b"]]
    found = split([*rows, ["总计", "3"]])
    assert len(found.sheets) == 1
    assert found.tables["bank_txn"].height == 2
    assert found.quality.height == 0


def test_a_header_again_in_another_unit_begins_another_table(load: Callable[..., Intake]) -> None:
    head, first = ["资产编号", "资产名称", "原值"], ["A1", "桌子", "100.00"]
    again, second = ["资产编号", "资产名称", "原值(万元)"], ["A2", "房屋", "30.00"]
    frame = load([head, first, again, second]).tables["asset"]
    assert [str(one) for one in frame["original_value"]] == ["100.00", "300000.00"]
