"""The state of every exception against the last run and the ledger, with the decision carried on.

Here: comparing two exception lists by id, and what the ledger says of each. Not here: keeping
decisions (see `ledger`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from recon.output.sheets import REVIEW_COLUMNS
from recon.run.made_of import of_record
from recon.workspace.kept_run import proven_record, read_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from recon.base.models import RuleOutcome

_SHOWN = ("exception_id", "rule", "party_name", "period", "direction", "amount")
_RAN = ("exceptions", "clean")
_UNAWARE = "；本次资料未反映销号后的变化"


def compare_with_last(
    exceptions: pl.DataFrame,
    last: Path | None,
    run_id: str,
    outcomes: Iterable[RuleOutcome] | None = None,
    made_of: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Return the state of each exception of this run and of those that are gone.

    An exception of the last run is gone only when its rule ran this time; of a rule that did not
    run nothing is said.

    Args:
        exceptions: This run's list.
        last: The last complete run folder, or None.
        run_id: This run's id; a last run of the same id is the same work.
        outcomes: What the rules of this run said; None takes every rule for run.
        made_of: Marks of this run's rules (see `made_of`); where the last run has another for a
            rule, what is gone or changed is `rule_changed`.

    Returns:
        Shape: exception_id, rule, party_name, period, direction, amount, previous_amount, state
        (new, persisting, changed, resolved, rule_changed), is_here (whether this run has it),
        previous_run; sorted by rule and id. Units: yuan.
    """
    earlier = _earlier(last)
    ran = [outcome.rule for outcome in outcomes or () if outcome.status in _RAN]
    has_run = pl.col("rule").is_in(ran) if outcomes is not None else pl.lit(value=True)
    now = exceptions.select(*_SHOWN, pl.lit(value=True).alias("is_now"))
    joined = now.join(earlier, on="exception_id", how="full", coalesce=True, suffix="_earlier")
    is_other_rule = pl.coalesce("rule", "rule_earlier").is_in(_other_rules(last, made_of))
    is_gone = pl.col("is_now").is_null()
    is_changed = pl.col("was_there") & pl.col("amount").ne_missing(pl.col("amount_earlier"))
    state = (
        pl.when(is_other_rule & (is_gone | is_changed))
        .then(pl.lit("rule_changed"))
        .when(is_gone)
        .then(pl.lit("resolved"))
        .when(pl.col("was_there").is_null())
        .then(pl.lit("new"))
        .when(is_changed)
        .then(pl.lit("changed"))
        .otherwise(pl.lit("persisting"))
    )
    return (
        joined.with_columns(
            state.alias("state"),
            pl.col("is_now").fill_null(value=False).alias("is_here"),
            *(pl.coalesce(name, f"{name}_earlier").alias(name) for name in _SHOWN[1:5]),
            pl.lit(last.name if last and last.name != run_id else None, dtype=pl.String).alias(
                "previous_run"
            ),
        )
        .filter(pl.col("is_here") | has_run)
        .rename({"amount_earlier": "previous_amount"})
        .select(*_SHOWN, "previous_amount", "state", "is_here", "previous_run")
        .sort("rule", "exception_id")
    )


def carry_forward(
    states: pl.DataFrame,
    decisions: pl.DataFrame,
    last: Path | None,
    about: Mapping[str, Any],
) -> pl.DataFrame:
    """Put each exception's decision beside it, and let the ledger correct its state.

    An exception that was closed, or that the ledger knows and the last run found gone, has
    relapsed; one whose amount is not what was decided on has changed. Of both the decision is shown
    in `earlier` and fills no column: somebody must decide again. What a run finds again whose data
    end on the day of the closing or before it has not relapsed: these data cannot know of it.

    Args:
        states: What `compare_with_last` gave.
        decisions: What `read_decisions` gave.
        last: The last complete run folder, or None.
        about: What `run_span` gave, or this run's record; a last run over another period proves
            nothing gone, and what was decided or closed on this very run stands.

    Returns:
        Shape: the columns of `states`, `earlier`, then the reviewer's columns; the same rows.
    """
    run_id = about["run_id"]
    here = pl.col("is_here")
    known = pl.col("is_known").fill_null(value=False)
    was_closed = pl.col("closed_run").is_not_null()
    was_closed_before = was_closed & (pl.col("closed_run") != run_id)
    is_unaware = pl.col("closed_on") >= str(about.get("seen_to") or about["as_of"])
    was_gone = (pl.col("state") == "new") & pl.col("rule").is_in(_rules_that_ran(last, about))
    is_other_amount = (
        pl.col("decided_run").is_not_null()
        & (pl.col("decided_run") != run_id)
        & pl.col("amount").ne_missing(pl.col("decided_amount"))
    )
    state = (
        pl.when(here & known & was_closed_before & ~is_unaware)
        .then(pl.lit("relapsed"))
        .when(here & known & was_gone)
        .then(pl.lit("relapsed"))
        .when(here & is_other_amount & (pl.col("state") != "rule_changed"))
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
    unaware = pl.when(here & was_closed_before & is_unaware).then(pl.lit(_UNAWARE))
    earlier = pl.concat_str("earlier", unaware.otherwise(pl.lit("")))
    return joined.with_columns(
        pl.when(must_decide | was_closed).then(earlier).alias("earlier"),
        *(pl.when(~must_decide).then(name).alias(name) for name in REVIEW_COLUMNS),
    ).select(*states.columns, "earlier", *REVIEW_COLUMNS)


def _other_rules(last: Path | None, made_of: Mapping[str, str] | None) -> list[str]:
    """Return the rules that are not made of what they were in the last run."""
    if last is None or not made_of:
        return []
    was = of_record(read_record(last, "rules"))
    return [rule for rule, mark in was.items() if made_of.get(rule, mark) != mark]


def _rules_that_ran(last: Path | None, about: Mapping[str, Any]) -> list[str]:
    """Return the rules of a run that gave an answer for the period of another."""
    if last is None:
        return []
    record = read_record(last, "period_from", "period_to", "rules")
    if any(record[name] != str(about[name]) for name in ("period_from", "period_to")):
        return []
    return [each["rule"] for each in record["rules"] if each["status"] in _RAN]


def _earlier(last: Path | None) -> pl.DataFrame:
    path = last / "exceptions.parquet" if last else None
    if path is None or not path.is_file():
        schema = dict.fromkeys(_SHOWN, pl.String) | {"amount": pl.Decimal(18, 2)}
        frame = pl.DataFrame(schema=schema)
    else:
        proven_record(path.parent, only=(path.name,))
        frame = pl.read_parquet(path, columns=list(_SHOWN))
    return frame.with_columns(pl.lit(value=True).alias("was_there"))
