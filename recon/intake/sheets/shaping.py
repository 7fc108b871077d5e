"""Columns of one table that another column of the same row decides.

Here: 消费 on a fuel card becomes 加油 or 非油品 by its product; some values keep their text.
Not here: the amounts of a bank (see `bank`), anything across tables.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.sheets.bank import split_amount

if TYPE_CHECKING:
    from recon.intake.sheets.parsed import ParsedSheet

_FUEL = r"汽油|柴油|乙醇|(?:^|[^0-9])(?:0|89|92|95|98)\s*(?:#|号|$)|CNG|LNG|天然气|油品"


def shape_sheet(parsed: ParsedSheet) -> ParsedSheet:
    """Fill columns that other columns of the same row decide.

    Args:
        parsed: A parsed sheet.

    Returns:
        The same with money_in and money_out of a bank statement and the kind of fuel transactions.
    """
    table = parsed.found.table
    if table is None or parsed.accepted is None:
        return parsed
    if table.layout == "statement":
        return split_amount(parsed)
    if table.layout == "card":
        return _fuel(parsed, parsed.accepted)
    for column in table.columns:
        if column.keeps_text:
            parsed = _with_text(parsed, column.name)
    return parsed


def _fuel(parsed: ParsedSheet, frame: pl.DataFrame) -> ParsedSheet:
    is_fuel = pl.col("product").str.to_uppercase().str.contains(_FUEL)
    is_fuel = is_fuel.fill_null(pl.col("litres") > 0)
    spent = pl.col("kind") == "消费"
    kind = (
        pl.when(spent & is_fuel)
        .then(pl.lit("加油"))
        .when(spent & ~is_fuel)
        .then(pl.lit("非油品"))
        .otherwise("kind")
    )
    return replace(parsed, accepted=frame.with_columns(kind.alias("kind")))


def _with_text(parsed: ParsedSheet, column: str) -> ParsedSheet:
    """Keep the text of a value: the decimals of a published rate are part of what it says."""
    letter, frame = parsed.columns[column][0], parsed.accepted
    name = f"{column}_text"
    if frame is None or letter is None:
        text = pl.lit(None, pl.String).alias(name)
        return parsed if frame is None else replace(parsed, accepted=frame.with_columns(text))
    texts = parsed.sheet.cells.select("row_no", pl.col(letter).str.strip_chars().alias(name))
    joined = frame.join(texts, on="row_no", how="left", maintain_order="left")
    return replace(parsed, accepted=joined)
