"""Rules of family XCO: their cases, their three files, and that no identity leaves a county."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from recon.base.yamlio import load_yaml
from recon.engine.duckdb import Session
from recon.engine.portable import obstacles, to_spark
from recon.rollup.county import REGISTER, register_of, token_of
from recon.rollup.cross import cross_rules, run_cross
from recon.rules.catalog import load_rules
from sample_data.make.codes import id_no

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


def _listed() -> list[tuple[str, dict[str, Any]]]:
    files: list[dict[str, Any]] = [load_yaml(path) for path in CASES]
    return [(one["rule"], case) for one in files for case in one["cases"]]


@pytest.mark.parametrize(("code", "case"), _listed(), ids=lambda one: str(one)[:60])
def test_case(code: str, case: dict[str, Any]) -> None:
    rows = [
        {
            **row,
            "amount": None if row["amount"] is None else Decimal(str(row["amount"])),
            "label": f"某{row['token']}",
            "place": f"某表!{number}",
            "exceptions": [f"id{number}"],
        }
        for number, row in enumerate(case["given"], start=2)
    ]
    items = pl.DataFrame(rows, schema=REGISTER)
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
