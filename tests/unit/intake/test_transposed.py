"""A table on its side is named as such, with what to do; an upright one is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake

ROWS = [
    ["交易日期", "2024-03-01", "2024-03-02"],
    ["流水号", "S1", "S2"],
    ["收入金额", "100.00", ""],
    ["支出金额", "", "5.00"],
    ["账户余额", "100.00", "95.00"],
    ["对方户名", "甲", "乙"],
]


def test_a_table_on_its_side_has_its_own_sentence(load: Callable[..., Intake]) -> None:
    for rows in (ROWS, [["某账户流水"], *ROWS], [["", *row] for row in ROWS]):
        found = load(rows)
        [question] = found.questions
        assert "转置" in question.zh
        assert "Transpose" in question.en
        assert question.zh.startswith("a.xlsx#Sheet1: 像是“银行流水”")
        assert not found.tables


def test_the_same_table_upright_is_read(load: Callable[..., Intake]) -> None:
    found = load([list(row) for row in zip(*ROWS, strict=True)])
    assert found.tables["bank_txn"].height == 2
    assert found.questions == ()
