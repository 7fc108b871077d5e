"""The sheet 按单位: one line per unit, rule and direction, where one verdict holds for its months.

Here: which exceptions make a line, and what was decided of them before. Not here: taking a verdict
into the ledger (see `recon.ledger.unit_rows`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from recon.base.texts import DIRECTIONS
from recon.output.sheets import REVIEW_COLUMNS, ROW_HEIGHT, SheetColumn, SheetPlan, titles_of
from recon.output.split import category

if TYPE_CHECKING:
    from recon.base.models import CheckResult

UNITS, GROUP_HEADER = "按单位", "组号"
#: Verdicts that may hold for many lines; 部分成立 is line by line.
UNIT_VERDICTS = ("成立", "不成立", "待核实")
_KEYS = ("party_id", "rule", "direction")
_MOST_PERIODS = 3
_FRONT, _PRINTED = 6, 8
#: The largest, four pages; every line is printed once more in the sheet of its family.
_PRINTED_ROWS = 176


def unit_groups(exceptions: pl.DataFrame) -> pl.DataFrame:
    """Gather exceptions by unit, rule and direction.

    Args:
        exceptions: Exceptions of a run.

    Returns:
        Shape: group_id (16 hex of the ids it holds), party_id, rule, direction, party_name, lines
        (ids, sorted), periods (sorted), amount (without what is linked; null where no line has
        any); the largest amount first. Units: yuan.
    """
    is_once = category() != "linked"
    named = exceptions.filter(pl.col("party_name").is_not_null())
    grouped = named.group_by(*_KEYS, maintain_order=True).agg(
        pl.col("party_name").first(),
        pl.col("exception_id").sort().alias("lines"),
        pl.col("period").drop_nulls().unique().sort().alias("periods"),
        pl.when(pl.col("amount").filter(is_once).is_not_null().any())
        .then(pl.col("amount").filter(is_once).sum())
        .cast(pl.Decimal(18, 2))
        .alias("amount"),
    )
    key = pl.col("lines").list.join(",").map_elements(_short_hash, return_dtype=pl.String)
    return grouped.with_columns(key.alias("group_id")).sort(
        "amount", descending=True, nulls_last=True, maintain_order=True
    )


def _short_hash(text: str) -> str:
    import hashlib  # noqa: PLC0415 - only where a workbook is written or read

    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _decided(result: CheckResult) -> pl.DataFrame:
    """Return by unit, rule and direction how many lines are open and what was said of the others.

    A line whose amount has changed, or that came back, is open: its decision fills no column.
    """
    known = result.states.columns
    wanted = [
        pl.col(name) if name in known else pl.lit(None, dtype=pl.String).alias(name)
        for name in ("verdict", "reason")
    ]
    said = result.states.select("exception_id", *wanted)
    rows = result.exceptions.select("exception_id", *_KEYS).join(
        said, on="exception_id", how="left", maintain_order="left"
    )
    ours = pl.col("verdict").is_in(UNIT_VERDICTS)
    counts = (
        rows.filter(ours)
        .group_by(*_KEYS, "verdict", maintain_order=True)
        .agg(pl.len().alias("n"), pl.col("reason").drop_nulls().first())
    )
    why = pl.concat_str(pl.lit("："), pl.col("reason")).fill_null("")
    words = counts.group_by(_KEYS, maintain_order=True).agg(
        pl.format("{}（{} 条）{}", "verdict", "n", why).str.join("；").alias("before")
    )
    left = rows.group_by(_KEYS).agg(
        pl.len().cast(pl.Int64).alias("count"),
        pl.col("verdict").is_null().sum().cast(pl.Int64).alias("open"),
    )
    return left.join(words, on=list(_KEYS), how="left")


def unit_plans(result: CheckResult) -> list[SheetPlan]:
    """Plan 按单位, if any exception is of a unit.

    What was said of other lines of a group is shown as a proposal and fills no column: it is booked
    only where somebody chooses it.
    """
    groups = unit_groups(result.exceptions)
    if not groups.height:
        return []
    blank = [
        pl.lit(None, dtype=pl.Date if style == "date" else pl.String).alias(name)
        for name, (_, _, style, _) in REVIEW_COLUMNS.items()
        if name != "confirmed_amount"
    ]
    frame = groups.join(
        _decided(result), on=list(_KEYS), how="left", maintain_order="left"
    ).with_columns(blank)
    return [
        SheetPlan(
            UNITS, "units", _columns(result), frame, ROW_HEIGHT, _FRONT, _PRINTED, _PRINTED_ROWS
        )
    ]


def _columns(result: CheckResult) -> tuple[SheetColumn, ...]:
    titles = titles_of(result)
    title = pl.col("rule").replace_strict(
        list(titles), list(titles.values()), default=pl.col("rule"), return_dtype=pl.String
    )
    spoken = pl.col("direction").replace(
        list(DIRECTIONS), [text.zh for text in DIRECTIONS.values()]
    )
    periods, every = pl.col("periods"), pl.col("periods").list.join("、")
    many = pl.format(
        "{} 至 {}，共 {} 期", periods.list.first(), periods.list.last(), periods.list.len()
    )
    shown = pl.when(periods.list.len() > _MOST_PERIODS).then(many).otherwise(every)
    review = tuple(
        SheetColumn(
            header, width, style, pl.col(name),
            UNIT_VERDICTS if name == "verdict" else choices, is_input=True,
        )
        for name, (header, width, style, choices) in REVIEW_COLUMNS.items()
        if name != "confirmed_amount"
    )  # fmt: skip
    behind = (
        SheetColumn("全部期间", 40, "text", every),
        SheetColumn("所含例外编号", 40, "code", pl.col("lines").list.join("\n")),
    )
    return (
        SheetColumn("单位", 28, "text", pl.col("party_name")),
        SheetColumn("问题（规则名称）", 40, "text", title),
        SheetColumn("期间", 32, "text", shown),
        SheetColumn("条数", 7, "count", pl.col("count")),
        SheetColumn("金额", 15, "money", pl.col("amount")),
        SheetColumn("方向", 10, "center", spoken),
        *review,
        SheetColumn("未判条数", 9, "count", pl.col("open")),
        SheetColumn("同组已有结论（供参考，不自动采用）", 40, "text", pl.col("before")),
        SheetColumn("规则", 9, "center", pl.col("rule")),
        *(replace(column, is_behind=True) for column in behind),
        SheetColumn(GROUP_HEADER, 17, "code", pl.col("group_id")),
    )
