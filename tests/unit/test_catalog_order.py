"""The order of the rules: one that reads all others' exceptions runs last and brings them along."""

from __future__ import annotations

from recon.rules.catalog import choose, load_rules, with_prerequisites


def test_the_rule_that_reads_all_others_runs_last() -> None:
    rules = load_rules()
    assert rules[-1].code == "RECT-01"
    assert set(rules[-1].about.after) == {rule.code for rule in rules[:-1]}


def test_choosing_it_runs_what_it_reads() -> None:
    rules = load_rules()
    assert with_prerequisites(rules, choose(rules, ("RECT",))) == rules
