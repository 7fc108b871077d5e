"""Evidence that a rule's YAML declares: the rows it gives, and what it must not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon.base.errors import ConfigError
from recon.engine.case_session import CaseSession
from recon.rules.case_file import cases_of
from recon.rules.catalog import Rule, load_rules
from recon.rules.template import write_rule
from recon.run.rule_cases import case_policy, judge, load_case

if TYPE_CHECKING:
    from pathlib import Path

DECLARED = "evidence: {stg_tax_collection: [party_id, voucher_no]}"
GIVEN = """\
rule: LOC-01
as_of: 2024-12-31
given:
  tax_collection:
  - {payer_name: 甲, period_from: 2024-03-01, period_to: 2024-03-31, paid: 2000000, voucher_no: V1}
  - {payer_name: 甲, period_from: 2024-04-01, period_to: 2024-04-30, paid: 30, voucher_no: V2}
  - {payer_name: 乙, period_from: 2024-03-01, period_to: 2024-03-31, paid: 5, voucher_no: V1}
cases:
- name: one payment is too large
  expect: [{party_name: 甲}]
"""


def rule_of(folder: Path, declared: str, own_rows: str = "") -> Rule:
    """Return the rule of the template with other evidence."""
    yaml, sql, cases = write_rule("LOC-01", folder)
    text = yaml.read_text(encoding="utf-8")
    assert DECLARED in text
    yaml.write_text(text.replace(DECLARED, declared), encoding="utf-8")
    if own_rows:
        select = sql.read_text(encoding="utf-8")
        sql.write_text(select.replace("    period_to as", f"    {own_rows},\n    period_to as"))
    cases.write_text(GIVEN, encoding="utf-8")
    return next(rule for rule in load_rules(folder) if rule.code == "LOC-01")


@pytest.mark.parametrize(
    ("declared", "own_rows", "rows"),
    [
        (DECLARED, "", [1]),
        ("evidence: {stg_tax_collection: [party_id]}", "", [1, 2]),
        ("evidence: {stg_tax_collection: [voucher_no]}", "", [1, 3]),
        ('evidence: {stg_tax_collection: {keys: [party_id], where: "amount < 100"}}', "", None),
        (
            "evidence: {stg_tax_collection: {keys: [party_id], where: paid < found.amount}}",
            "",
            [2],
        ),
        ("evidence: {stg_tax_collection: [voucher_no = document_no]}",
         "voucher_no as document_no", [1, 3]),
        ("evidence: {found: {rows: [first_row]}}", "row_id as first_row", [1]),
        ("evidence: {stg_tax_collection: [{keys: [party_id], where: paid=30}, {keys: [voucher_no]}]}",  # noqa: E501
         "", [1, 2, 3]),
        ("evidence: {src_tax_collection: [voucher_no], stg_tax_collection: [party_id]}",
         "", [1, 2, 3]),
    ],
)  # fmt: skip
def test_rows_with_equal_keys_are_evidence(
    tmp_path: Path, declared: str, own_rows: str, rows: list[int] | None
) -> None:
    rule = rule_of(tmp_path, declared, own_rows)
    (case,) = cases_of(rule, tmp_path)
    with CaseSession() as session:
        load_case(session, (rule,), case, case_policy(case), tmp_path)
        result = judge(session, (rule,), case, case_policy(case), tmp_path)
        if rows is None:  # a column of both sides, named without its table
            assert result.outcome.status == "error"
            return
        assert not result.faults
        (found,) = result.exceptions["evidence"].to_list()
    assert sorted(int(text.rpartition("!")[2]) for text in found) == rows


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("evidence: {'stg_payer; drop': [party_id]}", "'stg_payer; drop' is wrong. Use a name"),
        (
            "evidence: {stg_payer: ['party_id or 1 = 1']}",
            "keys[1]: 'party_id or 1 = 1'",
        ),
        (
            "evidence: {stg_payer: {keys: [party_id], rows: ['1']}}",
            "rows[1]: '1' is wrong.",
        ),
        ("evidence: {stg_payer: {where: '1 = 1'}}", "evidence.stg_payer: no keys"),
        ("evidence: {stg_payer: {key: [party_id]}}", "unknown key 'key'"),
        ("evidence: {stg_payer: []}", "evidence.stg_payer: no keys"),
        ("evidence: {}", "two statements, exceptions and evidence"),
    ],
)
def test_a_fault_of_declared_evidence_is_told(tmp_path: Path, declared: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        rule_of(tmp_path, declared)
    assert said in caught.value.text.en
    assert "loc_01_new_rule." in caught.value.text.zh


def test_evidence_is_declared_or_selected_not_both(tmp_path: Path) -> None:
    _, sql, _ = write_rule("LOC-01", tmp_path)
    sql.write_text(sql.read_text(encoding="utf-8") + ";\nselect 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"SQL 应只有例外一条语句。现有 2 条"):
        load_rules(tmp_path)


def test_a_condition_does_not_leave_its_select(tmp_path: Path) -> None:
    rule = rule_of(
        tmp_path,
        "evidence: {stg_tax_collection: {keys: [party_id], where: '1 = 1; drop table party'}}",
    )
    (case,) = cases_of(rule, tmp_path)
    with CaseSession() as session:
        load_case(session, (rule,), case, case_policy(case), tmp_path)
        outcome = judge(session, (rule,), case, case_policy(case), tmp_path).outcome
        assert outcome.status == "error"
        assert session.execute("select count(*) from party", "x")
