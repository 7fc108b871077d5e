"""The pictures of tables show every rule once, and no rule stands too high."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from recon.engine.pictures import height, levels, read_by, reads
from recon.rules.catalog import Rule, load_rules

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rule-tables.md"
#: Staged tables one above the other below a rule, at most.
MOST_LEVELS = 12


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.code)
def test_no_rule_stands_on_more_levels(rule: Rule) -> None:
    assert levels(rule) <= MOST_LEVELS


def test_height_counts_staged_tables_one_above_the_other() -> None:
    assert (height("src_payer"), height("stg_fuel_card")) == (0, 1)
    assert height("int_card") == 1 + max(map(height, reads("int_card")))
    assert reads("stg_fuel_card") == {"src_fuel_card"}


def test_every_rule_stands_in_one_picture_with_all_that_it_reads() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for rule in load_rules():
        assert len(re.findall(rf"\b{rule.code}\b", text)) == 1, rule.code
        for table in read_by(rule):
            if not table.startswith(("party", "ref_", "match_")):
                assert re.search(rf"\b{table.removeprefix('src_')}\b", text), table
