"""A natural person who was paid is masked wherever an exception names the party."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recon.rules.case_file import cases_of
from recon.rules.catalog import load_rules
from recon.run.rule_cases import try_case, with_before

RULES = {rule.code: rule for rule in load_rules()}


@pytest.mark.parametrize(
    ("payee", "shown"), [("王小明", "王*明"), ("甲培训中心", "甲培训中心"), ("甲学校", "甲学校")]
)
def test_only_a_person_is_masked_as_payee(payee: str, shown: str) -> None:
    rule = RULES["TRN-18"]
    case = next(one for one in cases_of(rule) if one.expect)
    payment = {**case.given["training_payment"][0], "payee": payee}
    changed = replace(case, given={**case.given, "training_payment": [payment]})
    (row,) = try_case(with_before(rule, RULES), changed).exceptions.to_dicts()
    assert row["party_name"] == shown
    assert row["party_id"].startswith("P:" if shown != payee else "N:")
    assert any(payee in str(value) for value in row.values()) == (shown == payee)
