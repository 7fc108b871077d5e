"""The plain tables of the workbook: rules not run, quality, rejected, policy, unresolved names.

Not here: exception sheets (see `sheets`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.base.texts import DIRECTIONS, STATES, STATUSES
from recon.output.confirmations import confirmation_plan
from recon.output.gaps import gaps
from recon.output.sheets import REVIEW_COLUMNS, ROW_HEIGHT, SheetColumn, SheetPlan, flag
from recon.output.styles import shown_width
from recon.tables.masking import mask_cells
from recon.tables.registry import specs

if TYPE_CHECKING:
    from recon.base.models import CheckResult
    from recon.output.styles import Style

#: Headers of plain tables by column name; a name that is not here is shown as it is.
HEADERS = {
    "code": "编号",
    "mentions": "出现行数",
    "exceptions": "例外数",
    "locale": "地区参数包",
    "direction": "方向",
    "previous_amount": "上次金额",
    "previous_run": "上次运行",
    "candidate_1": "候选单位1",
    "code_1": "候选编号1",
    "score_1": "相似度1",
    "candidate_2": "候选单位2",
    "code_2": "候选编号2",
    "score_2": "相似度2",
    "candidate_3": "候选单位3",
    "code_3": "候选编号3",
    "score_3": "相似度3",
    "actual": "实有",
    "alias": "名称",
    "amount": "金额",
    "as_of": "取值日",
    "candidates": "候选单位",
    "check": "检查项",
    "column": "列",
    "column_letter": "列",
    "count": "行数",
    "day": "取值日",
    "decision": "结论",
    "ends_on": "止",
    "exception_id": "例外编号",
    "expected": "应有",
    "family": "规则族",
    "file": "文件",
    "header": "表头",
    "is_unverified": "未确认",
    "item": "项目",
    "item_key": "项目",
    "name": "名称",
    "name_key": "规范名称",
    "note": "备注",
    "on": "取值日",
    "party_id": "单位编号",
    "party_name": "单位",
    "period": "期间",
    "reason": "原因",
    "reason_en": "原因（英文）",
    "reference": "依据",
    "row_no": "行号",
    "rows": "行数",
    "rule": "规则",
    "rules": "使用规则",
    "score": "相似度",
    "sheet": "工作表",
    "source": "依据",
    "starts_on": "起",
    "state": "状态",
    "status": "状态",
    "table": "数据表",
    "title": "参数",
    "kind": "类别",
    "table_name": "数据表",
    "unit": "单位",
    "used_by": "使用规则",
    "value": "值",
    "verified_by": "核对人",
    "verified_on": "核对日期",
}


def _plain_column(name: str, frame: pl.DataFrame) -> SheetColumn:
    """Choose style and width of a plain column by its type and its first values."""
    dtype = frame.schema[name]
    value: pl.Expr = pl.col(name)
    style: Style = "wrap"
    if isinstance(dtype, pl.Decimal):
        style = "money" if dtype.scale == 2 else "number"
    elif isinstance(dtype, pl.Date | pl.Datetime):
        value, style = value.cast(pl.Date), "date"
    elif dtype.is_integer():
        style = "count"
    elif isinstance(dtype, pl.Boolean):
        value, style = flag(name), "center"
    elif isinstance(dtype, pl.List):
        value = value.list.eval(pl.element().cast(pl.String)).list.join("\n")
    elif not isinstance(dtype, pl.String):
        value = value.cast(pl.String)
    header = HEADERS.get(name, name)
    sample = frame.head(500).select(value.cast(pl.String)).to_series().drop_nulls()
    widest = max((shown_width(line) for text in sample for line in text.split("\n")), default=0)
    width = min(max(widest, shown_width(header)) + 3, 60)
    return SheetColumn(header, max(width, 8), style, value)


def plain_plan(name: str, frame: pl.DataFrame, height: float | None = None) -> SheetPlan:
    """Plan a sheet that shows a frame as it is, headers in Chinese.

    Args:
        name: Sheet name.
        frame: Any frame of texts, lists of texts, decimals, dates, whole numbers and flags.
        height: Of each row; None for as high as its texts. Units: points.
    """
    columns = tuple(_plain_column(column, frame) for column in frame.columns)
    return SheetPlan(name, "facts", columns, frame, height)


def _not_run(result: CheckResult) -> pl.DataFrame:
    """List the rules that did not run by what is missing, the largest gain first."""
    rows = [
        (
            gap.words.zh if place == 0 else None,
            len(gap.rules) if gap.lacks and place == 0 else None,
            each.rule,
            each.title.zh if each.title else "",
            STATUSES[each.status].zh,
            each.reason.zh if each.reason else "",
        )
        for gap in gaps(result.outcomes)
        for place, each in enumerate(gap.rules)
    ]
    names = ("补上什么", "可多查规则", "规则", "规则名称", "状态", "原因")
    types = {name: pl.Int64 if name == "可多查规则" else pl.String for name in names}
    return pl.DataFrame(rows, schema=types, orient="row")


def _policy(result: CheckResult) -> pl.DataFrame:
    """List policy values by their Chinese names, then settings of the tool as an annex.

    An auditor must see 依据待核 where nobody has checked the source.
    """
    policy = result.policy_used.drop("title_en").select("title", pl.exclude("title"))
    is_tool = pl.col("kind") == "tool"
    state = (
        pl.when(is_tool)
        .then(pl.lit("附：工具设置，无需依据"))
        .when(~pl.col("is_verified").fill_null(value=False))
        .then(pl.lit("依据待核"))
        .otherwise(pl.lit("已核对"))
    )
    return (
        policy.with_columns(state.alias("核对状态"))
        .sort(is_tool, maintain_order=True)
        .select(pl.exclude("name", "is_verified", "kind"), "name")
    )


def _cells(cells: pl.DataFrame) -> pl.DataFrame:
    """Name tables in Chinese and leave the English reason to the data files."""
    titles = {name: spec.zh for name, spec in specs().items()}
    return cells.drop("reason_en", "kind", strict=False).with_columns(
        pl.col("table_name").replace(titles)
    )


def _gone(result: CheckResult) -> pl.DataFrame:
    """Return what the last run has and this one has not; `state` only where it says more."""
    states = result.states.drop("is_here", strict=False)
    gone = states.filter(pl.col("state").is_in(["resolved", "rule_changed"])).join(
        result.exceptions, on="exception_id", how="anti", maintain_order="left"
    )
    if (gone["state"] == "resolved").all():
        return gone.drop("state")
    return gone.with_columns(pl.col("state").replace({k: v.zh for k, v in STATES.items()}))


def _with_decisions(gone: pl.DataFrame) -> pl.DataFrame:
    """Name the carried decision in Chinese and leave out what nobody has filled."""
    headers = {"earlier": "上次结论", **{name: about[0] for name, about in REVIEW_COLUMNS.items()}}
    empty = [name for name in headers if name in gone and gone[name].is_null().all()]
    return gone.drop(empty).rename(headers, strict=False)


def fact_plans(result: CheckResult) -> list[SheetPlan]:
    """Plan the plain tables of the workbook.

    Returns:
        未执行, 数据质量, 剔除行, 政策参数, 待确认单位对照 and, if anything is gone since the last
        run, 已消除.
    """
    sheets = result.intake.sheets
    quality, rejected = result.intake.quality, result.intake.rejected
    if result.request.mask:
        quality, rejected = mask_cells(quality, sheets), mask_cells(rejected, sheets)
    plans = [
        plain_plan("未执行", _not_run(result)),
        plain_plan("数据质量", _cells(quality), ROW_HEIGHT),
        plain_plan("剔除行", _cells(rejected), ROW_HEIGHT),
        plain_plan("政策参数", _policy(result)),
        confirmation_plan(result),
        plain_plan("待确认单位对照", result.unresolved),
    ]
    if "state" in result.states.columns:
        gone = _gone(result)
        if "direction" in gone.columns:
            codes = {code: text.zh for code, text in DIRECTIONS.items()}
            gone = gone.with_columns(pl.col("direction").replace(codes))
        if gone.height:
            plans.append(plain_plan("已消除", _with_decisions(gone)))
    return plans
