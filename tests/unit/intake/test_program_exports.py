"""Ledgers and balances in the layouts of many programs, and their sums.

Each layout is a writer that puts the same accounts or entries into the columns of one program; what
must be read is summed from the accounts and entries, never from what the reader says.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recon.base.models import Intake

    Cells = list[str]


class Account(NamedTuple):
    """An account of a balance; `side` is where both balances stand."""

    code: str
    name: str
    side: str
    opening: str
    debit: str
    credit: str
    closing: str


ACCOUNTS = (
    Account("101", "库存现金", "借", "1200.50", "300", "500.25", "1000.25"),
    Account("102", "银行存款", "借", "88000", "12000", "9000.10", "90999.90"),
    Account("215", "其他应付款", "贷", "640.30", "40", "99.70", "700.00"),
    Account("402", "拨缴经费收入", "贷", "0", "0", "5120.77", "5120.77"),
)
SUMS = {
    name: sum(Decimal(getattr(one, name)) for one in ACCOUNTS)
    for name in ("opening", "debit", "credit", "closing")
}


def pair(account: Account, amount: str) -> Cells:
    return [amount, ""] if account.side == "借" else ["", amount]


HEAD = ["科目编码", "科目名称"]
BALANCES: dict[str, tuple[list[Cells], Callable[[Account], Cells]]] = {
    "three pairs on one line, sides before": (
        [[*HEAD, "期初借方", "期初贷方", "本期借方", "本期贷方", "期末借方", "期末贷方"]],
        lambda a: [*pair(a, a.opening), a.debit, a.credit, *pair(a, a.closing)],
    ),
    "three pairs on one line, sides in brackets": (
        [[*HEAD, "期初余额（借）", "期初余额（贷）", "本期发生额（借）", "本期发生额（贷）",
          "期末余额（借）", "期末余额（贷）"]],
        lambda a: [*pair(a, a.opening), a.debit, a.credit, *pair(a, a.closing)],
    ),
    "sides first": (
        [[*HEAD, "借方期初余额", "贷方期初余额", "借方本期发生额", "贷方本期发生额",
          "借方累计发生额", "贷方累计发生额", "借方期末余额", "贷方期末余额"]],
        lambda a: [*pair(a, a.opening), a.debit, a.credit, "7", "8", *pair(a, a.closing)],
    ),
    "two lines and what was moved since January": (
        [["科目代码", "科目名称", "期初余额", "", "本期发生额", "", "本年累计发生额", "",
          "期末余额", ""],
         ["", "", "借方", "贷方", "借方", "贷方", "借方", "贷方", "借方", "贷方"]],
        lambda a: [*pair(a, a.opening), a.debit, a.credit, "7", "8", *pair(a, a.closing)],
    ),
    "year opening beside the opening": (
        [[*HEAD, "方向", "年初余额", "期初余额", "本期借方", "本期贷方", "本年借方", "本年贷方",
          "期末余额"]],
        lambda a: [a.side, "9", a.opening, a.debit, a.credit, "7", "8", a.closing],
    ),
    "direction and amount under two lines": (
        [["科目编号", "科目名称", "期初", "", "本期发生", "", "余额", ""],
         ["", "", "方向", "金额", "借方", "贷方", "方向", "金额"]],
        lambda a: [a.side, a.opening, a.debit, a.credit, a.side, a.closing],
    ),
    "direction before each balance on one line": (
        [[*HEAD, "期初方向", "期初金额", "借方发生额", "贷方发生额", "期末方向", "期末金额"]],
        lambda a: [a.side, a.opening, a.debit, a.credit, a.side, a.closing],
    ),
    "quantities with prices": (
        [[*HEAD, "计量单位", "期初余额", "", "", "", "本期借方", "", "本期贷方", "", "期末余额",
          "", "", ""],
         ["", "", "", "方向", "数量", "单价", "金额", "数量", "金额", "数量", "金额", "方向",
          "数量", "单价", "金额"]],
        lambda a: ["件", a.side, "3", "2.5", a.opening, "4", a.debit, "5", a.credit, a.side, "6",
                   "1.5", a.closing],
    ),
    "foreign money beside the own": (
        [[*HEAD, "币别", "期初余额", "", "", "", "本期发生", "", "", "", "期末余额", "", "", ""],
         ["", "", "", "借方", "", "贷方", "", "借方", "", "贷方", "", "借方", "", "贷方", ""],
         ["", "", "", *["原币", "本位币"] * 6]],
        lambda a: ["美元", *(x for one in (*pair(a, a.opening), a.debit, a.credit,
                                         *pair(a, a.closing)) for x in ("1", one))],
    ),
    "own money named on one line": (
        [[*HEAD, "余额方向", "期初余额(原币)", "期初余额(本位币)", "本期借方(原币)",
          "本期借方(本位币)", "本期贷方(原币)", "本期贷方(本位币)", "期末余额(原币)",
          "期末余额(本位币)"]],
        lambda a: [a.side, "1", a.opening, "1", a.debit, "1", a.credit, "1", a.closing],
    ),
    "an auxiliary table": (
        [["科目编码", "科目名称", "客户编码", "客户名称", "方向", "期初余额", "借方发生额",
          "贷方发生额", "方向", "期末余额"]],
        lambda a: ["K1", "甲公司", a.side, a.opening, a.debit, a.credit, a.side, a.closing],
    ),
    "amounts without 额": (
        [["科目代码", "科目全名", "期初借", "期初贷", "本期借", "本期贷", "期末借", "期末贷"]],
        lambda a: [*pair(a, a.opening), a.debit, a.credit, *pair(a, a.closing)],
    ),
}  # fmt: skip
#: Lines above a header that give the month March 2024, as programs write them.
ABOVE = (
    [["科目余额表"], ["2024年3月"]],
    [["科目余额表", "", ""], ["单位名称：样本县总工会", "", "会计期间：2024.03", "币别：人民币"]],
    [["余额表"], ["月份：2024.03-2024.03"], ["科目：全部"]],
    [["发生额及余额表"], ["期间：2024年3期至2024年3期", "", "单位：元"]],
    [["科目余额表"], ["2024-03-01至2024-03-31"]],
)


def read(rows: Sequence[Cells], load: Callable[..., Intake]) -> Intake:
    width = max(map(len, rows))
    found = load([[*row, *[""] * (width - len(row))] for row in rows])
    assert found.rejected.height == 0, found.rejected["reason"].to_list()
    return found


@pytest.mark.parametrize("above", ABOVE, ids=str)
@pytest.mark.parametrize("name", BALANCES)
def test_a_balance_is_read_in_every_layout(
    name: str, above: list[Cells], load: Callable[..., Intake]
) -> None:
    head, write = BALANCES[name]
    found = read([*above, *head, *([a.code, a.name, *write(a)] for a in ACCOUNTS)], load)
    table = found.tables["gl_balance"]
    assert {one: table[one].sum() for one in SUMS} == SUMS
    assert table["account_code"].to_list() == [a.code for a in ACCOUNTS]
    assert set(table["month"].to_list()) == {date(2024, 3, 1)}
    assert table["side"].to_list() == [a.side for a in ACCOUNTS]
    assert {*SUMS, "side", "account_code"} <= set(found.sheets[0].columns.values())


def test_a_header_over_side_and_amount_without_a_line_below(load: Callable[..., Intake]) -> None:
    head = [*HEAD, "期初余额", "", "本期借方", "本期贷方", "期末余额", ""]
    rows = [[a.code, a.name, a.side, a.opening, a.debit, a.credit, a.side, a.closing]
            for a in ACCOUNTS]  # fmt: skip
    table = read([["会计期间：2024年3月"], head, *rows], load).tables["gl_balance"]
    assert {one: table[one].sum() for one in SUMS} == SUMS


def test_a_header_over_two_columns_of_figures_is_asked_about(load: Callable[..., Intake]) -> None:
    head = [*HEAD, "期初余额", "", "本期借方", "本期贷方", "期末余额", ""]
    rows = [[a.code, a.name, *pair(a, a.opening), a.debit, a.credit, *pair(a, a.closing)]
            for a in ACCOUNTS]  # fmt: skip
    found = load([["会计期间：2024年3月", *[""] * 7], head, *rows])
    assert found.tables == {}
    assert "期初余额、期末余额" in found.questions[0].zh


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("three pairs on one line, sides before", "期初贷方"),
        ("three pairs on one line, sides before", "期末借方"),
        ("sides first", "借方期初余额"),
        ("sides first", "贷方本期发生额"),
    ],
)
def test_half_a_pair_is_asked_about(name: str, lost: str, load: Callable[..., Intake]) -> None:
    (head,), write = BALANCES[name]
    head = ["" if one == lost else one for one in head]
    found = load([["2024年3月", *[""] * 9], head, *([a.code, a.name, *write(a)] for a in ACCOUNTS)])
    assert found.tables == {}
    assert "缺少" in (*found.questions, *found.notes)[0].zh


def test_a_whole_year_of_balances_from_its_opening(load: Callable[..., Intake]) -> None:
    head = [*HEAD, "方向", "年初余额", "本年累计借方", "本年累计贷方", "期末余额"]
    rows = [[a.code, a.name, a.side, a.opening, a.debit, a.credit, a.closing] for a in ACCOUNTS]
    found = read([["2024年1期至2024年12期", *[""] * 6], head, *rows], load)
    table = found.tables["gl_balance"]
    assert {one: table[one].sum() for one in SUMS} == SUMS
    assert set(table["month"].to_list()) == {date(2024, 12, 1)}
    later = load([["2024年5期至2024年12期", *[""] * 6], head, *rows])
    assert later.tables == {}
    assert "期初余额" in later.questions[0].zh


class Line(NamedTuple):
    """One line of a voucher."""

    day: str
    number: str
    summary: str
    code: str
    name: str
    debit: str
    credit: str


LINES = (
    Line("2024-03-04", "1", "收拨缴经费", "102", "银行存款", "500.10", ""),
    Line("2024-03-04", "1", "收拨缴经费", "402", "拨缴经费收入", "", "500.10"),
    Line("2024-03-09", "2", "付办公费", "504", "行政支出", "88.05", ""),
    Line("2024-03-09", "2", "付办公费", "102", "银行存款", "", "88.05"),
)
ENTRIES: dict[str, tuple[list[Cells], Callable[[Line], Cells]]] = {
    "日期 凭证字 凭证号": (
        [["日期", "凭证字", "凭证号", "摘要", "科目编码", "科目名称", "借方金额", "贷方金额"]],
        lambda e: [e.day, "记", e.number, e.summary, e.code, e.name, e.debit, e.credit],
    ),
    "own money in brackets": (
        [["记账日期", "凭证字号", "摘要", "科目代码", "科目名称", "币别", "借方金额(原币)",
          "贷方金额(原币)", "借方金额(本位币)", "贷方金额(本位币)"]],
        lambda e: [e.day, f"记-{e.number}", e.summary, e.code, e.name, "美元", "1", "2", e.debit,
                   e.credit],
    ),
    "own money under two lines": (
        [["年", "月", "日", "凭证号", "摘要", "科目编码", "科目名称", "借方", "", "贷方", ""],
         ["", "", "", "", "", "", "", "原币", "本币", "原币", "本币"]],
        lambda e: [*e.day.split("-"), f"记-{e.number}", e.summary, e.code, e.name, "1", e.debit,
                   "2", e.credit],
    ),
    "side and amount, foreign money beside": (
        [["会计年度", "会计期间", "业务日期", "凭证字号", "摘要", "科目编码", "科目名称", "方向",
          "原币金额", "本位币金额"]],
        lambda e: ["2024", "3", e.day, f"记-{e.number}", e.summary, e.code, e.name,
                   "借" if e.debit else "贷", "1", e.debit or e.credit],
    ),
    "code and name in one column": (
        [["日期", "凭证号", "摘要", "科目", "借方", "贷方", "余额"]],
        lambda e: [e.day, f"记-{e.number}", e.summary, f"{e.code} {e.name}", e.debit, e.credit,
                   "3"],
    ),
    "code in brackets": (
        [["日期", "凭证号", "摘要", "会计科目", "借方", "贷方"]],
        lambda e: [e.day, f"记-{e.number}", e.summary, f"[{e.code}]{e.name}", e.debit, e.credit],
    ),
    "quantities beside": (
        [["制单日期", "凭证编号", "摘要", "科目编码", "科目名称", "借方数量", "借方金额",
          "贷方数量", "贷方金额"]],
        lambda e: [e.day, f"记-{e.number}", e.summary, e.code, e.name, "1", e.debit, "2", e.credit],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ENTRIES)
def test_vouchers_are_read_in_every_layout(name: str, load: Callable[..., Intake]) -> None:
    head, write = ENTRIES[name]
    rows = [*([["序时账"], ["单位：样本县总工会"]] if len(head) == 1 else []), *head]
    found = read([*rows, *map(write, LINES)], load)
    table = found.tables["gl_entry"]
    assert table["debit"].sum() == sum(Decimal(e.debit or 0) for e in LINES)
    assert table["credit"].sum() == sum(Decimal(e.credit or 0) for e in LINES)
    assert table["entry_on"].to_list() == [date.fromisoformat(e.day) for e in LINES]
    assert table["voucher_no"].to_list() == [f"记-{e.number}" for e in LINES]
    assert table["account_code"].to_list() == [e.code for e in LINES]
    assert table["account_name"].to_list() == [e.name for e in LINES]
    given = {"debit", "credit", "account_code", "account_name"}
    assert given <= set(found.sheets[0].columns.values())


@pytest.mark.parametrize(
    "above",
    ["科目：银行存款(102)", "科目：102 银行存款", "科目:[102]银行存款", "科目：102/银行存款",
     "会计科目：(102)银行存款", "科目名称：银行存款（102）", "账户：102-银行存款"],
)  # fmt: skip
def test_a_detail_ledger_takes_its_account_from_above(
    above: str, load: Callable[..., Intake]
) -> None:
    head = ["年", "月", "日", "凭证号数", "摘要", "借方", "贷方", "方向", "余额"]
    mine = [e for e in LINES if e.code == "102"]
    rows = [["2024", "03", "", "", "期初余额", "", "", "借", "100"]]
    rows += [[*e.day.split("-"), f"记-{e.number}", e.summary, e.debit, e.credit, "借", "9"]
             for e in mine]  # fmt: skip
    rows += [["2024", "03", "", "", "本月合计", "500.10", "88.05", "借", "9"]]
    table = read([["明细账"], [above, "", "", "", "月份：2024.03-2024.03"], head, *rows], load)
    entries = table.tables["gl_entry"]
    assert set(entries["account_code"].to_list()) == {"102"}
    assert set(entries["account_name"].to_list()) == {"银行存款"}
    assert entries["debit"].sum() == Decimal("500.10")
    assert entries["credit"].sum() == Decimal("88.05")


@pytest.mark.parametrize(
    "head",
    [
        ["日期", "凭证号", "摘要", "科目编码", "科目名称", "借方金额"],
        ["日期", "凭证号", "摘要", "科目编码", "科目名称", "借方金额(原币)", "贷方金额(原币)"],
        ["日期", "凭证号", "摘要", "科目编码", "科目名称", "借方数量", "贷方数量"],
        ["日期", "凭证号", "摘要", "科目编码", "科目名称", "金额"],
    ],
)
def test_entries_without_both_sides_in_own_money_are_asked_about(
    head: Cells, load: Callable[..., Intake]
) -> None:
    row = ["2024-03-01", "记-1", "摘要", "102", "银行存款", "1", "2"][: len(head)]
    found = load([head, row, row])
    assert found.tables == {}
    assert "借方金额 / 贷方金额" in found.questions[0].zh
