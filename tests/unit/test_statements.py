"""What the benchmark counts for some rules: tables and matcher that they need, no others."""

from __future__ import annotations

import pytest

from bench.statements import of_rules

TOOK = {
    "tables": {"stg_tax_collection": 1.0, "party": 2.0, "int_card": 1000.0},
    "rules": {"REM-10": 0.5, "LED-01": 0.25, "FUEL-01": 1000.0},
    "stages": {"match": 64.0, "list": 8.0},
}


@pytest.mark.parametrize(("codes", "seconds"), [(("REM-10",), 11.5), (("REM-10", "LED-01"), 75.75)])
def test_rules_are_charged_what_they_need(codes: tuple[str, ...], seconds: float) -> None:
    assert of_rules(TOOK, codes) == seconds
