"""Every rule's cases, its boundaries under nudged parameters, and the word of its YAML."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from recon.base.errors import ConfigError, ReconError
from recon.engine.staging import staged_selects
from recon.matching import load_pairings
from recon.policy.parameters import load_policy
from recon.rules.case_file import Case, cases_of
from recon.rules.catalog import load_rules
from recon.rules.sql_text import parameters_in, tables_in
from recon.run.rule_cases import case_policy, try_case, with_before
from recon.run.rule_run import words_of
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.mark import ParameterSet

    from recon.policy.parameters import Policy

RULES = {rule.code: rule for rule in load_rules()}


def _all_cases() -> Iterator[ParameterSet]:
    """Every case of every rule; a file that cannot be read is one failing test."""
    for code, rule in RULES.items():
        try:
            for case in cases_of(rule):
                yield pytest.param(code, case, id=f"{code}: {case.name}")
        except ReconError as error:
            yield pytest.param(code, error, id=f"{code}: file")


@pytest.mark.parametrize(("code", "case"), list(_all_cases()))
def test_case(code: str, case: Case | ReconError) -> None:
    assert isinstance(case, Case), str(case)
    result = try_case(with_before(RULES[code], RULES), case)
    assert not result.faults, "\n".join(result.faults)


@pytest.mark.parametrize("code", RULES)
def test_rule_has_a_hit_a_miss_and_a_no_data_case(code: str) -> None:
    cases = cases_of(RULES[code])
    assert any(case.expect for case in cases)
    assert any(not case.expect and case.status is None for case in cases)
    assert any(case.status == "no_data" for case in cases)
    assert {name for case in cases for name in case.pins} <= set(RULES[code].about.params)


@pytest.mark.parametrize("code", RULES)
def test_a_case_states_all_its_evidence(code: str) -> None:
    expected = [case.expect for case in cases_of(RULES[code]) if case.expect]
    assert any(all(one.get("evidence") for one in expect) for expect in expected)


def _nudged(policy: Policy, name: str, case: Case, step: int) -> Policy | None:
    value = policy.value_at(name, case.as_of)
    number = value.value if value else None
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        return None
    unit = Decimal(1).scaleb(number.as_tuple().exponent) if isinstance(number, Decimal) else 1  # type: ignore[arg-type]
    try:
        return case_policy(replace(case, policy={**case.policy, name: number + step * unit}))
    except ConfigError:  # outside what the parameter may be
        return None


NUDGES = [
    pytest.param(code, name, id=f"{code}: {name}")
    for code, rule in RULES.items()
    for name in rule.about.params
]


@pytest.mark.parametrize(("code", "name"), NUDGES)
def test_nudging_a_parameter_breaks_a_case(code: str, name: str) -> None:
    """The boundary is pinned: one last-place unit more, and one less, change some case."""
    rules = with_before(RULES[code], RULES)
    unnoticed, movable = {-1, 1}, set()
    order = sorted(
        cases_of(RULES[code]), key=lambda case: (name not in case.pins, name not in case.policy)
    )
    for case in order:
        policies = {step: _nudged(case_policy(case), name, case, step) for step in unnoticed}
        for step, policy in policies.items():
            if policy is None:
                continue
            movable.add(step)
            if try_case(rules, case, policy).faults:
                unnoticed.remove(step)
        if not unnoticed:
            return
    assert not unnoticed & movable, f"{name} {unnoticed} changes no case of {code}"


@pytest.mark.parametrize("code", RULES)
def test_parameters_declared_are_those_used(code: str) -> None:
    rule = RULES[code]
    selects = (rule.sql, rule.evidence_sql, *staged_selects(words_of(rule)).values())
    sql, read = "\n".join(selects), frozenset().union(*map(tables_in, selects))
    own = f"{rule.sql}\n{rule.evidence_sql}"
    if "ref_fee_due" in read:
        sql += " fee_due_day fee_holiday_roll"  # the due days come from these two
    if any(word.startswith("ref_refund_") for word in read):
        sql += " refund_policies"  # their frames are made from it
    if "match_line" in read:  # the sides of the pairings that it names
        named = [pairing for pairing in load_pairings() if f"'{pairing.name}'" in sql]
        sql += " ".join(text for pairing in named for text in pairing.side_sql.values())
    declared = {name.replace(".", "_") for name in (*rule.about.params, *rule.about.needs)}
    words = set(re.findall(r"[a-z_][a-z0-9_]*", sql)) | set(re.findall(r"'([a-z_.]+)'", sql))
    unused = {name for name in declared if name not in {word.replace(".", "_") for word in words}}
    assert not unused, f"declared but not used: {sorted(unused)}"
    known = {name.replace(".", "_") for name in load_policy("base", {}, None).parameters()}
    used = parameters_in(own) - {"as_of", "period_from", "period_to"}
    used |= {word for word in re.findall(r"[a-z_][a-z0-9_]*", own) if word in known}
    assert used <= declared, f"used but not declared: {sorted(used - declared)}"


@pytest.mark.parametrize("code", RULES)
def test_requirements_name_known_tables(code: str) -> None:
    rule = RULES[code]
    for need in (*rule.about.requires, *rule.about.uses):
        table, _, column = need.partition(".")
        assert table in specs(), need
        assert not column or column in specs()[table].by_name, need


@pytest.mark.parametrize("code", RULES)
def test_sql_keeps_to_the_portable_subset(code: str) -> None:
    rule = RULES[code]
    text = re.sub(r"--[^\n]*|'[^']*'", "", f"{rule.sql}\n{rule.evidence_sql}".lower())
    for pattern in (r"\bavg\s*\(", r"\bmedian\s*\(", r"\blist\s*\(", r"//", r"\basof\b", r" / "):
        assert not re.search(pattern, text), f"{pattern} in {rule.sql_path.name}"
    assert tables_in(rule.sql)
    assert tables_in(rule.evidence_sql) or not rule.evidence_sql
