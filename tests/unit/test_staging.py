"""Source tables as rules see them, their keys and tokens, and which tables a statement reads."""

from __future__ import annotations

import hmac

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from recon.base.rows import Part, Rows
from recon.engine.staging import source_frames, source_tables, staged_selects, with_staged
from recon.rules.catalog import load_rules
from recon.rules.rule_file import known_tables
from recon.rules.sql_text import parameters_in, shipped_statements, tables_in, tables_parsed
from recon.tables.names import long_id_no, name_key, name_key_expr, person_token
from recon.tables.registry import specs

KEY = b"a key"
OLD, NEW = "110105491231002", "11010519491231002X"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("甲 县（乙）食品有限责任公司", "甲县乙食品有限公司"),
        ("Ａｂｃ\u3000“丙”·厂\u200b", "ABC丙厂"),
        ("", ""),
    ],
)
def test_names_are_compared_without_what_does_not_count(name: str, key: str) -> None:
    assert name_key(name) == key
    (found,) = pl.select(pl.lit(name).alias("n")).select(name_key_expr("n")).to_series()
    assert found == (key or None)


def test_an_old_identity_number_and_the_new_one_are_one_person() -> None:
    assert long_id_no(OLD) == NEW
    for other in (NEW, OLD[:14], OLD + "1", OLD[:14] + "X", "１" + OLD[1:]):
        assert long_id_no(other) == other
    assert person_token(OLD, KEY) == person_token(NEW, KEY) != person_token(NEW, b"another")
    assert person_token(NEW, KEY) == hmac.digest(KEY, NEW.encode(), "sha256").hex()[:16]


def test_account_names_of_the_books_are_no_units() -> None:
    assert "account_name" in specs()["bank_txn"].holding("unit")
    assert "account_name" not in specs()["gl_entry"].holding("unit")


def test_source_tables_have_all_columns_and_their_keys() -> None:
    payer = pl.DataFrame(
        {
            "row_id": [1, 2],
            "payer_uscc": ["1", "2"],
            "payer_name": ["甲（公司）", "乙 公司"],
            "former_names": ["旧甲；老甲,甲·甲", None],
        }
    )
    trainee = pl.DataFrame({"row_id": [3, 4], "id_no": [OLD, None]})
    given = {"payer": payer, "trainee": trainee}
    tables = source_tables(given, KEY)
    assert {*tables} == {*(f"src_{name}" for name in specs()), "src_payer_former"}
    payers = tables["src_payer"]
    assert payers["payer_name_key"].to_list() == ["甲公司", "乙公司"]
    assert payers["industry"].to_list() == [None, None]
    former = tables["src_payer_former"].select("payer_uscc", "name_key")
    assert former.rows() == [("1", "旧甲"), ("1", "老甲"), ("1", "甲甲")]
    assert tables["src_trainee"]["id_no_token"].to_list() == [person_token(OLD, KEY), None]
    filled = {name for name, frame in tables.items() if frame.height}
    assert filled == {"src_payer", "src_trainee", "src_payer_former"}
    assert tables["src_published_rate"].schema["value_text"] == pl.String
    assert "value_text" not in payers.columns

    rows = {
        name: Rows((Part(frame.rename({"row_id": "row_no"}), 2, 1, 1, 0, "a.csv", None),))
        for name, frame in given.items()
    }
    batches = dict(source_frames(rows, KEY))
    assert {*batches} == {*tables}
    unnumbered = {name: frame.drop("row_id", strict=False) for name, frame in batches.items()}
    for name, frame in tables.items():
        assert_frame_equal(unnumbered[name], frame.drop("row_id", strict=False))


def test_parameters_and_staged_tables_of_a_statement() -> None:
    assert parameters_in("select $as_of, $fee_rate") == {"as_of", "fee_rate"}
    assert with_staged({"int_fee_gap", "party"}) >= {"int_fee_gap", "int_fee_span", "party"}


@pytest.mark.parametrize(
    "sql",
    [
        "select 1 from int_fee_gap as gap inner join stg_union as u on true",
        "SELECT 1 FROM int_fee_gap AS gap INNER JOIN stg_union AS u ON TRUE",
        "SELECT 1 FROM INT_FEE_GAP AS gap\nLEFT JOIN\n  Stg_Union AS u ON TRUE",
    ],
)
def test_tables_are_found_after_keywords_of_either_case(sql: str) -> None:
    assert tables_in(sql) == {"int_fee_gap", "stg_union"}


def test_a_table_named_in_a_comment_is_not_read() -> None:
    assert tables_in("select 1 from stg_union -- not from stg_payer") == {"stg_union"}


def test_a_plan_creates_what_a_table_reads_before_the_table() -> None:
    order = list(staged_selects(tables_in("SELECT party_id FROM int_fee_gap")))
    assert order[-1] == "int_fee_gap"
    assert order.index("int_fee_span") < order.index("int_payment") < len(order) - 1


@pytest.mark.parametrize(
    ("sql", "read"),
    [
        ("select * from a, b where x in (select x from c)", {"a", "b", "c"}),
        ('select * from main.a inner join "B" on true', {"a", "b"}),
        ("with u as (select 1), w as (select * from u) select * from w union all select 2", set()),
        ("with a as (select * from a) select * from a", {"a"}),
        ("with recursive a as (select 1 union all select * from a) select * from a", set()),
        ("with a as (with b as (select * from c) select * from b) select * from a, b", {"b", "c"}),
        ("select 'from a', $p from b -- from c", {"b"}),
        ("select extract(year from day) from b", {"b"}),
        ("selekt", set()),
        ("drop table a", set()),
    ],
)
def test_tables_are_those_of_the_parsed_statement(sql: str, read: set[str]) -> None:
    assert tables_in(sql) == read


def test_in_shipped_sql_words_tell_what_the_parser_does() -> None:
    """Besides tables they tell CTEs, and columns behind `extract(... from`; none is a table."""
    known = known_tables()
    made = {rule.evidence_sql for rule in load_rules()} | {*staged_selects(known).values()}
    assert len(made - shipped_statements()) > 50
    for sql in shipped_statements() | made:
        assert tables_in(sql) & known == tables_parsed(sql) & known, sql
        assert tables_parsed(sql) <= tables_in(sql), sql
