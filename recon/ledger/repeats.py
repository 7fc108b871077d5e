"""屡审屡犯: the same party found out by the same rule in several years.

Here: which findings repeat. Not here: where it is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.ledger.decisions import Item

_YEAR = 4
_FINDINGS = {"rule": pl.String(), "party_id": pl.String(), "finding_year": pl.String()}


def years_found(item: Item) -> set[str]:
    """Return the years that a finding is about.

    Args:
        item: A finding of the ledger.

    Returns:
        The years of its period; without a period the year in which it was decided; empty for what
        nobody confirmed.
    """
    if not item.is_finding or item.review is None:
        return set()
    period = item.facts["period"]
    if period:
        return {part[:_YEAR] for part in period.split("..")}
    return {(item.decision.get("reviewed_on") or item.review.at)[:_YEAR]}


def repeat_offences(items: Iterable[Item]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return who was found out by the same rule in more than one year.

    Args:
        items: Where every exception of the ledger stands.

    Returns:
        The years in order, by party and rule.
    """
    years: dict[tuple[str, str], set[str]] = {}
    for item in items:
        party, rule = item.facts["party_id"], item.facts["rule"]
        if party and rule:
            years.setdefault((party, rule), set()).update(years_found(item))
    return {key: tuple(sorted(found)) for key, found in years.items() if len(found) > 1}


def repeated(items: Iterable[Item], exceptions: pl.DataFrame) -> pl.DataFrame:
    """Return which exceptions of a run repeat findings of other years.

    Args:
        items: Where every exception of the ledger stands.
        exceptions: Rows with exception_id, rule, party_id and period.

    Returns:
        Shape: exception_id, repeat_years (e.g. "2022、2023", the other years in order); only
        exceptions that repeat.
    """
    found = [
        (item.facts["rule"], item.facts["party_id"], year)
        for item in items
        for year in sorted(years_found(item))
        if item.facts["party_id"]
    ]
    earlier = pl.DataFrame(found, schema=_FINDINGS, orient="row").unique()
    year = pl.col("finding_year")
    own = pl.col("period").fill_null("")
    return (
        exceptions.select("exception_id", "rule", "party_id", "period")
        .join(earlier, on=["rule", "party_id"], how="inner")
        .filter(~own.str.contains(year, literal=True) & (own != ""))
        .group_by("exception_id")
        .agg(year.sort().str.join("、").alias("repeat_years"))
        .sort("exception_id")
    )
