"""The sheets of the matcher: 待确认匹配, where people choose, and 核对明细, line by line.

Not here: what the lines are (`recon.matching.match_lines`), reading choices back
(`recon.ledger.picks`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.output.sheets import ROW_HEIGHT, SheetColumn, SheetPlan

if TYPE_CHECKING:
    from recon.base.models import CheckResult

PICKS_FILE = "pending_matches.parquet"
MATCHES_FILE = "matches.parquet"
PICKS, DETAILS = "待确认匹配", "核对明细"
WITHDRAW = "撤销"
#: More lines than this are summed up per pass where they are simply matched.
MOST_MATCHED = 50_000
#: Lines without a match that are printed: two pages.
_MOST_PRINTED = 124
STATUSES = {"open": "待确认", "confirmed": "已确认", "refused": "不再成立"}
SIDES = {"a": "甲", "b": "乙"}
CLASSES = {
    "matched": "已匹配",
    "confirmed": "已匹配（人工确认）",
    "ambiguous": "待确认",
    "internal": "内部划转",
    "amount_differs": "金额不同",
    "party_differs": "单位不同",
    "cross_period": "跨期",
    "account_missing": "账户缺失",
    "unresolved_party": "单位不明",
    "only_a": "仅甲方有",
    "only_b": "仅乙方有",
}
_MARKS = ("是", *(str(number) for number in range(1, 10)), WITHDRAW)


def pairing_titles(result: CheckResult) -> dict[str, str]:
    """Return the Chinese title of each pairing by name, from the control record."""
    found = result.control.get("reconciliations")
    entries = found if isinstance(found, list) else []
    return {each["name"]: each.get("title", each["name"]) for each in entries}


def match_plans(result: CheckResult) -> list[SheetPlan]:
    """Plan 待确认匹配, if there is anything to choose or chosen."""
    if result.matches is None or not result.matches.picks.height:
        return []
    titles = pairing_titles(result)
    decisions = pl.DataFrame(
        [
            (each.match_id, "是", each.reviewer, each.reviewed_on, each.reason)
            for each in result.confirmed_matches
        ],
        schema=dict.fromkeys(("group_id", "mark", "reviewer", "reviewed_on", "why"), pl.String),
        orient="row",
    ).with_columns(pl.col("reviewed_on").str.to_date(strict=False))
    frame = result.matches.picks.join(
        decisions, on="group_id", how="left", maintain_order="left"
    ).with_columns(pl.col("pairing").replace(titles))
    return [SheetPlan(PICKS, "picks", _pick_columns(), frame)]


def _pick_columns() -> tuple[SheetColumn, ...]:
    number = pl.col("option_no")
    option = (
        pl.when(number == 0)
        .then(pl.lit("待匹配"))
        .when(number.is_not_null())
        .then(pl.format("候选{}", number))
    )
    return (
        SheetColumn("匹配组号", 18, "code", pl.col("group_id")),
        SheetColumn("状态", 10, "center", pl.col("status").replace(STATUSES)),
        SheetColumn("核对项", 24, "wrap", pl.col("pairing")),
        SheetColumn("备选", 9, "center", option),
        *_line_columns(),
        SheetColumn("行编号", 20, "code", pl.col("line_key")),
        SheetColumn("选定", 8, "center", pl.col("mark"), _MARKS, is_input=True),
        SheetColumn("复核人", 10, "center", pl.col("reviewer"), is_input=True),
        SheetColumn("复核日期", 12, "date", pl.col("reviewed_on"), is_input=True),
        SheetColumn("理由", 30, "wrap", pl.col("why"), is_input=True),
    )


def _line_columns() -> tuple[SheetColumn, ...]:
    sheet = pl.when(pl.col("sheet").is_null()).then(pl.lit("")).otherwise(
        pl.format("#{}", pl.col("sheet"))
    )  # fmt: skip
    return (
        SheetColumn("方", 5, "center", pl.col("side").replace(SIDES)),
        SheetColumn("日期", 12, "date", pl.col("day")),
        SheetColumn("金额", 15, "money", pl.col("amount")),
        SheetColumn("对方单位", 26, "wrap", pl.col("party")),
        SheetColumn("编号", 18, "text", pl.col("reference")),
        SheetColumn("摘要", 30, "wrap", pl.col("text")),
        SheetColumn(
            "位置", 34, "wrap", pl.concat_str(pl.col("file"), sheet, pl.format("!{}", "row_no"))
        ),
        SheetColumn("原因", 34, "wrap", pl.col("reason")),
    )


def detail_plans(result: CheckResult) -> list[SheetPlan]:
    """Plan 核对明细: the lines that 控制总数 sums by live formulas.

    Lines that found no match are always listed, first, and only they are printed, at most
    `_MOST_PRINTED` of them. Matched ones are listed too unless there are more than `MOST_MATCHED`:
    then one row per pairing, side and pass sums them up (all lines are in matches.parquet).
    """
    if result.matches is None:
        return []
    rows = pl.scan_parquet(result.matches.lines)
    rows = rows.with_columns(pl.lit(1, dtype=pl.Int64).alias("count"))
    is_matched = pl.col("class") == "matched"
    if rows.filter(is_matched).select(pl.len()).collect().item() > MOST_MATCHED:
        rest = rows.filter(~is_matched).collect()
        lines = pl.concat([_summed(rows.filter(is_matched)), rest])
        lines = lines.sort("pairing", "side", maintain_order=True)
    else:
        lines = rows.collect()
    if not lines.height:
        return []
    lines = lines.sort(is_matched, maintain_order=True)
    columns = (
        SheetColumn("核对项", 24, "wrap", pl.col("pairing").replace(pairing_titles(result))),
        SheetColumn("结果", 16, "center", pl.col("class").replace(CLASSES)),
        SheetColumn("组号", 18, "code", pl.col("group_id")),
        SheetColumn("笔数", 8, "count", pl.col("count")),
        *_line_columns(),
    )
    shown = min(lines.filter(~is_matched).height, _MOST_PRINTED)
    return [SheetPlan(DETAILS, "facts", columns, lines, ROW_HEIGHT, printed_rows=max(shown, 1))]


def _summed(matched: pl.LazyFrame) -> pl.DataFrame:
    """Sum matched lines up by pairing, side and pass."""
    keys = ["pairing", "side", "class", "pass_no", "reason", "reason_en"]
    schema = matched.collect_schema()
    grouped = matched.group_by(keys).agg(pl.col("amount").sum(), pl.col("count").sum())
    sums = grouped.sort(keys).collect()
    blank = [
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in schema.items()
        if name not in sums.columns
    ]
    return sums.with_columns(blank).select(
        pl.col(name).cast(dtype) for name, dtype in schema.items()
    )
