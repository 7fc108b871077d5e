"""The one place that sorts exceptions into categories that add up; every output prints from it.

Here: which category an exception is in, what a reviewer found of it, and both summed by direction.
Not here: any output (terminal, workbook, page, report, register and letters all call this).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import DEFINITE_DIRECTIONS, Text
from recon.base.texts import DIRECTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recon.base.models import Lang

#: Every exception is in exactly one; in the order in which they are printed.
CATEGORIES: dict[str, Text] = {
    "counted": Text("计入合计", "counted"),
    "lead": Text("待核实", "leads"),
    "lapsed": Text("逾期未享受", "lapsed"),
    "without_amount": Text("无金额", "without an amount"),
    "linked": Text("关联（已在别条计入）", "linked (same money as another)"),
}
#: Verdicts of a finding: the whole amount, and a part of it.
CONFIRMING = ("成立", "部分成立")
ZERO = Decimal("0.00")
_MONEY = pl.Decimal(18, 2)
_SUM = pl.Decimal(38, 2)
_REVIEW: dict[str, pl.DataType] = {
    "verdict": pl.String(),
    "confirmed_amount": _MONEY,
    "recovered": _MONEY,
}


_OPPOSITE = Text(
    "；同一笔款上另有反方向的例外（{}），分别处理，不得相互抵减",
    "; the same payment also has an exception the other way ({}), neither is set off",
)


def opposite() -> pl.Expr:
    """Express the ids of the exceptions that claim the other way on a payment; reads detail."""
    ids = pl.col("detail").str.json_path_match("$.opposite").str.replace_all(r'[\[\]"]', "")
    return ids.str.split(",")


def fact(message: str, told: pl.Expr | None = None) -> pl.Expr:
    """Express what an exception says, and which others claim the other way on its payment.

    Args:
        message: "message" or "message_en".
        told: The ids, a list, that the reader may be told of; by default all, from detail.
    """
    said = _OPPOSITE.en if message == "message_en" else _OPPOSITE.zh
    head, tail = said.split("{}")
    others = opposite() if told is None else told
    joined = pl.when(others.list.len() > 0).then(others.list.join("、"))
    listed = pl.concat_str(pl.lit(head), joined, pl.lit(tail))
    return pl.concat_str(message, listed.fill_null("")).alias(message)


def category() -> pl.Expr:
    """Express the category of an exception: the first that fits, from linked to counted.

    Reads linked_to, direction and amount. A direction that is none of the definite ones and has an
    amount is a lead.
    """
    return (
        pl.when(pl.col("linked_to").is_not_null())
        .then(pl.lit("linked"))
        .when(pl.col("direction") == "lapsed")
        .then(pl.lit("lapsed"))
        .when(pl.col("amount").is_null())
        .then(pl.lit("without_amount"))
        .when(~pl.col("direction").is_in(DEFINITE_DIRECTIONS))
        .then(pl.lit("lead"))
        .otherwise(pl.lit("counted"))
        .alias("category")
    )


def once(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out what is the same money as another exception: it is in no count and no sum."""
    return rows.filter(pl.col("linked_to").is_null())


def found_amount() -> pl.Expr:
    """Express what a reviewer found of an exception.

    Reads verdict, confirmed_amount and amount. 成立 without 认定金额 is the full amount, 部分成立
    is what was typed, everything else is nothing (null). Units: yuan.
    """
    verdict, (whole, part) = pl.col("verdict"), CONFIRMING
    return (
        pl.when(verdict == whole)
        .then(pl.coalesce("confirmed_amount", "amount"))
        .when(verdict == part)
        .then(pl.col("confirmed_amount"))
        .otherwise(None)
        .alias("found")
    )


def split(rows: pl.DataFrame, by: Sequence[str] = ("direction",)) -> pl.DataFrame:
    """Sum exceptions by category and other columns.

    Args:
        rows: Exceptions; of verdict, confirmed_amount and recovered what is there.
        by: Columns to sum by beside the category.

    Returns:
        Shape: `by`, category, exceptions, amount, confirmed and unconfirmed (the amount by whether
        every parameter is confirmed), findings (成立, 部分成立), found and recovered of findings;
        sorted by `by` in order of directions, then categories. Each exception is in one row. What
        is linked has no found or recovered amount, as its primary has it. Units: yuan.
    """
    blank = [
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in _REVIEW.items()
        if name not in rows.columns
    ]
    is_once = pl.col("category") != "linked"
    is_finding = pl.col("verdict").is_in(CONFIRMING)
    sure = ~pl.col("unverified_policy").fill_null(value=True)
    summed = (
        rows.with_columns(blank)
        .with_columns(category(), found_amount())
        .group_by(*by, "category")
        .agg(
            pl.len().cast(pl.Int64).alias("exceptions"),
            _total(pl.col("amount")).alias("amount"),
            _total(pl.col("amount").filter(sure)).alias("confirmed"),
            _total(pl.col("amount").filter(~sure)).alias("unconfirmed"),
            is_finding.sum().cast(pl.Int64).alias("findings"),
            _total(pl.col("found").filter(is_once)).alias("found"),
            _total(pl.col("recovered").filter(is_once & is_finding)).alias("recovered"),
        )
    )
    orders = [_rank(name, DIRECTIONS) if name == "direction" else pl.col(name) for name in by]
    return summed.sort(*orders, _rank("category", CATEGORIES))


def _total(amounts: pl.Expr) -> pl.Expr:
    return amounts.cast(_SUM).sum().fill_null(ZERO)


def _rank(column: str, known: dict[str, Text]) -> pl.Expr:
    places = list(range(len(known)))
    return pl.col(column).replace_strict(
        list(known), places, default=len(known), return_dtype=pl.Int32
    )


def by_category(rows: pl.DataFrame) -> dict[str, int]:
    """Count exceptions by category, every category named, in printing order."""
    summed = split(rows, ())
    counts = dict(summed.select("category", "exceptions").iter_rows())
    return {name: counts.get(name, 0) for name in CATEGORIES}


def addition(rows: pl.DataFrame, lang: Lang) -> str:
    """Write the categories as a sum, e.g. 计入合计 64 + 待核实 41 = 例外 105."""
    terms = [
        f"{CATEGORIES[name].in_(lang)} {count:,}"
        for name, count in by_category(rows).items()
        if count
    ]
    whole = Text("例外", "exceptions").in_(lang)
    return " + ".join(terms or ["0"]) + f" = {whole} {rows.height:,}"
