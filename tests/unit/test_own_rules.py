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
        (
            "grain: [party_id, voucher_no]",
            "grain: party_id",
            "grain: 'party_id' is wrong.",
        ),
        ("severity: medium", "severity: grave", "severity: 'grave' is wrong. Use high, medium"),
        (
            "severity: medium",
            "severity: {definite: low, verify: grave}",
            "severity.verify: unknown value 'grave'. Allowed: high",
        ),
        ("severity: medium", "severty: medium", "unknown key 'severty'. Did you mean 'severity'?"),
        ("references: []", "references: [{titel: 某法}]", "references[1]: 'title' is missing"),
        ("references: []", "references: [{titel: 某法}]", "references[1]: unknown key 'titel'"),
        ("since: 0.1.0", "status: alpha\nsince: 0.1.0", "unknown value 'alpha'"),
        (
            "code: LOC-01",
            "code: LOC-1",
            "code: 'LOC-1' is wrong. Use the code of a rule",
        ),
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


def test_all_faults_of_a_rules_yaml_are_told_at_once(tmp_path: Path) -> None:
    yaml, _, _ = write_rule("LOC-01", tmp_path)
    changed(yaml, "detail: [voucher_no]", 'detail: ["a, b"]\nneeds: [1]')
    changed(yaml, "requires: [tax_collection]", "requires: [tax_colection]")
    with pytest.raises(ConfigError) as caught:
        load_rules(tmp_path)
    for said in ("detail[1]: 'a, b' is wrong", "needs[1]: '1' is wrong", "'tax_colection'"):
        assert said in caught.value.text.en


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


def test_cases_of_a_workspace_s_rule_run_their_sql_in_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise AssertionError

    _, sql, _ = write_rule("LOC-01", tmp_path)
    rule = next(rule for rule in load_rules(tmp_path) if rule.code == "LOC-01")
    first = cases_of(rule, tmp_path)[0]
    monkeypatch.setattr(Session, "_find", refuse)
    assert try_case((rule,), first, workspace=tmp_path).faults == ()
    monkeypatch.undo()
    changed(sql, "paid as amount", "len(list_resize([1], 3000000000, 1)) as amount")
    rule = next(rule for rule in load_rules(tmp_path) if rule.code == "LOC-01")
    (fault,) = try_case((rule,), first, workspace=tmp_path).faults
    assert "the database ran out of memory" in fault
    changed(sql, "len(list_resize([1], 3000000000, 1)) as amount", "paid as amount")
    rule = next(rule for rule in load_rules(tmp_path) if rule.code == "LOC-01")
    assert try_case((rule,), first, workspace=tmp_path).faults == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (1, "paid as amount", "payd as amount",
         "There are, nearest first: stg_tax_collection.paid, "),
        (1, "from stg_tax_collection", "from stg_tax_colection",
         "There are, nearest first: stg_tax_collection, src_tax_collection, "),
        (1, "paid as expected,\n", "", "lacks the columns expected. Correct this file"),
        (0, "{actual} yuan", "{actul} yuan", "unknown column 'actul'. Correct this file"),
        (0, "detail: [voucher_no]", "detail: [remark]", "lacks the columns remark."),
        (0, "references: []", "masked: {payee: person}\nreferences: []", "the columns payee."),
        (0, "population: stg_tax_collection", "population: ref_nothing", "ref_nothing"),
        (0, "_collection: [party_id, voucher_no]", "_collection: [party_id, vouch_no = voucher_no]",
         "nearest first: stg_tax_collection.voucher_no, "),
    ],
)  # fmt: skip
def test_a_fault_of_own_sql_names_the_file_to_correct_and_what_there_is(
    tmp_path: Path, file: int, old: str, new: str, said: str
) -> None:
    path = write_rule("LOC-01", tmp_path)[file]
    changed(path, old, new)
    rule = next(rule for rule in load_rules(tmp_path) if rule.code == "LOC-01")
    results = [try_case((rule,), case, workspace=tmp_path) for case in cases_of(rule, tmp_path)]
    for result in results[:2]:  # with an exception and without one
        reason = result.outcome.reason
        assert reason is not None
        assert said in reason.en
        assert reason.en.startswith(f"{path}: ")
        assert "maintainers" not in reason.en
        assert "请改正这个文件" in reason.zh


def test_a_fault_of_an_own_table_names_its_file(tmp_path: Path) -> None:
    write_rule("LOC-01", tmp_path)
    path = tmp_path / "sql" / "staging" / "stg_tax_collection.sql"
    path.parent.mkdir()
    path.write_text("select party_idd from src_tax_collection", encoding="utf-8")
    rule = next(rule for rule in load_rules(tmp_path) if rule.code == "LOC-01")
    reason = try_case((rule,), cases_of(rule, tmp_path)[0], workspace=tmp_path).outcome.reason
    assert reason is not None
    assert reason.en.startswith(f"{path}: ")
    assert "There are, nearest first: src_tax_collection." in reason.en


def test_a_code_that_two_files_of_one_folder_bear_is_an_error(tmp_path: Path) -> None:
    yaml, sql, _ = write_rule("LOC-01", tmp_path)
    for path, other in ((yaml, "loc_01_other.yaml"), (sql, "loc_01_other.sql")):
        path.with_name(other).write_bytes(path.read_bytes())
    with pytest.raises(ConfigError) as caught:
        load_rules(tmp_path)
    assert str(yaml) in caught.value.text.zh
    assert str(yaml.with_name("loc_01_other.yaml")) in caught.value.text.en
    assert "Keep one of the two" in caught.value.text.en


def test_a_code_in_two_families_under_one_name_is_an_error(tmp_path: Path) -> None:
    yaml, sql, _ = write_rule("LOC-01", tmp_path)
    for path in (yaml, sql):
        twin = path.parents[1] / "other" / path.name
        twin.parent.mkdir()
        twin.write_bytes(path.read_bytes())
    with pytest.raises(ConfigError, match="编号 LOC-01 已经在"):
        load_rules(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("population: stg_tax_collection", "population: stg_tax_colection",
         "Did you mean 'stg_tax_collection'?"),
        ("population: stg_tax_collection",
         'population: "stg_payer; update exception_item set amount = 0"', "is wrong. Use a name"),
        ("population: stg_tax_collection", 'population: "(select 1)"', "is wrong. Use a name"),
        ("grain: [party_id, voucher_no]", 'grain: ["party_id) , (1"]', "is wrong. Use a name"),
        ("detail: [voucher_no]", 'detail: ["a, b"]', "is wrong. Use a name"),
        ("params: {}", "params: {\"x'y\": as_of}", "is wrong. Use the name of a parameter"),
        ("params: {}", 'params: {fee.rate: "now()"}', "is wrong. Use a name"),
        ("references: []", "masked: {actual: persn}\nreferences: []", "unknown value 'persn'"),
        ("references: []", 'masked: {"a from b": person}\nreferences: []', "is wrong. Use a name"),
        ("requires: [tax_collection]", "requires: [tax_colection]", "'tax_collection'?"),
        ("requires: [tax_collection]", "requires: [tax_collection.payd]", "Did you mean 'paid'?"),
        ("evidence: {stg_tax_collection", "evidence: {stg_tax_colection",
         "Did you mean 'stg_tax_collection'?"),
        ("severity: medium", "severity: {definite: high}", "severity: 'verify' is missing"),
        ("[party_id, voucher_no]}", "[party_id, 'a; b']}", "keys[2]: 'a; b' is wrong."),
        ("{stg_tax_collection: [party_id, voucher_no]}", "{stg_tax_collection: []}", "no keys"),
    ],
)  # fmt: skip
def test_what_reaches_sql_is_a_name_that_is_known(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    yaml, _, _ = write_rule("LOC-01", tmp_path)
    changed(yaml, old, new)
    with pytest.raises(ConfigError) as caught:
        load_rules(tmp_path)
    assert said in caught.value.text.en
    assert yaml.name in caught.value.text.zh


def test_a_pairing_that_would_not_be_read_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "rules" / "matching"
    folder.mkdir(parents=True)
    (folder / "loc_a.yml").write_text("name: loc_a", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"loc_a\.yml.*rules/matching/名称\.yaml"):
        load_rules(tmp_path)
