"""One amount of a bank statement becomes money in and money out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon.base.models import SourceMapping

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake

HEAD = ["交易日期", "摘要", "交易金额", "借贷标志", "账户余额"]
NO_DIRECTION = ["交易日期", "摘要", "交易金额", "账户余额"]


def amounts(found: Intake) -> list[tuple[str | None, str | None]]:
    frame = found.tables["bank_txn"].select("money_in", "money_out")
    return [tuple(None if one is None else str(one) for one in row) for row in frame.iter_rows()]  # type: ignore[misc]


def checks(found: Intake) -> list[tuple[str, int]]:
    return found.quality.select("check", "row_no").rows()


def test_balance_tells_a_reversal_from_a_habit_of_signs(load: Callable[..., Intake]) -> None:
    reversal = [
        HEAD,
        ["2024-01-05", "", "100", "贷", "1100"],
        ["2024-01-06", "", "-30", "借", "1130"],
    ]
    found = load(reversal)
    assert amounts(found) == [("100.00", None), (None, "-30.00")]
    assert checks(found) == []
    habit = [
        HEAD,
        ["2024-01-05", "", "100", "贷", "1100"],
        ["2024-01-06", "", "-30", "借", "1070"],
        ["2024-01-06", "冲正", "30", "借", "1100"],
    ]
    found = load(habit)
    assert amounts(found) == [("100.00", None), (None, "30.00"), (None, "-30.00")]
    assert checks(found) == []


def test_signs_without_a_balance_are_read_by_habit_and_said_where_few(
    load: Callable[..., Intake],
) -> None:
    row = ["2024-01-06", "", "-30", "借", ""]
    found = load([HEAD, ["2024-01-05", "", "100", "贷", ""], row])
    assert amounts(found) == [("100.00", None), (None, "30.00")]
    assert checks(found) == [("direction_sign", 3)]
    assert checks(load([HEAD, *[[f"2024-01-0{day}", *row[1:]] for day in (1, 2, 3)]])) == []
    mixed = load(
        [HEAD, row, ["2024-01-07", "", "80", "借", ""], ["2024-01-08", "", "90", "借", ""]]
    )
    assert amounts(mixed) == [(None, "-30.00"), (None, "80.00"), (None, "90.00")]


@pytest.mark.parametrize(
    ("cells", "expected", "unknown"),
    [
        (
            [("01", "100", "1100"), ("02", "30", "1070"), ("03", "20", "1090")],
            [(None, "30.00"), ("20.00", None)],
            [2],
        ),
        (  # newest first
            [("03", "20", "1090"), ("02", "30", "1070"), ("01", "100", "1100")],
            [("20.00", None), (None, "30.00")],
            [4],
        ),
        ([("01", "100", "1100"), ("02", "30", "1130")], [("30.00", None)], [2]),
        (  # a line is missing in between
            [("01", "100", "1100"), ("02", "30", "1070"), ("05", "7", "900")],
            [(None, "30.00")],
            [2, 4],
        ),
    ],
)
def test_without_a_direction_the_balance_is_the_witness(
    load: Callable[..., Intake],
    cells: list[tuple[str, str, str]],
    expected: list[tuple[str | None, str | None]],
    unknown: list[int],
) -> None:
    rows = [[f"2024-01-{day}", "", amount, balance] for day, amount, balance in cells]
    found = load([NO_DIRECTION, *rows])
    assert amounts(found) == expected
    assert found.rejected["row_no"].to_list() == unknown
    assert set(found.rejected["check"]) == {"direction_unknown"}
    sums = found.sheets[0].money["amount"]
    assert sum(sums.values()) == sum(int(amount) for _, amount, _ in cells)


def test_equal_amounts_on_one_day_tell_nothing(load: Callable[..., Intake]) -> None:
    rows = [["2024-01-01", "", "100", str(balance)] for balance in (300, 200, 100)]
    assert "没有收支方向列" in load([NO_DIRECTION, *rows]).questions[0].zh
    same = [["2024-01-01", "", "100", "贷", str(balance)] for balance in (300, 200, 100)]
    assert amounts(load([HEAD, *same])) == [("100.00", None)] * 3


def test_signs_are_certain_where_the_balance_or_a_plus_proves_them(
    load: Callable[..., Intake],
) -> None:
    head = ["交易日期", "摘要", "交易金额"]
    rows = [["2024-01-01", "", "80"], ["2024-01-02", "", "-30"]]
    assert "没有余额可以核对" in load([head, *rows]).questions[0].zh
    card = [["2024-01-01", "（消费）商户", "80"], ["2024-01-02", "（还款）", "-30"]]
    assert "公务卡" in load([head, *card]).questions[0].zh
    plus = [["2024-01-01", "", "+80"], ["2024-01-02", "", "-30"]]
    assert amounts(load([head, *plus])) == [("80.00", None), (None, "30.00")]
    proven = [[*row, balance] for row, balance in zip(rows, ("180", "150"), strict=True)]
    assert amounts(load([NO_DIRECTION, *proven])) == [("80.00", None), (None, "30.00")]
    against = [[*row, balance] for row, balance in zip(rows, ("180", "210"), strict=True)]
    assert "余额的变化与金额的正负号相反" in load([NO_DIRECTION, *against]).questions[0].zh
    said = SourceMapping("a.xlsx", table="bank_txn", columns={"交易金额": "amount"})
    assert amounts(load([head, *rows], sources=(said,))) == [("80.00", None), (None, "30.00")]


def test_columns_that_the_balance_contradicts_are_asked_about(load: Callable[..., Intake]) -> None:
    head = ["交易日期", "摘要", "借方金额", "贷方金额", "余额"]
    rows = [
        ["2024-01-01", "", "100", "", "1100"],
        ["2024-01-02", "", "50", "", "1150"],
        ["2024-01-03", "", "", "30", "1120"],
        ["2024-01-04", "", "", "20", "1100"],
    ]
    assert "收入和支出两列可能颠倒" in load([head, *rows]).questions[0].zh
    head[2:4] = ["贷方金额", "借方金额"]
    assert checks(load([head, *rows])) == []
