"""Rules of a workspace: every fault of their files is told, and what a result must not be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from recon.base.errors import ConfigError
from recon.cli import cli
from recon.engine.duckdb import Session
from recon.rules.case_file import cases_of
from recon.rules.catalog import load_rules
from recon.rules.errors import RuleCodeError, RuleExistsError
from recon.rules.template import write_rule
from recon.run.rule_cases import case_policy, judge, load_case, try_case

if TYPE_CHECKING:
    from pathlib import Path


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("grain: [party_id, voucher_no]", "grain: party_id", "Allowed keys: code, name"),
        ("severity: medium", "severity: grave", "unknown value 'grave'. Allowed: high, medium"),
        ("severity: medium", "severity: {remit_up: low, recover: grave}", "unknown value 'grave'"),
        ("since: 0.1.0", "status: alpha\nsince: 0.1.0", "unknown value 'alpha'"),
        ("code: LOC-01", "code: LOC-1", "rule code 'LOC-1' should look like REM-06"),
        ("code: LOC-01", "code: LOC-02", "the file's name should begin with loc_02_"),
    ],
)
def test_a_fault_of_a_rules_yaml_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    yaml, _, _ = write_rule("LOC-01", tmp_path)
    changed(yaml, old, new)
    with pytest.raises(ConfigError) as caught:
        load_rules(tmp_path)
    assert said in caught.value.text.en
    assert yaml.name in caught.value.text.en


def test_a_rule_has_two_statements(tmp_path: Path) -> None:
    yaml, sql, _ = write_rule("LOC-01", tmp_path)
    changed(yaml, "evidence: {stg_tax_collection: [party_id, voucher_no]}\n", "")
    with pytest.raises(ConfigError, match="两条语句"):
        load_rules(tmp_path)
    sql.unlink()
    with pytest.raises(ConfigError, match=r"loc_01_new_rule\.sql.*现有 0 条"):
        load_rules(tmp_path)


def test_rules_that_wait_for_each_other_are_told(tmp_path: Path) -> None:
    for code, other in (("LOC-01", "LOC-02"), ("LOC-02", "LOC-01")):
        yaml, _, _ = write_rule(code, tmp_path)
        changed(yaml, "references: []", f"after: [{other}]\nreferences: []")
    with pytest.raises(ConfigError, match=r"LOC-0[12] → LOC-0[12]"):
        load_rules(tmp_path)


def test_a_new_rule_takes_no_other_ones_place(tmp_path: Path) -> None:
    write_rule("LOC-01", tmp_path)
    with pytest.raises(RuleExistsError, match=r"loc_01_new_rule\.yaml"):
        write_rule("LOC-01", tmp_path)
    with pytest.raises(RuleCodeError, match="LOC-1"):
        write_rule("LOC-1", tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("paid as expected,\n", "", "the select lacks the columns expected"),
        ("paid as amount", "-paid as amount", "1 amounts are below zero"),
        ("'verify' as direction", "'owe' as direction", "1 directions are not known"),
        (
            "where paid > 1000000",
            "cross join (values (1), (2)) as twice (n) where paid > 1000000",
            "the grain repeats (1 exceptions too many)",
        ),
        ("where paid > 1000000", "where paid > $limit", "unknown parameter $limit"),
        ("paid as amount", "payd as amount", "payd"),
    ],
)
def test_what_a_select_must_not_give_ends_its_rule(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    _, sql, _ = write_rule("LOC-01", tmp_path)
    changed(sql, old, new)
    rule = next(rule for rule in load_rules(tmp_path) if rule.code == "LOC-01")
    case = next(case for case in cases_of(rule, tmp_path) if case.expect)
    with Session(threads=1) as session:
        policy = case_policy(case)
        load_case(session, (rule,), case, policy, tmp_path)
        outcome = judge(session, (rule,), case, policy, tmp_path).outcome
        assert (outcome.status, outcome.exceptions, outcome.title) == (
            "error",
            0,
            rule.about.title.text,
        )
        assert outcome.reason is not None
        assert said in outcome.reason.en
        assert session.execute("select * from exception_item", "x") == []


def test_a_case_says_in_words_where_it_differs(tmp_path: Path) -> None:
    _, _, cases = write_rule("LOC-01", tmp_path)
    changed(cases, "direction: verify", "direction: recover")
    rule = next(rule for rule in load_rules(tmp_path) if rule.code == "LOC-01")
    first, second, third = cases_of(rule, tmp_path)
    missing, unexpected = try_case((rule,), first, workspace=tmp_path).faults
    assert missing.startswith("missing: {'party_name': '甲公司'")
    assert unexpected.startswith("unexpected: {'party_name': '甲公司'")
    assert try_case((rule,), second, workspace=tmp_path).faults == ()
    assert try_case((rule,), third, workspace=tmp_path).faults == ()
    done = CliRunner().invoke(cli, ["rules", "test", "--workspace", str(tmp_path)])
    assert done.exit_code == 1
    assert "LOC-01: a payment above a million is reported\n  missing:" in done.output
    assert "通过 2，未通过 1" in done.output
