"""Five rules as a pandas script: money as whole fen in integers, joins by merge, evidence rows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.rivals.clock import contend

if TYPE_CHECKING:
    from pathlib import Path

_PERIOD = ["payer_uscc", "period_from", "period_to"]
_SAME = ["payer_uscc", "item", "period_from", "period_to"]


def read_fen(folder: Path, table: str, columns: list[str]) -> pd.DataFrame:
    """Return a table with its money in fen and its days as timestamps."""
    files = sorted((folder / "parquet").glob(f"{table}-*.parquet"))
    rows = pa.concat_tables([pq.read_table(file, columns=columns) for file in files])
    for place, field in enumerate(rows.schema):
        if pa.types.is_decimal(field.type):
            fen = pc.cast(pc.multiply(rows[field.name], pa.scalar(100)), pa.int64())
            rows = rows.set_column(place, field.name, fen)
        elif pa.types.is_date(field.type):
            rows = rows.set_column(place, field.name, pc.cast(rows[field.name], pa.timestamp("ms")))
    frame = rows.to_pandas()
    frame["row_id"] = range(1, len(frame) + 1)
    return frame


def _part(fen: pd.Series, hundredths: int) -> pd.Series:
    """Return a share of money, rounded half up to the fen."""
    return (fen * hundredths + 50) // 100


def _tables(folder: Path) -> dict[str, pd.DataFrame]:
    fee = [*_SAME, "voucher_no", "paid", "treasury_on"]
    return {
        "fee": read_fen(folder, "tax_collection", fee),
        "payroll": read_fen(folder, "payroll", ["payer_uscc", "month", "wages"]),
        "settlement": read_fen(
            folder, "settlement", ["voucher_no", "payer_uscc", "gross", "to_basic"]
        ),
        "transfer": read_fen(
            folder, "fund_transfer", ["kind", "policy", "payer_uscc", "period_from", "amount"]
        ),
        "union": read_fen(folder, "union_org", ["payer_uscc", "founded_on", "account_opened_on"]),
        "applied": read_fen(
            folder, "refund_application", ["payer_uscc", "policy", "year", "outcome"]
        ),
    }


def run(folder: Path, out: Path) -> dict[str, Any]:
    """Find the exceptions of five rules and write them with their source rows."""
    tables = _tables(folder)
    rows = sum(len(frame) for frame in tables.values())
    fee = tables["fee"].drop_duplicates([*_SAME, "voucher_no", "paid"])
    fee = fee.sort_values(["treasury_on", "row_id"])
    fee["copy_no"] = fee.groupby([*_SAME, "paid"]).cumcount() + 1
    single = fee[fee.copy_no == 1]
    paid = single.groupby(_PERIOD, as_index=False).paid.sum()
    payroll = tables["payroll"]
    payroll["month"] = pd.to_datetime(payroll.month + "-01", format="%Y-%m-%d")
    wages = payroll.drop_duplicates(["payer_uscc", "month", "wages"])
    wages = wages.groupby(["payer_uscc", "month"], as_index=False).wages.sum()
    wages["due"] = _part(wages.wages, 2)
    found = [
        _unpaid(tables["union"], paid, wages),
        _underpaid(paid, wages),
        _not_passed_back(single, tables),
        _paid_twice(fee, wages),
        _not_refunded(single, tables),
    ]
    listed = pd.concat(found, ignore_index=True)
    listed["evidence"] = _evidence(listed, tables)
    listed = listed.sort_values(["rule", "party_id", "period"])
    pq.write_table(as_money(listed), out)
    return {"rows": rows}


def _listed(rule: str, rows: pd.DataFrame, amount: pd.Series, period: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {"rule": rule, "party_id": rows.payer_uscc, "period": period, "amount": amount}
    )


def _unpaid(union: pd.DataFrame, paid: pd.DataFrame, wages: pd.DataFrame) -> pd.DataFrame:
    months = pd.DataFrame({"month": paid.period_from.unique()})
    liable = union[["payer_uscc", "founded_on"]].drop_duplicates().merge(months, how="cross")
    liable = liable[liable.founded_on <= liable.month].merge(wages, on=["payer_uscc", "month"])
    known = paid[paid.paid > 0].rename(columns={"period_from": "month"})
    liable = liable.merge(
        known[["payer_uscc", "month"]], on=["payer_uscc", "month"], how="left", indicator=True
    )
    missing = liable[liable._merge == "left_only"]  # noqa: SLF001 - the column's name in pandas
    return _listed("REM-01", missing, missing.due, missing.month.dt.strftime("%Y-%m"))


def _underpaid(paid: pd.DataFrame, wages: pd.DataFrame) -> pd.DataFrame:
    both = paid.merge(
        wages, left_on=["payer_uscc", "period_from"], right_on=["payer_uscc", "month"]
    )
    short = both[both.due - both.paid > 1]
    return _listed("REM-02", short, short.due - short.paid, short.period_from.dt.strftime("%Y-%m"))


def _not_passed_back(single: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    fee = single[(single.item == "工会经费") & single.payer_uscc.isin(tables["union"].payer_uscc)]
    lines = tables["settlement"].rename(columns={"gross": "paid"})
    fee = fee.merge(lines, on=["voucher_no", "payer_uscc", "paid"], how="left")
    fee["basic"] = fee.to_basic.fillna(_part(fee.paid, 60)).astype("int64")
    due = fee.groupby(_PERIOD, as_index=False).basic.sum()
    transfer = tables["transfer"]
    back = transfer[transfer.kind == "基层回拨"]
    back = back.groupby(["payer_uscc", "period_from"], as_index=False).amount.sum()
    both = due.merge(back, on=["payer_uscc", "period_from"], how="left")
    both["short"] = both.basic - both.amount.fillna(0).astype("int64")
    short = both[both.short > 1]
    return _listed("REM-06", short, short.short, short.period_from.dt.strftime("%Y-%m"))


def _paid_twice(fee: pd.DataFrame, wages: pd.DataFrame) -> pd.DataFrame:
    fee = fee.assign(extra=fee.paid.where(fee.copy_no > 1, 0))
    twice = fee.groupby([*_SAME, "paid"], as_index=False).agg(
        together=("paid", "sum"), extra=("extra", "sum")
    )
    twice = twice[twice.extra > 0].merge(
        wages, left_on=["payer_uscc", "period_from"], right_on=["payer_uscc", "month"]
    )
    over = (twice.together - twice.due).clip(upper=twice.extra)
    twice, over = twice[over > 1], over[over > 1]
    return _listed("REM-10", twice, over, twice.period_from.dt.strftime("%Y-%m"))


def _not_refunded(single: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    fee = single[(single.item == "工会经费") & (single.treasury_on.dt.year == 2024)]
    upper = fee.assign(due=_part(fee.paid, 40)).groupby("payer_uscc", as_index=False).due.sum()
    transfer, applied, union = tables["transfer"], tables["applied"], tables["union"]
    refund = transfer[
        (transfer.kind == "小微返还")
        & (transfer.policy == "small-2023-2024")
        & (transfer.period_from.dt.year == 2024)
    ]
    refund = refund.groupby("payer_uscc", as_index=False).amount.sum()
    granted = applied[
        (applied.policy == "small-2023-2024") & (applied.year == 2024) & (applied.outcome == "通过")
    ]
    with_account = union[union.account_opened_on <= "2025-06-30"]
    upper = upper[
        (upper.due < 1_000_000)
        & upper.payer_uscc.isin(granted.payer_uscc)
        & upper.payer_uscc.isin(with_account.payer_uscc)
    ].merge(refund, on="payer_uscc", how="left")
    upper["open"] = upper.due - upper.amount.fillna(0).astype("int64")
    upper = upper[upper.open > 1]
    return _listed("SME-01", upper, upper.open, pd.Series("2024", index=upper.index))


def _evidence(listed: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.Series:
    """Return the source rows of each exception: those of its payer in its period."""
    keys = listed[["party_id", "period"]].reset_index()
    fee = tables["fee"].assign(day=tables["fee"].period_from)
    places = []
    for name, frame in {
        "fee": fee,
        "payroll": tables["payroll"].assign(day=lambda f: f.month),
    }.items():
        rows = frame[frame.payer_uscc.isin(keys.party_id)]
        both = keys.merge(rows, left_on="party_id", right_on="payer_uscc")
        month = both.day.dt.strftime("%Y-%m")
        both = both[(month == both.period) | (month.str[:4] == both.period)]
        places.append(both.assign(place=name + "#" + both.row_id.astype(str))[["index", "place"]])
    return pd.concat(places).groupby("index").place.agg(list)


def as_money(listed: pd.DataFrame) -> pa.Table:
    """Return the list as Arrow, its amounts as decimals again."""
    yuan = [Decimal(int(fen)).scaleb(-2) for fen in listed.amount]
    table = pa.Table.from_pandas(listed.drop(columns="amount"), preserve_index=False)
    return table.append_column("amount", pa.array(yuan, pa.decimal128(18, 2)))


if __name__ == "__main__":
    contend(run)
