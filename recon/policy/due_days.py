"""Due days of fee periods: the day of the month, rolled over the holidays.

Not here: the calendar itself (`calendars`) and grace days (SQL of the rules).
"""

from __future__ import annotations

import polars as pl

from recon.policy.calendars import FIRST_DAY

_LONG_HOLIDAY = 3


def ref_fee_due(by_day: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Return the due day of a fee period that ends in each month.

    The parameters' values are those of the first day of the month after. `next` moves a due day
    that is no workday to the next one. `extend3` first adds the length of each public holiday of
    three days or more that begins between the first of that month and the due day (of one that
    began before, the days in the month).

    Shape: month Date (first day of the period's last month), due_on Date, is_known Boolean (false:
    the year's holidays are unknown and could move the day). Ordered by month.

    Args:
        by_day: See `ref_policy_day`; its columns fee_due_day and fee_holiday_roll are used.
        days: See `ref_day`.
    """
    first = pl.col("day")
    last_in_month = first.dt.month_end().dt.day()
    due_no = pl.min_horizontal(pl.col("fee_due_day"), last_in_month)
    months = (
        by_day.filter(first.dt.day() == 1, first >= FIRST_DAY)
        .select(
            first.alias("first"),
            pl.col("fee_holiday_roll").alias("roll"),
            (first + pl.duration(days=due_no - 1)).alias("plain"),
        )
        .join(_long_holidays(days), on="first", how="left", maintain_order="left")
    )
    starts, lengths = pl.col("starts"), pl.col("lengths")
    longer = (
        months.explode("starts", "lengths", empty_as_null=True, keep_nulls=True)
        .group_by("first", maintain_order=True)
        .agg(
            pl.col("roll", "plain").first(),
            lengths.filter(starts <= pl.col("plain")).sum().alias("extra"),
        )
    )
    raw = pl.when(pl.col("roll") == "extend3").then(pl.col("extra")).otherwise(0)
    rolled = (pl.col("roll") != "none").fill_null(value=False)
    return (
        longer.with_columns((pl.col("plain") + pl.duration(days=raw)).alias("raw"))
        .join(
            days.select("day", "next_workday", "is_known"),
            left_on="raw",
            right_on="day",
            how="inner",
            maintain_order="left",
        )
        .join(
            days.select("day", pl.col("is_known").alias("is_end_known")),
            left_on="next_workday",
            right_on="day",
            how="inner",
            maintain_order="left",
        )
        .select(
            pl.col("first").dt.offset_by("-1mo").alias("month"),
            pl.when(rolled).then("next_workday").otherwise("raw").alias("due_on"),
            (~rolled | (pl.col("is_known") & pl.col("is_end_known"))).alias("is_known"),
        )
    )


def _long_holidays(days: pl.DataFrame) -> pl.DataFrame:
    """Return, per month that has any, where its long public holidays begin and how long they are.

    Shape: first Date (of the month), starts list[Date], lengths list[Int64].
    """
    day = pl.col("day")
    runs = (
        days.with_columns(run=pl.col("is_holiday").rle_id(), first=day.dt.month_start())
        .filter("is_holiday")
        .with_columns(run_end=day.max().over("run"))
        .group_by("first", "run", maintain_order=True)
        .agg(day.min().alias("starts"), pl.col("run_end").first())
        .with_columns(
            lengths=(pl.col("run_end") - pl.col("starts")).dt.total_days().cast(pl.Int64) + 1
        )
        .filter(pl.col("lengths") >= _LONG_HOLIDAY)
    )
    return runs.group_by("first", maintain_order=True).agg("starts", "lengths")
