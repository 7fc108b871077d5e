"""One part of the made federation: its payers and every table that follows from them.

Not here: files (see `make_data`), the payers themselves (`units`), the fee tables (`fees`), the
tables that hang on no fee (`sides`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from bench.fees import fee_tables
from bench.sides import side_tables
from bench.units import account, fen, months_of, truth_of, units_of

if TYPE_CHECKING:
    from bench.draws import Draws

#: Payers that are made at once; a bigger federation comes in several parts, to keep memory bounded.
PART_PAYERS = 28_000


def make_part(
    draws: Draws, first: int, payers: int
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Return the tables of some payers and the truth about them.

    Args:
        draws: The stream of random columns.
        first: Serial number of the first payer.
        payers: How many.

    Returns:
        Frames by table, their columns a choice of the contract's; rule, party_id, period, key.
    """
    units = units_of(draws, first, payers)
    months = months_of(draws, units)
    fee = fee_tables(units, months)
    sides, side_truth = side_tables(draws, units, first)
    truth = pl.concat([truth_of(units, months), side_truth])
    return {**_registers(units), **fee, **sides}, truth


def _registers(units: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return payers, unions, years, opening balances and refund applications."""
    has_union = pl.col("kind") != "prep"
    founded = pl.col("defect").is_in(["PRE-01", "returned"]).fill_null(value=False)
    unions = units.filter(has_union)
    opening = units.filter(founded)
    return {
        "payer": units.select(
            pl.col("name").alias("payer_name"),
            pl.col("uscc").alias("payer_uscc"),
            pl.lit("企业").alias("payer_class"),
            (pl.col("wages") // 6_000 + 1).alias("headcount"),
            pl.date(2015, 3, 2).alias("opened_on"),
            pl.lit("全额代收").alias("collection_mode"),
            "region",
        ),
        "payer_year": units.select(
            pl.col("uscc").alias("payer_uscc"),
            pl.col("name").alias("payer_name"),
            pl.lit(2024).alias("year"),
            (pl.col("wages") // 6_000 + 1).alias("headcount"),
        ),
        "union_org": unions.select(
            pl.concat_str("name", pl.lit("工会委员会")).alias("union_name"),
            pl.col("uscc").alias("payer_uscc"),
            pl.col("name").alias("payer_name"),
            pl.when(founded)
            .then(pl.date(2023, 12, 20))
            .otherwise(pl.date(2019, 5, 6))
            .alias("founded_on"),
            pl.when(founded)
            .then(pl.date(2023, 12, 28))
            .otherwise(pl.date(2019, 6, 6))
            .alias("account_opened_on"),
            pl.concat_str("name", pl.lit("工会委员会")).alias("account_name"),
            account("serial").alias("account_no"),
            pl.lit(10).alias("members"),
            pl.lit(10).alias("workers"),
            pl.date(2023, 5, 6).alias("elected_on"),
            pl.lit(5).alias("term_years"),
        ),
        "prep_opening": opening.select(
            pl.col("uscc").alias("payer_uscc"),
            pl.col("name").alias("payer_name"),
            pl.date(2023, 12, 31).alias("as_of"),
            fen(pl.col("wages") * 12).alias("balance"),
        ),
        "refund_application": units.filter(pl.col("kind") == "small").select(
            pl.col("uscc").alias("payer_uscc"),
            pl.col("name").alias("payer_name"),
            pl.lit("small-2023-2024").alias("policy"),
            pl.lit(2024).alias("year"),
            pl.date(2025, 1, 15).alias("applied_on"),
            pl.lit("通过").alias("outcome"),
        ),
    }
