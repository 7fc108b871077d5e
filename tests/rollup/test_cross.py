"""Rules of family XCO: their cases, their three files, and that no identity leaves a county."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
import pytest

from recon.base import resources
from recon.engine.duckdb import Session
from recon.engine.portable import obstacles, to_spark
from recon.rollup.county import register_of, token_of
from recon.rollup.cross import cross_rules, run_cross
from recon.rules.catalog import load_rules
from sample_data.make.codes import id_no, uscc
from tests.rollup.cross_support import CASES, case_items, cross_cases


@pytest.mark.parametrize(("code", "case"), cross_cases(), ids=lambda one: str(one)[:60])
def test_case(code: str, case: dict[str, Any]) -> None:
    items = case_items(case)
    with Session(threads=1) as session:
        found = [one for one in run_cross(session, items) if one.rule == code]
    assert [
        (one.label, one.period, one.amount, list(one.counties)) for one in found
    ] == [
        (
            f"某{each['token']}",
            str(each["year"])
            if each["year"]
            else "、".join(sorted({str(row["year"]) for row in case["given"] if row["year"]})),
            None if each["amount"] is None else f"{each['amount']:.2f}",
            each["counties"],
        )
        for each in case["expect"]
    ]  # fmt: skip
    for one in found:  # each names rows and exceptions of every county
        assert {place.split(": ")[0] for place in one.places} == set(one.counties)
        assert {each.split(": ")[0] for each in one.exceptions} == set(one.counties)


def test_each_rule_has_its_three_files_and_runs_on_spark_too() -> None:
    rules = cross_rules()
    assert [one.stem for one in rules] == [path.stem for path in CASES]
    for rule in rules:
        assert rule.stem.startswith(rule.about.code.lower().replace("-", "_"))
        assert not obstacles(rule.sql)
        assert to_spark(rule.sql, {})
        fields = {"label": "a", "counties": "b", "years": "c", "amount": "d", "locales": "e"}
        assert rule.about.message.zh.format(**fields)
        assert rule.about.message.en.format(**fields)


def test_a_county_alone_runs_none_of_them() -> None:
    assert not [rule for rule in load_rules() if rule.family == "XCO"]


def test_a_code_that_is_none_joins_nobody() -> None:
    good = uscc("91", 7)
    bad = good[:-1] + ("0" if good[-1] != "0" else "1")
    kinds = ["union", "remitted", "refunded"]
    rows = [(kind, code) for kind in kinds for code in (good, bad, "0" * 18)]
    found = pl.DataFrame(
        {
            "kind": [kind for kind, _ in rows],
            "identity": [code for _, code in rows],
            "label": "某公司",
            "year": 2024,
            "amount": Decimal("1.00"),
            "party_id": [code for _, code in rows],
            "place": "代收.csv!2",
        },
        schema_overrides={"amount": pl.Decimal(18, 2)},
    )
    listed = pl.DataFrame(
        schema={
            "exception_id": pl.String,
            "party_id": pl.String,
            "evidence": pl.List(pl.String),
        }
    )
    made = register_of(found, listed, "甲县", "base", b"k" * 32)
    assert sorted(made["kind"]) == sorted(kinds)
    assert set(made["token"]) == {token_of("union", good, b"k" * 32)}


def test_a_cut_number_is_no_person_of_the_register() -> None:
    sql = (resources.shipped("sql") / "city" / "register.sql").read_text(encoding="utf-8")
    whole = id_no(date(1985, 3, 1), 101, is_woman=False)
    tables = {
        "int_trainee": f"select unnest(['990000198503011000', '{whole}']) as id_no,"
        " unnest(['证件号被截断', null]) as id_fault, '甲' as name,"
        " date '2024-05-06' as starts_on, date '2024-05-17' as ends_on, 800.00 as subsidy,"
        " true as is_paid, 1 as row_id",
        "source_row": "select 1 as row_id, 1 as file_id, null as sheet, 2 as row_no",
        "source_file": "select 1 as file_id, '学员.csv' as path",
        "src_vehicle": "select '' as plate, date '2020-01-01' as disposed_on, 0 as row_id"
        " where false",
        "src_fuel_card": "select '' as card_no, date '2020-01-01' as closed_on, 0 as row_id"
        " where false",
        "src_union_org": "select '' as union_uscc, '' as union_name, null as dissolved_on,"
        " 0 as row_id where false",
        "party": "select '' as party_id, '' as party_code, '' as party_name where false",
        "stg_tax_collection": "select '' as party_id, 0.00 as paid, true as is_repeat,"
        " true as is_reversed, date '2020-01-01' as period_from, 0 as row_id where false",
        "stg_fund_transfer": "select '' as party_id, '' as kind, 0.00 as amount,"
        " true as is_returned, date '2020-01-01' as period_from, date '2020-01-01' as paid_on,"
        " 0 as row_id where false",
    }
    with duckdb.connect() as database:
        for name, made in tables.items():
            database.execute(f"create table {name} as {made}")
        found = database.execute(sql).fetchall()
    assert [row[1] for row in found] == [whole]


def test_no_identity_leaves_a_county_and_the_same_person_has_one_token_in_all() -> None:
    number = id_no(date(1985, 3, 1), 101, is_woman=False)
    found = pl.DataFrame(
        {
            "kind": ["trained", "card"],
            "identity": [number, "9900228880000771377"],
            "label": ["欧阳明", "9900228880000771377"],
            "year": [2024, None],
            "amount": [Decimal("800.00"), None],
            "party_id": [None, None],
            "place": ["学员.csv!2", "油卡.csv!2"],
        },
        schema_overrides={"amount": pl.Decimal(18, 2), "party_id": pl.String},
    )
    listed = pl.DataFrame(
        {"exception_id": ["a", "b"], "party_id": ["x", None], "evidence": [["学员.csv!2"], []]}
    )
    made = [register_of(found, listed, name, "base", b"k" * 32) for name in ("甲县", "乙县")]
    text = str(made[0].to_dicts())
    assert number not in text
    assert "9900228880000771377" not in text
    assert "欧阳明" not in text
    assert made[0]["token"].to_list() == made[1]["token"].to_list()
    assert made[0].filter(kind="trained")["exceptions"].to_list() == [["a"]]
    assert token_of("trained", number, b"k" * 32) != token_of("trained", number, b"l" * 32)
