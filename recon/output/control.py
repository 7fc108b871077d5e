"""The sheets of the workbook that prove the run: 控制总数 and 运行信息.

Not here: what was found (see `summary`), how a block is drawn (see `sheet_cursor`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from recon.base.models import DEFINITE_DIRECTIONS
from recon.base.texts import DIRECTIONS
from recon.intake.sheets.certificate import CLASSES, FACT_NAMES
from recon.output.live import counted_total, matched_total
from recon.output.picks import SIDES
from recon.output.sheet_cursor import Cell, Formula, SheetCursor
from recon.tables.registry import specs

if TYPE_CHECKING:
    from recon.base.models import CheckResult, SheetCertificate
    from recon.output.sheets import SheetPlan
    from recon.output.styles import Style

ZERO = Decimal("0.00")
CONTROL_WIDTHS = (34, 18, 16, 16, 16, 16, 16, 14, 14)
INFO_WIDTHS = (44, 20, 14, 16, 16, 68)
_SHOWN_ELSEWHERE = frozenset({"inputs", "policy", "rules", "totals", "warnings", "warnings_en"})


def _certificate_row(sheet: SheetCertificate, paths: dict[int, str], row: int) -> tuple[Cell, ...]:
    """Return rows read and what became of them, checked on sheet row `row` (1-based)."""
    table = specs()[sheet.table].zh if sheet.table in specs() else "（未识别）"
    check = Formula(
        f'=IF(D{row}=E{row}+F{row}+G{row}+H{row},"平","不平")',
        "平" if sheet.is_balanced else "不平",
    )
    name = (sheet.sheet or "") + ("（隐藏）" if sheet.hidden else "")
    counts = (sheet.rows_read, sheet.rows_accepted, sheet.rows_rejected, sheet.rows_skipped)
    place = (paths.get(sheet.file_id, ""), name, table)
    return (*place, *counts, sheet.rows_repeated, check)


def _money_rows(result: CheckResult, paths: dict[int, str]) -> Iterator[tuple[Cell, ...]]:
    for sheet in result.intake.sheets:
        known = specs()[sheet.table].by_name if sheet.table in specs() else {}
        for column, sums in sheet.money.items():
            header = known[column].zh if column in known else column
            classes = (sums.get(each, ZERO) for each in CLASSES)
            yield (paths.get(sheet.file_id, ""), sheet.sheet or "", header, *classes)


def draw_control(
    cursor: SheetCursor, result: CheckResult, plans: list[SheetPlan], details: list[SheetPlan]
) -> None:
    """Draw 控制总数: rows and money per sheet, totals tied to the detail sheets, reconciliations.

    Args:
        cursor: An empty sheet of `CONTROL_WIDTHS`.
        result: The finished run.
        plans: The exception sheets of this workbook.
        details: The sheets of matched lines.
    """
    paths = {each.file_id: each.path for each in result.intake.files}
    cursor.title("控制总数")
    cursor.section("一、行数：读入 = 接收 + 剔除 + 跳过（空行、标题、小计）+ 重复（别处已计）")
    count: Style = "count"
    first = cursor.row + 2
    cursor.table(
        ("文件", "工作表", "数据表", "读入", "接收", "剔除", "跳过", "重复", "核对"),
        ("wrap", "text", "text", count, count, count, count, count, "center"),
        [
            _certificate_row(sheet, paths, first + number)
            for number, sheet in enumerate(result.intake.sheets)
        ],
    )
    cursor.section("二、金额（元）")
    money: Style = "money"
    cursor.table(
        ("文件", "工作表", "列", "接收", "剔除", "跳过", "重复"),
        ("wrap", "text", "text", money, money, money, money),
        list(_money_rows(result, paths)),
    )
    cursor.section("三、合计与明细表核对（元；明细表合计为活动公式）")
    by_direction = {each.direction: each.confirmed + each.unconfirmed for each in result.totals}
    rows: list[tuple[Cell, ...]] = []
    first = cursor.row + 2
    for number, direction in enumerate(DEFINITE_DIRECTIONS):
        total = by_direction.get(direction, ZERO)
        formula, value = counted_total(plans, direction)
        at = first + number
        check = Formula(
            f'=IF(ROUND(B{at}-C{at},2)=0,"平","不平")', "平" if total == value else "不平"
        )
        rows.append((DIRECTIONS[direction].zh, total, Formula(formula, value), check))
    cursor.table(
        ("方向", "本次运行合计", "明细表合计", "核对"), ("text", money, money, "center"), rows
    )
    _draw_reconciliations(cursor, result, details)
    _draw_coverage(cursor, result)
    _draw_reading(cursor, result, paths)


def _draw_reading(cursor: SheetCursor, result: CheckResult, paths: dict[int, str]) -> None:
    """Draw how each sheet was read: header, totals tied, what is hidden, cut or has no result."""
    how = {"content": "按内容", "saved": "按 recon.toml", "moved": "版式有变，按内容"}
    rows: list[tuple[Cell, ...]] = []
    for sheet in (one for one in result.intake.sheets if one.table):
        total, untied = (sheet.facts.get(name, 0) for name in ("total_rows", "total_rows_untied"))
        tie = f"{total}行，{untied}行不符" if untied else f"{total}行，相符" if total else "无"
        facts = {name: text.zh for name, text in FACT_NAMES.items() if "total_rows" not in name}
        said = [f"{zh}{sheet.facts[name]}" for name, zh in facts.items() if name in sheet.facts]
        said += [note.zh.rstrip("。") for note in sheet.notes]
        found = how.get(sheet.header_how, sheet.header_how)
        place = (paths.get(sheet.file_id, ""), sheet.sheet or "")
        header = f"第{sheet.header_row}行" if sheet.header_row else "列名"
        rows.append((*place, header, found, tie, "；".join(said)))
    cursor.section("六、怎样读取（读取凭证）")
    headers = ("文件", "工作表", "表头", "认定", "合计行", "说明")
    cursor.table(headers, ("wrap", "text", "text", "text", "text", "text"), rows)


def _draw_reconciliations(
    cursor: SheetCursor, result: CheckResult, details: list[SheetPlan]
) -> None:
    """Draw two rows per pairing; what matched and what did not is summed live over 核对明细."""
    found = result.control.get("reconciliations")
    entries = (
        [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []
    )
    if not entries:
        return
    cursor.section("四、两方核对（元；已匹配、未匹配为核对明细的活动公式）")
    money: Style = "money"
    first = cursor.row + 2
    rows: list[tuple[Cell, ...]] = []
    for number, entry in enumerate(entries):
        rows += _pairing_rows(entry, details, first + 2 * number)
    cursor.table(
        (
            "核对项",
            "方",
            "合计",
            "已匹配",
            "未匹配",
            "甲方已匹配－乙方已匹配",
            "记录的差额",
            "核对",
        ),
        ("wrap", "text", money, money, money, money, money, "center"),
        rows,
    )


def _pairing_rows(
    entry: Mapping[str, Any], details: list[SheetPlan], row: int
) -> Iterator[tuple[Cell, ...]]:
    """Return the rows of both sides of a pairing; side A stands on sheet row `row` (1-based)."""
    title = entry.get("title", entry["name"])
    for at, side in ((row, "a"), (row + 1, "b")):
        total, matched = entry[f"{side}_total"], entry[f"{side}_matched"]
        unmatched = entry[f"{side}_unmatched"]
        sums = [
            Formula(matched_total(details, title, SIDES[side], is_matched=wanted), value)
            for wanted, value in ((True, matched), (False, unmatched))
        ]
        label = f"{SIDES[side]}：{entry.get(f'{side}_label', '')}"
        holds = total == matched + unmatched
        test = f"ROUND(C{at}-D{at}-E{at},2)=0"
        tail: tuple[Cell, ...] = (None, None)
        if side == "b":
            test = f"AND({test},ROUND(F{at}-G{at},2)=0)"
            rest = entry["a_matched"] - matched
            holds = holds and rest == entry["difference"]
            tail = (Formula(f"=D{row}-D{at}", rest), entry["difference"])
        check = Formula(f'=IF({test},"平","不平")', "平" if holds else "不平")
        yield (title, label, total, *sums, *tail, check)


def _draw_coverage(cursor: SheetCursor, result: CheckResult) -> None:
    """Draw how much of each table was examined by a rule that ran, and how much was not."""
    found = result.control.get("coverage")
    if not isinstance(found, list) or not found:
        return
    cursor.section("五、检查覆盖面（元）：至少有一条执行了的规则或两方核对读过的表，算检查过")
    money: Style = "money"
    cursor.table(
        ("数据表", "金额列", "接收行数", "检查过", "没有检查", "剔除", "没有检查的原因"),
        ("wrap", "text", "count", money, money, money, "wrap"),
        [row for each in found for row in _coverage_rows(each)],
    )


def _coverage_rows(record: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    """Return a row per money column of a table; one without any for a table without money."""
    spec = specs()[record["table"]]
    why = record["why"] or ""
    for column, sums in record["money"].items():
        amounts = (sums["examined"], sums["not_examined"], sums["rejected"])
        yield (spec.zh, spec.by_name[column].zh, record["rows"], *amounts, why)
    if not record["money"]:
        yield (spec.zh, "（无金额列）", record["rows"], None, None, None, why)


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


def draw_info(cursor: SheetCursor, result: CheckResult) -> None:
    """Draw 运行信息: the input files with their hashes, and all that run.json says.

    Args:
        cursor: An empty sheet of `INFO_WIDTHS`.
        result: The finished run.
    """
    cursor.title("运行信息")
    cursor.section("输入文件")
    words = {"read": "已读", "refused": "拒读", "ignored": "忽略"}
    cursor.table(
        ("文件", "类型", "状态", "编码", "字节", "SHA-256 / 说明"),
        ("wrap", "text", "center", "text", "count", "code"),
        [
            (each.path, each.true_type, words[each.status], each.encoding or "", each.size,
             each.problem.zh if each.problem else each.sha256)
            for each in result.intake.files
        ],
    )  # fmt: skip
    cursor.section("运行记录（全部见 run.json）")
    shown = {key: value for key, value in result.run_info.items() if key not in _SHOWN_ELSEWHERE}
    cursor.pairs(list(_flat(shown)))
