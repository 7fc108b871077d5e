"""The sheets of the workbook that prove the run: 控制总数 and 运行信息.

Not here: what was found (see `summary`), how a block is drawn (see `grid`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from recon.models import DEFINITE_DIRECTIONS
from recon.output.grid import Cell, Formula, Grid
from recon.output.live import counted_total
from recon.tables.registry import specs
from recon.texts import DIRECTIONS

if TYPE_CHECKING:
    from recon.models import CheckResult, SheetCertificate
    from recon.output.sheets import SheetPlan
    from recon.output.styles import Style

ZERO = Decimal("0.00")
CONTROL_WIDTHS = (34, 18, 16, 16, 16, 16, 16, 14)
INFO_WIDTHS = (44, 20, 14, 16, 16, 68)
_SHOWN_ELSEWHERE = frozenset({"inputs", "policy", "rules", "totals", "warnings", "warnings_en"})
_RECONCILIATION_HEADERS = {
    "name": "核对项",
    "pairing": "核对项",
    "a_name": "甲方",
    "b_name": "乙方",
    "a_total": "甲方合计",
    "a_matched": "甲方已匹配",
    "a_unmatched": "甲方未匹配",
    "b_total": "乙方合计",
    "b_matched": "乙方已匹配",
    "b_unmatched": "乙方未匹配",
    "residual": "差额",
}


def _certificate_row(sheet: SheetCertificate, paths: dict[int, str], row: int) -> tuple[Cell, ...]:
    """Return rows read = accepted + rejected + skipped, checked on sheet row `row` (1-based)."""
    table = specs()[sheet.table].zh if sheet.table in specs() else "（未识别）"
    check = Formula(
        f'=IF(D{row}=E{row}+F{row}+G{row},"平","不平")', "平" if sheet.is_balanced else "不平"
    )
    name = (sheet.sheet or "") + ("（隐藏）" if sheet.hidden else "")
    counts = (sheet.rows_read, sheet.rows_accepted, sheet.rows_rejected, sheet.rows_skipped)
    return (paths.get(sheet.file_id, ""), name, table, *counts, check)


def _money_rows(result: CheckResult, paths: dict[int, str]) -> Iterator[tuple[Cell, ...]]:
    for sheet in result.intake.sheets:
        known = specs()[sheet.table].by_name if sheet.table in specs() else {}
        for column, sums in sheet.money.items():
            header = known[column].zh if column in known else column
            classes = (sums.get(each, ZERO) for each in ("accepted", "rejected", "skipped"))
            yield (paths.get(sheet.file_id, ""), sheet.sheet or "", header, *classes)


def draw_control(grid: Grid, result: CheckResult, plans: list[SheetPlan]) -> None:
    """Draw 控制总数: rows and money per sheet, totals tied to the detail sheets, reconciliations.

    Args:
        grid: An empty sheet of `CONTROL_WIDTHS`.
        result: The finished run.
        plans: The exception sheets of this workbook.
    """
    paths = {each.file_id: each.path for each in result.intake.files}
    grid.title("控制总数")
    grid.section("一、行数：读入 = 接收 + 剔除 + 跳过（空行、标题、小计）")
    count: Style = "count"
    first = grid.row + 2
    grid.table(
        ("文件", "工作表", "数据表", "读入", "接收", "剔除", "跳过", "核对"),
        ("wrap", "text", "text", count, count, count, count, "center"),
        [
            _certificate_row(sheet, paths, first + number)
            for number, sheet in enumerate(result.intake.sheets)
        ],
    )
    grid.section("二、金额（元）")
    money: Style = "money"
    grid.table(
        ("文件", "工作表", "列", "接收", "剔除", "跳过"),
        ("wrap", "text", "text", money, money, money),
        list(_money_rows(result, paths)),
    )
    grid.section("三、合计与明细表核对（元；明细表合计为活动公式）")
    by_direction = {each.direction: each.confirmed + each.unconfirmed for each in result.totals}
    rows: list[tuple[Cell, ...]] = []
    first = grid.row + 2
    for number, direction in enumerate(DEFINITE_DIRECTIONS):
        total = by_direction.get(direction, ZERO)
        formula, value = counted_total(plans, direction)
        at = first + number
        check = Formula(
            f'=IF(ROUND(B{at}-C{at},2)=0,"平","不平")', "平" if total == value else "不平"
        )
        rows.append((DIRECTIONS[direction].zh, total, Formula(formula, value), check))
    grid.table(
        ("方向", "本次运行合计", "明细表合计", "核对"), ("text", money, money, "center"), rows
    )
    _draw_reconciliations(grid, result)


def _draw_reconciliations(grid: Grid, result: CheckResult) -> None:
    found = result.control.get("reconciliations")
    entries = (
        [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []
    )
    if not entries:
        return
    known = {key for each in entries for key in each}
    columns = [key for key in _RECONCILIATION_HEADERS if key in known]
    columns += sorted(known - set(columns))
    grid.section("四、两方核对（元）")
    grid.table(
        [_RECONCILIATION_HEADERS.get(key, key) for key in columns],
        ["text" if key.endswith("name") else "money" for key in columns],
        [[_plain(each.get(key)) for key in columns] for each in entries],
    )


def _plain(value: object) -> Cell:
    return value if isinstance(value, str | int | Decimal) or value is None else str(value)


def _flat(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Walk nested settings as (place, text)."""
    if isinstance(value, Mapping):
        for key in sorted(value, key=str):
            yield from _flat(value[key], f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple) and any(
        isinstance(each, Mapping | list) for each in value
    ):
        for number, each in enumerate(value, start=1):
            yield from _flat(each, f"{place}[{number}]")
    else:
        listed = value if isinstance(value, list | tuple) else [value]
        yield place, "、".join("" if each is None else str(each) for each in listed)


def draw_info(grid: Grid, result: CheckResult) -> None:
    """Draw 运行信息: the input files with their hashes, and all that run.json says.

    Args:
        grid: An empty sheet of `INFO_WIDTHS`.
        result: The finished run.
    """
    grid.title("运行信息")
    grid.section("输入文件")
    words = {"read": "已读", "refused": "拒读", "ignored": "忽略"}
    grid.table(
        ("文件", "类型", "状态", "编码", "字节", "SHA-256 / 说明"),
        ("wrap", "text", "center", "text", "count", "code"),
        [
            (each.path, each.true_type, words[each.status], each.encoding or "", each.size,
             each.problem.zh if each.problem else each.sha256)
            for each in result.intake.files
        ],
    )  # fmt: skip
    grid.section("运行记录（全部见 run.json）")
    shown = {key: value for key, value in result.run_info.items() if key not in _SHOWN_ELSEWHERE}
    grid.pairs(list(_flat(shown)))
