"""Amounts that cannot be: the others stand, and each row behind them is an item (ruling 47)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from recon.base.models import RuleOutcome, SourcePlace
from recon.rules.case_file import cases_of
from recon.rules.catalog import load_rules
from recon.run.review_period import with_set_aside
from recon.run.rule_cases import try_case
from tests.unit.output import factory


def test_an_amount_below_zero_is_left_out_and_its_rows_are_named() -> None:
    (rule,) = (rule for rule in load_rules() if rule.code == "FUEL-17")
    case = cases_of(rule)[0]
    cards = case.given["fuel_card"]
    fill = {"txn_at": "2024-07-03 10:00:00", "kind": "加油", "amount": 300, "balance": 600}
    fills = [{**fill, "card_no": card["card_no"], "serial_no": card["card_no"]} for card in cards]
    whole = try_case((rule,), replace(case, given={**case.given, "fuel_txn": fills}))
    assert whole.exceptions["amount"].to_list() == [Decimal("600.00")] * 2
    (old, new) = (
        "state.balance as amount",
        ("case when state.card_no = '900010001' then -1 else 1 end * state.balance as amount"),
    )
    odd = replace(rule, sql=rule.sql.replace(old, new))
    result = try_case((odd,), replace(case, given={**case.given, "fuel_txn": fills}))
    assert result.outcome.status == "exceptions"
    assert result.exceptions["evidence"].to_list() == [whole.exceptions["evidence"][1].to_list()]
    assert result.outcome.set_aside == 1
    named = [f"{one.file}#{one.sheet}!{one.row_no}" for one in result.outcome.rows_aside]
    assert sorted(named) == sorted(whole.exceptions["evidence"][0].to_list())


def test_each_of_these_rows_is_a_quality_item() -> None:
    result = factory.result(4)
    sheet = result.intake.sheets[0]
    (file,) = (one.path for one in result.intake.files if one.file_id == sheet.file_id)
    place = SourcePlace(file, sheet.sheet, 17)
    outcomes = (RuleOutcome("AST-10", "clean", set_aside=1, rows_aside=(place,)),)
    items = with_set_aside(result.intake, outcomes).quality
    assert items.height == result.intake.quality.height + 1
    (last,) = items.tail(1).to_dicts()
    assert (last["file"], last["sheet"], last["row_no"]) == place
    assert last["table_name"] == sheet.table
    assert last["check"] == "not_computed"
    assert last["reason"] == "AST-10 由这一行算出的金额为负，不能成立，没有列出；请核对金额和日期"
    assert with_set_aside(result.intake, ()) is result.intake
