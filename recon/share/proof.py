"""Proof that a twin's exceptions are the original's: same rules, amounts, periods, rows.

Row n of the twin is row n of the original, so exceptions are paired by rule and source rows. Not
here: making the twin.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

    from recon.base.models import Intake

#: Columns of an exception that must be equal once ids are mapped.
COMPARED = (
    "rule", "severity", "direction", "amount", "counted", "period", "expected", "actual",
    "difference", "unverified_policy", "rows", "values",
)  # fmt: skip
_PAIRED = ("rule", "rows", "period", "direction", "amount", "nth")


@dataclass(frozen=True)
class Proof:
    """What was compared, and what differs in words (empty: the twin is proven)."""

    exceptions: int
    rules: int
    differences: tuple[str, ...]
    ids: dict[str, str]

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def prove_twin(run: Path, intake: Intake, twin_run: Path, twin_intake: Intake) -> Proof:
    """Compare the exceptions of a run with those of its twin.

    Returns:
        The proof; `ids` maps the original's exception ids to the twin's.
    """
    found = [
        *_rows_differ(intake, twin_intake),
        *_rules_differ(_record(run), _record(twin_run)),
    ]
    left, right = _exceptions(run, intake), _exceptions(twin_run, twin_intake)
    both = left.join(right, on=_PAIRED, how="full", suffix="_twin", nulls_equal=True)
    pairs = both.filter(
        pl.col("exception_id").is_not_null() & pl.col("exception_id_twin").is_not_null()
    )
    ids = dict(zip(pairs["exception_id"], pairs["exception_id_twin"], strict=True))
    for row in both.iter_rows(named=True):
        found += _row_differs(row, ids)
    rules = left["rule"].n_unique()
    return Proof(left.height, rules, tuple(found), ids)


def _record(run: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((run / "run.json").read_text(encoding="utf-8"))
    return record


def _rows_differ(intake: Intake, twin: Intake) -> list[str]:
    """Every table has the same rows under the same numbers."""
    return [
        f"table {name}: {frame.height} rows, twin {other.height if other is not None else 0}"
        for name, frame in intake.tables.items()
        if (other := twin.tables.get(name)) is None
        or not other["row_id"].equals(frame["row_id"], check_names=False)
    ]


def _rules_differ(record: dict[str, Any], twin: dict[str, Any]) -> list[str]:
    """Every rule says the same over as many rows; every total is the same."""
    keys = ("rule", "status", "rows_examined", "exceptions", "amounts")
    twins = {rule["rule"]: rule for rule in twin["rules"]}
    found = [
        f"{rule['rule']}: {[rule[key] for key in keys[1:]]}, twin "
        f"{[other.get(key) for key in keys[1:]]}"
        for rule in record["rules"]
        if any(rule[key] != (other := twins.get(rule["rule"], {})).get(key) for key in keys)
    ]
    if record["totals"] != twin["totals"]:
        found.append(f"totals: {record['totals']}, twin {twin['totals']}")
    return found


def _exceptions(run: Path, intake: Intake) -> pl.DataFrame:
    """Read the exceptions of a run with the numbers of their source rows."""
    files = pl.DataFrame(
        {"file_id": [f.file_id for f in intake.files], "path": [f.path for f in intake.files]},
        schema={"file_id": pl.Int32, "path": pl.String},
    )
    sheet = pl.col("sheet")
    mark = pl.when(sheet.is_null()).then(pl.lit("!")).otherwise(pl.format("#{}!", sheet))
    places = intake.source_row.join(files, on="file_id").select(
        pl.concat_str("path", mark, pl.col("row_no").cast(pl.String)).alias("evidence"), "row_id"
    )
    listed = pl.read_parquet(run / "exceptions.parquet").with_columns(
        pl.col("policy").list.eval(
            pl.element().str.replace(r"=.*@", "@", literal=False)
        ).list.sort().list.join(";").alias("values")
    )  # fmt: skip
    rows = (
        listed.select("exception_id", "evidence")
        .explode("evidence")
        .join(places, on="evidence", how="left")
        .group_by("exception_id")
        .agg(pl.col("row_id").sort().cast(pl.String).fill_null("?").str.join(",").alias("rows"))
    )
    listed = listed.join(rows, on="exception_id", how="left", maintain_order="left")
    nth = pl.int_range(pl.len()).over("rule", "rows", "period", "direction", "amount")
    return listed.select("exception_id", "linked_to", *COMPARED).with_columns(nth.alias("nth"))


def _row_differs(row: dict[str, Any], ids: dict[str, str]) -> list[str]:
    if row["exception_id"] is None:
        return [f"{row['rule_twin']}: only in the twin, rows {row['rows_twin']}"]
    if row["exception_id_twin"] is None:
        return [f"{row['rule']} {row['exception_id']}: not in the twin, rows {row['rows']}"]
    unequal = [
        f"{row['rule']} {row['exception_id']}: {name} {row[name]}, twin {row[name + '_twin']}"
        for name in COMPARED
        if name not in _PAIRED and row[name] != row[name + "_twin"]
    ]
    if ids.get(row["linked_to"] or "") != row["linked_to_twin"]:
        unequal.append(f"{row['rule']} {row['exception_id']}: linked to another exception")
    return unequal
