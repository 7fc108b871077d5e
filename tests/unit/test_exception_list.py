"""Links between exceptions of one sum, what counts, evidence, and totals per direction."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from recon.base.models import DEFINITE_DIRECTIONS, DirectionTotal
from recon.engine.duckdb import Session
from recon.engine.exception_list import COLUMNS, direction_totals, list_exceptions
from recon.rules.catalog import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = tuple(rule for rule in load_rules() if rule.code in ("REM-01", "SME-01"))
FIRST, SECOND = DEFINITE_DIRECTIONS[:2]


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(threads=1) as opened:
        opened.run_script(
            "create table source_file as select 1 as file_id, '收入.xlsx' as path;"
            "create table source_row as select * from (values"
            " (7, 1, '一月', 3), (8, 1, null, 4)) as t (row_id, file_id, sheet, row_no);"
            "create table ref_policy_value"
            " (name text, value_text text, starts_on date, ends_on date, is_verified boolean,"
            " kind text);"
        )
        yield opened


def put(session: Session, name: str, direction: str, **other: Any) -> None:
    row = {"rule": "REM-01", "precedence": 1, "amount": "10.00", "money_key": "k", **other}
    columns = ", ".join(row)
    session.connection.execute(
        f"insert into exception_item (exception_id, direction, grain, {columns}) "
        f"values (?, ?, ?, {', '.join('?' * len(row))})",
        [name, direction, name, *row.values()],
    )


def links(session: Session) -> dict[str, tuple[str | None, bool]]:
    listed = list_exceptions(session, RULES)
    return {row["exception_id"]: (row["linked_to"], row["counted"]) for row in listed.to_dicts()}


def test_of_one_sum_the_narrower_cause_counts_once_per_direction(session: Session) -> None:
    put(session, "a", FIRST, precedence=2)
    put(session, "b", FIRST, precedence=1)
    put(session, "c", SECOND, precedence=3)
    put(session, "d", "verify", precedence=0)
    put(session, "e", FIRST, precedence=1, money_key="other")
    put(session, "f", FIRST, precedence=0, money_key=None)
    put(session, "g", "lapsed", precedence=0)
    put(session, "h", "", precedence=0)
    assert links(session) == {
        "a": ("b", False),
        "b": (None, True),
        "c": (None, True),
        "d": ("b", False),
        "e": (None, True),
        "f": (None, True),
        "g": (None, False),
        "h": (None, False),
    }


def test_what_is_to_be_verified_hangs_under_its_like_where_nothing_is_definite(
    session: Session,
) -> None:
    put(session, "a", "verify", precedence=1)
    put(session, "b", "verify", precedence=1)
    put(session, "c", FIRST, amount=None, money_key=None)
    assert links(session) == {"a": (None, False), "b": ("a", False), "c": (None, False)}


def test_the_list_has_evidence_policy_and_explanations_of_the_chosen_rules(
    session: Session,
) -> None:
    put(session, "b", FIRST, rule="SME-01", money_key=None)
    put(session, "a", FIRST, money_key=None)
    put(session, "z", FIRST, rule="AST-01", money_key=None)
    session.run_script(
        "insert into exception_evidence values ('REM-01', 'a', 8), ('REM-01', 'a', 7);"
        "update exception_item set policy_days = 'fee.rate@2024-01-31,fee.due@2024-01-31,"
        "fee.rate@2024-02-29,fee.other@2019-12-31' where exception_id = 'a';"
        "insert into ref_policy_value values"
        " ('fee.rate', '0.01', date '2010-01-01', date '2020-01-01', true, 'policy'),"
        " ('fee.rate', '0.02', date '2020-01-01', date '2025-01-01', true, 'policy'),"
        " ('fee.other', '1', date '2020-01-01', date '2025-01-01', true, 'policy'),"
        " ('fee.due', null, date '2020-01-01', date '2025-01-01', false, 'policy');"
    )
    listed = list_exceptions(session, RULES)
    assert listed.columns == list(COLUMNS)
    first, second = listed.to_dicts()
    assert (first["exception_id"], second["exception_id"]) == ("a", "b")
    assert first["evidence"] == ["收入.xlsx#一月!3", "收入.xlsx!4"]
    assert first["policy"] == ["fee.due=@2020-01-01", "fee.rate=0.02@2020-01-01"]
    assert (first["unverified_policy"], second["unverified_policy"]) == (True, False)
    assert (second["evidence"], second["policy"]) == ([], [])
    about = next(rule for rule in RULES if rule.code == "REM-01").about
    assert first["explanations"] == [each.zh for each in about.explanations]
    assert first["explanations_en"] == [each.en for each in about.explanations]


def test_what_counts_both_ways_on_one_payment_names_the_other_way(session: Session) -> None:
    """A row of a register, on which nothing was paid, joins nothing; what is linked counts not."""
    put(session, "a", "recover", detail='{"说明":"多付"}', money_key=None)
    put(session, "b", "give_back", money_key=None)
    put(session, "c", "clear_out", detail="{}", money_key="of c")
    put(session, "d", "clear_out", precedence=2, money_key="of c")
    put(session, "e", "recover", detail='{"x":1}', money_key=None)
    session.run_script(
        "create table src_bank_txn as select 7 as row_id;"
        "create table src_trainee as select 8 as row_id;"
        "insert into exception_evidence select 'REM-01', unnest(['a', 'b', 'c', 'd']), 7;"
        "insert into exception_evidence select 'REM-01', unnest(['b', 'e']), 8;"
    )
    listed = list_exceptions(session, RULES)
    assert {row["exception_id"]: row["detail"] for row in listed.to_dicts()} == {
        "a": '{"说明":"多付","opposite":["b","c"]}',
        "b": '{"opposite":["a"]}',
        "c": '{"opposite":["a"]}',
        "d": None,
        "e": '{"x":1}',
    }


def test_totals_go_by_direction_and_keep_unconfirmed_money_apart() -> None:
    frame = pl.DataFrame(
        {
            "direction": ["verify", FIRST, FIRST, FIRST, SECOND, ""],
            "amount": ["1.00", "2.00", "3.50", "9.00", None, None],
            "unverified_policy": [False, False, True, False, False, True],
            "linked_to": [None, None, None, "x", None, None],
        }
    ).with_columns(pl.col("amount").cast(pl.Decimal(18, 2)))
    nothing = Decimal("0.00")
    totals = direction_totals(frame)
    assert totals == (
        DirectionTotal(FIRST, 2, Decimal("2.00"), Decimal("3.50")),
        DirectionTotal("verify", 1, Decimal("1.00"), nothing),
        DirectionTotal("", 1, nothing, nothing),
    )
    assert str(totals[2].confirmed) == "0.00"
    assert direction_totals(frame.clear()) == ()
