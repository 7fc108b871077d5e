"""Rule SQL for Spark: what is rewritten, what is refused, and that every shipped rule passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from recon.base.errors import EngineError
from recon.engine.connect import check_master, spark_kind
from recon.engine.macros import DUCKDB_MACROS, SPARK_MACROS
from recon.engine.portable import NotPortableError, obstacles, to_spark
from recon.engine.spark import check_portable
from recon.engine.spark_errors import (
    SparkMasterError,
    SparkMissingError,
    SparkRefusesRulesError,
    SparkUnreachableError,
)
from recon.matching import load_pairings
from recon.rules.catalog import load_rules
from recon.run.rule_run import words_of


def spark(sql: str, **values: object) -> str:
    return to_spark(sql, values).replace("`", "")


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("select avg(x) as y from t", "avg()"),
        ("select median(x) as y from t", "median()"),
        ("select a / b as y from t", "div_half_up"),
        ("select a // b as y from t", "div_half_up"),
        ("select name[1:2] as y from t", "substr"),
        ("select list(a order by b) as y from t", "array_agg()"),
        ("select string_agg(a, ',') as y from t", "group_concat()"),
        ("select levenshtein(a, b) as y from t", "levenshtein()"),
        ("select jaccard(a, b) as y from t", "jaccard()"),
        ("select t.a as y from t asof join u on t.day >= u.day", "asof join"),
        ("select date_diff('week', a, b) as y from t", "week"),
        ("select date_trunc('week', a) as y from t", "week"),
        ("select (", "line 1"),
    ],
)
def test_what_the_dialects_do_not_share_is_refused_with_its_name(sql: str, word: str) -> None:
    assert word in ", ".join(obstacles(sql)).lower()
    with pytest.raises(NotPortableError):
        to_spark(sql, {})


def test_every_shipped_rule_and_pairing_and_its_tables_are_portable() -> None:
    rules, pairings = load_rules(), load_pairings()
    check_portable(rules, {rule.code: words_of(rule) for rule in rules}, pairings)
    assert (len(rules), len(pairings)) > (100, 7)


def test_a_pairing_that_is_not_portable_is_refused_by_name() -> None:
    wrong = replace(
        load_pairings()[0], side_sql={"a": "select avg(x) as y from t", "b": "select 1"}
    )
    with pytest.raises(SparkRefusesRulesError, match=rf"匹配.*{wrong.name}（avg\(\)）"):
        check_portable([], {}, [wrong])


def test_a_rule_that_is_not_portable_is_refused_by_name() -> None:
    rule = load_rules()[0]
    changed = rule.__class__(**{**rule.__dict__, "sql": "select avg(x) as y from t"})
    with pytest.raises(SparkRefusesRulesError, match=rf"{rule.code}（avg\(\)）"):
        check_portable([changed], {rule.code: set()})


def test_parameters_become_typed_constants() -> None:
    text = spark(
        "select $day as a, $rate as b, $count as c, $word as d, $flag as e, $none as f",
        day=date(2024, 3, 5), rate=Decimal("0.020"), count=-3, word="o'k", flag=True, none=None,
    )  # fmt: skip
    assert text == (
        "SELECT CAST('2024-03-05' AS DATE) AS a, CAST('0.020' AS DECIMAL(4, 3)) AS b, -3 AS c, "
        "'o\\'k' AS d, TRUE AS e, NULL AS f"
    )


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select cast(x as bigint) as y from t",
         "SELECT CAST(ROUND(CAST(x AS DECIMAL(38, 10)), 0) AS BIGINT) AS y FROM t"),
        ("select date_trunc('month', d) as y from t",
         "SELECT CAST(DATE_TRUNC('MONTH', d) AS DATE) AS y FROM t"),
        ("select date_trunc('day', d) as y from t",
         "SELECT CAST(CAST(d AS DATE) AS TIMESTAMP_NTZ) AS y FROM t"),
        ("select date_diff('year', a, b) as y from t",
         "SELECT ((EXTRACT(YEAR FROM b)) - (EXTRACT(YEAR FROM a))) AS y FROM t"),
        ("select add_months(d, 1) as y from t",
         "SELECT (ADD_MONTHS((d), CAST((1) AS INT))) AS y FROM t"),
        ("select k, min(p) as p from c group by k having count(distinct p) = 1",
         "SELECT k, MIN(p) AS p FROM c GROUP BY k HAVING COUNT(DISTINCT c.p) = 1"),
        ("select a as y from t order by a", "SELECT a AS y FROM t"),
    ],
)  # fmt: skip
def test_constructs_that_mean_something_else_are_rewritten(sql: str, expected: str) -> None:
    assert spark(sql) == expected


def test_both_forms_of_every_helper_are_there() -> None:
    for name, macro in SPARK_MACROS.items():
        assert f"create macro {name}({', '.join(macro.arguments)})" in DUCKDB_MACROS
    assert DUCKDB_MACROS.count("create macro") == len(SPARK_MACROS)


def test_types_have_a_spark_form() -> None:
    assert spark_kind("DECIMAL(18,6)") == "decimal(18,6)"
    assert spark_kind("VARCHAR[]") == "array<string>"
    with pytest.raises(EngineError, match="STRUCT"):
        spark_kind("STRUCT(a INTEGER)")


@pytest.mark.parametrize("master", [None, "", "spark://host:7077", "sc://", "sc://host:port"])
def test_a_master_must_be_the_address_of_a_spark_connect_server(master: str | None) -> None:
    with pytest.raises(SparkMasterError, match="sc://"):
        check_master(master)


def test_a_master_that_nobody_answers_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: object())
    with pytest.raises(SparkUnreachableError, match=r"sc://127\.0\.0\.1:1"):
        check_master("sc://127.0.0.1:1")


def test_a_missing_client_is_said_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(SparkMissingError, match=r"union-recon\[spark\]"):
        check_master("sc://127.0.0.1:1")
