"""Words of direction in bank statements, and the amounts that each direction has.

Not here: what a balance proves where no word says it (`recon.intake.sheets.bank`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recon.tables.base import TableSpec

#: On a bank's own statement 贷 is money in.
MONEY_IN = frozenset(
    "贷 贷方 收 收入 存入 转入 进 进账 来账 入 入账 汇入 CR C CREDIT + 收款".split()  # noqa: SIM905
)
MONEY_OUT = frozenset(
    "借 借方 支 付 支出 支取 转出 出 出账 往账 汇出 DR D DEBIT - − — – 付款".split()  # noqa: SIM905
)


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


def side() -> pl.Expr:
    """Return 1 for money in, -1 for money out and null for a word that is neither."""
    word = pl.col("direction").str.normalize("NFKC").str.to_uppercase().str.replace_all(r"\s", "")
    return (
        pl.when(word.is_in(list(MONEY_IN)))
        .then(pl.lit(1))
        .when(word.is_in(list(MONEY_OUT)))
        .then(pl.lit(-1))
    )
