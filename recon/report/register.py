"""The rectification register: one row per finding or open lead, with what the ledger booked.

Here: the columns in use (整改台账) and the workbook. Not here: how rows become XML (see
`recon.output.splice`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl
import xlsxwriter

from recon.base.models import Text
from recon.base.texts import DIRECTIONS, say, spoken
from recon.output.sheet_cursor import Formula, SheetCursor
from recon.output.sheets import SheetColumn, SheetPlan, split_plans
from recon.output.splice import Spliced, splice_workbook
from recon.output.split import addition
from recon.output.styles import A3, FONT, Palette, set_up_print
from recon.report.items import problems_of, saved_by_item
from recon.report.register_rows import ONCE, register_rows
from recon.report.standing import ZERO, total

if TYPE_CHECKING:
    from collections.abc import Iterator
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
_Column = tuple[str, Text, float, "Style"]
_HEAD: tuple[_Column, ...] = (
    ("number", Text("序号", "no."), 6, "count"),
    ("exception_id", Text("问题编号", "id"), 18, "code"),
    ("party_name", Text("涉及单位/人员", "party"), 26, "wrap"),
    ("nature", Text("定性", "nature"), 22, "wrap"),
    ("message", Text("问题描述", "description"), 46, "wrap"),
    ("period", Text("所属期", "period"), 14, "center"),
    ("way", Text("方向", "direction"), 9, "center"),
    ("amount", Text("涉及金额(元)", "amount (yuan)"), 14, "money"),
)
#: Printed columns of findings, then those that stand in a folded group behind.
_FINDINGS: tuple[_Column, ...] = (
    *_HEAD,
    ("confirmed_amount", Text("认定金额(元)", "found (yuan)"), 14, "money"),
    ("reason", Text("理由", "reason"), 26, "wrap"),
    ("measure", Text("整改措施", "measure"), 24, "wrap"),
    ("leader", Text("责任领导", "leader"), 10, "center"),
    ("office", Text("责任部室", "office"), 12, "wrap"),
    ("responsible", Text("责任人", "responsible"), 9, "center"),
    ("due_on", Text("整改时限", "due"), 12, "date"),
    ("recovered", Text("已整改金额(元)", "put right (yuan)"), 14, "money"),
    ("left", Text("未整改金额(元)", "outstanding (yuan)"), 14, "money"),
    ("rectified", Text("整改状态", "state"), 10, "center"),
    ("closed_on", Text("销号日期", "closed on"), 12, "date"),
    ("closed_by", Text("销号人", "closed by"), 9, "center"),
    ("remark", Text("备注", "remark"), 24, "wrap"),
)
_LEADS: tuple[_Column, ...] = (
    *_HEAD,
    ("rectified", Text("整改状态", "state"), 10, "center"),
    ("explanations", Text("可能的合理解释", "legitimate explanations"), 44, "text"),
    ("remark", Text("备注", "remark"), 30, "wrap"),
)
_BEHIND: tuple[_Column, ...] = (
    ("title", Text("问题类别", "problem"), 22, "text"),
    ("rule", Text("规则编号", "rule"), 9, "center"),
    ("family_name", Text("家族", "family"), 12, "text"),
    ("verdict", Text("核实结论", "verdict"), 11, "center"),
    ("once", Text("计入合计", "counted"), 9, "center"),
    ("measure_type", Text("整改类型", "kind of measure"), 12, "center"),
    ("basis", Text("定性依据", "basis"), 40, "text"),
    ("proofs", Text("佐证材料", "evidence of rectification"), 30, "text"),
    ("evidence", Text("证据", "evidence"), 40, "text"),
)
_ITEMS: tuple[_Column, ...] = (
    ("item_no", Text("编号", "no."), 8, "center"),
    ("area", Text("方面", "area"), 20, "wrap"),
    ("problem", Text("问题", "problem"), 46, "wrap"),
    ("measure", Text("整改措施", "measure"), 40, "wrap"),
    ("department", Text("责任部室", "office"), 16, "wrap"),
    ("owner", Text("责任人", "responsible"), 10, "center"),
    ("due_on", Text("整改时限", "due"), 12, "date"),
    ("saved", Text("挽回资金(元)", "saved (yuan)"), 14, "money"),
    ("rectified", Text("整改状态", "state"), 12, "center"),
    ("closed_on", Text("销号日期", "closed on"), 12, "center"),
    ("closed_by", Text("销号人", "closed by"), 10, "center"),
    ("document", Text("文件或佐证", "document"), 26, "wrap"),
    ("item_id", Text("销号用编号", "id"), 18, "code"),
)
_LEAD_SHEET = Text("待核实线索", "leads")
_ITEM_SHEET = Text("整改事项", "items raised")


def write_register(standing: Standing, path: Path) -> None:
    """Write the register in the spoken language: findings, items raised, leads, then the sums.

    Args:
        standing: The run and what the ledger says of it.
        path: The file to write.

    Raises:
        OSError: The file cannot be written.
    """
    rows = register_rows(standing)
    plans = split_plans(list(_plans(standing, rows)))
    skeleton = BytesIO()
    book = xlsxwriter.Workbook(skeleton, {"in_memory": True, "default_format_properties": FONT})
    palette = Palette(book)
    as_of = str(standing.record["as_of"])
    day = datetime.fromisoformat(as_of).replace(tzinfo=UTC)
    book.set_properties({"title": say(NAME), "author": "recon", "created": day})
    for plan in plans:
        _lay_out(book, palette, plan, (standing.mark, as_of))
    last = book.add_worksheet(say(SUMMARY))
    _draw_summary(SheetCursor(last, palette, (16, 12, 18, 18, 18, 12, 18)), standing, plans)
    set_up_print(last, standing.mark, as_of, repeat=None)
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


def _plans(standing: Standing, rows: pl.DataFrame) -> Iterator[SheetPlan]:
    for name, kind, columns, mine in (
        (NAME, "family", _FINDINGS, rows.filter("is_finding")),
        (_LEAD_SHEET, "leads", _LEADS, rows.filter(~pl.col("is_finding"))),
    ):
        numbered = mine.drop("number").with_row_index("number", offset=1)
        behind = tuple(one for one in _BEHIND if one[0] not in {each[0] for each in columns})
        shown = _columns(columns) + tuple(replace(one, is_behind=True) for one in _columns(behind))
        yield SheetPlan(say(name), kind, shown, numbered, printed=len(columns))  # type: ignore[arg-type]
        if name is NAME and problems_of(standing.items).height:
            items = _items(standing)
            yield SheetPlan(say(_ITEM_SHEET), "facts", _columns(_ITEMS), items)


def _columns(columns: tuple[_Column, ...]) -> tuple[SheetColumn, ...]:
    return tuple(
        SheetColumn(say(header), width, style, pl.col(name), is_input=name == "leader")
        for name, header, width, style in columns
    )


def _items(standing: Standing) -> pl.DataFrame:
    """Return 整改事项 with what each brought back and whether it is closed."""
    items = problems_of(standing.items)
    saved = saved_by_item(standing)
    money = [saved[each] or None for each in items["item_id"]]
    done, still = (say(_STATE_TEXTS[state]) for state in ("整改完成", "未整改"))
    state = pl.when("is_done").then(pl.lit(done)).otherwise(pl.coalesce("state", pl.lit(still)))
    return items.with_columns(
        pl.Series("saved", money, dtype=pl.Decimal(18, 2)), state.alias("rectified")
    )


def _lay_out(book: Workbook, palette: Palette, plan: SheetPlan, mark: tuple[str, str]) -> None:
    """Add the sheet: header, widths, filter, row colours, print set-up, one styled row."""
    sheet = book.add_worksheet(plan.name)
    sheet.freeze_panes(1, 3)
    sheet.set_row(0, 30)
    was_behind = False
    for number, column in enumerate(plan.columns):
        prefix = "input_" if column.is_input else ""
        fold = {"level": 1, "hidden": True} if column.is_behind else {"collapsed": was_behind}
        was_behind = column.is_behind
        sheet.set_column(number, number, column.width, None, fold)
        sheet.write_string(0, number, column.header, palette[f"{prefix}head"])
        if plan.frame.height:
            sheet.write_blank(1, number, None, palette[f"{prefix}{column.style}"])
    if plan.frame.height:
        sheet.autofilter(0, 0, plan.frame.height, len(plan.columns) - 1)
        place = _place(plan, "rectified")
        letter = xlsxwriter.utility.xl_col_to_name(place)
        for state, colour in _STATES.items():
            rule = {
                "type": "formula",
                "criteria": f'=${letter}2="{say(_STATE_TEXTS[state])}"',
                "format": book.add_format({"bg_color": colour}),
            }
            sheet.conditional_format(1, place, plan.frame.height, place, rule)
    area = (plan.frame.height, (plan.printed or len(plan.columns)) - 1)
    set_up_print(sheet, *mark, area=area, paper=A3)


_STATE_TEXTS = {
    "整改完成": Text("已整改", "closed"),
    "整改中": Text("持续整改", "under way"),
    "未整改": Text("未整改", "open"),
    "待核实": Text("待核实", "lead"),
}


def _place(plan: SheetPlan, name: str) -> int:
    """Return the place of a column that shows a column of the rows."""
    return [column.value.meta.output_name() for column in plan.columns].index(name)


def _range(plan: SheetPlan, name: str) -> str:
    letter = xlsxwriter.utility.xl_col_to_name(_place(plan, name))
    sheet = xlsxwriter.utility.quote_sheetname(plan.name)
    return f"{sheet}!${letter}$2:${letter}${plan.frame.height + 1}"


def _live(plans: list[SheetPlan], column: str, direction: str, value: Decimal) -> Formula:
    """Return a live sum over the lines of a direction that count."""
    way, yes = say(DIRECTIONS[direction]), say(ONCE[0])
    terms = []
    for plan in plans:
        if plan.frame.height:
            ways = f'{_range(plan, "way")},"{way}"'
            counted = f'{_range(plan, "once")},"{yes}"'
            terms.append(f"SUMIFS({_range(plan, column)},{ways},{counted})")
    return Formula("=" + ("+".join(terms) or "0"), value)


def _summed(plans: list[SheetPlan], direction: str, at: int) -> tuple[Cell, ...]:
    """Return one direction's line of the summary, which stands on sheet row `at`."""
    of = pl.col("direction") == direction
    found = [plan for plan in plans if plan.kind == "family"]
    leads = [plan for plan in plans if plan.kind == "leads"]
    yes = pl.col("once") == say(ONCE[0])
    sums = [
        sum((total(plan.frame.filter(of & yes), name) for plan in some), start=ZERO)
        for some, name in ((found, "confirmed_amount"), (found, "recovered"), (leads, "amount"))
    ]
    counts = [sum(plan.frame.filter(of).height for plan in some) for some in (found, leads)]
    if not direction:
        return (say(DIRECTIONS[""]), counts[0], None, None, None, counts[1], None)
    return (
        say(DIRECTIONS[direction]),
        counts[0],
        _live(found, "confirmed_amount", direction, sums[0]),
        _live(found, "recovered", direction, sums[1]),
        Formula(f"=C{at}-D{at}", sums[0] - sums[1]),
        counts[1],
        _live(leads, "amount", direction, sums[2]),
    )


def _draw_summary(cursor: SheetCursor, standing: Standing, plans: list[SheetPlan]) -> None:
    """Draw the first sheet: findings and leads per direction, as live sums of the register."""
    own, record = standing.own_name, standing.record
    title = Text(f"{own}整改台账", f"Rectification register {own}")
    cursor.title(say(title).strip())
    begins, ends, day = (record[key] for key in ("period_from", "period_to", "as_of"))
    about = Text(
        f"审查期间 {begins} 至 {ends}，截止日 {day}，运行编号 {standing.mark}。"
        "问题在“整改台账”，线索在“待核实线索”；线索不是结论。各方向不得相互抵减。",
        f"Period {begins} to {ends}, as of {day}, run {standing.mark}. Findings and leads stand on "
        "sheets of their own; a lead is no conclusion. Directions are never netted.",
    )
    cursor.note(say(about))
    cursor.note(addition(standing.rows, spoken()))
    cursor.note(say(_whole(standing)))
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
    rows = [_summed(plans, direction, first + place) for place, direction in enumerate(DIRECTIONS)]
    money: Style = "money"
    cursor.table(
        tuple(say(header) for header in headers),
        ("label", "count", money, money, money, "count", money),
        rows,
    )


def _whole(standing: Standing) -> Text:
    """Say how the run's exceptions are shared out: findings, leads, and what was dismissed."""
    found, leads, gone = (standing.of(each).height for each in ("finding", "lead", "dismissed"))
    whole = standing.rows.height
    text = Text(
        f"问题 {found:,} + 线索 {leads:,} + 核实不成立 {gone:,} = 例外 {whole:,}",
        f"findings {found:,} + leads {leads:,} + dismissed {gone:,} = exceptions {whole:,}",
    )
    if not standing.gone:
        return text
    more = len(standing.gone)
    return Text(
        f"{text.zh}；另有以前确认、本次没有再出现的 {more:,} 条，也在台账。",
        f"{text.en}; {more:,} earlier findings that do not show any more are listed too.",
    )
