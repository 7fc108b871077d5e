"""The reference frames of a run: policy by day, calendar, due days, the own unit, published tables.

Here: frames that SQL joins as `ref_<noun>`, all ordered and typed. Not here: where values come from
(`parameters`, `calendars`, `standards`, `refund_policies`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, cast

import polars as pl

from recon.policy.calendars import FIRST_DAY, calendar_of, ref_day
from recon.policy.due_days import ref_fee_due
from recon.policy.parameters import parameter_column
from recon.policy.refund_reference import refund_tables
from recon.policy.standards import (
    ref_account,
    ref_account_change,
    ref_industry,
    ref_industry_name,
    ref_retirement,
    ref_size_class,
)
from recon.tables.names import name_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recon.base.models import SelfUnit
    from recon.policy.calendars import Calendar
    from recon.policy.parameters import Policy, PolicyValue

YEARS_AHEAD = 3
_DTYPES: dict[str, pl.DataType] = {
    "money": pl.Decimal(18, 2),
    "rate": pl.Decimal(18, 6),
    "qty": pl.Decimal(18, 6),
    "int": pl.Int64(),
    "bool": pl.Boolean(),
    "enum": pl.String(),
}


def reference_tables(
    policy: Policy, self_unit: SelfUnit, as_of: date, workspace: Path | None = None
) -> dict[str, pl.DataFrame]:
    """Return every reference frame by its table name.

    Args:
        policy: The parameters and refund policies of the locale.
        self_unit: Whose books these are.
        as_of: The day to which deadlines are counted; frames by day reach to the end of the third
            year after it.
        workspace: Folder that may hold year files of the calendar.

    Returns:
        ref_policy_day, ref_policy_value, ref_policy_item, ref_day, ref_month, ref_fee_due,
        ref_self, ref_self_account, ref_self_receives, ref_account, ref_account_change,
        ref_size_class, ref_industry, ref_industry_name, ref_retirement, and the
        ref_refund_ frames of `refund_tables`.

    Raises:
        ConfigError: A year file is wrong.
    """
    last = date(as_of.year + YEARS_AHEAD, 12, 31)
    days = _days(calendar_of(workspace, policy.locale), last)
    by_day = ref_policy_day(policy, FIRST_DAY, last)
    return {
        "ref_policy_day": by_day,
        "ref_policy_value": ref_policy_value(policy),
        "ref_policy_item": ref_policy_item(policy),
        "ref_day": days,
        "ref_month": ref_month(FIRST_DAY, last),
        "ref_fee_due": ref_fee_due(by_day, days),
        **self_tables(self_unit),
        "ref_account": ref_account(),
        "ref_account_change": ref_account_change(),
        "ref_size_class": ref_size_class(),
        "ref_industry": ref_industry(),
        "ref_industry_name": ref_industry_name(),
        "ref_retirement": ref_retirement(),
        **refund_tables(policy, last),
    }


@cache
def _days(calendar: Calendar, last: date) -> pl.DataFrame:
    return ref_day(calendar, last)


def ref_policy_day(policy: Policy, first: date, last: date) -> pl.DataFrame:
    """Return the scalar parameters day by day.

    Shape: day Date, then one column per scalar parameter, named by `parameter_column` and ordered
    by name; null where no value is in force. Money Decimal(18,2), rate and qty Decimal(18,6), int
    Int64, bool Boolean, enum String. Ordered by day.
    Units: as each parameter declares.

    Args:
        policy: The parameters.
        first: First day.
        last: Last day.
    """
    columns = [
        _stepped(policy.values_of(name), _DTYPES[policy.parameter(name).type.kind]).alias(
            parameter_column(name)
        )
        for name in policy.parameters()
        if policy.parameter(name).type.is_scalar
    ]
    days = pl.date_range(first, last, eager=True).alias("day").to_frame()
    return days.select("day", *columns)


def _stepped(values: tuple[PolicyValue, ...], dtype: pl.DataType) -> pl.Expr:
    result = pl.lit(None, dtype=dtype)
    for value in values:
        holds = (pl.col("day") >= value.starts_on) & (pl.col("day") < value.ends_on)
        result = pl.when(holds).then(pl.lit(value.value, dtype=dtype)).otherwise(result)
    return result


def ref_policy_value(policy: Policy) -> pl.DataFrame:
    """Return every dated value of every parameter, for the policy evidence of exceptions.

    Shape: name String; starts_on, ends_on Date (exclusive, 9999-12-31 when open); value_text,
    type, unit, kind String; is_verified Boolean; reference String. Ordered by name and start.

    Args:
        policy: The parameters.
    """
    rows = [
        (
            value.name,
            value.starts_on,
            value.ends_on,
            value.text,
            policy.parameter(name).type.kind,
            value.unit,
            policy.parameter(name).kind,
            value.is_verified,
            value.reference.text,
        )
        for name in policy.parameters()
        for value in policy.values_of(name)
    ]
    schema = {
        "name": pl.String,
        "starts_on": pl.Date,
        "ends_on": pl.Date,
        "value_text": pl.String,
        "type": pl.String,
        "unit": pl.String,
        "kind": pl.String,
        "is_verified": pl.Boolean,
        "reference": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def ref_policy_item(policy: Policy) -> pl.DataFrame:
    """Return the items of list and map parameters.

    Shape: name String; starts_on, ends_on Date (exclusive); item_no Int64 (from 1); item_key String
    (of maps, else null); item_text String (of lists of texts, else null); item_number
    Decimal(18,6) (of maps and lists of numbers, else null). Ordered by name, start and number.
    """
    rows = [
        (value.name, value.starts_on, value.ends_on, number, *item)
        for name in policy.parameters()
        if not policy.parameter(name).type.is_scalar
        for value in policy.values_of(name)
        for number, item in enumerate(_items(value), start=1)
    ]
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "name": pl.String,
        "starts_on": pl.Date,
        "ends_on": pl.Date,
        "item_no": pl.Int64,
        "item_key": pl.String,
        "item_text": pl.String,
        "item_number": pl.Decimal(18, 6),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _items(value: PolicyValue) -> list[tuple[str | None, str | None, Decimal | None]]:
    held = cast("tuple[str | Decimal, ...] | Mapping[str, Decimal]", value.value)
    if isinstance(held, tuple):
        return [
            (None, None, item) if isinstance(item, Decimal) else (None, item, None) for item in held
        ]
    return [(key, None, number) for key, number in held.items()]


def ref_month(first: date, last: date) -> pl.DataFrame:
    """Return one row per month.

    Shape: month Date (first day), month_end Date, month_no Int64 (12 × year + month: months apart
    is a difference). Ordered by month.

    Args:
        first: A day of the first month.
        last: A day of the last month.
    """
    months = pl.date_range(first.replace(day=1), last, "1mo", eager=True).alias("month")
    month = pl.col("month")
    return months.to_frame().with_columns(
        month_end=month.dt.month_end(),
        month_no=month.dt.year().cast(pl.Int64) * 12 + month.dt.month().cast(pl.Int64),
    )


def self_tables(unit: SelfUnit) -> dict[str, pl.DataFrame]:
    """Return the frames of the own unit.

    Shape: ref_self (one row): name, name_key, level String, name and key null when not given;
    ref_self_account: account_no String; ref_self_receives: share String.

    Args:
        unit: `[self]` of recon.toml.
    """
    text = pl.String
    name = unit.name or None
    return {
        "ref_self": pl.DataFrame(
            [(name, name_key(name) if name else None, unit.level)],
            schema={"name": text, "name_key": text, "level": text},
            orient="row",
        ),
        "ref_self_account": pl.DataFrame(
            {"account_no": unit.accounts}, schema={"account_no": text}
        ),
        "ref_self_receives": pl.DataFrame({"share": unit.receives}, schema={"share": text}),
    }
