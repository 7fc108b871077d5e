"""整改事项 beside the computed problems: areas, what is done, money saved, rules that they name.

Here: sorting items and texts apart, and counting once what an item and its rules both say. Not
here: paragraphs (see `problems`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from recon.output.split import once
from recon.report.listed import TEXT_AREAS
from recon.report.standing import ZERO, total

if TYPE_CHECKING:
    from decimal import Decimal

    from recon.report.standing import Standing

#: Money that came to us; what was paid out, remitted or written off is settled, not brought back.
_BROUGHT_BACK = ("pay_in", "recover")


def problems_of(items: pl.DataFrame) -> pl.DataFrame:
    """Return the items that are problems."""
    return items.filter(~pl.col("area").is_in(TEXT_AREAS))


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
    findings = once(standing.of("finding"))
    named = {code for codes in items["codes"] for code in codes}
    others = findings.filter(~pl.col("rule").is_in(list(named)))
    by_rule = others.group_by("rule").agg(done=pl.col("closed_on").is_not_null().all())
    saved = sum(saved_by_item(standing).values(), start=ZERO)
    families = others["family"].n_unique()
    return Tally(
        items["area"].n_unique() + families,
        items.height + by_rule.height,
        int(items["is_done"].sum()) + int(by_rule["done"].sum()),
        items["regulation"].drop_nulls().n_unique(),
        saved + total(others.filter(_is_brought_back()), "recovered"),
    )


def saved_by_item(standing: Standing) -> dict[str, Decimal]:
    """Return what each item brought back: as listed, or as the ledger booked where that is more.

    What the findings of a rule brought in counts for the first item that names the rule.
    """
    findings = once(standing.of("finding")).filter(_is_brought_back())
    by_rule = dict(findings.group_by("rule").agg(pl.col("recovered").sum()).rows())
    saved = {}
    for row in problems_of(standing.items).iter_rows(named=True):
        of_rules = sum((by_rule.pop(code, ZERO) or ZERO for code in row["codes"]), start=ZERO)
        saved[row["item_id"]] = max(row["recovered"] or ZERO, (row["booked"] or ZERO) + of_rules)
    return saved


def _is_brought_back() -> pl.Expr:
    return pl.col("direction").is_in(_BROUGHT_BACK)
