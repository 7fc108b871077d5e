"""One amount of a bank statement becomes money in and money out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
            [(None, None), (None, "30.00"), ("20.00", None)],
            [2],
        ),
        (  # newest first
            [("03", "20", "1090"), ("02", "30", "1070"), ("01", "100", "1100")],
            [("20.00", None), (None, "30.00"), (None, None)],
            [4],
        ),
        (  # only money in
            [("01", "100", "1100"), ("02", "30", "1130")],
            [("100.00", None), ("30.00", None)],
            [],
        ),
        (  # a line is missing in between
            [("01", "100", "1100"), ("02", "30", "1070"), ("05", "7", "900")],
            [(None, None), (None, "30.00"), (None, None)],
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
    assert checks(found) == [("direction_unknown", row) for row in unknown]


def test_equal_amounts_on_one_day_tell_nothing(load: Callable[..., Intake]) -> None:
    rows = [["2024-01-01", "", "100", str(balance)] for balance in (300, 200, 100)]
    found = load([NO_DIRECTION, *rows])
    assert amounts(found) == [("100.00", None)] * 3
    assert checks(found) == [("direction_sign", 2)]
    same = [["2024-01-01", "", "100", "贷", str(balance)] for balance in (300, 200, 100)]
    assert amounts(load([HEAD, *same])) == [("100.00", None)] * 3


def test_columns_that_the_balance_contradicts_are_said(load: Callable[..., Intake]) -> None:
    head = ["交易日期", "摘要", "借方金额", "贷方金额", "余额"]
    rows = [
        ["2024-01-01", "", "100", "", "1100"],
        ["2024-01-02", "", "50", "", "1150"],
        ["2024-01-03", "", "", "30", "1120"],
        ["2024-01-04", "", "", "20", "1100"],
    ]
    assert checks(load([head, *rows])) == [("columns_swapped", 2)]
    head[2:4] = ["贷方金额", "借方金额"]
    assert checks(load([head, *rows])) == []
