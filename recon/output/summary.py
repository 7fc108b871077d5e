"""The first sheet of the workbook, 汇总: what was found, and what to do next.

Not here: table sheets (see `sheets`), control totals (see `control`), how a block is drawn (see
`sheet_cursor`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import DEFINITE_DIRECTIONS
from recon.base.texts import DIRECTIONS, FAMILIES, STATUSES, yuan
from recon.output.gaps import best_tables, gaps
from recon.output.live import confirmed_total
from recon.output.sheet_cursor import Cell, Formula, Link, SheetCursor
from recon.output.sheets import LEADS, family_name
from recon.output.split import CATEGORIES, ZERO, addition, by_category, category, split
from recon.output.units import UNITS
from recon.tables.registry import specs

if TYPE_CHECKING:
    from decimal import Decimal

    from recon.base.models import CheckResult
    from recon.output.sheets import SheetPlan
    from recon.output.styles import Style

#: Twelve columns, a name and an amount in turn, so that directions stand side by side on a screen
#: of 1600 points.
SUMMARY_WIDTHS = (20, 15) * 6
_MOST_UNITS = 10
_MEANINGS = {
    "pay_in": "单位未缴、少缴",
    "remit_up": "没有上解上级",
    "give_back": "没有返还单位",
    "recover": "多付、违规支付",
    "clear_out": "往来、押金等",
    "write_off": "账面挂账",
    "verify": "线索，方向未定",
    "lapsed": "逾期未申报",
    "": "只有事实",
}


def _self_name(result: CheckResult) -> str:
    about = result.run_info.get("self")
    return str(about.get("name") or "") if isinstance(about, Mapping) else ""


def _direction_rows(result: CheckResult, plans: list[SheetPlan]) -> list[tuple[Cell, ...]]:
    """Return a row per direction, its categories side by side, and one that sums them."""
    summed = split(result.exceptions)
    rows: list[tuple[Cell, ...]] = []
    for direction, text in DIRECTIONS.items():
        mine = summed.filter(pl.col("direction") == direction)
        if not mine.height and direction not in DEFINITE_DIRECTIONS:
            continue
        counts: dict[str, int] = dict(mine.select("category", "exceptions").iter_rows())
        sure, unsure = _money(mine)
        found = Formula(*confirmed_total(plans, direction)) if direction else None
        kinds = (counts.get(name, 0) for name in CATEGORIES)
        is_total = direction in DEFINITE_DIRECTIONS
        money: tuple[Cell, ...] = (sure, unsure, sure + unsure) if is_total else (None,) * 3
        rows.append((text.zh, sum(counts.values()), *kinds, *money, found, _MEANINGS[direction]))
    whole = by_category(result.exceptions)
    rows.append(("合计", result.exceptions.height, *whole.values(), *[None] * 5))
    return rows


def _money(mine: pl.DataFrame) -> tuple[Decimal, Decimal]:
    """Return the counted amounts of a direction: with confirmed parameters, and with others."""
    counted = mine.filter(pl.col("category") == "counted")
    return sum(counted["confirmed"], start=ZERO), sum(counted["unconfirmed"], start=ZERO)


def owing(exceptions: pl.DataFrame) -> dict[str, list[tuple[str, str, Decimal]]]:
    """Return the units of each direction by counted money: (party_id, name, amount)."""
    sums = (
        exceptions.filter(category() == "counted")
        .group_by("direction", "party_id", maintain_order=True)
        .agg(pl.col("party_name").first().fill_null("（未写明）"), pl.col("amount").sum())
        .sort("amount", descending=True, maintain_order=True)
    )
    found: dict[str, list[tuple[str, str, Decimal]]] = {}
    for direction, party, name, amount in sums.iter_rows():
        found.setdefault(direction, []).append((party, name, amount))
    return {each: found[each] for each in DEFINITE_DIRECTIONS if each in found}


def _draw_owing(cursor: SheetCursor, result: CheckResult, units: list[SheetPlan]) -> None:
    """Draw the ten largest units of each direction side by side, and the sum of the others."""
    found = owing(result.exceptions)
    places = _places(units)
    headers = [text for each in found for text in (DIRECTIONS[each].zh, "金额")]
    columns: list[list[tuple[Cell, Cell]]] = []
    for direction, parties in found.items():
        shown: list[tuple[Cell, Cell]] = [
            (_linked(places.get((party, direction)), name), amount)
            for party, name, amount in parties[:_MOST_UNITS]
        ]
        rest = parties[_MOST_UNITS:]
        if rest:
            shown.append((f"其余 {len(rest)} 个单位", sum((one[2] for one in rest), start=ZERO)))
        shown.append((f"合计 {len(parties)} 个单位", sum((one[2] for one in parties), start=ZERO)))
        columns.append(shown)
    height = max((len(column) for column in columns), default=0)
    filled = [[*column, *[(None, None)] * (height - len(column))] for column in columns]
    rows = [tuple(cell for column in filled for cell in column[n]) for n in range(height)]
    styles: list[Style] = ["text", "money"] * len(columns)
    if columns:
        cursor.table(headers, styles, rows)
    else:
        cursor.note("没有计入合计的例外。")


def _places(units: list[SheetPlan]) -> dict[tuple[str, str], tuple[str, str]]:
    """Return where each unit first stands in 按单位: sheet and cell, by party and direction."""
    places: dict[tuple[str, str], tuple[str, str]] = {}
    for plan in units:
        for row, (party, direction) in enumerate(
            plan.frame.select("party_id", "direction").iter_rows(), start=2
        ):
            places.setdefault((party, direction), (plan.name, f"A{row}"))
    return places


def _linked(place: tuple[str, str] | None, name: str) -> Cell:
    return name if place is None else Link(place[0], name, place[1])


def _draw_steps(cursor: SheetCursor, result: CheckResult, sheets: set[str]) -> None:
    """Draw three things to do now, each with a jump to where it is done."""
    units = UNITS if UNITS in sheets else "汇总"
    cursor.step(
        Link(units, "1 判定"),
        "在“按单位”浅黄色列给结论（同一单位各月一次判完）；金额不同的在各族表逐条填。"
        "保存后 recon review import。",
    )
    found = [gap for gap in gaps(result.outcomes) if gap.lacks]
    steps = best_tables(found)
    if steps:
        text = "；".join(_step_text(step) for step in steps[:3])
        whole = sum(len(step) for step, _ in steps)
        text += f"。全部补齐 {whole} 张表可多查 {steps[-1][1]} 条"
    else:
        text = "没有因缺资料而未执行的规则。"
    cursor.step(Link("未执行", "2 补资料"), text)
    unsure = sum((each.unconfirmed for each in result.totals
                  if each.direction in DEFINITE_DIRECTIONS), start=ZERO)  # fmt: skip
    confirm = "参数确认" if "参数确认" in sheets else "政策参数"
    cursor.step(
        Link(confirm, "3 确认参数"),
        f"合计中 {yuan(unsure)} 元所用参数还没有核对依据；用 recon policy confirm 核对后才算定。",
    )


def _step_text(step: tuple[tuple[str, ...], int]) -> str:
    tables, rules = step
    return f"补{'、'.join(specs()[table].zh for table in tables)}，累计可多查 {rules} 条"


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
        rows.append((code, None, Link(target, name), leads.get(code, 0), counts[code], *amounts))
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
        why = each.reason.zh if each.reason else ""
        rows.append((title, each.rule, state, each.rows_examined, each.exceptions, why, *amounts))
    return rows


def _about(result: CheckResult) -> str:
    done = sum(each.status in {"exceptions", "clean"} for each in result.outcomes)
    intake = result.intake
    rows_read = sum(each.rows_read for each in intake.sheets)
    aside = sum(each.rows_rejected for each in intake.sheets)
    return "　".join(
        (
            _self_name(result) or "（未填写单位，见 recon.toml 的 [self]）",
            f"审查期间 {result.review_from} 至 {result.review_to}，截止日 {result.request.as_of}",
            f"执行规则 {done} 条，未执行 {len(result.outcomes) - done} 条",
            f"文件 {len(intake.files)} 个，读入 {rows_read} 行，剔除 {aside} 行",
            f"数据质量问题 {intake.quality.height} 项",
            f"运行编号 {result.run_id}",
        )
    )


def draw_summary(
    cursor: SheetCursor, result: CheckResult, plans: list[SheetPlan], others: list[SheetPlan]
) -> None:
    """Draw 汇总: who owes what, what to do now, totals that add up, families, rules, warnings.

    Args:
        cursor: An empty sheet of `SUMMARY_WIDTHS`.
        result: The finished run.
        plans: The exception sheets of this workbook.
        others: Its other table sheets, 按单位 among them.
    """
    cursor.title("对账核查结果汇总")
    cursor.note(_about(result))
    if not result.request.mask:
        cursor.note("注意：本次运行没有遮盖个人信息（--no-mask），请按内部资料保管。", "warn")
    if result.warnings:
        cursor.note(f"注意事项 {len(result.warnings)} 条，见本表末尾。", "warn")
    cursor.section("一、金额最大的单位（元；计入合计的；点击单位转到“按单位”；各方向不得相互抵减）")
    _draw_owing(cursor, result, [plan for plan in others if plan.kind == "units"])
    cursor.section("二、下一步")
    _draw_steps(cursor, result, {plan.name for plan in others})
    cursor.section(f"三、按方向：{addition(result.exceptions, 'zh')}")
    money: Style = "money"
    count: Style = "count"
    kinds = [text.zh for text in CATEGORIES.values()]
    cursor.table(
        ("方向", "例外数", *kinds, "已确认参数", "参数未确认", "合计（元）", "认定金额", "含义"),
        ("label", count, *[count] * len(kinds), money, money, money, "total", "text"),
        _direction_rows(result, plans),
    )  # fmt: skip
    cursor.note(
        "例外数等于其后五类之和。认定金额是活动公式，随各族表变化："
        "成立而未填认定金额的按全额，关联的不重复计；“按单位”的结论导入后才计入。"
    )
    _draw_details(cursor, result, plans)
    if result.warnings:
        cursor.section("六、注意事项")
    for warning in result.warnings:
        cursor.note(f"注意：{warning.zh}", "warn")


def _draw_details(cursor: SheetCursor, result: CheckResult, plans: list[SheetPlan]) -> None:
    """Draw the families and the rules."""
    directions = tuple(DIRECTIONS[each].zh for each in DEFINITE_DIRECTIONS)
    money: list[Style] = ["money"] * len(directions)
    cursor.section("四、按规则族（点击名称转到明细）")
    cursor.table(
        ("规则族", "", "明细表", "其中待核实", "例外数", *directions),
        ("text", "text", "text", "count", "count", *money),
        _family_rows(result, plans),
    )
    cursor.section("五、按规则")
    cursor.table(
        ("规则名称", "规则", "状态", "检查行数", "例外数", "说明", *directions),
        ("text", "text", "text", "count", "count", "text", *money),
        _rule_rows(result),
    )
