"""What is put around a rule's SQL, run on rows: ids, messages, details and masks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

import duckdb
import polars as pl
import pytest

from recon.base.errors import EngineError
from recon.base.shapes import Sentence
from recon.engine.duckdb import Session
from recon.engine.macros import DUCKDB_MACROS
from recon.engine.rendering import (
    bare_sql,
    days_sql,
    demand_columns,
    detail_sql,
    found_sql,
    items_sql,
    mask_sql,
    message_sql,
    party_sql,
)
from recon.rules.catalog import load_rules
from recon.tables.masking import FORMS, mask_one, mask_value

RULE = next(rule for rule in load_rules() if rule.code == "REM-01")


def with_bare(row: str) -> str:
    """Return a select of a row and of what masks read beside its texts."""
    names = [name for name in ("it", "party_name", "note") if f" as {name}" in row]
    return (
        f"select *{''.join(', ' + bare_sql([name]) for name in names)} from (select {row}) as found"
    )


def value(expression: str, row: str, **parameters: object) -> Any:
    """Return an expression over the one row of `found`, given as a select list."""
    with duckdb.connect() as connection:
        connection.execute(DUCKDB_MACROS)
        ((found,),) = connection.execute(
            f"select {expression} from ({with_bare(row)}) as found", parameters or None
        ).fetchall()
        return found


def test_a_message_is_filled_from_the_columns_and_says_where_a_cell_is_empty() -> None:
    columns = {"name": "VARCHAR", "rate": "DECIMAL(18,6)", "amount": "DECIMAL(18,2)", "day": "DATE"}
    shown = {name: f"found.{name}" for name in columns}
    row = ("'甲''乙' as name, 0.020000::decimal(18, 6) as rate, 12.50::decimal(18, 2) as amount, "
           "null::date as day")  # fmt: skip
    text = message_sql("it's {name}: {rate} {amount} {day}.", columns, shown, "x")
    assert value(text, row) == "it's 甲'乙: 0.02 12.50 —."
    assert value(message_sql("", columns, shown, "x"), row) == ""
    with pytest.raises(EngineError, match=r"x.*unknown column 'nobody'"):
        message_sql("{nobody}", columns, shown, "x")


def test_details_keep_whole_numbers_and_truths_and_write_all_else_as_text() -> None:
    columns = {"heads": "BIGINT", "late": "BOOLEAN", "rate": "DECIMAL(18,6)", "day": "DATE"}
    shown = {name: f"found.{name}" for name in columns}
    row = "3::bigint as heads, true as late, 0.5::decimal(18, 6) as rate, date '2024-01-02' as day"
    found = json.loads(value(detail_sql(columns, columns, shown), row))
    assert found == {"heads": 3, "late": True, "rate": "0.5", "day": "2024-01-02"}
    assert value(detail_sql((), {}, {}), row) == "{}"


@pytest.mark.parametrize(
    ("kind", "text", "masked"),
    [
        ("id_no", "990101199001010015", "990101********0015"),
        ("id_no", "990101900101001", "990101*****1001"),
        ("id_no", "K1234567", "******67"),
        ("person", "张小三", "张*三"),
        ("person", "欧阳小三", "欧**三"),
        ("person", "张三", "张*"),
        ("phone", "13812340000", "138****0000"),
        ("account", "9900000000000001", "****0001"),
        ("card", "99123", "****9123"),
    ],
)
def test_masks_leave_what_tells_rows_apart(kind: str, text: str, masked: str) -> None:
    assert value(mask_sql("it", kind), f"'{text}' as it") == masked


@pytest.mark.parametrize("kind", FORMS)
def test_outputs_and_rules_mask_alike(kind: str) -> None:
    texts = [
        "张",
        "张三",
        "张 小\u200b三",
        "买买提·艾力江",
        "1234",
        "12345",
        "1381234",
        "13812340000",
    ]
    texts += ["990101199001010015", " 9900000000000001", "K12345678", ""]
    by_rule = [value(mask_sql("it", kind), f"'{text}' as it") for text in texts[:-1]]
    shown = pl.DataFrame({"it": texts}).select(mask_value(pl.col("it"), pl.lit(kind)))
    assert shown["it"].to_list() == [*by_rule, ""]
    assert [mask_one(text, kind) for text in texts[:-1]] == by_rule
    assert not [text for text in by_rule if text in texts]


def test_what_the_input_tables_call_personal_is_masked_without_the_rules_word() -> None:
    columns = {**COLUMNS, "driver": "VARCHAR", "id_no": "VARCHAR", "station": "VARCHAR"}
    detail, message = ["driver", "id_no", "station"], Sentence(zh="{driver}", en="{driver}")
    about = RULE.about.model_copy(
        update={"detail": detail, "message": message, "masked": {}, "params": {}}
    )
    sql = items_sql(replace(RULE, about=about), columns, mask=True)
    assert mask_sql("driver", "person") in sql
    assert mask_sql("id_no", "id_no") in sql
    assert mask_sql("party_name", "party") in sql
    assert "bare_station" not in sql


FOUND = {
    **dict.fromkeys(("exception_id", "party_id", "party_name", "period"), "''"),
    **dict.fromkeys(("formula", "money_key", "grain_text", "direction"), "''"),
    **dict.fromkeys(("amount", "expected", "actual"), "1.00"),
    "is_named_person": "false",
}


def items(about: dict[str, Any], own: dict[str, tuple[str, str]], **found: str) -> dict[str, Any]:
    """Return the exception of a rule whose result has columns of its own, each of type and value.

    Args:
        about: What its YAML says else.
        own: The columns.
        found: Values in place of the usual ones.
    """
    severity = RULE.about.severity.model_copy(update={"definite": "high", "verify": "low"})
    text = Sentence(zh="是", en="is")
    said = {"message": text, "params": {}, "masked": {}, "severity": severity, **about}
    values = {**FOUND, **{name: value for name, (_, value) in own.items()}, **found}
    row = ", ".join(f"{value} as {name}" for name, value in values.items())
    columns = {"direction": "VARCHAR", **{name: kind for name, (kind, _) in own.items()}}
    with Session() as session:
        session.set_parameters({"name_salt": "盐"})
        session.execute(f"create temp table found as select {row}", "found")
        rule = replace(RULE, about=RULE.about.model_copy(update=said))
        session.execute(items_sql(rule, columns, mask=True), "rule")
        return session.frame("select * from exception_item").row(0, named=True)


def test_a_detail_keeps_a_whole_number_unless_the_rule_masks_it() -> None:
    about = {"detail": ["months", "account"], "masked": {"account": "account"}}
    own = {"months": ("INTEGER", "3"), "account": ("BIGINT", "6222000011112222")}
    shown = mask_one("6222000011112222", "account")
    assert json.loads(items(about, own)["detail"]) == {"months": 3, "account": shown}


@pytest.mark.parametrize(
    ("direction", "own", "severity"),
    [
        ("'remit'", {}, "high"),
        ("'verify'", {}, "low"),
        ("'verify'", {"severity": ("VARCHAR", "'medium'")}, "medium"),
    ],
)
def test_the_severity_is_the_results_own_or_goes_by_the_direction(
    direction: str, own: dict[str, tuple[str, str]], severity: str
) -> None:
    assert items({"detail": []}, own, direction=direction)["severity"] == severity


@pytest.mark.parametrize(
    ("kind", "is_named_person", "is_person", "masked"),
    [
        ("payee", False, True, True),
        ("payee", True, False, False),
        ("party", True, False, True),
        ("party", False, True, False),
    ],
)
def test_names_are_masked_where_they_are_a_persons(
    kind: str, is_named_person: bool, is_person: bool, masked: bool
) -> None:
    row = f"'张小三' as party_name, {is_named_person} as is_named_person, {is_person} as is_person"
    shown = value(mask_sql("party_name", kind), row)
    assert shown == ("张*三" if masked else "张小三")
    around = value(mask_sql("note", "words", kind), f"'付张小三款' as note, {row}")
    assert around == ("付张*三款" if masked else "付张小三款")


def test_a_words_mask_goes_by_the_kind_of_the_party() -> None:
    row = (
        "'付张小三款' as note, '张小三' as party_name, false as is_named_person, false as is_person"
    )
    assert value(mask_sql("note", "words", "payee"), row) == "付张小三款"
    assert value(mask_sql("note", "words", "person"), row) == "付张*三款"
    assert value(mask_sql("note", "words"), row) == "付张*三款"
    nobody = "'付款' as note, '' as party_name, false as is_named_person, true as is_person"
    assert value(mask_sql("note", "words", "person"), nobody) == "付款"


def test_a_masked_party_without_a_register_has_a_token_for_its_id() -> None:
    row = "'N:张小三' as party_id, '张小三' as party_name, true as is_named_person"
    token = "P:" + sha256("盐N:张小三".encode()).hexdigest()[:16]
    assert value(party_sql({"party_name": "party"}), row, name_salt="盐") == token
    assert value(party_sql({"note": "words"}), row) == "N:张小三"
    known = "'91' as party_id, '张小三' as party_name"
    assert value(party_sql({"party_name": "person"}), known, name_salt="盐") == "91"


def found(rows: str, about: dict[str, Any], columns: dict[str, str]) -> list[dict[str, Any]]:
    """Return `found` of a rule of some grain over the rows of its select."""
    rule = replace(RULE, about=RULE.about.model_copy(update=about))
    with duckdb.connect() as connection:
        connection.execute(DUCKDB_MACROS)
        connection.execute("create table party as select '91' as party_id, '甲公司' as party_name")
        connection.execute(f"create table found_all as {rows}")
        sql = found_sql(rule, columns)
        connection.execute(sql, {"period_from": "2024-01-01", "period_to": "2024-12-31"})
        return connection.sql("select * from found order by grain_text").pl().to_dicts()


ROWS = """
select * from (values
    ('91', '2024-02', 'remit', 5.005, date '2024-02-01', date '2024-02-29'),
    ('91', '2024-01', 'remit', 1.0, null, null),
    ('92', '2024-01', 'remit', 2.0, date '2025-01-01', null),
    ('93', '2024-01', 'remit', 3.0, null, date '2023-12-31'),
    ('94', '2024-01', 'remit', 4.0, date '2024-12-31', date '2024-12-31')
) as t (party_id, period, direction, amount, report_from, report_to)
cross join (select 1.0 as expected, 2.0 as actual) as two
"""
COLUMNS = dict.fromkeys(
    ("party_id", "period", "direction", "amount", "report_from", "report_to", "expected", "actual"),
    "VARCHAR",
)


def test_exceptions_of_the_period_are_numbered_and_their_grain_is_their_id() -> None:
    rows = found(ROWS, {"grain": ["party_id", "period"]}, COLUMNS)
    assert [(row["party_id"], row["period"]) for row in rows] == [
        ("91", "2024-01"),
        ("91", "2024-02"),
        ("94", "2024-01"),
    ]
    assert {row["exception_no"] for row in rows} == {1, 2, 3}
    assert [row["party_name"] for row in rows] == ["甲公司", "甲公司", None]
    assert [str(row["amount"]) for row in rows] == ["1.00", "5.01", "4.00"]
    grain = "REM-01\x1f91\x1f2024-02"
    assert rows[1]["exception_id"] == sha256(grain.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("party_id", "is_person"), [("N:张小三", True), ("N:某某公司", False), ("张小三", False)]
)
def test_a_party_that_no_register_knows_is_a_person_by_its_name(
    party_id: str, is_person: bool
) -> None:
    rows = ROWS.replace("('91', '2024-01'", f"('{party_id}', '2024-01'")
    about = {"grain": ["party_id", "period"], "masked": {"party_name": "party"}}
    (row,) = (one for one in found(rows, about, COLUMNS) if one["party_id"] == party_id)
    assert row["is_named_person"] is is_person
    unsaid = found(rows, {"grain": ["party_id", "period"], "masked": {}}, COLUMNS)
    assert {one["party_id"]: one["is_named_person"] for one in unsaid}[party_id] is is_person


def test_an_uncertain_row_is_to_be_verified_and_a_name_of_its_own_wins() -> None:
    rows = ROWS.replace("1.0 as expected", "amount > 2 as is_uncertain, '乙' as party_name, 1")
    rows = rows.replace("cross join (select", "cross join lateral (select").replace(
        ", 1, 2.0", ", 1.0 as expected, 2.0"
    )
    columns = {**COLUMNS, "is_uncertain": "BOOLEAN", "party_name": "VARCHAR"}
    done = found(rows, {"grain": ["party_id", "period"]}, columns)
    assert [row["direction"] for row in done] == ["remit", "verify", "verify"]
    assert {row["party_name"] for row in done} == {"乙"}


def test_the_days_of_policy_values_are_kept_without_the_empty_ones() -> None:
    params = {"fee.rate": ["day", "other"], "fee.due": ("as_of",)}
    row = "date '2024-01-31' as day, null as other"
    said = value(days_sql(params), row, as_of=date(2024, 12, 31))
    assert said == "fee.rate@2024-01-31,fee.due@2024-12-31"
    assert value(days_sql({}), row) == ""


def test_a_result_lacks_no_column_that_every_rule_gives_or_its_yaml_names() -> None:
    every = ("party_id", "period", "direction", "amount", "expected", "actual", "formula")
    every += ("money_key", "report_from", "report_to")
    named = {
        "grain": ["party_id", "its_grain"],
        "detail": ["its_detail"],
        "params": {"fee.rate": ("its_day", "as_of")},
        "masked": {"its_note": "words", "party_name": "party"},
    }
    rule = replace(RULE, about=RULE.about.model_copy(update=named))
    own = ("its_grain", "its_detail", "its_day", "its_note")
    columns = dict.fromkeys((*every, *own), "VARCHAR")
    demand_columns(rule, columns)
    for lost in columns:
        path = rule.sql_path if lost in every else rule.path
        with pytest.raises(EngineError) as error:
            demand_columns(rule, {name: kind for name, kind in columns.items() if name != lost})
        assert str(error.value).startswith(f"{path}: ")
        assert f"the select lacks the columns {lost}." in f"{error.value}."
