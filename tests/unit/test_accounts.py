"""Which account of the chart in force an account of a ledger is: names, codes, sides of a day.

Expected accounts are those of the charts of 财会〔2009〕7号 and 财会〔2021〕7号. Not here: what
rules make of them (their cases).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from recon.base.models import SelfUnit
from recon.engine.duckdb import Session
from recon.engine.portable import obstacles
from recon.engine.staging import source_tables, staged_selects
from recon.policy.parameters import load_policy
from recon.policy.reference import reference_tables
from recon.policy.standards import ref_account, ref_account_change
from recon.rules.case_file import typed_tables

if TYPE_CHECKING:
    from collections.abc import Iterable

OLD, NEW = "2021-12-31", "2022-01-01"
TOLD = {"102": "银行存款", "101": "库存现金"}


def _read(rows: Iterable[tuple[str, str]], day: str, column: str) -> dict[tuple[str, str], object]:
    listed = [
        {
            "entry_on": day,
            "voucher_no": "记1",
            "account_code": code,
            "account_name": name,
            "debit": "1",
        }
        for code, name in rows
    ]
    frames = source_tables(typed_tables({"gl_entry": listed}, "test"), b"key")
    references = reference_tables(load_policy("base"), SelfUnit(), date(2024, 12, 31))
    with Session(threads=1) as session:
        session.load(frames | references)
        session.build(["int_account"])
        found = session.frame(f"select account_code, account_name, {column} from int_account")
    return {(code, name): said for code, name, said in found.iter_rows()}


def accounts(rows: Iterable[tuple[str, str]], day: str) -> dict[tuple[str, str], object]:
    """Return the account of each code and name, in a ledger that keeps them all on that day."""
    return _read(rows, day, "account")


@pytest.mark.parametrize(
    ("code", "name", "before", "after"),
    [
        ("222", "应付下级经费", "222", "212"),  # the name, whatever the code
        ("212", "应付下级经费—某工会", "222", "212"),
        ("21501", "某工会", None, "215"),
        ("215-03", "建会筹备金", None, "215"),
        ("22203", "应付建会筹备金", "222", None),
        ("225.01", "押金", "225", None),
        ("403.01", "小微返还", "403", "403"),
        ("40301", "一般性转移支付补助", "403", "403"),
        ("403001", "上级补助收入_专项", "403", "403"),
        ("50402", "办公费", "504", "504"),
        ("50603", "补助下级支出/送温暖", "506", "508"),
        ("10201", "工行0001户", "102", "102"),
        ("1002", "基本户", None, None),
        ("2211", "应付薪酬", None, None),
        ("215", "其他应付款（其他应收款转入）", "225", "215"),
        ("13503", "其他应收款：应付上级经费", "135", "135"),
        ("8001", "备查：代管经费", "231", "221"),
        ("9", "某某", None, None),
    ],
)
def test_the_chart_of_the_day_decides(
    code: str, name: str, before: str | None, after: str | None
) -> None:
    own = [(code, name), *TOLD.items()]
    assert accounts(own, OLD)[code, name] == before
    assert accounts(own, NEW)[code, name] == after


def test_an_account_above_tells_what_lies_below_it_in_codes_of_any_kind() -> None:
    rows = [("1002", "银行存款"), ("100201", "基本户"), ("2241", "其他应付款"), ("224101", "押金"),
            ("2211", "应付职工薪酬"), ("221101", "工资")]  # fmt: skip
    found = accounts(rows, NEW)
    assert [found[row] for row in rows] == ["102", "102", "215", "215", "201", "201"]


def test_a_code_that_the_ledger_uses_for_something_else_tells_nothing() -> None:
    rows = [("102", "银行存款"), ("221", "应付上级经费"), ("22101", "某市总工会"), ("22101", "甲")]
    found = accounts(rows, NEW)  # the old chart kept on: 221 is 代管经费 now
    assert [found[row] for row in rows[1:]] == ["211", "211", "211"]


def test_codes_by_threes_are_the_chart_s_where_no_code_has_four_digits() -> None:
    rows = [("102001", "工行0001户"), ("403001", "专项"), ("102002", "银行存款")]
    assert [accounts(rows, NEW)[row] for row in rows] == ["102", "403", "102"]
    mixed = [*rows[1:], ("1002", "银行存款"), ("221101", "工资")]
    assert [accounts(mixed, NEW)[row] for row in mixed] == [None, "102", "102", None]
    leaves = [("100201", "工行0001户"), ("221101", "工资"), ("403001", "专项")]
    assert [accounts(leaves, NEW)[row] for row in leaves] == [None, None, None]


@pytest.mark.parametrize(
    ("code", "name", "before", "after"),
    [
        ("121", "借出款", "121", "135"),
        ("211", "借入款", "211", "215"),
        ("211", "借入款/应付上级经费", "211", "215"),
        ("311", "投资基金", "311", "301"),
        ("331", "结余", "331", None),  # went to several
        ("507", "事业支出", "507", None),  # went nowhere
    ],
)
def test_a_name_of_the_chart_before_is_what_took_it_over(
    code: str, name: str, before: str | None, after: str | None
) -> None:
    own = [(code, name), (f"{code}01", "甲"), *TOLD.items()]
    for day, wanted in ((OLD, before), (NEW, after)):
        found = accounts(own, day)
        assert (found[code, name], found[f"{code}01", "甲"]) == (wanted, wanted)


def test_one_leaf_with_an_odd_name_tells_nothing_of_its_siblings() -> None:
    rows = [("21501", "某工会"), ("21502", "应付上级经费代管"), *TOLD.items()]
    assert [accounts(rows, NEW)[row] for row in rows[:2]] == ["215", "211"]


def test_a_name_spread_by_blanks_is_read() -> None:
    rows = [("1002", "银 行 存 款"), ("1001", "库　存　现　金"), ("2241", "其他应付款 甲公司")]
    assert [accounts(rows, NEW)[row] for row in rows] == ["102", "101", "215"]
    own = ("2241", "其他应付款 王 某")
    assert _read([own], NEW, "own_name") == {own: "/王/某"}


def test_each_chart_has_each_code_once_and_every_balance_goes_somewhere() -> None:
    chart = ref_account()
    assert chart.select("code", "starts_on").is_unique().all()
    old, new = (chart.filter(starts_on=day) for day in chart["starts_on"].unique().sort())
    assert old["ends_on"].unique().to_list() == new["starts_on"].unique().to_list()
    change = ref_account_change()
    assert change["changed_on"].unique().to_list() == new["starts_on"].unique().to_list()
    # assets, debts, funds; 111 has no balance at the end of a year (16号 二（一）10)
    kept = {code for code in old["code"] if len(code) == 3 and code[0] in "123"} - {"111"}
    assert set(change["old_code"]) == kept
    assert set(change["new_code"]) <= set(new["code"])


def test_what_tells_accounts_runs_on_spark_too() -> None:
    for name, sql in staged_selects(["stg_gl_entry", "int_current_account"]).items():
        assert not obstacles(sql), name
