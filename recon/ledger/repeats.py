"""屡审屡犯: the same party found out by the same rule in several years.

Here: which findings repeat. Not here: where it is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.ledger.decisions import Item


def repeat_offences(items: Iterable[Item]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return who was found out by the same rule in more than one year.

    Returns:
        The years in order, by party and rule.
    """
    years: dict[tuple[str, str], set[str]] = {}
    for item in items:
        party, rule = item.facts["party_id"], item.facts["rule"]
        if party and rule:
            years.setdefault((party, rule), set()).update(item.years)
    return {key: tuple(sorted(found)) for key, found in years.items() if len(found) > 1}


def repeated(findings: pl.DataFrame, exceptions: pl.DataFrame) -> pl.DataFrame:
    """Return which exceptions of a run repeat findings of other years.

    Args:
        findings: Rows with found_rule, found_party and found_years (a list), as `read_decisions`
            gives them.
        exceptions: Rows with exception_id, rule, party_id and period.

    Returns:
        Shape: exception_id, repeat_years (e.g. "2022、2023", the other years in order); only
        exceptions that repeat.
    """
    earlier = (
        findings.select("found_rule", "found_party", pl.col("found_years").alias("year"))
        .explode("year")
        .drop_nulls()
        .unique()
    )
    year = pl.col("year")
    own = pl.col("period").fill_null("")
    return (
        exceptions.select("exception_id", "rule", "party_id", "period")
        .join(
            earlier,
            left_on=["rule", "party_id"],
            right_on=["found_rule", "found_party"],
            how="inner",
        )
        .filter(~own.str.contains(year, literal=True) & (own != ""))
        .group_by("exception_id")
        .agg(year.sort().str.join("、").alias("repeat_years"))
        .sort("exception_id")
    )


def mark_repeats(
    states: pl.DataFrame, findings: pl.DataFrame, exceptions: pl.DataFrame
) -> pl.DataFrame:
    """Say beside each exception in which other years its party was found out by its rule.

    Args:
        states: Rows with exception_id and `earlier`.
        findings: See `repeated`.
        exceptions: See `repeated`.

    Returns:
        The same rows; `earlier` ends with 屡审屡犯 and the years where there are any.
    """
    years = repeated(findings, exceptions)
    said = pl.format("屡审屡犯：{} 年已认定", "repeat_years")
    return (
        states.join(years, on="exception_id", how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("repeat_years").is_null())
            .then("earlier")
            .otherwise(pl.concat_str("earlier", said, separator="；", ignore_nulls=True))
            .alias("earlier")
        )
        .drop("repeat_years")
    )
