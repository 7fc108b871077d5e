"""Columns of one table that another column of the same row decides.

Here: a bank's amount with direction (or sign) becomes money in and money out; 消费 on a fuel card
becomes 加油 or 非油品 by its product; a published rate keeps its text. Not here: anything across
rows or tables.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.items import placed
from recon.models import Text

if TYPE_CHECKING:
    from recon.intake.sheet import ParsedSheet

#: On a bank's own statement 贷 is money in.
MONEY_IN = frozenset(
    "贷 贷方 收 收入 存入 转入 进 进账 来账 入 入账 汇入 CR C CREDIT + 收款".split()  # noqa: SIM905
)
MONEY_OUT = frozenset(
    "借 借方 支 付 支出 支取 转出 出 出账 往账 汇出 DR D DEBIT - − — – 付款".split()  # noqa: SIM905
)
_FUEL = r"汽油|柴油|乙醇|(?:^|\D)(?:0|89|92|95|98)\s*(?:#|号|$)|CNG|LNG|天然气|油品"


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
    if table.name == "bank_txn":
        return _bank(parsed)
    if table.name == "fuel_txn":
        return _fuel(parsed, parsed.accepted)
    if table.name == "published_rate":
        return _published(parsed, parsed.accepted)
    return parsed


def _bank(parsed: ParsedSheet) -> ParsedSheet:
    has = parsed.columns
    frame = parsed.accepted
    if frame is None or "amount" not in has or {"money_in", "money_out"} & has.keys():
        return parsed
    word = pl.col("direction").str.normalize("NFKC").str.to_uppercase().str.replace_all(r"\s", "")
    marked = frame.with_columns(
        pl.when(word.is_in(list(MONEY_IN)))
        .then(pl.lit(1))
        .when(word.is_in(list(MONEY_OUT)))
        .then(pl.lit(-1))
        .alias("side")
    )
    amount = pl.col("amount")
    if "direction" not in has:
        incoming, outgoing = amount >= 0, amount < 0
        value = amount.abs()
    else:
        incoming, outgoing = pl.col("side") == 1, pl.col("side") == -1
        value = amount.abs() if _is_signed_twice(marked) else amount
    letter, header = has["amount"]
    shaped = marked.with_columns(
        pl.when(incoming).then(value).alias("money_in"),
        pl.when(outgoing).then(value).alias("money_out"),
    )
    quality = parsed.quality
    if "direction" in has:
        quality = pl.concat([quality, _unknown_directions(parsed, marked)])
    columns = has | {
        "money_in": (letter, f"{header}→收入金额"),
        "money_out": (letter, f"{header}→支出金额"),
    }
    return replace(parsed, accepted=shaped.drop("side"), quality=quality, columns=columns)


def _is_signed_twice(marked: pl.DataFrame) -> bool:
    """Whether every outgoing amount is negative and every incoming one is not."""
    out = marked.filter(pl.col("side") == -1)["amount"]
    into = marked.filter(pl.col("side") == 1)["amount"]
    return bool(len(out) and (out <= 0).all() and (out < 0).any() and (into >= 0).all())


def _unknown_directions(parsed: ParsedSheet, marked: pl.DataFrame) -> pl.DataFrame:
    letter, header = parsed.columns["direction"]
    text = Text(
        "看不懂的收支方向，未计入收入或支出；可用：借、贷、收、支、+、-",
        "unknown direction, counted neither as in nor as out; use 借, 贷, 收, 支, Dr, Cr, +, -",
    )
    rows = marked.filter(pl.col("side").is_null() & (pl.col("amount") != 0)).select(
        "row_no",
        pl.lit(letter, dtype=pl.String).alias("column_letter"),
        pl.lit(header).alias("header"),
        pl.col("direction").alias("value"),
        pl.lit(text.zh).alias("reason"),
        pl.lit(text.en).alias("reason_en"),
        pl.lit("text").alias("kind"),
    )
    return placed(rows, parsed.sheet, "bank_txn", "direction_unknown")


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


def _published(parsed: ParsedSheet, frame: pl.DataFrame) -> ParsedSheet:
    """Keep the text of a published rate: its decimals are part of what was published."""
    letter = parsed.columns["value"][0]
    if letter is None:
        return replace(parsed, accepted=frame.with_columns(value_text=pl.lit(None, pl.String)))
    texts = parsed.sheet.cells.select("row_no", pl.col(letter).alias("value_text"))
    joined = frame.join(texts, on="row_no", how="left", maintain_order="left")
    return replace(parsed, accepted=joined.with_columns(pl.col("value_text").str.strip_chars()))
