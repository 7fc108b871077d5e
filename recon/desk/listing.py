"""The exceptions of the newest run beside what the ledger says of them, to filter, sort and page.

Here: one narrow frame a run, kept in memory, and the ledger's columns joined to it after every
event, worked out for its lines only. Not here: what a decision holds for (`recon.run.states`), the
page (see `exceptions`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.models import Text
from recon.ledger.decisions import decisions_of, items_of
from recon.ledger.store import ledger_path, read_events
from recon.output.units import unit_groups
from recon.run.made_of import of_record
from recon.run.states import carry_forward, compare_with_last
from recon.workspace.kept_run import proven_record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recon.desk.place import Place
    from recon.ledger.decisions import Item

PAGE = 50
_NARROW = ("exception_id", "rule", "severity", "direction", "amount", "counted", "linked_to",
           "party_id", "party_name", "period", "message", "message_en",
           "unverified_policy")  # fmt: skip
_SHOWN = ("verdict", "confirmed_amount", "reason", "reviewer", "reviewed_on", "responsible",
          "due_on", "office", "measure", "measure_type", "earlier")  # fmt: skip
_SEVERITIES = ("high", "medium", "low", "lead")
#: What may be sorted by, and whether the largest comes first.
SORTS = {"amount": True, "severity": False, "rule": False, "party_name": False, "period": False,
         "verdict": False}  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """A run's exceptions with the decisions that hold; `mark` changes with every event.

    Shape: `rows` has the narrow columns of the run, `family`, `state`, `event_id` of the decision
    that holds (0 without one), `recovered`, `is_closed` and the reviewer's columns.
    """

    run: Path
    record: dict[str, Any]
    rows: pl.DataFrame
    mark: str

    @property
    def titles(self) -> dict[str, Text]:
        """Titles by rule code."""
        return {
            one["rule"]: Text(one["title"], one.get("title_en") or one["title"])
            for one in self.record["rules"]
            if one["title"]
        }


def listed(place: Place) -> Listed:
    """Return the exceptions of the newest run as they stand now.

    Raises:
        LedgerAlteredError: An event is not what was booked.
        RunAlteredError: A file of the run is not what was written.
        RunMissingError: There is no complete run.
    """
    run = place.run
    stamp = (run / "run.json").stat().st_mtime_ns
    return _listed(run, stamp, place.workspace, place.out_dir, place.ledger_mark)


@lru_cache(maxsize=2)
def _base(
    run: Path,
    stamp: int,  # noqa: ARG001 - the key
) -> tuple[dict[str, Any], pl.DataFrame, pl.DataFrame]:
    """Return a run's record, its rows, and their states against the run before."""
    record = proven_record(run, only=("exceptions.parquet",))
    found = pl.read_parquet(run / "exceptions.parquet", columns=list(_NARROW))
    states = run / "states.csv"
    if states.is_file():
        said = pl.read_csv(states, infer_schema=False).select("exception_id", "state")
        found = found.join(said.unique("exception_id"), on="exception_id", how="left",
                           maintain_order="left")  # fmt: skip
    else:
        found = found.with_columns(state=pl.lit(None, dtype=pl.String))
    rank = pl.col("severity").replace_strict(
        list(_SEVERITIES), list(range(4)), default=9, return_dtype=pl.Int8
    )
    family = pl.col("rule").str.split("-").list.first()
    against = compare_with_last(found, _last(run), record["run_id"], made_of=of_record(record))
    return record, found.with_columns(family=family, rank=rank), against.filter("is_here")


@lru_cache(maxsize=2)
def _listed(run: Path, stamp: int, workspace: Path, out_dir: Path, mark: str) -> Listed:
    record, base, states = _base(run, stamp)
    items = items_of(read_events(ledger_path(workspace, out_dir)))
    decided = _decided_since(run, stamp, record, states, items)
    rows = base.join(decided, on="exception_id", how="left", maintain_order="left").with_columns(
        pl.coalesce("state_now", "state").alias("state"),
        pl.col("event_id").fill_null(0),
        pl.col("is_closed").fill_null(value=False),
    )
    return Listed(run, record, rows.drop("state_now"), mark)


#: What was decided of a run when it was asked for last: an event changes it for its lines only.
_LAST: dict[tuple[Path, int], tuple[dict[str, Item], pl.DataFrame]] = {}


def _decided_since(
    run: Path, stamp: int, record: dict[str, Any], states: pl.DataFrame, items: dict[str, Item]
) -> pl.DataFrame:
    """Return what `_decided` does, worked out anew for items that are other than last time."""
    before, decided = _LAST.get((run, stamp), ({}, None))
    moved = {key: one for key, one in items.items() if before.get(key) is not one}
    fresh = _decided(run, record, states, moved)
    if decided is not None:
        others = [*moved, *(before.keys() - items.keys())]
        kept = decided.filter(~pl.col("exception_id").is_in(others))
        fresh = pl.concat([kept, fresh])
    _LAST.clear()
    _LAST[run, stamp] = (items, fresh)
    return fresh


def _decided(
    run: Path, record: dict[str, Any], states: pl.DataFrame, items: dict[str, Item]
) -> pl.DataFrame:
    """Return what holds of the exceptions of some items, as a check would find it now."""
    decisions = decisions_of(items.values())
    known = states.filter(pl.col("exception_id").is_in(decisions["exception_id"].implode()))
    carried = carry_forward(known, decisions, _last(run), record)
    steps = pl.DataFrame(
        [
            (key, one.review.event_id if one.review else 0, one.recovered, one.closed is not None)
            for key, one in items.items()
        ],
        schema={"exception_id": pl.String, "event_id": pl.Int64, "recovered": pl.Decimal(18, 2),
                "is_closed": pl.Boolean},
        orient="row",
    )  # fmt: skip
    return carried.select("exception_id", pl.col("state").alias("state_now"), *_SHOWN).join(
        steps, on="exception_id", how="left", maintain_order="left"
    )


def _last(run: Path) -> Path | None:
    try:
        name = json.loads((run / "timing.json").read_text(encoding="utf-8")).get("previous_run")
    except (OSError, ValueError):
        return None
    last = run.parent / str(name)
    return last if name and (last / "run.json").is_file() else None


def chosen(found: Listed, words: Mapping[str, str]) -> pl.DataFrame:
    """Return the rows that the words of an address choose, in the order that they ask for.

    Args:
        found: All rows.
        words: q, family, rule, direction, severity, verdict, state, party, counted, sort, down.
    """
    rows = found.rows.lazy()
    for name in ("family", "rule", "direction", "severity", "state"):
        if word := words.get(name, ""):
            rows = rows.filter(pl.col(name) == ("" if word == "-" else word))
    if party := words.get("party", ""):
        rows = rows.filter(pl.col("party_id") == party)
    if verdict := words.get("verdict", ""):
        is_open = pl.col("verdict").is_null()
        by_word = {"open": is_open, "decided": ~is_open}
        rows = rows.filter(by_word.get(verdict, pl.col("verdict") == verdict))
    if words.get("counted"):
        rows = rows.filter("counted")
    for word in words.get("q", "").split():
        rows = rows.filter(
            pl.any_horizontal(
                pl.col(name).str.contains(word, literal=True)
                for name in (
                    "party_name",
                    "message",
                    "message_en",
                    "exception_id",
                    "rule",
                    "period",
                )
            ).fill_null(value=False)
        )
    return _sorted(rows, words).collect()


def _sorted(rows: pl.LazyFrame, words: Mapping[str, str]) -> pl.LazyFrame:
    sort = words.get("sort", "")
    by = sort if sort in SORTS else "amount"
    down = SORTS[by] if not words.get("down") else words["down"] == "1"
    column = "rank" if by == "severity" else by
    return rows.sort(column, descending=down, nulls_last=True, maintain_order=True)


def by_unit(rows: pl.DataFrame) -> pl.DataFrame:
    """Gather rows by unit, rule and direction as the sheet 按单位 does, with what is decided."""
    groups = unit_groups(rows)
    decided = (
        rows.group_by("party_id", "rule", "direction")
        .agg(pl.col("verdict").is_not_null().sum().alias("decided"))
    )  # fmt: skip
    return groups.with_columns(pl.col("lines").list.len().alias("count")).join(
        decided, on=["party_id", "rule", "direction"], how="left", maintain_order="left",
        nulls_equal=True,
    )  # fmt: skip


def by_rule(rows: pl.DataFrame) -> pl.DataFrame:
    """Gather rows by rule and direction: how many, counted money, what is decided. Units: yuan."""
    money = pl.col("amount").filter(pl.col("counted"))
    return (
        rows.group_by("rule", "direction")
        .agg(
            pl.len().alias("count"),
            money.sum().cast(pl.Decimal(18, 2)).alias("amount"),
            pl.col("verdict").is_not_null().sum().alias("decided"),
            pl.col("party_id").n_unique().alias("parties"),
        )
        .sort("amount", "count", descending=True)
    )
