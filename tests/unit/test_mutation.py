"""The mutation check: its mutants, which rules a change touches, and its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recon.base.yamlio import load_yaml
from recon.rules.catalog import load_rules
from tests.docs.pages import ROOT
from tests.mutation import python_core, report
from tests.mutation.changed import base_of, touched_rules
from tests.mutation.mutants import Mutant, branches_of, mutants_of
from tests.mutation.verdict import EVIDENCE, Verdict, evidence_verdict, rule_verdict
from tests.rules import mutation

if TYPE_CHECKING:
    from pathlib import Path

RULES = {rule.code: rule for rule in load_rules()}


@pytest.mark.parametrize(
    ("sql", "changes"),
    [
        ("select a from t where a >= 1", ["drop all", "flip"]),
        ("select a from t where a > 1 and b <> 2", ["drop all", "drop left", "drop right",
                                                    "flip", "flip"]),
        ("select t.a from t inner join s on t.a = s.a", ["flip", "join"]),
        ("select t.a from t left join s on t.a = s.a", ["flip", "join"]),
        ("select coalesce(a, 0) as a from t", ["drop coalesce"]),
        ("select coalesce(a, '') as a from t", []),
        ("select -a as b, a + 1 as c from t", ["drop sign", "flip"]),
        ("select date_diff('day', a, b) as c from t", ["day earlier", "day later"]),
        ("select add_months(a, 6) as c from t", ["day earlier", "day later"]),
    ],
)  # fmt: skip
def test_every_kind_of_fault_is_made(sql: str, changes: list[str]) -> None:
    mutants = list(mutants_of(sql))
    assert sorted(mutant.what.split(":")[0] for mutant in mutants) == changes
    assert len({mutant.sql for mutant in mutants}) == len(mutants)


def test_the_cases_of_a_rule_notice_its_faults() -> None:
    verdict = rule_verdict(RULES["AST-05"], RULES, quick=True)
    assert verdict.count
    assert not verdict.open


def test_the_cases_notice_faults_of_evidence_in_yaml_and_in_sql() -> None:
    known = {rule.code: rule for rule in load_rules()}
    assert known["FUEL-19"].about.evidence
    assert evidence_verdict(known["FUEL-19"], known).score == 1
    assert not known["REM-02"].about.evidence
    open_ = [one.what for one in evidence_verdict(known["REM-02"], known).open]
    assert not [what for what in open_ if what.startswith("flip: found.party_id")]
    keys = "found.party_id = payment.party_id AND found.span_from = payment.span_from"
    assert not [what for what in open_ if what.startswith(f"drop left: {keys}")]


def test_a_branch_of_evidence_left_empty_is_a_mutant() -> None:
    sql = "WITH s AS (SELECT 1) SELECT a FROM t UNION ALL SELECT a FROM u UNION ALL SELECT a FROM v"
    emptied = [one.sql for one in branches_of(sql)]
    assert sorted(text.split(" WHERE FALSE")[0][-1] for text in emptied) == ["t", "u", "v"]
    assert [text.replace(" WHERE FALSE", "") for text in emptied] == [sql] * 3
    assert list(branches_of("select a from t")) == []


def test_an_argument_about_evidence_names_a_mutant_that_is_there() -> None:
    for rule in RULES.values():
        argued = {one.mutant for one in rule.about.survivors if one.mutant.startswith(EVIDENCE)}
        if argued:
            assert argued <= {EVIDENCE + one.what for one in mutants_of(rule.evidence_sql)}


def test_an_argument_counts_only_for_a_mutant_that_lives() -> None:
    mutants = (Mutant("flip: a", "1"), Mutant("flip: b", "2"))
    verdict = Verdict("REM-01", 10, mutants, ("flip: a", "flip: c"))
    assert [mutant.what for mutant in verdict.open] == ["flip: b"]
    assert verdict.stale == ("flip: c",)
    assert verdict.score == pytest.approx(0.9)


def test_a_clone_without_history_checks_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tests.mutation.changed.resources.shipped", lambda _: tmp_path / "rules")
    assert base_of("main") is None
    assert mutation.main(["--changed", "main"]) == 0
    assert "no history" in capsys.readouterr().out


def test_what_was_not_reached_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutation.main(["AST-05", "AST-04", "--seconds", "-1"]) == 0
    assert "not reached in time (2): AST-04, AST-05" in capsys.readouterr().out


def test_a_change_touches_rules_by_their_files_cases_and_staged_tables() -> None:
    files = {"tests/rules/ast/ast_05_term_too_long.yaml", "sql/staging/stg_vehicle.sql"}
    touched = [rule.code for rule in touched_rules(RULES.values(), files)]
    assert touched[0] == "AST-05"
    assert "FUEL-09" in touched
    assert "REM-01" not in touched
    assert touched_rules(RULES.values(), {"docs/mutation.md", "recon/cli.py"}) == []


def test_an_argument_for_a_mutant_of_the_core_names_a_line_that_is_there() -> None:
    for module, arguments in load_yaml(python_core.ARGUED).items():
        text = (ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")
        lines = {line.strip() for line in text.splitlines()}
        assert module in python_core.CORE
        assert [one["line"] for one in arguments if one["line"] not in lines] == []


def test_the_mutants_of_the_core_are_summed_by_part() -> None:
    rows = {"recon.tables.names": (50, 30, 27, 2), "recon.engine.rendering": (10, 10, 10, 0)}
    lines = python_core.table(rows).splitlines()
    assert "| recon.tables.names | 50 | 30 | 27 | 2 | 90.0% | 96.7% |" in lines
    assert "| **ids** | 60 | 40 | 37 | 2 | 92.5% | 97.5% |" in lines
    assert lines[-1] == "| **all** | 60 | 40 | 37 | 2 | 92.5% | 97.5% |"
    assert [found[0] for found in python_core.ROW.findall("\n".join(lines))] == [*rows]


def test_the_page_takes_new_scores_and_keeps_the_others() -> None:
    page = "<!-- rules -->\n| REM-01 | 38 | 30 | 8 | 100.0% |\n<!-- /rules -->\n"
    alive = (Mutant("flip: a", "1"),)
    text = report.with_verdicts(page, "rules", [Verdict("AST-05", 4, alive)])
    assert report.scores_of(text, "rules") == {"AST-05": (4, 3, 0), "REM-01": (38, 30, 8)}
    assert "| AST-05 | 4 | 3 | 0 | 75.0% |" in text
    assert "| **all** | 42 | 33 | 8 | 97.6% |" in text


@pytest.mark.parametrize("table", ["rules", "evidence"])
def test_every_rule_stands_on_the_page_with_95_percent_or_more(table: str) -> None:
    scores = report.scores_of(report.PAGE.read_text(encoding="utf-8"), table)
    assert scores.keys() == RULES.keys()
    weak = {code for code, (count, killed, argued) in scores.items()
            if killed + argued < mutation.LEAST * count}  # fmt: skip
    assert not weak
