"""REM-06 by datacompy: two sides, aggregated first, compared by payer and month.

datacompy compares two frames by key; what is due and what was passed back must be made into such
frames by the user first. The other four rules are no comparison of two sides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import datacompy
import pandas as pd
import pyarrow.parquet as pq

from bench.rivals.clock import contend
from bench.rivals.pandas_script import as_money, read_fen

if TYPE_CHECKING:
    from pathlib import Path

_KEY = ["payer_uscc", "period_from"]
_SAME = ["payer_uscc", "item", "period_from", "period_to", "paid"]


def run(folder: Path, out: Path) -> dict[str, Any]:
    """Compare the basic parts of the fee with what was passed back."""
    fee = read_fen(folder, "tax_collection", [*_SAME, "voucher_no", "treasury_on"])
    lines = read_fen(folder, "settlement", ["voucher_no", "payer_uscc", "gross", "to_basic"])
    back = read_fen(folder, "fund_transfer", ["kind", *_KEY, "amount"])
    union = read_fen(folder, "union_org", ["payer_uscc"])
    rows = sum(map(len, (fee, lines, back, union)))
    fee = fee[(fee.item == "工会经费") & fee.payer_uscc.isin(union.payer_uscc)]
    fee = fee.sort_values(["treasury_on", "row_id"]).drop_duplicates(_SAME)
    fee = fee.merge(
        lines,
        left_on=["voucher_no", "payer_uscc", "paid"],
        right_on=["voucher_no", "payer_uscc", "gross"],
    )
    due = fee.groupby(_KEY, as_index=False).to_basic.sum().rename(columns={"to_basic": "amount"})
    back = back[back.kind == "基层回拨"].groupby(_KEY, as_index=False).amount.sum()
    compared = datacompy.PandasCompare(due, back, join_columns=_KEY, abs_tol=1)
    alone = compared.df1_unq_rows
    unequal = compared.all_mismatch()
    less = pd.DataFrame(
        {
            "payer_uscc": unequal.payer_uscc,
            "period_from": unequal.period_from,
            "amount": unequal.amount_df1 - unequal.amount_df2 if len(unequal) else 0,
        }
    )
    short = pd.concat([alone[[*_KEY, "amount"]], less[less.amount > 1]], ignore_index=True)
    listed = pd.DataFrame(
        {
            "rule": "REM-06",
            "party_id": short.payer_uscc,
            "period": pd.to_datetime(short.period_from).dt.strftime("%Y-%m"),
            "amount": short.amount,
        }
    )
    pq.write_table(as_money(listed), out)
    return {"rows": rows}


if __name__ == "__main__":
    contend(run)
