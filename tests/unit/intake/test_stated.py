"""Counts, sums and balances above a bank's table are tied like totals below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon.intake.pipeline import read_intake

if TYPE_CHECKING:
    from pathlib import Path

TIES = ("count_tied", "total_tied", "balance_tied")
LINES = """交易日期,借方金额,贷方金额,余额,对方户名
2024-03-01,,100.00,1100.00,示例甲公司
2024-03-02,30.50,,1069.50,示例乙公司
2024-03-03,,200.00,1269.50,示例丙公司
"""


def untied(folder: Path, above: str, lines: str = LINES) -> list[tuple[object, ...]]:
    (folder / "流水.csv").write_text(f"账号：9900123456\n{above}\n{lines}", encoding="utf-8")
    found = read_intake(folder)
    assert found.sheets[0].table == "bank_txn"
    return [
        (
            row["check"],
            row["row_no"],
            row["header"],
            row["value"],
            row["reason"].split("读到的是")[1],
        )
        for row in found.quality.iter_rows(named=True)
        if row["check"] in TIES
    ]


@pytest.mark.parametrize(
    "above",
    [
        "累计借方金额,30.50,累计贷方金额,300.00,记录条数,3",
        "借方笔数：1 贷方笔数：2 借方发生额：30.50 贷方发生额：300.00",
        "支出总金额：30.50元,收入合计：300.00元,总笔数：3笔",
        "累计借金额,30.5,累计借总笔数,1,累计贷金额,300,累计贷总笔数,2",
        "期初余额：1000.00,期末余额：1269.50",
        '对账单期初余额,"1,000.00",对账单余额,"1,269.50"',
        "总笔数[ Total numbers of transactions ]:,3",
        "账户余额：5.00,可用余额：7.00",
    ],
)
def test_figures_that_agree_say_nothing(tmp_path: Path, above: str) -> None:
    assert untied(tmp_path, above) == []


@pytest.mark.parametrize(
    ("above", "found"),
    [
        ("累计借方金额,31.50", ("total_tied", 2, "累计借方金额", "31.50", "30.50，相差1.00")),
        ("累计贷方金额：299.99", ("total_tied", 2, "累计贷方金额", "299.99", "300.00，相差-0.01")),
        ("贷方笔数：3", ("count_tied", 2, "贷方笔数", "3", "2，相差1")),
        ("记录条数,4", ("count_tied", 2, "记录条数", "4", "3，相差1")),
        ("期初余额：999.00", ("balance_tied", 2, "期初余额", "999.00", "1000.00，相差-1.00")),
        ("期末余额：1270.00", ("balance_tied", 2, "期末余额", "1270.00", "1269.50，相差0.50")),
    ],
)
def test_a_figure_that_nothing_agrees_with_is_told(
    tmp_path: Path, above: str, found: tuple[object, ...]
) -> None:
    assert untied(tmp_path, above) == [found]


def test_statements_that_run_down_in_time_and_lines_set_aside(tmp_path: Path) -> None:
    head, *lines = LINES.splitlines()
    down = "\n".join([head, *reversed(lines)]) + "\n"
    assert untied(tmp_path, "期初余额：1000.00,期末余额：1269.50", down) == []
    bad = f"{LINES}2024-13-45,5.00,,1264.50,示例丁公司\n"
    assert untied(tmp_path, "记录条数,4,借方笔数,2", bad) == []
    assert untied(tmp_path, "记录条数,6", bad)[0][-1] == "4，相差2"


def test_a_label_of_two_words_is_no_count_of_all(tmp_path: Path) -> None:
    assert untied(tmp_path, "借方 笔数：1,贷方 笔数：2") == []
