"""整改事项 beside the computed problems: areas, what is done, money saved, rules that they name.

Here: sorting items and texts apart, and counting once what an item and its rules both say. Not
here: paragraphs (see `problems`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from recon.report.standing import Standing

#: Areas whose rows are texts of the report, not problems.
PRACTICE, PLAN = "主要做法", "下一步计划"
_ZERO = Decimal("0.00")


def problems_of(items: pl.DataFrame) -> pl.DataFrame:
    """Return the items that are problems."""
    return items.filter(~pl.col("area").is_in((PRACTICE, PLAN)))


def texts_of(items: pl.DataFrame, area: str) -> list[tuple[str, str]]:
    """Return heading and text of the rows that fill a part of the report."""
    rows = items.filter(pl.col("area") == area)
    return [(problem, text or "") for problem, text in rows.select("problem", "progress").rows()]


@dataclass(frozen=True)
class Tally:
    """The opening figures. Units: yuan."""

    areas: int
    problems: int
    done: int
    regulations: int
    saved: Decimal


def tally(standing: Standing) -> Tally:
    """Count problems: items, and rules with confirmed findings that no item names.

    Money that came back counts once, see `saved_by_item`.
    """
    items = problems_of(standing.items)
    findings = standing.of("finding").filter(pl.col("linked_to").is_null())
    named = {code for codes in items["codes"] for code in codes}
    others = findings.filter(~pl.col("rule").is_in(list(named)))
    by_rule = others.group_by("rule").agg(done=pl.col("closed_on").is_not_null().all())
    saved = sum(saved_by_item(standing).values(), start=_ZERO)
    families = others["family"].n_unique()
    return Tally(
        items["area"].n_unique() + families,
        items.height + by_rule.height,
        int(items["is_done"].sum()) + int(by_rule["done"].sum()),
        items["regulation"].drop_nulls().n_unique(),
        saved + Decimal(others["recovered"].sum() or 0),
    )


def saved_by_item(standing: Standing) -> dict[str, Decimal]:
    """Return what each item brought back: as listed, or as the ledger booked where that is more.

    What the findings of a rule brought in counts for the first item that names the rule.
    """
    findings = standing.of("finding").filter(pl.col("linked_to").is_null())
    by_rule = dict(findings.group_by("rule").agg(pl.col("recovered").sum()).rows())
    saved = {}
    for row in problems_of(standing.items).iter_rows(named=True):
        of_rules = sum((by_rule.pop(code, _ZERO) or _ZERO for code in row["codes"]), start=_ZERO)
        saved[row["item_id"]] = max(row["recovered"] or _ZERO, (row["booked"] or _ZERO) + of_rules)
    return saved
