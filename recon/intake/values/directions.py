"""Words of direction in bank statements, and the amounts that each direction has.

Not here: headers that name a side (`recon.intake.layout.sides`), what a balance proves where no
word says it (`recon.intake.sheets.bank`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recon.tables.base import TableSpec

_IN = (
    "贷方 贷记 贷项 贷 收入 收款 收方 收到 收 存入 存款 存 转入 转进 进账 进帐 进 来账 来帐 "
    "入账 入帐 入金 入 汇入 流入 增加 增 来 CREDIT CR C IN"
)
_OUT = (
    "借方 借记 借项 借 付款 付方 付出 付 支出 支取 支付 支 取出 取款 取 转出 转支 出账 出帐 "
    "出金 出 往账 往帐 汇出 流出 减少 减 往 DEBIT DR D OUT"
)
#: On a bank's own statement 贷 is money in. A cell is one word or several of the same side: 贷 Cr.
_MONEY_IN = rf"^(?:[+]|(?:{'|'.join(_IN.split())})+[+]?|[+](?:{'|'.join(_IN.split())})+)$"
_MONEY_OUT = rf"^(?:[-−—–]|(?:{'|'.join(_OUT.split())})+[-−]?|[-−](?:{'|'.join(_OUT.split())})+)$"
#: How money moved, before the word that says which way: 转账支出, 现金存入.
_HOW_PAID = r"^(?:转账|转帐|现金|网银|行内|跨行|汇款)(.+)$"
_BARE_SIGN = r"^[-−—–+]$"


def sides_of(values: Mapping[str, pl.Series], table: TableSpec) -> dict[str, pl.Series]:
    """Return the amounts of each direction, which footers total apart.

    Args:
        values: Parsed columns of a sheet, all rows.
        table: Its table.

    Returns:
        money_in and money_out where one amount and its direction stand for them; else nothing.
    """
    if table.layout != "statement" or values["direction"].null_count() == len(values["direction"]):
        return {}
    if any(values[name].null_count() < len(values[name]) for name in ("money_in", "money_out")):
        return {}
    both = pl.DataFrame({"amount": values["amount"].abs(), "direction": values["direction"]})
    sides = both.select(
        pl.when(side() == 1).then("amount").alias("money_in"),
        pl.when(side() == -1).then("amount").alias("money_out"),
    )
    return {name: sides[name] for name in sides.columns}


def are_directions(cells: pl.Series) -> bool:
    """Whether nearly all filled cells of a column are words of direction, signs alone apart.

    Args:
        cells: Filled texts.
    """
    words = cells.to_frame("direction").select(side().alias("side"), _folded().alias("word"))
    known = words["side"].is_not_null()
    return bool(known.mean() >= 0.9) and not words["word"].str.contains(_BARE_SIGN).all()  # type: ignore[operator]


def are_of_both_sides(cells: pl.Series) -> bool:
    """Whether words of both directions stand in a column.

    Args:
        cells: Filled texts.
    """
    return cells.to_frame("direction").select(side()).to_series().drop_nulls().n_unique() > 1


def side() -> pl.Expr:
    """Return 1 for money in, -1 for money out and null for a word that is neither."""
    return (
        pl.when(_folded().str.contains(_MONEY_IN))
        .then(pl.lit(1))
        .when(_folded().str.contains(_MONEY_OUT))
        .then(pl.lit(-1))
    )


def _folded() -> pl.Expr:
    word = pl.col("direction").str.normalize("NFKC").str.to_uppercase()
    bare = word.str.replace_all(r"[\s.:`'、,/|_()\[\]]|标志$", "")
    return bare.str.replace(_HOW_PAID, "$1")
