"""Formulas that sum the exception sheets inside the workbook, with the value they have now.

Not here: where on a sheet they stand.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from recon.base.texts import DIRECTIONS
from recon.output.split import CONFIRMING, ZERO, found_amount

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.output.sheets import SheetPlan


def _range(plan: SheetPlan, header: str) -> str:
    """Return the cells of a column of a table sheet, e.g. 'REM 经费收缴'!$F$2:$F$61."""
    headers = [column.header for column in plan.columns]
    letter = xl_col_to_name(headers.index(header))
    return f"{quote_sheetname(plan.name)}!${letter}$2:${letter}${plan.frame.height + 1}"


def _sum(plans: Iterable[SheetPlan], header: str, criteria: dict[str, str]) -> str:
    terms = [
        f"SUMIFS({_range(plan, header)},"
        + ",".join(f'{_range(plan, column)},"{wanted}"' for column, wanted in criteria.items())
        + ")"
        for plan in plans
        if plan.frame.height
    ]
    return "=" + ("+".join(terms) or "0")


def _value(plans: Iterable[SheetPlan], column: str, condition: pl.Expr) -> Decimal:
    return sum(
        (Decimal(amount) for plan in plans for amount in _asked(plan, column, condition)),
        start=ZERO,
    )


def _asked(plan: SheetPlan, column: str, condition: pl.Expr) -> pl.Series:
    """Return a column's values under a condition, without copying the other columns."""
    frame = plan.frame.lazy().filter(condition).select(column).collect()
    return frame.to_series().drop_nulls()


def confirmed_total(plans: list[SheetPlan], direction: str) -> tuple[str, Decimal]:
    """Sum what reviewers have found, of one direction.

    成立 with an empty 认定金额 is the full amount, as in `found_amount`. A linked exception is the
    same money as its primary and is left out.

    Units: yuan.
    """
    plans = [plan for plan in plans if plan.frame.height]
    where = {"方向": DIRECTIONS[direction].zh, "关联到": "="}
    whole, part = ({**where, "核实结论": verdict} for verdict in CONFIRMING)
    sums = (
        _sum(plans, header, wanted).removeprefix("=")
        for header, wanted in (
            ("认定金额", whole),
            ("金额", {**whole, "认定金额": "="}),
            ("认定金额", part),
        )
    )
    formula = f"={'+'.join(sums)}" if plans else "=0"
    now = (pl.col("direction") == direction) & pl.col("linked_to").is_null()
    return formula, sum((_found(plan, now) for plan in plans), start=ZERO)


def _found(plan: SheetPlan, condition: pl.Expr) -> Decimal:
    found = plan.frame.lazy().filter(condition).select(found_amount()).collect().to_series()
    return sum(found.drop_nulls(), start=ZERO)


def counted_total(plans: list[SheetPlan], direction: str) -> tuple[str, Decimal]:
    """Sum the counted amounts of one direction over the exception sheets.

    Units: yuan.
    """
    formula = _sum(plans, "金额", {"方向": DIRECTIONS[direction].zh, "计入合计": "是"})
    now = (pl.col("direction") == direction) & pl.col("counted")
    return formula, _value(plans, "amount", now)


def matched_total(plans: list[SheetPlan], title: str, side: str, *, is_matched: bool) -> str:
    """Sum the lines of one side of a pairing that found a match, or those that did not.

    Args:
        plans: The sheets 核对明细.
        title: Title of the pairing as it stands there.
        side: 甲 or 乙.
        is_matched: Which lines.
    """
    where = {"核对项": title, "方": side}
    if is_matched:
        return _sum(plans, "金额", {**where, "结果": "已匹配*"})
    return _sum(plans, "金额", {**where, "结果": "<>已匹配*"})
