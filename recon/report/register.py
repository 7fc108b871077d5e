"""The rectification register: one row per finding or open lead, with what the ledger booked.

Here: the columns in use (整改台账) and the workbook. Not here: how rows become XML (see
`recon.output.splice`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl
import xlsxwriter

from recon.base.models import DEFINITE_DIRECTIONS, Text
from recon.base.texts import DIRECTIONS, say
from recon.output.sheet_cursor import Formula, SheetCursor
from recon.output.sheets import SheetColumn, SheetPlan, split_plans
from recon.output.splice import Spliced, splice_workbook
from recon.output.styles import FONT, Palette, set_up_print
from recon.report.register_rows import register_rows
from recon.report.standing import total

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from xlsxwriter.workbook import Workbook

    from recon.output.sheet_cursor import Cell
    from recon.output.styles import Style
    from recon.report.standing import Standing

NAME = Text("整改台账", "register")
SUMMARY = Text("汇总", "summary")
_STATES = {
    "整改完成": "#E2F0D9",
    "整改中": "#FFF2CC",
    "未整改": "#FBDADA",
    "待核实": "#EAF3FB",
}
#: (column of the rows, header, width, style, whether people fill it by hand)
_COLUMNS: tuple[tuple[str, Text, float, Style, bool], ...] = (
    ("number", Text("序号", "no."), 6, "count", False),
    ("exception_id", Text("问题编号", "id"), 18, "code", False),
    ("family_name", Text("家族", "family"), 12, "text", False),
    ("rule", Text("规则编号", "rule"), 9, "center", False),
    ("title", Text("问题类别", "problem"), 22, "wrap", False),
    ("message", Text("问题描述", "description"), 46, "wrap", False),
    ("party_name", Text("涉及单位/人员", "party"), 28, "wrap", False),
    ("period", Text("所属期", "period"), 15, "center", False),
    ("amount", Text("涉及金额(元)", "amount (yuan)"), 15, "money", False),
    *(
        (direction, DIRECTIONS[direction], 14.0, "money", False)
        for direction in ("recover", "give_back", "pay_in", "remit_up", "clear_out", "write_off")
    ),
    ("verify", DIRECTIONS["verify"], 14, "money", False),
    ("nature", Text("定性", "nature"), 24, "wrap", False),
    ("basis", Text("定性依据", "basis"), 34, "wrap", False),
    ("evidence", Text("证据", "evidence"), 34, "wrap", False),
    ("explanations", Text("可能的合理解释", "legitimate explanations"), 30, "wrap", False),
    ("verdict", Text("核实结论", "verdict"), 11, "center", False),
    ("confirmed_amount", Text("认定金额(元)", "found (yuan)"), 15, "money", False),
    ("measure", Text("整改措施", "measure"), 30, "wrap", False),
    ("measure_type", Text("整改类型", "kind of measure"), 12, "center", False),
    ("leader", Text("责任领导", "leader"), 10, "center", True),
    ("office", Text("责任部室", "office"), 14, "text", False),
    ("responsible", Text("责任人", "responsible"), 10, "center", False),
    ("due_on", Text("整改时限", "due"), 12, "date", False),
    ("progress", Text("整改进展", "progress"), 26, "wrap", False),
    ("recovered", Text("已整改金额(元)", "put right (yuan)"), 15, "money", False),
    ("proofs", Text("佐证材料", "evidence of rectification"), 28, "wrap", False),
    ("rectified", Text("整改状态", "state"), 10, "center", False),
    ("closed_on", Text("销号日期", "closed on"), 12, "date", False),
    ("closed_by", Text("销号人", "closed by"), 10, "center", False),
    ("remark", Text("备注", "remark"), 30, "wrap", False),
)


def write_register(standing: Standing, path: Path) -> None:
    """Write the register in the spoken language.

    Args:
        standing: The run and what the ledger says of it.
        path: The file to write.

    Raises:
        OSError: The file cannot be written.
    """
    rows = register_rows(standing)
    columns = tuple(
        SheetColumn(say(header), width, style, pl.col(name), is_input=by_hand)
        for name, header, width, style, by_hand in _COLUMNS
    )
    plans = split_plans([SheetPlan(say(NAME), "facts", columns, rows)])
    skeleton = BytesIO()
    book = xlsxwriter.Workbook(skeleton, {"in_memory": True, "default_format_properties": FONT})
    palette = Palette(book)
    as_of = str(standing.record["as_of"])
    day = datetime.fromisoformat(as_of).replace(tzinfo=UTC)
    book.set_properties({"title": say(NAME), "author": "recon", "created": day})
    first = book.add_worksheet(say(SUMMARY))
    for plan in plans:
        _lay_out(book, palette, plan, (standing.mark, as_of))
    _draw_summary(SheetCursor(first, palette, (16, 12, 18, 18, 18, 12, 18)), standing, plans)
    set_up_print(first, standing.mark, as_of, repeat=None)
    members = {sheet.get_name(): sheet.index + 1 for sheet in book.worksheets()}
    book.close()
    skeleton.seek(0)
    tables = tuple(
        Spliced(
            f"xl/worksheets/sheet{members[plan.name]}.xml",
            plan.frame,
            tuple(column.value for column in plan.columns),
        )
        for plan in plans
        if plan.frame.height
    )
    splice_workbook(skeleton, tables, path)


def _lay_out(book: Workbook, palette: Palette, plan: SheetPlan, mark: tuple[str, str]) -> None:
    """Add the sheet: header, widths, filter, row colours, print set-up, one styled row."""
    sheet = book.add_worksheet(plan.name)
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 30)
    for number, column in enumerate(plan.columns):
        prefix = "input_" if column.is_input else ""
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, column.header, palette[f"{prefix}head"])
        if plan.frame.height:
            sheet.write_blank(1, number, None, palette[f"{prefix}{column.style}"])
    if plan.frame.height:
        last = len(plan.columns) - 1
        sheet.autofilter(0, 0, plan.frame.height, last)
        place = [name for name, *_ in _COLUMNS].index("rectified")
        letter = xlsxwriter.utility.xl_col_to_name(place)
        for state, colour in _STATES.items():
            rule = {
                "type": "formula",
                "criteria": f'=${letter}2="{say(_STATE_TEXTS[state])}"',
                "format": book.add_format({"bg_color": colour}),
            }
            sheet.conditional_format(1, place, plan.frame.height, place, rule)
    set_up_print(sheet, *mark)


_STATE_TEXTS = {
    "整改完成": Text("已整改", "closed"),
    "整改中": Text("持续整改", "under way"),
    "未整改": Text("未整改", "open"),
    "待核实": Text("待核实", "lead"),
}


def _range(plan: SheetPlan, name: str) -> str:
    place = [column for column, *_ in _COLUMNS].index(name)
    letter = xlsxwriter.utility.xl_col_to_name(place)
    sheet = xlsxwriter.utility.quote_sheetname(plan.name)
    return f"{sheet}!${letter}$2:${letter}${plan.frame.height + 1}"


def _live(plans: list[SheetPlan], column: str, direction: str, value: Decimal) -> Formula:
    """Return a live sum over the register's rows that have an amount in the direction's column."""
    state = _STATE_TEXTS["待核实"]
    terms = []
    for plan in plans:
        if plan.frame.height:
            criteria = f'{_range(plan, direction)},"<>"'
            sign = "=" if column == direction else "<>"
            criteria += f',{_range(plan, "rectified")},"{sign}{say(state)}"'
            terms.append(f"SUMIFS({_range(plan, column)},{criteria})")
    return Formula("=" + ("+".join(terms) or "0"), value)


def _summed(plans: list[SheetPlan], direction: str, at: int) -> tuple[Cell, ...]:
    """Return one direction's line of the summary, which stands on sheet row `at`."""
    frame = pl.concat([plan.frame for plan in plans])
    mine = frame.filter(pl.col("direction") == direction)
    found, leads = mine.filter("is_finding"), mine.filter(~pl.col("is_finding"))
    counted = found.filter(pl.col(direction).is_not_null())
    confirmed, back = total(counted, "confirmed_amount"), total(counted, "recovered")
    return (
        say(DIRECTIONS[direction]),
        found.height,
        _live(plans, "confirmed_amount", direction, confirmed),
        _live(plans, "recovered", direction, back),
        Formula(f"=C{at}-D{at}", confirmed - back),
        leads.height,
        _live(plans, direction, direction, total(leads, direction)),
    )


def _draw_summary(cursor: SheetCursor, standing: Standing, plans: list[SheetPlan]) -> None:
    """Draw the first sheet: findings and leads per direction, as live sums of the register."""
    own, record = standing.own_name, standing.record
    title = Text(f"{own}整改台账", f"Rectification register {own}")
    cursor.title(say(title).strip())
    begins, ends, day = (record[key] for key in ("period_from", "period_to", "as_of"))
    about = Text(
        f"审查期间 {begins} 至 {ends}，截止日 {day}，运行编号 {standing.mark}。"
        "每行是一个已确认问题，或标明“待核实”的线索；线索不是结论。各方向不得相互抵减。",
        f"Period {begins} to {ends}, as of {day}, run {standing.mark}. Each row is a confirmed "
        "finding or, marked as such, a lead. Directions are never netted.",
    )
    cursor.note(say(about))
    if not standing.is_reviewed:
        unseen = Text(
            "本次结果还没有复核结论：以下全部是线索。",
            "Nothing is reviewed yet: all rows are leads.",
        )
        cursor.note(say(unseen), "warn")
    headers = (
        Text("方向", "direction"), Text("问题数", "findings"), Text("认定金额", "found"),
        Text("已整改金额", "put right"), Text("未整改金额", "outstanding"),
        Text("线索数", "leads"), Text("线索金额", "amount of leads"),
    )  # fmt: skip
    cursor.section(say(Text("按方向合计（元）", "By direction (yuan)")))
    first = cursor.row + 2
    rows = [
        _summed(plans, direction, first + place)
        for place, direction in enumerate((*DEFINITE_DIRECTIONS, "verify"))
    ]
    money: Style = "money"
    cursor.table(
        tuple(say(header) for header in headers),
        ("label", "count", money, money, money, "count", money),
        rows,
    )
