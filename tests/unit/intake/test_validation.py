"""Readable rows that break a check stay in the data and are said."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest
from pandera.errors import SchemaErrors

from recon.base.rows import Part, Rows
from recon.intake.quality.validation import CHECKS, _broken_checks, validate_table
from recon.tables.checks import check_for
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake
    from recon.tables.base import TableSpec

GOOD_USCC, OTHER_USCC = "91350100M000100Y43", "91330100799655058B"


def said(found: Intake) -> list[tuple[str, int, str | None]]:
    return list(found.quality.select("check", "row_no", "column_letter").iter_rows())


@pytest.mark.parametrize(
    ("header", "good", "bad", "check"),
    [
        ("统一社会信用代码", GOOD_USCC, "91350100M000100Y4Z", "valid_uscc"),
        ("从业人员", "5", "-5", "not_negative"),
        ("划型结果", "小型", "超大型", "allowed_value"),
    ],
)
def test_values_that_break_a_check(
    load: Callable[..., Intake], header: str, good: str, bad: str, check: str
) -> None:
    if header == "统一社会信用代码":
        rows = [["单位名称", header, "所属区域"], ["甲", good, "城东"], ["乙", bad, "城西"]]
    else:
        rows = [
            ["单位名称", "统一社会信用代码", header],
            ["甲", GOOD_USCC, good],
            ["乙", OTHER_USCC, bad],
        ]
    found = load(rows)
    letter = "B" if check == "valid_uscc" else "C"
    assert said(found) == [(check, 3, letter)]
    item = found.quality.row(0, named=True)
    assert (item["value"], item["header"]) == (bad, header)
    assert item["reason"] == CHECKS[check].zh
    assert found.tables["payer"].height == 2


@pytest.mark.parametrize(
    ("table", "header", "bad", "check", "kind"),
    [
        ("person_status", "身份证号", "450881198501010016", "valid_id_no", "id_no"),
        ("vehicle", "车牌号", "桂A1234", "valid_plate", "plate"),
        ("fuel_card", "卡号", "12-3", "valid_card", "card"),
        ("bank_txn", "本方账号", "45A", "valid_account", "account"),
        ("tax_collection", "费率", "2", "rate_in_range", "rate"),
    ],
)
def test_identifiers_and_rates(
    load: Callable[..., Intake], table: str, header: str, bad: str, check: str, kind: str
) -> None:
    good = {
        "人员状态": "退休", "品牌型号": "x", "燃料种类": "92", "卡类型": "主卡", "收入金额": "1",
        "交易日期": "2024-01-01", "缴费人名称": "甲", "征收品目": "工会经费", "摘要": "x",
        "费款所属期起": "2024-01-01", "费款所属期止": "2024-01-31", "实缴金额": "1",
        "入库日期": "2024-02-01", "电子税票号码": "V1", "姓名": "张三", "持卡人": "张三",
    }  # fmt: skip
    known = {column.zh for column in specs()[table].columns}
    row = {head: value for head, value in good.items() if head in known} | {header: bad}
    found = load([list(row), list(row.values())], f"{specs()[table].zh}.xlsx")
    assert found.sheets[0].table == table
    assert found.quality["check"].to_list() == [check]
    assert found.quality["kind"].to_list() == [kind]


def test_repeated_keys_are_said_on_each_row_and_both_stay(load: Callable[..., Intake]) -> None:
    header = ["单位名称", "统一社会信用代码", "所属月份", "工资总额"]
    rows = [
        ["甲", GOOD_USCC, "2024-01", "1"],
        ["甲", GOOD_USCC, "2024-01", "2"],
        ["甲", GOOD_USCC, "2024-02", "1"],
        ["乙", "", "2024-01", "1"],
        ["乙", "", "2024-01", "1"],
        ["丙", "", "2024-01", "1"],
    ]
    found = load([header, *rows])
    assert said(found) == [("repeated_key", row, "B") for row in (2, 3, 5, 6)]
    assert found.tables["payroll"].height == 6
    assert "统一社会信用代码" in found.quality["reason"][0]


def test_a_person_in_a_repeated_key_is_masked(load: Callable[..., Intake]) -> None:
    header = [
        "会计期间",
        "科目编码",
        "科目名称",
        "往来单位",
        "期初余额",
        "本期借方",
        "本期贷方",
        "期末余额",
    ]
    row = ["2024-01", "1221", "其他应收款", "欧阳小雪", "0", "0", "0", "0"]
    found = load([header, row, [*row[:-1], "1"]])
    assert (
        found.quality.filter(check="repeated_key")["value"].to_list()
        == ["2024-01-01 + 1221 + 欧**雪"] * 2
    )


def test_key_with_an_empty_part_is_not_tested(load: Callable[..., Intake]) -> None:
    rows = [
        ["卡号", "交易时间", "交易类型", "金额", "流水号"],
        ["10001111", "2024-03-01 10:00:00", "加油", "5", ""],
        ["10001111", "2024-03-01 10:00:00", "加油", "5", ""],
    ]
    assert load(rows).quality.is_empty()


def test_personal_parts_of_a_key_are_not_shown(load: Callable[..., Intake]) -> None:
    person = ["P1", "甲", "11010519491231002X"]
    found = load([["班次编号", "姓名", "身份证号"], person, person])
    assert found.quality["value"].to_list() == ["P1", "P1"]
    assert found.quality["kind"].to_list() == ["text", "text"]


def test_every_check_has_a_sentence_and_is_one_of_the_contract() -> None:
    for table in specs().values():
        for column in table.columns:
            check = check_for(column.kind, column.values)
            contract = table.contract.columns[column.name].checks
            assert [one.name for one in contract] == ([check.name] if check else []), column.name
            assert check is None or check.name in CHECKS


ODD = {
    "uscc": [GOOD_USCC, GOOD_USCC[:-1] + "8", "123456789012345", "X", "13000000-1"],
    "id_no": ["11010519491231002X", "110105194912310021", "110105491231002", "H12345678", "1"],
    "plate": ["桂A12345", "A12345", "粤BD12345"],
    "account": ["1234", "12345", "A2345"],
    "card": ["12345", "1000A1", "1000a1"],
    "enum": ["借", "通过", "?"],
    "rate": [Decimal("-0.1"), Decimal(0), Decimal(1), Decimal("1.000001")],
    "qty": [Decimal("-0.000001"), Decimal(0), Decimal(5)],
    "int": [-1, 0, 7],
}


@pytest.mark.parametrize("times", [1, 2000])
def test_what_is_broken_is_what_pandera_finds_broken(times: int) -> None:
    tables = {c.kind: t for t in specs().values() for c in t.columns if c.kind in ODD}
    for kind, table in tables.items():
        given = {c.name: [*ODD[kind], None] * times for c in table.columns if c.kind == kind}
        height = len(next(iter(given.values())))
        shape = {"row_id": pl.Int64(), **table.schema}
        rows = {name: given.get(name, [None] * height) for name in shape}
        frame = pl.DataFrame(rows | {"row_id": range(height)}, schema=shape, strict=False)
        ours = [
            (column, index)
            for one in _broken_checks(_open(table), frame)
            for column, index in one.select("column", "index").iter_rows()
        ]
        with pytest.raises(SchemaErrors) as found:
            table.contract.select_columns(list(given)).validate(
                frame.select(list(given)), lazy=True
            )
        broken = found.value.failure_cases.filter(pl.col("check") != "not_nullable")
        theirs = broken.select("column", pl.col("index").cast(pl.Int64))
        assert sorted(ours) == sorted(theirs.iter_rows()), kind


def _open(table: TableSpec) -> TableSpec:
    """Return a table that demands no cell."""
    return replace(table, columns=tuple(replace(one, required=False) for one in table.columns))


def test_many_rows_are_tested_as_columns() -> None:
    table, size = specs()["payer"], 100_000
    frame = pl.DataFrame(
        {"row_no": pl.int_range(size, eager=True)}
        | {
            name: pl.repeat(None, size, dtype=dtype, eager=True)
            for name, dtype in table.schema.items()
            if name != "row_id"
        }
    ).with_columns(payer_name=pl.lit("甲"), payer_uscc=pl.lit(GOOD_USCC))
    rows = Rows((Part(frame, size, 1, 1, 0, "a", "b"),))
    columns = pl.DataFrame(
        {"sheet_no": [0], "column": ["payer_uscc"], "column_letter": ["B"], "header": ["税号"]},
        schema_overrides={"sheet_no": pl.Int32},
    )
    started = time.process_time()
    found = validate_table(table, rows, columns)
    assert found.height == size
    assert found["column_letter"].unique().to_list() == ["B"]
    assert time.process_time() - started < 30


@pytest.mark.parametrize("fault", ["type", "empty", "missing"])
def test_a_frame_that_is_not_of_the_contracts_shape_is_our_own_fault(fault: str) -> None:
    table = specs()["tax_collection"]
    shape = {name: column.dtype.type for name, column in table.contract.columns.items()}
    assert shape == {"row_id": pl.Int64(), **table.schema}
    frame = pl.DataFrame(schema=shape)
    assert _broken_checks(table, frame) == []
    wrong = {
        "type": frame.cast({"paid": pl.Float64}),
        "empty": frame.clear(1),
        "missing": frame.drop("paid"),
    }[fault]
    with pytest.raises(AssertionError, match="not of the contract's shape"):
        _broken_checks(table, wrong)
