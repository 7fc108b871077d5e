"""Published tables that ship as data: size classes, industries, retirement ages.

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
