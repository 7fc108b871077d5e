"""Published tables that ship as data: charts of accounts, size classes, industries, ages.

Here: the frames. Not here: which class a payer has (SQL) and any value that a place may change
(see `parameters`).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from recon.base import resources
from recon.base.errors import ConfigError
from recon.base.shapes import Shape, below, checked
from recon.base.yamlio import load_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from recon.base.models import Text

#: No chart before that of 2009 is known here: it is read for older books too.
_FIRST_DAY = date(1900, 1, 1)
_OPEN_END = date(9999, 12, 31)
_FIRST_BIRTH = date(1920, 1, 1)
_LAST_BIRTH = date(2025, 12, 1)


class _Age(Shape):
    sex: str
    post_type: str
    from_months: int
    to_months: int
    first_birth_month: date
    per_months: int


class _Ages(Shape):
    reference: dict[str, str]
    ages: list[_Age]
    verified_by: str | None = None
    verified_on: date | None = None


def _path(name: str) -> Path:
    return resources.shipped("rules") / "reference" / name


@cache
def ref_account() -> pl.DataFrame:
    """Return the accounts of each chart that was or is in force.

    Shape: code String (three digits, and two for each level below); top_code String; title String
    (the account's own name); short String (how its names begin in the field); kind String (cash |
    bank | quota | receivable | upper_income | asset | payable | fund | income | expense); ages
    Boolean (a current account that is aged); holds_prep Boolean (the preparation fund of lower
    unions stands in it); starts_on, ends_on Date (exclusive).
    Source: 财会〔2009〕7号, 财会〔2021〕7号; rules/reference/accounts.csv.
    """
    yes = "yes"
    first = pl.col("from") == pl.col("from").min()
    return (
        pl.read_csv(_path("accounts.csv"), infer_schema=False)
        .with_columns(pl.col("from", "to").str.to_date())
        .select(
            "code",
            pl.col("code").str.head(3).alias("top_code"),
            pl.col("name").str.split("/").list.last().alias("title"),
            "short",
            "kind",
            pl.col("ages").eq_missing(yes).alias("ages"),
            pl.col("holds_prep").eq_missing(yes).alias("holds_prep"),
            pl.when(first).then(_FIRST_DAY).otherwise("from").alias("starts_on"),
            (pl.col("to") + pl.duration(days=1)).fill_null(_OPEN_END).alias("ends_on"),
        )
    )


@cache
def ref_account_change() -> pl.DataFrame:
    """Return where the balances of a chart's accounts went when the next came into force.

    Shape: changed_on Date; old_code, part String (what of it, else empty), new_code String.
    Source: 财会〔2021〕16号 二; rules/reference/account_changes.csv.
    """
    return pl.read_csv(_path("account_changes.csv"), infer_schema=False).select(
        pl.col("on").str.to_date().alias("changed_on"),
        "old_code",
        pl.col("part").fill_null(""),
        "new_code",
    )


@cache
def ref_size_class() -> pl.DataFrame:
    """Return the lower bounds of the size classes.

    A payer is large, medium or small when every metric of its row reaches that class's bound, else
    one class lower; micro when any metric is below the small bound.

    Shape: row_no Int64 (1..16); industry, metric String (headcount | revenue_wan | assets_wan);
    small_from, medium_from, large_from Decimal(18,6). One row per row_no and metric.
    Units: persons; 10 000 yuan.
    Source: 工信部联企业〔2011〕300号, 国统字〔2017〕213号; rules/reference/size_classes.csv.
    """
    bound = pl.Decimal(18, 6)
    return pl.read_csv(
        _path("size_classes.csv"),
        schema_overrides={
            "row_no": pl.Int64,
            "small_from": bound,
            "medium_from": bound,
            "large_from": bound,
        },
    ).drop("industry_en")


@cache
def _industries() -> pl.DataFrame:
    return pl.read_csv(
        _path("industries.csv"), schema_overrides={"key": pl.String, "size_row": pl.Int64}
    )


def ref_industry() -> pl.DataFrame:
    """Return GB/T 4754-2017 codes to rows of the size table.

    Shape: code_prefix String (a section letter, or the first 2 or 3 digits; the longest that fits
    wins); size_row Int64, null where the industry has no size class by this table.
    Source: 国统字〔2017〕213号; rules/reference/industries.csv.
    """
    return (
        _industries()
        .filter(pl.col("kind") == "code")
        .select(pl.col("key").alias("code_prefix"), "size_row")
    )


def ref_industry_name() -> pl.DataFrame:
    """Return names of industries to rows of the size table.

    Shape: industry_name String, size_row Int64.
    Source: rules/reference/industries.csv.
    """
    return (
        _industries()
        .filter(pl.col("kind") == "name")
        .select(pl.col("key").alias("industry_name"), "size_row")
    )


@cache
def sources() -> dict[str, tuple[str, str]]:
    """Return the sources that policy files name, by id: title, and addresses divided by a space.

    Source: rules/reference/sources.csv.
    """
    frame = pl.read_csv(_path("sources.csv"), infer_schema=False)
    return {source: (title, href or "") for source, title, href in frame.iter_rows()}


@cache
def ref_retirement() -> pl.DataFrame:
    """Return the statutory retirement age by sex, post and month of birth.

    Shape: sex String (男 | 女), post_type String (工人 | 干部), birth_month Date (first day),
    age_months Int64, is_verified Boolean. One row per sex, post and month from 1920 to 2025.
    Source: rules/reference/retirement_ages.yaml.

    Raises:
        ConfigError: The file has another shape.
    """
    path = _path("retirement_ages.yaml")
    faults: list[Text] = []
    table = checked(_Ages, load_yaml(path), below(path), faults)
    if table is None:
        raise ConfigError(faults)
    month = pl.col("birth_month")
    born = pl.date_range(_FIRST_BIRTH, _LAST_BIRTH, "1mo", eager=True).alias("birth_month")
    frames = [
        born.to_frame().select(
            pl.lit(age.sex).alias("sex"),
            pl.lit(age.post_type).alias("post_type"),
            month,
            (pl.lit(age.from_months, pl.Int64) + _raise_months(month, age)).alias("age_months"),
            pl.lit(table.verified_on is not None).alias("is_verified"),
        )
        for age in table.ages
    ]
    return pl.concat(frames)


def _raise_months(month: pl.Expr, age: _Age) -> pl.Expr:
    """Return the months of delay: one more for each begun group of birth months."""
    first = age.first_birth_month
    born_after = (month.dt.year().cast(pl.Int64) - first.year) * 12 + (
        month.dt.month().cast(pl.Int64) - first.month
    )
    return (born_after // age.per_months + 1).clip(0, age.to_months - age.from_months)
