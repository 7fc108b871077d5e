"""The state of every exception against the last run: new, persisting, changed, resolved.

Here: comparing two exception lists by id. Not here: decisions (the ledger keeps them).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

_SHOWN = ("exception_id", "rule", "party_name", "period", "direction", "amount")


def compare_with_last(exceptions: pl.DataFrame, last: Path | None, run_id: str) -> pl.DataFrame:
    """Return the state of each exception of this run and of those that are gone.

    Args:
        exceptions: This run's list.
        last: The last complete run folder, or None.
        run_id: This run's id; a last run of the same id is the same work.

    Returns:
        Shape: exception_id, rule, party_name, period, direction, amount, previous_amount, state,
        previous_run; sorted by rule and id. Units: yuan.
    """
    earlier = _earlier(last)
    now = exceptions.select(*_SHOWN, pl.lit(value=True).alias("is_now"))
    joined = now.join(earlier, on="exception_id", how="full", coalesce=True, suffix="_earlier")
    state = (
        pl.when(pl.col("is_now").is_null())
        .then(pl.lit("resolved"))
        .when(pl.col("was_there").is_null())
        .then(pl.lit("new"))
        .when(pl.col("amount").ne_missing(pl.col("amount_earlier")))
        .then(pl.lit("changed"))
        .otherwise(pl.lit("persisting"))
    )
    return (
        joined.with_columns(
            state.alias("state"),
            *(pl.coalesce(name, f"{name}_earlier").alias(name) for name in _SHOWN[1:5]),
            pl.lit(last.name if last and last.name != run_id else None, dtype=pl.String).alias(
                "previous_run"
            ),
        )
        .rename({"amount_earlier": "previous_amount"})
        .select(*_SHOWN, "previous_amount", "state", "previous_run")
        .sort("rule", "exception_id")
    )


def _earlier(last: Path | None) -> pl.DataFrame:
    path = last / "exceptions.parquet" if last else None
    if path is None or not path.is_file():
        schema = dict.fromkeys(_SHOWN, pl.String) | {"amount": pl.Decimal(18, 2)}
        frame = pl.DataFrame(schema=schema)
    else:
        frame = pl.read_parquet(path, columns=list(_SHOWN))
    return frame.with_columns(pl.lit(value=True).alias("was_there"))
