"""Which tables a statement reads: found whatever the case of its keywords."""

from __future__ import annotations

import pytest

from recon.staging import staging_plan, tables_in


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
    order = list(staging_plan(tables_in("SELECT party_id FROM int_fee_gap")))
    assert order[-1] == "int_fee_gap"
    assert order.index("int_fee_span") < order.index("int_fee_expected") < len(order) - 1
