"""The first sheet of the workbook, 汇总: what was found, and what to do next.

Not here: table sheets (see `sheets`), control totals (see `control`), how a block is drawn (see
`sheet_cursor`).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import DEFINITE_DIRECTIONS
from recon.base.texts import DIRECTIONS, FAMILIES, STATUSES
from recon.output.live import confirmed_total
from recon.output.sheet_cursor import Cell, Formula, Link, SheetCursor
from recon.output.sheets import LEADS, family_name

if TYPE_CHECKING:
    from recon.base.models import CheckResult
    from recon.output.sheets import SheetPlan
    from recon.output.styles import Style

ZERO = Decimal("0.00")
SUMMARY_WIDTHS = (26, 32, 18, 16, 16, 16, 16, 16, 16, 16, 16)
_NEXT_STEPS = (
    "1. 先看“未执行”“剔除行”“数据质量”：没有执行的规则不等于没有问题，剔除的行没有参加核对。",
    "2. 在各族表和“待核实”表的浅黄色列填写结论、认定金额、理由；先看可能的合理解释，再核对原始行。",
    "3. 填好后保存：填写过的工作簿不会被覆盖，新的结果写到新目录或 exceptions-2.xlsx。",
)
_MEANINGS = {
    "pay_in": "单位未缴或少缴，应补缴入库",
    "remit_up": "应上解上级工会而未上解",
    "give_back": "应返还基层工会或单位而未返还",
    "recover": "多付或违规支付，应追回",
    "clear_out": "往来、押金等，应清理退还",
    "write_off": "账面挂账，应按程序核销",
    "verify": "线索，核实之后才有方向",
    "lapsed": "逾期未申报，仅供了解",
    "": "只有事实，没有金额",
}


def _self_name(result: CheckResult) -> str:
    about = result.run_info.get("self")
    return str(about.get("name") or "") if isinstance(about, Mapping) else ""


def _direction_rows(result: CheckResult, plans: list[SheetPlan]) -> list[tuple[Cell, ...]]:
    by_direction = {total.direction: total for total in result.totals}
    rows: list[tuple[Cell, ...]] = []
    for direction in DEFINITE_DIRECTIONS:
        total = by_direction.get(direction)
        confirmed, unconfirmed = (total.confirmed, total.unconfirmed) if total else (ZERO, ZERO)
        rows.append(
            (
                DIRECTIONS[direction].zh,
                _MEANINGS[direction],
                total.exceptions if total else 0,
                confirmed,
                unconfirmed,
                confirmed + unconfirmed,
                Formula(*confirmed_total(plans, direction)),
            )
        )
    for direction in ("verify", "lapsed", ""):
        mine = result.exceptions.select("direction", "amount").filter(
            pl.col("direction") == direction
        )
        found = Formula(*confirmed_total(plans, direction)) if direction else None
        label = f"{DIRECTIONS[direction].zh}（不计入合计）"
        rows.append((label, _MEANINGS[direction], mine.height, None, None, _sum(mine), found))
    return rows


def _sum(rows: pl.DataFrame) -> Decimal:
    return sum(rows["amount"].drop_nulls(), start=ZERO)


def _by(result: CheckResult, key: pl.Expr) -> dict[tuple[str, str], Decimal]:
    """Sum counted amounts by (key, direction)."""
    sums = (
        result.exceptions.select("counted", "rule", "direction", "amount")
        .filter("counted")
        .group_by(key.alias("key"), "direction")
        .agg(pl.col("amount").sum())
    )
    return {(each["key"], each["direction"]): each["amount"] for each in sums.iter_rows(named=True)}


def _family_rows(result: CheckResult, plans: list[SheetPlan]) -> list[tuple[Cell, ...]]:
    family = pl.col("rule").str.split("-").list.first()
    sums = _by(result, family)
    counts = dict(result.exceptions.group_by(family.alias("f")).len().iter_rows())
    leads = dict(
        result.exceptions.select("rule", "direction")
        .filter(pl.col("direction") == "verify")
        .group_by(family.alias("f"))
        .len()
        .iter_rows()
    )
    sheets = {plan.name for plan in plans}
    rows: list[tuple[Cell, ...]] = []
    for code in sorted(counts, key=_family_order):
        name = family_name(code)
        target = name if name in sheets else LEADS
        amounts = (sums.get((code, direction), ZERO) for direction in DEFINITE_DIRECTIONS)
        rows.append((code, Link(target, name), None, leads.get(code, 0), counts[code], *amounts))
    return rows


def _family_order(code: str) -> tuple[int, str]:
    order = list(FAMILIES)
    return (order.index(code) if code in order else len(order), code)


def _rule_rows(result: CheckResult) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for each in result.outcomes:
        amounts = (each.amounts.get(direction) for direction in DEFINITE_DIRECTIONS)
        title = each.title.zh if each.title else ""
        state = STATUSES[each.status].zh
        rows.append((each.rule, title, state, each.rows_examined, each.exceptions, *amounts))
    return rows


def _about(result: CheckResult) -> list[tuple[str, str]]:
    done = sum(each.status in {"exceptions", "clean"} for each in result.outcomes)
    intake = result.intake
    rows_read = sum(each.rows_read for each in intake.sheets)
    aside = sum(each.rows_rejected for each in intake.sheets)
    read = f"文件 {len(intake.files)} 个，读入 {rows_read} 行，剔除 {aside} 行"
    return [
        ("被查单位", _self_name(result) or "（未填写，见 recon.toml 的 [self]）"),
        ("审查期间", f"{result.review_from} 至 {result.review_to}"),
        ("截止日", str(result.request.as_of)),
        ("运行编号", result.run_id),
        ("规则", f"执行 {done} 条，未执行 {len(result.outcomes) - done} 条"),
        ("资料", f"{read}，数据质量问题 {intake.quality.height} 项"),
    ]


def draw_summary(cursor: SheetCursor, result: CheckResult, plans: list[SheetPlan]) -> None:
    """Draw 汇总: whose books, totals by direction, family and rule, warnings, next steps.

    Args:
        cursor: An empty sheet of `SUMMARY_WIDTHS`.
        result: The finished run.
        plans: The exception sheets of this workbook.
    """
    cursor.title("对账核查结果汇总")
    cursor.pairs(_about(result))
    for warning in result.warnings:
        cursor.note(f"注意：{warning.zh}", "warn")
    if not result.request.mask:
        cursor.note("注意：本次运行没有遮盖个人信息（--no-mask），请按内部资料保管。", "warn")
    cursor.section("一、按方向合计（元；各方向之间不得相互抵减）")
    money: Style = "money"
    cursor.table(
        ("方向", "含义", "例外数", "已确认参数", "参数未确认", "合计", "认定金额"),
        ("label", "text", "count", money, money, money, "total"),
        _direction_rows(result, plans),
    )
    cursor.note("认定金额为活动公式：随各表“认定金额”列变化，不含不成立的和与其他例外同一笔钱的。")
    directions = tuple(DIRECTIONS[each].zh for each in DEFINITE_DIRECTIONS)
    cursor.section("二、按规则族（点击名称转到明细）")
    head: tuple[Style, ...] = ("text", "text", "text", "count", "count")
    cursor.table(
        ("规则族", "明细表", "", "其中待核实", "例外数", *directions),
        (*head, *[money] * len(directions)),
        _family_rows(result, plans),
    )
    cursor.section("三、按规则")
    cursor.table(
        ("规则", "规则名称", "状态", "检查行数", "例外数", *directions),
        ("text", "wrap", "text", "count", "count", *[money] * len(directions)),
        _rule_rows(result),
    )
    cursor.section("四、下一步")
    for step in _NEXT_STEPS:
        cursor.note(step)
