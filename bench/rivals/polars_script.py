"""Five rules as a polars script: lazy scans of Parquet, decimals, evidence rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from bench.rivals.clock import contend

if TYPE_CHECKING:
    from pathlib import Path

_PERIOD = ["payer_uscc", "period_from", "period_to"]
_SAME = ["payer_uscc", "item", "period_from", "period_to"]
_MONEY = pl.Decimal(18, 2)


def _scan(folder: Path, table: str) -> pl.LazyFrame:
    """Return a table with its money in fen."""
    rows = pl.scan_parquet(folder / "parquet" / f"{table}-*.parquet", row_index_name="row_id")
    money = [name for name, kind in rows.collect_schema().items() if kind == _MONEY]
    return rows.with_columns((pl.col(money) * 100).cast(pl.Int64))


def _part(fen: pl.Expr, hundredths: int) -> pl.Expr:
    """Return a share of money, rounded half up to the fen."""
    return (fen * hundredths + 50) // 100


def _listed(rule: str, rows: pl.LazyFrame, amount: str, period: pl.Expr) -> pl.LazyFrame:
    return rows.select(
        pl.lit(rule).alias("rule"),
        pl.col("payer_uscc").alias("party_id"),
        period.alias("period"),
        pl.col(amount).alias("amount"),
    )


_MONTH = pl.col("period_from").dt.strftime("%Y-%m")


def run(folder: Path, out: Path) -> dict[str, Any]:
    """Find the exceptions of five rules and write them with their source rows."""
    source = {
        name: _scan(folder, name)
        for name in (
            "tax_collection",
            "payroll",
            "settlement",
            "fund_transfer",
            "union_org",
            "refund_application",
        )
    }
    fee = (
        source["tax_collection"]
        .unique([*_SAME, "voucher_no", "paid"], keep="first")
        .with_columns(
            pl.struct("treasury_on", "row_id").rank("ordinal").over(*_SAME, "paid").alias("copy_no")
        )
        .collect()
        .lazy()
    )
    single = fee.filter(pl.col("copy_no") == 1)
    paid = single.group_by(_PERIOD).agg(pl.col("paid").sum()).collect().lazy()
    payroll = source["payroll"].with_columns((pl.col("month") + "-01").str.to_date().alias("day"))
    wages = (
        payroll.unique(["payer_uscc", "day", "wages"])
        .group_by("payer_uscc", pl.col("day").alias("period_from"))
        .agg(_part(pl.col("wages").sum(), 2).alias("due"))
        .collect()
        .lazy()
    )
    found = pl.concat(
        pl.collect_all(
            [
                _unpaid(source, paid, wages),
                _underpaid(paid, wages),
                _not_passed_back(source, single),
                _paid_twice(fee, wages),
                _not_refunded(source, single),
            ]
        )
    )
    listed = found.with_columns((pl.col("amount").cast(pl.Decimal(20, 2)) / 100).cast(_MONEY)).join(
        _evidence(found, source), on=["rule", "party_id", "period"], how="left"
    )
    listed.sort("rule", "party_id", "period").write_parquet(out)
    counts = pl.collect_all([frame.select(pl.len()) for frame in source.values()])
    return {"rows": sum(count.item() for count in counts)}


def _unpaid(
    source: dict[str, pl.LazyFrame], paid: pl.LazyFrame, wages: pl.LazyFrame
) -> pl.LazyFrame:
    months = paid.select("period_from").unique()
    liable = source["union_org"].select("payer_uscc", "founded_on").unique()
    missing = (
        liable.join(months, how="cross")
        .filter(pl.col("founded_on") <= pl.col("period_from"))
        .join(wages, on=["payer_uscc", "period_from"])
        .join(paid.filter(pl.col("paid") > 0), on=["payer_uscc", "period_from"], how="anti")
    )
    return _listed("REM-01", missing, "due", _MONTH)


def _underpaid(paid: pl.LazyFrame, wages: pl.LazyFrame) -> pl.LazyFrame:
    both = paid.join(wages, on=["payer_uscc", "period_from"])
    short = both.with_columns(pl.col("due") - pl.col("paid")).filter(pl.col("due") > 1)
    return _listed("REM-02", short, "due", _MONTH)


def _not_passed_back(source: dict[str, pl.LazyFrame], single: pl.LazyFrame) -> pl.LazyFrame:
    lines = source["settlement"].select(
        "voucher_no", "payer_uscc", pl.col("gross").alias("paid"), "to_basic"
    )
    due = (
        single.filter(pl.col("item") == "工会经费")
        .join(source["union_org"], on="payer_uscc", how="semi")
        .join(lines, on=["voucher_no", "payer_uscc", "paid"], how="left")
        .group_by(_PERIOD)
        .agg(pl.col("to_basic").fill_null(_part(pl.col("paid"), 60)).sum().alias("basic"))
    )
    back = (
        source["fund_transfer"]
        .filter(pl.col("kind") == "基层回拨")
        .group_by("payer_uscc", "period_from")
        .agg(pl.col("amount").sum())
    )
    short = (
        due.join(back, on=["payer_uscc", "period_from"], how="left")
        .with_columns(pl.col("basic") - pl.col("amount").fill_null(0))
        .filter(pl.col("basic") > 1)
    )
    return _listed("REM-06", short, "basic", _MONTH)


def _paid_twice(fee: pl.LazyFrame, wages: pl.LazyFrame) -> pl.LazyFrame:
    twice = (
        fee.group_by(*_SAME, pl.col("paid").alias("one"))
        .agg(
            pl.col("paid").sum(),
            pl.col("paid").filter(pl.col("copy_no") > 1).sum().alias("extra"),
        )
        .filter(pl.col("extra") > 0)
        .join(wages, on=["payer_uscc", "period_from"])
        .with_columns(pl.min_horizontal("extra", pl.col("paid") - pl.col("due")).alias("over"))
        .filter(pl.col("over") > 1)
    )
    return _listed("REM-10", twice, "over", _MONTH)


def _not_refunded(source: dict[str, pl.LazyFrame], single: pl.LazyFrame) -> pl.LazyFrame:
    refund = (
        source["fund_transfer"]
        .filter(
            pl.col("kind") == "小微返还",
            pl.col("policy") == "small-2023-2024",
            pl.col("period_from").dt.year() == 2024,
        )
        .group_by("payer_uscc")
        .agg(pl.col("amount").sum())
    )
    granted = source["refund_application"].filter(
        pl.col("policy") == "small-2023-2024", pl.col("year") == 2024, pl.col("outcome") == "通过"
    )
    with_account = source["union_org"].filter(pl.col("account_opened_on") <= date(2025, 6, 30))
    upper = (
        single.filter(pl.col("item") == "工会经费", pl.col("treasury_on").dt.year() == 2024)
        .group_by("payer_uscc")
        .agg(_part(pl.col("paid"), 40).sum().alias("due"))
        .filter(pl.col("due") < 1_000_000)
        .join(granted, on="payer_uscc", how="semi")
        .join(with_account, on="payer_uscc", how="semi")
        .join(refund, on="payer_uscc", how="left")
        .with_columns(pl.col("due") - pl.col("amount").fill_null(0))
        .filter(pl.col("due") > 1)
    )
    return _listed("SME-01", upper, "due", pl.lit("2024"))


def _evidence(found: pl.DataFrame, source: dict[str, pl.LazyFrame]) -> pl.DataFrame:
    """Return the source rows of each exception: those of its payer in its period."""
    keys = found.lazy().select("rule", "party_id", "period")
    days = {
        "tax_collection": pl.col("period_from").dt.strftime("%Y-%m"),
        "payroll": pl.col("month"),
    }
    places = [
        keys.join(
            source[name].select("payer_uscc", "row_id", day.alias("month")),
            left_on="party_id",
            right_on="payer_uscc",
        )
        .filter(
            (pl.col("month") == pl.col("period"))
            | (pl.col("month").str.slice(0, 4) == pl.col("period"))
        )
        .select("rule", "party_id", "period", pl.format(f"{name}#{{}}", "row_id").alias("evidence"))
        for name, day in days.items()
    ]
    return pl.concat(places).group_by("rule", "party_id", "period").agg("evidence").collect()


if __name__ == "__main__":
    contend(run)
