"""Rows that the export itself calls void: cancelled vouchers, payments that failed.

Here: the columns that say so, which no table of the contract holds. Not here: other rows that are
no data (`skips`), reversals, which are data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.intake.layout.header import normalise_header

if TYPE_CHECKING:
    from recon.intake.layout.mapping import SheetMap

_CANCELLED = ["1", "是", "Y", "YES", "TRUE", "√", "作废", "已作废"]
_FAILED = ["失败", "交易失败", "处理失败", "作废", "已作废"]
_VOID_WORDS = {
    **dict.fromkeys(("作废标志", "作废", "是否作废", "凭证作废标志"), _CANCELLED),
    **dict.fromkeys(("交易状态", "状态", "处理状态", "凭证状态"), _FAILED),
}


def is_void(found: SheetMap) -> pl.Expr:
    """Return whether a row is a cancelled voucher or a payment that failed.

    Args:
        found: The sheet's table and its columns that are no contract column.
    """
    if found.table is None or not found.table.has_void:
        return pl.lit(value=False)
    tests = []
    for one in found.unmapped:
        words = _VOID_WORDS.get(normalise_header(one.header))
        if words is not None:
            bare = pl.col(one.letter).str.normalize("NFKC").str.strip_chars().str.to_uppercase()
            tests.append(bare.is_in(words).fill_null(value=False))
    return pl.any_horizontal(tests) if tests else pl.lit(value=False)
