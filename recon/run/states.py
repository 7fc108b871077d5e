"""The state of every exception against the last run and the ledger, with the decision carried on.

Here: comparing two exception lists by id, and what the ledger says of each. Not here: keeping
decisions (see `ledger`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

from recon.output.sheets import REVIEW_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from recon.base.models import RuleOutcome

_SHOWN = ("exception_id", "rule", "party_name", "period", "direction", "amount")
_RAN = ("exceptions", "clean")


def compare_with_last(
    exceptions: pl.DataFrame,
    last: Path | None,
    run_id: str,
    outcomes: Iterable[RuleOutcome] | None = None,
) -> pl.DataFrame:
    """Return the state of each exception of this run and of those that are gone.

    An exception of the last run is gone only when its rule ran this time; of a rule that did not
    run nothing is said.

    Args:
        exceptions: This run's list.
        last: The last complete run folder, or None.
        run_id: This run's id; a last run of the same id is the same work.
        outcomes: What the rules of this run said; None takes every rule for run.

    Returns:
        Shape: exception_id, rule, party_name, period, direction, amount, previous_amount, state
        (new, persisting, changed, resolved), previous_run; sorted by rule and id. Units: yuan.
    """
    earlier = _earlier(last)
    ran = [outcome.rule for outcome in outcomes or () if outcome.status in _RAN]
    has_run = pl.col("rule").is_in(ran) if outcomes is not None else pl.lit(value=True)
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
        .filter((pl.col("state") != "resolved") | has_run)
        .rename({"amount_earlier": "previous_amount"})
        .select(*_SHOWN, "previous_amount", "state", "previous_run")
        .sort("rule", "exception_id")
    )


def carry_forward(
    states: pl.DataFrame,
    decisions: pl.DataFrame,
    last: Path | None,
    period: tuple[date, date],
    run_id: str,
) -> pl.DataFrame:
    """Put each exception's decision beside it, and let the ledger correct its state.

    An exception that was closed, or that the ledger knows and the last run found gone, has
    relapsed; one whose amount is not what was decided on has changed. Of both the decision is shown
    in `earlier` and fills no column: somebody must decide again.

    Args:
        states: What `compare_with_last` gave.
        decisions: What `read_decisions` gave.
        last: The last complete run folder, or None.
        period: This run's review period; a last run over another one proves nothing gone.
        run_id: This run's id; what was decided or closed on this very run stands.

    Returns:
        Shape: the columns of `states`, `earlier`, then the reviewer's columns; the same rows.
    """
    here = pl.col("state") != "resolved"
    known = pl.col("is_known").fill_null(value=False)
    was_closed = pl.col("closed_run").is_not_null()
    was_gone = (pl.col("state") == "new") & pl.col("rule").is_in(_rules_that_ran(last, period))
    is_other_amount = (
        pl.col("decided_run").is_not_null()
        & (pl.col("decided_run") != run_id)
        & pl.col("amount").ne_missing(pl.col("decided_amount"))
    )
    state = (
        pl.when(here & known & was_closed & (pl.col("closed_run") != run_id))
        .then(pl.lit("relapsed"))
        .when(here & known & was_gone)
        .then(pl.lit("relapsed"))
        .when(here & is_other_amount)
        .then(pl.lit("changed"))
        .when(here & known & (pl.col("state") == "new"))
        .then(pl.lit("persisting"))
        .otherwise("state")
    )
    is_decided_here = pl.col("decided_run").eq_missing(pl.lit(run_id))
    must_decide = here & ~is_decided_here & ((pl.col("state") == "relapsed") | is_other_amount)
    joined = states.join(
        decisions.with_columns(pl.lit(value=True).alias("is_known")),
        on="exception_id",
        how="left",
        maintain_order="left",
    ).with_columns(state.alias("state"))
    return joined.with_columns(
        pl.when(must_decide | was_closed).then("earlier"),
        *(pl.when(~must_decide).then(name).alias(name) for name in REVIEW_COLUMNS),
    ).select(*states.columns, "earlier", *REVIEW_COLUMNS)


def _rules_that_ran(last: Path | None, period: tuple[date, date]) -> list[str]:
    """Return the rules of a run that gave an answer for a period."""
    if last is None:
        return []
    record = json.loads((last / "run.json").read_text(encoding="utf-8"))
    if (record["period_from"], record["period_to"]) != (str(period[0]), str(period[1])):
        return []
    return [each["rule"] for each in record["rules"] if each["status"] in _RAN]


def _earlier(last: Path | None) -> pl.DataFrame:
    path = last / "exceptions.parquet" if last else None
    if path is None or not path.is_file():
        schema = dict.fromkeys(_SHOWN, pl.String) | {"amount": pl.Decimal(18, 2)}
        frame = pl.DataFrame(schema=schema)
    else:
        frame = pl.read_parquet(path, columns=list(_SHOWN))
    return frame.with_columns(pl.lit(value=True).alias("was_there"))
