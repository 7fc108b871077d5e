"""屡审屡犯: who was found out by the same rule in several years."""

from __future__ import annotations

import polars as pl
import pytest

from recon.ledger.decisions import Item
from recon.ledger.repeats import mark_repeats, repeat_offences, repeated
from recon.ledger.store import Event


def finding(
    period: str | None, verdict: str = "成立", rule: str = "REM-01", reviewed_on: str | None = None
) -> Item:
    facts = {"rule": rule, "party_id": "P1", "period": period}
    said = {"verdict": verdict, "reviewed_on": reviewed_on}
    event = Event(1, "2024-05-01T09:00:00+08:00", "review", "a", "r", said)
    return Item(f"{period}{rule}", facts, event)


@pytest.mark.parametrize(
    ("item", "years"),
    [
        (finding("2023-04"), {"2023"}),
        (finding("2023-11..2024-01"), {"2023", "2024"}),
        (finding("2022"), {"2022"}),
        (finding(None), {"2024"}),
        (finding(None, reviewed_on="2023-12-30"), {"2023"}),
        (finding("2023-04", "不成立"), set()),
        (Item("a", {"rule": "REM-01", "party_id": "P1", "period": "2023"}), set()),
    ],
)
def test_years_of_a_finding(item: Item, years: set[str]) -> None:
    assert item.years == years


def test_two_years_of_one_rule_repeat_and_two_rules_do_not() -> None:
    items = [finding("2022-04"), finding("2023-05"), finding("2023-06"),
             finding("2021", rule="REM-02"), finding("2024", "不成立", "REM-02")]  # fmt: skip
    assert repeat_offences(items) == {("P1", "REM-01"): ("2022", "2023")}


def test_an_exception_is_told_of_findings_of_other_years_only() -> None:
    exceptions = pl.DataFrame(
        {
            "exception_id": ["a", "b", "c", "d"],
            "rule": ["REM-01", "REM-02", "REM-01", "REM-01"],
            "party_id": ["P1", "P1", "P2", None],
            "period": ["2024-03", "2024-03", "2024-03", "2024-03"],
        }
    )
    findings = pl.DataFrame(
        {
            "found_rule": ["REM-01", "REM-01", "REM-01", "REM-02"],
            "found_party": ["P1", "P1", "P1", "P1"],
            "found_years": [["2022"], ["2023"], ["2024"], []],
        }
    )
    assert repeated(findings, exceptions).rows() == [("a", "2022、2023")]
    states = pl.DataFrame({"exception_id": ["a", "b"], "earlier": ["成立", None]})
    assert mark_repeats(states, findings, exceptions).rows() == [
        ("a", "成立；屡审屡犯：2022、2023 年已认定"),
        ("b", None),
    ]
