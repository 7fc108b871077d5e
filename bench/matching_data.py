"""Two sides of lines with labelled truth, made from a seed: what the matching benchmark reads.

Of the lines of side a, 0.5 % are missing on side b, 1 % have another amount there, 0.2 % stand
there twice and 0.3 % have an unknown party; four of five carry the reference of side a.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

SHARES = {"missing": 0.005, "altered": 0.010, "duplicated": 0.002, "unknown_party": 0.003}
HAS_REFERENCE = 0.8


def write_sides(folder: Path, lines: int, seed: int) -> None:
    """Write a.csv, b.csv and truth.parquet (a_line_id, b_line_id, label) into a folder."""
    rng = np.random.default_rng(seed)
    day = rng.integers(0, 365, lines)
    fen = np.maximum(1, rng.lognormal(11, 1.4, lines).astype(np.int64))
    party = rng.integers(0, max(10, lines // 20), lines)
    referenced = rng.random(lines) < HAS_REFERENCE
    label = rng.choice(
        ["plain", *SHARES], size=lines, p=[1 - sum(SHARES.values()), *SHARES.values()]
    )
    a = pl.DataFrame(
        {
            "line_id": np.arange(lines),
            "day": day,
            "fen": fen,
            "party_id": party,
            "referenced": referenced,
            "label": label,
        }
    )
    b = a.filter(pl.col("label") != "missing").with_columns(
        day=pl.col("day") + pl.Series(rng.integers(0, 4, int((label != "missing").sum()))),
        fen=pl.when(pl.col("label") == "altered")
        .then(pl.col("fen") + 1_000 + pl.col("fen") % 997)
        .otherwise("fen"),
    )
    twins = b.filter(pl.col("label") == "duplicated")
    b = pl.concat([b, twins]).sample(fraction=1, shuffle=True, seed=seed)
    b = b.rename({"line_id": "a_line_id"}).with_row_index("line_id").cast({"line_id": pl.Int64})
    b.select("a_line_id", pl.col("line_id").alias("b_line_id"), "label").write_parquet(
        folder / "truth.parquet"
    )
    reference = pl.format("R{}", pl.col("number").cast(pl.String).str.zfill(9))
    for name, frame, number in (("a", a, "line_id"), ("b", b, "a_line_id")):
        unknown = pl.lit(name == "b") & (pl.col("label") == "unknown_party")
        frame.with_columns(number=pl.col(number)).select(
            "line_id",
            (pl.date(2024, 1, 1) + pl.duration(days="day")).alias("day"),
            (pl.col("fen").cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2)).alias("amount"),
            pl.when(~unknown).then(pl.format("P{}", "party_id")).alias("party_id"),
            pl.when("referenced").then(reference).alias("reference"),
        ).write_csv(folder / f"{name}.csv")
